"""Reading: what is wrong is said with a pointer, a stable code and a sentence, never with the value."""

import json
from typing import Any

import pytest

from registry.domain.findings import Finding
from registry.domain.forms import FORMS
from registry.domain.forms.death import Death
from registry.domain.forms.function import Function
from registry.domain.reading import MAX_RECORDS, read_submission

SECRET = "Taro Yamada 1957-05-03"


def message(forms: Any = None, **envelope: Any) -> dict[str, Any]:
    whole = {"case": "KND-0001", "recorded_at": "2026-03-04T09:12:00+09:00", "forms": forms}
    return whole | envelope


def state(**stated: Any) -> dict[str, Any]:
    """A function record, whole but for what the test is about."""
    return {"assess_date": "2025-03-10", "ecog": 2} | stated


def problems(document: object) -> list[Finding]:
    submission, found = read_submission(document)
    assert (submission is None) == bool(found)
    assert all(one.severity == "reject" for one in found)
    return found


def only(document: object) -> Finding:
    (found,) = problems(document)
    return found


def test_a_readable_submission_becomes_forms_with_their_pointers() -> None:
    forms = {"function": [state(), state(assess_date="2025-04")], "death": {"death_date": "2025-09-02"}}
    forms["death"]["missing"] = {"cause": "not_stated", "source": "not_stated"}
    submission, found = read_submission(message(forms, reason="typing error"))
    assert found == []
    assert submission is not None
    assert submission.case == "KND-0001"
    assert submission.recorded_at.isoformat() == "2026-03-04T00:12:00+00:00"
    assert submission.reason == "typing error"
    assert [pointer for pointer, _ in submission.records] == [
        "/forms/function/0",
        "/forms/function/1",
        "/forms/death",
    ]
    assert [type(record) for _, record in submission.records] == [Function, Function, Death]


@pytest.mark.parametrize("document", [None, [], "text", 3, True])
def test_what_is_no_object_is_refused_whole(document: object) -> None:
    found = only(document)
    assert (found.rule, found.pointer) == ("wrong_type", "")


@pytest.mark.parametrize(
    ("change", "rule", "pointer"),
    [
        ({"case": None}, "required", "/case"),
        ({"case": "Yamada, Taro"}, "case_name", "/case"),
        ({"case": "yamada@example.org"}, "case_name", "/case"),
        ({"case": 17}, "case_name", "/case"),
        ({"recorded_at": None}, "required", "/recorded_at"),
        ({"recorded_at": "2026-03-04T09:12:00"}, "recorded_at", "/recorded_at"),
        ({"recorded_at": "yesterday"}, "recorded_at", "/recorded_at"),
        ({"recorded_at": 1772582000}, "recorded_at", "/recorded_at"),
        ({"reason": ""}, "wrong_type", "/reason"),
        ({"reason": ["typing error"]}, "wrong_type", "/reason"),
        ({"dictionary": "0.0"}, "unknown_dictionary", "/dictionary"),
        ({"forms": None}, "required", "/forms"),
        ({"forms": {}}, "wrong_type", "/forms"),
        ({"forms": []}, "wrong_type", "/forms"),
    ],
)
def test_the_envelope_is_checked(change: dict[str, Any], rule: str, pointer: str) -> None:
    found = only(message({"function": [state()]}) | change)
    assert (found.rule, found.pointer) == (rule, pointer)


@pytest.mark.parametrize(
    ("document", "pointer", "hint"),
    [
        (message({"function": [state()]}, case_id="1"), "/case_id", "case"),
        (message({"funktion": [state()]}), "/forms/funktion", "function"),
        (message({"function": [state(ecgo=2)]}), "/forms/function/0/ecgo", "ecog"),
        (message({"function": [state(qol=[{"instrument": "POS", "scale": "x", "score": 1, "scoer": 1}])]}),
         "/forms/function/0/qol/0/scoer", "score"),
        (message({"function": [state(missing={"kpss": "refused"})]}),
         "/forms/function/0/missing/kpss", "kps"),
    ],
)  # fmt: skip
def test_unknown_names_get_a_suggestion(document: object, pointer: str, hint: str) -> None:
    found = only(document)
    assert found.pointer == pointer
    assert found.rule.startswith("unknown_")
    assert f"did you mean `{hint}`?" in found.message


