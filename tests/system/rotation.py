"""logrotate, done for real on logs in a temporary folder."""

import getpass
import grp
import os
import subprocess
from pathlib import Path

SHIPPED = Path(__file__).parents[2] / "packaging" / "logrotate" / "scan"


class Rotation:
    """A configuration for logs in `folder`, which belong to whoever runs the tests.

    Attributes:
        log: one of the logs that it is for.

    """

    def __init__(self, folder: Path, shipped: Path = SHIPPED, *, logs: str = "/var/log/scan") -> None:
        self.log = folder / "logs" / "scan.log"
        self.log.parent.mkdir(mode=0o750)
        text = shipped.read_text(encoding="utf-8")
        assert "su scan scan" in text
        assert f"\n{logs}/*.log {{" in text
        owner = f"su {getpass.getuser()} {grp.getgrgid(os.getgid()).gr_name}"
        self.config = folder / "logrotate.conf"
        self.config.write_text(
            text.replace("su scan scan", owner).replace(logs, str(self.log.parent)), encoding="utf-8"
        )
        self.config.chmod(0o644)
        self.state = folder / "state"

    def __call__(self, *options: str) -> str:
        result = subprocess.run(
            ["/usr/sbin/logrotate", *options, "--state", self.state, self.config],
            capture_output=True,
            text=True,
            check=False,
            timeout=60,
        )
        assert result.returncode == 0, result.stderr
        return result.stderr

    def names(self) -> list[str]:
        return sorted(path.name for path in self.log.parent.iterdir())
