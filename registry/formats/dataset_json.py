"""CDISC Dataset-JSON 1.1: one data set as one JSON document, written row by row.

Dates that are numbers of days in a transport file are ISO dates here, with the type and format they have there.
"""

from typing import Any, BinaryIO

import orjson

from registry.formats.cdisc.subject import STUDY
from registry.formats.cdisc.variable import DataSet, Variable
from registry.formats.exported import About
from registry.formats.table import Table

_TYPES = {"text": "string", "partialDate": "string", "integer": "integer", "float": "double", "date": "date"}


def write_dataset_json(table: Table, data_set: DataSet, out: BinaryIO, about: About) -> None:
    """Write the data set; its table holds the columns of its variables."""
    widths = dict(zip((column.name for column in table.columns), table.widths, strict=True))
    head = {
        "datasetJSONCreationDateTime": about.made,
        "datasetJSONVersion": "1.1.0",
        "fileOID": f"{STUDY}.{data_set.name}",
        "sourceSystem": {"name": "mps", "version": about.versions.get("code", "")},
        "studyOID": f"STUDY.{STUDY}",
        "metaDataVersionOID": f"MDV.{STUDY}",
        "metaDataRef": "define.xml",
        "itemGroupOID": f"IG.{data_set.name}",
        "records": table.count,
        "name": data_set.name,
        "label": data_set.label,
        "columns": [_column(one, data_set, widths[one.name]) for one in data_set.variables],
    }
    out.write(orjson.dumps(head, option=orjson.OPT_INDENT_2).removesuffix(b"\n}") + b',\n  "rows": [')
    between = b"\n    "
    for row in table.rows():
        out.write(between + orjson.dumps(row))
        between = b",\n    "
    out.write(b"\n  ]\n}\n")


def _column(variable: Variable, data_set: DataSet, width: int) -> dict[str, Any]:
    column: dict[str, Any] = {
        "itemOID": f"IT.{data_set.name}.{variable.name}",
        "name": variable.name,
        "label": variable.label,
        "dataType": _TYPES[variable.type],
    }
    if variable.type in ("text", "partialDate"):
        column["length"] = width
    if variable.type == "date":
        column |= {"targetDataType": "integer", "displayFormat": "DATE9."}
    if variable.name in data_set.keys:
        column["keySequence"] = data_set.keys.index(variable.name) + 1
    return column