def test_a_name_unlike_any_other_gets_the_list() -> None:
    found = only(message({"function": [state(xyzzy=1)]}))
    assert "known here: " in found.message
    assert "ecog" in found.message


@pytest.mark.parametrize(
    ("forms", "pointer", "rule"),
    [
        ({"function": state()}, "/forms/function", "wrong_type"),
        ({"death": [{"death_date": "2025"}]}, "/forms/death", "wrong_type"),
        ({"function": ["alive"]}, "/forms/function/0", "wrong_type"),
        ({"function": [state(), state(assess_date="2025-02-30")]}, "/forms/function/1/assess_date", "E06"),
        ({"function": [state(assess_date=20250310)]}, "/forms/function/0/assess_date", "E06"),
        ({"function": [state(ecog="2")]}, "/forms/function/0/ecog", None),
        ({"function": [state(ecog=True)]}, "/forms/function/0/ecog", None),
        ({"function": [state(gait="limping")]}, "/forms/function/0/gait", "E14"),
        ({"radiotherapy": [{"planned_dose_gy": 30}]}, "/forms/radiotherapy/0/rt_id", "required"),
        ({"death": {"pain_last_week": {"nrs": 11}}}, "/forms/death/pain_last_week/nrs", "E11"),
    ],
)
def test_types_and_limits_are_checked_where_they_stand(
    forms: dict[str, Any], pointer: str, rule: str | None
) -> None:
    at_place = [one for one in problems(message(forms)) if one.pointer == pointer]
    assert at_place
    assert rule is None or at_place[0].rule == rule


def test_a_required_variable_needs_a_value_or_a_reason() -> None:
    death = {"death_date": None, "cause": "unknown", "missing": {"source": "not_stated"}}
    found = only(message({"death": death}))
    assert (found.rule, found.pointer, found.form) == ("required", "/forms/death/death_date", "death")
    assert "asked_unknown" in found.message


def test_a_value_and_a_reason_contradict_each_other() -> None:
    found = only(message({"function": [state(missing={"ecog": "refused"})]}))
    assert (found.rule, found.pointer) == ("value_and_reason", "/forms/function/0/missing/ecog")


def test_a_record_is_withdrawn_by_its_key_alone() -> None:
    submission, found = read_submission(
        message({"function": [{"assess_date": "2025-03-10", "retracted": "other patient"}]})
    )
    assert found == []
    assert submission is not None
    assert submission.records[0][1].key == Function.model_validate(state()).key


def test_too_many_records_are_refused_at_once() -> None:
    found = only(message({"function": [state()] * (MAX_RECORDS + 1)}))
    assert (found.rule, found.pointer) == ("too_many", "/forms/function")


def test_pointers_are_escaped() -> None:
    found = only(message({"function": [state(**{"a/b~c": 1})]}))
    assert found.pointer == "/forms/function/0/a~1b~0c"


def test_all_problems_are_said_together() -> None:
    document = message({"function": [state(ecog=9), state(gait="limping")], "deth": {}}, case="?")
    assert [one.pointer for one in problems(document)] == [
        "/case",
        "/forms/function/0/ecog",
        "/forms/function/1/gait",
        "/forms/deth",
    ]


WRONG: list[Any] = [SECRET, [SECRET], {"value": SECRET}, [[SECRET]], [{"text": SECRET}]]


@pytest.mark.parametrize("form", FORMS, ids=[form.NAME for form in FORMS])
def test_no_finding_repeats_a_value(form: Any) -> None:
    for value in WRONG:
        record = {name: value for name in form.model_fields if name not in ("missing", "retracted")}
        found = problems(message({form.NAME: [record] if form.KEY else record}))
        assert found
        assert SECRET not in json.dumps([one.as_json() for one in found])


@pytest.mark.parametrize("name", ["case", "recorded_at", "reason", "dictionary", "forms"])
def test_no_finding_repeats_a_value_of_the_envelope(name: str) -> None:
    for value in WRONG[1:] if name == "reason" else WRONG:
        found = problems(message({"function": [state()]}) | {name: value})
        assert SECRET not in json.dumps([one.as_json() for one in found])


def test_an_unknown_dictionary_version_names_those_that_are_read() -> None:
    assert "1.0" in only(message({"function": [state()]}, dictionary="99")).message
