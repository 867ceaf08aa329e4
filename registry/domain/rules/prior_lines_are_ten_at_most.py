"""Q38: more than ten earlier lines of systemic therapy are confirmed."""

from collections.abc import Iterator

from registry.domain.case import Case
from registry.domain.forms.primary_cancer import PrimaryCancer
from registry.domain.rules.rule import Context, Hit, Rule


def check(case: Case, context: Context) -> Iterator[Hit]:
    limit = context.limits.prior_lines_max
    for primary in case.all(PrimaryCancer):
        lines = primary.prior_lines_systemic
        if lines is not None and lines > limit:
            yield Hit(primary, "prior_lines_systemic", {"lines": lines, "limit": limit})


RULE = Rule(
    id="Q38",
    version=1,
    severity="query",
    title="Prior lines are ten at most",
    sentence="Before the syndrome at most ten lines of systemic therapy were given.",
    message="{lines} earlier lines of systemic therapy are recorded, more than {limit}. Confirm the "
    "number: cycles are easily counted as lines.",
    why="A line is a regimen, not a cycle. The limit is a registry decision.",
    fields=("primary_cancer.prior_lines_systemic",),
    good=({"primary_cancer": [{"prior_lines_systemic": 10}]}, {"primary_cancer": [{}]}),
    bad=({"primary_cancer": [{"prior_lines_systemic": 12}]},),
    check=check,
)
