"""mps dictionary: what may be sent."""

from enum import StrEnum
from typing import Annotated

import typer

from cli import output
from registry.domain.catalogue import rules_json
from registry.domain.dictionary import dictionary_json, json_schema
from registry.formats import codebook


class Format(StrEnum):
    """How the dictionary is printed."""

    csv = "csv"
    json = "json"
    schema = "schema"
    rules = "rules"


def dictionary(
    form: Annotated[
        Format, typer.Option("--format", help="csv, json, schema (JSON Schema) or rules.")
    ] = Format.csv,
) -> None:
    """Print the data dictionary, the JSON Schema of a submission, or the rule catalogue."""
    match form:
        case Format.csv:
            output.raw(codebook.to_csv())
        case Format.json:
            output.as_json(dictionary_json())
        case Format.schema:
            output.as_json(json_schema())
        case Format.rules:
            output.as_json(rules_json())
