"""Where ``mps submit`` sends: an API with a key, or the registry of this machine. The same calls and answers."""

import hashlib
import itertools
import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from typing import Any, Protocol
from uuid import UUID

import httpx
import orjson

from cli import output
from cli.local import Desk, local_registry
from cli.sending import Sending
from registry.errors import BadRequest, MpsError, Unreachable, WrongUsage
from registry.formats.item import Incoming, Item
from registry.ids import new_id
from registry.pipeline.dry_run import rehearse
from registry.pipeline.pressure import Pressure
from registry.pipeline.receipt import batch_receipt
from registry.pipeline.receive import receive_file
from registry.pipeline.sites import the_site
from registry.settings import Settings

Answer = dict[str, Any]

TRIED_AT_ONCE = 1_000
"""Items whose verdicts are asked for in one request."""

PATIENCE = 600.0
"""Seconds for which a registry that is full, or away, is asked again."""


Verdicts = Iterator[tuple[Item, Answer]]
"""Items of a file, each with what would become of it."""


@dataclass(slots=True)
class Trial:
    """A dry run: ``incoming`` has the heading of a table, and the notes once the verdicts are read."""

    incoming: Incoming
    verdicts: Verdicts


class Sender(Protocol):
    """What ``mps submit`` needs of the place it sends to."""

    def batch(self, file: Sending) -> Answer: ...
    def trial(self, file: Sending) -> AbstractContextManager[Trial]: ...
    def wait(self, results: list[Answer], timeout: float) -> None: ...


def wait_for(results: list[Answer], timeout: float, ask: Callable[[Answer], Answer]) -> None:
    """Ask again for each result that was taken until nothing waits or the time is over."""
    deadline = time.monotonic() + timeout
    for result in results:
        if "id" not in result:
            continue
        while True:
            result.update(ask(result))
            if not result["waiting"] or time.monotonic() > deadline:
                break
            time.sleep(0.1)


class Local:
    """Straight to the registry of this machine."""

    def __init__(self, here: Desk, site: str | None) -> None:
        site = site or here.caller.site_code
        if site is None:
            raise WrongUsage("say for which hospital with --site CODE, or set MPS_API_URL and MPS_API_KEY")
        self.here, self.pressure = here, Pressure()
        with here.work() as work:
            found = the_site(work, site).id
        assert found is not None
        self.site_id = found

    def batch(self, file: Sending) -> Answer:
        settings = self.here.settings
        self.pressure.look(self.here.work, settings)
        self.pressure.admit(settings)
        with file.path.open("rb") as raw:
            digest = hashlib.file_digest(raw, "sha256").hexdigest()
        with file.incoming(settings) as incoming:
            found = receive_file(
                self.here.work,
                settings,
                site_id=self.site_id,
                incoming=incoming,
                digest=digest,
                media_type=file.media_type,
                correlation_id=new_id().hex,
                sender=self.here.actor,
                name=file.path.name,
            )
        return self._ask({"id": str(found)})

    @contextmanager
    def trial(self, file: Sending) -> Iterator[Trial]:
        with file.incoming(self.here.settings) as incoming:
            verdicts = rehearse(
                self.here.work, self.here.settings, site_id=self.site_id, items=incoming.items
            )
            yield Trial(incoming, verdicts)

    def wait(self, results: list[Answer], timeout: float) -> None:
        wait_for(results, timeout, self._ask)

    def _ask(self, result: Answer) -> Answer:
        with self.here.work() as work:
            return batch_receipt(work, UUID(result["id"]), self.site_id)


class Remote:
    """Through the API of a registry elsewhere, with the site's key."""

    def __init__(self, client: httpx.Client, settings: Settings) -> None:
        self.client, self.settings = client, settings

    def batch(self, file: Sending) -> Answer:
        body, media_type, params = file.request()
        said = orjson.dumps([file.path.name, params], option=orjson.OPT_SORT_KEYS)
        # The same file with the same parameters has the same key: sending it again after a cut is harmless.
        key = hashlib.sha256(said + b"\0" + body).hexdigest()
        headers = {"Content-Type": media_type, "Idempotency-Key": key, "Accept": "application/json"}
        return self._call("POST", "/v1/batches", content=body, headers=headers, params=params)

    @contextmanager
    def trial(self, file: Sending) -> Iterator[Trial]:
        with file.incoming(self.settings) as incoming:
            yield Trial(incoming, self._verdicts(iter(incoming.items)))

    def _verdicts(self, items: Iterator[Item]) -> Verdicts:
        """The items, some at a time; what could not be read here is not sent."""
        while found := list(itertools.islice(items, TRIED_AT_ONCE)):
            lines = [b" ".join(one.envelope.split(b"\n")) for one in found if one.envelope is not None]
            answers = iter(self._tried(b"\n".join(lines)) if lines else ())
            for item in found:
                said = [one.as_json() for one in item.problems]
                if item.envelope is None:
                    refused = {"place": item.place, "case": item.case, "state": "rejected", "findings": said}
                    yield item, refused
                else:
                    verdict = next(answers)
                    yield item, verdict | {"place": item.place, "findings": said + verdict["findings"]}

    def _tried(self, lines: bytes) -> list[Answer]:
        headers = {"Content-Type": "application/x-ndjson"}
        params = {"dry_run": "true"}
        answer = self._call("POST", "/v1/batches", content=lines, headers=headers, params=params)
        found: list[Answer] = answer["verdicts"]
        return found

    def wait(self, results: list[Answer], timeout: float) -> None:
        wait_for(results, timeout, lambda result: self._call("GET", f"/v1/batches/{result['id']}"))

    def _call(self, method: str, path: str, **request: Any) -> Answer:
        return _answer(self._request(method, path, **request))

    def _request(self, method: str, path: str, **request: Any) -> httpx.Response:
        """The answer; a registry that says when to come again is asked again then."""
        deadline = time.monotonic() + PATIENCE
        while True:
            response = self._once(method, path, **request)
            pause = response.headers.get("retry-after", "") if response.status_code in (429, 503) else ""
            if not pause.isdigit() or time.monotonic() + int(pause) > deadline:
                return response
            output.note(f"the registry takes nothing at the moment; sending again in {pause} seconds")
            time.sleep(int(pause))

    def _once(self, method: str, path: str, **request: Any) -> httpx.Response:
        try:
            return self.client.request(method, path, **request)
        except httpx.TransportError as error:
            if "CERTIFICATE_VERIFY_FAILED" in str(error):
                raise Unreachable(
                    f"the certificate of {self.client.base_url} is not to be believed, so nothing was sent; of an "
                    "authority of your own, name the file in SSL_CERT_FILE"
                ) from error
            raise Unreachable(
                f"{self.client.base_url} does not answer ({type(error).__name__}); is MPS_API_URL right?"
            ) from error


BODY_REFUSED = (400, 413, 415, 422)
"""Answers of the API to what was sent, not to who sends it."""


def _answer(response: httpx.Response) -> Answer:
    if response.is_success:
        found: Answer = orjson.loads(response.content)
        return found
    try:
        problem = response.json()
        text = problem["detail"] + "".join(
            f"\n  {e.get('place') or ''}{e['pointer']}: {e['detail']}"
            for e in problem.get("errors", [])
            if e["detail"] != problem["detail"]
        )
    except (ValueError, KeyError, TypeError):
        text = f"the API answered {response.status_code}"
    if response.status_code >= 500:
        raise MpsError(text)
    raise BadRequest(text) if response.status_code in BODY_REFUSED else WrongUsage(text)


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
        with local_registry() as here:
            yield Local(here, site)
