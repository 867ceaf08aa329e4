"""JSON in: what loose parsers let through is refused, with the place and a sentence."""

import orjson
import pytest

from registry.formats.json import NOT_JSON, array, document, lines


def refused(body: bytes, max_depth: int = 20) -> tuple[str, str, str]:
    parsed, problem = document(body, max_depth=max_depth)
    assert parsed is None
    assert problem is not None
    assert problem.severity == "reject"
    assert problem.rule in NOT_JSON
    return problem.rule, problem.pointer, problem.message


def accepted(body: bytes, max_depth: int = 20) -> object:
    parsed, problem = document(body, max_depth=max_depth)
    assert problem is None
    return parsed


class TestDocument:
    @pytest.mark.parametrize(
        ("body", "says"),
        [
            (b"", "the body is empty"),
            (b" \n\t", "the body is empty"),
            (b"patient: 1", "line 1, column 1"),
            (b'{"a": 1,\n "b": }', "line 2, column 7"),
            (b'{"a": 1} {"b": 2}', "line 1, column 10"),
            (b'{"a": NaN}', "column 7"),
            (b'{"a": -Infinity}', "column 8"),
            (b'{"a": 1e999}', "infinity"),
            (b"{'a': 1}", "column 2"),
            (b'{"a": "\xe9"}', "byte 8 is not UTF-8; save the text as UTF-8"),
            (b'{"a": "\xed\xa0\x80"}', "is not UTF-8"),
            (b'{"a": "\\ud800"}', "surrogate"),
            (b'\xef\xbb\xbf{"a": 1}', "byte order mark"),
            (b'{"a": "x\ny"}', "control character"),
            (b'{"a": 1', "line 1, column 8"),
        ],
    )
    def test_what_is_not_json_is_refused_with_its_place(self, body, says):
        rule, pointer, message = refused(body)
        assert (rule, pointer) == ("not_json", "")
        assert message.startswith("not JSON: ")
        assert says in message

    def test_a_hostile_depth_is_refused_and_not_recursed_into(self):
        assert (
            refused(b"[" * 100_000 + b"]" * 100_000)[0] == "not_json"
        )  # beyond what the parser itself takes
        assert refused(b"[" * 500 + b"]" * 500)[0] == "too_deep"

    def test_depth_is_counted_to_the_level(self):
        assert accepted(b'{"a": [{}]}', max_depth=3) == {"a": [{}]}
        assert refused(b'{"a": [[{}]]}', max_depth=3)[2] == "the JSON is nested deeper than 3 levels"
        assert accepted(b"1", max_depth=0) == 1

    @pytest.mark.parametrize(
        "body",
        [
            b'{"case": 1, "case": 2}',
            b'{"case":1,"case" :2}',
            b'{"case":":","case":1,":x":2}',
            b'{"case": 1, "c\\u0061se": 1}',
            b'{"a": [{"b": {"case": null, "x": 1, "case" : null}}]}',
        ],
    )
    def test_a_name_that_stands_twice_is_named(self, body):
        rule, _, message = refused(body)
        assert rule == "duplicate_key"
        assert message == "the name `case` stands twice in one object; send it once"

    @pytest.mark.parametrize(
        "body",
        [
            b'[{"a": 1}, {"a": 1}]',
            b'{"a": "\\"a\\": 1, \\"a\\": 2"}',
            b'{"a": "x", "b" :"a", "c\\\\": "\\\\"}',
            b'{"a:": ":", "b": "a\\":"}',
            b'{":a":1,"b":[":",":"],"c":":", ":d":"  :"}',
        ],
    )
    def test_the_same_text_elsewhere_is_no_duplicate(self, body):
        assert accepted(body) == orjson.loads(body)

    @pytest.mark.parametrize(
        ("body", "pointer"),
        [
            (b'{"forms": {"death": [{"note": "a\\u0000b"}]}}', "/forms/death/0/note"),
            (b'{"forms": {"a\\u0000": 1}}', "/forms"),
            (b'{"a/b": {"~": ["", "\\u0000"]}}', "/a~1b/~0/1"),
            (b'"\\u0000"', ""),
        ],
    )
    def test_nul_is_refused_where_it_stands(self, body, pointer):
        """PostgreSQL can store it neither as text nor as JSON: accepted, it would break every later step."""
        assert refused(body)[:2] == ("nul_character", pointer)

    def test_an_escaped_backslash_before_u0000_is_no_nul(self):
        assert accepted(b'{"a": "\\\\u0000"}') == {"a": "\\u0000"}

    def test_no_value_is_repeated_in_a_message(self):
        bodies = (b'{"name": "Yamada", x}', b'{"a": "Yamada\\u0000"}', b'{"a": "Yamada", "a": "Yamada"}')
        assert all("Yamada" not in refused(body)[2] for body in bodies)


class TestLines:
    def test_one_document_a_line_and_blank_lines_are_none(self):
        assert lines(b'{"a": 1}\r\n\n  {"b": 2}\n \nnot json') == [b'{"a": 1}', b'{"b": 2}', b"not json"]

    def test_nothing_is_no_document(self):
        assert lines(b"\n\r\n") == []


class TestArray:
    def test_each_document_keeps_its_own_bytes(self):
        items = [
            b'{ "a" : 1.50 }',
            b'{"a": 1, "a": 2}',  # its own affair: refused when it is read, without its neighbours
            '{"é": "\\u00e9", "n": 12345678901234567890}'.encode(),
            b'"],["',
            b"[[]]",
            b"null",
            b"-0",
        ]
        found, count, problem = array(b" [\n" + b" ,\t".join(items) + b"\r\n] ")
        assert problem is None
        assert list(found) == items
        assert count == len(items)

    def test_an_empty_array_holds_nothing(self):
        found, count, problem = array(b" [ ] ")
        assert (list(found), count, problem) == ([], 0, None)

    @pytest.mark.parametrize(
        ("body", "rule", "says"),
        [
            (b"{}", "wrong_type", "array of submissions"),
            (b"1", "wrong_type", "NDJSON"),
            (b'[{"a": 1}', "not_json", "column 10"),
            (b"[1 2]", "not_json", "column 4"),
            (b"[1,]", "not_json", "trailing comma"),
            (b'["\xff"]', "not_json", "byte 3 is not UTF-8"),
            (b"[" * 1000 + b"]" * 1000, "too_deep", "nested deeper"),
        ],
    )
    def test_what_is_no_array_is_refused(self, body, rule, says):
        found, _, problem = array(body)
        assert list(found) == []
        assert problem is not None
        assert problem.rule == rule
        assert says in problem.message


@pytest.mark.parametrize("piece", [b"[],", b"{},", b"1,"])
@pytest.mark.parametrize("reader", [array, lambda body: document(body, max_depth=20)])
def test_more_values_than_are_taken_are_refused_before_they_are_made(piece, reader, monkeypatch):
    monkeypatch.setattr("registry.formats.json.MOST_VALUES", 100)
    monkeypatch.setattr("orjson.loads", None)
    *_, problem = reader(b"[" + piece * 100 + b"1]")
    assert problem is not None
    assert problem.rule == "too_many_values"
