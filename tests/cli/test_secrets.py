"""Distinct secrets in every place where one can be configured: none of them may appear in any output."""

import base64
from pathlib import Path
from urllib.parse import quote

import pytest

from tests.cli.boards import SEARCH, answer, job
from tests.cli.conftest import Scan
from tests.mail import Mailbox
from tests.web import Answer, Web

pytestmark = pytest.mark.cli

SECRETS = {
    "url": "url-pässword-1a2b",
    "token": "header-token-3c4d",
    "query": "query-key-5e6f",
    "smtp": "smtp-password/7g8h",
    "hook": "hook-secret-9i0j",
    "file": "file-secret-1k2l",
    "credential": "credential-secret-3m4n",
}

CONFIG = """\
http: {{retries: 0, timeout: 5s}}
logging: {{level: debug, file: scan.log}}
sources:
  - {{name: a, kind: greenhouse, board: a, url: "{refused_with_password}"}}
  - name: b
    kind: greenhouse
    board: b
    url: "{web}/b?api_key=${{env:QUERY}}"
    headers: {{Authorization: "Bearer ${{env:TOKEN}}"}}
  - name: c
    kind: greenhouse
    board: c
    url: "{web}/c"
    headers: {{X-One: "${{file:secret.txt}}", X-Two: "${{credential:two}}"}}
{search}
channels:
  - {{name: me, kind: email, to: me@example.org, from: s@example.org, smtp: "smtp://user:{smtp}@{mail}"}}
  - {{name: hook, kind: webhook, url: "{web}/hook/{hook}", secret: "{hook}"}}
"""


def everything_written(folder: Path) -> bytes:
    """The database and its log, the status file, the log file."""
    return b"".join(path.read_bytes() for path in folder.rglob("*") if path.is_file() and path.name != "profile.yaml")


def forms(secret: str) -> set[str]:
    raw = secret.encode()
    return {secret, quote(secret, safe=""), base64.b64encode(raw).decode().rstrip("=")}


@pytest.mark.parametrize("arguments", [["run", "--all"], ["--log-format", "text", "run", "--all"], ["preview"]])
def test_no_secret_is_in_any_output(scan: Scan, web: Web, arguments: list[str]) -> None:
    credentials = scan.folder / "credentials"
    credentials.mkdir()
    (credentials / "two").write_text(SECRETS["credential"] + "\n")
    (scan.folder / "secret.txt").write_text(SECRETS["file"] + "\n")
    scan.environ = {
        "QUERY": SECRETS["query"],
        "TOKEN": SECRETS["token"],
        "CREDENTIALS_DIRECTORY": str(credentials),
    }
    web.serve("/b", Answer(status=500))
    web.serve("/c", answer(job(1, "Engineer")))
    web.serve(f"/hook/{SECRETS['hook']}", Answer(status=500))
    with Mailbox(login=("user", "another password")) as mailbox:
        scan.configure(
            CONFIG.format(
                refused_with_password=f"http://user:{quote(SECRETS['url'])}@127.0.0.1:9/a",
                web=web.url(""),
                search=SEARCH,
                smtp=quote(SECRETS["smtp"], safe=""),
                mail=mailbox.url.partition("//")[2].rpartition("@")[2] + "?tls=none",
                hook=SECRETS["hook"],
            )
        )
        ran = scan(*arguments)
    outputs = [ran.out, ran.err, *(scan(*shown).out for shown in SHOWING)]
    assert "Traceback" not in ran.err
    assert web.asked("/c")[0].headers["x-one"] == SECRETS["file"]
    assert web.asked("/c")[0].headers["x-two"] == SECRETS["credential"]

    for folder in (credentials, scan.folder / "secret.txt"):
        _remove(folder)
    written = everything_written(scan.folder)
    for secret in SECRETS.values():
        for form in forms(secret):
            assert not any(form in output for output in outputs), (form, outputs)
            assert form.encode() not in written, form


SHOWING = (
    ["status"],
    ["status", "--json"],
    ["runs", "--json"],
    ["sources", "--json"],
    ["config", "show"],
    ["run", "--dry-run"],
)


def _remove(path: Path) -> None:
    for file in path.iterdir() if path.is_dir() else [path]:
        file.unlink()


def test_a_bug_shows_its_traceback_without_a_secret(scan: Scan, web: Web) -> None:
    secret = SECRETS["token"]
    scan.configure(f"sources:\n  - {{name: a, kind: feed, url: '{web.url('/')}', headers: {{X-Token: {secret}}}}}\n")
    broken = scan.folder / "broken"
    broken.mkdir()
    (broken / "sitecustomize.py").write_text(
        f"import scan.run\ndef run(*a, **k): raise RuntimeError('with {secret} inside')\nscan.run.run = run\n"
    )
    ran = scan("run", environ={"PYTHONPATH": str(broken)})
    assert ran.status == 70
    assert "RuntimeError" in ran.err
    assert "report" in ran.err
    assert secret not in ran.err
    assert secret not in ran.out
