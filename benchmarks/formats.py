"""Files in and files out at size: time of a row or case, and peak memory, each measured in a process of its own.

    python benchmarks/formats.py                                     10,000 and 100,000 cases in every format
    python benchmarks/formats.py --rows 1000000 --cases              only the imports of a million rows
    python benchmarks/formats.py --rows --cases 1000 --formats csv

Rows are sent as ``mps submit`` sends them, cases exported as ``mps export`` exports them, on a PostgreSQL of its own.
The cases are 200 simulated ones, processed as any other, and copies of them under other names, set after set, so that a
page of them is a page of different patients. Copies have none of the sealed texts. CPU is that of the measured
process, without the database's; memory is its largest resident set. Flat means: the same at ten times the size.
"""

import argparse
import json
import os
import resource
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from cost_per_case import typical_cases
from sqlalchemy import text

from cli.local import Desk
from cli.sender import Local
from cli.sending import Sending
from registry.embedded.master_key import master_key_file
from registry.formats.item import Options
from registry.formats.outgoing import FORMATS
from registry.ids import new_id
from registry.pipeline.callers import Caller
from registry.pipeline.chunk import run_chunk
from registry.pipeline.export import export
from registry.pipeline.intake import receive_one
from registry.pipeline.sites import add_site, the_site
from registry.settings import Settings
from registry.wiring import Registry, connect, open_registry

SITE = "BNCH"
BASE = 200
AT = "2026-03-04T09:12:00+09:00"

COPY_CASES = text("""
    INSERT INTO "case" (site_id, pseudonym, created_at, changed_at, derived, analysis, basis)
    SELECT site_id, 'C' || n || '-' || pseudonym, created_at, changed_at, derived, analysis, basis
    FROM "case", generate_series(CAST(:first AS int), :last) n WHERE pseudonym NOT LIKE '%-%-%' AND site_id = :site
""")
COPY_RECORDS = text("""
    INSERT INTO record (case_id, submission_id, form, key, recorded_at, hash, content, reason, dictionary, accepted_at)
    SELECT copy.id, r.submission_id, r.form, r.key, r.recorded_at, r.hash, r.content, r.reason, r.dictionary, r.accepted_at
    FROM "case" c JOIN record r ON r.case_id = c.id
    CROSS JOIN generate_series(CAST(:first AS int), :last) n
    JOIN "case" copy ON copy.site_id = c.site_id AND copy.pseudonym = 'C' || n || '-' || c.pseudonym
    WHERE c.pseudonym NOT LIKE '%-%-%' AND c.site_id = :site
""")


def csv_rows(count: int) -> Iterator[str]:
    """A table of pain assessments, twenty a case."""
    yield "case,recorded_at,assess_date,nrs_worst,index_or_nonindex,site_side"
    for n in range(count):
        yield f"{SITE}-{n // 20},{AT},{day(n)},{n % 11},index,left"


def ndjson_rows(count: int) -> Iterator[str]:
    """The same as submissions."""
    for n in range(count):
        pain = {"assess_date": day(n), "nrs_worst": n % 11, "index_or_nonindex": "index", "site_side": "left"}
        forms = {"pain_assessment": [pain]}
        yield json.dumps({"case": f"{SITE}-{n // 20}", "recorded_at": AT, "forms": forms})


def redcap_rows(count: int) -> Iterator[str]:
    """The same as a flat export of a project with our dictionary."""
    fields = ("assess_date", "nrs_worst", "index_or_nonindex", "site_side", "complete")
    yield ",".join(
        (
            "case,redcap_repeat_instrument,redcap_repeat_instance",
            *(f"pain_assessment_{one}" for one in fields),
        )
    )
    for n in range(count):
        yield f"{SITE}-{n // 20},pain_assessment,{n % 20 + 1},{day(n)},{n % 11},index,left,2"


