"""Where ``mps submit`` sends: an API with a key, or the registry of this machine. The same calls and answers."""

import hashlib
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any, Protocol
from uuid import UUID

import httpx
import orjson

from cli.local import local_registry
from registry.errors import BadRequest, MpsError, Unreachable, WrongUsage
from registry.formats.incoming import split
from registry.ids import new_id
from registry.pipeline.dry_run import dry_run
from registry.pipeline.receipt import batch_receipt
from registry.pipeline.receive import Unreadable, receive_many
from registry.pipeline.sites import the_site
from registry.settings import Settings
from registry.wiring import Registry

Answer = dict[str, Any]


class Sender(Protocol):
    """What ``mps submit`` needs of the place it sends to."""

    def batch(self, body: bytes, media_type: str, name: str) -> Answer: ...
    def dry_run(self, body: bytes, media_type: str) -> list[Answer]: ...
    def wait(self, results: list[Answer], timeout: float) -> None: ...


def bodies_of(body: bytes, media_type: str, settings: Settings) -> list[bytes]:
    """The submissions in a file; a single JSON object is a batch of one."""
    if media_type == "application/json" and body.lstrip()[:1] == b"{":
        return [body]
    return split(body, media_type, None, max_bytes=settings.max_batch_bytes)


def wait_for(results: list[Answer], timeout: float, ask: Callable[[Answer], Answer]) -> None:
    """Ask again for each result until nothing waits or the time is over."""
    deadline = time.monotonic() + timeout
    for result in results:
        while True:
            result.update(ask(result))
            if not result["waiting"] or time.monotonic() > deadline:
                break
            time.sleep(0.1)


class Local:
    """Straight to the registry of this machine."""

    def __init__(self, registry: Registry, site: str | None) -> None:
        if site is None:
            raise WrongUsage("say for which hospital with --site CODE, or set MPS_API_URL and MPS_API_KEY")
        self.registry = registry
        with registry.work() as work:
            found = the_site(work, site).id
        assert found is not None
        self.site_id = found

    def batch(self, body: bytes, media_type: str, name: str) -> Answer:
        with self.registry.work() as work:
            received = receive_many(
                work,
                self.registry.settings,
                site_id=self.site_id,
                bodies=bodies_of(body, media_type, self.registry.settings),
                digest=hashlib.sha256(body).hexdigest(),
                media_type=media_type,
                correlation_id=new_id().hex,
                idempotency_key=None,
                name=name,
            )
        return self._ask({"id": str(received.id)})

    def dry_run(self, body: bytes, media_type: str) -> list[Answer]:
        verdicts = []
        for one in bodies_of(body, media_type, self.registry.settings):
            try:
                with self.registry.work() as work:
                    verdicts.append(dry_run(work, self.registry.settings, site_id=self.site_id, body=one))
            except Unreadable as error:
                findings = [f.as_json() for f in error.findings]
                verdicts.append({"case": None, "state": "rejected", "findings": findings})
        return verdicts

    def wait(self, results: list[Answer], timeout: float) -> None:
        wait_for(results, timeout, self._ask)

    def _ask(self, result: Answer) -> Answer:
        with self.registry.work() as work:
            return batch_receipt(work, UUID(result["id"]), self.site_id)


class Remote:
    """Through the API of a registry elsewhere, with the site's key."""

    def __init__(self, client: httpx.Client, settings: Settings) -> None:
        self.client, self.settings = client, settings

    def batch(self, body: bytes, media_type: str, name: str) -> Answer:
        if media_type == "application/json" and body.lstrip()[:1] == b"{":
            body = b"[" + body + b"]"
        key = hashlib.sha256(
            name.encode() + b"\0" + body
        ).hexdigest()  # sending a file again after a cut is harmless
        return self._call(
            "POST", "/v1/batches", content=body, headers={"Content-Type": media_type, "Idempotency-Key": key}
        )

    def dry_run(self, body: bytes, media_type: str) -> list[Answer]:
        verdicts = []
        for one in bodies_of(body, media_type, self.settings):
            response = self._request("POST", "/v1/submissions", params={"dry_run": "true"}, content=one)
            if response.status_code in (400, 422):
                verdicts.append(
                    {"case": None, "state": "rejected", "findings": _as_findings(response.json())}
                )
            else:
                verdicts.append(_answer(response))
        return verdicts

    def wait(self, results: list[Answer], timeout: float) -> None:
        wait_for(results, timeout, lambda result: self._call("GET", f"/v1/batches/{result['id']}"))

    def _call(self, method: str, path: str, **request: Any) -> Answer:
        return _answer(self._request(method, path, **request))

    def _request(self, method: str, path: str, **request: Any) -> httpx.Response:
        try:
            return self.client.request(method, path, **request)
        except httpx.TransportError as error:
            raise Unreachable(
                f"{self.client.base_url} does not answer ({type(error).__name__}); is MPS_API_URL right?"
            ) from error


def _answer(response: httpx.Response) -> Answer:
    if response.is_success:
        found: Answer = orjson.loads(response.content)
        return found
    try:
        problem = response.json()
        text = problem["detail"] + "".join(
            f"\n  {e['pointer']}: {e['detail']}" for e in problem.get("errors", [])
        )
    except (ValueError, KeyError, TypeError):
        text = f"the API answered {response.status_code}"
    error = MpsError if response.status_code >= 500 else BadRequest
    raise error(text)


def _as_findings(problem: Answer) -> list[Answer]:
    return [
        {"rule": e["code"], "severity": "reject", "pointer": e["pointer"], "message": e["detail"]}
        for e in problem["errors"]
    ]


@contextmanager
def sender(site: str | None) -> Iterator[Sender]:
    """The place to send to, as the settings say."""
    settings = Settings()
    if settings.api_url and settings.api_key:
        headers = {"Authorization": f"Bearer {settings.api_key.get_secret_value()}"}
        with httpx.Client(base_url=settings.api_url, headers=headers, timeout=60) as client:
            yield Remote(client, settings)
    elif settings.api_url or settings.api_key:
        raise WrongUsage("set both MPS_API_URL and MPS_API_KEY, or neither for the registry of this machine")
    else:
        with local_registry() as registry:
            yield Local(registry, site)
