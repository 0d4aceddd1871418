"""What the machine says where the config is silent."""

from collections.abc import Mapping
from pathlib import Path
from zoneinfo import ZoneInfo

LOCAL_TIME = Path("/etc/localtime")


def machine_zone(environ: Mapping[str, str], local_time: Path = LOCAL_TIME) -> ZoneInfo:
    """Find the machine's time zone: `TZ`, else what /etc/localtime links to, else UTC.

    Source: localtime(5), which has the link end in the zone's name.
    """
    names = [environ.get("TZ", "").removeprefix(":")]
    if local_time.is_symlink():
        names.append(str(local_time.readlink()).rpartition("zoneinfo/")[2])
    for name in names:
        try:
            return ZoneInfo(name)
        except (KeyError, OSError, ValueError):  # ZoneInfoNotFoundError is a KeyError
            continue
    return ZoneInfo("UTC")
