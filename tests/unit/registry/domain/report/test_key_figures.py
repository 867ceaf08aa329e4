from registry.domain.disclosure import protect
from registry.domain.report.document import Document, Section, Study
from registry.domain.report.key_figures import SECTION
from tests.factories_analysis import a_response, a_row, a_study, untreated


def lines(study: Study) -> list[str]:
    blocks = SECTION.build(study)
    document = Document("", 1, study.audience, study.cutoff, study.as_of, "", {}, (Section("s", "", blocks),))
    return [block.text for block in protect(document, study.threshold).sections[0].blocks]


def test_the_answer_in_three_lines() -> None:
    rows = (
        [a_row()] * 8
        + [a_row(response_radiotherapy=a_response(None, "died_before_window"))] * 4
        + [untreated()] * 2
    )
    first, second, third = lines(a_study(*rows))
    assert first == "14 patients enrolled, 14 with malignant psoas syndrome analysed, 12 treated."
    assert second == (
        "Symptom response at month 2: 8/12 = 67 % (35–90 %) of all treated, 8/8 = 100 % (63–100 %) of those assessed."
    )
    assert third.startswith("Survival from symptom onset of patients alive on day 30: median ")


def test_a_few_patients_are_nothing_to_tell_the_public() -> None:
    assert lines(a_study(a_row(), audience="public")) == ["There are too few patients to be told of."]