def fhir_rows(count: int) -> Iterator[str]:
    """The same as resources of a bulk export: the scores first, by day, then the patients."""
    code = {"coding": [{"system": "http://loinc.org", "code": "72514-3"}]}
    for n in sorted(range(count), key=lambda n: n % 20):
        score = {"resourceType": "Observation", "id": f"o{n}", "status": "final", "code": code}
        subject = {"reference": f"Patient/p{n // 20}"}
        yield json.dumps(score | {"subject": subject, "effectiveDateTime": day(n), "valueInteger": n % 11})
    for n in range(-(-count // 20)):
        name = {"system": "urn:mps-registry:case", "value": f"{SITE}-{n}"}
        yield json.dumps({"resourceType": "Patient", "id": f"p{n}", "identifier": [name]})


def day(n: int) -> str:
    """The day of a score."""
    return f"2025-03-{n % 20 + 1:02}"


IMPORTS: dict[str, tuple[str, Callable[[int], Iterator[str]]]] = {
    "csv": ("text/csv", csv_rows),
    "ndjson": ("application/x-ndjson", ndjson_rows),
    "redcap": ("application/vnd.redcap.csv", redcap_rows),
    "fhir-ndjson": ("application/fhir+ndjson", fhir_rows),
}


def process_base(registry: Registry) -> None:
    """The cases that are copied, processed as any other."""
    with registry.work() as work:
        add_site(work, SITE, "Benchmark", country="JP", timezone="Asia/Tokyo", actor="benchmark")
    ids = []
    for body in typical_cases(BASE):
        with registry.work() as work:
            site_id = the_site(work, SITE).id
            assert site_id is not None
            made = receive_one(
                work,
                registry.settings,
                site_id=site_id,
                body=body,
                correlation_id=new_id().hex,
                idempotency_key=None,
            )
        ids.append(made)
    run_chunk(registry.work, registry.settings, ids)


def grow(registry: Registry, cases: int) -> int:
    """Copy the base until there are about ``cases``; returns how many there are."""
    with registry.engine.begin() as connection:
        count = text('SELECT count(*) FROM "case" WHERE site_id = :site')
        site = connection.execute(text("SELECT id FROM site WHERE code = :code"), {"code": SITE}).scalar_one()
        base_only = text(count.text + " AND pseudonym NOT LIKE '%-%-%'")
        base = connection.execute(base_only, {"site": site}).scalar_one()
        there = connection.execute(count, {"site": site}).scalar_one()
        span = {"site": site, "first": there // base, "last": cases // base - 1}
        connection.execute(COPY_CASES, span)
        connection.execute(COPY_RECORDS, span)
        found: int = connection.execute(count, {"site": site}).scalar_one()
    with registry.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.execute(text("VACUUM ANALYZE"))
    return found


def import_rows(registry: Registry, name: str, file: Path) -> tuple[int, int]:
    """Items and bytes of a file sent to the registry."""
    desk = Desk(registry, Caller("benchmark", None, None, None, frozenset()))
    answer = Local(desk, SITE).batch(Sending(file, IMPORTS[name][0], Options(recorded_at=AT)))
    if answer["rejected"]:
        raise SystemExit(f"{name}: {answer['rejected']} rejected")
    return int(answer["received"]), file.stat().st_size


def export_cases(registry: Registry, name: str, out: Path) -> tuple[int, int]:
    """Cases and bytes of an export."""
    with registry.work() as work:
        made = export(work, registry.settings, format_name=name, out=out, actor="benchmark", round_doses=True)
    return made.cases, made.size


def measure_here(task: str, subject: str) -> None:
    """In the measured process: do the task and print what it took."""
    registry = connect(Settings(), None)
    with registry.engine.connect() as connection:
        connection.execute(text("SELECT 1"))
    before, began = time.process_time(), time.perf_counter()
    what, _, name = task.partition(" ")
    if what == "import":
        items, size = import_rows(registry, name, Path(subject))
    else:
        with scratch() as folder:
            items, size = export_cases(registry, name, folder)
    taken = {
        "items": items,
        "mb": size / 1e6,
        "cpu": time.process_time() - before,
        "wall": time.perf_counter() - began,
        "peak": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
        / (1024 if sys.platform == "linux" else 1 << 20),
    }
    print(json.dumps(taken))
    registry.close()


@contextmanager
def scratch() -> Iterator[Path]:
    """A folder that is gone afterwards."""
    folder = Path(tempfile.mkdtemp(prefix="mps-formats-"))
    try:
        yield folder
    finally:
        shutil.rmtree(folder)


def measure(registry: Registry, task: str, subject: str = "") -> dict[str, Any]:
    """The same in a process of its own, which begins with nothing of this one's memory."""
    environment = os.environ | {
        "MPS_DATABASE_URL": registry.servers.database_url,
        "MPS_REDIS_URL": registry.servers.redis_url,
        "MPS_MASTER_KEY_FILE": str(master_key_file(registry.settings.data)),
        "MPS_LOG_LEVEL": "ERROR",
    }
    command = [sys.executable, __file__, "--here", task, subject]
    done = subprocess.run(command, env=environment, stdout=subprocess.PIPE, check=True)
    found: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return found


def tell(name: str, taken: dict[str, Any]) -> None:
    """One line of the table."""
    each = 1000 / taken["items"]
    print(
        f"{name:20}{taken['items']:>10,}{taken['mb']:>8,.0f}{taken['wall']:>8,.0f}{taken['items'] / taken['wall']:>9,.0f}"
        f"{taken['cpu'] * each:>9.3f}{taken['peak']:>9,.0f}",
        flush=True,
    )


def run(registry: Registry, folder: Path, sizes: list[int], cases: list[int], formats: list[str]) -> None:
    """Measure everything and print the table."""
    print(f"{'':20}{'items':>10}{'MB':>8}{'s':>8}{'a second':>9}{'ms CPU':>9}{'peak MB':>9}")
    process_base(registry)
    for name, (_, made) in IMPORTS.items():
        for count in sizes:
            file = folder / "rows"
            with file.open("w") as out:
                out.writelines(f"{row}\n" for row in made(count))
            tell(f"import {name}", measure(registry, f"import {name}", str(file)))
    for count in cases:
        grow(registry, count)
        for name in formats:
            tell(f"export {name}", measure(registry, f"export {name}"))


def main(argv: list[str]) -> None:
    """Read the arguments; start servers of its own."""
    if argv[:1] == ["--here"]:
        measure_here(*argv[1:])
        return
    how = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    how.add_argument(
        "--rows", type=int, nargs="*", default=[10_000, 100_000], help="sizes of the imported tables"
    )
    how.add_argument("--cases", type=int, nargs="*", default=[10_000, 100_000], help="sizes of the exports")
    how.add_argument(
        "--formats", nargs="*", default=list(FORMATS), choices=list(FORMATS), help="formats to export"
    )
    said = how.parse_args(argv)
    print(f"{datetime.now(UTC):%Y-%m-%d}, {os.cpu_count()} cores, Python {sys.version.split()[0]}")
    with (
        scratch() as folder,
        open_registry(Settings(data=folder / "data", log_level="ERROR"), None) as registry,
    ):
        run(registry, folder, sorted(said.rows), sorted(said.cases), said.formats)


if __name__ == "__main__":
    main(sys.argv[1:])
