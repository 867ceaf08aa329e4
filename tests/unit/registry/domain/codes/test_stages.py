import pytest

from registry.domain.codes.stages import stage_groups, stage_is_valid, stage_systems


@pytest.mark.parametrize(
    ("system", "edition", "group"),
    [
        ("FIGO", None, "IB"),  # Takamatsu 2018 case 1, edition not stated
        ("FIGO", "1988", "IB"),
        ("FIGO", "2009", "IB"),
        ("FIGO", "2018", "IB3"),
        ("FIGO", "2018", "IIIC1"),
        ("FIGO", "2018", "Stage IIIC1r"),
        ("FIGO", "2014", "IVB"),
        ("FIGO-2009", None, "IIIC2"),
        ("FIGO", "2018", "II"),  # coarser than the edition
        ("figo", "2018", "ib"),
        ("TNM", "8", "IIID"),
        ("TNM8", None, "IA3"),
        ("TNM", "7", "IV"),
        ("Ann Arbor", None, "IIEB"),
        ("Ann Arbor", "1971", "IV"),
        ("Lugano", "2014", "II bulky"),
        ("Lugano", None, "IE"),
        ("other", None, "Masaoka IIa"),
    ],
)
def test_valid(system: str, edition: str | None, group: str) -> None:
    assert stage_is_valid(system, edition, group)


@pytest.mark.parametrize(
    ("system", "edition", "group"),
    [
        ("FIGO", "2009", "IB3"),  # came in 2018
        ("FIGO", "2009", "IIIC1r"),
        ("FIGO", "1988", "IIIC1"),
        ("FIGO", None, "V"),
        ("FIGO", None, "1B"),
        ("FIGO", None, ""),
        ("FIGO", None, "stage"),
        ("FIGO", "1999", "IB"),
        ("TNM", "6", "IA3"),
        ("TNM", "8", "T1N0M0"),
        ("Ann Arbor", None, "V"),
        ("Lugano", "2014", "IIB"),
        ("Dukes", None, "B"),
    ],
)
def test_not_valid(system: str, edition: str | None, group: str) -> None:
    assert not stage_is_valid(system, edition, group)


def test_systems_and_editions() -> None:
    systems = stage_systems()
    assert {"1988", "1994", "2009", "2014", "2018", "2023"} == set(systems["FIGO"])
    assert {"6", "7", "8", "9"} == set(systems["TNM"])
    assert systems["Ann Arbor"] == ()
    assert set(stage_groups("FIGO", "2018")) < set(stage_groups("FIGO"))
    assert stage_groups("Dukes") == ()
