"""Tables from bytes: encodings, separators, rows that cannot be split."""

import io

import pytest

from registry.errors import BadRequest
from registry.formats.csv.rows import read_table


def table(body, charset=None):
    return read_table(io.BytesIO(body if isinstance(body, bytes) else body.encode()), charset)


def cells(body, charset=None):
    found = table(body, charset)
    return [found.heading, *(row.cells for row in found.rows)]


class TestEncodings:
    @pytest.mark.parametrize(
        ("body", "charset"),
        [
            ("case;x\n1;é\n".encode(), None),
            ("\ufeffcase;x\n1;é\n".encode(), None),
            ("\ufeffcase;x\n1;é\n".encode("utf-16-le"), None),
            ("\ufeffcase;x\n1;é\n".encode("utf-16-be"), None),
            ("case;x\n1;é\n".encode("utf-16"), "UTF-16"),
            ("case;x\n1;é\n".encode("cp1252"), None),
            ("case;x\n1;é\n".encode("cp1252"), "Windows-1252"),
            ("case;x\n1;é\n".encode("cp1252"), '"iso-8859-1"'),
        ],
    )
    def test_are_found_out_or_said(self, body, charset):
        assert cells(body, charset) == [["case", "x"], ["1", "é"]]

    def test_windows_1252_that_nobody_declared_is_noted(self):
        assert [one.rule for one in table("a;b\n1;é".encode("cp1252")).notes] == ["read_as_windows_1252"]
        assert table("a;b\n1;é".encode("cp1252"), "cp1252").notes == []
        assert table("a;b\n1;é").notes == []

    def test_japanese_is_never_taken_for_windows_1252(self):
        body = "case;x\n1;カルテ\n".encode("cp932")
        with pytest.raises(BadRequest, match="shift_jis"):
            table(body)
        assert cells(body, "Shift_JIS")[1] == ["1", "カルテ"]

    def test_a_row_in_another_encoding_is_refused_alone(self):
        rows = list(table(b"a;b\n1;\xc3\xa9\n2;\xe9\n3;ok\n").rows)
        assert [row.fault.rule if row.fault else None for row in rows] == [None, "not_utf8", None]

    @pytest.mark.parametrize(
        ("body", "charset", "code"),
        [
            (b"", None, "empty"),
            (b"\n\n", None, "empty"),
            (b"PK\x03\x04", None, "not_csv"),
            (b"%PDF-1.7", None, "not_csv"),
            (b"\x1f\x8b\x08", None, "not_csv"),
            ("a;b\n".encode("utf-16-le"), None, "nul_character"),
            (b"\xff\xfea\x00;", None, "not_decodable"),
            (b"a;\x81\x8d", None, "not_utf8"),
            (b"a;\x81", "cp1252", "not_decodable"),
            (b"a;b", "klingon", "unknown_charset"),
            (b"a" * 1_000_001, None, "line_too_long"),
            (b"a;" * 10_001, None, "too_many_columns"),
            (b'"a', None, "not_a_row"),
        ],
    )
    def test_what_is_no_table_is_refused_with_the_remedy(self, body, charset, code):
        with pytest.raises(BadRequest) as caught:
            table(body, charset)
        assert caught.value.facts["code"] == code
        assert len(str(caught.value)) < 200


class TestRows:
    @pytest.mark.parametrize("delimiter", [",", ";", "\t", "|", "^"])
    def test_are_split_by_what_splits_the_heading(self, delimiter):
        assert cells(f"case{delimiter}a b\n1{delimiter}2\n") == [["case", "a b"], ["1", "2"]]

    def test_a_first_line_may_say_the_separator(self):
        found = table("sep=|\ncase|a,b,c\n1|2\n")
        assert (found.delimiter, found.heading) == ("|", ["case", "a,b,c"])
        assert found.head == "sep=|\r\ncase|a,b,c"

    @pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
    def test_keep_their_text_and_line_whatever_the_line_end(self, end):
        body = end.join(("a,b", '1,"x\ny"', "", " , ", "2,z"))
        rows = list(table(body).rows)
        assert [row.cells for row in rows] == [["1", "x\ny"], ["2", "z"]]
        assert [row.text for row in rows] == ['1,"x\ny"', "2,z"]
        assert [row.line for row in rows] == [2, 6]

    def test_blanks_around_a_cell_go_but_not_those_that_are_meant(self):
        assert cells("a,b,c\n 1 ,\u00a02\u00a0,\\ 3 \n")[1] == ["1", "2", "\\ 3 "]

    @pytest.mark.parametrize("bad", ['1,"open', '1,"a" b', '"', '1,"' + "x" * 200_000])
    def test_one_that_cannot_be_split_is_refused_and_the_next_is_read(self, bad):
        rows = list(table(f"a,b\n0,0\n{bad}\n2,3\n4,5\n").rows)
        assert [row.line for row in rows] == [2, 3, 4, 5]
        assert rows[1].fault.rule == "not_a_row"
        assert "quote" in rows[1].fault.message
        assert rows[1].text == bad
        assert [row.cells for row in rows[2:]] == [["2", "3"], ["4", "5"]]

    def test_many_open_quotes_take_no_longer_than_their_length(self):
        body = "a,b\n" + '1,"x\n2,y"z\n' * 5_000
        rows = list(table(body).rows)
        assert len(rows) == 10_000

    def test_the_file_stays_open_for_its_owner(self):
        file = io.BytesIO(b"a,b\n1,2\n")
        found = read_table(file)
        del found
        assert not file.closed
