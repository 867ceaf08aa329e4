"""PR, procedures: radiotherapy, operations, interventions against pain. Each target has its own row and its own dose."""

from collections.abc import Iterator

from registry.domain.forms.intervention import Intervention
from registry.domain.forms.radiotherapy import Radiotherapy
from registry.domain.forms.surgery import Surgery
from registry.formats.cdisc.sdtm.cm import unit
from registry.formats.cdisc.subject import Subject, dtc, upper
from registry.formats.cdisc.variable import (
    EPOCH,
    DataSet,
    Values,
    Variable,
    assigned,
    began,
    identifiers,
    started_and_ended,
)

ILIOPSOAS = "68455001"  # SNOMED CT
LATERALITY = {"left": "LEFT", "right": "RIGHT", "bilateral": "BILATERAL"}


def _rows(subject: Subject) -> Iterator[Values]:
    for course in subject.case.all(Radiotherapy):
        if course.completed != "not_started":
            yield _radiotherapy(subject, course)
    for operation in subject.case.all(Surgery):
        yield {
            "PRSPID": operation.surgery_id,
            "PRTRT": upper(operation.procedure) or "SURGERY",
            "PRCAT": "SURGERY",
            "PRSTDTC": dtc(operation.date),
            "PRSTDY": subject.day(operation.date),
            "EPOCH": subject.epoch(operation.date),
            "SUPP": (("PRINTENT", "Intent of the Procedure", upper(operation.intent)),),
        }
    for one in subject.case.all(Intervention):
        yield {
            "PRTRT": upper(one.type) or "INTERVENTION",
            "PRCAT": "PAIN INTERVENTION",
            "PRDOSE": one.dose_value,
            "PRDOSU": unit(one.dose_unit) if one.dose_value is not None else None,
            "PRSTDTC": dtc(one.date),
            "PRENDTC": dtc(one.end),
            "PRSTDY": subject.day(one.date),
            "PRENDY": subject.day(one.end),
            **began("PR", one.date, dtc(one.end)),
            "EPOCH": subject.epoch(one.date),
            "SUPP": (
                ("PRAGENT", "Agent", upper(one.agent)),
                ("PRSIDE", "Side", upper(one.side)),
                ("PRLEVEL", "Vertebral Level", one.level),
            ),
        }


def _radiotherapy(subject: Subject, course: Radiotherapy) -> Values:
    target = course.target_volume
    coded = target is not None and target.body_site is not None and target.body_site.code == ILIOPSOAS
    psoas = coded or course.indication == "mps_index_pain"
    return {
        "PRSPID": course.rt_id,
        "PRTRT": "RADIOTHERAPY",
        "PRDECOD": "RADIOTHERAPY",
        "PRCAT": "ANTICANCER TREATMENT",
        "PRLOC": "ILIOPSOAS MUSCLE" if psoas else None,
        "PRLAT": LATERALITY.get((target.side if target else None) or "") if psoas else None,
        "PRDOSE": course.delivered_dose_gy,
        "PRDOSU": None if course.delivered_dose_gy is None else "Gy",
        "PRSTDTC": dtc(course.start),
        "PRENDTC": dtc(course.end),
        "PRSTDY": subject.day(course.start),
        "PRENDY": subject.day(course.end),
        **began("PR", course.start, dtc(course.end)),
        "EPOCH": subject.epoch(course.start),
        "SUPP": (
            ("PRINTENT", "Intent of the Procedure", upper(course.intent)),
            ("PRFRACTD", "Delivered Fractions", course.delivered_fractions),
            ("PRFRACTP", "Planned Fractions", course.planned_fractions),
            ("PRDOSEP", "Planned Dose (Gy)", course.planned_dose_gy),
            ("PRMODAL", "Kind of Radiation", upper(course.modality)),
            ("PRTECHN", "Technique of Radiotherapy", upper(course.technique)),
            ("PRVOLUME", "Kind of Target Volume", target.volume_type if target else None),
            ("PRIDXFL", "Index Treatment Flag", "Y" if course.index_treatment else None),
        ),
    }


DATA_SET = DataSet(
    name="PR",
    label="Procedures",
    class_name="INTERVENTIONS",
    structure="One record per procedure per target per subject",
    keys=("STUDYID", "USUBJID", "PRTRT", "PRSTDTC", "PRSPID"),
    rows=_rows,
    order="PRSTDTC",
    variables=(
        *identifiers("PR"),
        assigned("PRSPID", "Sponsor-Defined Identifier", "Perm"),
        Variable("PRTRT", "Reported Name of Procedure", core="Req"),
        assigned("PRDECOD", "Standardized Procedure Name", "Perm", "PROCEDUR"),
        assigned("PRCAT", "Category", "Perm"),
        Variable("PRDOSE", "Dose", "float"),
        Variable("PRDOSU", "Dose Units", codelist="UNIT"),
        assigned("PRLOC", "Location of Procedure", "Perm", "LOC"),
        Variable("PRLAT", "Laterality of Procedure", codelist="LAT"),
        EPOCH,
        *started_and_ended("PR", "Procedure"),
    ),
)
