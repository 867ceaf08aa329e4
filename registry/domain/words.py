"""Words: the free text of a record, taken out of it and put back.

Which variables are free text is said once, by the forms (``Variable.holds_words``). Taken out, it is a mirror of the record that holds nothing but
these texts, so that both parts can be stored apart: the text sealed, the rest in the open.
"""

from functools import cache
from typing import Any

from registry.domain.codes.code import Code
from registry.domain.dictionary import Variable, variables
from registry.domain.forms.time import Offset
from registry.domain.part import Part

Plain = dict[str, Any]
Plan = dict[str, "Plan | None"]
"""Where the free text of a model is; None for a text itself. Lists are passed over: their elements are meant."""


def take_out(form: str, content: Plain) -> tuple[Plain, Plain]:
    """The content of a record without its free text, and the mirror of it that holds the free text alone."""
    words = _words(content, plan(form))
    return (_without(content, words), words) if words else (content, words)


def put_back(content: Plain, words: Plain) -> Plain:
    """The content as it was."""
    return _merged(content, words) if words else content


@cache
def plan(form: str) -> Plan:
    """Where the free text of a form is."""
    found: Plan = {"retracted": None}  # common to all forms, and described apart from their variables
    for variable in variables():
        if variable.form == form and (inner := _inside(variable)) != {}:
            *above, last = variable.path.replace("[]", "").split(".")
            place = found
            for name in above:
                place = place.setdefault(name, {})  # type: ignore[assignment]
            place[last] = inner
    return found


def _inside(variable: Variable) -> Plan | None:
    """What of a variable is free text: None for all of it, nothing for ``{}``."""
    if variable.holds_words:
        return None
    model = _WITH_WORDS.get(variable.kind)
    fields = model.model_fields if model else {}
    return {
        name: None
        for name, info in fields.items()
        if isinstance(info.json_schema_extra, dict) and info.json_schema_extra.get("x-free-text")
    }


_WITH_WORDS: dict[str, type[Part]] = {"offset": Offset, "code": Code}
"""Values that carry the words of the source beside what they mean."""


def _words(value: Any, where: Plan) -> Plain:
    if isinstance(value, list):
        return {str(i): found for i, one in enumerate(value) if (found := _words(one, where))}
    return {
        name: found
        for name, deeper in where.items()
        if name in value and (found := value[name] if deeper is None else _words(value[name], deeper))
    }


def _without(value: Any, words: Plain) -> Any:
    if isinstance(value, list):
        return [_without(one, words[str(i)]) if str(i) in words else one for i, one in enumerate(value)]
    return {
        name: _without(one, words[name]) if name in words else one
        for name, one in value.items()
        if not isinstance(words.get(name), str)
    }


def _merged(value: Any, words: Any) -> Any:
    if isinstance(words, str):
        return words
    if isinstance(value, list):
        return [_merged(one, words[str(i)]) if str(i) in words else one for i, one in enumerate(value)]
    return {**value, **{name: _merged(value.get(name), inner) for name, inner in words.items()}}
