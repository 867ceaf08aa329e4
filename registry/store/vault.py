"""The vault: rows of data keys, and how a unit of work gets at them.

A case is known here by a hash that only this registry can make (``name``). Erasing a case takes the key out of its row
and leaves the row: it is the tombstone, so a key for that name is never made again.
"""

import threading
from collections import OrderedDict
from collections.abc import Iterable, Mapping
from uuid import UUID

from sqlalchemy import Engine, text
from sqlmodel import Session

from registry.errors import Damaged, StaleSchema
from registry.sealing import DataKey, Keyring, hashed, is_sealed, key_name, new_secret

CaseName = tuple[int, str]
"""(site id, the site's pseudonym)"""

NAMES = b"names"
"""The name under which the secret of the names is wrapped."""

_NAME_KEY = text("SELECT master, wrapped FROM name_key")
_ADD_NAME_KEY = text("""
    INSERT INTO name_key (id, master, wrapped) VALUES (1, :master, :wrapped) ON CONFLICT DO NOTHING
""")

# In order of their names, so that two transactions with the same new cases wait for one another and never deadlock.
_OF_NAMES = text("""
    WITH wanted AS (
        SELECT * FROM unnest(CAST(:names AS uuid[]), CAST(:sites AS int[]), CAST(:wrapped AS bytea[]))
             AS n (name, site_id, wrapped)),
    made AS (
        INSERT INTO data_key (name, site_id, master, wrapped)
        SELECT w.name, w.site_id, :master, w.wrapped FROM wanted w
        ORDER BY w.name ON CONFLICT DO NOTHING
        RETURNING name, master, wrapped)
    SELECT name, master, wrapped FROM made
    UNION ALL SELECT k.name, k.master, k.wrapped FROM data_key k JOIN wanted w ON w.name = k.name
""")

_LOAD = text("SELECT name, master, wrapped FROM data_key WHERE name = ANY(:names)")


class Vault:
    """What a process needs to open sealed values: the master keys, and the secret of the names.

    It remembers data keys for one purpose: to seal what comes in without asking for the key first. The statement that
    stores it looks whether the key is still there, and nothing is read with a remembered key, so a case that was erased
    can be neither written nor read by a process that knew its key.
    """

    REMEMBERED = 20_000

    def __init__(self, keyring: Keyring, name_secret: bytes) -> None:
        self.keyring, self._name_secret = keyring, name_secret
        self._remembered: OrderedDict[UUID, DataKey] = OrderedDict()
        self._lock = threading.Lock()

    @staticmethod
    def open(engine: Engine, keyring: Keyring) -> "Vault":
        """The vault of a database. Raises ``MasterKeyUnknown`` where the keys do not fit."""
        with engine.begin() as connection:
            row = connection.execute(_NAME_KEY).one_or_none()
        if row is None:
            raise StaleSchema("the database has no secret of names yet; run `mps db upgrade`")
        return Vault(keyring, keyring.unwrap(row.master, row.wrapped, NAMES))

    @staticmethod
    def prepare(engine: Engine, keyring: Keyring) -> None:
        """Give a new database its secret of names, as its owner; of one that has it, see whether the keys fit."""
        wrapped = keyring.first.wrap(new_secret(), NAMES)
        with engine.begin() as connection:
            connection.execute(_ADD_NAME_KEY, {"master": keyring.first.id, "wrapped": wrapped})
        Vault.open(engine, keyring)

    def wrapped_names(self) -> bytes:
        """The secret of the names under the master key in force."""
        return self.keyring.first.wrap(self._name_secret, NAMES)

    def name(self, *parts: object) -> UUID:
        """By what a case, or whatever else has a key of its own, is known among the keys."""
        return UUID(bytes=hashed(self._name_secret, parts))

    def case(self, name: CaseName) -> UUID:
        """The same of a case."""
        return self.name("case", *name)

    def new_key(self, name: UUID) -> tuple[DataKey, bytes]:
        """A new key for a name, and the same wrapped: to be stored unless the name has one."""
        secret = new_secret()
        return DataKey.of(name, secret), self.keyring.first.wrap(secret, name.bytes)

    def remembered(self, name: UUID) -> DataKey | None:
        """The key that a name had when it was last seen."""
        return self._remembered.get(name)

    def remember(self, keys: Iterable[DataKey]) -> None:
        """Keep keys that were there a moment ago."""
        with self._lock:
            for key in keys:
                self._remembered[key.name] = key
            while len(self._remembered) > self.REMEMBERED:
                self._remembered.popitem(last=False)

    def forget(self, names: Iterable[UUID]) -> None:
        """Drop keys that may no longer be there."""
        with self._lock:
            for name in names:
                self._remembered.pop(name, None)


class Keys:
    """The data keys that one unit of work has read from their rows; None stands for one that was destroyed."""

    def __init__(self, session: Session, vault: Vault) -> None:
        self._session, self.vault = session, vault
        self._known: dict[UUID, DataKey | None] = {}

    def of(self, names: Mapping[UUID, int | None]) -> dict[UUID, DataKey | None]:
        """The keys of these names, each with its site; those that are not there yet are made."""
        found: dict[UUID, DataKey | None] = {}
        master = self.vault.keyring.first
        while missing := sorted(
            names.keys() - found.keys()
        ):  # again for what another transaction made meanwhile
            values = {
                "names": missing,
                "sites": [names[one] for one in missing],
                "wrapped": [master.wrap(new_secret(), one.bytes) for one in missing],
                "master": master.id,
            }
            for row in self._session.execute(_OF_NAMES, values):
                found[row.name] = self.learn(row.name, row.master, row.wrapped)
        return found

    def of_cases(self, names: Iterable[CaseName]) -> dict[CaseName, DataKey | None]:
        """The keys of cases; None for one that was erased."""
        named = {name: self.vault.case(name) for name in names}
        found = self.of({key: name[0] for name, key in named.items()}) if named else {}
        return {name: found[key] for name, key in named.items()}

    def learn(self, name: UUID, master: str, wrapped: bytes | None) -> DataKey | None:
        """Take note of a row that another statement has read along; gives its key."""
        if wrapped is None:  # also where it was there when it was asked for before
            self._known[name] = None
        elif self._known.get(name) is None:
            self._known[name] = DataKey.of(name, self.vault.keyring.unwrap(master, wrapped, name.bytes))
        return self._known[name]

    def load(self, values: Iterable[bytes | None]) -> None:
        """Get the keys of all these sealed values in one statement, before they are opened one by one."""
        names = {key_name(one) for one in values if one is not None and is_sealed(one)}
        missing = sorted(names - self._known.keys())
        if missing:
            for row in self._session.execute(_LOAD, {"names": missing}):
                self.learn(row.name, row.master, row.wrapped)

    def forget(self) -> None:
        """Let the keys go: for a unit of work that goes through all cases, page by page."""
        self._known.clear()

    def open(self, value: bytes, at: bytes) -> bytes | None:
        """The value as it was; None when its key was destroyed. Raises ``Damaged`` and ``MasterKeyUnknown``."""
        if not is_sealed(value):
            return value
        name = key_name(value)
        if name not in self._known:
            self.load([value])
            if name not in self._known:
                raise Damaged("the data key of a sealed value is not in the database")
        key = self._known[name]
        return key.open(value, at) if key else None
