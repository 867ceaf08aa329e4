"""The consensus categories: the published truth table, and an oracle written from the words alone."""

from fractions import Fraction
from itertools import product

import pytest

from registry.domain.outcomes.response_category import (
    Category,
    best,
    consensus,
    integrated_response,
    pain_only,
    worst,
)

TRUTH_TABLE = [
    # p0, pt, d0, dt, category, why
    (8, 0, 60, 60, "CR", "no pain, same opioid"),
    (8, 0, 60, 0, "CR", "reduction allowed"),
    (8, 0, 60, 90, "IR", "analgesic increase blocks CR and PR"),
    (8, 6, 60, 60, "PR", "exactly -2"),
    (8, 7, 60, 60, "IR", "-1 only"),
    (8, 6, 60, 62, "IR", "any increase"),
    (8, 8, 60, 45, "PR", "exactly -25 %"),
    (8, 8, 60, 46, "IR", "-23.3 %"),
    (8, 9, 60, 45, "IR", "pain up 1 blocks PR by reduction"),
    (8, 7, 60, 45, "PR", "less of both"),
    (6, 8, 60, 60, "PP", "exactly +2"),
    (6, 7, 60, 75, "PP", "exactly +25 %, pain +1"),
    (6, 6, 60, 74, "IR", "+23.3 %"),
    (6, 8, 60, 75, "IR", "letter vs pragmatic"),
    (6, 4, 60, 75, "IR", "better pain, more opioid"),
    (6, 8, 60, 40, "IR", "worse pain, OMEDD not stable"),
    (7, 5, 0, 0, "PR", "opioid-naive"),
    (7, 7, 0, 20, "PP", "new opioid from zero"),
    (4, 0, 120, 120, "CR", "hip pain of Inoue 2024, dose assumed stable"),
    (10, 7, 120, 120, "PR", "lumbar pain of Inoue 2024, dose assumed stable"),
]


@pytest.mark.parametrize(("p0", "pt", "d0", "dt", "category", "why"), TRUTH_TABLE)
def test_truth_table(p0: int, pt: int, d0: float, dt: float, category: str, why: str) -> None:
    verdict = consensus(p0, pt, d0, dt)
    assert verdict.category == category, why
    assert verdict.reason is None


def oracle(p0: int, pt: int, d0: int, dt: int) -> tuple[str | None, bool]:
    """The definitions again, in exact fractions, as statements that hold; (category, both progressed)."""
    if not p0:
        return None, False
    if d0:
        ratio = Fraction(dt, d0)
        dose = {
            "not more": ratio <= 1,
            "a quarter less": ratio <= Fraction(3, 4),
            "stable": Fraction(3, 4) < ratio < Fraction(5, 4),
            "a quarter more": ratio >= Fraction(5, 4),
        }
    else:
        dose = {"not more": dt == 0, "a quarter less": False, "stable": dt == 0, "a quarter more": dt > 0}
    holds = {
        "CR": pt == 0 and dose["not more"],
        "PR": (p0 - pt in range(2, 11) and dose["not more"]) or (dose["a quarter less"] and not pt > p0),
        "PP": (pt - p0 in range(2, 11) and dose["stable"]) or (dose["a quarter more"] and pt in (p0, p0 + 1)),
        "IR": True,
    }
    return next(name for name, true in holds.items() if true), pt >= p0 + 2 and dose["a quarter more"]


def test_agrees_with_an_independent_reading_on_every_small_combination() -> None:
    doses = [*range(13), 15, 16, 20, 25]
    combinations = list(product(range(11), range(11), doses, doses))
    assert len(combinations) > 20_000
    wrong = []
    for combination in combinations:
        verdict = consensus(*combination)
        if (verdict.category, "PP_BOTH" in verdict.flags) != oracle(*combination):
            wrong.append(combination)
    assert wrong == []


