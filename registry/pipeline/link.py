"""Link: which cases of other sites carry the same linkage token, for the rule that asks both sites (Q28).

Nothing is ever merged, and no site is told which the other is. Only those who decide submissions look: a dry run does
not, or a site could ask about any token without leaving a trace.
"""

from collections.abc import Iterable, Mapping, Sequence

from registry.domain.case import Case, Version
from registry.domain.forms.patient import Patient
from registry.domain.linkage import facts, tokens
from registry.domain.rules.rule import Twin
from registry.domain.submission import Submission
from registry.pipeline.load import load_cases
from registry.store import linkage
from registry.store.cases import CaseName
from registry.store.database import Work

SiteAndCase = tuple[int, Case]


def twins(work: Work, known: Mapping[int, SiteAndCase]) -> dict[int, tuple[Twin, ...]]:
    """One twin for each other site that has a case with an equal token, by case id; empty for most."""
    wanted = [(key, site, token) for key, (site, case) in known.items() for token in tokens(case)]
    found = linkage.others(work.session, wanted)
    if not found:
        return {}
    cases = load_cases(work, sorted({row.id for row in found}))
    by_site: dict[int, dict[int, Twin]] = {}
    for row in found:
        there = facts(cases[row.id])
        sites = by_site.setdefault(row.key, {})
        if row.site_id not in sites or there.death is not None:
            sites[row.site_id] = Twin(there.death, there.birth, there.sex)
    return {key: tuple(sites.values()) for key, sites in by_site.items()}


def to_be_told(work: Work, changed: Mapping[int, tuple[int, Case, Case]]) -> list[int]:
    """Ids of the cases of other sites that must be asked anew, because a case changed by which they are judged.

    ``changed`` gives the site of a case and the case before and after.
    """
    wanted = [
        (key, site, token)
        for key, (site, before, after) in changed.items()
        if facts(before) != facts(after)
        for token in {*tokens(before), *tokens(after)}
    ]
    return sorted({row.id for row in linkage.others(work.session, wanted)})


def names_of(sent: Iterable[tuple[CaseName, Submission]]) -> set[str]:
    """The tokens in these submissions: taken with their cases, or two sites' first messages could miss each other."""
    return {f"token\n{token}" for _, submission in sent for token in _sent(submission)}


def _sent(submission: Submission) -> list[str]:
    return [
        form.linkage_token
        for _, form in submission.records
        if isinstance(form, Patient) and form.linkage_token is not None
    ]


def twins_of_chunk(
    work: Work, stored: Mapping[CaseName, Case], sent: Sequence[tuple[CaseName, Submission]]
) -> dict[CaseName, tuple[Twin, ...]]:
    """The twins of cases as they will be once these submissions are accepted."""
    new = {name for name, submission in sent if _sent(submission)}
    coming: dict[CaseName, list[Version]] = {}
    for name, submission in sent:
        coming.setdefault(name, []).extend(submission.versions)
    known: dict[int, SiteAndCase] = {}
    names = {}
    for key, (name, case) in enumerate(stored.items()):
        if name in new or tokens(case):
            known[key], names[key] = (name[0], Case.of([*case.all_versions(), *coming[name]])), name
    return {names[key]: found for key, found in twins(work, known).items()}
