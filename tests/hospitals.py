"""Two hospitals with everything that hospitals have, for tests of what one may see of the other."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import httpx

from registry.pipeline.sites import SCOPES, add_site, issue_key
from registry.pipeline.withdraw import withdraw
from registry.store.roles import Role
from registry.wiring import Registry
from tests.factories import a_course, a_state, a_submission, ndjson
from tests.roles import working_as


@dataclass
class Hospital:
    """A site, its key, and the ids of what it has by their kind."""

    code: str
    site_id: int
    key: str
    api: httpx.Client
    ids: dict[str, list[str]] = field(default_factory=dict)

    @property
    def marks(self) -> list[str]:
        """Texts that nobody else may see: all ids, its code, and what stands in its records."""
        return [self.code, f"{self.code} says", *(one for ids in self.ids.values() for one in ids)]


WITHDRAWN = {
    "consent": [
        {
            "consent_type": "written",
            "version": "1",
            "date": "2025-01-02",
            "scopes": ["registry_use"],
            "withdrawal": {"level": "stop_use_of_existing", "date": "2026-03-01"},
        }
    ]
}


def a_hospital(
    registry: Registry, client: Callable[[str], httpx.Client], decide: Callable[[], int], code: str
) -> Hospital:
    """A hospital that has sent one submission and a batch with one refused and one withdrawn, and has a query."""
    with registry.work() as work:
        site = add_site(work, code, f"Hospital {code}", country="JP", timezone="Asia/Tokyo", actor="test")
        assert site.id is not None
        key = issue_key(work, code, scopes=list(SCOPES), days=1, label=f"label of {code}", actor="test")
    found = Hospital(code, site.id, key, client(key))
    asked = {"function": [a_state(ecog=0, kps=70)], **a_course()}
    sent = found.api.post("/v1/submissions", json=a_submission(f"{code}-0001", forms=asked))
    refused = {"case": f"{code}-0003", "recorded_at": "yesterday", "forms": {}}
    items = ndjson([a_submission(f"{code}-0002"), refused, a_submission(f"{code}-0004", forms=WITHDRAWN)])
    batch = found.api.post(
        "/v1/batches",
        content=items,
        headers={"Content-Type": "application/x-ndjson", "Idempotency-Key": code},
    )
    assert (sent.status_code, batch.status_code) == (202, 202), (sent.text, batch.text)
    decide()
    with working_as(Role.WORKER, registry) as worker, worker.work() as work:
        withdraw(work, worker.settings)
    found.ids = _ids(found.api, sent.json(), batch.json())
    assert all(found.ids.values()), found.ids
    return found


def _ids(api: httpx.Client, sent: dict[str, Any], batch: dict[str, Any]) -> dict[str, list[str]]:
    cases = api.get("/v1/cases").json()["cases"]
    listed = api.get("/v1/submissions").json()["submissions"]
    return {
        "submission": [one["id"] for one in listed],
        "batch": [batch["id"]],
        "case": [one["case"] for one in cases],
        "registry id": [one["registry_id"] for one in cases],
        "query": [one["id"] for one in api.get("/v1/queries").json()["queries"]],
        "correlation": [sent["correlation_id"]],
    }
