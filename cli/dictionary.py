"""mps dictionary: what may be sent."""

from enum import StrEnum
from typing import Annotated

import typer

from cli import output
from registry.domain.catalogue import rules_json
from registry.domain.dictionary_json import dictionary_json, json_schema
from registry.errors import WrongUsage
from registry.formats import codebook
from registry.formats.csv.template import template, templates
from registry.formats.redcap import dictionary as redcap


class Format(StrEnum):
    """How the dictionary is printed."""

    csv = "csv"
    json = "json"
    schema = "schema"
    rules = "rules"
    template = "csv-template"
    redcap = "redcap"


def dictionary(
    kind: Annotated[
        Format,
        typer.Option(
            "--format",
            help="csv, json, schema (JSON Schema), rules, csv-template (heading of a table; needs --form), "
            "redcap (data dictionary to load into REDCap).",
        ),
    ] = Format.csv,
    form: Annotated[
        str | None, typer.Option("--form", help="Form of the template, or wide for a case in one row.")
    ] = None,
) -> None:
    """Print the data dictionary, templates made from it, the JSON Schema of a submission, or the rule catalogue.

    Example: mps dictionary --format csv-template --form pain_assessment > pain.csv
    """
    match kind:
        case Format.csv:
            output.raw(codebook.to_csv())
        case Format.json:
            output.as_json(dictionary_json())
        case Format.schema:
            output.as_json(json_schema())
        case Format.rules:
            output.as_json(rules_json())
        case Format.template:
            if form is None:
                raise WrongUsage(f"say which with --form: {', '.join(templates())}")
            output.raw(template(form))
        case Format.redcap:
            output.raw(redcap.to_csv())
