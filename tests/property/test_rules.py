"""The rules on any case: none raises, missing values pass, order is nothing, a broken case is noticed."""

import json
import re
from datetime import UTC, date, datetime, timedelta
from random import Random
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import ValidationError

from registry.domain.case import EMPTY, Case, Version
from registry.domain.check import judge, run
from registry.domain.dictionary import Variable, variables
from registry.domain.forms import FORMS
from registry.domain.forms.form import NULL_REASONS, Form
from registry.domain.reading import read_submission
from registry.domain.rules import RULES
from registry.domain.rules.examples import document
from registry.domain.rules.rule import Context, Rule
from registry.domain.submission import Submission

TODAY = date(2026, 1, 15)
NOON = datetime(2026, 1, 15, 12, tzinfo=UTC)
CONTEXT = Context(TODAY)
REJECTING = tuple(rule for rule in RULES if rule.severity == "reject")

TEXTS = (
    *("RT-1", "RT-2", "first visit", "oxycodone", "fentanyl", "morphine", "loxoprofen", "none", "IB"),
    *("masked", "JP", "en", "L3", "T12", "10.1000/abc", "12345", "k1:" + "a" * 32, "Fentos", "氏名：山田"),
    *("a@b.example", "{drug} {0} %s", "\u0000\ud7ff\U0010ffff", "Mr Smith, MRN 123456", " ", "9" * 90),
)  # fmt: skip
CODES = (
    "C53.9",
    "C61.9",
    "C80.9",
    "C5",
    "Cx",
    "8070/3",
    "8000/0",
    "9999/9",
    "68455001",
    "64038003",
    "N02AA05",
    "１２",
)
SYSTEMS = (
    "ICD-O-3",
    "ICD-10",
    "ICD-10-CM",
    "SNOMED",
    "LOINC",
    "ATC",
    "RxNorm",
    "MedDRA",
    "http://loinc.org",
    "mine",
)
ORIGINS = ("birth", "symptom_onset", "mps_diagnosis", "treatment_start", "treatment_end", "discharge")


def some_case(seed: int) -> list[Form]:
    """Up to ten records with every kind of value, dense in clashes: few days, few names, one patient."""
    random = Random(seed)
    return [some_record(random.choice(FORMS), random) for _ in range(random.randrange(1, 11))]


def some_record(form: type[Form], random: Random) -> Form:
    plain = some_group([row for row in variables() if row.form == form.NAME], "", random)
    if random.random() < 0.1:
        plain["retracted"] = random.choice(("other patient", "Mrs Smith"))
    if random.random() < 0.3:
        plain["missing"] = {random.choice(tuple(form.model_fields)): random.choice(NULL_REASONS)}
    for _ in range(5):
        try:
            return form.model_validate(plain)
        except ValidationError as error:  # a list of the wrong length, a text of the wrong form: leave it out
            for problem in error.errors():
                plain.pop(str(problem["loc"][0]), None)
    raise AssertionError(f"no valid {form.NAME} from seed")


def some_group(rows: list[Variable], prefix: str, random: Random) -> dict[str, Any]:
    group = {}
    for row in rows:
        name = row.path.removeprefix(prefix)
        if not row.path.startswith(prefix) or "." in name:
            continue
        if row.requirement != "required" and not row.key and random.random() < 0.5:
            continue
        inner = row.path + ("[]." if row.many else ".")
        many = 7 if name == "lanss_items" else random.randrange(3)
        made = [some_value(row, rows, inner, random) for _ in range(many if row.many else 1)]
        group[name] = made if row.many else made[0]
    return group


