"""Who the packet is about: the individual, signs of the syndrome, scores over time, the cancer and the syndrome."""

from collections.abc import Iterator

from registry.domain.forms.death import Death
from registry.domain.forms.function import Function
from registry.domain.forms.mps_episode import MpsEpisode
from registry.domain.forms.pain_assessment import PainAssessment
from registry.domain.forms.patient import Patient
from registry.domain.forms.primary_cancer import PrimaryCancer
from registry.domain.forms.symptoms import Symptoms
from registry.formats.exported import ExportedCase
from registry.formats.phenopackets.terms import SIDES, Json, at, coded, own, snomed, stated, term

SEX = {"female": "FEMALE", "male": "MALE", "intersex": "OTHER_SEX", "unknown": "UNKNOWN_SEX"}
_WEAK = 4
"""Highest grade of the Medical Research Council scale that is weakness."""
_ILIOPSOAS = "68455001"
_SCORE = term("UCUM:{score}", "score")


def individual(case: ExportedCase) -> Json:
    """The subject: age when last observed, sex, vital status with the days from symptom onset."""
    patient, died = case.case.one(Patient), case.case.one(Death)
    row = case.value("OSONS")
    survival = (row["value"] or {}) if row else {}
    days, age = survival.get("days"), _age(patient, survival.get("end"))
    status = {"dead": "DECEASED", "alive": "ALIVE"}.get(case.analysis["vital_status"], "UNKNOWN_STATUS")
    vital = stated(
        status=status,
        timeOfDeath=at(died.death_date) if died else None,
        causeOfDeath=own(died.cause.replace("_", " "))
        if died and died.cause not in (None, "unknown")
        else None,
        survivalTimeInDays=int(days) if days is not None and status == "DECEASED" else None,
    )
    return stated(
        id=case.registry_id,
        timeAtLastEncounter={"age": {"iso8601duration": f"P{age}Y"}} if age is not None else None,
        vitalStatus=vital,
        sex=SEX.get((patient.sex_at_birth if patient else None) or "", "UNKNOWN_SEX"),
        taxonomy=term("NCBITaxon:9606", "Homo sapiens"),
    )


def _age(patient: Patient | None, end: str | None) -> int | None:
    """Age by the years of birth and of the end of observation; a year is all that most births are known to."""
    if patient is None or patient.birth is None or end is None:
        return None
    return int(end[:4]) - patient.birth.lo.year


def features(case: ExportedCase) -> Iterator[Json]:
    """Signs of each side, present or excluded; what was not examined is not there."""
    for one in case.case.all(Symptoms):
        weak = [grade for grade in (one.motor_mrc_hip_flexion, one.motor_mrc_quadriceps) if grade is not None]
        sites = set(one.pain_sites or ())
        signs = (
            (("HP:0003273", "Hip contracture"), _yes(one.sign_fixed_flexion)),
            (("HP:0007340", "Lower limb muscle weakness"), min(weak) <= _WEAK if weak else _yes(one.leg_weakness)),
            (("HP:0012398", "Peripheral edema"), one.leg_oedema),
            (("HP:0002625", "Deep venous thrombosis"), one.dvt),
            (("HP:0012514", "Lower limb pain"), True if sites & {"anterior_thigh", "medial_thigh_knee", "lower_leg"} else None),
            (("HP:0003418", "Back pain"), True if "low_back" in sites else None),
            (("HP:0001288", "Gait disturbance"), one.gait != "normal" if one.gait else None),
        )  # fmt: skip
        for sign, present in signs:
            if present is not None:
                side = SIDES.get(one.side or "")
                yield stated(
                    type=term(*sign),
                    excluded=None if present else True,
                    modifiers=[term(*side)] if side else None,
                )


def _yes(answer: str | None) -> bool | None:
    return {"yes": True, "no": False}.get(answer or "")


def measurements(case: ExportedCase) -> Iterator[Json]:
    """Worst index pain, ECOG and Karnofsky over time."""
    for one in case.case.all(PainAssessment):
        if one.index_or_nonindex == "index" and one.nrs_worst is not None:
            assay = term("LOINC:72514-3", "Pain severity - 0-10 verbal numeric rating [Score] - Reported")
            words = f"worst pain of the psoas lesion, {one.site_side or 'side not stated'}"
            yield _measured(assay, one.nrs_worst, at(one.assess_date), words)
    for state in case.case.all(Function):
        for score, code, label in (
            (state.ecog, "89247-1", "ECOG Performance Status score"),
            (state.kps, "89243-0", "Karnofsky Performance Status score"),
        ):
            if score is not None:
                yield _measured(term(f"LOINC:{code}", label), score, at(state.assess_date), None)


def _measured(assay: Json, value: int, when: Json | None, words: str | None) -> Json:
    quantity = {"unit": _SCORE, "value": float(value)}
    return stated(description=words, assay=assay, value={"quantity": quantity}, timeObserved=when)


def diseases(case: ExportedCase) -> Iterator[Json]:
    """The primaries by histology and site, and the syndrome as a metastasis in the iliopsoas muscle."""
    for cancer in case.case.all(PrimaryCancer):
        stage = " ".join(
            part for part in (cancer.stage_system, cancer.stage_edition, cancer.stage_group) if part
        )
        yield stated(
            term=coded(cancer.morphology) or coded(cancer.topography) or own("primary cancer"),
            onset=at(cancer.dx_date),
            diseaseStage=[own(f"stage {stage}")] if cancer.stage_group else None,
            primarySite=coded(cancer.topography),
        )
    for episode in case.case.all(MpsEpisode):
        side = SIDES.get(episode.side or "")
        yield stated(
            term=own("malignant psoas syndrome"),
            onset=at(episode.mps_onset),
            primarySite=snomed(_ILIOPSOAS),
            laterality=term(*side) if side else None,
        )
