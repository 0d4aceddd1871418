"""The server of the benchmark where there is no nginx: `python -m bench.httpd FOLDER LOG etag|bare HOST:PORT ...`.

It answers conditional requests as nginx does, and sends what lies in the folder compressed.
"""

import asyncio
import sys
from email.utils import formatdate
from pathlib import Path

from bench.corpus import packed
from bench.server import MARK

TYPES = {
    "xml": "application/rss+xml",
    "rss": "application/rss+xml",
    "atom": "application/atom+xml",
    "json": "application/json",
    "html": "text/html",
}
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
        fields = {"Content-Type": TYPES[path.rpartition(".")[2]], "Content-Encoding": "gzip"}
        if self.validators:
            about = file.stat()
            fields["ETag"] = f'"{int(about.st_mtime):x}-{about.st_size:x}"'
            fields["Last-Modified"] = formatdate(int(about.st_mtime), usegmt=True)
            asked = {"ETag": headers.get("if-none-match"), "Last-Modified": headers.get("if-modified-since")}
            conditions = {name: value for name, value in asked.items() if value is not None}
            if conditions and all(fields[name] == value for name, value in conditions.items()):
                return 304, fields, b""
        return 200, fields, file.read_bytes()


async def serve(folder: Folder, log: Path, *listen: str) -> None:
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

        places = (one.rpartition(":") for one in listen)
        servers = [await asyncio.start_server(talk, host, int(port), backlog=1024) for host, _, port in places]
        await asyncio.gather(*(server.serve_forever() for server in servers))


def main(folder: str, log: str, how: str, *listen: str) -> None:
    """Serve until killed."""
    asyncio.run(serve(Folder(Path(folder), validators=how == "etag"), Path(log), *listen))


if __name__ == "__main__":
    main(*sys.argv[1:])
