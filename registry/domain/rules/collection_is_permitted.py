"""E18: nothing is collected that the patient has not allowed."""

from collections.abc import Iterator
from datetime import date

from registry.domain.case import Case
from registry.domain.dates import PartialDate, certainly_after
from registry.domain.findings import Finding
from registry.domain.forms.consent import Consent
from registry.domain.forms.patient import Patient
from registry.domain.permitted_use import COLLECTION_ENDED, may_be_used
from registry.domain.rules.rule import Context, Hit, Rule
from registry.domain.submission import Submission
from registry.domain.timeline import dated_events

NO_CONSENT_NEEDED = ("waiver", "deceased_exempt")
EXCLUSIONS = ("exclusion_benign_cause", "exclusion_objection", "exclusion_enrolled_elsewhere")


def check(case: Case, context: Context) -> Iterator[Hit]:
    patient, consents = case.one(Patient), case.all(Consent)
    if patient is not None and not _waived(patient, consents):
        yield from _excluded(patient)
        yield from _enrolled_too_early(patient, consents)
    for consent in consents:
        end = _end_of_collection(consent)
        if end is not None:
            yield from _collected_after(case, consent, end, consents)


def _waived(patient: Patient, consents: tuple[Consent, ...]) -> bool:
    if patient.eligibility is not None and patient.eligibility.waiver_id is not None:
        return True
    return any(one.consent_type in NO_CONSENT_NEEDED or one.waiver_id is not None for one in consents)


def _excluded(patient: Patient) -> Iterator[Hit]:
    for name in EXCLUSIONS:
        if getattr(patient.eligibility, name, None):
            problem = f"`eligibility.{name}` is true and no waiver is named"
            yield Hit(patient, f"eligibility/{name}", {"problem": problem})


def _enrolled_too_early(patient: Patient, consents: tuple[Consent, ...]) -> Iterator[Hit]:
    given = min(
        (one.date for one in consents if one.date is not None), key=lambda date: date.lo, default=None
    )
    enrolled = patient.enrolment_date
    if given is not None and enrolled is not None and certainly_after(given, enrolled):
        yield Hit(
            patient, "enrolment_date", {"problem": f"the enrolment {enrolled} is before the consent {given}"}
        )


def _end_of_collection(consent: Consent) -> PartialDate | None:
    said = consent.withdrawal
    if said is None or said.level not in COLLECTION_ENDED:
        return None
    return said.effective_from or said.date


def _collected_after(
    case: Case, withdrawn: Consent, end: PartialDate, consents: tuple[Consent, ...]
) -> Iterator[Hit]:
    """Events later than the withdrawal, recorded by someone who could know of it.

    What was recorded before the withdrawal is not held against the message that brings it. A consent given
    anew permits collection from its day on.
    """
    known_since = case.version_of(withdrawn).recorded_at
    anew = [
        one.date
        for one in consents
        if one.date and certainly_after(one.date, end) and not _end_of_collection(one)
    ]
    for event in dated_events(case):
        if event.kind not in ("clinical", "death", "posthumous") or not certainly_after(event.date, end):
            continue
        if case.version_of(event.record).recorded_at < known_since:
            continue
        if any(not certainly_after(date, event.date) for date in anew):
            continue
        problem = (
            f"`{event.name}` {event.date} is after {end}, when the withdrawal of the patient took effect"
        )
        yield Hit(event.record, event.path, {"problem": problem})


def after_use_ended(case: Case, submission: Submission, today: date) -> list[Finding]:
    """Refuse more about a case whose use has ended, whenever it was recorded; only consent is still heard."""
    if may_be_used(case, today):
        return []
    problem = "the patient has withdrawn the use of the records, and nothing but `consent` is taken any more"
    return [
        Finding(
            RULE.id,
            RULE.severity,
            pointer,
            RULE.message.format(problem=problem),
            form.NAME,
            form.key,
            {"problem": problem},
        )
        for pointer, form in submission.records
        if not isinstance(form, Consent)
    ]


RULE = Rule(
    id="E18",
    version=2,
    severity="reject",
    title="Collection is permitted",
    sentence="A patient is enrolled on the day of consent or later, or under a waiver; no exclusion "
    "criterion is true without a waiver; nothing is collected about the time after a withdrawal took effect; "
    "and nothing at all once the use of the records is withdrawn.",
    message="This may not be collected: {problem}. Correct the date, name the waiver (`waiver_id`) or send "
    "the consent that permits it; otherwise leave the record out.",
    why="Research use of health data needs consent or a lawful ground in its place, and a withdrawal holds "
    "from its effective day (Declaration of Helsinki; GDPR article 7). A consent that is merely not there "
    "yet is not refused.",
    fields=(
        "consent.date",
        "consent.consent_type",
        "consent.waiver_id",
        "consent.withdrawal.level",
        "consent.withdrawal.effective_from",
        "consent.withdrawal.date",
        "patient.enrolment_date",
        "patient.eligibility",
    ),
    good=(
        {"patient": {"enrolment_date": "2025-03-10"}, "consent": [{"version": "2", "date": "2025-03-10"}]},
        {"patient": {"enrolment_date": "2025-03-10"}},
        {
            "patient": {"enrolment_date": "2025-03-10"},
            "consent": [{"version": "2", "date": "2025-04-01", "consent_type": "waiver", "waiver_id": "W-7"}],
        },
        {
            "consent": [
                {
                    "version": "2",
                    "date": "2025-03-10",
                    "withdrawal": {"level": "no_further_contact", "effective_from": "2025-06-01"},
                }
            ],
            "function": [{"assess_date": "2025-07-01", "ecog": 3}],
        },
    ),
    bad=(
        {"patient": {"enrolment_date": "2025-03-10"}, "consent": [{"version": "2", "date": "2025-03-11"}]},
        {"patient": {"eligibility": {"exclusion_objection": True}}},
        {
            "consent": [
                {
                    "version": "2",
                    "date": "2025-03-10",
                    "withdrawal": {"level": "no_further_collection", "effective_from": "2025-06-01"},
                }
            ],
            "function": [{"assess_date": "2025-07-01", "ecog": 3}],
        },
    ),
    check=check,
    only_new=True,
)
