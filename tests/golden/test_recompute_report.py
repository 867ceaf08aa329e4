"""`docs/recompute_report.R` says of a stored tally what the registry says, in R and without the registry's code.

`recompute_report/` holds a made-up tally (two groups, two causes of exit, late entry) and what the script printed for
it: from the origin with `--days 30,60,90,180`, and `--start 70 --days 90,180,300`. Where R and its survival package
are installed the script is run again.
"""

import csv
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from registry.domain.statistics.competing_risks import aalen_johansen
from registry.domain.statistics.kaplan_meier import kaplan_meier
from registry.domain.statistics.log_rank import log_rank
from registry.domain.statistics.quantiles import quantile
from registry.domain.statistics.risk_set import RiskSet
from registry.domain.statistics.stored_tally import COLUMNS, tallies_of
from registry.domain.statistics.tally import Tally

FOLDER = Path(__file__).parent / "recompute_report"
SCRIPT = Path(__file__).parents[2] / "docs" / "recompute_report.R"
RUNS = [("printed.txt", 0, "30,60,90,180"), ("printed_from_70.txt", 70, "90,180,300")]


def groups(start: int) -> dict[str, Tally]:
    with (FOLDER / "tally.csv").open(newline="") as file:
        header, *rows = csv.reader(file)
    assert tuple(header) == COLUMNS
    tallies = tallies_of((name, *(int(n) for n in numbers)) for name, *numbers in rows)
    return {name: tallies[name].given_alive_at(start) for name in sorted(tallies)}


def shown(number: float | None) -> str:
    return "-" if number is None else f"{number:.10f}"


def shown_day(day: float | None) -> str:
    return "-" if day is None else f"{day:g}"


def expected_lines(start: int, days: list[int]) -> Iterator[str]:
    """The script's output, from the registry's estimators."""
    tallies = groups(start)
    for name, tally in tallies.items():
        known = [day for day in days if day <= (tally.last_day or 0)]
        yield ""
        yield (
            f"{name}: {tally.n} people, {tally.n0} from the start, {tally.events[0]} events, "
            f"{tally.events[1]} competing, {tally.censored} censored, last day {tally.last_day}"
        )
        curve = kaplan_meier(tally)
        for level in (0.75, 0.5, 0.25):
            day, lower, upper = quantile(curve, level)
            yield f"  S = {level:.2f} on day {shown_day(day)} ({shown_day(lower)} to {shown_day(upper)})"
        yield "  day at_risk survival se lower upper"
        for day in days:
            step = curve.step_at(day)
            numbers = (curve.survival_at(day), step.se if step else 0.0, *curve.limits_at(day))
            said = [shown(number) if day in known else "-" for number in numbers]
            yield f"  {day} {RiskSet(tally).on(day)} {' '.join(said)}"
        for incidence, words in zip(aalen_johansen(tally), ("event", "competing event"), strict=True):
            yield f"  cumulative incidence of the {words}: day incidence se"
            for day in days:
                at = incidence.step_at(day)
                numbers = (incidence.incidence_at(day), at.se if at else 0.0)
                yield f"  {day} {' '.join(shown(number) if day in known else '-' for number in numbers)}"
    test = log_rank(list(tallies.values()))
    yield ""
    yield (
        f"log-rank between groups: chi2 {shown(test.chi2)} on {test.df} degrees of freedom, p {shown(test.p)}"
    )


@pytest.mark.parametrize(("file", "start", "days"), RUNS)
def test_the_registry_and_the_script_print_the_same(file: str, start: int, days: str) -> None:
    printed = (FOLDER / file).read_text().splitlines()
    assert list(expected_lines(start, [int(day) for day in days.split(",")])) == printed


def _has_r() -> bool:
    program = shutil.which("Rscript")
    return (
        program is not None
        and not subprocess.run(
            [program, "-e", "library(survival)"], capture_output=True, check=False
        ).returncode
    )


@pytest.mark.parametrize(("file", "start", "days"), RUNS)
def test_the_script_still_prints_this(file: str, start: int, days: str) -> None:
    if not _has_r():
        pytest.skip("R with its survival package is not installed")
    command = ["Rscript", str(SCRIPT), str(FOLDER / "tally.csv"), "--start", str(start), "--days", days]
    run = subprocess.run(command, capture_output=True, text=True, check=True, timeout=120)
    assert run.stdout == (FOLDER / file).read_text()
