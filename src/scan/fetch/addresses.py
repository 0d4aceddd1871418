"""Which network addresses are nobody's business but ours. Pure.

The rule is written out, not taken from `ipaddress.is_global`: that calls 64:ff9b::7f00:1, fec0::1, 5f00::1 and others
global on some of the Python versions `scan` runs on.

Source: the IANA special-purpose address registries for IPv4 and IPv6 (RFC 6890 and what updates it).
"""

from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address

_PRIVATE_V4 = tuple(
    map(
        IPv4Network,
        (
            "0.0.0.0/8",  # this network; Linux dials the machine itself
            "10.0.0.0/8",
            "100.64.0.0/10",  # behind a carrier's NAT
            "127.0.0.0/8",
            "169.254.0.0/16",  # link-local, and the clouds' metadata
            "172.16.0.0/12",
            "192.0.0.0/24",
            "192.0.2.0/24",
            "192.88.99.0/24",  # 6to4 relays, given up
            "192.168.0.0/16",
            "198.18.0.0/15",
            "198.51.100.0/24",
            "203.0.113.0/24",
            "224.0.0.0/3",  # multicast, reserved, broadcast
        ),
    )
)
_GLOBAL_V6 = IPv6Network("2000::/3")  # everything else is local, reserved, or a disguise
_PRIVATE_V6 = tuple(
    map(
        IPv6Network,
        (
            "2001::/23",  # protocol assignments; Teredo, which wraps an IPv4 address
            "2001:db8::/32",
            "2002::/16",  # 6to4, which wraps an IPv4 address, given up
            "3fff::/20",
        ),
    )
)
_WRAPPED_V4 = (
    IPv6Network("::ffff:0:0/96"),  # IPv4-mapped
    IPv6Network("64:ff9b::/96"),  # NAT64: how an IPv6-only machine reaches the IPv4 internet
)


def is_private(address: str) -> bool:
    """Tell whether an address leads anywhere but to the public internet.

    `address` is as a socket takes it, not as a person may write it: `127.1` is no address, and so counts as private.
    """
    try:
        parsed = ip_address(address.partition("%")[0])
    except ValueError:
        return True
    return _is_private_v4(parsed) if isinstance(parsed, IPv4Address) else _is_private_v6(parsed)


def _is_private_v4(address: IPv4Address) -> bool:
    return any(address in network for network in _PRIVATE_V4)


def _is_private_v6(address: IPv6Address) -> bool:
    if any(address in network for network in _WRAPPED_V4):
        return _is_private_v4(IPv4Address(int(address) & 0xFFFFFFFF))
    return address not in _GLOBAL_V6 or any(address in network for network in _PRIVATE_V6)
