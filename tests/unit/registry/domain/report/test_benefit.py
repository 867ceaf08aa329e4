from registry.domain.report.benefit import SECTION
from tests.factories_analysis import a_response, a_row, a_study, a_time


def test_rates_are_of_those_who_can_be_judged() -> None:
    rows = (
        a_row(
            response_radiotherapy=a_response("PR", functional=True, composite=True),
            net_pain_relief=0.64,
            daoh90=50,
        ),
        a_row(response_radiotherapy=a_response("IR", functional=False, composite=False), net_pain_relief=0.0),
        a_row(response_radiotherapy=a_response("IR", functional_reason="not_impaired")),
    )
    (table,) = SECTION.build(a_study(*rows))
    told = {row.head: row.cells[0].text for row in table.rows}
    assert told["Functional response, of those impaired and assessed"].startswith("1/2 = 50 %")
    assert told["Net pain relief: % of the time from treatment in response"] == "32 (16–48)"
    assert told["Days alive and out of hospital, of the first 90"] == "50 (50–50)"


def test_early_death_is_of_those_followed_so_long() -> None:
    rows = (
        a_row(death_within_30_days=True),
        a_row(death_within_30_days=False),
        a_row(os_treatment=a_time(200, 0, None)),
        a_row(os_treatment=a_time(20, 0, None)),
        a_row(treatment="systemic"),
    )
    (table,) = SECTION.build(a_study(*rows))
    told = {row.head: row.cells[0].text for row in table.rows}
    assert told["Died within 30 days of the start of radiotherapy, of those followed so long"].startswith(
        "1/3"
    )
