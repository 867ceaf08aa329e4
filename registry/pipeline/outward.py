"""Outward: a signed message to an address that a site named, and to no other place.

A hospital names an address, and the registry calls it from inside its own network: the classic way to reach what is not
meant to be reached (server-side request forgery). So only https is spoken, every address the host name stands for must
be public, the connection goes to the address that was checked, redirects are not followed, and no answer is read.
An operator may name hosts at private addresses, such as those of the hospital's own network.
"""

import ipaddress
import socket
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from registry.errors import WrongUsage

if TYPE_CHECKING:
    import httpx  # a tenth of a second, and most processes send nothing

Address = ipaddress.IPv4Address | ipaddress.IPv6Address

_EMBEDDING = tuple(map(ipaddress.ip_network, ("64:ff9b::/96", "64:ff9b:1::/48", "2002::/16", "2001::/32")))
"""IPv6 addresses with an IPv4 address inside: translators may lead anywhere."""


class Refused(Exception):
    """The address may not be called; the message says why."""


@dataclass(frozen=True, slots=True)
class Answer:
    """The status of an answer, or 0 with what went wrong."""

    status: int
    words: str


def check_url(url: str, private_hosts: Collection[str]) -> None:
    """Refuse an address that may not be called, now and by its name. Raises ``WrongUsage`` with the reason."""
    try:
        _resolved(url, private_hosts)
    except Refused as refused:
        raise WrongUsage(f"{refused}; give an address such as https://hospital.example/mps") from refused


def line(timeout: float) -> "httpx.Client":
    """A line to one site, for several messages; to be closed."""
    import httpx

    return httpx.Client(trust_env=False, follow_redirects=False, timeout=timeout)


def post(
    line: "httpx.Client",
    url: str,
    body: bytes,
    *,
    message: str,
    secrets: Collection[bytes],
    at: datetime,
    private_hosts: Collection[str],
) -> Answer:
    """Send a message, signed by Standard Webhooks 1.0.0 with each of the secrets; never raises for the other side."""
    import httpx
    from standardwebhooks import Webhook

    try:
        host, target = _resolved(url, private_hosts)
    except Refused as refused:
        return Answer(0, str(refused))
    parts = urlsplit(url)
    literal = f"[{target}]" if target.version == 6 else str(target)
    pinned = parts._replace(netloc=f"{literal}:{parts.port}" if parts.port else literal).geturl()
    headers = {
        "host": parts.netloc,
        "content-type": "application/json",
        "user-agent": "mps-registry",
        "webhook-id": message,
        "webhook-timestamp": str(int(at.timestamp())),
        "webhook-signature": " ".join(Webhook(one).sign(message, at, body.decode()) for one in secrets),
    }
    try:
        with line.stream(
            "POST", pinned, content=body, headers=headers, extensions={"sni_hostname": host}
        ) as answer:
            return Answer(answer.status_code, f"answered {answer.status_code}")
    except httpx.HTTPError as error:
        return Answer(0, f"could not be reached ({type(error).__name__})")


def _resolved(url: str, private_hosts: Collection[str]) -> tuple[str, Address]:
    """The host name and the address it stands for. Raises ``Refused``."""
    try:
        parts = urlsplit(url)
        host, port = parts.hostname, parts.port
    except ValueError:
        raise Refused("this is no address") from None
    if not host or parts.username or parts.password or parts.fragment or len(url) > 2_000:
        raise Refused("the address needs a host, and takes no user name and no fragment")
    trusted = host in private_hosts
    if parts.scheme != "https" and not (parts.scheme == "http" and trusted):
        raise Refused("only https is spoken")
    try:
        found = socket.getaddrinfo(
            host, port or (443 if parts.scheme == "https" else 80), type=socket.SOCK_STREAM
        )
    except (OSError, UnicodeError):
        raise Refused(f"the host {host} has no address") from None
    addresses = [ipaddress.ip_address(str(one[4][0]).partition("%")[0]) for one in found]
    if not trusted and not all(map(public, addresses)):
        raise Refused(f"the host {host} stands for an address that is not public")
    return host, addresses[0]


def public(address: Address) -> bool:
    """Whether an address is one of the public internet, and hides no other one."""
    mapped = getattr(address, "ipv4_mapped", None)
    if mapped is not None:
        return public(mapped)
    if address.version == 6 and any(address in network for network in _EMBEDDING):
        return False
    return address.is_global and not address.is_multicast
