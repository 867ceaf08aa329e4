from registry.domain.report.document import Figure
from registry.domain.report.swimmer import MOST_LINES, SECTION
from tests.factories_analysis import a_response, a_row, a_study, a_time


def test_one_line_for_each_patient_the_longest_first() -> None:
    relapsed = a_response("PR", duration_days=40, duration_event=1)
    (figure,) = SECTION.build(
        a_study(a_row(os_treatment=a_time(80, 0, None)), a_row(response_radiotherapy=relapsed))
    )
    assert isinstance(figure, Figure)
    assert figure.staff_only
    assert [(line["end"], line["died"]) for line in figure.data["patients"]] == [(150, True), (80, False)]
    assert figure.data["patients"][0]["marks"] == [{"kind": 0, "day": 20}, {"kind": 1, "day": 60}]


def test_the_public_and_crowds_get_words() -> None:
    for study in (a_study(a_row(), audience="public"), a_study(*[a_row()] * (MOST_LINES + 1)), a_study()):
        (words,) = SECTION.build(study)
        assert not isinstance(words, Figure)
