"""``/v1/dictionary``, ``/v1/schema``, ``/v1/rules``: what may be sent and what is checked, from the models themselves."""

from typing import Any

from fastapi import APIRouter, Response

from registry.api.problems import TABLE, responses
from registry.domain.catalogue import rules_json
from registry.domain.dictionary_json import dictionary_json, json_schema
from registry.domain.dictionary_versions import versions_taken
from registry.formats import codebook
from registry.formats.csv.template import template
from registry.formats.redcap import dictionary as redcap

router = APIRouter(prefix="/v1", tags=["dictionary"])


@router.get("/dictionary", summary="Every variable of every form", responses=responses(key=False))
def dictionary() -> dict[str, Any]:
    """Type, unit, range, permitted values, binding, requiredness and description; and the versions that are read."""
    return dictionary_json() | {"versions_taken": list(versions_taken())}


@router.get(
    "/dictionary.csv",
    summary="The dictionary as a codebook",
    response_class=Response,
    responses=responses(key=False) | TABLE,
)
def dictionary_csv() -> Response:
    """One line per variable."""
    return Response(codebook.to_csv(), media_type="text/csv; charset=utf-8")


@router.get(
    "/dictionary/redcap.csv",
    summary="The forms as a REDCap data dictionary",
    response_class=Response,
    responses=responses(key=False) | TABLE,
)
def redcap_csv() -> Response:
    """Loads into a REDCap project as it is; what such a project exports needs no mapping."""
    return Response(redcap.to_csv(), media_type="text/csv; charset=utf-8")


@router.get(
    "/dictionary/templates/{form}.csv",
    summary="Heading of a form's table, or of the wide one",
    response_class=Response,
    responses=responses(404, 422, key=False) | TABLE,
)
def template_csv(form: str) -> Response:
    """One column for each value; ``wide`` has a case in one row."""
    return Response(template(form), media_type="text/csv; charset=utf-8")


@router.get("/schema", summary="JSON Schema of a submission", responses=responses(key=False))
def schema() -> dict[str, Any]:
    """JSON Schema, draft 2020-12."""
    return json_schema()


@router.get("/rules", summary="The rule catalogue", responses=responses(key=False))
def rules() -> dict[str, Any]:
    """Id, version, severity, sentence, reason and examples of every rule."""
    return rules_json()
