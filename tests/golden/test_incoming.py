"""What is made of the files that hospitals send, item by item. make_incoming.py writes the expectations anew."""

import json
from pathlib import Path

import pytest

from tests.golden.make_incoming import HERE, inputs, outcome


@pytest.mark.parametrize("path", inputs(), ids=lambda path: f"{path.parent.name}/{path.name}")
def test_a_file_becomes_what_it_did(path: Path) -> None:
    written = outcome(path)
    assert all(target.exists() for target in written), "run make_incoming.py and read what it writes"
    for target, text in written.items():
        assert target.read_bytes().decode() == text


def test_a_project_is_the_same_as_flat_export_and_as_xml() -> None:
    flat, xml = (
        json.loads((HERE / "redcap" / f"own.{kind}.items.json").read_text())["items"]
        for kind in ("csv", "xml")
    )
    assert [item["envelope"] for item in flat] == [item["envelope"] for item in xml]
    assert [item["place"].partition(", ")[2] for item in flat] == [item["place"] for item in xml]
