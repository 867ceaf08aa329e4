"""E21: free text names nobody."""

import re
from collections.abc import Iterator

from registry.domain.case import Case
from registry.domain.codes.code import Code
from registry.domain.dictionary import LONG, Variable, variables
from registry.domain.findings import Finding
from registry.domain.forms.time import Offset
from registry.domain.rules.rule import Context, Hit, Rule
from registry.domain.submission import Submission
from registry.domain.walk import values

_DAY = (
    r"(?:\d{1,4}[-/.]\d{1,2}[-/.]\d{1,4}|\d{1,2}(?:st|nd|rd|th)?\s+[A-Z][a-z]+,?\s+\d{4}"
    r"|[A-Z][a-z]+\s+\d{1,2},?\s+\d{4})"
)
_NO_DATE = r"(?!\d{4}-\d{2}|\d{1,2}[-/.]\d{1,2}[-/.]\d{2,4}(?!\d))"
_NO = r"(?:no\b\.?|number\b|nr\b\.?|#)"

EMAIL = r"[\w.+-]+@[\w-]+\.\w{2,}"
TELEPHONE = (
    rf"(?i:\b(?:tel|phone|telephone|fax)\b)[^\d\n]{{0,12}}{_NO_DATE}\d[\d ()/.-]{{4,}}\d"
    r"|(?<![\w.])\+\d[\d ()/.-]{7,}\d"
    r"|(?<![\w.-])(?=(?:[ -]?\d){9,11}(?![\d-]))0\d{1,4}[ -]\d{2,4}[ -]\d{3,4}\b"
    r"|(?<![\w.-])\(\d{2,4}\) ?\d{3,4}-\d{4}\b"
)
RECORD_NUMBER = (
    rf"(?i:\b(?:MRN\s*{_NO}?|P?ID\s*(?:{_NO}|[:=])"
    rf"|(?:patient|hospital|medical|chart|record|insurance|NHS)[ -]?(?:record[ -])?(?:ID\b|{_NO})|カルテ番号)"
    r"\s*[:=：]?\s*[A-Z]{0,3}-?\d{4,})"
    r"|(?<![\w-])\d{3}-\d{2}-\d{4}(?![\w-])"
)
DATE_OF_BIRTH = rf"(?i:\b(?:born|birth|birthday|DOB|d\.o\.b\.?)(?!\w))[^\n;]{{0,20}}?\b{_DAY}"
NAME = (
    r"\b(?:Mr|Mrs|Ms|Miss|Mister|Herr|Frau|Madame|Mme|Monsieur|Señora?|Signora?)\b\.?"
    r"\s+[A-ZÀ-Þ][a-zß-ÿ'’-]"
    r"|(?i:\b(?:patient(?:'s|’s)? name|name of (?:the )?patient)\b)\s*(?:is\b|was\b|[:=])\s*\w"
    r"|(?:患者名|氏名)\s*[:：は]\s*\w"
)
IN_DIGITS = (
    ("a telephone number", re.compile(TELEPHONE)),
    ("a record number", re.compile(RECORD_NUMBER)),
    ("a date of birth", re.compile(DATE_OF_BIRTH)),
)
IN_WORDS = (("an e-mail address", re.compile(EMAIL)), ("the name of a person", re.compile(NAME)))

# What a text must hold before it is worth the search: four digits, or one of these pieces.
_DIGIT = re.compile(r"\d")
_PIECE = re.compile("@|Mr|Ms|Miss|Mister|Herr|Frau|Madame|Mme|Monsieur|Señor|Signor|[Nn]ame|NAME|患者名|氏名")


def identifier_in(text: str) -> str | None:
    """What in a text points to a person (``an e-mail address``); None when no pattern finds anything."""
    words = _PIECE.search(text) is not None
    digits = len(_DIGIT.findall(text)) >= 4
    worth = (*(IN_WORDS if words else ()), *(IN_DIGITS if digits else ()))
    return next((kind for kind, pattern in worth if pattern.search(text)), None)


def check(case: Case, context: Context) -> Iterator[Hit]:
    # Every version, also one that came late and one that withdraws a record: all of them are stored.
    for version in case.all_versions():
        record = version.content
        for _, path, value in values(record, _may_hold_words):
            for place, text in _texts(value):
                kind = identifier_in(text) if text else None
                if kind is not None:
                    at = f"{path}{place}"
                    yield Hit(record, at, {"field": f"{record.NAME}.{at.replace('/', '.')}", "kind": kind})
        if record.retracted is not None and (kind := identifier_in(record.retracted)) is not None:
            yield Hit(record, "retracted", {"field": f"{record.NAME}.retracted", "kind": kind})


def _may_hold_words(variable: Variable) -> bool:
    if variable.path.startswith("source_ref"):
        return False  # authors of a publication are no patients
    if variable.kind == "text":
        return variable.holds_words or (variable.max_length or 0) >= LONG
    return variable.kind in ("offset", "code")  # they carry the words of the source


def _texts(value: str | Offset | Code) -> Iterator[tuple[str, str | None]]:
    if isinstance(value, str):
        yield "", value
        return
    yield "/verbatim", value.verbatim
    if isinstance(value, Code):
        yield "/display", value.display


TEXT_FIELDS: tuple[str, ...] = tuple(f"{one.form}.{one.path}" for one in variables() if _may_hold_words(one))


def person_in_envelope(submission: Submission) -> list[Finding]:
    """The same of the message itself: its case name and its reason."""
    findings = []
    for name in ("case", "reason"):
        text = getattr(submission, name)
        kind = identifier_in(text) if text else None
        if kind is not None:
            shown = {"field": name, "kind": kind}
            findings.append(
                Finding(RULE.id, RULE.severity, f"/{name}", RULE.message.format(**shown), values=shown)
            )
    return findings


RULE = Rule(
    id="E21",
    version=2,
    severity="reject",
    title="Free text names nobody",
    sentence="No free text holds an e-mail address, a telephone number, a record number, a full date of "
    "birth or the name of a person.",
    message="`{field}` seems to hold {kind}. Take it out and send the record again; say `the patient`, "
    "`the daughter`, `the physician` where a person is meant.",
    why="The registry works with pseudonyms, and what identifies a patient stays at the site (GDPR article "
    "4; HIPAA safe harbour list). Patterns find the usual slips only, so reading the text before sending "
    "stays a duty.",
    fields=TEXT_FIELDS,
    good=(
        {
            "radiotherapy": [
                {
                    "rt_id": "RT-1",
                    "note": "20 Gy in 5 fractions from 2025-03-10; MR planning.",
                }
            ]
        },
        {"function": [{"assess_date": "2025-03-10", "note": "Walks with her daughter, born in Osaka."}]},
        {
            "analgesic": [
                {"drug_name": "morphine", "note": "MS Contin 30 mg every 12 hours, then 5-10 mg as needed."}
            ]
        },
    ),
    bad=(
        {"radiotherapy": [{"rt_id": "RT-1", "note": "Plan sent to yamada@example.org."}]},
        {"function": [{"assess_date": "2025-03-10", "note": "Daughter to be called: 06-6123-4567."}]},
        {"surgery": [{"surgery_id": "OP-1", "procedure": "Resection, MRN 00451234"}]},
        {"follow_up": [{"visit_date": "2025-03-10", "discharge_note": "Born on 3 May 1957, goes home."}]},
        {
            "death": {
                "published_survival": {
                    "months": 8,
                    "origins": ["symptom_onset"],
                    "verbatim": "Mrs Smith died",
                }
            }
        },
        {"mps_episode": [{"retracted": "belongs to Mr. Jones"}]},
    ),
    check=check,
)
