"""In which words a caller is answered: in those of the registry, or in those of FHIR."""

import orjson
from fastapi import Request
from fastapi.responses import JSONResponse, Response

from registry.formats.fhir import outcome
from registry.formats.incoming import FHIR


def wants_fhir(request: Request) -> bool:
    """Whether the caller asks for FHIR, or sends it and asks for nothing else."""
    accept = request.headers.get("accept", "")
    if any(media_type in accept for media_type in FHIR):
        return True
    sent = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    return sent in FHIR and "application/json" not in accept


def in_their_words(request: Request, answer: JSONResponse) -> Response:
    """A problem as it is, or as an OperationOutcome for a caller who wants FHIR."""
    if not wants_fhir(request):
        return answer
    problem = orjson.loads(answer.body)
    found = outcome.of_problem(problem["status"], problem["errors"])
    headers = {k: v for k, v in answer.headers.items() if k not in ("content-type", "content-length")}
    return JSONResponse(found, answer.status_code, media_type=outcome.MEDIA_TYPE, headers=headers)
