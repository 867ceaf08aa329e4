"""Q46: more than twenty episodes of breakthrough pain in a day are confirmed."""

from collections.abc import Iterator

from registry.domain.case import Case
from registry.domain.forms.pain_assessment import PainAssessment
from registry.domain.rules.rule import Context, Hit, Rule


def check(case: Case, context: Context) -> Iterator[Hit]:
    limit = context.limits.breakthrough_max_24h
    for assessment in case.all(PainAssessment):
        episodes = assessment.breakthrough_episodes_24h
        if episodes is not None and episodes > limit:
            yield Hit(assessment, "breakthrough_episodes_24h", {"episodes": episodes, "limit": limit})


RULE = Rule(
    id="Q46",
    version=1,
    severity="query",
    title="Breakthrough episodes are twenty at most",
    sentence="In 24 hours there are at most twenty episodes of breakthrough pain.",
    message="{episodes} episodes of breakthrough pain in 24 hours are recorded, more than {limit}: "
    "about one in every hour awake. Confirm the number and that it counts one day only.",
    why="So many episodes are pain that is not controlled rather than breakthrough, or the count of "
    "a week. Registry decision.",
    fields=("pain_assessment.breakthrough_episodes_24h",),
    good=(
        {"pain_assessment": [{"assess_date": "2025-03-01", "breakthrough_episodes_24h": 20}]},
        {"pain_assessment": [{"assess_date": "2025-03-01"}]},
    ),
    bad=({"pain_assessment": [{"assess_date": "2025-03-01", "breakthrough_episodes_24h": 35}]},),
    check=check,
)
