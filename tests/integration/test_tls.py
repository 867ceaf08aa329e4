"""TLS to PostgreSQL, to the queue and to the API, with certificates of the test's own: a wrong one is refused.

The servers in the wheels speak in the open, so a TLS end stands before each, as a proxy or a sidecar does in a hospital; what
is tested is what the registry's side checks.
"""

from urllib.parse import parse_qs, urlsplit

import pytest
from kombu import Connection
from redis import Redis
from redis.exceptions import ConnectionError as Refused
from sqlalchemy import text
from typer.testing import CliRunner

from cli.main import app
from registry.embedded.servers import broker_url
from registry.errors import Unreachable
from registry.store.database import create_engine, reachable
from tests.factories import a_submission, ndjson
from tests.tls import Authority, behind_tls


@pytest.fixture(scope="module")
def ours(tmp_path_factory):
    return Authority.make(tmp_path_factory.mktemp("ca"), "ours")


@pytest.fixture(scope="module")
def theirs(tmp_path_factory):
    return Authority.make(tmp_path_factory.mktemp("ca"), "theirs")


@pytest.fixture(params=["ours", "another authority", "another host"])
def shown(request, ours, theirs):
    """What the server shows, and whether it is to be believed."""
    context = {
        "ours": lambda: ours.server("127.0.0.1"), "another authority": lambda: theirs.server("127.0.0.1"),
        "another host": lambda: ours.server("elsewhere.example"),
    }[request.param]()  # fmt: skip
    return context, request.param == "ours"


def path_of(registry):
    """The socket of the database, and that of the queue."""
    asked = parse_qs(urlsplit(registry.servers.database_url).query)
    queue = urlsplit(registry.servers.redis_url)
    return f"{asked['host'][0]}/.s.PGSQL.{asked.get('port', ['5432'])[0]}", queue.path


@pytest.fixture
def sockets(registry):
    if "?host=" not in registry.servers.database_url or not registry.servers.redis_url.startswith("unix://"):
        pytest.skip("takes the embedded servers")
    return path_of(registry)


def test_the_database_is_believed_by_its_certificate_alone(registry, sockets, shown, ours):
    context, good = shown
    name = urlsplit(registry.servers.database_url).path
    with behind_tls(context, sockets[0], postgres=True) as port:
        url = f"postgresql://mps@127.0.0.1:{port}{name}?sslmode=verify-full&sslrootcert={ours.file}"
        engine = create_engine(url, pool=1)
        try:
            if good:
                with engine.connect() as connection:
                    assert connection.execute(text("SELECT 1")).scalar_one() == 1
            else:
                with pytest.raises(Unreachable, match="certificate"), reachable(), engine.connect():
                    pass
        finally:
            engine.dispose()


def test_the_queue_is_believed_by_its_certificate_alone(registry, sockets, shown, ours):
    """Both by redis-py and by Celery's own transport."""
    context, good = shown
    with behind_tls(context, sockets[1]) as port:
        url = f"rediss://127.0.0.1:{port}/0?ssl_ca_certs={ours.file}"
        client = Redis.from_url(url, socket_timeout=5)
        broker = Connection(broker_url(url), connect_timeout=5)
        try:
            if good:
                assert client.ping()
                broker.ensure_connection(max_retries=0, timeout=5)
                with broker.SimpleQueue("canary") as queue:
                    queue.put("over TLS")
                    assert queue.get(timeout=5).payload == "over TLS"
            else:
                with pytest.raises(Refused, match=r"(?i)certificate"):
                    client.ping()
                with pytest.raises(Exception, match=r"(?i)certificate"):
                    broker.ensure_connection(max_retries=0, timeout=5)
        finally:
            broker.release()
            client.close()


def test_a_hospital_sends_to_nobody_but_the_registry(url, key, shown, ours, tmp_path, monkeypatch):
    context, good = shown
    (tmp_path / "one.ndjson").write_bytes(ndjson([a_submission()]))
    address = urlsplit(url)
    with behind_tls(context, (address.hostname, address.port)) as port:
        monkeypatch.chdir(tmp_path)
        monkeypatch.setenv("MPS_API_URL", f"https://127.0.0.1:{port}")
        monkeypatch.setenv("MPS_API_KEY", key)
        monkeypatch.setenv("SSL_CERT_FILE", str(ours.file))
        for name in ("HTTPS_PROXY", "https_proxy", "ALL_PROXY", "all_proxy"):
            monkeypatch.delenv(name, raising=False)
        done = CliRunner().invoke(app, ["submit", "one.ndjson"])
    if good:
        assert done.exit_code == 0, done.output
    else:
        assert isinstance(done.exception, Unreachable)
        assert "certificate" in str(done.exception).lower()
