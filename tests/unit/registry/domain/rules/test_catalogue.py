"""The catalogue as a whole: complete, well worded, and every example does what it says."""

import importlib
import pkgutil
import re
import string
from typing import Any

import pytest

from registry.domain import rules
from registry.domain.case import EMPTY
from registry.domain.check import judge
from registry.domain.dictionary import variables
from registry.domain.findings import Finding
from registry.domain.reading import read_submission
from registry.domain.rules import RULES, RULES_BY_ID
from registry.domain.rules.examples import document
from registry.domain.rules.rule import Context, Forms, Rule

NOT_RULES = {"rule", "examples"}
PATHS = {f"{one.form}.{one.path.replace('[]', '')}" for one in variables()}
EXAMPLES = [
    pytest.param(rule, forms, id=f"{rule.id}-{kind}-{i}")
    for rule in RULES
    for kind, examples in (("good", rule.good), ("bad", rule.bad))
    for i, forms in enumerate(examples)
]
EACH = pytest.mark.parametrize("rule", RULES, ids=[rule.id for rule in RULES])


def findings(forms: Forms, rule: Rule) -> list[Finding]:
    """What the registry says to the example, sent on the rule's day about a case it does not know."""
    submission, problems = read_submission(document(forms, rule.example_day))
    if submission is None:
        return problems
    verdict = judge(EMPTY, submission, Context(rule.example_day), now=submission.recorded_at)
    return list(verdict.findings)


def test_every_rule_file_is_listed() -> None:
    names = {module.name for module in pkgutil.iter_modules(rules.__path__)} - NOT_RULES
    modules = [importlib.import_module(f"registry.domain.rules.{name}") for name in sorted(names)]
    assert {module.RULE.id for module in modules} == set(RULES_BY_ID)
    for module in modules:
        assert (module.__doc__ or "").startswith(f"{module.RULE.id}: "), module.__name__


def test_ids_are_unique_and_in_order() -> None:
    ids = [rule.id for rule in RULES]
    assert ids == sorted(set(ids))
    assert all(re.fullmatch(r"[EQW]\d\d", one) for one in ids)


def test_all_errors_of_the_catalogue_are_there() -> None:
    assert {f"E{n:02}" for n in range(1, 23)} <= set(RULES_BY_ID)
    assert all((rule.severity == "reject") == rule.id.startswith("E") for rule in RULES)


@EACH
def test_words_are_complete(rule: Rule) -> None:
    for words in (rule.sentence, rule.message, rule.why):
        assert re.search(r"[.?]$", words), words
        assert words == words.strip()
        assert "  " not in words
    assert 2 <= len(rule.title.split()) <= 10
    assert rule.version >= 1
    assert rule.good
    assert rule.bad


@EACH
def test_fields_are_in_the_dictionary(rule: Rule) -> None:
    assert rule.fields
    for name in rule.fields:
        plain = name.replace("[]", "")
        assert plain in PATHS or plain.startswith("submission."), name


@EACH
def test_a_rule_without_a_check_rejects(rule: Rule) -> None:
    """What reading enforces sends a submission back; a rule that only asks needs to look at the case."""
    assert rule.check is not None or rule.severity == "reject"


@pytest.mark.parametrize(("rule", "forms"), EXAMPLES)
def test_example(rule: Rule, forms: Forms) -> None:
    said = findings(forms, rule)
    of_this_rule = [one for one in said if one.rule == rule.id]
    if forms in rule.good:
        assert not of_this_rule
        assert [one for one in said if one.severity == "reject"] == []
    else:
        assert of_this_rule
        for one in of_this_rule:
            assert one.severity == rule.severity
            assert one.pointer == "/forms" or exists(document(forms, rule.example_day), one.pointer)
            assert not re.search(r"\{[a-z_]+\}", one.message)


@EACH
def test_message_names_only_values_that_a_hit_brings(rule: Rule) -> None:
    used = {name for _, name, _, _ in string.Formatter().parse(rule.message) if name}
    for forms in rule.bad:
        submission, _ = read_submission(document(forms, rule.example_day))
        if submission is None or rule.check is None:
            continue
        verdict = judge(EMPTY, submission, Context(rule.example_day), now=submission.recorded_at)
        for one in verdict.findings:
            if one.rule == rule.id:
                assert used <= set(one.values)


def exists(sent: Any, pointer: str) -> bool:
    """The pointer leads to a place in the document, or to a variable that the record could have."""
    *way, last = pointer.removeprefix("/").split("/")
    for step in way:
        if isinstance(sent, list):
            sent = sent[int(step)]
        elif step in sent:
            sent = sent[step]
        else:
            return False
    return isinstance(sent, dict) or (isinstance(sent, list) and last.isdigit() and int(last) < len(sent))
