"""The examples of the rules as whole submissions.

An example states only what its rule is about. To be read like any submission it gets a reason for every other
required variable; so examples stay short, and stay readable when a form grows.
"""

from datetime import date
from typing import Any

from registry.domain.forms import FORMS_BY_NAME
from registry.domain.forms.form import Form, required_names
from registry.domain.rules.rule import Forms


def document(forms: Forms, day: date, case: str = "EXAMPLE-1") -> dict[str, Any]:
    """The submission that sends this example at noon (UTC) of the day."""
    whole = {name: _whole(FORMS_BY_NAME.get(name), given) for name, given in forms.items()}
    return {"case": case, "recorded_at": f"{day.isoformat()}T12:00:00+00:00", "forms": whole}


def _whole(form: type[Form] | None, given: Any) -> Any:
    if form is None:
        return given
    if isinstance(given, list):
        return [_whole(form, one) for one in given]
    if not isinstance(given, dict) or given.get("retracted"):
        return given
    reasons = {name: "not_stated" for name in required_names(form) if given.get(name) is None}
    reasons |= given.get("missing", {})
    return given | {"missing": reasons} if reasons else given
