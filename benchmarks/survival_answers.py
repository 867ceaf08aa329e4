"""One estimate by one library, in a process of its own (see ``estimators.py``): prints seconds of CPU and the estimate.

Survival and incidence are those of day 365; a log-rank test is told by its chi-square.
"""

import json
import sys
import time
import warnings
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np

DAY = 365
Columns = Any


def registry(question: str) -> Callable[[Columns], float]:
    """The estimators of the registry."""
    sys.path.insert(0, str(Path(__file__).parents[1]))
    from registry.domain.statistics.competing_risks import aalen_johansen
    from registry.domain.statistics.counting_arrays import count_arrays
    from registry.domain.statistics.kaplan_meier import kaplan_meier
    from registry.domain.statistics.log_rank import log_rank

    def test(c: Columns) -> float:
        groups = [count_arrays(c["days"][c["group"] == g], c["dead"][c["group"] == g]).tally for g in (0, 1)]
        return float(log_rank(groups).chi2 or 0)

    answers: dict[str, Callable[[Columns], float]] = {
        "kaplan-meier": lambda c: kaplan_meier(count_arrays(c["days"], c["dead"]).tally).survival_at(DAY),
        "delayed": lambda c: kaplan_meier(count_arrays(c["days"], c["dead"], c["entry"]).tally).survival_at(
            DAY
        ),
        "incidence": lambda c: aalen_johansen(count_arrays(c["days"], c["cause"], causes=2).tally)[
            0
        ].incidence_at(DAY),
        "log-rank": test,
    }
    return answers[question]


def lifelines(question: str) -> Callable[[Columns], float]:
    """lifelines."""
    from lifelines import AalenJohansenFitter, KaplanMeierFitter
    from lifelines.statistics import logrank_test

    def test(c: Columns) -> float:
        first = c["group"] == 0
        found = logrank_test(c["days"][first], c["days"][~first], c["dead"][first], c["dead"][~first])
        return float(found.test_statistic)

    answers: dict[str, Callable[[Columns], float]] = {
        "kaplan-meier": lambda c: KaplanMeierFitter().fit(c["days"], c["dead"]).predict(DAY),
        "delayed": lambda c: KaplanMeierFitter().fit(c["days"], c["dead"], entry=c["entry"]).predict(DAY),
        "incidence": lambda c: AalenJohansenFitter(seed=1).fit(c["days"], c["cause"], 1).predict(DAY),
        "log-rank": test,
    }
    return answers[question]


def scikit_survival(question: str) -> Callable[[Columns], float]:
    """scikit-survival."""
    from sksurv.compare import compare_survival
    from sksurv.nonparametric import cumulative_incidence_competing_risks, kaplan_meier_estimator
    from sksurv.util import Surv

    def curve(c: Columns, **more: Any) -> float:
        time_, survival, _ = kaplan_meier_estimator(
            c["dead"].astype(bool), c["days"], conf_type="log-log", **more
        )
        return float(survival[np.searchsorted(time_, DAY, side="right") - 1])

    def incidence(c: Columns) -> float:
        time_, found = cumulative_incidence_competing_risks(c["cause"], c["days"])
        return float(found[1][np.searchsorted(time_, DAY, side="right") - 1])

    answers: dict[str, Callable[[Columns], float]] = {
        "kaplan-meier": curve,
        "delayed": lambda c: curve(c, time_enter=c["entry"]),
        "incidence": incidence,
        "log-rank": lambda c: compare_survival(
            Surv.from_arrays(c["dead"].astype(bool), c["days"]), c["group"]
        )[0],
    }
    return answers[question]


def statsmodels(question: str) -> Callable[[Columns], float]:
    """statsmodels."""
    from statsmodels.duration.survfunc import CumIncidenceRight, SurvfuncRight, survdiff

    def curve(c: Columns, **more: Any) -> float:
        found = SurvfuncRight(c["days"], c["dead"], **more)
        return float(found.surv_prob[np.searchsorted(found.surv_times, DAY, side="right") - 1])

    def incidence(c: Columns) -> float:
        found = CumIncidenceRight(c["days"], c["cause"])
        return float(found.cinc[0][np.searchsorted(found.times, DAY, side="right") - 1])

    answers: dict[str, Callable[[Columns], float]] = {
        "kaplan-meier": curve,
        "delayed": lambda c: curve(c, entry=c["entry"]),
        "incidence": incidence,
        "log-rank": lambda c: survdiff(c["days"], c["dead"], c["group"])[0],
    }
    return answers[question]


def main(who: str, question: str, data: str) -> None:
    """Load, estimate, tell."""
    warnings.simplefilter("ignore")
    stored = np.load(data)
    columns = {name: stored[name] for name in stored.files}
    columns["dead"] = (columns["cause"] > 0).astype(np.int64)
    answer = globals()[who.replace("-", "_")](question)
    began = time.process_time()
    estimate = float(answer(columns))
    print(json.dumps({"seconds": time.process_time() - began, "estimate": estimate}))


if __name__ == "__main__":
    main(*sys.argv[1:])
