"""systemd's own tools, on the shipped units. A missing tool fails: these tests never skip."""

import re
import shutil
import subprocess
import sys
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path

UNITS = Path(__file__).parents[2] / "packaging" / "systemd"
SHIPPED = sorted(path.name for path in UNITS.iterdir() if path.suffix in {".service", ".timer", ".socket"})
COMMAND = Path(sys.executable).with_name("scan")

# A key that systemd 257 brought; earlier versions name it and go on.
KNOWN_COMPLAINT = "Unknown key 'DeferReactivation' in section [Timer], ignoring."


def analyze(*arguments: str | Path) -> subprocess.CompletedProcess[str]:
    """Run systemd-analyze, in UTC."""
    return subprocess.run(
        ["systemd-analyze", "--no-pager", *arguments],
        env={"PATH": "/usr/sbin:/usr/bin:/sbin:/bin", "TZ": "UTC", "LC_ALL": "C.UTF-8"},
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )


def settings(unit: Path, key: str) -> list[str]:
    """Give the values of a setting, in their order."""
    return re.findall(rf"^{key}=(.*)$", unit.read_text(encoding="utf-8"), re.MULTILINE)


def install(folder: Path) -> None:
    """Put all shipped units into a folder, for the `scan` of this test's Python."""
    for name in SHIPPED:
        text = (UNITS / name).read_text(encoding="utf-8")
        (folder / name).write_text(text.replace("/usr/bin/scan", str(COMMAND)), encoding="utf-8")


def complaints(folder: Path, *names: str) -> list[str]:
    """Give what `systemd-analyze verify` complains of in units of a folder."""
    result = analyze("verify", "--man=no", *(folder / name for name in names))
    said = [line for line in result.stderr.splitlines() if str(folder) in line or "scan" in line]
    assert bool(result.returncode) <= bool(said), result.stderr
    return [line for line in said if KNOWN_COMPLAINT not in line]


def normal_form(lines: Sequence[str]) -> list[str]:
    """Write calendar lines as systemd shows them."""
    result = analyze("calendar", *lines)
    assert result.returncode == 0, result.stderr
    return re.findall(r"Normalized form: (.*)", result.stdout)


def elapses(line: str, since: str, count: int) -> list[datetime]:
    """Give the next moments at which a calendar line starts something."""
    result = analyze("calendar", f"--base-time={since}", f"--iterations={count}", line)
    assert result.returncode == 0, result.stderr
    found = re.findall(r"(?:Next elapse|\(in UTC\)|Iter\. #\d+|Iteration #\d+): \w+ (\S+ \S+) UTC", result.stdout)
    return [datetime.fromisoformat(text).replace(tzinfo=UTC) for text in dict.fromkeys(found)]


def tool(name: str) -> str:
    """Find a tool that has to be there."""
    found = shutil.which(name)
    assert found is not None, f"{name} is missing"
    return found
