"""Names in REDCap: a variable is letters, digits and underscores, and a checkbox is one column for each choice."""

import re
from functools import cache

from registry.domain.forms import FORMS
from registry.formats.columns import Column, Steps, column_of
from registry.formats.csv.template import headings

RECORD = "case"
"""First field of our dictionary: the record id, which is the site's pseudonym of the patient."""

NONE_OF_THESE = "none_of_these"
"""Choice of our checkboxes that says the list is empty; a box that is not ticked says nothing."""

SYSTEM = (
    "redcap_event_name",
    "redcap_repeat_instrument",
    "redcap_repeat_instance",
    "redcap_data_access_group",
    "redcap_survey_identifier",
)
"""Columns that REDCap adds to an export."""


def field_name(form: str, heading: str) -> str:
    """The REDCap variable of a heading: ``imaging[1].date`` of mps_episode is ``mps_episode_imaging_1_date``."""
    return f"{form}_{re.sub(r'[^a-z0-9]+', '_', heading).strip('_')}"


def choice_code(value: str) -> str:
    """The code of a permitted value; REDCap takes letters, digits and underscores."""
    return re.sub(r"[^A-Za-z0-9_]", "_", value)


def missing_code(reason: str) -> str:
    """The missing data code of a reason. Some reasons are also values of a variable, so the code is another word."""
    return f"missing_{reason}"


def box(field: str, code: str) -> str:
    """The column of one choice of a checkbox in an export."""
    return f"{field}___{code.lower().replace('-', '_')}"


@cache
def none_fields() -> dict[str, tuple[Column, Steps]]:
    """Fields that say a repeated group has no member, each with the column and steps to its first value."""
    found: dict[str, tuple[Column, Steps]] = {}
    for column, steps in fields().values():
        if "[]" in column.path and not column.many:
            group = column.path.partition("[]")[0]
            found.setdefault(f"{field_name(column.form, group)}_none", (column, steps))
    return found


@cache
def fields() -> dict[str, tuple[Column, Steps]]:
    """Every field of our dictionary but the record id, with the column it is and the steps to its value."""
    found = {}
    for form in FORMS:
        for heading in headings(form.NAME):
            place = column_of(form.NAME, heading)
            assert place is not None
            found[field_name(form.NAME, heading)] = place
    return found