def test_both_progressed_is_indeterminate_and_progression_in_the_pragmatic_reading() -> None:
    verdict = consensus(6, 8, 60, 75)
    assert (verdict.category, verdict.flags, verdict.pragmatic) == (Category.IR, ("PP_BOTH",), Category.PP)
    assert consensus(6, 8, 60, 60).flags == ()
    assert consensus(8, 6, 60, 60).pragmatic == Category.PR


def test_no_baseline_pain_is_not_evaluable() -> None:
    for verdict in (consensus(0, 0, 60, 30), pain_only(0, 4)):
        assert verdict.category is None
        assert verdict.reason == "no_baseline"
        assert "no_baseline_pain" in verdict.flags
        assert not verdict.responder
        assert verdict.pragmatic is None


@pytest.mark.parametrize(("p0", "low"), [(1, True), (2, True), (3, False)])
def test_low_baseline_is_flagged(p0: int, low: bool) -> None:
    assert ("low_baseline" in consensus(p0, p0, 10, 10).flags) is low
    assert ("low_baseline" in pain_only(p0, p0).flags) is low


def test_a_baseline_of_one_has_no_partial_response_by_pain() -> None:
    assert consensus(1, 1, 60, 60).category == Category.IR
    assert consensus(1, 1, 60, 45).category == Category.PR
    assert consensus(1, 0, 60, 60).category == Category.CR


def test_doses_are_compared_unrounded_with_a_small_tolerance() -> None:
    assert consensus(8, 6, 0.3, 0.1 + 0.2).category == Category.PR  # 0.30000000000000004 is no increase
    assert consensus(8, 6, 60, 60.000001).category == Category.IR
    assert consensus(8, 8, 0.4, 0.1 + 0.2).category == Category.PR  # exactly -25 % in decimals
    assert consensus(8, 8, 60, 45.000001).category == Category.IR


def test_the_conversion_table_decides_between_response_and_progression() -> None:
    """Tramadol 200 mg to oxycodone 20 mg, pain unchanged: factor 0.2 or 0.1 for tramadol."""
    assert consensus(7, 7, 40, 30).category == Category.PR
    assert consensus(7, 7, 20, 30).category == Category.PP


@pytest.mark.parametrize(
    ("p0", "pt", "category"),
    [(8, 0, "CR"), (8, 6, "PR"), (8, 7, "IR"), (8, 9, "IR"), (6, 8, "PP"), (1, 0, "CR")],
)
def test_pain_only(p0: int, pt: int, category: str) -> None:
    verdict = pain_only(p0, pt)
    assert verdict.category == category
    assert "pain_only" in verdict.flags


@pytest.mark.parametrize(
    ("p0", "pt", "d0", "dt", "response"),
    [
        (8, 8, 60, 45, False),  # a quarter less is response by the consensus only
        (8, 8, 60, 30, True),
        (8, 9, 60, 30, True),  # stable pain within one point
        (8, 6, 60, 60, True),
        (8, 6, 60, 61, False),
        (8, 10, 60, 0, False),
        (7, 7, 0, 0, False),
        (0, 0, 0, 0, None),
    ],
)
def test_integrated_rule(p0: int, pt: int, d0: float, dt: float, response: bool | None) -> None:
    assert integrated_response(p0, pt, d0, dt) is response


def test_best_and_worst() -> None:
    mixed = [Category.PP, Category.IR, Category.PR]
    assert best(mixed) == Category.PR
    assert worst(mixed) == Category.PP
    assert best([Category.IR, Category.PP]) == Category.IR
    assert best([]) is None
    assert worst([]) is None


@pytest.mark.parametrize(
    ("p0", "pt", "d0", "dt"),
    [(11, 0, 0, 0), (5, -1, 0, 0), (5, 5, -1, 0), (5, 5, float("nan"), 0), (5, 5, 0, float("inf"))],
)
def test_impossible_values_are_a_programming_error(p0: int, pt: int, d0: float, dt: float) -> None:
    with pytest.raises(ValueError, match="not"):
        consensus(p0, pt, d0, dt)
