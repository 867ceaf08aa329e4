from registry.domain.report.treatments import SECTION
from tests.factories_analysis import a_row, a_study, untreated

IRRADIATED = a_row(
    rt_dose_gy=30.0, rt_fractions=10, rt_eqd2_10_gy=32.5, rt_technique="IMRT", rt_completed="truncated"
)


def told(table) -> dict[str, list[str]]:
    return {row.head: [cell.text for cell in row.cells] for row in table.rows}


def test_kinds_of_treatment_and_interventions() -> None:
    rows = (IRRADIATED, untreated(interventions=("nerve_block", "rfa")), a_row(treatment="both"))
    table, _ = SECTION.build(a_study(*rows))
    assert table.columns == ("radiotherapy alone", "radiotherapy and systemic therapy", "neither", "All")
    assert told(table)["nerve block"] == ["0 (0 %)", "0 (0 %)", "1 (100 %)", "1 (33 %)"]
    assert told(table)["none of these"][-1] == "2 (67 %)"


def test_radiotherapy_as_delivered() -> None:
    _, doses = SECTION.build(a_study(IRRADIATED, untreated()))
    assert told(doses)["Patients"] == ["1"]
    assert told(doses)["Dose delivered, Gy"] == ["30.0 (30.0–30.0)"]
    assert told(doses)["ended early"] == ["1 (100 %)"]


def test_nobody_irradiated() -> None:
    (table,) = SECTION.build(a_study(untreated()))
    assert table.id == "t3_treatments"
