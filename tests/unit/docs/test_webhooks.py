"""What docs/webhooks.md says is so, and its receiver takes what the registry signs."""

import re
from datetime import UTC, datetime
from pathlib import Path

from standardwebhooks import Webhook

from registry.pipeline.webhooks import PAUSES, ROTATION
from registry.settings import Settings
from registry.store.webhooks import TELLS

TEXT = (Path(__file__).parents[3] / "docs" / "webhooks.md").read_text(encoding="utf-8")
UNITS = {"s": 1, "min": 60, "h": 3600}


def test_every_type_is_named():
    assert set(re.findall(r"`((?:submission|query)\.\w+)`", TEXT)) == set(TELLS.values())


def test_the_pauses_are_those_that_are_made():
    said = TEXT[TEXT.index("sent again after") : TEXT.index("then it has failed")]
    pauses = [int(n) * UNITS[unit] for n, unit in re.findall(r"(\d+) (s|min|h)\b", said)]
    assert tuple(pauses) == PAUSES
    assert f"new one for {ROTATION.total_seconds() / 3600:.0f} hours" in TEXT
    assert f"within {Settings.model_fields['webhook_timeout_seconds'].default:.0f} seconds" in TEXT


def test_the_receiver_takes_a_signed_message():
    names: dict[str, object] = {}
    exec(TEXT.partition("```python\n")[2].partition("```")[0], names)  # noqa: S102 - our own example
    secret, at = "whsec_" + "A" * 43 + "=", datetime.now(UTC)
    body = b'{"type":"query.opened"}'
    headers = {
        "webhook-id": "1",
        "webhook-timestamp": str(int(at.timestamp())),
        "webhook-signature": Webhook(secret).sign("1", at, body.decode()),
    }
    assert names["receive"](body, headers, secret) == {"type": "query.opened"}
