"""The answers of a question put to columns are those of putting it to every patient."""

from collections import Counter

import numpy as np
import pytest

from registry.domain.analysis import AnalysisRow
from registry.domain.analysis.asking import Question, ask
from registry.domain.analysis.columns import Cohort
from tests.factories_analysis import a_response, a_row, a_time, a_window, untreated

CATEGORIES = ("CR", "PR", "IR", "PP", None)

ROWS = tuple(
    (untreated if i % 7 == 0 else a_row)(
        sex=("female", "male", None)[i % 3],
        ecog=None if i % 11 == 0 else i % 5,
        toxicity={"nausea": i % 4 + 1} if i % 2 else {},
        os_onset=a_time(i * 37 % 400, i % 2, None if i % 3 else i % 90),
        **(
            {}
            if i % 7 == 0
            else {
                "response_radiotherapy": None if i % 5 == 0 else a_response(CATEGORIES[i % 5]),
                "response_systemic": a_response("IR", M2=a_window(CATEGORIES[i % 3])),
            }
        ),
    )
    for i in range(300)
)


def nested(row: AnalysisRow) -> object:
    if row.response is None:
        return row.sex
    window = row.response.M2
    return (window.category, row.ecog) if row.os_onset.event else row.response.kind


QUESTIONS: dict[str, Question] = {
    "one figure": lambda row: row.sex,
    "nothing": lambda row: 1,
    "two": lambda row: (row.sex, row.ecog),
    "the second only sometimes": lambda row: row.sex == "female" and row.ecog,
    "a nested figure": lambda row: row.os_onset.exit,
    "a mapping": lambda row: row.toxicity.get("nausea", 0) > 2,
    "a figure of whichever response there is": lambda row: row.response and row.response.kind,
    "another figure for each answer": nested,
    "all days": lambda row: (row.os_onset.entry, row.os_onset.exit, row.os_onset.event),
}


@pytest.mark.parametrize("name", QUESTIONS)
@pytest.mark.parametrize("places", [range(300), range(3, 300, 4), (5,), ()], ids=len)
def test_as_if_every_patient_were_asked(name: str, places: range) -> None:
    question = QUESTIONS[name]
    told = ask(Cohort.of(ROWS), np.array(places, dtype=np.int32), question)
    assert [told.answers[code] for code in told.codes] == [question(ROWS[place]) for place in places]
    assert len(set(told.answers)) == len(told.answers)


def test_a_question_is_put_once_for_every_different_figure() -> None:
    asked: Counter[object] = Counter()

    def question(row: AnalysisRow) -> object:
        asked[row.sex] += 1
        return row.sex

    ask(Cohort.of(ROWS), np.arange(300, dtype=np.int32), question)
    assert asked == {"female": 1, "male": 1, None: 1}


def test_a_figure_that_rows_do_not_have_is_a_mistake_of_the_question() -> None:
    with pytest.raises(AttributeError):
        ask(Cohort.of(ROWS), np.arange(300, dtype=np.int32), lambda row: row.shoe_size)  # type: ignore[attr-defined]
