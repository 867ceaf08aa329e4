"""Attack the public reports of a thousand simulated months (``make attack``): what follows from them, laid side by side?

    python benchmarks/attack.py [--months N] [--seed S] [--registries FIRST LAST]

Registries of several sizes and accruals are simulated until the months are reached; each publishes whenever enough
patients are new. The attacker (``tests/attack``) reads what they published, as the public and as each of two hospitals.
Prints what he claims and how often he is right; exit status 1 when he recovers anything. The same reports without the
protection over time are attacked beside it, to show that he can win. ``--registries`` does some
of the lines of the whole table only, counted from 1, for a run in pieces.
"""

import argparse
import sys
import time
from collections import Counter
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))

from tests.attack.attacker import Claim, attack
from tests.attack.months import Cohort, published

REGISTRIES = (  # patients, sites, months, threshold
    (120, 3, 50, 5),
    (300, 5, 50, 5),
    (300, 4, 50, 11),
    (600, 6, 50, 11),
    (1200, 8, 50, 11),
)


def one(
    patients: int, sites: int, months: int, threshold: int, seed: int, over_time: bool
) -> tuple[int, list[Claim]]:
    """Reports published by one registry, and all claims about them."""
    cohort = Cohort(patients, sites, months, seed)
    reports = list(published(cohort, threshold, over_time=over_time))
    claims = attack(reports, threshold)
    for own in cohort.hospitals()[:2]:
        claims += attack(reports, threshold, own)
    return len(reports), claims


def main() -> int:
    """Run and print the table."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--months", type=int, default=1000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--registries", type=int, nargs=2, default=(1, None))
    asked = parser.parse_args()
    jobs, done = [], 0
    while done < asked.months:
        patients, sites, months, threshold = REGISTRIES[len(jobs) % len(REGISTRIES)]
        jobs.append((patients, sites, months, threshold, asked.seed + len(jobs), True))
        done += months
    jobs += [(*job[:5], False) for job in jobs[: len(REGISTRIES)]]
    first, last = asked.registries
    jobs = jobs[first - 1 : last]
    print("patients sites months threshold protected reports claims right seconds   by attack")
    lost = 0
    with ProcessPoolExecutor(2) as pool:
        began = time.monotonic()
        for job, (reports, claims) in zip(jobs, pool.map(one, *zip(*jobs, strict=True)), strict=True):
            right = Counter(claim.how for claim in claims if claim.right)
            print(
                f"{job[0]:8} {job[1]:5} {job[2]:6} {job[3]:9} {'yes' if job[5] else 'NO':>9} {reports:7} {len(claims):6} "
                f"{sum(right.values()):5} {time.monotonic() - began:7.0f}   {dict(right)}",
                flush=True,
            )
            lost += sum(right.values()) if job[5] else 0
    done = sum(job[2] for job in jobs if job[5])
    print(f"{done} months: the attacker recovered {lost} cells below the threshold")
    return int(lost > 0)


if __name__ == "__main__":
    raise SystemExit(main())
