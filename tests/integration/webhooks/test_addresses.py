"""Where a webhook may call, and who sees its secret."""

import json
from collections.abc import Callable
from dataclasses import replace
from ipaddress import ip_address

import pytest
from sqlalchemy import text
from typer.testing import CliRunner

from cli.main import app
from registry.errors import WrongUsage
from registry.pipeline import webhooks as steps
from registry.pipeline.outward import public
from registry.pipeline.sites import add_site
from registry.wiring import Registry
from tests.receiver import Receiver
from tests.roles import at_the_desk
from tests.telling import deliver, register, rows, send


@pytest.mark.parametrize(
    ("address", "expected"),
    [
        ("93.184.215.14", True),
        ("2606:2800:21f:cb07:6820:80da:af6b:8b2c", True),
        ("0.0.0.0", False),
        ("10.1.2.3", False),
        ("100.64.0.1", False),
        ("127.8.8.8", False),
        ("169.254.169.254", False),
        ("172.16.0.1", False),
        ("192.168.1.1", False),
        ("224.0.1.1", False),
        ("255.255.255.255", False),
        ("::", False),
        ("::ffff:10.0.0.1", False),
        ("fe80::1", False),
        ("fd00::1", False),
        ("64:ff9b::a00:1", False),
        ("2002:a00:1::1", False),
    ],
)
def test_public_is_what_hides_no_other_address(address: str, expected: bool) -> None:
    assert public(ip_address(address)) is expected


@pytest.mark.parametrize(
    ("url", "why"),
    [
        ("http://example.org/hook", "only https"),
        ("https://127.0.0.1/hook", "not public"),
        ("https://localhost/hook", "not public"),
        ("https://169.254.169.254/latest/meta-data", "not public"),
        ("https://10.0.0.1/", "not public"),
        ("https://[::1]/", "not public"),
        ("https://[::ffff:127.0.0.1]/", "not public"),
        ("https://[64:ff9b::7f00:1]/", "not public"),
        ("https://user:word@example.org/", "no user name"),
        ("https://no-such-host.invalid/", "has no address"),
        ("ftp://example.org/", "only https"),
        ("https:///x", "needs a host"),
        ("https://example.org:99999/", "no address"),
    ],
)
def test_an_address_that_may_not_be_called_is_refused(registry: Registry, url: str, why: str) -> None:
    with registry.work() as work:
        add_site(work, "KND", "Kindai", country="JP", timezone="Asia/Tokyo", actor="test")
        with pytest.raises(WrongUsage, match=why):
            steps.register(work, registry.settings, "KND", url, actor="test")


def test_an_address_that_became_private_is_not_called(
    told: Registry, receiver: Receiver, decide: Callable[[], int]
) -> None:
    """The host is looked at again before each call, and the call goes to the address that was looked at."""
    register(told, receiver.url)
    send(told)
    decide()
    strict = replace(told, settings=told.settings.model_copy(update={"webhook_private_hosts": ()}))
    assert deliver(strict) == 0
    assert receiver.got == []
    assert rows(told, "outcome")[0] == ("only https is spoken",)


def test_the_secret_is_printed_once_and_never_again(
    told: Registry, receiver: Receiver, monkeypatch: pytest.MonkeyPatch
) -> None:
    at_the_desk(monkeypatch, told, "admin")
    monkeypatch.setenv("MPS_WEBHOOK_PRIVATE_HOSTS", '["127.0.0.1"]')
    run = CliRunner()
    made = run.invoke(app, ["site", "webhook", "KND", receiver.url])
    assert made.exit_code == 0, made.output
    (secret,) = [word for word in made.stdout.split() if word.startswith("whsec_")]
    shown = run.invoke(app, ["site", "webhook", "KND", "--json"])
    (row,) = json.loads(shown.stdout)["webhooks"]
    assert (row["url"], row["waiting"], row["stop_reason"]) == (receiver.url, 0, None)
    assert secret not in shown.stdout
    assert "secret" not in shown.stdout
    again = run.invoke(app, ["site", "webhook", "KND", "--replay-after", "0"])
    assert "after 0 are sent again" in again.stdout
    stopped = run.invoke(app, ["site", "webhook", "KND", "--stop"])
    assert stopped.exit_code == 0
    shown = run.invoke(app, ["site", "webhook", "KND", "--json"])
    assert json.loads(shown.stdout)["webhooks"][0]["stop_reason"] == "stopped by an operator"
    with told.work() as work:
        events = work.session.execute(
            text("SELECT action, detail FROM event WHERE action LIKE 'webhook%'")
        ).all()
    assert [row.action for row in events] == ["webhook.registered", "webhook.replayed", "webhook.stopped"]
    assert secret not in str(events)
