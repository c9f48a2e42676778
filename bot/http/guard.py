"""Which addresses may be connected to: the public internet, and nothing of the operator's own networks.

In: the very address that a socket is about to connect to. Out: a socket, or `RefusedAddress`.
The check stands at the socket because every earlier one can be passed by: literals skip the resolver, and a name may
resolve otherwise a moment later.
"""

from __future__ import annotations

import socket
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address
from typing import Any

# Explicit, because `is_private` follows registries that change with the Python version.
CLOSED_V4 = tuple(
    IPv4Network(net)
    for net in (
        "0.0.0.0/8",  # this host
        "10.0.0.0/8",
        "100.64.0.0/10",  # carrier-grade NAT
        "127.0.0.0/8",
        "169.254.0.0/16",  # link local, cloud metadata
        "172.16.0.0/12",
        "192.0.0.0/24",
        "192.0.2.0/24",  # documentation
        "192.88.99.0/24",  # 6to4 relays
        "192.168.0.0/16",
        "198.18.0.0/15",  # benchmarks
        "198.51.100.0/24",
        "203.0.113.0/24",
        "224.0.0.0/4",  # multicast
        "240.0.0.0/4",  # reserved, broadcast
    )
)
OPEN_V6 = IPv6Network("2000::/3")
CLOSED_V6 = tuple(
    IPv6Network(net)
    for net in (
        "2001::/23",  # protocol assignments
        "2001:db8::/32",  # documentation
        "3fff::/20",
    )
)
NAT64 = IPv6Network("64:ff9b::/96")


class RefusedAddress(OSError):
    """The address belongs to a network that sources may not reach."""


def refused(address: str) -> bool:
    """Whether a literal address is outside the public internet; an IPv4 address in an IPv6 coat counts as itself."""
    ip = ip_address(address.partition("%")[0])
    if isinstance(ip, IPv4Address):
        return any(ip in net for net in CLOSED_V4)
    if inner := _unwrap(ip):
        return any(refused(str(v4)) for v4 in inner)
    return ip not in OPEN_V6 or any(ip in net for net in CLOSED_V6)


def refused_literal(host: str) -> bool:
    """Whether a host names a closed address without any resolver, in whatever spelling a proxy would understand."""
    host = host.rstrip(".").lower()
    if host == "localhost" or host.endswith(".localhost"):
        return True
    try:
        return refused(host if ":" in host else socket.inet_ntoa(socket.inet_aton(host)))
    except (OSError, ValueError):
        return False


def _unwrap(ip: IPv6Address) -> tuple[IPv4Address, ...]:
    if ip.ipv4_mapped:
        return (ip.ipv4_mapped,)
    if ip.sixtofour:
        return (ip.sixtofour,)
    if ip.teredo:
        return ip.teredo
    if ip in NAT64:
        return (IPv4Address(int(ip) & 0xFFFFFFFF),)
    return ()


def guarded_socket(info: tuple[Any, ...]) -> socket.socket:
    """A socket for one resolved address (as of getaddrinfo), made only if that address is public."""
    family, kind, proto, _, address = info
    if refused(str(address[0])):
        raise RefusedAddress(f"{address[0]} is not an address of the public internet")
    return socket.socket(family=family, type=kind, proto=proto)
