"""API, workers, database and queue on hosts of their own; each is cut off in mid-run and comes back.

It takes root and a minute: part of `make chaos`.
"""

import os
import threading
import time

import httpx
import pytest
from sqlalchemy import make_url

from registry import embedded
from registry.embedded import Servers, account, postgres, valkey
from registry.embedded.master_key import master_key_file
from registry.pipeline.sites import SCOPES, add_site, issue_key
from registry.settings import Settings
from registry.store.migrations import upgrade
from registry.store.vault import Vault
from registry.wiring import connect, keyring
from tests.chaos import proof
from tests.chaos.senders import Answers, Pace, send
from tests.chaos.workload import lanes, letters
from tests.e2e import machines
from tests.e2e.running import HASTE, short_folder
from tests.waiting import until

COUNT = 600
CUT_SECONDS = 4.0

CUT = ("work1", "queue", "db", "api", "work2")


pytestmark = pytest.mark.skipif(not os.environ.get("MPS_CHAOS"), reason="part of `make chaos`")


@pytest.fixture
def laid_out():
    """The registry on its hosts: (hosts, the address of the API, the registry as the database's host sees it)."""
    if not machines.possible():
        pytest.skip("takes root and network namespaces")
    with (
        short_folder() as folder,
        machines.network("db", "queue", "api", "work1", "work2", "hospital") as hosts,
    ):
        data = folder / "data"
        with embedded.start(data) as servers:  # makes the cluster
            first = connect(Settings(data=data), None, servers)
            upgrade(first.engine)
            Vault.prepare(first.engine, keyring(first.settings))
            first.close()
        with (data / "postgres" / "pg_hba.conf").open("a") as access:
            access.write(f"host all all {machines.NET}.0/24 trust\n")
        who = account.for_servers()
        assert who is not None
        sockets = folder / "sockets"
        sockets.mkdir()
        who.give(sockets)
        database = (
            str(postgres.binaries() / "postgres"), "-D", str(data / "postgres"),
            "-c", f"listen_addresses={hosts['db'].address}", "-c", f"unix_socket_directories={sockets}",
        )  # fmt: skip
        hosts["db"].run(machines.as_account(who.uid, who.gid, database), folder / "db.log")
        queue = (
            str(valkey.binary()),
            "--bind",
            hosts["queue"].address,
            "--protected-mode",
            "no",
            "--save",
            "",
        )
        hosts["queue"].run(machines.as_account(who.uid, who.gid, queue), folder / "queue.log")
        environment = HASTE | {
            "MPS_DATABASE_URL": f"postgresql://mps@{hosts['db'].address}:5432/mps",
            "MPS_REDIS_URL": f"redis://{hosts['queue'].address}:6379/0",
            "MPS_MASTER_KEY_FILE": str(master_key_file(data)),
            "MPS_DATA": str(data),
            "MPS_HOST": hosts["api"].address,
            "MPS_REPORT_CHECK_SECONDS": "300",
            "HOME": str(folder),
        }
        hosts["api"].run((*machines.PYTHON, "registry.api.server"), folder / "api.log", **environment)
        celery = (*machines.PYTHON, "celery", "--quiet", "-A", "workers.app")
        for name in ("work1", "work2"):
            worker = (*celery, "worker", "--loglevel", "INFO", "-n", name, "--concurrency", "1")
            hosts[name].run(worker, folder / f"{name}.log", **environment)
        hosts["work1"].run((*celery, "beat", "--pidfile", ""), folder / "beat.log", **environment)
        local = make_url("postgresql+psycopg://mps@/mps").update_query_dict(
            {"host": str(sockets), "port": "5432"}
        )
        registry = connect(
            Settings(data=data), None, Servers(local.render_as_string(), "redis://127.0.0.1:1/0")
        )
        try:
            yield hosts, f"http://{hosts['api'].address}:8000", registry
        except BaseException:
            for log in sorted(folder.glob("*.log")):
                print(log.name, log.read_text(errors="replace")[-2000:])  # noqa: T201
            raise
        finally:
            registry.close()


def ready(host, url):
    """Wait until the API answers that it is ready."""

    def ask():
        def act():
            try:
                found.append(httpx.get(f"{url}/readyz", timeout=5, trust_env=False).status_code)
            except httpx.TransportError:
                found.append(0)

        found: list[int] = []
        host.as_inhabitant(act).join()
        return found == [200]

    until(ask, 90)


def test_each_is_cut_off_and_comes_back(laid_out):
    hosts, url, registry = laid_out
    ready(hosts["hospital"], url)
    sent = letters(COUNT, 5)
    keys = {}
    with registry.work() as work:
        for code in sorted({one.site for one in sent}):
            add_site(work, code, "Hospital", country="JP", timezone="Asia/Tokyo", actor="test")
            keys[code] = issue_key(work, code, scopes=list(SCOPES), days=1, label=None, actor="test")
    answers, stop, pace = Answers(), threading.Event(), Pace(COUNT / (len(CUT) * CUT_SECONDS * 2))
    senders = [
        hosts["hospital"].as_inhabitant(
            lambda lane=lane: send(url, keys[lane[0].site], lane, answers, pace, stop)
        )
        for lane in lanes(sent, 5, 2)
        if lane
    ]
    try:
        for name in CUT:
            hosts[name].cable("down")
            time.sleep(CUT_SECONDS)  # the fault, not a wait for a state
            hosts[name].cable("up")
            time.sleep(CUT_SECONDS / 2)
        pace.lift()
        until(lambda: answers.letters == COUNT or answers.wrong, 120)
        proof.until_decided(registry, 180)
    finally:
        stop.set()
        for one in senders:
            one.join(90)
    assert answers.wrong == []
    until(lambda: proof.odd(registry) == [], 60)
    assert proof.lost_and_twice(registry, answers) == (0, 0)
    assert all(row["failed"] == 0 for row in proof.ledger(registry).values())
    assert proof.differences(proof.undisturbed(sent, registry.settings), proof.state(registry)) == []
