"""The analysis row: from records, derived values and findings to what a report counts."""

from datetime import date
from typing import Any

import orjson
import pytest

from registry.domain.analysis import ANALYSIS_VERSION, AnalysisRow, analysis_row
from registry.domain.analysis.completeness import CORE_SET
from registry.domain.case import EMPTY, Case
from registry.domain.derive import derive
from registry.domain.findings import Finding
from registry.domain.literature.published import published_cases
from registry.domain.outcomes.outcome import Basis
from registry.domain.reading import read_submission
from registry.domain.rules import RULES
from tests.factories import a_record
from tests.factories_case import (
    BASIS,
    a_case,
    a_death,
    a_patient,
    an_episode,
    opioid,
    pain,
    seen,
    systemic,
    treated,
)

CANCER = a_record(
    "primary_cancer",
    index_primary=True,
    topography={"system": "ICD-O-3", "code": "C61.9"},
    morphology={"system": "ICD-O-3", "code": "8140/3"},
    status_at_mps="progressive",
    prior_lines_systemic=2,
)


def row(case: Case, basis: Basis = BASIS, findings: tuple[Finding, ...] = ()) -> AnalysisRow:
    plain = analysis_row(case, derive(case, basis), findings, basis)
    made = AnalysisRow.from_json(orjson.loads(orjson.dumps(plain)))
    assert made.as_json() == orjson.loads(orjson.dumps(plain))
    return made


@pytest.fixture
def whole() -> AnalysisRow:
    """A patient who responded, was followed for 90 days and died."""
    told = [
        pain("2025-03-04", 8, dn4=5),
        pain("2025-04-18", 4),
        pain("2025-05-18", 3),
    ]
    return row(
        treated(
            told,
            [opioid(40)],
            primary_cancer=[CANCER],
            mps_episode=an_episode(
                mechanism=["nodal_extension", "direct_primary_extension"],
                crit_plexopathy="yes_objective",
                crit_fixed_flexion="fixed",
                crit_involvement="imaging",
            ),
            function=[
                a_record(
                    "function", assess_date="2025-03-03", ecog=2, gait="aided", thomas_fixed_flexion_deg=30
                ),
                a_record("function", assess_date="2025-04-18", gait="normal"),
            ],
            toxicity=[
                a_record("toxicity", term="nausea", grade=2, onset="2025-03-10"),
                a_record("toxicity", term="nausea", grade=1, onset="2025-03-20"),
                a_record("toxicity", term="other", term_other="hiccups", grade=1, onset="2025-03"),
            ],
            follow_up=[seen("2025-06-03", hospital_days_since_last=5)],
            death=a_death("2025-08-12"),
        )
    )


def test_the_person(whole: AnalysisRow) -> None:
    assert (whole.source_type, whole.enrolled, whole.mps_class) == ("prospective", True, "definite")
    assert (whole.site_group, whole.site_group_published) == ("male_genital", "urinary")
    assert (whole.topography, whole.morphology, whole.prior_lines) == ("C61.9", "8140/3", 2)
    assert whole.mechanisms == ("direct_primary_extension", "nodal_extension")
    assert (whole.age_at_onset_years, whole.side) == (65, "left")
    assert (whole.onset_to_diagnosis_days, whole.onset_to_enrolment_days) == (41, 51)
    assert (whole.vital_status, whole.last_contact) == ("dead", date(2025, 8, 12).toordinal())
    assert (whole.dates, whole.partial_dates) == (17, 2)  # birth, and the onset of one toxicity
    assert (whole.scores, whole.round_scores) == (3, 0)


def test_baseline_and_treatment(whole: AnalysisRow) -> None:
    assert (whole.ecog, whole.nrs, whole.omedd, whole.neuropathic) == (2, 8, 60.0, True)
    assert (whole.gait, whole.fixed_flexion_deg) == ("aided", 30)
    assert (whole.treatment, whole.rt_dose_gy, whole.rt_fractions) == ("radiotherapy", 30, 10)
    assert (whole.rt_eqd2_10_gy, whole.rt_eqd2_3_gy) == (32.5, 36.0)
    assert (whole.toxicity_max_grade, whole.toxicity) == (2, {"hiccups": 1, "nausea": 2})


def test_survival(whole: AnalysisRow) -> None:
    found = whole.os_onset
    assert (found.entry, found.exit, found.event, found.cause) == (51, 214, 1, "cancer_progression")
    assert (whole.os_treatment.entry, whole.os_treatment.exit) == (None, 160)  # enrolled before treatment


