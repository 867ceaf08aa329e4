"""Sealing: encryption at rest, AES-256-GCM with a data key for each case, wrapped by a master key.

A sealed value says by which key it is sealed and can be opened only in the place it was sealed for: moved to another row
or column it is as broken as one that was changed. Destroying the data key of a case makes all of them unreadable,
wherever copies of them are.
"""

import base64
import binascii
import hashlib
import hmac
import os
from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import cached_property
from uuid import UUID

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from registry.errors import Damaged, MasterKeyUnknown, WrongUsage

KEY_BYTES = 32
NONCE_BYTES = 12  # random: 2^32 values a key may seal are far more than a case has (NIST SP 800-38D, 8.3)

MARK = b"\0mps\1"
"""Begins every sealed value; then the name of its key (16 bytes), the nonce, the ciphertext with its tag."""

_HEAD = len(MARK) + 16


def is_sealed(value: bytes) -> bool:
    """False for a value that an earlier version of the registry stored as it was."""
    return value.startswith(MARK)


def key_name(value: bytes) -> UUID:
    """The name of the data key that a sealed value needs."""
    return UUID(bytes=value[len(MARK) : _HEAD])


def place(*parts: object) -> bytes:
    """Where a value stands: its table, its column, and what its row is known by."""
    return "\n".join(map(str, parts)).encode()


@dataclass(frozen=True, slots=True)
class DataKey:
    """The unwrapped key of one case."""

    name: UUID
    _cipher: AESGCM = field(repr=False)

    @staticmethod
    def of(name: UUID, secret: bytes) -> "DataKey":
        return DataKey(name, AESGCM(secret))

    def seal(self, plain: bytes, at: bytes) -> bytes:
        """The value sealed for this place."""
        nonce = os.urandom(NONCE_BYTES)
        return MARK + self.name.bytes + nonce + self._cipher.encrypt(nonce, plain, at)

    def open(self, value: bytes, at: bytes) -> bytes:
        """The value as it was. Raises ``Damaged``."""
        nonce, rest = value[_HEAD : _HEAD + NONCE_BYTES], value[_HEAD + NONCE_BYTES :]
        try:
            return self._cipher.decrypt(nonce, rest, at)
        except InvalidTag:
            raise Damaged() from None


@dataclass(frozen=True, slots=True)
class MasterKey:
    """A key that wraps data keys; known by an id that tells nothing of it."""

    secret: bytes = field(repr=False)

    @property
    def id(self) -> str:
        return hmac.digest(self.secret, b"mps master key", "sha256").hex()[:12]

    def wrap(self, secret: bytes, name: bytes) -> bytes:
        """A data key, to be unwrapped under the same name only."""
        nonce = os.urandom(NONCE_BYTES)
        return nonce + AESGCM(self.secret).encrypt(nonce, secret, name)

    def unwrap(self, wrapped: bytes, name: bytes) -> bytes:
        """The data key. Raises ``Damaged``."""
        try:
            return AESGCM(self.secret).decrypt(wrapped[:NONCE_BYTES], wrapped[NONCE_BYTES:], name)
        except InvalidTag:
            raise Damaged("a data key in the database was changed") from None


@dataclass(frozen=True)
class Keyring:
    """The master keys at hand. The first wraps new data keys; the others only unwrap, until they are rotated away."""

    keys: tuple[MasterKey, ...]

    @staticmethod
    def read(text: str) -> "Keyring":
        """Keys in base64, one after the other, parted by blanks, line ends or commas. Raises ``WrongUsage``."""
        found = tuple(MasterKey(_decoded(word)) for word in text.replace(",", " ").split())
        if not found:
            raise WrongUsage("the master key is empty; `mps master-key new` makes one")
        return Keyring(found)

    @cached_property
    def _by_id(self) -> dict[str, MasterKey]:
        return {one.id: one for one in self.keys}

    @property
    def first(self) -> MasterKey:
        return self.keys[0]

    def unwrap(self, master: str, wrapped: bytes, name: bytes) -> bytes:
        """A data key that some master key has wrapped. Raises ``MasterKeyUnknown`` and ``Damaged``."""
        key = self._by_id.get(master)
        if key is None:
            raise MasterKeyUnknown(
                f"the database holds keys that are wrapped by the master key {master}, and MPS_MASTER_KEY has only "
                f"{', '.join(self._by_id)}; nothing is lost: add that key behind the others and start again"
            )
        return key.unwrap(wrapped, name)


def new_secret() -> bytes:
    """A new random key."""
    return os.urandom(KEY_BYTES)


def in_base64(secret: bytes) -> str:
    """A key as it is written down."""
    return base64.b64encode(secret).decode()


def hashed(secret: bytes, parts: Iterable[object]) -> bytes:
    """16 bytes that stand for these parts, and tell nothing of them to who lacks the secret."""
    return hmac.digest(secret, place(*parts), hashlib.sha256)[:16]


def _decoded(word: str) -> bytes:
    try:
        secret = base64.b64decode(word, validate=True)
    except (binascii.Error, ValueError):
        secret = b""
    if len(secret) != KEY_BYTES or len(set(secret)) < KEY_BYTES // 4:
        raise WrongUsage(
            "a master key is 32 random bytes in base64 (44 characters); `mps master-key new` makes one"
        )
    return secret
