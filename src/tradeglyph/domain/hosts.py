"""Hosts, as addresses name them."""

import ipaddress


def is_loopback(host: str | None) -> bool:
    """Whether only this machine reaches it: `localhost`, or an address of the loopback (RFC 1122,
    RFC 4291). False for any other name, whatever it is resolved to, and for none."""
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host or "").is_loopback
    except ValueError:
        return False
