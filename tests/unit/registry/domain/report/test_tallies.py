from registry.domain.report.tallies import tally_rows
from registry.domain.statistics.stored_tally import tallies_of
from tests.factories_analysis import a_response, a_row, a_study


def test_the_tallies_tell_what_the_curves_were_made_of() -> None:
    again = a_response("IR", competing_day=60, competing_cause="reirradiation")
    found = tallies_of(tally_rows(a_study(a_row(), a_row(response_radiotherapy=again))))
    assert {name: (tally.n, tally.events) for name, tally in found.items()} == {
        "OSONS": (2, (2, 0)),
        "OSDX": (2, (2, 0)),
        "OSTRT": (2, (2, 0)),
        "TTRESP": (2, (1, 1)),
    }