def test_response(whole: AnalysisRow) -> None:
    found = whole.response
    assert found is not None
    assert (found.M1.category, found.M2.category, found.M3.reason) == ("PR", "PR", "missed")
    assert (found.best.category, found.responder_day, found.responder_after) == ("PR", 44, 0)
    assert (found.M2.nrs0, found.M2.nrs, found.M2.omedd0, found.M2.omedd) == (8, 3, 60.0, 60.0)
    assert (found.prior_opioid, found.reirradiation, found.competing_day) == (True, False, None)
    assert (found.functional, found.composite, found.duration_event) == (True, True, 2)


def test_benefit_and_completeness(whole: AnalysisRow) -> None:
    assert whole.net_pain_relief == 116 / 160
    assert (whole.daoh90, whole.daoh90_lo, whole.daoh90_hi) == (85, 85, 88)
    assert (whole.rt_share_of_life, whole.death_within_30_days) == (14 / 160, False)
    assert tuple(whole.completeness) == CORE_SET
    assert set(whole.completeness.values()) == {True}


def test_what_does_not_apply_is_none() -> None:
    untreated = row(treated([], [], radiotherapy=[]))
    assert (untreated.treatment, untreated.response, untreated.os_treatment.reason) == (
        "none",
        None,
        "not_applicable",
    )
    assert {name for name, there in untreated.completeness.items() if there is None} == {
        "nrs_baseline",
        "nrs_m2",
        "omedd_baseline",
        "omedd_m2",
        "rt_dose",
        "rt_fractions",
        "rt_start",
        "rt_end",
    }
    missed = row(treated([pain("2025-03-04", None)], []))
    assert [missed.completeness[n] for n in ("nrs_baseline", "nrs_m2", "omedd_m2")] == [False, False, False]
    dead = row(treated([], [], death=a_death("2025-03-30"), follow_up=[]))
    assert dead.completeness["nrs_m2"] is None


def test_both_treatments() -> None:
    found = row(
        treated(
            [pain("2025-03-04", 8), pain("2025-05-18", 3)],
            [opioid(40)],
            systemic_therapy=[systemic("2025-03-06")],
        )
    )
    assert found.treatment == "both"
    assert found.response_systemic is not None
    assert found.response is found.response_radiotherapy
    assert found.response_systemic.kind == "systemic"


def test_the_untreated_are_described_around_enrolment() -> None:
    found = row(treated([pain("2025-03-10", 6)], [opioid(20)], radiotherapy=[]))
    assert (found.nrs, found.omedd) == (6, 30.0)


def test_only_open_questions_of_blocking_rules_block() -> None:
    blocking = next(rule.id for rule in RULES if rule.blocking)
    other = next(rule.id for rule in RULES if not rule.blocking and rule.severity == "query")
    asked = tuple(Finding(rule, "query", "/forms", "why?") for rule in (blocking, other, blocking))
    assert row(treated([], []), findings=asked).open_blocking == (blocking,)


def test_enrolment_after_the_cut_off_is_not_yet() -> None:
    case = treated([], [])
    assert row(case, Basis(date(2025, 3, 1))).enrolled is False
    assert row(case, Basis(date(2025, 3, 2))).enrolled is True
    literature = a_case(patient=a_patient(source_type="retrospective"), mps_episode=an_episode())
    assert row(literature).enrolled is False


def test_a_withdrawal_in_force_is_named() -> None:
    consent = a_record("consent", withdrawal={"level": "stop_use_of_existing", "date": "2025-05-01"})
    assert row(treated([], [], consent=[consent])).withdrawal == "stop_use_of_existing"
    assert row(treated([], [], consent=[consent]), Basis(date(2025, 4, 30))).withdrawal is None


@pytest.mark.parametrize(
    ("forms", "settled"),
    [
        ({}, "2025-12-01"),  # the last contact
        ({"follow_up": [seen("2025-05-01")]}, "2025-07-16"),  # M3 ends 120 days after radiotherapy
        ({"follow_up": [seen("2025-05-01", next_due="2027-01-01")]}, "2025-07-16"),
        ({"follow_up": [], "death": a_death("2025-06")}, "2025-06-30"),
    ],
)
def test_from_when_the_row_is_settled(forms: dict[str, Any], settled: str) -> None:
    assert row(treated([], [], **forms)).settled_on == settled


def test_an_empty_case_has_a_row() -> None:
    found = row(EMPTY)
    assert (found.analysis_version, found.vital_status, found.treatment) == (
        ANALYSIS_VERSION,
        "unknown",
        "none",
    )


def test_published_cases_have_rows() -> None:
    for document in published_cases():
        submission, _ = read_submission(document)
        assert submission is not None
        found = row(Case.of(submission.versions))
        assert (found.source_type, found.enrolled) == ("literature", False)
        assert found.response is not None
        assert found.response.M2.reason == "no_treatment_date"
