"""The files of the CDISC data sets: one content in three forms, valid by the official schema."""

import json
import re
from datetime import date
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pyreadstat
import pytest
from odmlib.odm_parser import ODMSchemaValidator

from registry.formats.cdisc import adam, sdtm
from registry.formats.cdisc.codelists import CODELISTS
from tests.factories_export import write

ODM = "{http://www.cdisc.org/ns/odm/v1.3}"
DEF = "{http://www.cdisc.org/ns/def/v2.1}"
SETS = ("adam", "sdtm")


@pytest.fixture(scope="module", params=SETS)
def folder(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Path:
    made = tmp_path_factory.mktemp(request.param)
    write(request.param, made)
    return made


def data_sets(folder: Path) -> dict[str, dict[str, Any]]:
    return {
        path.stem: json.loads(path.read_bytes()) for path in folder.glob("*.json") if path.stem != "manifest"
    }


def test_dataset_json_has_what_the_standard_requires(folder: Path) -> None:
    for name, found in data_sets(folder).items():
        assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\+00:00", found["datasetJSONCreationDateTime"])
        assert re.fullmatch(r"1\.1(\.\d+)?", found["datasetJSONVersion"])
        assert (found["name"], found["itemGroupOID"]) == (name.upper(), f"IG.{name.upper()}")
        assert found["label"]
        assert found["records"] == len(found["rows"]) > 0
        assert all(len(row) == len(found["columns"]) for row in found["rows"])
        for column in found["columns"]:
            assert {"itemOID", "name", "label", "dataType"} <= set(column)
            assert column["dataType"] in ("string", "integer", "double", "date")
            assert ("targetDataType" in column) == (column["dataType"] == "date")
        keys = sorted(column["keySequence"] for column in found["columns"] if "keySequence" in column)
        assert keys == list(range(1, len(keys) + 1)) or name in ("cm", "rs", "pr", "adrs")


def test_values_have_the_type_of_their_column(folder: Path) -> None:
    kinds = {"string": str, "integer": int, "double": int | float, "date": str}
    for name, found in data_sets(folder).items():
        for i, column in enumerate(found["columns"]):
            for row in found["rows"]:
                value = row[i]
                assert value is None or isinstance(value, kinds[column["dataType"]]), (name, column, value)
                assert value != ""
                if column["dataType"] == "string" and value is not None:
                    assert value.isascii()
                    assert len(value) <= min(column["length"], 200)
                if column["dataType"] == "date" and value is not None:
                    date.fromisoformat(value)


def test_transport_files_hold_the_same_values_and_labels(folder: Path) -> None:
    for name, found in data_sets(folder).items():
        read, about = pyreadstat.read_xport(str(folder / f"{name}.xpt"), output_format="dict")
        assert about.table_name == name.upper()
        assert about.file_label == found["label"]
        assert about.column_names_to_labels == {c["name"]: c["label"] for c in found["columns"]}
        for i, column in enumerate(found["columns"]):
            values = [v.isoformat() if isinstance(v, date) else v or None for v in read[column["name"]]]
            expected = [row[i] or None for row in found["rows"]]
            assert values == expected, (name, column["name"])


def test_define_xml_is_valid_by_its_schema(folder: Path) -> None:
    ODMSchemaValidator(standard="define", version="2.1").validate_file(str(folder / "define.xml"))


def test_define_xml_describes_every_variable_and_no_other(folder: Path) -> None:
    root = ElementTree.parse(folder / "define.xml").getroot()
    items = {one.get("OID"): one for one in root.iter(f"{ODM}ItemDef")}
    described = {
        group.get("Name"): [
            items[reference.get("ItemOID")].get("Name") for reference in group.iter(f"{ODM}ItemRef")
        ]
        for group in root.iter(f"{ODM}ItemGroupDef")
    }
    assert described == {
        name.upper(): [column["name"] for column in found["columns"]]
        for name, found in data_sets(folder).items()
    }
    assert len(items) == sum(map(len, described.values()))
    methods = {one.get("OID") for one in root.iter(f"{ODM}MethodDef")}
    assert methods == {one.get("MethodOID") for one in root.iter(f"{ODM}ItemRef") if one.get("MethodOID")}
    assert all((folder / leaf.find(f"{DEF}title").text).exists() for leaf in root.iter(f"{DEF}leaf"))  # type: ignore[union-attr, operator, arg-type]


def test_every_coded_value_is_a_term_of_its_list(folder: Path) -> None:
    root = ElementTree.parse(folder / "define.xml").getroot()
    lists = {
        item.get("OID", "").removeprefix("IT."): item.find(f"{ODM}CodeListRef")
        for item in root.iter(f"{ODM}ItemDef")
    }
    checked = 0
    for name, found in data_sets(folder).items():
        for i, column in enumerate(found["columns"]):
            reference = lists[f"{name.upper()}.{column['name']}"]
            if reference is not None:
                terms = CODELISTS[reference.get("CodeListOID", "").removeprefix("CL.")].terms
                values = {str(row[i]) for row in found["rows"] if row[i] is not None}
                assert values <= set(terms), (name, column["name"])
                checked += len(values)
    assert checked > 10


@pytest.mark.parametrize("one", [*adam.DATA_SETS, *sdtm.DATA_SETS], ids=lambda one: one.name)
def test_names_and_labels_keep_the_limits_of_transport_files(one: Any) -> None:
    names = [variable.name for variable in one.variables]
    assert len(set(names)) == len(names)
    assert len(one.label) <= 40
    for variable in one.variables:
        assert re.fullmatch(r"[A-Z][A-Z0-9]{0,7}", variable.name)
        assert 0 < len(variable.label) <= 40
        assert (variable.origin == "Derived") <= bool(variable.method)
        assert not variable.codelist or variable.codelist in CODELISTS
    assert set(one.keys) <= set(names)
