"""Units: UCUM codes from an allow-list, and the spellings hospitals use for them.

Right syntax is not plausibility: ``Mg`` is a correct UCUM unit, the megagram, and a typing error for
milligram.
"""

import unicodedata
from collections.abc import Collection
from functools import lru_cache

from registry.domain.codes.lists import code_list, near_codes


def normalise_unit(text: str) -> str | None:
    """The UCUM code of a unit as written (``mcg/hr`` is ``ug/h``); None when it is unknown or refused."""
    spelled = text.strip()
    units = code_list("ucum").entries
    if spelled.startswith("Mg"):
        return None
    return spelled if spelled in units else _aliases().get(_folded(spelled))


def check_unit(text: str, allowed: Collection[str] = ()) -> str | None:
    """What is wrong with a unit, in a sentence that says what to do; None when it is fine.

    ``allowed`` are the UCUM codes that fit the variable; empty for any unit of the list.
    """
    unit = normalise_unit(text)
    fitting = ", ".join(allowed)
    if unit is None:
        if text.strip().startswith("Mg"):
            return code_list("ucum").entries["Mg"]["refuse"]
        near = near_codes(text, code_list("ucum"))
        return f"{text!r} is not a unit this registry takes: send " + (
            f"one of {fitting}."
            if fitting
            else f"a UCUM unit{' such as ' + ' or '.join(near) if near else ''}."
        )
    if allowed and unit not in allowed:
        return f"{text!r} does not fit this variable: send the value in {fitting}."
    return None


@lru_cache
def _aliases() -> dict[str, str]:
    return {
        _folded(alias): entry.code
        for entry in code_list("ucum").entries.values()
        for alias in entry["aliases"].split("|")
        if alias
    }


def _folded(text: str) -> str:
    """Spelling without case and without the two different micro signs."""
    return unicodedata.normalize("NFKC", text).casefold()
