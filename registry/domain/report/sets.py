"""The sets of patients a report speaks of, each defined once, each inside the one before.

    cases ⊇ of the sites ⊇ enrolled ⊇ with the syndrome ⊇ analysed ⊇ treated

Two sets that differ by a few patients tell of these few. In a public report such sets are not told apart: the smaller one
stands for both, from the innermost outwards, because response is a matter of the treated.
"""

from collections.abc import Callable

from registry.domain.analysis import AnalysisRow
from registry.domain.permitted_use import USE_ENDED
from registry.domain.report.document import Study
from registry.domain.report.people import People

SYNDROME = ("definite", "probable", "possible")
"""Classes of the diagnosis that are malignant psoas syndrome."""


def _may_be_used(row: AnalysisRow) -> bool:
    return row.enrolled and row.withdrawal not in USE_ENDED


CHAIN: tuple[tuple[str, Callable[[AnalysisRow], object]], ...] = (
    ("Cases in the registry", lambda row: True),
    ("Patients of the sites", lambda row: row.source_type == "prospective"),
    ("Enrolled", _may_be_used),
    ("Malignant psoas syndrome", lambda row: row.mps_class in SYNDROME),
    ("Analysed", lambda row: not row.open_blocking),
    ("Treated, response asked", lambda row: row.response is not None),
)
"""Name of each set, and what is asked of the members of the set before it. Published cases leave at the first step."""

CASES, OF_SITES, ENROLLED, WITH_SYNDROME, ANALYSED, TREATED = (name for name, _ in CHAIN)


def chain(study: Study) -> dict[str, People]:
    """All sets, from the widest to the narrowest."""
    found: dict[str, People] = study.memo.setdefault("sets", {})
    if not found:
        people = People.everyone(study)
        for name, test in CHAIN:
            people = found[name] = people.where(test)
    return found


def told(study: Study) -> dict[str, People]:
    """The sets the audience is told of, from the widest to the narrowest."""
    found = chain(study)
    if study.audience != "public":
        return found
    kept: list[str] = []
    for name in reversed(found):
        inner = len(found[kept[-1]]) if kept else 0
        if not 0 < len(found[name]) - inner < study.threshold:
            kept.append(name)
    return {name: found[name] for name in reversed(kept)}


def enrolled(study: Study) -> People:
    """Enrolled by the cut-off, and their data may be used."""
    return _told_for(study, ENROLLED)


def analysed(study: Study) -> People:
    """Patients with the syndrome and without a question that blocks the primary analysis."""
    return _told_for(study, ANALYSED)


def treated(study: Study) -> People:
    """Analysed patients with radiotherapy or systemic therapy against the syndrome, so that response can be asked."""
    return _told_for(study, TREATED)


def literature(study: Study) -> People:
    """Published cases: printed apart, in no estimate."""
    return People.everyone(study).where(lambda row: row.source_type == "literature")


def not_told_apart(study: Study) -> tuple[str, ...]:
    """A note for tables where the treated stand for all analysed patients."""
    if ANALYSED in told(study):
        return ()
    return ("About treated patients only: the other analysed patients are too few to be told of in public.",)


def _told_for(study: Study, name: str) -> People:
    """The set, or the widest one inside it that is told; nobody where there is none."""
    sets, names = told(study), [known for known, _ in CHAIN]
    inner = names[names.index(name) :]
    return next((sets[known] for known in inner if known in sets), People(study, ()))
