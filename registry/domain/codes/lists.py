"""The code lists: versioned data files, read when first asked for, and the check of a code against one of
them.

A list holds the codes this registry meets, never a whole terminology. So a code that is not in it is judged
by its form (and check digit, where the terminology has one) and accepted when the form is right; only a list
marked *closed* admits nothing else. A file is CSV under a head of ``# name: value`` lines that state system,
version, source and licence.
"""

import csv
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from difflib import get_close_matches
from functools import lru_cache
from importlib.resources import files

from registry.domain.codes.check_digits import CHECKS
from registry.domain.codes.code import Code
from registry.domain.codes.systems import SYSTEMS, short_system

ALTERNATIVES: dict[str, tuple[str, ...]] = {"atc": ("atc", "rxnorm")}
"""Lists that a variable bound to one list may be answered from: a drug comes as ATC or as RxNorm."""


@dataclass(frozen=True, slots=True)
class Entry:
    """One code: its meaning, and further columns of its list."""

    code: str
    display: str
    more: Mapping[str, str] = field(default_factory=dict)

    def __getitem__(self, column: str) -> str:
        return self.more.get(column, "")


@dataclass(frozen=True, slots=True)
class CodeList:
    """A code list.

    form         the form of a code in words; ``pattern`` is the same as a regular expression
    check_digit  name of the check digit, if the codes have one
    closed       nothing but the entries is admitted
    other_list   a list of another system whose codes are often taken for codes of this one
    undivided    three-character categories that have no fourth character
    unassigned   three-character categories that do not exist
    """

    name: str
    system: str
    version: str
    source: str
    licence: str
    form: str
    entries: Mapping[str, Entry]
    pattern: str = r".+"
    check_digit: str | None = None
    closed: bool = False
    other_list: str | None = None
    undivided: frozenset[str] = frozenset()
    unassigned: frozenset[str] = frozenset()

    def well_formed(self, code: str) -> bool:
        """Whether the code has the form of this terminology, its check digit included."""
        if not re.fullmatch(self.pattern, code):
            return False
        return self.check_digit is None or CHECKS[self.check_digit](re.sub(r"\D", "", code))

    def display(self, code: str) -> str | None:
        """Meaning of a code in this list, None when it is not in it."""
        entry = self.entries.get(code)
        return entry.display if entry else None


@lru_cache
def list_names() -> tuple[str, ...]:
    """Names of all code lists."""
    folder = files("registry.domain.codes") / "data"
    return tuple(
        sorted(file.name.removesuffix(".csv") for file in folder.iterdir() if file.name.endswith(".csv"))
    )


@lru_cache
def code_list(name: str) -> CodeList:
    """The list of that name, small or capital letters. Raises LookupError naming the lists there are."""
    if name not in list_names():
        if name.casefold() in list_names():
            return code_list(name.casefold())
        raise LookupError(f"there is no code list {name!r}; choose one of {', '.join(list_names())}")
    head, rows = _read(f"{name}.csv")
    entries = {}
    for row in rows:
        code, display = row.pop("code"), row.pop("display", "")
        entries[code] = Entry(code, display or code, row)
    return CodeList(
        name=name,
        system=head["system"],
        version=head["version"],
        source=head["source"],
        licence=head["licence"],
        form=head["form"],
        entries=entries,
        pattern=head.get("pattern", r".+"),
        check_digit=head.get("check-digit"),
        closed=head.get("closed") == "yes",
        other_list=head.get("other-list"),
        undivided=frozenset(head.get("undivided", "").split()),
        unassigned=frozenset(head.get("unassigned", "").split()),
    )


def check_code(code: Code, list_name: str) -> str | None:
    """What is wrong with a code that is to come from a list, in a sentence that says what to do; None when
    fine.

    Raises LookupError when there is no list of that name, which is an error of the program, not of the data.
    """
    candidates = [code_list(name) for name in ALTERNATIVES.get(list_name.casefold(), (list_name,))]
    system = short_system(code.system)
    if system is None:
        return f"{code.system!r} is not a terminology this registry knows: send one of {', '.join(SYSTEMS)}."
    for codes in candidates:
        if codes.system == system:
            return _check(code, codes)
    wanted = " or ".join(codes.system for codes in candidates)
    return f"{code.code!r} was sent as a code of {system}: send a code of {wanted}, with that as its system."


def _check(code: Code, codes: CodeList) -> str | None:
    entry = codes.entries.get(code.code)
    if entry is not None:
        return entry["refuse"] or _replaced(code, entry)
    if codes.closed or not codes.well_formed(code.code):
        return f"{code.code!r} is not a code of {codes.system} ({codes.form}){_suggest(code.code, codes)}"
    category, _, rest = code.code.partition(".")
    if category in codes.unassigned:
        return f"{codes.system} has no {category}; ICD-10 may: send site and histology as {codes.system}."
    if rest and category in codes.undivided:
        return (
            f"{codes.system} does not divide {category}: send {category} (ICD-O-3 alone writes {category}.9)."
        )
    if codes.other_list and code.code in (other := code_list(codes.other_list)).entries:
        return (
            f"{code.code!r} ({other.display(code.code)}) is a code of {other.system}, not of {codes.system}: "
            f"send it with system {other.system}, or the code of {codes.system} that you mean."
        )
    return None


def _replaced(code: Code, entry: Entry) -> str | None:
    """A code that was given up keeps its meaning under the releases that had it."""
    year = re.match(r"\d{4}", code.version or "")
    if not entry["replaced_by"] or year is None or year[0] < entry["replaced_in"]:
        return None
    return (
        f"{code.code!r} ({entry.display}) was replaced by {entry['replaced_by']} in the release of "
        f"{entry['replaced_in']}: send that code, or the release the old one is from."
    )


def _suggest(code: str, codes: CodeList) -> str:
    near = near_codes(code, codes)
    if not near:
        return "."
    return ": did you mean " + " or ".join(f"{known} ({codes.display(known)})" for known in near) + "?"


def near_codes(code: str, codes: CodeList, most: int = 3) -> list[str]:
    """Codes of the list that the sender may have meant, the likeliest first; empty when none is near."""
    spelled = code.strip()
    tidy = spelled.upper().replace(",", ".").rstrip("*†+.")
    tidy = tidy[:1] + tidy[1:].replace("O", "0").replace("I", "1").replace("L", "1")
    meant = [
        known for known in (tidy, f"{tidy}.9", f"{tidy}/3", tidy.removesuffix(".9")) if known in codes.entries
    ]
    for entry in codes.entries.values():
        if entry["aliases"] and spelled.casefold() in entry["aliases"].split("|"):
            meant.append(entry.code)
    if meant:
        return meant[:most]
    folded = {known.upper(): known for known, entry in codes.entries.items() if not entry["refuse"]}
    similar = [folded[known] for known in get_close_matches(spelled.upper(), folded, n=most, cutoff=0.75)]
    return [known for known in similar if _one_slip(known.upper(), spelled.upper())]


def _one_slip(known: str, written: str) -> bool:
    """Whether two similar codes share their beginning or are the same characters in another order."""
    return known[:3] == written[:3] or sorted(known) == sorted(written) or len(known) <= 3


def _read(name: str) -> tuple[dict[str, str], list[dict[str, str]]]:
    """Head and rows of a data file."""
    text = (files("registry.domain.codes") / "data" / name).read_text("utf-8")
    lines = text.splitlines()
    head = dict(line.removeprefix("# ").split(": ", 1) for line in lines if line.startswith("# "))
    return head, list(csv.DictReader(line for line in lines if not line.startswith("# ")))
