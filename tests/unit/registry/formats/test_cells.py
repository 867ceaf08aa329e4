"""Cells: what can be read without guessing is read, the rest is refused with the remedy or left to the forms."""

import pytest

from registry.formats.cells import (
    Empty,
    Missing,
    Style,
    Unclear,
    is_formula,
    read_cell,
    read_foreign,
    write_cell,
)
from registry.formats.columns import columns

PAIN, PATIENT, EPISODE = columns("pain_assessment"), columns("patient"), columns("mps_episode")
DATE, SCORE, MM = PAIN["assess_date"], PAIN["nrs_worst"], PAIN["vas_worst_mm"]
WORDS, ITEMS, ASKED = PAIN["narrative_text"], PAIN["lanss_items"], PATIENT["eligibility.inclusion_consent"]
COMMA = Style(decimal_comma=True)


def refused(text, column, style=COMMA):
    with pytest.raises(Unclear) as caught:
        read_cell(text, column, style)
    assert text not in str(caught.value)  # a value may name the patient
    return caught.value.code, str(caught.value)


class TestDates:
    @pytest.mark.parametrize(
        ("text", "iso"),
        [
            ("2025-03-04", "2025-03-04"),
            ("2025-3-4", "2025-03-04"),
            ("2025/03/04", "2025-03-04"),
            ("2025.3.4", "2025-03-04"),
            ("2025-03", "2025-03"),
            ("03/2025", "2025-03"),
            ("2025", "2025"),
            ("2025-03-04 00:00:00", "2025-03-04"),
            ("2025-03-04T00:00:00.000", "2025-03-04"),
            ("unknown", "unknown"),
            ("2025-03-04 09:12", "2025-03-04 09:12"),
        ],
    )
    def test_year_first_is_read_and_words_are_left_to_the_form(self, text, iso):
        assert read_cell(text, DATE) == iso

    @pytest.mark.parametrize("text", ["12-09-1994", "12/09/1994", "12.09.1994", "25-12-1994", "1-2-1994"])
    def test_day_and_month_are_never_guessed(self, text):
        code, says = refused(text, DATE)
        assert code == "E06"
        assert "write YYYY-MM-DD, or declare the order" in says

    @pytest.mark.parametrize(
        ("order", "iso"), [("DMY", "1994-09-12"), ("MDY", "1994-12-09")], ids=["day first", "month first"]
    )
    def test_but_read_as_the_column_declares(self, order, iso):
        assert read_cell("12-09-1994", DATE, Style(order=order)) == iso
        assert read_cell("1994-09-12", DATE, Style(order=order)) == "1994-09-12"

    @pytest.mark.parametrize(("text", "says"), [("12-09-94", "two digits"), ("45764", "day number")])
    def test_other_habits_of_spreadsheets_are_explained(self, text, says):
        assert says in refused(text, DATE)[1]


class TestNumbers:
    @pytest.mark.parametrize(
        ("text", "value"),
        [("7", 7), ("+7", 7), ("-7", -7), ("7.0", 7), ("7.", 7), ("1.5", 1.5), (".5", 0.5), ("1e3", 1000.0)],
    )
    def test_are_read(self, text, value):
        found = read_cell(text, MM)
        assert (found, type(found)) == (value, type(value))

    @pytest.mark.parametrize("text", ["7.5", "4-5", "<3", "7 mm", "seven", "1e999", "1.234,5", "٧"])
    def test_what_is_no_whole_number_is_left_to_the_form(self, text):
        assert read_cell(text, SCORE, COMMA) in (text, 7.5)

    def test_a_decimal_comma_is_read_where_commas_do_not_separate(self):
        assert read_cell("72,5", MM, COMMA) == 72.5
        assert read_cell("7,0", SCORE, COMMA) == 7
        assert refused("72,5", MM, Style())[0] == "decimal_comma"

    def test_a_number_too_large_for_any_is_no_infinity(self):
        assert read_cell("9" * 400 + ".5", MM) == "9" * 400 + ".5"


class TestOtherValues:
    @pytest.mark.parametrize(
        ("text", "value"), [("TRUE", True), ("yes", True), ("1", True), ("No", False), ("0", False)]
    )
    def test_truth(self, text, value):
        assert read_cell(text, ASKED) is value

    def test_truth_that_is_none_is_left_to_the_form(self):
        assert read_cell("perhaps", ASKED) == "perhaps"

    @pytest.mark.parametrize(
        ("text", "value"),
        [("5;0;3", [5, 0, 3]), (" 5 ; 0 ;", [5, 0]), ("[5, 0]", [5, 0]), ("[]", [])],
    )
    def test_lists(self, text, value):
        assert read_cell(text, ITEMS) == value

    @pytest.mark.parametrize("text", ["[1", "[[1]]", '[{"a": 1}]', "[x]", "[" * 5000])
    def test_what_begins_as_a_list_must_be_one(self, text):
        assert refused(text, ITEMS)[0] == "wrong_list"

    def test_reasons(self):
        assert read_cell("!not_asked", SCORE) == Missing("not_asked")
        code, says = refused("!because", SCORE)
        assert code == "unknown_reason"
        assert "!not_asked" in says

    def test_groups_with_nothing_in_them(self):
        assert read_cell("{}", EPISODE["imaging[].modality"]) == Empty({})
        assert read_cell("[]", EPISODE["imaging[].modality"]) == Empty([])
        assert read_cell("[]", EPISODE["mechanism"]) == []

    @pytest.mark.parametrize("text", ["N/A", "NULL", "NaN", "#N/A", "#REF!", "#VALUE!", "#DIV/0!"])
    def test_no_value_is_no_text(self, text):
        with pytest.raises(Unclear, match="holds no value"):
            read_cell(text, WORDS)

    def test_a_country_may_be_called_na(self):
        assert read_cell("NA", PATIENT["country"]) == "NA"


class TestFormulas:
    @pytest.mark.parametrize(
        "text", ["=1+1", "@SUM(A1)", "+cmd|' /C calc'!A0", "-2+3+cmd|'x'!A0", '=HYPERLINK("x")']
    )
    def test_are_refused_and_never_repeated(self, text):
        assert refused(text, WORDS)[0] == "formula"

    @pytest.mark.parametrize("text", ["-5", "+49 30 123", "- better at night", "a=b"])
    def test_what_only_looks_like_one_is_text(self, text):
        assert not is_formula(text)
        assert read_cell(text, WORDS) == text

    def test_a_backslash_takes_the_rest_as_it_stands(self):
        assert read_cell("\\=1+1", WORDS) == "=1+1"
        assert read_cell("\\!not_asked", WORDS) == "!not_asked"

    def test_marks_of_ours_mean_nothing_in_foreign_tables(self):
        assert read_foreign("!not_asked", WORDS) == "!not_asked"
        assert read_foreign("\\x", WORDS) == "\\x"


@pytest.mark.parametrize(
    "value", [None, True, False, 0, -1.5, "a", "", " a ", "=x", "!x", "\\", "[]", "{}", "N/A"]
)
def test_what_is_written_is_read_again(value):
    column = ASKED if isinstance(value, bool) else MM if isinstance(value, int | float) else WORDS
    text = write_cell(value)
    assert (read_cell(text, column) if text else None) == value
