"""Begin a transaction that shows the pass of a site (``passes.sql``): both in one journey to the server.

The pass goes as a parameter, so that no list of running statements shows it to anybody who may read such lists.
"""

import select
from typing import Any

from psycopg import OperationalError
from psycopg.pq import ExecStatus

_SHOW = b"SELECT pg_catalog.set_config('mps.site', $1, true)"
_GOOD = (ExecStatus.COMMAND_OK, ExecStatus.TUPLES_OK)


def begin(connection: Any, site_pass: bytes) -> bool:
    """Begin on a connection of the driver, between transactions; False where the server did not do it.

    The driver's own ways are a journey more (its cursor) or three times the work (its pipeline); what is awaited here is
    awaited as it does, without keeping other threads from running.
    """
    server = connection.pgconn
    try:
        server.enter_pipeline_mode()
        server.send_query_params(b"BEGIN", None)
        server.send_query_params(_SHOW, [site_pass])
        server.pipeline_sync()
        return _done(server)
    except OperationalError:
        return False


def _done(server: Any) -> bool:
    done, waiting = True, select.poll()
    waiting.register(server.socket, select.POLLIN)
    while True:
        waiting.poll()
        server.consume_input()
        while not server.is_busy():
            result = server.get_result()
            if result is None:
                continue  # the end of one statement's results
            if result.status == ExecStatus.PIPELINE_SYNC:
                server.exit_pipeline_mode()
                return done
            done = done and result.status in _GOOD
