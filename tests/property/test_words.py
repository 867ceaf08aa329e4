"""Free text is taken out of every record and put back as it was, and nothing of it stays behind."""

from typing import Any

import pytest
from hypothesis import given

from registry.domain.dictionary import variables
from registry.domain.forms import FORMS
from registry.domain.words import plan, put_back, take_out
from tests.strategies import RECORDS


def texts(value: Any) -> list[str]:
    if isinstance(value, str):
        return [value]
    inside = value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
    return [text for one in inside for text in texts(one)]


def marked(where: Any, value: Any, words: str) -> Any:
    """The record with these words wherever it has free text."""
    if where is None:
        return words
    if isinstance(value, list):
        return [marked(where, one, words) for one in value]
    return {
        **value,
        **{name: marked(deeper, value[name], words) for name, deeper in where.items() if name in value},
    }


@given(RECORDS)
def test_taken_out_and_put_back(record):
    form, content = record
    content = marked(plan(form.NAME), form.model_validate(content).plain, "the patient's own words")
    rest, words = take_out(form.NAME, content)
    assert "the patient's own words" not in texts(rest)
    assert set(texts(words)) <= {"the patient's own words"}
    assert put_back(rest, words) == content


@pytest.mark.parametrize("form", FORMS, ids=lambda form: form.NAME)
def test_every_free_text_of_the_dictionary_is_in_the_plan(form):
    for variable in variables():
        if variable.form == form.NAME and (variable.free_text or variable.kind in ("offset", "code")):
            where: Any = plan(form.NAME)
            for name in variable.path.replace("[]", "").split("."):
                where = where[name]
            assert where is None or "verbatim" in where
