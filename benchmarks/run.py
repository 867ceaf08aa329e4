"""Measure the registry on this machine: `make bench`, or

    python benchmarks/run.py [SCENARIO ...] [--write] [--check]

Prints a table, and what each figure is to be; writes all of them as JSON to `benchmarks/latest.json`. With ``--write`` they
become the figures of `benchmarks/figures.json`, which are committed; with ``--check`` the ratios are compared with those
and a worse one by more than a tenth ends with status 1. Times are never compared: they say something about the machine.
"""

import argparse
import json
import os
import platform
import sys
import time
from datetime import UTC, datetime
from pathlib import Path

from million import million
from scenarios import SCENARIOS, WANTED, Figures

HERE = Path(__file__).parent
COMMITTED, LATEST = HERE / "figures.json", HERE / "latest.json"
SLACK = 1.10

QUIET_LOAD = 0.5
"""Processes that want a core before anything is measured (getloadavg(3)), beyond which it is said."""

ALL = SCENARIOS | {"million": million}

BETTER_WHEN_LARGER = ("per_noop_ratio",)


def main() -> int:
    """Run the scenarios that are named, or all but the long one."""
    options = argparse.ArgumentParser(prog="benchmarks/run.py")
    options.add_argument("scenarios", nargs="*", choices=[*ALL, []], help="all but `million` unless named")
    options.add_argument("--write", action="store_true", help="commit to these figures")
    options.add_argument("--check", action="store_true", help="compare the ratios with those committed to")
    given = options.parse_args()
    committed: Figures = json.loads(COMMITTED.read_bytes())["figures"] if COMMITTED.exists() else {}
    found: Figures = {}
    busy = os.getloadavg()[0]
    if busy > QUIET_LOAD:
        print(f"the machine is busy (load {busy:.1f}): rates are lower bounds, times and CPU upper ones")
    for one in given.scenarios or SCENARIOS:
        began = time.perf_counter()
        seen = ALL[one]()
        found |= seen
        tell(one, seen, time.perf_counter() - began)
    if "single_16_per_second" in found and "noop_per_second" in found:
        found["single_16_per_noop_ratio"] = found["single_16_per_second"] / found["noop_per_second"]
    LATEST.write_text(as_json(found, busy))
    if given.write:
        COMMITTED.write_text(as_json(committed | found, busy))
    return worse(committed, found) if given.check else 0


def as_json(found: Figures, busy: float) -> str:
    """The figures and where they were measured, and how busy the machine was before."""
    where = {
        "at": datetime.now(UTC).isoformat(timespec="minutes"), "cores": os.cpu_count(),
        "machine": platform.machine(), "python": platform.python_version(), "load_before": round(busy, 1),
    }  # fmt: skip
    rounded = {name: round(value, 3) for name, value in found.items()}
    return json.dumps({"where": where, "figures": rounded}, indent=2) + "\n"


def tell(scenario: str, found: Figures, seconds: float) -> None:
    """Print a table of what was found."""
    print(f"\n{scenario}  ({seconds:.0f} s)")
    for name, value in found.items():
        wanted = WANTED.get(name)
        verdict = "" if wanted is None else f"   to be {wanted}: {'yes' if holds(value, wanted) else 'NO'}"
        print(f"  {name:36}{value:12,.2f}{verdict}", flush=True)


def holds(value: float, wanted: str) -> bool:
    """Whether a figure is as it is to be."""
    sign, bound = wanted.split()
    return value >= float(bound) if sign == ">=" else value <= float(bound)


def worse(before: Figures, now: Figures) -> int:
    """Compare ratios; 1 if one became worse."""
    status = 0
    for name in sorted(before.keys() & now.keys()):
        if not name.endswith("_ratio"):
            continue
        change = before[name] / now[name] if name.endswith(BETTER_WHEN_LARGER) else now[name] / before[name]
        bad = change > SLACK
        status |= bad
        print(f"  {name:36}{before[name]:8.2f} -> {now[name]:8.2f}  {'WORSE' if bad else 'ok'}")
    return status


if __name__ == "__main__":
    sys.exit(main())
