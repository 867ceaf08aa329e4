"""Data quality of a site: how full, how timely and how rounded its data are.

Conformance, completeness and plausibility as Kahn et al. (EGEMS 2016;4:1244) sort them, and timeliness beside them.
Completeness of the core set is counted in the report from the analysis rows; here is what needs the records.
"""

from dataclasses import dataclass, field
from datetime import date
from statistics import median

from registry.domain.case import Case
from registry.domain.forms.pain_assessment import PainAssessment
from registry.domain.rules import next_visit_is_not_overdue
from registry.domain.rules.rule import Context
from registry.domain.timeline import dated_events

ROUND_SCORES = (0, 5, 10)
"""Pain scores that are chosen too often where a score is guessed."""

NOT_CONTENT = frozenset({"missing", "retracted"})


@dataclass(slots=True)
class SiteQuality:
    """Counts over the cases of one site; they add up case by case.

    values    stated values of variables, the denominator of queries per 100
    dates     clinical dates, and those known only to the month or year
    scores    worst pain scores by value 0 to 10
    delays    days from each clinical event, as dated to the day, to its recording
    overdue   living patients whose planned contact is overdue
    """

    cases: int = 0
    values: int = 0
    dates: int = 0
    partial_dates: int = 0
    scores: list[int] = field(default_factory=lambda: [0] * 11)
    delays: list[int] = field(default_factory=list)
    overdue: int = 0

    def add(self, case: Case, context: Context) -> None:
        """Count one case."""
        self.cases += 1
        for version in case.current.values():
            stated = version.content.model_fields_set - NOT_CONTENT
            self.values += sum(getattr(version.content, name) is not None for name in stated)
        for event in dated_events(case):
            if event.kind != "clinical":
                continue
            self.dates += 1
            self.partial_dates += not event.date.exact
            if event.date.exact:
                recorded = case.version_of(event.record).recorded_at.date()
                self.delays.append(max(0, (recorded - event.date.lo).days))
        for assessment in case.all(PainAssessment):
            if assessment.nrs_worst is not None:
                self.scores[assessment.nrs_worst] += 1
        self.overdue += any(True for _ in next_visit_is_not_overdue.check(case, context))

    @property
    def median_delay(self) -> float | None:
        """Median days from event to recording."""
        return median(self.delays) if self.delays else None

    @property
    def round_scores(self) -> float | None:
        """Share of worst pain scores that are 0, 5 or 10; three in eleven where no score is preferred."""
        total = sum(self.scores)
        return sum(self.scores[score] for score in ROUND_SCORES) / total if total else None

    @property
    def partial(self) -> float | None:
        """Share of clinical dates known only to the month or year."""
        return self.partial_dates / self.dates if self.dates else None


def silent_days(last: date | None, today: date) -> int | None:
    """Days since a site last sent something that was accepted; None when it never did."""
    return None if last is None else (today - last).days
