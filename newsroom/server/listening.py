"""The sockets a newsroom listens on: loopback only, one port on every address."""

import errno
import socket
from ipaddress import AddressValueError, IPv4Address

FIRST_HOST = "127.0.0.1"
_PORT_TRIES = 50  # a port that is free on one address may be taken on another


def loopback_address(host: str) -> str | None:
    """The IPv4 address for a host of this machine; None for any other host. Asks no resolver."""
    if host == "localhost" or host.endswith(".localhost"):  # RFC 6761 §6.3
        return FIRST_HOST
    try:
        return host if IPv4Address(host).is_loopback else None
    except AddressValueError:
        return None


def listening_sockets(hosts: list[str], port: int) -> list[socket.socket]:
    """A listening socket for each address of the hosts, all on one port; port 0 picks one that is free on all.

    Hosts that are not of this machine are left out. Raises OSError; its filename is host and port.
    """
    addresses = list(dict.fromkeys(filter(None, map(loopback_address, hosts))))
    for _ in range(_PORT_TRIES if port == 0 else 0):
        try:
            return _bound(addresses, 0)
        except OSError as error:
            if error.errno != errno.EADDRINUSE:
                raise
    return _bound(addresses, port)


def _bound(addresses: list[str], port: int) -> list[socket.socket]:
    sockets: list[socket.socket] = []
    try:
        for address in addresses:
            sockets.append(_bound_to(address, port))
            port = sockets[0].getsockname()[1]
    except OSError:
        for bound in sockets:
            bound.close()
        raise
    return sockets


def _bound_to(address: str, port: int) -> socket.socket:
    try:
        return socket.create_server((address, port), backlog=1024)
    except OSError as error:
        raise OSError(error.errno, error.strerror, f"{address}:{port}") from error
