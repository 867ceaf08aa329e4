"""The table with one row per case: its analysis row with a label for every figure, and the dates behind it.

Survival times and responses are those of the reports: nothing is computed here.
"""

from collections.abc import Callable, Iterator
from typing import Any

from registry.domain.analysis.completeness import CORE_SET
from registry.domain.analysis.row import WINDOWS
from registry.domain.codes.site_groups import groups
from registry.domain.outcomes.mps_class import CLASSES
from registry.formats.analysis.field import Field, Sharing, icd_o, values_of
from registry.formats.exported import ExportedCase
from registry.formats.table import Column, Kind

CATEGORIES = (
    ("CR", "Complete response"),
    ("PR", "Partial response"),
    ("IR", "Indeterminate response"),
    ("PP", "Pain progression"),
)
IMPUTED = (("D", "Day imputed"), ("M", "Month and day imputed"))
TREATMENT = (
    ("radiotherapy", "Radiotherapy"),
    ("systemic", "Systemic therapy"),
    ("both", "Both"),
    ("none", "None"),
)
VITAL_STATUS = (("dead", "Dead"), ("alive", "Alive"), ("unknown", "Unknown"))


def case_fields() -> tuple[Field, ...]:
    """The fields of the table, each finding its value in an `ExportedCase`."""
    return (
        *_who(),
        *_dates(),
        *_baseline(),
        *_treatment(),
        *_survival(),
        *_responses(),
        *_benefit(),
        *_quality(),
    )


def _field(
    name: str,
    label: str,
    kind: Kind = "text",
    *,
    path: tuple[str, ...] = (),
    values: tuple[tuple[str, str], ...] = (),
    unit: str = "",
    sharing: Sharing = "safe",
) -> Field:
    """A figure of the analysis row, by default the one with the name of the column."""
    steps = path or (name,)
    column = Column(name, label, kind, values, unit, f"analysis row: {'.'.join(steps)}")
    return Field(column, _figure(steps), sharing)


def _figure(steps: tuple[str, ...]) -> Callable[[ExportedCase], Any]:
    def find(case: ExportedCase) -> Any:
        value: Any = case.analysis
        for step in steps:
            value = None if value is None else value.get(step)
        return ";".join(map(str, value)) if isinstance(value, list | tuple) else value

    return find


def _who() -> Iterator[Field]:
    yield Field(Column("site", "Site", source="registry"), lambda case: case.site)
    yield Field(Column("case", "Case", source="registry id"), lambda case: case.registry_id)
    country = Column("country", "Country of the site (ISO 3166-1)", source="registry")
    yield Field(country, lambda case: case.country)
    yield _field(
        "source_type", "How the record came into being", "code", values=values_of("patient.source_type")
    )
    yield _field("enrolled", "Prospective and enrolled by the cut-off", "flag")
    yield _field("withdrawal", "Withdrawal in force", "code", values=values_of("consent.withdrawal.level"))
    yield _field("open_blocking", "Rules with an open query that keeps the case out of primary sets")
    yield _field("sex", "Sex at birth", "code", values=values_of("patient.sex_at_birth"))
    yield _field("age_at_onset_years", "Age at symptom onset", "integer", unit="a")
    yield _field("mps_class", "Class of the diagnosis", "code", values=tuple((c, "") for c in CLASSES))
    yield _field("flexion_failure", "Malignant hip flexion failure syndrome", "flag")
    yield _field("site_group", "Group of the primary site", "code", values=tuple(groups().items()))
    yield _field(
        "site_group_published",
        "Group of the primary site as in Takamatsu et al. 2018",
        "code",
        values=tuple(groups("takamatsu-2018").items()),
    )
    for name, label in (("topography", "Site"), ("morphology", "Histology")):
        yield icd_o(_field(name, f"{label} of the primary (ICD-O-3)"))
    yield _field("mechanisms", "Ways by which the cancer reached the psoas")
    yield _field("side", "Side of the syndrome", "code", values=values_of("mps_episode.side"))
    status = values_of("primary_cancer.status_at_mps")
    yield _field("status_at_mps", "State of the cancer when the syndrome began", "code", values=status)
    yield _field("prior_lines", "Lines of systemic therapy before the syndrome", "integer", unit="{count}")


