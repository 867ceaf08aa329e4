"""Which tokens of a case are in force."""

import pytest

from registry.domain.case import Case
from registry.domain.linkage import facts, tokens
from registry.domain.reading import read_submission
from tests.factories import a_record

ONE, NEW, NEXT = "k1:" + "a" * 43, "k1:" + "b" * 43, "k2:" + "c" * 43


def case(*sent, **forms):
    """The case of these patient records, one a minute, and other forms."""
    versions = []
    for minute, patient in enumerate(sent):
        document = {
            "case": "A",
            "recorded_at": f"2026-01-05T09:{minute:02}:00Z",
            "forms": {"patient": patient} | forms,
        }
        submission, problems = read_submission(document)
        assert submission is not None, problems
        versions += submission.versions
    return Case.of(versions)


def a_patient(token=None, **more):
    return a_record("patient", **({"linkage_token": token} if token else {}), **more)


@pytest.mark.parametrize(
    ("sent", "in_force"),
    [
        ([a_patient()], ()),
        ([a_patient(ONE)], (ONE,)),
        ([a_patient(ONE), a_patient(NEW)], (NEW,)),
        ([a_patient(ONE), a_patient(NEXT)], (ONE, NEXT)),
        ([a_patient("d" * 43), a_patient(NEXT)], ("d" * 43, NEXT)),
        ([a_patient(ONE), {"retracted": "another patient"}], ()),
    ],
)
def test_the_newest_of_each_key_is_in_force(sent, in_force):
    assert tokens(case(*sent)) == in_force


def a_consent(**more):
    return [a_record("consent", version="1", date="2025-01-01", **more)]


@pytest.mark.parametrize(
    ("consent", "allowed"),
    [
        ([], True),
        (a_consent(), True),
        (a_consent(scopes=["registry_use", "linkage"]), True),
        (a_consent(scopes=["registry_use"]), False),
        (a_consent(scopes=[]), False),
        (a_consent(scopes=["linkage"], withdrawal={"level": "no_further_contact"}), True),
        (a_consent(scopes=["linkage"], withdrawal={"level": "no_further_collection"}), True),
        (a_consent(scopes=["linkage"], withdrawal={"level": "stop_use_of_existing"}), False),
        (a_consent(scopes=["linkage"], withdrawal={"level": "erase"}), False),
    ],
)
def test_the_patient_decides(consent, allowed):
    assert bool(tokens(case(a_patient(ONE), consent=consent))) is allowed


def test_a_death_is_a_fact_for_the_other_site():
    before = case(a_patient(ONE))
    after = case(a_patient(ONE), death=a_record("death", death_date="2025-05"))
    assert facts(before) != facts(after)
    assert facts(after).tokens == (ONE,)


def test_sex_and_birth_are_facts_for_the_other_site():
    before, after = (case(a_patient(ONE, birth=year, sex_at_birth="female")) for year in ("1957", "1958"))
    assert facts(before) != facts(after)
    assert facts(before).sex == "female"
