"""Faults, several at a time, while hospitals send: nothing lost, nothing twice, every case as without.

The worst of them in every run of the tests; in `make chaos` each, before its long proof of hundreds.
"""

import os
import random
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from functools import partial

from tests.chaos import faults, proof
from tests.chaos.__main__ import SETTINGS, Run
from tests.chaos.field import field
from tests.chaos.senders import Answers, Pace, send
from tests.chaos.workload import lanes, letters
from tests.e2e.running import short_folder
from tests.waiting import until

WHOLE = bool(os.environ.get("MPS_CHAOS"))
COUNT, SEED = 900 if WHOLE else 350, 2
DISK = 2 << 30
TRIED_FOR = 30.0
"""Seconds for which a fault is tried that finds nothing to be done to, because another one is at work."""


def inflict(run, here, fault):
    """Do a fault until it meets something."""
    deadline = time.monotonic() + TRIED_FOR
    while not run.done[fault.__name__] and time.monotonic() < deadline:
        run.inflict(here, fault, f"{SEED}-{fault.__name__}")
        time.sleep(0.2)


def test_every_fault_at_work():
    chosen = list(faults.FAULTS) if WHOLE else list(faults.WORST)
    sent, answers, run, stop = letters(COUNT, SEED), Answers(), Run(), threading.Event()
    order = random.Random(SEED).sample(chosen, len(chosen))
    with short_folder() as folder, field(folder, disk_bytes=DISK, **SETTINGS) as here:
        registry, pace = here.up.registry, Pace(COUNT / 40)
        keys = {site: here.up.new_site(site).key for site in sorted({one.site for one in sent})}
        senders = [
            threading.Thread(target=send, args=(here.up.url, keys[lane[0].site], lane, answers, pace, stop))
            for lane in lanes(sent, SEED, 2)
            if lane
        ]
        try:
            for one in senders:
                one.start()
            with ThreadPoolExecutor(3) as hands:
                list(hands.map(partial(inflict, run, here), order))
            pace.lift()
            until(lambda: answers.letters == COUNT or answers.wrong, 180)
            proof.until_decided(registry, 240)
            until(here.whole, 60)
            until(lambda: proof.odd(registry) == [], 60)
        finally:
            stop.set()
            for one in senders:
                one.join(90)
        assert answers.wrong == []
        assert proof.lost_and_twice(registry, answers) == (0, 0)
        for site, row in proof.ledger(registry).items():
            assert row["received"] == row["accepted"] + row["rejected"] + row["failed"], site
            assert not row["failed"] or site == "POISON", site
            settings = registry.settings.model_copy(update={"chunk_size": 25})
        assert proof.differences(proof.undisturbed(sent, settings), proof.state(registry)) == []
        met = set(run.done)
        assert len(met) >= len(order) * 0.8, set(run.missed) - met
