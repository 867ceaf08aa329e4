"""The long proof: `python -m tests.chaos --submissions 20000 --faults 200 --seed 1`, or `make chaos`.

Hospitals send a simulated cohort to a registry that runs as in production while faults of every kind are done to it, some
at the same time. At the end: the ledger of each site, whether each submission took effect exactly once, whether every
case is bit for bit that of an undisturbed run, and how long the registry took to recover. The same seed draws the same
faults and the same submissions; when they meet is up to the machine. Exit status 1 if a promise was broken.
"""

import argparse
import os
import random
import signal
import sys
import threading
import time
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from itertools import count
from pathlib import Path
from typing import Any

import orjson

from tests.chaos import faults, proof
from tests.chaos.field import Field
from tests.chaos.field import field as a_field
from tests.chaos.senders import Answers, Pace, send
from tests.chaos.workload import Letter, lanes, letters
from tests.e2e.running import short_folder
from tests.waiting import until

LANES = 4
"""Senders of each site."""

GAP = 2.0
"""Seconds from one fault to the next, on average; many last longer."""

DISK = 8 << 30

SETTINGS = {
    "MPS_CHUNK_SIZE": "25",
    "MPS_CHUNK_SECONDS": "10",
    "MPS_SWEEP_AFTER_SECONDS": "5",
    "MPS_SWEEP_EVERY_SECONDS": "2",
    "MPS_REPORT_CHECK_SECONDS": "30",
    "MPS_REPORT_DEBOUNCE_SECONDS": "300",
    "MPS_RATE_LIMIT": "0",
    "MPS_DISK_RESERVE_BYTES": "0",  # so that the disk is really full, and not only nearly
}

RECOVERS_WITHIN = 600.0


@dataclass
class Run:
    """What was done and what was seen."""

    done: Counter[str] = field(default_factory=Counter)
    missed: Counter[str] = field(default_factory=Counter)
    lock: threading.Lock = field(default_factory=threading.Lock)

    def inflict(self, here: Field, fault: faults.Fault, seed: str) -> None:
        """Do a fault; one that had nothing to meet, because another was there before it, is not counted."""
        name = fault.__name__
        try:
            met = fault(here, random.Random(seed))
        except faults.AWAY:
            met = False
        with self.lock:
            (self.done if met else self.missed)[name] += 1


def main() -> int:
    """Run, print, and write the report."""
    options = argparse.ArgumentParser(prog="python -m tests.chaos")
    options.add_argument("--submissions", type=int, default=20_000)
    options.add_argument("--faults", type=int, default=200)
    options.add_argument("--seed", type=int, default=int(time.time()) % 100_000)
    options.add_argument(
        "--minutes", type=float, default=60, help="end of the faults, however many there were"
    )
    options.add_argument("--report", type=Path, help="file for the report as JSON")
    given = options.parse_args()
    print(f"seed {given.seed}: {given.submissions} submissions, {given.faults} faults", flush=True)
    sent = letters(given.submissions, given.seed)
    with short_folder() as folder, a_field(folder, disk_bytes=DISK, **SETTINGS) as here:
        if here.disk is None:
            print("not root: the disk is not filled")
        if here.clock is None:
            print("no C compiler: clocks do not jump")
        report = disturbed(here, sent, given.seed, given.faults, given.minutes)
        print("every submission is decided; the same without disturbance ...", flush=True)
        settings = here.up.registry.settings.model_copy(update={"chunk_size": 25})
        unlike = proof.differences(proof.undisturbed(sent, settings), proof.state(here.up.registry))
    report |= {
        "seed": given.seed,
        "unlike_undisturbed": len(unlike),
        "examples": (report.pop("examples") + unlike)[:20],
    }
    broken = any(
        report[name] for name in ("lost", "twice", "contradictions", "unlike_undisturbed", "wrong_answers")
    )
    tell(report)
    if given.report:
        given.report.write_bytes(orjson.dumps(report, option=orjson.OPT_INDENT_2))
    print("BROKEN" if broken else "nothing lost, nothing twice, every case as in an undisturbed run")
    return int(broken)


