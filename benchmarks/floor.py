"""The floor: what nobody can avoid. The same bytes parsed, validated by the models and copied into the same tables.

No key is checked, no rule run, nothing derived, no order kept, nothing said to anybody; one COPY per table and hundred
cases. In place of what is derived it copies a row of the pipeline's own as it is, so that the tables are as large.
"""

import hashlib
import time
from multiprocessing import get_context
from typing import Any

import orjson
from machine import Machine, cpu_of, tree
from sqlalchemy import text

from registry.domain.forms import FORMS_BY_NAME
from registry.ids import new_id

CHUNK = 100

_DERIVED = text('SELECT derived, analysis, basis FROM "case" WHERE derived IS NOT NULL LIMIT 200')


def floor(machine: Machine, bodies: list[bytes], processes: int = 2) -> dict[str, float]:
    """Milliseconds of CPU and cases per second; the registry must hold some cases already.

    By as many processes as the worker has: where two cores are threads of one, the same work takes more CPU
    when both are busy, and is compared with work that kept both busy.
    """
    postgres, context = machine.roots["postgres"], get_context("fork")
    told = context.SimpleQueue()
    running = [
        context.Process(target=lambda part=bodies[place::processes]: told.put(_part(machine, part)))
        for place in range(processes)
    ]
    started, theirs = time.perf_counter(), sum(map(cpu_of, tree(postgres)))
    for one in running:
        one.start()
    used = sum(told.get() for _ in running)
    for one in running:
        one.join()
    used += sum(map(cpu_of, tree(postgres))) - theirs
    seconds = time.perf_counter() - started
    return {"cpu_ms": used / len(bodies) * 1000, "per_second": len(bodies) / seconds}


def _part(machine: Machine, bodies: list[bytes]) -> float:
    """Copy these in this process; its seconds of CPU."""
    machine.registry.engine.dispose(close=False)  # connections are the parent's
    with machine.registry.engine.connect() as connection:
        rows = connection.execute(_DERIVED).all()
        site = connection.execute(text("SELECT id FROM site LIMIT 1")).scalar_one()
        derived = [tuple(orjson.dumps(value).decode() for value in row) for row in rows]
        mine = time.process_time()
        raw: Any = connection.connection.driver_connection
        for start in range(0, len(bodies), CHUNK):
            _copy(raw, site, bodies[start : start + CHUNK], derived)
            raw.commit()
        return time.process_time() - mine


def _copy(raw: Any, site: int, bodies: list[bytes], derived: list[tuple[str, ...]]) -> None:
    parsed = [orjson.loads(body) for body in bodies]
    ids = [new_id() for _ in bodies]
    with raw.cursor() as cursor:
        cursor.execute(
            "SELECT nextval(pg_get_serial_sequence('\"case\"', 'id')) FROM generate_series(1, %s)",
            (len(bodies),),
        )
        cases = [row[0] for row in cursor.fetchall()]
        columns = (
            "submission (id, site_id, state, pseudonym, payload, content_hash, correlation_id, attempts)"
        )
        with cursor.copy(f"COPY {columns} FROM STDIN") as copy:
            for at, one in enumerate(parsed):
                digest = hashlib.sha256(bodies[at]).hexdigest()
                copy.write_row((ids[at], site, "accepted", one["case"], bodies[at], digest, "floor", 0))
        with cursor.copy('COPY "case" (id, site_id, pseudonym, derived, analysis, basis) FROM STDIN') as copy:
            for at, one in enumerate(parsed):
                copy.write_row((cases[at], site, one["case"], *derived[at % len(derived)]))
        columns = (
            "record (case_id, site_id, submission_id, form, key, recorded_at, hash, content, dictionary)"
        )
        with cursor.copy(f"COPY {columns} FROM STDIN") as copy:
            for at, one in enumerate(parsed):
                for name, content in one["forms"].items():
                    for record in content if isinstance(content, list) else [content]:
                        form = FORMS_BY_NAME[name].model_validate(record)
                        plain = orjson.dumps(record)
                        digest = hashlib.sha256(plain).hexdigest()
                        row = (
                            cases[at],
                            site,
                            ids[at],
                            name,
                            form.key,
                            one["recorded_at"],
                            digest,
                            plain.decode(),
                            "1.0",
                        )
                        copy.write_row(row)
        with cursor.copy("COPY event (site_id, actor, action, subject, detail) FROM STDIN") as copy:
            for at in range(len(bodies)):
                copy.write_row((site, "floor", "submission.accepted", str(ids[at]), "{}"))
