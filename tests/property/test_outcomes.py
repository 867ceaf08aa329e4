"""Laws of everything derived, over generated courses of illness: order, provenance, cut-off."""

from datetime import date, timedelta
from typing import Any

import orjson
from hypothesis import given
from hypothesis import strategies as st

from registry.domain.analysis import AnalysisRow, analysis_row
from registry.domain.case import Case, Version
from registry.domain.check import run
from registry.domain.derive import derive
from registry.domain.outcomes import OUTCOMES_BY_ID
from registry.domain.outcomes.evaluability import REASONS
from registry.domain.outcomes.outcome import Basis
from registry.domain.reading import read_submission
from registry.domain.rules import RULES
from registry.domain.rules.rule import Context
from tests.factories import a_record
from tests.strategies import messages

START = date(2025, 3, 3)
BASIS = Basis(date(2025, 7, 1))


def _written(days: tuple[int, int]) -> st.SearchStrategy[str]:
    """Dates around the start of treatment, some known to the month or year only."""
    day = st.integers(*days).map(lambda n: (START + timedelta(days=n)).isoformat())
    return st.builds(lambda text, length: text[:length], day, st.sampled_from((10, 10, 10, 7, 4)))


NEAR, LATE = _written((-30, 150)), _written((0, 200))
SIDES = st.sampled_from(("left", "right"))


def _record(form: str, **fields: st.SearchStrategy[Any]) -> st.SearchStrategy[dict[str, Any]]:
    return st.fixed_dictionaries({}, optional=fields).map(lambda given: a_record(form, **given))


ASSESSMENTS = _record(
    "pain_assessment",
    assess_date=NEAR,
    index_or_nonindex=st.just("index"),
    site_side=SIDES,
    pain_site=st.sampled_from(("hip", "flank")),
    nrs_worst=st.integers(0, 10),
    narrative=st.sampled_from(("improved", "worse")),
)
ANALGESICS = _record(
    "analgesic",
    drug_name=st.sampled_from(("oxycodone", "tramadol", "methadone", "naproxen", "betamethasone")),
    drug_class=st.sampled_from(("opioid", "steroid")),
    route=st.just("PO"),
    start=NEAR,
    end=LATE,
    dose_value=st.sampled_from((10, 20, 40)),
    dose_unit=st.just("mg/d"),
    rescue_dose=st.just(5),
    rescue_taken_24h=st.integers(0, 3),
    stop_reason=st.just("rotation"),
).filter(lambda record: "drug_name" in record)
COURSES = _record(
    "radiotherapy",
    episode_no=st.just(1),
    index_treatment=st.booleans(),
    indication=st.sampled_from(("mps_index_pain", "other")),
    target_volume=st.sampled_from(({"side": "left"}, {"side": "bilateral"}, {"side": "midline"})),
    delivered_dose_gy=st.sampled_from((0, 8, 30)),
    delivered_fractions=st.sampled_from((0, 1, 10)),
    prior_rt_overlap=st.sampled_from(("none", "partial")),
    course_no=st.integers(1, 2),
    start=_written((0, 60)),
    end=_written((0, 90)),
)
THERAPIES = _record(
    "systemic_therapy",
    index_treatment=st.booleans(),
    indication=st.just("mps_index_pain"),
    c1d1=NEAR,
    last_dose_date=LATE,
)
VISITS = _record(
    "follow_up",
    visit_date=NEAR,
    vital_status=st.sampled_from(("alive", "dead", "unknown")),
    symptom_status=st.sampled_from(("controlled", "uncontrolled")),
    pain_relapse=st.sampled_from(("yes", "no")),
    hospital_days_since_last=st.integers(0, 30),
    lost_to_followup=st.just({"last_known_alive": "2025-04-01"}),
)
FUNCTIONS = _record(
    "function",
    assess_date=NEAR,
    ecog=st.integers(0, 4),
    ambulation=st.integers(0, 4),
    gait=st.sampled_from(("normal", "aided")),
    thomas_fixed_flexion_deg=st.integers(0, 40),
)


