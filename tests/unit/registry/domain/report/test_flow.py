from dataclasses import replace

from registry.domain.report.flow import SECTION, steps, unequal, why_left
from registry.domain.report.people import People
from tests.factories_analysis import a_response, a_row, a_study, untreated

ROWS = (
    a_row(),
    a_row(mps_class="probable"),
    a_row(response_radiotherapy=a_response(None, "died_before_window")),
    a_row(source_type="literature", enrolled=False),
    a_row(source_type=None, enrolled=False),
    a_row(enrolled=False),
    a_row(withdrawal="stop_use_of_existing"),
    a_row(mps_class="not_mps"),
    a_row(mps_class="not_mps", flexion_failure=True),
    a_row(mps_class=None),
    a_row(open_blocking=("Q20",)),
    untreated(),
    a_row(response_radiotherapy=None),
)


def test_every_box_equals_the_sum_of_its_parts() -> None:
    line = steps(a_study(*ROWS))
    assert list(unequal(line)) == []
    assert [(step.label, len(step.people)) for step in line] == [
        ("Cases in the registry", 13),
        ("Patients of the sites", 11),
        ("Enrolled", 9),
        ("Malignant psoas syndrome", 6),
        ("Analysed", 5),
        ("Treated, response asked", 3),
    ]
    assert sum(len(people) for step in line for people in step.leaving.values()) == 13 - 3


def test_a_box_that_lost_somebody_is_found() -> None:
    line = steps(a_study(*ROWS))
    line[1] = replace(line[1], leaving={})
    parts = dict(line[-1].parts)
    parts["assessable"] = replace(parts["assessable"], people=People(line[0].people.study, ()))
    line[-1] = replace(line[-1], parts=parts)
    assert list(unequal(line)) == ["Patients of the sites", "Treated, response asked"]


def test_everybody_who_leaves_has_a_reason() -> None:
    assert [why_left(row) for row in ROWS[3:]] == [
        "literature cases, reported apart",
        "source not stated",
        "not enrolled by the cut-off",
        "consent to use withdrawn",
        "not malignant psoas syndrome",
        "hip flexion failure without the syndrome",
        "diagnosis not classed",
        "a blocking question is open",
        "no treatment of the syndrome",
        "treated side not known",
    ]


def test_reasons_of_a_few_are_one_reason_for_the_public() -> None:
    rows = [a_row()] * 12 + [a_row(mps_class="not_mps")] * 3 + [a_row(open_blocking=("Q20",))] * 9
    line = steps(a_study(*rows, audience="public", threshold=11))
    assert {step.label: len(step.people) for step in line}["Enrolled"] == 24
    assert {name: len(people) for step in line for name, people in step.leaving.items()} == {
        "several reasons": 12
    }
    assert list(unequal(line)) == []


def test_the_table_has_the_numbers_of_the_picture() -> None:
    (figure,) = SECTION.build(a_study(*ROWS))
    told = [cell.count for row in figure.table.rows for cell in row.cells]
    drawn = [step["n"].count for step in figure.data["steps"]]
    assert [count for row, count in zip(figure.table.rows, told, strict=True) if row.level == 0] == drawn


def test_a_study_of_nobody_has_a_flow_of_zeros() -> None:
    (figure,) = SECTION.build(a_study())
    assert {row.cells[0].text for row in figure.table.rows} == {"0"}
