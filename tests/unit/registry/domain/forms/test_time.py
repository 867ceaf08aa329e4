"""Times in records without calendar dates, and dates that must be known to the day."""

import pytest
from pydantic import TypeAdapter, ValidationError

from registry.domain.forms.time import ExactDate, Offset

EXACT = TypeAdapter(ExactDate)


class TestExactDate:
    def test_day_is_taken_as_written(self):
        assert EXACT.validate_python("2024-02-29").text == "2024-02-29"

    @pytest.mark.parametrize(("text", "precision"), [("2024-02", "month"), ("2024", "year")])
    def test_month_and_year_are_refused_with_the_remedy(self, text, precision):
        with pytest.raises(ValidationError) as refused:
            EXACT.validate_python(text)
        (problem,) = refused.value.errors()
        assert problem["type"] == "exact_date"
        assert precision in problem["msg"]
        assert "write YYYY-MM-DD" in problem["msg"]

    def test_impossible_day_stays_a_partial_date_problem(self):
        with pytest.raises(ValidationError) as refused:
            EXACT.validate_python("2023-02-29")
        assert refused.value.errors()[0]["type"] == "partial_date"

    def test_schema_asks_for_the_day(self):
        assert EXACT.json_schema()["format"] == "date"


class TestOffset:
    @pytest.mark.parametrize(
        ("value", "unit", "days"),
        [(3, "d", 3), (2, "wk", 14), (8, "mo", 243.5), (4, "a", 1461), (-1, "mo", -30.4375)],
    )
    def test_days_use_the_ucum_month_and_year(self, value, unit, days):
        assert Offset(value=value, unit=unit, origin="symptom_onset").days == days

    def test_text_names_origin_number_and_limit(self):
        offset = Offset(value=7, unit="mo", origin="treatment_end", relation="more_than")
        assert str(offset) == "more_than treatment_end+7mo"

    def test_words_of_the_source_are_no_part_of_the_time(self):
        offset = Offset(value=-1, unit="mo", origin="presentation")
        assert str(offset) == str(offset.model_copy(update={"verbatim": "a month ago"})) == "presentation-1mo"

    @pytest.mark.parametrize("origin", ["onset", "", None])
    def test_unknown_origin_is_refused(self, origin):
        with pytest.raises(ValidationError):
            Offset.model_validate({"value": 1, "unit": "d", "origin": origin})
