"""Linkage tokens: the published vectors, and that only the spelling of an identifier does not matter."""

import re
from pathlib import Path

import pytest

from registry.domain.codes.national_numbers import SYSTEMS, system
from registry.domain.linkage_token import PERSON, Key, read_key

TEXT = (Path(__file__).parents[4] / "docs" / "linkage.md").read_text(encoding="utf-8")
KEY = read_key(re.search(r"Key file: `([^`]+)`", TEXT)[1])
VECTORS = [
    (name, re.findall("`([^`]+)`", told), token)
    for name, told, token in re.findall(r"^\| ([A-Z-]+) \| (.+) \| `(k1:[\w-]{43})` \|$", TEXT, re.MULTILINE)
]


@pytest.mark.parametrize(("name", "told", "token"), VECTORS)
def test_the_published_vectors(name, told, token):
    assert (KEY.token_of_person(*told) if name == PERSON else KEY.token(name, *told)) == token


def test_every_checked_system_has_a_vector():
    assert {name for name, _, _ in VECTORS} == {*SYSTEMS, PERSON, "US-MBI"}


@pytest.mark.parametrize(
    ("name", "told", "token"), [one for one in VECTORS if one[0] not in (PERSON, "US-MBI", "DK-CPR")]
)
def test_a_mistyped_digit_is_refused_and_not_repeated(name, told, token):
    right = system(name).normal(told[0])
    for place, old in enumerate(right):
        if old.isdigit():
            wrong = right[:place] + str((int(old) + 1) % 10) + right[place + 1 :]
            with pytest.raises(ValueError, match=r"a digit is wrong|is not written") as refused:
                KEY.token(name, wrong)
            assert wrong not in str(refused.value)


def test_another_key_system_or_person_gives_another_token():
    other = Key("k1", bytes(32))
    found = {
        KEY.token("GB-NHS", "9434765919"),
        other.token("GB-NHS", "9434765919"),
        KEY.token("XX-NHS", "9434765919"),
        KEY.token_of_person("Doe", "Jane", "1957-05-03", "f"),
        KEY.token_of_person("Doe", "Jane", "1957-05-03", "m"),
        KEY.token_of_person("Doe", "Jane", "1957-05-04", "f"),
        KEY.token_of_person("DoeJ", "ane", "1957-05-03", "f"),
    }
    assert len(found) == 7


@pytest.mark.parametrize(
    "told",
    [
        ("", "Jane", "1957-05-03", "f"),
        ("Doe", "7", "1957-05-03", "f"),
        ("Doe", "Jane", "1957", "f"),
        ("Doe", "Jane", "1957-05-03", "?"),
    ],
)
def test_a_person_who_is_not_fully_told_is_refused(told):
    with pytest.raises(ValueError, match=r"birth is written|sex is|need a letter") as refused:
        KEY.token_of_person(*told)
    assert "1957" not in str(refused.value)


@pytest.mark.parametrize(
    "text", ["", "k1:", "k1:short", "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8", "k1:" + "A" * 42]
)
def test_what_is_no_key(text):
    with pytest.raises(ValueError, match="mps linkage key"):
        read_key(text)


def test_a_key_hides_its_secret_and_reads_what_it_writes():
    assert "AAEC" not in repr(KEY)
    assert read_key(KEY.written() + "\n") == KEY


@pytest.mark.parametrize("name", ["NHS", "gb-nhs", "GB", "", "GB-NHS\n"])
def test_a_system_is_named(name):
    with pytest.raises(ValueError, match="US-MBI"):
        KEY.token(name, "9434765919")
