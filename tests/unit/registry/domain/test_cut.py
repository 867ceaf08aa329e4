"""The data cut."""

from datetime import UTC, date, datetime
from typing import Any

import pytest

from registry.domain.case import Case, Version
from registry.domain.cut import BEGINS, cut
from registry.domain.forms import FORMS, FORMS_BY_NAME

CUTOFF = date(2025, 6, 30)
AT = datetime(2025, 12, 1, tzinfo=UTC)


def case(*records: tuple[str, dict[str, Any]], at: datetime = AT) -> Case:
    return Case.of(Version.of(FORMS_BY_NAME[form].model_validate(content), at) for form, content in records)


def test_every_form_says_when_it_begins() -> None:
    assert list(BEGINS) == [form.NAME for form in FORMS]
    for form in FORMS:
        name = BEGINS[form.NAME]
        assert name is None or name in form.model_fields


@pytest.mark.parametrize(
    ("written", "stays"),
    [
        ("2025-06-30", True),
        ("2025-07-01", False),
        ("2025-06", True),
        ("2025", True),
        ("2025-07", False),
        (None, True),
    ],
)
def test_a_record_stays_unless_it_certainly_begins_later(written: str | None, stays: bool) -> None:
    known = case(("patient", {}), ("death", {"death_date": written, "cause": "other"}))
    found = cut(known, CUTOFF)
    assert (("death", "") in found.versions) is stays
    assert ("patient", "") in found.versions


def test_the_current_version_decides_over_the_whole_record() -> None:
    old = Version.of(FORMS_BY_NAME["death"].model_validate({"death_date": "2025-01-01"}), AT)
    new = Version.of(FORMS_BY_NAME["death"].model_validate({"death_date": "2025-08-01"}), AT.replace(day=2))
    assert cut(Case.of([old, new]), CUTOFF).versions == {}
