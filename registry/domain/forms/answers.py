"""Sets of answers that several forms share."""

from typing import Annotated, Literal

from pydantic import Field

YesNoUnknown = Literal["yes", "no", "unknown"]
"""For signs and events that the source may leave open; a plain ``bool`` is used where null and a reason say that."""

Side = Literal["left", "right"]
BodySide = Literal["left", "right", "bilateral", "midline"]

Gait = Literal["normal", "antalgic", "crouched", "aided", "unable"]
GAIT = {
    "normal": "Walks normally.",
    "antalgic": "Walks with a limp because of pain.",
    "crouched": "Walks bent forward with flexed hips.",
    "aided": "Walks only with an aid or a person.",
    "unable": "Cannot walk.",
}

PlaceOfCare = Literal[
    "home", "hospital_ward", "palliative_care_unit", "nursing_home", "clinic", "other", "unknown"
]

PsoasLevel = Literal["T12", "L1", "L2", "L3", "L4", "L5", "S1"]
"""Vertebral levels along the psoas, from head to foot."""

SpinalLevel = Annotated[str, Field(pattern=r"^(C[1-8]|T([1-9]|1[0-2])|L[1-5]|S[1-5])$")]
"""Any vertebral or segmental level: targets and blocks may lie above the psoas."""

CancerSite = Literal[
    "node_para_aortic",
    "node_pelvic",
    "node_inguinal",
    "node_other",
    "lung",
    "liver",
    "bone",
    "peritoneum",
    "soft_tissue",
    "cns",
    "other",
]
CANCER_SITE = {
    "node_para_aortic": "Para-aortic lymph nodes.",
    "node_pelvic": "Pelvic lymph nodes.",
    "node_inguinal": "Inguinal lymph nodes.",
    "node_other": "Other lymph nodes.",
    "soft_tissue": "Muscle and other soft tissue, the psoas included.",
    "cns": "Brain or spinal cord.",
}

DrugUnit = Literal["mg", "ug", "g", "mL", "mg/d", "ug/d", "g/d", "mg/h", "ug/h", "mL/h"]
"""UCUM units in which the dose of a drug may be given."""
