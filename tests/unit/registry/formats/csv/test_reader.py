"""CSV in: a row is a submission, or it is refused with its line and everything that is wrong with it."""

import io

import orjson
import pytest

from registry.errors import BadRequest
from registry.formats.csv.errors import with_errors
from registry.formats.csv.reader import read
from registry.formats.item import Options

AT = "2026-03-04T09:12:00+09:00"


def items(text, **options):
    return list(read(io.BytesIO(text.encode()), Options(**options)).items)


def envelope(text, **options):
    (item,) = items(text, **options)
    assert item.problems == ()
    return orjson.loads(item.envelope)


def test_columns_win_over_what_is_said_beside_the_file():
    text = f"case,recorded_at,reason,birth,egfr\nA,{AT},typing error,1950,\n"
    found = envelope(text, recorded_at="2020-01-01T00:00:00Z", reason="other")
    assert found == {
        "case": "A",
        "recorded_at": AT,
        "reason": "typing error",
        "forms": {"patient": {"birth": "1950"}},
    }
    beside = envelope("case,birth,egfr\nA,1950,60\n", recorded_at=AT, reason="other")
    assert (beside["recorded_at"], beside["reason"]) == (AT, "other")


def test_nobody_said_when_it_was_recorded():
    with pytest.raises(BadRequest, match="add a column `recorded_at`"):
        items("case,birth,egfr\nA,1950,\n")


def test_everything_wrong_with_a_row_is_said_at_once():
    (item,) = items("case,assess_date,nrs_worst,site_side\nA B,1.2.2025,99,!x\n", recorded_at=AT)
    assert item.envelope is None
    assert item.case is None
    assert item.source == b"A B,1.2.2025,99,!x"
    places = {problem.pointer: problem.rule for problem in item.problems}
    assert places == {
        "/forms/pain_assessment/0/assess_date": "E06",
        "/forms/pain_assessment/0/site_side": "unknown_reason",
        "/case": "case_name",
        "/forms/pain_assessment/0/nrs_worst": "E11",
    }


def test_a_wide_row_holds_many_records():
    text = "case,function[2].ecog,function[1].ecog,patient.birth,death.cause\nA,3,2,1950,\n"
    assert envelope(text, recorded_at=AT)["forms"] == {
        "function": [{"ecog": 2}, {"ecog": 3}],
        "patient": {"birth": "1950"},
    }


def test_rows_are_read_as_they_are_asked_for():
    file = io.BytesIO(b"case,birth,egfr\n" + b"A,1950,\n" * 500_000)
    incoming = read(file, Options(AT))
    assert [next(incoming.items).place for _ in range(10)] == [f"line {n}" for n in range(2, 12)]
    assert file.tell() < 1_000_000


def test_what_is_no_table_further_on_is_refused_before_any_row():
    with pytest.raises(BadRequest, match="line 12 is longer"):
        items("case,birth,egfr\n" + "A,1950,\n" * 10 + "x" * 2_000_000, recorded_at=AT)


class TestErrors:
    HEAD = "case;nrs_worst;site_side"

    def written(self, head, *rows):
        return "".join(with_errors(head, rows)).removeprefix("\ufeff")

    def finding(self, severity, pointer, message):
        return {"severity": severity, "rule": "x", "pointer": pointer, "message": message}

    def test_stand_beside_the_row_under_the_name_of_the_column(self):
        found = self.written(
            self.HEAD,
            (b"A;7;left", []),
            (
                b'"B;b";17;left',
                [
                    self.finding("reject", "/forms/pain_assessment/0/nrs_worst", "too high"),
                    self.finding("query", "/forms/pain_assessment/0/site_side", "`site_side` again?"),
                    self.finding("note", "", "never mind"),
                    self.finding("reject", "/forms/pain_assessment/0/at/unit", "missing"),
                ],
            ),
        )
        assert found.splitlines() == [
            "case;nrs_worst;site_side;errors",
            "A;7;left;",
            '"B;b";17;left;nrs_worst: too high | question: `site_side` again? | at.unit: missing',
        ]

    def test_replace_those_of_the_file_before(self):
        assert self.written("case,errors,egfr", (b"A,old,1", [])).splitlines()[1] == "A,,1"

    def test_formulas_are_tamed_and_broken_rows_kept_whole(self):
        found = self.written(self.HEAD, (b"=x;@y;-1", []), (b'A;"open', []), (b"A;1;2;3", []))
        assert found.splitlines()[1:] == ["'=x;'@y;-1;", '"A;""open";;;', "A;1;2;;3"]
