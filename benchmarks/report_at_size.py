"""A report at size: seconds, CPU and peak memory of everything that builds it, from 1,000 cases to a million.

    python benchmarks/report_at_size.py [--cases 1000 10000 100000 1000000] [--audience staff public] [--data DIR]

The cases are 2,000 simulated ones, derived as any other, and copies of them under other names at six sites, in a
PostgreSQL of its own. Each report is built in a process of its own by what ``mps report build`` calls, and is committed.
CPU is that of this process, the start of Python included, and that of PostgreSQL. Memory is the greatest sum, looked at twice
a second, of what the process and all processes of PostgreSQL hold; what they share, PostgreSQL's buffers above all,
counts once. In proportion means: the same time for a case at ten times the size. ``--data`` keeps the registries, which take
minutes to fill, and measures again on those that are there.
"""

import argparse
import json
import os
import resource
import subprocess
import sys
import tempfile
import time
from collections import defaultdict
from datetime import UTC, date, datetime
from pathlib import Path

from machine import cpu_of, proportional, servers_of, tree
from sqlalchemy import text

from registry.domain.analysis import analysis_row
from registry.domain.analysis.flat import flat
from registry.domain.case import Case, Version
from registry.domain.check import RULES_THAT_ASK, run
from registry.domain.derive import derive
from registry.domain.outcomes.outcome import Basis
from registry.domain.reading import read_submission
from registry.domain.report.document import Audience
from registry.domain.rules.rule import Context
from registry.domain.simulation import simulate
from registry.pipeline.context import limits
from registry.pipeline.report import build
from registry.pipeline.sites import add_site, the_site
from registry.settings import Settings
from registry.wiring import Registry, open_registry

BASE, SITES = 2_000, 6
END = date(2026, 1, 1)
PART = 100_000

INSERT = text("""
    INSERT INTO "case" (site_id, pseudonym, created_at, changed_at, derived, analysis, basis)
    SELECT :site, x->>'case', '2026-01-01', '2026-01-01', '[]', x->'analysis', x->'basis'
    FROM jsonb_array_elements(CAST(:rows AS jsonb)) x
""")
COPY = text("""
    INSERT INTO "case" (site_id, pseudonym, created_at, changed_at, derived, analysis, basis)
    SELECT site_id, pseudonym || '-' || n, created_at, changed_at, derived, analysis, basis
    FROM "case", generate_series(CAST(:first AS int), :last) n WHERE pseudonym NOT LIKE '%-%-%'
""")


def main() -> None:
    """Fill, build, print."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--cases", type=int, nargs="*", default=[1_000, 10_000, 100_000, 1_000_000])
    parser.add_argument("--audience", nargs="*", default=["staff", "public"])
    parser.add_argument("--data", type=Path)
    parser.add_argument("--child", nargs=2)
    asked = parser.parse_args()
    if asked.child:
        audience: Audience = "public" if asked.child[1] == "public" else "staff"
        print(json.dumps(one_report(Path(asked.child[0]), audience)))
        return
    print(
        f"{'cases':>9} {'audience':8} {'seconds':>8} {'ms/case':>8} {'CPU s':>7} {'database':>8} {'peak MB':>8} "
        f"{'database':>8} {'together':>8}",
        flush=True,
    )
    for size in asked.cases:
        with tempfile.TemporaryDirectory(prefix="mps-size-") as name:
            folder = Path(name) if asked.data is None else asked.data / str(size)
            filled = folder.exists() and any(folder.iterdir())
            with open_registry(Settings(data=folder, port=0), role=None) as registry:
                if not filled:
                    fill(registry, size)
                for audience in asked.audience:
                    found = measured(folder, audience)
                    print(
                        f"{size:9,} {audience:8} {found['seconds']:8.1f} {1000 * found['seconds'] / size:8.3f} "
                        f"{found['cpu']:7.1f} {found['database cpu']:8.1f} {found['peak']:8.0f} "
                        f"{found['database peak']:8.0f} {found['together']:8.0f}",
                        flush=True,
                    )


def fill(registry: Registry, size: int) -> None:
    """So many cases with their analysis rows."""
    settings, basis = registry.settings, Basis(cutoff=END, opioid_table=registry.settings.opioid_table)
    versions: dict[tuple[str, str], list[Version]] = defaultdict(list)
    for sent in simulate(min(BASE, size), SITES, 5, END):
        read, _ = read_submission(sent.envelope)
        if sent.expected == "accepted" and read is not None:
            versions[sent.site, sent.envelope["case"]] += read.versions
    rows: dict[str, list[dict[str, object]]] = defaultdict(list)
    for (site, name), known in versions.items():
        case = Case.of(known)
        findings = tuple(run(RULES_THAT_ASK, case, Context(END, limits(settings))))
        made = analysis_row(case, derive(case, basis), findings, basis)
        stored = {"cutoff": END.isoformat(), "opioid_table": basis.opioid_table, "records": case.hash}
        rows[site].append({"case": name, "analysis": flat(made), "basis": stored})
    with registry.work() as work:
        for site, some in rows.items():
            add_site(work, site, site, country=None, timezone="UTC", actor="bench")
            work.session.execute(INSERT, {"site": the_site(work, site).id, "rows": json.dumps(some)})
    for first in range(1, size // BASE, PART // BASE):
        last = min(first + PART // BASE, size // BASE) - 1
        with registry.work() as work:
            work.session.execute(COPY, {"first": first, "last": last})
    with registry.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.execute(text('VACUUM ANALYZE "case"'))


def measured(folder: Path, audience: str) -> dict[str, float]:
    """A report built in a process of its own."""
    command = [sys.executable, __file__, "--child", str(folder), audience]
    database = next(pid for name, pid in servers_of(folder).items() if "postgres" in name)
    before = sum(map(cpu_of, tree(database)))
    builder = subprocess.Popen(
        command, stdout=subprocess.PIPE, env={**os.environ, "MPS_LOG_LEVEL": "WARNING"}
    )
    peaks = {"peak": 0.0, "database peak": 0.0, "together": 0.0}
    while builder.poll() is None:
        own, other = (sum(map(proportional, tree(root))) for root in (builder.pid, database))
        for name, value in (("peak", own), ("database peak", other), ("together", own + other)):
            peaks[name] = max(peaks[name], value)
        time.sleep(0.5)
    told, _ = builder.communicate()
    found: dict[str, float] = json.loads(told.splitlines()[-1])
    return {**found, **peaks, "database cpu": sum(map(cpu_of, tree(database))) - before}


def one_report(folder: Path, audience: Audience) -> dict[str, float]:
    """Build it and say what it cost."""
    with open_registry(Settings(data=folder, port=0), role=None) as registry:
        began = time.perf_counter()
        with registry.work() as work:
            _, new = build(
                work,
                registry.settings,
                audience=audience,
                trigger="bench",
                cutoff=END,
                as_of=datetime.now(UTC),
            )
        seconds = time.perf_counter() - began
        assert new, "measured before: nothing was built"
    used = resource.getrusage(resource.RUSAGE_SELF)
    return {"seconds": seconds, "cpu": used.ru_utime + used.ru_stime}


if __name__ == "__main__":
    main()