@st.composite
def illnesses(draw: st.DrawFn) -> list[Version]:
    """Versions of the records of one patient, as three messages brought them."""
    forms: dict[str, Any] = {
        "patient": a_record("patient", source_type="prospective", enrolment_date="2025-03-01", birth="1960"),
        "mps_episode": [
            a_record(
                "mps_episode",
                side=draw(st.sampled_from(("left", "right", "bilateral"))),
                mps_onset=draw(_written((-200, 0))),
                mps_dx_date=draw(_written((-60, 20))),
            )
        ],
        "pain_assessment": draw(st.lists(ASSESSMENTS, max_size=6)),
        "analgesic": draw(st.lists(ANALGESICS, max_size=3)),
        "function": draw(st.lists(FUNCTIONS, max_size=3)),
        "follow_up": draw(st.lists(VISITS, max_size=3)),
        "radiotherapy": [
            {**one, "rt_id": f"RT-{i}"} for i, one in enumerate(draw(st.lists(COURSES, max_size=2)))
        ],
        "systemic_therapy": [
            {**one, "therapy_id": f"CT-{i}"} for i, one in enumerate(draw(st.lists(THERAPIES, max_size=1)))
        ],
        "intervention": draw(
            st.lists(_record("intervention", type=st.just("neurolysis"), date=NEAR), max_size=1)
        ),
    }
    if draw(st.booleans()):
        forms["death"] = a_record("death", death_date=draw(st.none() | _written((5, 250))))
    if draw(st.booleans()):
        forms["consent"] = [
            a_record(
                "consent",
                withdrawal={
                    "level": "no_further_collection",
                    "date": draw(_written((5, 150)).filter(_exact)),
                },
            )
        ]
    found = []
    for day in (1, 2, 3):
        document = {"case": "A-1", "recorded_at": f"2025-09-0{day}T00:00:00Z", "forms": forms}
        submission, problems = read_submission(document)
        assert submission is not None, problems
        found += submission.versions
    return found


def _exact(written: str) -> bool:
    return len(written) == 10


def _everything(case: Case, basis: Basis = BASIS) -> bytes:
    derived = derive(case, basis)
    return orjson.dumps([derived, analysis_row(case, derived, (), basis)])


@given(illnesses(), st.randoms(use_true_random=False))
def test_order_and_repetition_change_nothing(versions: list[Version], random: Any) -> None:
    shuffled = versions * 2
    random.shuffle(shuffled)
    assert _everything(Case.of(shuffled)) == _everything(Case.of(versions))


@given(illnesses(), st.dates(START - timedelta(days=40), date(2026, 1, 1)))
def test_what_a_case_was_asked_before_changes_no_answer(versions: list[Version], other: date) -> None:
    """What rules and outcomes share is kept with the case; a cut-off must not show in the answers at another."""
    case = Case.of(versions)
    run(RULES, case, Context(other))
    _everything(case, Basis(other))
    assert _everything(case) == _everything(Case.of(versions))
    fresh, asked = (run(RULES, one, Context(BASIS.cutoff)) for one in (Case.of(versions), case))
    assert asked == fresh


@given(illnesses())
def test_a_value_recomputed_from_its_provenance_is_the_same(versions: list[Version]) -> None:
    case = Case.of(versions)
    for row in derive(case, BASIS):
        used = Case.of(case.current[one["form"], one["key"]] for one in row["inputs"])
        again = {(one["outcome"], one["subject"]): one for one in derive(used, BASIS)}
        found = again.get((row["outcome"], row["subject"]))
        assert found is not None, row
        assert (found["value"], found["reason"]) == (row["value"], row["reason"]), row


@given(illnesses(), st.integers(0, 2000))
def test_the_row_is_settled_from_the_day_it_names(versions: list[Version], later: int) -> None:
    case = Case.of(versions)
    far = Basis(date(2040, 1, 1))
    settled = date.fromisoformat(analysis_row(case, derive(case, far), (), far)["settled_on"])
    rows = []
    for cutoff in (settled, settled + timedelta(days=later)):
        basis = Basis(cutoff)
        rows.append(analysis_row(case, derive(case, basis), (), basis))
    assert rows[0] == rows[1]


@given(illnesses())
def test_what_is_missing_says_why_and_what_is_there_explains_itself(versions: list[Version]) -> None:
    for row in derive(Case.of(versions), BASIS):
        assert row["outcome"] in OUTCOMES_BY_ID
        assert row["explanation"].endswith(".")
        assert row["flags"] == sorted(row["flags"])
        assert (row["reason"] is None) == row["evaluable"]
        if row["outcome"] == "RESP":
            assert row["reason"] is None or row["reason"] in REASONS
            assert (row["reason"] is None) == bool(row["value"] and row["value"]["category"])
        elif row["evaluable"]:
            assert row["value"] is not None


@given(messages())
def test_any_readable_message_can_be_derived(message: dict[str, Any]) -> None:
    submission, _ = read_submission(message)
    if submission is not None:
        case = Case.of(submission.versions)
        row = analysis_row(case, derive(case, BASIS), (), BASIS)
        assert AnalysisRow.from_json(row).as_json() == orjson.loads(orjson.dumps(row))