def _dates() -> Iterator[Field]:
    for name, label, outcome, figure in (
        ("onset", "Symptom onset", "OSONS", "start"),
        ("diagnosis", "Diagnosis of the syndrome", "OSDX", "start"),
        ("treatment_start", "Start of the index treatment", "OSTRT", "start"),
        ("observed_to", "Death or end of observation", "OSONS", "end"),
    ):
        source = f"{outcome}: {figure}"
        yield Field(Column(name, label, "date", source=source), _of_outcome(outcome, figure))
        dtf = Column(
            f"{name}_imputed", f"{label}: what was imputed", "code", IMPUTED, source=f"{source}_imputed"
        )
        yield Field(dtf, _of_outcome(outcome, f"{figure}_imputed"))
    yield _field("onset_to_diagnosis_days", "Onset to diagnosis", "integer", unit="d")
    yield _field("onset_to_enrolment_days", "Onset to enrolment", "integer", unit="d")
    yield _field("vital_status", "Vital status at the cut-off", "code", values=VITAL_STATUS)


def _of_outcome(outcome: str, figure: str) -> Callable[[ExportedCase], Any]:
    def find(case: ExportedCase) -> Any:
        row = case.value(outcome)
        return (row["value"] or {}).get(figure) if row else None

    return find


def _baseline() -> Iterator[Field]:
    yield _field("ecog", "ECOG performance status at baseline", "integer", unit="{score}")
    yield _field("nrs", "Worst index pain at baseline", "integer", unit="{score}")
    yield _field("omedd", "Oral morphine equivalent at baseline", "number", unit="mg/d")
    yield _field("neuropathic", "Neuropathic pain at baseline", "flag")
    yield _field("gait", "Gait at baseline", "code", values=values_of("function.gait"))
    yield _field("fixed_flexion_deg", "Fixed flexion of the hip at baseline", "integer", unit="deg")


def _treatment() -> Iterator[Field]:
    yield _field("treatment", "Treatment of the syndrome", "code", values=TREATMENT)
    yield _field("rt_dose_gy", "Delivered dose of the index radiotherapy", "number", unit="Gy")
    yield _field("rt_fractions", "Delivered fractions of the index radiotherapy", "integer", unit="{count}")
    yield _field("rt_eqd2_10_gy", "Its dose in 2 Gy fractions, alpha/beta 10 Gy", "number", unit="Gy")
    yield _field("rt_eqd2_3_gy", "Its dose in 2 Gy fractions, alpha/beta 3 Gy", "number", unit="Gy")
    yield _field("rt_technique", "Its technique", "code", values=values_of("radiotherapy.technique"))
    yield _field("rt_completed", "Given as planned", "code", values=values_of("radiotherapy.completed"))
    overlap = values_of("radiotherapy.prior_rt_overlap")
    yield _field("prior_rt_overlap", "Overlap with earlier radiotherapy", "code", values=overlap)
    yield _field("rt_share_of_life", "Share of remaining life on radiotherapy", "number", unit="1")
    yield _field("death_within_30_days", "Death within 30 days of its start", "flag")
    yield _field("interventions", "Interventions against pain")
    yield _field("toxicity_max_grade", "Highest grade of toxicity (CTCAE)", "integer", unit="{score}")


def _survival() -> Iterator[Field]:
    for name, origin in (
        ("os_onset", "symptom onset"),
        ("os_diagnosis", "diagnosis"),
        ("os_treatment", "index treatment"),
    ):
        for part, label, kind in (
            ("exit", f"Days from {origin} to death or censoring", "integer"),
            ("event", f"Death, from {origin}", "flag"),
            ("entry", f"Day of entry under observation, from {origin}", "integer"),
            ("exit_lo", f"Fewest days from {origin} that the dates allow", "integer"),
            ("exit_hi", f"Most days from {origin} that the dates allow", "integer"),
            ("cause", f"Cause of death or of censoring, from {origin}", "text"),
            ("flags", f"What to know about the time from {origin}", "text"),
            ("reason", f"Why there is no time from {origin}", "text"),
        ):
            unit = "d" if kind == "integer" else ""
            made = _field(f"{name}_{part}", label, kind, path=(name, part), unit=unit)  # type: ignore[arg-type]
            yield _as_flag(made) if part == "event" else made


