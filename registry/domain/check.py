"""Check a submission against its case: the verdict, with its reasons, and the case as it is afterwards.

Rules that reject look at the current and the new records together. What was wrong before this submission is not held
against it: a reject finding that the case showed already is dropped.
"""

import hashlib
import json
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from functools import cache

from registry.domain.case import Case, RecordKey, Version
from registry.domain.findings import Finding
from registry.domain.forms.form import Form
from registry.domain.permitted_use import may_be_used
from registry.domain.rules import RULES, RULES_BY_ID
from registry.domain.rules.amendment_has_reason import unexplained
from registry.domain.rules.collection_is_permitted import after_use_ended
from registry.domain.rules.date_not_in_future import recorded_in_future
from registry.domain.rules.no_person_in_free_text import person_in_envelope
from registry.domain.rules.rule import Context, Hit, Rule
from registry.domain.submission import Submission


@dataclass(frozen=True, slots=True)
class Verdict:
    """What the registry says to a submission.

    findings  rejects when it is refused; otherwise the queries and notes of the case as it now is
    case      the case afterwards; the case before when refused
    added     versions that were not known yet
    late      versions that came after a newer one: kept in the history, not current
    """

    accepted: bool
    findings: tuple[Finding, ...]
    case: Case
    added: tuple[Version, ...]
    late: tuple[Version, ...]


def judge(case: Case, submission: Submission, context: Context, *, now: datetime) -> Verdict:
    """The verdict on a submission at the time ``now`` (aware), given the case as the registry knows it."""
    new = submission.versions
    pointers = {id(form): pointer for pointer, form in submission.records}
    after = Case.of([*case.all_versions(), *new])
    rejects = [
        *person_in_envelope(submission),
        *after_use_ended(case, submission, context.today),
        *recorded_in_future(submission, now),
        *unexplained(case, submission, new),
        *run(RULES_THAT_REJECT, after, context, pointers),
    ]
    if rejects:
        known = {fingerprint(f) for f in run(RULES_THAT_REJECT, case, context, {})}
        sent = {version.record for version in new}
        rejects = [f for f in rejects if fingerprint(f) not in known and _is_held(f, sent)]
    if rejects:
        return Verdict(False, tuple(rejects), case, (), ())
    known_orders = {v.order for v in case.all_versions()}
    added = tuple({v.order: v for v in new if v.order not in known_orders}.values())
    late = tuple(v for v in added if after.versions[v.record][-1].order != v.order)
    return Verdict(True, asked(after, context, pointers), after, added, late)


def asked(case: Case, context: Context, pointers: dict[int, str] | None = None) -> tuple[Finding, ...]:
    """What the rules ask or note of a case; nothing once the use of its records has ended."""
    return tuple(run(RULES_THAT_ASK, case, context, pointers)) if may_be_used(case, context.today) else ()


def _is_held(finding: Finding, sent: set[RecordKey]) -> bool:
    return not RULES_BY_ID[finding.rule].only_new or (finding.form, finding.key) in sent


def run(
    rules: Iterable[Rule], case: Case, context: Context, pointers: dict[int, str] | None = None
) -> list[Finding]:
    """Findings of these rules on the case, in the order of the catalogue."""
    return [
        _finding(rule, hit, pointers or {})
        for rule in rules
        if rule.check is not None
        for hit in rule.check(case, context)
    ]


def fingerprint(finding: Finding) -> str:
    """What makes a finding the same finding again: rule, record and offending values, not its place or wording."""
    text = _as_text([finding.rule, finding.form, finding.key, finding.values])
    return hashlib.sha256(text.encode()).hexdigest()


_as_text = json.JSONEncoder(sort_keys=True, default=str).encode


def _finding(rule: Rule, hit: Hit, pointers: dict[int, str]) -> Finding:
    shown = {name: "not given" if value is None else value for name, value in hit.values.items()}
    return Finding(
        rule=rule.id,
        severity=rule.severity,
        pointer=_pointer(hit, pointers),
        message=rule.message.format(**shown),
        form=hit.record.NAME if hit.record else "",
        key=hit.record.key if hit.record else "",
        values={
            name: str(value) if not isinstance(value, int | float | None) else value
            for name, value in hit.values.items()
        },
    )


def _pointer(hit: Hit, pointers: dict[int, str]) -> str:
    if hit.record is None:
        return "/forms"
    base = pointers.get(id(hit.record)) or _place(hit.record)
    return f"{base}/{hit.path}" if hit.path else base


def _place(record: Form) -> str:
    """Where a record that came earlier stands: its form and, if it repeats, its key."""
    return f"/forms/{record.NAME}" + (f"[{record.key}]" if record.KEY else "")


RULES_THAT_REJECT = tuple(rule for rule in RULES if rule.severity == "reject")
RULES_THAT_ASK = tuple(rule for rule in RULES if rule.severity != "reject")


@cache
def rules_version() -> str:
    """What names the rules in force: changes with any rule's id or version."""
    return hashlib.sha256(json.dumps([[rule.id, rule.version] for rule in RULES]).encode()).hexdigest()[:12]
