"""Q44: the dates from which times are counted are known to the day."""

from collections.abc import Iterator

from registry.domain.case import Case
from registry.domain.dates import PartialDate
from registry.domain.forms.death import Death
from registry.domain.forms.form import Form
from registry.domain.forms.pain_assessment import PainAssessment
from registry.domain.rules.rule import Context, Hit, Rule


def check(case: Case, context: Context) -> Iterator[Hit]:
    for assessment in case.all(PainAssessment):
        yield from _vague(assessment, "assess_date", assessment.assess_date)
    death = case.one(Death)
    if death is not None:
        yield from _vague(death, "death_date", death.death_date)


def _vague(record: Form, name: str, day: PartialDate | None) -> Iterator[Hit]:
    if day is not None and not day.exact:
        days = (day.hi - day.lo).days + 1
        yield Hit(record, name, {"date": day, "precision": day.precision, "days": days})


RULE = Rule(
    id="Q44",
    version=1,
    severity="query",
    title="Death and scores dated to the day",
    sentence="The date of death and the dates of pain scores are known to the day.",
    message="{date} is known only to the {precision} and may mean any of {days} days. Send the day "
    "if the chart has it; if not, answer so and the interval is used as it is.",
    why="Survival and response windows are counted in days; a date that may mean a month can fall "
    "into two windows. Registry decision.",
    fields=("pain_assessment.assess_date", "death.death_date"),
    good=(
        {"pain_assessment": [{"assess_date": "2025-03-01"}], "death": {"death_date": "2025-06-30"}},
        {"death": {}},
    ),
    bad=(
        {"pain_assessment": [{"assess_date": "2025-03"}]},
        {"death": {"death_date": "2025-06"}},
        {"death": {"death_date": "2025"}},
    ),
    check=check,
)
