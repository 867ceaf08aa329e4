"""Analysis rows and studies for tests of the report, with everything filled in but what a test is about."""

from dataclasses import fields, replace
from datetime import UTC, date, datetime
from typing import Any

from registry.domain.analysis import ANALYSIS_VERSION, AnalysisRow, ResponseRow, SurvivalRow, WindowRow
from registry.domain.disclosure import protect
from registry.domain.report.assemble import assemble
from registry.domain.report.document import Audience, Block, SectionSpec, SiteFlow, Study

NOTHING: dict[str, Any] = {field.name: None for field in fields(AnalysisRow)}


def a_time(
    exit_day: int | None = 200, event: int | None = 1, entry: int | None = 40, **more: Any
) -> SurvivalRow:
    """A survival time; without a day it has a reason."""
    told = {"exit_lo": exit_day, "exit_hi": exit_day, "cause": None, "flags": (), **more}
    told.setdefault("reason", "no_origin" if exit_day is None else None)
    return SurvivalRow(entry=entry, exit=exit_day, event=event, **told)


def a_window(category: str | None = "PR", reason: str | None = None, **more: Any) -> WindowRow:
    """A window with a response, or with the reason why there is none."""
    told: dict[str, Any] = {"flags": (), "pragmatic": category, "pain_only": category, **more}
    if category:
        told = {
            "nrs0": 8,
            "nrs": 3,
            "omedd0": 60.0,
            "omedd": 60.0,
            "integrated": category in ("CR", "PR"),
            **told,
        }
    return WindowRow(category=category, reason=reason or (None if category else "missed"), **told)


def a_response(category: str | None = "PR", reason: str | None = None, **more: Any) -> ResponseRow:
    """The same response in all windows, unless a window is given."""
    window = a_window(category, reason)
    told: dict[str, Any] = dict.fromkeys(field.name for field in fields(ResponseRow))
    told |= {
        "treatment": "RT-1",
        "kind": "radiotherapy",
        "M1": window,
        "M2": window,
        "M3": window,
        "best": window,
    }
    if category in ("CR", "PR"):
        told |= {"responder_day": 20, "responder_after": 7}
    return ResponseRow(**{**told, "followed_to": 150, **more})


def a_row(**more: Any) -> AnalysisRow:
    """A woman with definite syndrome, irradiated, who responded and died on day 200 after onset."""
    told = {
        **NOTHING,
        "analysis_version": ANALYSIS_VERSION,
        "settled_on": "2025-01-01",
        "source_type": "prospective",
        "enrolled": True,
        "mps_class": "definite",
        "flexion_failure": False,
        "open_blocking": (),
        "sex": "female",
        "age_at_onset_years": 63,
        "site_group": "female_genital",
        "site_group_published": "female_genital",
        "mechanisms": ("nodal_extension",),
        "side": "left",
        "treatment": "radiotherapy",
        "interventions": (),
        "os_onset": a_time(),
        "os_diagnosis": a_time(170, entry=10),
        "os_treatment": a_time(150, entry=None),
        "response_radiotherapy": a_response(),
        "toxicity": {},
        "completeness": {},
        "vital_status": "dead",
        "dates": 10,
        "partial_dates": 1,
        "scores": 2,
        "round_scores": 0,
    }
    told["completeness"] = dict.fromkeys(
        ("onset", "diagnosis", "side", "nrs_baseline", "nrs_m2", "omedd_baseline", "omedd_m2"), True
    ) | dict.fromkeys(("rt_dose", "rt_fractions", "rt_start", "rt_end", "vital_status"), True)
    return AnalysisRow(**{**told, **more})


def untreated(**more: Any) -> AnalysisRow:
    """A patient without treatment of the syndrome."""
    return a_row(
        **{"treatment": "none", "response_radiotherapy": None, "os_treatment": a_time(None, None), **more}
    )


def a_study(
    *rows: AnalysisRow,
    audience: Audience = "staff",
    threshold: int = 5,
    sites: tuple[str, ...] = (),
    **more: Any,
) -> Study:
    """A study of these rows, all of one site unless sites are given."""
    told: dict[str, Any] = {
        "queries": ((),) * len(rows),
        "ledger": (SiteFlow("KND", len(rows) + 1, len(rows), 1, 0, 0),),
        "cutoff": date(2026, 1, 1),
        "as_of": datetime(2026, 1, 2, tzinfo=UTC),
        "versions": {"code": "0.1.0", "opioid table": "MPS-OME-1"},
        **more,
    }
    return Study(rows, sites or ("KND",) * len(rows), audience=audience, threshold=threshold, **told)


def told_to_the_public(study: Study, section: SectionSpec) -> tuple[Block, ...]:
    """The blocks of one section as the public reads them, where no reader knows patients of his own."""
    document = replace(assemble(study, "", (section,)), insiders={})
    return protect(document, study.threshold).sections[0].blocks
