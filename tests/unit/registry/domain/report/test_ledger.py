from registry.domain.report.document import SiteFlow
from registry.domain.report.ledger import SECTION, flows_told, together, unbalanced
from tests.factories_analysis import a_row, a_study

LEDGER = (SiteFlow("A", 30, 25, 3, 1, 1), SiteFlow("B", 7, 7, 0, 0, 0), SiteFlow("C", 2, 0, 2, 0, 0))
SITES = ("A",) * 20 + ("B",) * 3


def test_what_was_received_is_what_became_of_it() -> None:
    assert unbalanced(LEDGER) == []
    assert unbalanced([SiteFlow("A", 30, 25, 3, 1, 0)]) == ["A"]


def test_sites_together() -> None:
    assert together(LEDGER, "all") == SiteFlow("all", 39, 32, 5, 1, 1)


def test_staff_see_every_site_also_one_without_patients() -> None:
    study = a_study(*[a_row()] * 23, sites=SITES, ledger=LEDGER)
    assert flows_told(study) == list(LEDGER)


def test_sites_of_few_patients_are_pooled_for_the_public() -> None:
    study = a_study(
        *[a_row()] * 43,
        sites=("A",) * 20 + ("B",) * 3 + ("D",) * 20,
        audience="public",
        ledger=(*LEDGER, SiteFlow("D", 1, 1, 0, 0, 0)),
    )
    assert [flow.site for flow in flows_told(study)] == ["D", "other sites"]
    assert flows_told(study)[1] == SiteFlow("other sites", 39, 32, 5, 1, 1)


def test_a_ledger_that_does_not_add_up_is_said_aloud() -> None:
    warning, table = SECTION.build(a_study(ledger=(SiteFlow("A", 2, 1, 0, 0, 0),)))
    assert warning.kind == "warning"
    assert [cell.text for cell in table.rows[-1].cells] == ["2", "1", "0", "0", "0"]
