"""Canonical addresses and codes at the FHIR boundary.

Addresses and fixed codes as in the mCODE STU4 implementation guide (CC0); answer codes of LOINC LL2335-4, LL529-9 and
LL4986-7. Routes are SNOMED CT; [M] those were given from memory and compared with public value sets.
"""

from typing import Final

MCODE: Final = "http://hl7.org/fhir/us/mcode/StructureDefinition/mcode-"
LOINC: Final = "http://loinc.org"
SCT: Final = "http://snomed.info/sct"
UCUM: Final = "http://unitsofmeasure.org"
ICD_10: Final = "http://hl7.org/fhir/sid/icd-10"
ICD_10_CM: Final = "http://hl7.org/fhir/sid/icd-10-cm"
ICD_O_3: Final = "http://terminology.hl7.org/CodeSystem/icd-o-3"
ATC: Final = "http://www.whocc.no/atc"
RXNORM: Final = "http://www.nlm.nih.gov/research/umls/rxnorm"

CASE: Final = "urn:mps-registry:case"
"""Identifier system of the site's pseudonym of a patient."""
KEY: Final = "urn:mps-registry:key"
"""Identifier system of a natural key: ``rt_id``, ``therapy_id``, ``surgery_id``, ``primary_no``, ``episode_no``."""
VARIABLE: Final = "urn:mps-registry:variable"
"""Code system by which a pain score says which one it is: ``nrs_worst``, ``nrs_average``, ``nrs_least``, ``nrs_now``."""
FORM: Final = "urn:mps-registry:form:"
"""Questionnaire of a form, followed by its name: a record as it is, without the loss of a mapping."""
REASON: Final = "urn:mps-registry:reason"
"""Extension with the reason for a correction."""

NRS, PAIN, ECOG, KARNOFSKY, DISEASE_STATUS = "72514-3", "38208-5", "89247-1", "89243-0", "97509-4"

NRS_ANSWERS: Final = {
    "LA6111-4": 0,
    "LA6112-2": 1,
    "LA6113-0": 2,  # its display is "2 or more", its value is 2
    "LA6114-8": 3,
    "LA6115-5": 4,
    "LA10137-0": 5,
    "LA10138-8": 6,
    "LA10139-6": 7,
    "LA10140-4": 8,
    "LA10141-2": 9,
    "LA13942-0": 10,
}
ECOG_ANSWERS: Final = {
    "LA9622-7": 0,
    "LA9623-5": 1,
    "LA9624-3": 2,
    "LA9625-0": 3,
    "LA9626-8": 4,
    "LA9627-6": 5,
}
KARNOFSKY_ANSWERS: Final = {
    "LA29175-9": 100,
    "LA29176-7": 90,
    "LA29177-5": 80,
    "LA29178-3": 70,
    "LA29179-1": 60,
    "LA29180-9": 50,
    "LA29181-7": 40,
    "LA29182-5": 30,
    "LA29183-3": 20,
    "LA29184-1": 10,
    "LA9627-6": 0,
}
DISEASE_STATES: Final = {  # a clinical judgement, not RECIST: never a partial response of the tumour
    "268910001": "responding",
    "359746009": "stable",
    "271299001": "progressive",
    "709137006": "unknown",
    "550991000124107": "no_evidence",
    "551001000124108": "responding",
    "103338009": "no_evidence",
    "103337004": "responding",
}

SIDES: Final = {"7771000": "left", "24028007": "right", "51440002": "bilateral"}
ILIOPSOAS: Final = "68455001"
RADIOTHERAPY_COURSE: Final = "1217123003"
SURGERY: Final = "387713003"
INTENTS: Final = {
    "363676003": "palliative",
    "373808002": "curative",
    "373846009": "adjuvant",
    "261004008": "diagnostic",
}
MODALITIES: Final = {"1156506007": "photons", "45643008": "electrons", "10611004": "protons"}
TECHNIQUES: Final = {"441799006": "IMRT", "1156530009": "VMAT", "1162782007": "3D", "1156526006": "2D"}
VOLUME_TYPES: Final = {"228791009": "GTV", "228792002": "CTV", "228793007": "PTV"}

SITES: Final = {  # SNOMED CT body structures as ICD-O-3 topography, where one is plainly the other
    "71252005": "C53.9",
    "35039007": "C55.9",
    "15497006": "C56.9",
    "89837001": "C67.9",
    "41216001": "C61.9",
    "64033007": "C64.9",
    "71854001": "C18.9",
    "34402009": "C20.9",
    "69695003": "C16.9",
    "15776009": "C25.9",
    "39607008": "C34.9",
    "39937001": "C44.9",
    "21974007": "C02.9",
    "71836000": "C11.9",
}

ROUTES: Final = {
    "26643006": "PO",
    "37839007": "SL",
    "54471007": "buccal",
    "46713006": "nasal",
    "45890007": "TD",
    "47625008": "IV",
    "34206005": "SC",
    "78421000": "IM",
    "37161004": "PR",
    "404820008": "epidural",
    "72607000": "intrathecal",
    "372475000": "perineural",
}

ABSENT: Final = {  # FHIR data-absent-reason as a reason for a missing value
    "unknown": "not_stated",
    "asked-unknown": "asked_unknown",
    "temp-unknown": "not_stated",
    "not-asked": "not_asked",
    "asked-declined": "refused",
    "masked": "masked",
    "not-applicable": "not_applicable",
    "unsupported": "not_stated",
    "as-text": "not_stated",
    "error": "error",
    "not-performed": "not_performed",
    "not-permitted": "masked",
}
