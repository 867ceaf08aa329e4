"""E17: who is graded dead has died."""

from collections.abc import Iterator

from registry.domain.case import Case
from registry.domain.forms.death import Death
from registry.domain.forms.function import Function
from registry.domain.forms.toxicity import Toxicity
from registry.domain.rules.rule import Context, Hit, Rule


def check(case: Case, context: Context) -> Iterator[Hit]:
    if case.one(Death) is not None:
        return
    for state in case.all(Function):
        if state.ecog == 5:
            yield Hit(state, "ecog", {"what": "ECOG 5"})
    for event in case.all(Toxicity):
        if event.grade == 5:
            yield Hit(event, "grade", {"what": "Grade 5"})


RULE = Rule(
    id="E17",
    version=1,
    severity="reject",
    title="Fatal grades come with a death",
    sentence="ECOG 5 and an adverse event of grade 5 are recorded only together with the death of the "
    "patient.",
    message="{what} means that the patient has died, but no death is recorded. Send the `death` form in "
    "the same message, or correct the grade.",
    why="ECOG 5 is defined as dead and grade 5 as death related to the adverse event (CTCAE 5.0). The "
    "death may be sent without its date.",
    fields=("function.ecog", "toxicity.grade", "death.death_date"),
    good=(
        {"function": [{"assess_date": "2025-09-02", "ecog": 5}], "death": {"death_date": "2025-09-02"}},
        {"toxicity": [{"term": "perforation_fistula", "grade": 5, "onset": "2025-09"}], "death": {}},
        {"function": [{"assess_date": "2025-09-02", "ecog": 4}]},
    ),
    bad=(
        {"function": [{"assess_date": "2025-09-02", "ecog": 5}]},
        {"toxicity": [{"term": "perforation_fistula", "grade": 5, "onset": "2025-09"}]},
    ),
    check=check,
)
