"""What schemathesis is told beside the description of the API; it imports this by SCHEMATHESIS_HOOKS."""

import jsonschema_rs
import schemathesis

from registry.api.context import SECURITY_HEADERS
from tests.problems import SHAPE


@schemathesis.check
def answer_is_ours(ctx, response, case):
    """Every answer has the headers of security, and every error is a problem or, in FHIR, an OperationOutcome."""
    for name, value in SECURITY_HEADERS.items():
        assert response.headers.get(name) == [value], f"{name} is {response.headers.get(name)}"
    assert "server" not in response.headers
    if response.status_code < 400 or case.method == "HEAD":
        return
    (media_type,) = response.headers["content-type"]
    if media_type == "application/fhir+json":
        assert response.json()["resourceType"] == "OperationOutcome"
        return
    assert media_type == "application/problem+json", media_type
    try:
        SHAPE.validate(response.json())
    except jsonschema_rs.ValidationError as error:
        raise AssertionError(error.message) from None
