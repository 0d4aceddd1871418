"""The server of the benchmark where nginx is not installed: `python -m bench.httpd FOLDER PORT LOG [bare]`.

It answers conditional requests as nginx does, and sends what stands compressed beside a file.
"""

import asyncio
import sys
from email.utils import formatdate
from pathlib import Path

from bench.generate import packed
from bench.server import MARK

PHRASES = {200: "OK", 204: "No Content", 304: "Not Modified", 404: "Not Found"}


class Folder:
    """Answers for the files of a folder."""

    def __init__(self, folder: Path, *, validators: bool) -> None:
        self.folder = folder
        self.validators = validators

    def answer(self, path: str, headers: dict[str, str]) -> tuple[int, dict[str, str], bytes]:
        """Give status, headers and body for one path."""
        if path == "/mark":
            return MARK, {}, b""
        file = packed(self.folder / path.lstrip("/"))
        if not file.is_file():
            return 404, {}, b""
        fields = {"Content-Type": "application/rss+xml", "Content-Encoding": "gzip"}
        if self.validators:
            about = file.stat()
            fields["ETag"] = f'"{int(about.st_mtime):x}-{about.st_size:x}"'
            fields["Last-Modified"] = formatdate(int(about.st_mtime), usegmt=True)
            asked = {"ETag": headers.get("if-none-match"), "Last-Modified": headers.get("if-modified-since")}
            conditions = {name: value for name, value in asked.items() if value is not None}
            if conditions and all(fields[name] == value for name, value in conditions.items()):
                return 304, fields, b""
        return 200, fields, file.read_bytes()


async def serve(folder: Folder, port: int, log: Path) -> None:
    """Serve until killed."""
    with log.open("a", encoding="ascii", buffering=1) as lines:

        async def talk(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            try:
                while head := (await reader.readuntil(b"\r\n\r\n")).decode("latin-1"):
                    request, *rest = head.split("\r\n")
                    headers = {name.lower(): value.strip() for name, _, value in (line.partition(":") for line in rest)}
                    status, fields, body = folder.answer(request.split()[1], headers)
                    fields["Content-Length"] = str(len(body))
                    shown = "".join(f"{name}: {value}\r\n" for name, value in fields.items())
                    sent = f"HTTP/1.1 {status} {PHRASES[status]}\r\n{shown}\r\n".encode("latin-1") + body
                    writer.write(sent)
                    lines.write(f"{status} {len(sent)}\n")
                    await writer.drain()
                    if request.endswith("HTTP/1.0"):
                        break
            except (asyncio.IncompleteReadError, ConnectionError):
                pass
            finally:
                writer.close()

        server = await asyncio.start_server(talk, "127.0.0.1", port, backlog=1024)
        await server.serve_forever()


if __name__ == "__main__":
    asyncio.run(
        serve(Folder(Path(sys.argv[1]), validators="bare" not in sys.argv[4:]), int(sys.argv[2]), Path(sys.argv[3]))
    )