def _as_flag(field: Field) -> Field:
    def find(case: ExportedCase) -> bool | None:
        event = field.find(case)
        return None if event is None else bool(event)

    return Field(field.column, find, field.sharing)


def _responses() -> Iterator[Field]:
    for prefix, name, given in (
        ("rt", "response_radiotherapy", "radiotherapy"),
        ("st", "response_systemic", "systemic therapy"),
    ):
        course = f"Site's name of the course of {given}"
        yield _field(f"{prefix}_course", course, path=(name, "treatment"), sharing="internal")
        for window in WINDOWS:
            yield from _window(f"{prefix}_{window.lower()}", (name, window), f"{given}, {window}")
        for part, label, kind, unit in _COURSE:
            path = (name, part)
            yield _field(f"{prefix}_{part}", f"{label}, {given}", kind, path=path, unit=unit)


_COURSE: tuple[tuple[str, str, Kind, str], ...] = (
    ("responder_day", "Day of the first response", "integer", "d"),
    ("responder_after", "Last day known without response", "integer", "d"),
    ("competing_day", "Day of death or re-irradiation before response", "integer", "d"),
    ("competing_cause", "Which of them", "text", ""),
    ("followed_to", "Last day of observation", "integer", "d"),
    ("duration_days", "Duration of response", "integer", "d"),
    ("duration_event", "End of response: 0 censored, 1 relapse, 2 death", "integer", ""),
    ("narrative", "Change in words", "text", ""),
    ("pain_relapse", "Pain came back", "text", ""),
    ("functional", "Functional response", "flag", ""),
    ("functional_reason", "Why there is no functional response", "text", ""),
    ("composite", "Response of pain and function", "flag", ""),
    ("prior_opioid", "Opioid at baseline", "flag", ""),
    ("reirradiation", "Target irradiated before", "flag", ""),
)


def _window(prefix: str, path: tuple[str, str], where: str) -> Iterator[Field]:
    for part, label, kind, values, unit in (
        ("category", "Response", "code", CATEGORIES, ""),
        ("pragmatic", "Response, both worse as progression", "code", CATEGORIES, ""),
        ("pain_only", "Response of pain alone", "code", CATEGORIES, ""),
        ("integrated", "Responder, integrated definition", "flag", (), ""),
        ("reason", "Why there is no response category", "text", (), ""),
        ("day", "Day of the assessment", "integer", (), "d"),
        ("nrs0", "Worst pain at baseline", "integer", (), "{score}"),
        ("nrs", "Worst pain", "integer", (), "{score}"),
        ("omedd0", "Opioid dose at baseline", "number", (), "mg/d"),
        ("omedd", "Opioid dose", "number", (), "mg/d"),
        ("confounded", "Another treatment may explain it", "flag", (), ""),
        ("flags", "What to know about the response", "text", (), ""),
    ):
        text = f"{label}, {where}"
        yield _field(f"{prefix}_{part}", text, kind, path=(*path, part), values=values, unit=unit)  # type: ignore[arg-type]


def _benefit() -> Iterator[Field]:
    yield _field("net_pain_relief", "Share of life in response", "number", unit="1")
    yield _field("pain_control_lo", "Share of days with controlled pain, least", "number", unit="1")
    yield _field("pain_control_hi", "Share of days with controlled pain, most", "number", unit="1")
    yield _field("daoh90", "Days alive and out of hospital, of 90", "integer", unit="d")
    yield _field("daoh90_lo", "Days alive and out of hospital, least", "integer", unit="d")
    yield _field("daoh90_hi", "Days alive and out of hospital, most", "integer", unit="d")


def _quality() -> Iterator[Field]:
    for name in CORE_SET:
        label = f"Recorded: {name.replace('_', ' ')}"
        yield _field(f"has_{name}", label, "flag", path=("completeness", name))
    yield _field("dates", "Dates given", "integer", unit="{count}")
    yield _field("partial_dates", "Dates known to the month or year only", "integer", unit="{count}")