def some_value(row: Variable, rows: list[Variable], inner: str, random: Random) -> Any:
    match row.kind:
        case "group":
            return some_group(rows, inner, random)
        case "choice":
            return random.choice([value for value, _ in row.values])
        case "boolean":
            return random.random() < 0.5
        case "integer" | "number":
            lo, hi, step = row.lo or 0, row.hi or 0, row.step or 1
            value = random.choice((lo, hi, random.uniform(lo, hi), min(hi, lo + random.randrange(60))))
            return int(value // step * step) if row.kind == "integer" else float(value)
        case "partial date" | "exact date":
            day = (TODAY - timedelta(days=int(random.expovariate(1 / 300)) - 40)).isoformat()
            return day if row.kind == "exact date" else day[: random.choice((4, 7, 10, 10))]
        case "offset":
            return {
                "value": random.uniform(-50, 50),
                "unit": random.choice(("d", "wk", "mo", "a")),
                "origin": random.choice(ORIGINS),
                "verbatim": random.choice(TEXTS),
            }
        case "code":
            return {
                "system": random.choice(SYSTEMS),
                "code": random.choice(CODES),
                "verbatim": random.choice(TEXTS),
            }
        case _:
            fitting = [text for text in TEXTS if not row.pattern or re.search(row.pattern, text)]
            return random.choice(fitting) if fitting else None


def as_case(records: list[Form], random: Random) -> Case:
    """The case of these records, recorded at a few different times."""
    return Case.of(Version.of(record, NOON - timedelta(days=random.randrange(3))) for record in records)


CASES = st.integers(0, 2**32).map(some_case)
FAST = settings(max_examples=150, deadline=None)


@FAST
@given(CASES, st.integers(0, 2**32))
def test_no_rule_raises_and_every_finding_is_plain(records: list[Form], seed: int) -> None:
    before = as_case(some_case(seed), Random(seed))
    named = tuple((f"/forms/{record.NAME}/{i}", record) for i, record in enumerate(records))
    for case in (EMPTY, before):
        verdict = judge(case, Submission("A-1", NOON, named, None, "1.0"), CONTEXT, now=NOON)
        for one in verdict.findings:
            assert json.loads(json.dumps(one.as_json()))["rule"] == one.rule
            assert one.message
            assert one.pointer.startswith("/")


@FAST
@given(CASES, st.integers(0, 2**32))
def test_order_of_rules_and_of_arrival_does_not_matter(records: list[Form], seed: int) -> None:
    random = Random(seed)
    versions = list(as_case(records, random).all_versions())
    straight = run(RULES, Case.of(versions), CONTEXT)
    rules = list(RULES)
    random.shuffle(rules)
    random.shuffle(versions)
    shuffled = run(rules, Case.of(versions), CONTEXT)
    as_text = [json.dumps(one.as_json(), sort_keys=True, ensure_ascii=False) for one in straight]
    assert sorted(as_text) == sorted(
        json.dumps(one.as_json(), sort_keys=True, ensure_ascii=False) for one in shuffled
    )


def bare(form: type[Form]) -> Form:
    """A record that states nothing but what it cannot be without."""
    row_of = {row.path: row for row in variables() if row.form == form.NAME}
    must = [name for name, info in form.model_fields.items() if info.is_required()]
    return form.model_validate({name: "none" if row_of[name].kind == "text" else None for name in must})


@pytest.mark.parametrize("form", FORMS, ids=[form.NAME for form in FORMS])
def test_missing_values_pass(form: type[Form]) -> None:
    assert run(REJECTING, Case.of([Version.of(bare(form), NOON)]), CONTEXT) == []


def test_missing_values_pass_together() -> None:
    assert run(REJECTING, Case.of(Version.of(bare(form), NOON) for form in FORMS), CONTEXT) == []


BROKEN = [
    pytest.param(rule, example, id=f"{rule.id}-{i}")
    for rule in REJECTING
    for i, example in enumerate(rule.bad)
    if rule.check is not None and read_submission(document(example, TODAY))[0] is not None
]


@pytest.mark.parametrize(("rule", "example"), BROKEN)
@settings(max_examples=10, deadline=None)
@given(records=CASES)
def test_a_case_broken_on_purpose_is_noticed_whatever_else_it_holds(
    rule: Rule, example: dict[str, Any], records: list[Form]
) -> None:
    submission, _ = read_submission(document(example, TODAY))
    assert submission is not None
    touched = {name.split(".")[0] for name in rule.fields} | set(example)
    others = [Version.of(record, NOON) for record in records if record.NAME not in touched]
    case = Case.of([*submission.versions, *others])
    assert rule.id in {one.rule for one in run([rule], case, CONTEXT)}
