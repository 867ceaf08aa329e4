"""Sealing: what is opened is what was sealed, in its place and under its key; anything else is told from it."""

from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from registry.errors import Damaged, MasterKeyUnknown, WrongUsage
from registry.sealing import (
    DataKey,
    Keyring,
    MasterKey,
    hashed,
    in_base64,
    is_sealed,
    key_name,
    new_secret,
    place,
)

NAME = UUID(int=7)
KEY = DataKey.of(NAME, new_secret())
HERE = place("submission", "payload", 1)


@given(st.binary(max_size=500), st.uuids())
def test_what_is_opened_is_what_was_sealed(plain, name):
    key = DataKey.of(name, new_secret())
    value = key.seal(plain, HERE)
    assert is_sealed(value)
    assert key_name(value) == name
    assert key.open(value, HERE) == plain
    assert len(plain) < 16 or plain not in value


def test_the_same_value_is_sealed_otherwise_each_time():
    assert len({KEY.seal(b"the same", HERE) for _ in range(100)}) == 100


@pytest.mark.parametrize(
    "elsewhere",
    [place("submission", "payload", 2), place("submission", "source", 1), place("record", "payload", 1)],
    ids=["row", "column", "table"],
)
def test_it_can_not_be_moved(elsewhere):
    with pytest.raises(Damaged):
        KEY.open(KEY.seal(b"words", HERE), elsewhere)


@pytest.mark.parametrize("at", range(21, 50, 3))
def test_a_changed_bit_is_noticed(at):
    value = bytearray(KEY.seal(b"words that fill it up", HERE))
    value[at] ^= 1
    with pytest.raises(Damaged):
        KEY.open(bytes(value), HERE)


def test_another_key_does_not_open_it():
    with pytest.raises(Damaged):
        DataKey.of(NAME, new_secret()).open(KEY.seal(b"words", HERE), HERE)


class TestMasterKeys:
    OLD, NEW = MasterKey(new_secret()), MasterKey(new_secret())

    def test_the_first_wraps_and_all_unwrap(self):
        ring = Keyring.read(f"{in_base64(self.NEW.secret)}\n{in_base64(self.OLD.secret)}, ")
        assert ring.first == self.NEW
        for key in (self.OLD, self.NEW):
            assert ring.unwrap(key.id, key.wrap(b"s" * 32, b"name"), b"name") == b"s" * 32

    def test_one_that_is_missing_is_named_by_its_id(self):
        with pytest.raises(MasterKeyUnknown, match=f"{self.OLD.id}.*only {self.NEW.id}.*nothing is lost"):
            Keyring((self.NEW,)).unwrap(self.OLD.id, self.OLD.wrap(b"s" * 32, b"name"), b"name")

    def test_a_data_key_is_bound_to_its_name(self):
        with pytest.raises(Damaged):
            self.OLD.unwrap(self.OLD.wrap(b"s" * 32, b"one case"), b"another case")

    @pytest.mark.parametrize(
        "text", ["", "  \n", "secret", "A" * 44, in_base64(b"x" * 32), in_base64(bytes(range(16)))]
    )
    def test_a_weak_or_broken_one_is_refused_and_not_repeated(self, text):
        with pytest.raises(WrongUsage, match="mps master-key new") as refused:
            Keyring.read(text)
        assert not text.strip() or text not in str(refused.value)

    def test_nothing_prints_it(self):
        ring = Keyring((self.OLD,))
        shown = repr(ring) + repr(self.OLD) + repr(KEY)
        assert in_base64(self.OLD.secret) not in shown
        assert repr(self.OLD.secret) not in shown


def test_hashes_of_names_need_the_secret_and_tell_names_apart():
    secret = new_secret()
    names = [("case", 1, "KND-1"), ("case", 11, "KND-1"), ("case", 1, "KND-11"), ("submission", 1, "KND-1")]
    assert len({hashed(secret, name) for name in names} | {hashed(new_secret(), names[0])}) == 5
    assert hashed(secret, names[0]) == hashed(secret, names[0])
