"""How every figure of the report is defined: the algorithms by id and version, and the estimators."""

from registry.domain.outcomes import OUTCOMES
from registry.domain.report.cells import text
from registry.domain.report.document import Block, Row, SectionSpec, Study, Table
from registry.domain.report.plan import START_DAYS

ESTIMATORS = {
    "Survival": (
        "Kaplan-Meier with delayed entry (at risk from the day after enrolment); a death of a day counts before a "
        f"censoring of the day; from onset and diagnosis given survival to day {START_DAYS['os_onset']}"
    ),
    "Interval of survival": (
        "beta product (Fay, Brittain & Proschan 2013) below 60 patients, log-log with Greenwood's variance from there "
        "on; medians by inverting it"
    ),
    "Cumulative incidence": "Aalen-Johansen with log-log limits; never one minus Kaplan-Meier",
    "Proportion": "Clopper-Pearson",
    "Small groups": (
        "1 to 4 patients: counts only; 5 to 9: no curve and no median; nothing on a day with fewer than 5 at risk up to "
        "it; nobody is extrapolated"
    ),
    "Missing answers": "not imputed; of all treated they count as no response, and the reason is printed",
}


def _build(study: Study) -> tuple[Block, ...]:
    outcomes = tuple(
        Row(
            outcome.title,
            (text(f"{outcome.id} v{outcome.version}"), text(outcome.definition), text(outcome.source)),
        )
        for outcome in OUTCOMES
    )
    estimators = tuple(Row(name, (text(words),)) for name, words in ESTIMATORS.items())
    return (
        Table(
            "definitions",
            "Definitions of the outcomes.",
            "Outcome",
            ("Algorithm", "Definition", "Source"),
            outcomes,
        ),
        Table("estimators", "Estimators.", "", ("Method",), estimators),
    )


SECTION = SectionSpec("methods", "Definitions and methods", _build)
