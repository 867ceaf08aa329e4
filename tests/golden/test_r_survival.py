"""The estimators against R's survival and etm packages on public data sets, to 1e-10.

The reference values and the R script that made them are in `r_survival/`.
"""

import json
from pathlib import Path
from typing import Any

import pytest

from registry.domain.statistics.beta_product import beta_product_curve
from registry.domain.statistics.competing_risks import aalen_johansen
from registry.domain.statistics.counting import count
from registry.domain.statistics.follow_up import follow_up
from registry.domain.statistics.kaplan_meier import kaplan_meier
from registry.domain.statistics.log_rank import stratified_log_rank
from registry.domain.statistics.quantiles import median, quantile
from registry.domain.statistics.restricted_mean import restricted_mean
from registry.domain.statistics.tally import Tally

FOLDER = Path(__file__).parent / "r_survival"
SETS: dict[str, dict[str, Any]] = {path.stem: json.loads(path.read_text()) for path in FOLDER.glob("*.json")}
SURVIVAL = sorted(name for name, data in SETS.items() if "curves" in data)
LATE = {"cgd", "heart", "lung_late", "pbcseq"}
"""Sets with late entry, for which R has neither beta product limits nor a reverse curve."""
COMPETING = sorted(name for name, data in SETS.items() if "incidences" in data)


def tally(data: dict[str, Any], group: int | None = None, stratum: int | None = None) -> Tally:
    columns = data["columns"]
    entries = columns.get("entry", [None] * len(columns["exit"]))
    rows = zip(entries, columns["exit"], columns["cause"], columns["group"], columns["stratum"], strict=True)
    wanted = [
        (entry, day, cause) for entry, day, cause, g, s in rows if group in (None, g) and stratum in (None, s)
    ]
    counted = count(wanted, data["causes"])
    assert not counted.refused
    return counted.tally


def near(expected: object) -> object:
    return pytest.approx(expected, rel=1e-10, abs=1e-10)


def agree(found: list[float | None], expected: list[float | None]) -> bool:
    """Equal to 1e-10, and undefined exactly where R has NA."""
    return [x is None for x in found] == [x is None for x in expected] and [
        x for x in found if x is not None
    ] == near([x for x in expected if x is not None])


def curves(name: str) -> list[tuple[Tally, dict[str, Any]]]:
    data = SETS[name]
    whole = [(tally(data).given_alive_at(curve["start"]), curve) for curve in data["curves"]]
    return whole + [(tally(data, curve["group"]), curve) for curve in data["group_curves"]]


def test_the_data_sets_are_there() -> None:
    there = ["cgd", "colon", "heart", "kidney", "leukemia", "lung", "lung_late", "ovarian", "pbcseq", "rats"]
    assert [*there, "udca", "veteran"] == SURVIVAL
    assert set(SURVIVAL) > LATE
    assert COMPETING == ["mgus2", "mgus2_late", "pbc", "transplant", "transplant_late", "twelve"]


@pytest.mark.parametrize("name", [name for name in SURVIVAL if name != "colon"])
def test_survfit_curve(name: str) -> None:
    checked = [(ours, theirs) for ours, theirs in curves(name) if "survival" in theirs]
    assert checked
    for ours, theirs in checked:
        steps = kaplan_meier(ours).steps
        assert ours.n == theirs["n"]
        assert [step.day for step in steps] == theirs["day"]
        assert [step.at_risk for step in steps] == theirs["at_risk"]
        assert [step.events for step in steps] == theirs["events"]
        assert [step.censored for step in steps] == theirs["censored"]
        assert agree([step.survival for step in steps], theirs["survival"])
        assert agree([step.se for step in steps], theirs["se"])
        assert agree([step.limits.lower for step in steps], theirs["lower"])
        assert agree([step.limits.upper for step in steps], theirs["upper"])


@pytest.mark.parametrize("name", SURVIVAL)
def test_quantile_survfit(name: str) -> None:
    for ours, theirs in curves(name):
        expected = theirs["quantiles"]
        found = [quantile(kaplan_meier(ours), level) for level in expected["level"]]
        assert [q.day for q in found] == expected["day"]
        assert [q.lower for q in found] == expected["lower"]
        assert [q.upper for q in found] == expected["upper"]


@pytest.mark.parametrize("name", SURVIVAL)
def test_restricted_mean_of_print_survfit(name: str) -> None:
    compared = 0
    for ours, theirs in curves(name):
        for expected in theirs["restricted_means"]:
            found = restricted_mean(kaplan_meier(ours), expected["tau"])
            if found is None:  # R extends the curve beyond the last exit, the registry does not
                assert kaplan_meier(ours).steps[-1].day < expected["tau"]
                continue
            assert found.mean == near(expected["mean"])
            assert found.se == near(expected["se"])
            compared += 1
    assert compared >= 2


@pytest.mark.parametrize("name", [name for name in SURVIVAL if name not in LATE and name != "colon"])
def test_beta_product_of_plain_moments_and_qbeta(name: str) -> None:
    checked = [(ours, theirs) for ours, theirs in curves(name) if "beta_product" in theirs]
    assert checked
    for ours, theirs in checked:
        steps = beta_product_curve(ours).steps
        assert [step.limits.lower for step in steps] == near(theirs["beta_product"]["lower"])
        assert [step.limits.upper for step in steps] == near(theirs["beta_product"]["upper"])


@pytest.mark.parametrize("name", [name for name in SURVIVAL if name not in LATE and name != "colon"])
def test_follow_up_by_reversed_survfit(name: str) -> None:
    for ours, theirs in curves(name):
        if "follow_up" in theirs:
            assert [step.survival for step in follow_up(ours).steps] == near(theirs["follow_up"]["survival"])
            assert median(follow_up(ours)).day == theirs["follow_up"]["median"]


@pytest.mark.parametrize("name", SURVIVAL)
def test_survdiff_and_the_score_test_of_coxph(name: str) -> None:
    data = SETS[name]
    groups, strata = sorted(set(data["columns"]["group"])), sorted(set(data["columns"]["stratum"]))
    for theirs in data["log_rank"]:
        cells = strata if theirs["stratified"] else [None]
        ours = stratified_log_rank([[tally(data, group, cell) for group in groups] for cell in cells])
        assert ours.df == theirs["df"]
        assert ours.chi2 == near(theirs["chi2"])
        assert ours.p == near(theirs["p"])
        if "observed" in theirs:
            assert list(ours.observed) == theirs["observed"]
            assert list(ours.expected) == near(theirs["expected"])
            for row, expected in zip(ours.variance, theirs["variance"], strict=True):
                assert list(row) == near(expected)


@pytest.mark.parametrize("name", COMPETING)
def test_cumulative_incidence_of_survfit_and_etm(name: str) -> None:
    data = SETS[name]
    for ours, theirs in zip(aalen_johansen(tally(data)), data["incidences"], strict=True):
        for day, value, se in zip(theirs["day"], theirs["incidence"], theirs["se"], strict=True):
            step = ours.step_at(day)
            assert ours.incidence_at(day) == near(value)
            assert (step.se if step else 0.0) == near(se)
