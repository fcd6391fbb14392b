"""Asking and telling public web addresses, in a way that cannot be turned against our own network.

Every hop of a redirect is looked up, all of its addresses must be public, and the connection goes
to the very address that was checked, so that a name cannot change its meaning in between.
"""

from __future__ import annotations

import socket
import ssl
from collections.abc import Mapping
from contextlib import closing, suppress
from enum import StrEnum
from http.client import HTTPConnection, HTTPException, HTTPResponse
from ipaddress import IPv6Address, IPv6Network, ip_address
from threading import Timer
from urllib.parse import SplitResult, urljoin, urlsplit

SECONDS = 5
SECONDS_IN_ALL = 10
MOST_HOPS = 4
REDIRECTS = frozenset({301, 302, 303, 307, 308})
GONE = frozenset({404, 410})
# Addresses that carry an IPv4 address inside: the outside tells nothing.
TRANSLATED = IPv6Network("64:ff9b::/96")


class Answer(StrEnum):
    """`UNKNOWN`: nobody can say, for want of a network or because we may not look there."""

    ALIVE = "alive"
    DEAD = "dead"
    UNKNOWN = "unknown"


class ForbiddenAddressError(Exception):
    """It lies in a private network, or is no plain web address."""


def probe(url: str, *, gone: frozenset[int] = GONE, local: frozenset[str] = frozenset()) -> Answer:
    """`gone` are the statuses that mean dead; `local`: what tests may ask by http."""
    try:
        for _hop in range(MOST_HOPS):
            status, location = _ask(urlsplit(url), local=local)
            if status not in REDIRECTS or not location:
                return _meaning(status, gone=gone)
            url = urljoin(url, location)
    except (OSError, HTTPException, ForbiddenAddressError, ValueError):
        return Answer.UNKNOWN
    return Answer.UNKNOWN


def _meaning(status: int, *, gone: frozenset[int]) -> Answer:
    if status in gone:
        return Answer.DEAD
    return Answer.ALIVE if status == 200 else Answer.UNKNOWN


def send_outside(
    parts: SplitResult,
    *,
    body: bytes,
    headers: Mapping[str, str],
    local: frozenset[str] = frozenset(),
) -> int:
    """POST once and return the status. No redirect is followed: the address is what was agreed."""
    return _exchange(parts, "POST", body=body, headers=headers, local=local)[0]


def require_outside(parts: SplitResult, *, local: frozenset[str] = frozenset()) -> None:
    """Raises unless it is plain https; what its name means is asked at each connection."""
    if parts.netloc in local:
        return
    if parts.scheme != "https" or parts.port not in {None, 443} or not parts.hostname:
        raise ForbiddenAddressError(parts.geturl())
    if "@" in parts.netloc or (_is_address(parts.hostname) and not is_public(parts.hostname)):
        raise ForbiddenAddressError(parts.hostname)


def _is_address(host: str) -> bool:
    try:
        ip_address(host)
    except ValueError:
        return False
    return True


def _ask(parts: SplitResult, *, local: frozenset[str]) -> tuple[int, str]:
    """Status and location; the body is not read."""
    headers = {"User-Agent": "KIPP link check", "Connection": "close"}
    return _exchange(parts, "GET", body=b"", headers=headers, local=local)


def _exchange(
    parts: SplitResult,
    method: str,
    *,
    body: bytes,
    headers: Mapping[str, str],
    local: frozenset[str],
) -> tuple[int, str]:
    host, is_local = parts.hostname or "", parts.netloc in local
    require_outside(parts, local=local)
    address = _public_address(host, parts.port or 443, is_local=is_local)
    with closing(socket.create_connection(address, timeout=SECONDS)) as plain:
        connection = plain if is_local else _secured(plain, host)
        # A server that answers a byte at a time does not hold the worker.
        hurry = Timer(SECONDS_IN_ALL, _cut, [connection])
        hurry.start()
        try:
            return _request(connection, parts, method, body=body, headers=headers)
        finally:
            hurry.cancel()
            connection.close()


def _cut(connection: socket.socket) -> None:
    with suppress(OSError):
        connection.shutdown(socket.SHUT_RDWR)


def _public_address(host: str, port: int, *, is_local: bool) -> tuple[str, int]:
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    addresses = [str(entry[4][0]) for entry in found]
    if not is_local and not all(is_public(address) for address in addresses):
        raise ForbiddenAddressError(host)
    return addresses[0], port


def is_public(address: str) -> bool:
    """Neither private, loopback, link-local, multicast nor reserved, nor hiding such an address."""
    found = ip_address(address.partition("%")[0])
    if isinstance(found, IPv6Address):
        if found.ipv4_mapped:
            return is_public(str(found.ipv4_mapped))
        if found.sixtofour or found.teredo or found in TRANSLATED:
            return False
    return found.is_global and not found.is_multicast


def _secured(connection: socket.socket, host: str) -> ssl.SSLSocket:
    return ssl.create_default_context().wrap_socket(connection, server_hostname=host)


def _request(
    connection: socket.socket,
    parts: SplitResult,
    method: str,
    *,
    body: bytes,
    headers: Mapping[str, str],
) -> tuple[int, str]:
    client = HTTPConnection(parts.netloc, timeout=SECONDS)
    client.sock = connection
    path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    client.request(method, path, body=body or None, headers=dict(headers))
    answer: HTTPResponse = client.getresponse()
    return answer.status, answer.getheader("Location", "")
