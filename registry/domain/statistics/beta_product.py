"""Beta product intervals for survival: limits that hold their level in small groups and always exist.

Fay, Brittain & Proschan, Biostatistics 2013;14:723, with the two bounding products approximated by one beta
distribution each through their first two moments. With n at risk and d events on each day up to t:

    upper limit: 0.975 quantile of  W- = product of Beta(n - d + 1, d)
    lower limit: 0.025 quantile of  W+ = W- times Beta(m, 1), m still at risk after t (an event about to happen)

Without censoring the products telescope and the interval is Clopper-Pearson's. The log-log interval covers 0.3 to
0.9 of the time below 20 patients and does not exist before the first and after the last event; this one stayed at
0.95 or above in simulation, at the price of 6 to 14 % more width between 10 and 60 patients.

Derived for right censoring. With late entry it covered 0.94 to 0.98 in simulation and is shown as approximate.
"""

import math
from dataclasses import replace

from scipy.special import betaincinv

from registry.domain.statistics.kaplan_meier import Curve, kaplan_meier
from registry.domain.statistics.log_log import LEVEL, Limits
from registry.domain.statistics.risk_set import RiskSet
from registry.domain.statistics.tally import Tally

_TAIL = (1 - LEVEL) / 2


class _BetaProduct:
    """A product of independent Beta(a, b) variables, by its first two moments.

    log_mean   sum of log(a / (a + b))
    log_second sum of log((a + 1) / (a + b + 1)), the second moment over the mean
    log_spread sum of log(1 + b / (a (a + b + 1))), the second moment over the squared mean

    The beta distribution with mean M and second moment T has a = (M - T) M / (T - M^2), b = (M - T) (1 - M) /
    (T - M^2); the logarithms keep the digits which these differences would lose in large groups.
    """

    def __init__(self, log_mean: float = 0.0, log_second: float = 0.0, log_spread: float = 0.0) -> None:
        self.log_mean, self.log_second, self.log_spread = log_mean, log_second, log_spread

    def times(self, a: int, b: int) -> "_BetaProduct":
        """The product with one more Beta(a, b); b = 0 is the constant 1."""
        total = a + b
        return _BetaProduct(
            self.log_mean + math.log1p(-b / total),
            self.log_second + math.log1p(-b / (total + 1)),
            self.log_spread + math.log1p(b / (a * (total + 1))),
        )

    def quantile(self, probability: float) -> float:
        """Quantile of the beta distribution with the same mean and variance."""
        if self.log_mean == 0.0:
            return 1.0
        mean = math.exp(self.log_mean)
        ratio = -math.expm1(self.log_second) / math.expm1(self.log_spread)
        return float(betaincinv(ratio, ratio * -math.expm1(self.log_mean) / mean, probability))


def beta_product_curve(tally: Tally) -> Curve:
    """The Kaplan-Meier curve with beta product limits on every step, and before the first.

    Both limits are kept from rising again, which only the approximation by moments could make them do; with late
    entry the risk set may grow and the lower limit with it.
    """
    curve, risk = kaplan_meier(tally), RiskSet(tally)
    product = _BetaProduct()
    lower, upper = _lower(product, risk.on(risk.first)), 1.0
    first = Limits(lower, upper)
    steps = []
    for step in curve.steps:
        product = product.times(step.at_risk - step.events + 1, step.events)
        below = _lower(product, risk.on(step.day + 1))
        lower = below if tally.delayed else min(lower, below)
        upper = min(upper, product.quantile(1 - _TAIL))
        steps.append(replace(step, limits=Limits(lower, upper)))
    return Curve(curve.start, tuple(steps), "beta product", first)


def _lower(product: _BetaProduct, still_at_risk: int) -> float:
    return product.times(still_at_risk, 1).quantile(_TAIL) if still_at_risk else 0.0
