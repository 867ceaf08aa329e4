"""The generated documents: written when stale, and only complained about in a check."""

import csv
import io
import json

import pytest

from docs import generate
from registry.domain.forms import FORMS
from registry.domain.rules.rule import Rule
from registry.formats import codebook


@pytest.fixture
def folder(tmp_path, monkeypatch):
    monkeypatch.setattr(generate, "HERE", tmp_path)
    return tmp_path


class TestMain:
    def test_check_names_what_is_stale_and_writes_nothing(self, folder, capsys):
        assert generate.main(["--check"]) == 1
        assert "data-dictionary.md" in capsys.readouterr().err
        assert list(folder.iterdir()) == []

    def test_written_documents_pass_the_check(self, folder, capsys):
        assert generate.main([]) == 0
        assert generate.main(["--check"]) == 0
        assert {"data-dictionary.md", "codebook.csv", "submission.schema.json"} <= {
            path.name for path in folder.iterdir()
        }

    def test_a_changed_document_is_stale_again(self, folder):
        generate.main([])
        folder.joinpath("codebook.csv").write_text("form\n", encoding="utf-8")
        assert generate.main(["--check"]) == 1


def test_dictionary_has_a_table_for_every_form():
    text = generate.data_dictionary()
    assert [f"## {form.TITLE} (`{form.NAME}`)" in text for form in FORMS] == [True] * len(FORMS)


def test_table_rows_have_five_cells():
    rows = [line for line in generate.data_dictionary().splitlines() if line.startswith(("| `", "| 🔑"))]
    assert {line.replace("\\|", "").count("|") for line in rows} == {6}


def test_codebook_is_rectangular():
    assert {len(row) for row in csv.reader(io.StringIO(codebook.to_csv()))} == {len(codebook.COLUMNS)}


def test_schema_is_json():
    assert json.loads(generate.documents()["submission.schema.json"])["title"] == "Submission"


def test_rule_is_printed_with_its_words_and_examples():
    rule = Rule(
        id="E99",
        version=2,
        severity="query",
        title="Left is not right",
        sentence="The side is told once.",
        message="{side} is told twice; tell it once.",
        why="registry decision",
        fields=("symptoms.side",),
        good=({"symptoms": [{"side": "left"}]},),
        bad=({"symptoms": [{"side": "right"}]},),
        blocking=True,
    )
    text = generate.rule_catalogue([rule])
    assert "## E99 Left is not right" in text
    assert "(version 2): asks the hospital; while open it keeps the case out of the primary analysis" in text
    assert '`{"symptoms": [{"side": "right"}]}`' in text
