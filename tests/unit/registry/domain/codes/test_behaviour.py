import pytest

from registry.domain.codes.behaviour import behaviour, not_a_primary


@pytest.mark.parametrize(
    ("code", "digit"),
    [("8070/3", 3), ("8140/6", 6), ("8140/0", 0), ("8140/9", 9), ("8070", None), ("8070/4", None)],
)
def test_behaviour(code: str, digit: int | None) -> None:
    assert behaviour(code) == digit


@pytest.mark.parametrize(
    ("code", "says"),
    [
        ("8140/0", "is benign"),
        ("8140/1", "uncertain"),
        ("8140/6", "send the histology of the primary, 8140/3"),
    ],
)
def test_what_cannot_be_a_primary(code: str, says: str) -> None:
    assert says in (not_a_primary(code) or "")


@pytest.mark.parametrize("code", ["8070/3", "8070/2", "8000/9", "not a code"])
def test_what_can(code: str) -> None:
    assert not_a_primary(code) is None
