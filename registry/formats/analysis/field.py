"""Fields of an analysis table: a column, how its value is found, and with whom it may be shared."""

import hashlib
import re
from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import cache
from typing import Any, Literal

from registry.domain.codes.code import Code
from registry.domain.codes.systems import short_system
from registry.domain.dictionary import Variable, variables
from registry.formats.table import Column

Sharing = Literal["safe", "limited", "internal"]
"""Where a field may go: into every data set, not into a safe-harbour one, or only to the registry's own analysts."""

MAX_NAME = 32
"""Longest name of a variable in Stata."""


@dataclass(frozen=True, slots=True)
class Field:
    """One column with the function that finds its value in what its table is about.

    shared  finds it for everyone but the registry's own analysts, where they are told less
    """

    column: Column
    find: Callable[[Any], Any]
    sharing: Sharing = "safe"
    shared: Callable[[Any], Any] | None = None


TOLD = {
    "primary_cancer.stage_group": re.compile(r"[0-4IVXA-D]{1,4}[A-Da-d]?[0-9]{0,2}"),
    "function.qol[].scale": re.compile(
        r"(?i)index|vas|total|global|physical|emotional|social|pain|fatigue|nausea|dyspnoea|insomnia|appetite|constipation"
        r"|ql|pf|ef|fa|nv|pa|dy|sl|ap|co"  # as QLQ-C15-PAL abbreviates them
    ),
}
"""Safe texts that take any word: others are told those of this form, and nothing in place of what is not."""

_SHAPE = re.compile(r"(?=.*\d)[A-Za-z0-9./-]{1,18}")
"""Form of a code of any terminology that is used here; a name has none."""


def told(code: Code | None) -> Code | None:
    """The code where it is one of a known terminology by its form: the fields of a code take any text."""
    return code if code and short_system(code.system) and _SHAPE.fullmatch(code.code) else None


def icd_o(field: Field) -> Field:
    """A field that finds a code of ICD-O-3: others are told it only where it has the form of one."""

    def shared(about: Any) -> Any:
        code = field.find(about)
        return code if code and told(Code.model_construct(system="ICD-O-3", code=code)) else None

    return replace(field, shared=shared)


@cache
def variable(name: str) -> Variable:
    """The variable of the dictionary that is called ``form.path``. Raises LookupError."""
    for one in variables():
        if f"{one.form}.{one.path}" == name:
            return one
    raise LookupError(f"there is no variable {name}")


def values_of(name: str) -> tuple[tuple[str, str], ...]:
    """Permitted values of a variable with their meanings, as labels without the full stop."""
    return tuple((value, meaning.rstrip(".")) for value, meaning in variable(name).values)


def short_name(path: str, ending: str = "") -> str:
    """The name of a variable in every statistics program: at most 32 characters, the same path the same name.

    A path that is too long loses its groups from the left, and is marked with four digits of its hash if that does not
    help.
    """
    whole = path
    while True:
        name = path.replace("[].", ".").replace(".", "_") + ending
        if len(name) <= MAX_NAME:
            return name
        _, found, rest = path.partition(".")
        if not found:
            mark = hashlib.sha256(f"{whole}{ending}".encode()).hexdigest()[:4]
            return f"{name[: MAX_NAME - 5]}_{mark}"
        path = rest
