from registry.domain.report.opioid_table import SECTION
from tests.factories_analysis import a_response, a_row, a_study, a_window


def test_rates_by_table_and_who_changes_category() -> None:
    torn = a_window("PR", by_table={"MPS-OME-1": "PR", "CDC-2017": "PP", "CDC-2022": "PR"})
    firm = a_window("IR", by_table={"MPS-OME-1": "IR", "CDC-2017": "IR", "CDC-2022": "IR"})
    rows = [a_row(response_radiotherapy=a_response("PR", M2=window)) for window in (torn, firm)]
    (table,) = SECTION.build(a_study(*rows))
    told = {row.head: [cell.text for cell in row.cells] for row in table.rows}
    assert told["MPS-OME-1 (primary)"][0].startswith("1/2")
    assert told["CDC-2017"][0].startswith("0/2")
    assert told["CDC-2017"][2] == "1 (50 %)"
    assert told["CDC-2022"][2] == "0 (0 %)"
