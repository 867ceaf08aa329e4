"""Whatever is sent is answered: with a verdict, or with places and sentences; never with an exception."""

import json
from datetime import UTC, datetime

import orjson
from hypothesis import HealthCheck, event, given, settings
from hypothesis import strategies as st

from registry.domain.case import EMPTY, Case
from registry.domain.check import judge, run
from registry.domain.derive import derive
from registry.domain.findings import Finding
from registry.domain.outcomes.outcome import Basis
from registry.domain.reading import read_submission
from registry.domain.rules import RULES
from registry.domain.rules.rule import Context
from registry.formats.json import document
from tests.strategies import hostile, messages

NOW = datetime(2201, 1, 1, tzinfo=UTC)  # after every date that the forms accept
CONTEXT = Context(today=NOW.date())

LAWS = settings(deadline=None, suppress_health_check=list(HealthCheck))


def check(findings: list[Finding], sent: object) -> None:
    """Each finding has a pointer into what was sent, a code and a sentence."""
    for one in findings:
        assert one.rule
        assert one.message.strip()
        assert not one.pointer or one.pointer.startswith("/")
        assert reaches(sent, one.pointer), (one.pointer, one.message)
        orjson.dumps(one.as_json())


def reaches(value: object, pointer: str) -> bool:
    """Whether a JSON pointer leads somewhere; its last step may be what is missing there."""
    steps = [step.replace("~1", "/").replace("~0", "~") for step in pointer.split("/")[1:]]
    for i, step in enumerate(steps):
        if isinstance(value, dict) and step in value:
            value = value[step]
        elif isinstance(value, list) and step.isdigit() and int(step) < len(value):
            value = value[int(step)]
        else:
            return i == len(steps) - 1
    return True


@settings(LAWS, max_examples=150)
@given(hostile())
def test_reading_never_raises_and_always_says_where(sent):
    parsed, problem = document(json.dumps(sent).encode(), max_depth=20)
    if problem is not None:
        event("not JSON")
        check([problem], sent)
        return
    submission, findings = read_submission(parsed)
    event("read" if submission else "refused")
    assert (submission is None) == bool(findings)
    assert all(one.severity == "reject" for one in findings)
    check(findings, parsed)


@settings(LAWS, max_examples=100)
@given(messages())
def test_what_can_be_read_can_be_judged_and_derived(sent):
    """Also where a rule refuses it: a stored case may break a rule that was written after it."""
    submission, findings = read_submission(sent)
    assert submission is not None, findings
    verdict = judge(EMPTY, submission, CONTEXT, now=NOW)
    event("accepted" if verdict.accepted else "rejected")
    check(list(verdict.findings), sent)
    case = Case.of(submission.versions)
    for finding in run(RULES, case, CONTEXT):
        event(finding.rule)
        orjson.dumps(finding.as_json())
    orjson.dumps(derive(case, Basis(NOW.date(), "MPS-OME-1")))


_TEXTS = st.text('":,{[a \\\n', max_size=6)
_VALUES = st.recursive(
    _TEXTS | st.integers(0, 9),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(_TEXTS, inner, max_size=3),
    max_leaves=12,
)


@given(_VALUES, st.sampled_from([(",", ":"), (", ", ": "), (" ,", " :"), (",\n", "\t:")]), st.booleans())
def test_a_document_without_a_name_twice_is_taken_however_it_is_written(value, separators, escaped):
    body = json.dumps(value, separators=separators, ensure_ascii=escaped).encode()
    assert document(body, max_depth=20) == (value, None)


@given(st.dictionaries(_TEXTS, st.integers(0, 9), min_size=1, max_size=4), _TEXTS, st.booleans())
def test_a_name_twice_is_noticed_however_it_is_written(members, more, spaced):
    written = [
        json.dumps(name) + (" :" if spaced else ":") + json.dumps(more)
        for name in [*members, next(iter(members))]
    ]
    _, problem = document(("{" + ",".join(written) + "}").encode(), max_depth=20)
    assert problem is not None
    assert problem.rule == "duplicate_key"
