"""What a hospital sends, with everything filled in but what a test is about."""

from typing import Any

import orjson

from registry.domain.forms import FORMS_BY_NAME
from registry.domain.forms.form import required_names

RECORDED = "2026-03-04T09:12:00+09:00"


def a_record(form: str, **values: Any) -> dict[str, Any]:
    """A record of a form that can be read: what is required and not given is not stated in the source."""
    names = required_names(FORMS_BY_NAME[form])
    missing = {name: "not_stated" for name in names if values.get(name) is None}
    return {**values, "missing": missing} if missing else values


def a_state(assess_date: str = "2025-03-10", ecog: int = 2, **more: Any) -> dict[str, Any]:
    """A record of the form ``function``, whole."""
    return {"assess_date": assess_date, "ecog": ecog, **more}


def a_submission(case: str = "KND-0001", *, recorded_at: str = RECORDED, **more: Any) -> dict[str, Any]:
    """A submission that is accepted; ``forms`` and ``reason`` may be given."""
    return {"case": case, "recorded_at": recorded_at, "forms": {"function": [a_state()]}, **more}


def a_course(onset: str = "2025-01-10", death: str = "2025-06-01") -> dict[str, Any]:
    """Forms from which survival can be derived."""
    return {
        "mps_episode": [a_record("mps_episode", side="left", mps_onset=onset)],
        "death": a_record("death", death_date=death),
    }


def many(count: int, **more: Any) -> list[dict[str, Any]]:
    """Submissions about as many cases, KND-0001 and on."""
    return [a_submission(f"KND-{number:04}", **more) for number in range(1, count + 1)]


def ndjson(documents: list[Any]) -> bytes:
    """One document a line; bytes stay as they are."""
    return b"\n".join(one if isinstance(one, bytes) else orjson.dumps(one) for one in documents)
