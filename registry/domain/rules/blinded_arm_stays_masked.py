"""E20: a blinded arm is not disclosed before the end of the blinding."""

from collections.abc import Iterator

from registry.domain.case import Case
from registry.domain.forms.systemic_therapy import SystemicTherapy
from registry.domain.rules.rule import Context, Hit, Rule


def check(case: Case, context: Context) -> Iterator[Hit]:
    for therapy in case.all(SystemicTherapy):
        trial = therapy.trial
        if trial is None or not trial.blinded or trial.arm is None or trial.arm.strip().lower() == "masked":
            continue
        end = trial.unblinding_date
        if end is None or end.lo > context.today:
            yield Hit(therapy, "trial/arm", {"end": end})


RULE = Rule(
    id="E20",
    version=1,
    severity="reject",
    title="A blinded arm stays masked",
    sentence="The arm of a blinded trial is sent as `masked` until the day it is disclosed.",
    message="The trial is blinded and its arm is sent before the end of the blinding (`unblinding_date`: "
    "{end}). Send `masked` as the arm, or the date on which it was disclosed.",
    why="A registry that stores the arm of a running trial can break its blinding, also by regimen tables "
    "of one patient (ICH E9, blinding). The arm itself is not repeated here.",
    fields=(
        "systemic_therapy.trial.blinded",
        "systemic_therapy.trial.arm",
        "systemic_therapy.trial.unblinding_date",
    ),
    good=(
        {
            "systemic_therapy": [
                {"therapy_id": "TC", "trial": {"phase": "3", "blinded": True, "arm": "masked"}}
            ]
        },
        {
            "systemic_therapy": [
                {
                    "therapy_id": "TC",
                    "trial": {"blinded": True, "arm": "bevacizumab", "unblinding_date": "2025-12-01"},
                }
            ]
        },
        {"systemic_therapy": [{"therapy_id": "TC", "trial": {"blinded": False, "arm": "bevacizumab"}}]},
    ),
    bad=(
        {"systemic_therapy": [{"therapy_id": "TC", "trial": {"blinded": True, "arm": "bevacizumab"}}]},
        {
            "systemic_therapy": [
                {
                    "therapy_id": "TC",
                    "trial": {"blinded": True, "arm": "placebo", "unblinding_date": "2026-12"},
                }
            ]
        },
    ),
    check=check,
)
