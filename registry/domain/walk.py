"""Walk over the values of a record that are of one kind, however deep they lie in its groups and lists.

Which variables there are is read off the dictionary once for each form; a walk then only follows attributes.
So a rule may look at every date or every text of a case in microseconds.
"""

from collections.abc import Callable, Iterator
from functools import lru_cache
from typing import Any

from registry.domain.dictionary import Variable, variables
from registry.domain.forms import FORMS_BY_NAME
from registry.domain.forms.form import Form

Chosen = Callable[[Variable], bool]
Step = tuple[str, bool]  # attribute, and whether it holds a list
Found = tuple[Variable, str, Any]


def values(record: Form, chosen: Chosen) -> Iterator[Found]:
    """Every stated value of the chosen variables: variable, place in the record (``imaging/0/date``), value.

    ``chosen`` is asked once for each variable of the dictionary, so it must be a function that lasts.
    """
    for variable, first, many, rest in _plan(record.NAME, chosen):
        value = getattr(record, first)
        if value is None:
            continue
        if rest or many:
            for place, inner in _inside(value, many, rest, first):
                yield variable, place, inner
        else:
            yield variable, first, value


@lru_cache(maxsize=256)
def _plan(form: str, chosen: Chosen) -> tuple[tuple[Variable, str, bool, tuple[Step, ...]], ...]:
    found = []
    for variable in variables():
        if variable.form == form and chosen(variable):
            names = (variable.path + "[]" * variable.many).split(".")
            (first, many), *rest = [(name.removesuffix("[]"), name.endswith("[]")) for name in names]
            found.append((variable, first, many, tuple(rest)))
    return tuple(found)


def _inside(value: Any, many: bool, rest: tuple[Step, ...], place: str) -> Iterator[tuple[str, Any]]:
    if many:
        for i, one in enumerate(value):
            yield from _inside(one, False, rest, f"{place}/{i}")
    elif not rest:
        yield place, value
    else:
        (name, inner_many), *more = rest
        inner = getattr(value, name)
        if inner is not None:
            yield from _inside(inner, inner_many, tuple(more), f"{place}/{name}")


def forms_with(chosen: Chosen) -> frozenset[str]:
    """Names of the forms that have a chosen variable."""
    return frozenset(name for name in FORMS_BY_NAME if _plan(name, chosen))