def disturbed(here: Field, sent: list[Letter], seed: int, wanted: int, minutes: float) -> dict[str, Any]:
    """Send and disturb until all is decided; what was seen then."""
    answers, run, stop = Answers(), Run(), threading.Event()
    pace = Pace(len(sent) / (wanted * GAP))
    keys = {site: here.up.new_site(site).key for site in sorted({one.site for one in sent})}
    began = time.monotonic()
    senders = [
        threading.Thread(
            target=send,
            args=(here.up.url, keys[lane[0].site], lane, answers, pace, stop),
        )
        for lane in lanes(sent, seed, LANES)
        if lane
    ]
    for one in senders:
        one.start()
    try:
        inflict_all(here, run, seed, wanted, began + minutes * 60, answers)
        ended = time.monotonic()
        pace.lift()
        for one in senders:
            one.join(RECOVERS_WITHIN)
        proof.until_decided(here.up.registry, RECOVERS_WITHIN)
        recovered = time.monotonic()
        until(here.whole, 120)
        until(lambda: not any("left over" in one for one in proof.odd(here.up.registry)), 60)
    finally:
        stop.set()
        for one in senders:
            one.join(90)
    lost, twice = proof.lost_and_twice(here.up.registry, answers)
    contradictions = proof.odd(here.up.registry)
    rows = proof.ledger(here.up.registry)
    unsound = [
        f"{site} does not add up" for site, row in rows.items()
        if row["received"] != row["accepted"] + row["rejected"] + row["failed"] + row["waiting"]
    ]  # fmt: skip
    failed = [f"{site} has dead letters" for site, row in rows.items() if row["failed"] and site != "POISON"]
    return {
        "submissions": len(sent), "answered": answers.letters, "asked_again": answers.refusals,
        "wrong_answers": len(answers.wrong),
        "faults": sum(run.done.values()), "done": dict(sorted(run.done.items())), "met_nothing": dict(run.missed),
        "lost": lost, "twice": twice, "contradictions": len(contradictions) + len(unsound) + len(failed),
        "seconds": round(ended - began), "seconds_to_recover": round(recovered - ended, 1), "ledger": rows,
        "examples": [*answers.wrong[:5], *contradictions[:5], *unsound, *failed],
    }  # fmt: skip


def inflict_all(here: Field, run: Run, seed: int, wanted: int, deadline: float, answers: Answers) -> None:
    """Faults at random moments, several at a time, until enough of them met something."""
    chance = random.Random(seed)
    with ThreadPoolExecutor(3) as hands:
        for number in count():
            if sum(run.done.values()) >= wanted or time.monotonic() > deadline:
                return
            (fault,) = chance.choices(list(faults.FAULTS), list(faults.FAULTS.values()))
            hands.submit(run.inflict, here, fault, f"{seed}-{number}")
            time.sleep(chance.expovariate(1 / GAP))
            while hands._work_queue.qsize():  # all hands are full
                time.sleep(0.1)
            if number % 10 == 9:
                print(
                    f"  {sum(run.done.values())} faults, {answers.letters} submissions answered", flush=True
                )


def tell(report: dict[str, Any]) -> None:
    """Print what was seen."""
    for name, met in report["done"].items():
        print(f"  {met:4}  {name}")
    for site, row in report["ledger"].items():
        print(f"  {site}: " + ", ".join(f"{n} {name}" for name, n in row.items()))
    for one in report["examples"]:
        print(f"  ! {one}")
    for name, value in report.items():
        if isinstance(value, int | float):
            print(f"{name.replace('_', ' '):24}{value}")


def interrupt(*_: object) -> None:
    """End in good order: nothing is left running."""
    raise KeyboardInterrupt


if __name__ == "__main__":
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, interrupt)
    os.chdir(Path(__file__).parents[2])
    sys.exit(main())
