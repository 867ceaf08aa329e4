"""No file breaks a format: it is refused as a whole, or every part of it becomes an item with a place."""

import contextlib
import copy
import io
import json
from pathlib import Path
from typing import Any

import orjson
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from registry.errors import BadRequest
from registry.formats.incoming import FORMATS, split
from registry.formats.item import Item, Options
from registry.pipeline.process import read as judged
from registry.settings import Settings
from tests.strategies import JSON, _places

GOLDEN = Path(__file__).parents[1] / "golden"
OPTIONS = Options(recorded_at="2026-03-04T09:12:00+09:00")
SETTINGS = Settings()
SEEDS = {
    "text/csv": [*sorted((GOLDEN / "csv").glob("*.csv"))],
    "application/vnd.redcap.csv": [GOLDEN / "redcap" / "own.csv"],
    "application/vnd.redcap.odm+xml": [GOLDEN / "redcap" / "own.xml"],
    "application/fhir+ndjson": [GOLDEN / "fhir" / "bulk.ndjson"],
}
HARD = settings(max_examples=100, deadline=None, suppress_health_check=list(HealthCheck))


def read(body: bytes, media_type: str) -> None:
    with contextlib.suppress(BadRequest):
        incoming = split(io.BytesIO(body), media_type, max_bytes=10_000_000, options=OPTIONS)
        items = list(incoming.items)
        assert items
        sound(items)


def sound(items: list[Item]) -> None:
    for item in items:
        assert item.place
        if item.envelope is None:
            assert any(one.severity == "reject" for one in item.problems)
            assert all(one.message for one in item.problems)
            orjson.dumps([one.as_json() for one in item.problems])
        else:
            assert all(one.severity == "note" for one in item.problems)
            judged(item.envelope, SETTINGS)


@st.composite
def damaged_bytes(draw: st.DrawFn, seeds: list[Path]) -> bytes:
    """A file with bytes removed, repeated, changed or put in."""
    body = bytearray(draw(st.sampled_from(seeds)).read_bytes())
    for _ in range(draw(st.integers(1, 4))):
        at = draw(st.integers(0, max(0, len(body) - 1)))
        length = draw(st.integers(0, 40))
        put = draw(
            st.sampled_from((b"", b'"', b",", b";", b"\n", b"\xff", b"<", b"]]>", b"=1", b"\0", b"}{"))
        )
        match draw(st.sampled_from(("cut", "put", "repeat"))):
            case "cut":
                del body[at : at + length]
            case "put":
                body[at:at] = put
            case _:
                body[at:at] = body[at : at + length]
    return bytes(body)


@pytest.mark.parametrize("media_type", sorted(SEEDS))
@HARD
@given(data=st.data())
def test_damaged_files(media_type: str, data: st.DataObject) -> None:
    read(data.draw(damaged_bytes(SEEDS[media_type])), media_type)


@pytest.mark.parametrize("media_type", sorted(FORMATS))
@HARD
@given(body=st.binary(max_size=200))
def test_any_bytes(media_type: str, body: bytes) -> None:
    read(body, media_type)


CASE = orjson.loads((GOLDEN / "fhir" / "case.json").read_bytes())
FAULTS = orjson.loads((GOLDEN / "fhir" / "faults.json").read_bytes())
(EXPORTED,) = (GOLDEN / "export_fhir" / "bundles").glob("*.json")
OURS = orjson.loads(EXPORTED.read_bytes())


@st.composite
def some_of_ours(draw: st.DrawFn) -> Any:
    """A few resources of an exported bundle, which have more elements than those of a hospital."""
    first, *rest = OURS["entry"]
    return OURS | {"entry": [first, *draw(st.lists(st.sampled_from(rest), min_size=1, max_size=5))]}


@st.composite
def damaged_bundles(draw: st.DrawFn) -> Any:
    """A bundle with values replaced, removed or repeated in one to three places."""
    root = {"": copy.deepcopy(draw(st.sampled_from((CASE, FAULTS)) | some_of_ours()))}
    for _ in range(draw(st.integers(1, 3))):
        places = list(_places(root))
        holder, step = places[draw(st.integers(0, len(places) - 1))]
        match draw(st.sampled_from(("replace", "remove", "wrap", "repeat"))):
            case "replace":
                holder[step] = draw(JSON)
            case "remove":
                del holder[step]
            case "wrap":
                holder[step] = [holder[step]]
            case _ if isinstance(holder, list):
                holder.append(copy.deepcopy(holder[step]))
            case _:
                holder[f"_{step}"] = {"extension": []}
        if "" not in root:
            break
    return root.get("")


@settings(HARD, max_examples=300)
@given(damaged_bundles())
def test_damaged_bundles(bundle: Any) -> None:
    read(json.dumps(bundle).encode("utf-8", "surrogatepass"), "application/fhir+json")
