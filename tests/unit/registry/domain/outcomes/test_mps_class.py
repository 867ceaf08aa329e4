"""The class of the diagnosis for every combination of the three criteria."""

from itertools import product

import pytest

from tests.factories_case import a_case, an_episode, values

C1 = ("yes_objective", "yes_pain_only", "no", "not_examined", None)
C2 = ("fixed", "stretch_positive", "pain_on_active_flexion_only", "no", "not_examined", None)
C3 = ("imaging", "pathology", "both", "suspected", "no", None)


def _class(c1: str | None, c2: str | None, c3: str | None, **more: str) -> str | None:
    told = {"crit_plexopathy": c1, "crit_fixed_flexion": c2, "crit_involvement": c3}
    found = values(a_case(mps_episode=an_episode(**told, **more)), "MPSCLASS")["1"]
    return None if found.value is None else found.value["class"]


def test_every_combination_agrees_with_the_words() -> None:
    for c1, c2, c3 in product(C1, C2, C3):
        plexopathy, fixed = str(c1).startswith("yes"), c2 in ("fixed", "stretch_positive")
        if c1 is c2 is c3 is None:
            expected = None
        elif c3 in ("imaging", "pathology", "both"):
            met = plexopathy + fixed
            active = c2 == "pain_on_active_flexion_only"
            expected = "definite" if met == 2 else "probable" if met or active else "psoas_metastasis_only"
        else:
            expected = "possible" if plexopathy and fixed else "not_mps"
        assert _class(c1, c2, c3) == expected, (c1, c2, c3)


@pytest.mark.parametrize(
    ("criteria", "expected"),
    [
        (("yes_pain_only", "pain_on_active_flexion_only", "imaging"), "probable"),  # Takamatsu 2018 case 1
        (("yes_objective", "fixed", "imaging"), "definite"),  # case 2
        (("yes_pain_only", "fixed", "imaging"), "definite"),  # case 3
        (("no", "no", "imaging"), "psoas_metastasis_only"),  # Jain 2024: no fixed flexion
        (("yes_objective", "fixed", "suspected"), "possible"),
    ],
)
def test_published_cases(criteria: tuple[str, str, str], expected: str) -> None:
    assert _class(*criteria) == expected


@pytest.mark.parametrize(
    ("flexion", "failure", "found"),
    [("no", True, "not_mps"), ("pain_on_active_flexion_only", True, "not_mps"), ("fixed", False, "definite")],
)
def test_flexion_failure_is_a_mimic_unless_the_hip_is_fixed(flexion: str, failure: bool, found: str) -> None:
    assert _class("yes_objective", flexion, "both", mhffs="yes") == found
    case = a_case(mps_episode=an_episode(crit_fixed_flexion=flexion, mhffs="yes", it_sign="yes"))
    label = values(case, "MHFFS")["1"]
    assert label.value == {"flexion_failure": failure}
    assert label.flags == ("it_sign",)


def test_no_label_where_nobody_looked() -> None:
    assert values(a_case(mps_episode=an_episode()), "MHFFS") == {}
