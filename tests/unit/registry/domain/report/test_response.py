from registry.domain.disclosure.quantities import collect
from registry.domain.report.document import Document, Section, Study
from registry.domain.report.response import SECTION
from tests.factories_analysis import a_response, a_row, a_study, a_window, untreated


def study(audience: str = "staff", **counts: int) -> Study:
    """Treated patients by response, or by the reason why there is none."""
    rows = [
        a_row(response_radiotherapy=a_response(*((name, None) if name.isupper() else (None, name))))
        for name, count in counts.items()
        for _ in range(count)
    ]
    return a_study(*rows, untreated(), audience=audience, threshold=5)


def told(made: Study, column: int = 1) -> dict[str, str]:
    _, table = SECTION.build(made)
    return {row.head: row.cells[column].text for row in table.rows}


def test_both_denominators() -> None:
    found = told(study(CR=4, PR=8, IR=12, PP=8, died_before_window=10, missed=4))
    assert found["Treated"] == "46"
    assert found["Assessable"] == "32 (70 %)"
    assert found["Complete response (CR)"] == "4 (9 %)"
    assert found["died before the assessment"] == "10 (22 %)"
    assert found["Response rate of all treated"] == "12/46 = 26 % (14–41 %)"
    assert found["Response rate of the assessable"] == "12/32 = 38 % (21–56 %)"


def test_the_published_example_of_both_denominators() -> None:
    found = told(study(PR=262, IR=128, died_before_window=42))  # van der Velden et al. 2018: 61 % and 67 %
    assert found["Response rate of all treated"].startswith("262/432 = 60.6 %")
    assert found["Response rate of the assessable"].startswith("262/390 = 67.2 %")


def test_who_may_still_be_assessed_is_named_and_a_rate_without_them_is_printed() -> None:
    found = told(study(PR=3, IR=3, pending=2))
    assert found["… of the treated whose assessment was due"] == "3/6 = 50 % (12–88 %)"
    assert found["Response rate of all treated"].startswith("3/8")


def test_the_table_adds_up() -> None:
    made = study(CR=4, PR=8, IR=12, died_before_window=10, missing_nrs=3, pending=1)
    blocks = SECTION.build(made)
    document = Document("", 1, "public", made.cutoff, made.as_of, "", {}, (Section("s", "", blocks),))
    collect(document, 0)  # raises where a declared total is none


def test_windows_are_counted_apart() -> None:
    late = a_response("PR", M3=a_window(None, "died_before_window"))
    made = a_study(a_row(response_radiotherapy=late), a_row())
    assert told(made, 1)["Response rate of all treated"].startswith("2/2")
    assert told(made, 2)["Response rate of all treated"].startswith("1/2")


def test_for_the_public_few_in_a_category_are_told_as_responders_or_not() -> None:
    found = told(study("public", CR=2, PR=18, IR=15, PP=15, died_before_window=10, missed=3, lost=7))
    assert found["Responders (CR, PR)"] == "20 (29 %)"
    assert found["alive, no response known"] == "10 (14 %)"
    assert "Complete response (CR)" not in found


def test_nobody_treated() -> None:
    (warning,) = SECTION.build(a_study(untreated()))
    assert warning.kind == "warning"
