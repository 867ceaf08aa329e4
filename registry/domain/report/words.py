"""Words for coded answers, where the code with spaces for underscores does not do."""

from collections.abc import Iterable

from registry.domain.statistics.counting import Refusal

CLASSES = {"definite": "definite", "probable": "probable", "possible": "possible"}
OTHER_CLASSES = {
    "psoas_metastasis_only": "psoas metastasis without the syndrome",
    "not_mps": "not malignant psoas syndrome",
}
TREATMENTS = {
    "radiotherapy": "radiotherapy alone",
    "systemic": "systemic therapy alone",
    "both": "radiotherapy and systemic therapy",
    "none": "neither",
}
CATEGORIES = {
    "CR": "Complete response (CR)",
    "PR": "Partial response (PR)",
    "IR": "Indeterminate response (IR)",
    "PP": "Pain progression (PP)",
}
NOT_EVALUABLE = {
    "died_before_window": "died before the assessment",
    "reirradiated_before_window": "irradiated again before it",
    "withdrew": "withdrew before it",
    "too_ill": "too ill",
    "lost": "lost to follow-up",
    "missed": "alive, not assessed",
    "missing_nrs": "pain not scored",
    "missing_omedd": "opioid dose unknown",
    "methadone_or_neuraxial_flag": "opioid without a fixed equivalent",
    "no_baseline": "no baseline pain",
    "pain_flare": "within the flare of radiotherapy",
    "no_treatment_date": "dates of treatment unknown",
    "pending": "time of assessment not over",
}
ORIGINS = {
    "os_onset": "symptom onset",
    "os_diagnosis": "diagnosis of the syndrome",
    "os_treatment": "start of treatment",
}
WITHOUT_TIME = {
    "no_origin": "day of origin unknown",
    "no_death_date": "died, day unknown",
    "no_last_contact": "last contact unknown",
    "origin_after_end": "dates contradict each other",
    "not_applicable": "no such event",
    "wide_bounds": "dates too vague (more than 62 days)",
    "disputed_origin": "origin disputed",
    Refusal.NO_TIME_AT_RISK: "died or left on the day of enrolment",
    Refusal.ENTRY_AFTER_EXIT: "enrolled after the end of observation",
}


def plain(codes: Iterable[str]) -> dict[str, str]:
    """Codes with spaces for underscores."""
    return {code: said(code) for code in codes}


def said(code: str | None) -> str:
    """One code in words."""
    return code.replace("_", " ") if code else "–"
