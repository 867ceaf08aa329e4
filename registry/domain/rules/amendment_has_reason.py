"""E12: what was accepted before is changed only with a reason."""

from registry.domain.case import Case, Version
from registry.domain.findings import Finding
from registry.domain.forms.form import Form
from registry.domain.part import Part
from registry.domain.rules.rule import Rule
from registry.domain.submission import Submission

AMBIGUOUS = (
    "There are two contents of this record with the same time of recording, so nobody can tell which is "
    "right. Send one of them, with a later `recorded_at` where the other was accepted before."
)


def unexplained(case: Case, submission: Submission, new_versions: tuple[Version, ...]) -> list[Finding]:
    """Records of a submission that contradict each other, or change a record of the case without a reason.

    case          the case as it was before
    new_versions  the versions of ``submission.records``, in their order

    Filling in what was null needs no reason, nor does a version older than the current one: it comes late and
    changes nothing. A withdrawn record carries its own reason.
    """
    findings = []
    seen: dict[tuple[str, str], str] = {}
    for (pointer, _), new in zip(submission.records, new_versions, strict=True):
        known = case.versions.get(new.record, ())
        if seen.setdefault(new.record, new.hash) != new.hash or any(
            old.recorded_at == new.recorded_at and old.hash != new.hash for old in known
        ):
            findings.append(_finding(new, pointer, AMBIGUOUS, {"contents": "two"}))
        elif known and submission.reason is None:
            changed = _changed(known[-1], new)
            if changed:
                names = ", ".join(f"`{name}`" for name in changed)
                message = RULE.message.format(changed=names)
                findings.append(_finding(new, pointer, message, {"changed": ", ".join(changed)}))
    return findings


def _changed(current: Version, new: Version) -> list[str]:
    """Names of the variables whose stated value a newer version changes or removes."""
    if new.hash == current.hash or new.recorded_at < current.recorded_at or new.content.retracted is not None:
        return []
    if current.content.retracted is not None:
        return ["retracted"]
    return [
        name
        for name in type(new.content).model_fields
        if name != "missing" and not _kept(getattr(current.content, name), getattr(new.content, name))
    ]


def _kept(old: object, new: object) -> bool:
    """True when all that was stated is still stated; groups may be filled in, lists of groups may grow."""
    if old is None or old == new:
        return True
    if isinstance(old, Part) and isinstance(new, Part):
        return all(_kept(getattr(old, name), getattr(new, name)) for name in type(old).model_fields)
    if old and isinstance(old, list) and isinstance(new, list) and all(isinstance(one, Part) for one in old):
        return len(old) <= len(new) and all(map(_kept, old, new))
    return False


def _finding(version: Version, pointer: str, message: str, values: dict[str, str]) -> Finding:
    content: Form = version.content
    return Finding(RULE.id, RULE.severity, pointer, message, content.NAME, content.key, values)


RULE = Rule(
    id="E12",
    version=1,
    severity="reject",
    title="A correction says why",
    sentence="A record that was accepted is changed only with a reason, and one record has one content at "
    "one time of recording.",
    message="This changes or removes {changed} of a record that was accepted before, and no reason is "
    "given. Send `reason` with the correction, or send the whole record again with these values as they "
    "were.",
    why="Every change of source data is to be attributable and explained (ICH E6 on good clinical "
    "practice). A record is sent whole, so a variable that is left out is taken for removed.",
    fields=("submission.reason", "submission.recorded_at"),
    good=(
        {
            "function": [
                {"assess_date": "2025-03-10", "ecog": 2},
                {"assess_date": "2025-03-10", "ecog": 2},
                {"assess_date": "2025-03-11", "ecog": 3},
            ]
        },
    ),
    bad=(
        {
            "function": [
                {"assess_date": "2025-03-10", "ecog": 2},
                {"assess_date": "2025-03-10", "ecog": 3},
            ]
        },
    ),
)
