"""mps literature: what is published, recomputed, with its discrepancies shown and not mended."""

from datetime import UTC, datetime
from typing import Any

from cli import output
from cli.local import JsonOption
from registry.domain.case import EMPTY
from registry.domain.check import judge
from registry.domain.derive import derive
from registry.domain.literature.published import benchmarks, published_cases, table_one
from registry.domain.literature.table_one import DECLARED, declared_versus_computed
from registry.domain.outcomes.outcome import Basis
from registry.domain.reading import read_submission
from registry.domain.rules.rule import Context


def literature(json: JsonOption = False) -> None:
    """Show Table I of Takamatsu et al. 2018 recomputed, its three cases with findings, and published benchmarks."""
    now = datetime.now(UTC)
    cases = [published_case(envelope, now) for envelope in published_cases()]
    if json:
        output.as_json({"table_one": table_one_json(), "cases": cases, "benchmarks": benchmarks()})
        return
    print_table_one()
    for case in cases:
        output.say()
        output.say(f"{case['case']}: what the registry asks about it, and what it derives")
        output.findings(case["findings"])
        output.derived(case["derived"])
    output.say()
    output.say("Published figures, each with its population and time origin; they are not pooled:")
    columns = ("source", "patients", "population", "survival", "origin", "status")
    output.table([{c: getattr(b, c) for c in columns} for b in benchmarks()], columns, empty="none")


def published_case(envelope: dict[str, Any], now: datetime) -> dict[str, Any]:
    """A published case with the findings and derived values that the registry gives it."""
    submission, findings = read_submission(envelope)
    if submission is None:
        raise AssertionError(f"a shipped case cannot be read: {findings}")
    verdict = judge(EMPTY, submission, Context(today=now.date()), now=now)
    return {
        "case": submission.case,
        "accepted": verdict.accepted,
        "findings": [f.as_json() for f in verdict.findings],
        "derived": derive(verdict.case, Basis(cutoff=now.date())),
    }


def table_one_json() -> dict[str, Any]:
    """Declared and computed figures of Table I, and every difference with its arithmetic."""
    declared = DECLARED
    compared = declared_versus_computed(table_one(), declared.total, declared.percent)
    return {
        "declared_total": compared.declared_total,
        "computed_total": compared.computed_total,
        "subtotals": dict(compared.subtotals),
        "findings": [f.as_json() for f in compared.findings],
    }


def print_table_one() -> None:
    """Print Table I recomputed, and what does not add up."""
    compared = declared_versus_computed(table_one(), DECLARED.total, DECLARED.percent)
    output.say()
    output.say("Table I of Takamatsu et al. 2018, recomputed from its rows:")
    rows = [
        {
            "group": group,
            "cases": cases,
            "percent": f"{compared.percent(group):.1f}",
            "printed": f"{DECLARED.percent[group]:g}" if group in DECLARED.percent else "",
        }
        for group, cases in compared.subtotals.items()
    ]
    total = {"group": "all", "cases": compared.computed_total, "printed": f"{compared.declared_total} cases"}
    output.table([*rows, total], ("group", "cases", "percent", "printed"), empty="")
    output.findings(f.as_json() for f in compared.findings)
