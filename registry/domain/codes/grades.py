"""Grades of adverse events: CTCAE does not define all five grades for every term."""

from functools import lru_cache

from registry.domain.codes.lists import code_list


def grades_of_term(term: str) -> frozenset[int] | None:
    """Grades that CTCAE 5.0 defines for an adverse event of the toxicity form; None when the term is not
    listed.

    A term of the form that stands for several of CTCAE has the grades of all of them. Fatigue ends at 3:
    there is no fatal fatigue.
    """
    return _by_term().get(term)


def grades_of_meddra(code: str) -> frozenset[int] | None:
    """Grades that CTCAE 5.0 defines for a MedDRA code; None when the code is not listed."""
    entry = code_list("meddra").entries.get(code)
    return _span(entry["grades"]) if entry else None


@lru_cache
def _by_term() -> dict[str, frozenset[int]]:
    grades: dict[str, frozenset[int]] = {}
    for entry in code_list("meddra").entries.values():
        grades[entry["term"]] = grades.get(entry["term"], frozenset()) | _span(entry["grades"])
    return grades


def _span(text: str) -> frozenset[int]:
    lowest, _, highest = text.partition("-")
    return frozenset(range(int(lowest), int(highest) + 1))
