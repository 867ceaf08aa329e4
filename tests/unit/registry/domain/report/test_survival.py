"""The golden cohort of twelve (times in months of 30 days), and what may be said of a few."""

import pytest

from registry.domain.report.document import Figure, Study
from registry.domain.report.people import People
from registry.domain.report.survival import COLUMNS, SECTION, cells_of
from registry.domain.report.survival_cells import least_at_risk
from registry.domain.report.times import times
from registry.domain.statistics.kaplan_meier import kaplan_meier
from tests.factories_analysis import a_row, a_study, a_time

TIMES = (2, 3, 4, 4, 5, 6, 7, 8, 8, 10, 12, 15)
EVENTS = (1, 1, 1, 0, 1, 1, 1, 1, 0, 1, 0, 1)
ENTRIES = (1, 1, 0, 2, 1, 3, 0, 4, 1, 2, 6, 5)


def twelve(repeats: int = 1, **more) -> Study:
    rows = [
        a_row(os_onset=a_time(30 * exit_month, event, 30 * entry or None))
        for exit_month, event, entry in zip(TIMES, EVENTS, ENTRIES, strict=True)
    ]
    return a_study(*rows * repeats, **more)


@pytest.mark.parametrize(
    ("delayed", "month", "expected"), [(True, 6, 0.4252), (False, 6, 0.5625), (True, 4, 0.6122)]
)
def test_the_golden_cohort(delayed: bool, month: int, expected: float) -> None:
    found = times(People.everyone(twelve()), "os_onset", delayed=delayed)
    assert kaplan_meier(found.tally).survival_at(30 * month) == pytest.approx(expected, abs=5e-5)


def test_a_row_of_the_table() -> None:
    found = times(People.everyone(twelve(10)), "os_onset")
    cells = dict(zip(COLUMNS, cells_of(found, 0), strict=True))
    assert cells["Patients"].text == "120"
    assert cells["Died"].text == "90 (75.0 %)"
    assert cells["Median survival, months"].value == 180
    assert cells["Median survival, months"].text.startswith("5.9 (")
    assert cells["6 months"].of == 60
    assert cells["6 months"].method == "Kaplan-Meier, log-log 95 %"


def test_at_risk_are_those_who_entered_before_and_leave_not_before() -> None:
    people = People.everyone(twelve())
    assert len(times(people, "os_onset").at_risk_on(180)) == 6
    assert len(times(people, "os_onset", delayed=False).at_risk_on(180)) == 7


def test_few_patients_have_no_curve_and_no_estimate() -> None:
    study = a_study(*[a_row(os_onset=a_time(100 + n)) for n in range(4)])
    warning, table, _ = SECTION.build(study)
    assert warning.kind == "warning"
    assert [cell.text for cell in table.rows[0].cells[2:6]] == ["too few patients"] * 4


def test_the_curve_starts_on_the_day_of_the_plan_and_is_firm_while_enough_are_at_risk() -> None:
    figure, *_ = SECTION.build(twelve(10))
    assert isinstance(figure, Figure)
    group = figure.data["groups"][0]
    assert group["steps"][0][:2] == [30, 1.0]
    assert group["solid_until"] < group["last_day"] == 450
    assert [cell.count for cell in group["at_risk"]][1] == len(
        times(People.everyone(twelve(10)), "os_onset").at_risk_on(61)
    )


def test_a_public_curve_is_cut_where_fewer_than_the_threshold_are_at_risk() -> None:
    staff, public = twelve(10), twelve(10, audience="public", threshold=31)
    firm = [SECTION.build(study)[0].data["groups"][0]["solid_until"] for study in (staff, public)]
    assert firm[0] > firm[1]
    assert least_at_risk(public, 120) == 31
    assert least_at_risk(staff, 120) == 12
    assert least_at_risk(staff, 9) is None


def test_who_is_left_out_is_printed() -> None:
    made = a_study(*twelve(2).rows, a_row(os_onset=a_time(None, None)))
    _, _, table = SECTION.build(made)
    told = {row.head: row.cells[0].text for row in table.rows}
    assert told["Patients"] == "25"
    assert told["Counted"] == "24"
    assert told["Left out: day of origin unknown"] == "1"
