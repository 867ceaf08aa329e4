"""Linkage tokens: how a site makes the keyed hash by which another site may recognise the same patient.

HMAC-SHA-256 (RFC 2104) over a normal form of a national number, or of name, birth and sex where there is none. The key
belongs to the sites or their trustee and never to the registry: numbers are few enough to be tried one by one, so
whoever has the key and the tokens has the patients.
"""

import base64
import binascii
import hashlib
import hmac
import re
import unicodedata
from dataclasses import dataclass
from datetime import date

from registry.domain.codes.national_numbers import system as numbering

RECIPE = "mps-linkage-1"
"""Part of every hash, so that another way of writing can never meet this one."""

PERSON = "PERSON"
_KEY = re.compile(r"(k\d{1,3}):([A-Za-z0-9_-]{43,86}={0,2})", re.ASCII)


@dataclass(frozen=True, slots=True)
class Key:
    """A study's key: its public name (``k3``), which stands before every token, and 32 secret bytes or more."""

    name: str
    secret: bytes

    def __repr__(self) -> str:
        return f"Key({self.name!r}, ...)"

    def token(self, system: str, number: str) -> str:
        """The token of a number in a numbering system. Raises ``ValueError``, which never repeats the number."""
        return self._hash(system, numbering(system).normal(number))

    def token_of_person(self, family: str, given: str, birth: str, sex: str) -> str:
        """The token of name, day of birth (YYYY-MM-DD) and sex (``female``, ``male``, ``other``)."""
        try:
            day = date.fromisoformat(birth.strip()).isoformat()
        except ValueError:
            raise ValueError("the birth is written YYYY-MM-DD, with its day") from None
        letter = sex.strip().casefold()[:1]
        if letter not in ("f", "m", "o"):
            raise ValueError("the sex is female, male or other")
        return self._hash(PERSON, "|".join((_name(family), _name(given), day, letter)))

    def _hash(self, system: str, text: str) -> str:
        message = f"{RECIPE}\n{system}\n{text}".encode()
        digest = hmac.new(self.secret, message, hashlib.sha256).digest()
        return f"{self.name}:{base64.urlsafe_b64encode(digest).rstrip(b'=').decode()}"

    def written(self) -> str:
        """The key as its file holds it."""
        return f"{self.name}:{base64.urlsafe_b64encode(self.secret).rstrip(b'=').decode()}"


def read_key(text: str) -> Key:
    """The key in a file's text. Raises ``ValueError``."""
    found = _KEY.fullmatch(text.strip())
    try:
        secret = (
            base64.urlsafe_b64decode(found[2].rstrip("=") + "=" * (-len(found[2].rstrip("=")) % 4))
            if found
            else b""
        )
    except binascii.Error:
        secret = b""
    if found is None or len(secret) < 32:
        raise ValueError("a key is written k1:... with 43 or more characters; `mps linkage key` makes one")
    return Key(found[1], secret)


def _name(text: str) -> str:
    """Letters only, without marks and case: Müller, MULLER and Mu-ller are one."""
    plain = unicodedata.normalize("NFKD", unicodedata.normalize("NFKC", text).casefold())
    found = "".join(one for one in plain if one.isalpha())
    if not found:
        raise ValueError("family and given name need a letter each")
    return found
