"""What a web page shows of the service behind it."""

import msgspec

from scan.sources.addresses import URL


class Marks(msgspec.Struct, frozen=True, kw_only=True):
    """What a page loads, links to and says of itself.

    Attributes:
        loads: scripts, frames, styles and images, and the addresses that its scripts name.
        links: what it links to.
        code: its scripts' text.
        generator: the program that made it, as it says.

    """

    loads: tuple[URL, ...] = ()
    links: tuple[URL, ...] = ()
    code: str = ""
    generator: str = ""

    def loads_from(self, domain: str, part: str = "") -> bool:
        """Tell whether something is loaded from a domain or one of its hosts, with a part in the path's last one."""
        return any(
            (url.host == domain or url.host.endswith(f".{domain}")) and part in (url.path or ("",))[-1]
            for url in self.loads
        )
