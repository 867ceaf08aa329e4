"""What the analysis plan MPS-SAP-1 fixes in advance, in one place: nobody picks a day after seeing the curve.

A change here is a new version of the plan (registry decision).
"""

SURVIVAL_DAYS = {"3 months": 91, "6 months": 183, "12 months": 365}
"""Days on which survival is printed: months of 30.4375 days."""

START_DAYS = {"os_onset": 30, "os_diagnosis": 30, "os_treatment": 0}
"""Day from which survival is estimated, by origin.

Hardly anybody is enrolled in the first weeks after onset, so an estimate from day 0 would rest on one or two patients;
choosing the day from the data is biased. Who is treated is enrolled by then.
"""

TREATMENT_DAYS = {"1 month": 30, "2 months": 61, "3 months": 91}
"""Days after the start of treatment on which the incidence of response is printed."""

WINDOWS = {"M1": "Month 1", "M2": "Month 2 (primary)", "M3": "Month 3", "best": "Best in 12 weeks"}
PRIMARY_WINDOW = "M2"

WIDE_BOUNDS = "wide_bounds"
DISPUTED = "disputed_origin"
NEVER_AT_RISK = "never_at_risk"
"""Flags of a survival time that keep it out of the primary curve."""

CONFIRMED_WITHIN_DAYS = 60
"""Vital status is timely when it was confirmed at most this many days before the cut-off."""

TARGETS = {"vital_status": 0.95, "nrs_baseline": 0.90, "omedd_baseline": 0.90, "nrs_m2": 0.80}
"""Shares of recorded values the registry aims at."""
