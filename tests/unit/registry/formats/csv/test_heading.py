"""Headings: the form is found out, what is not known is named with what is near."""

import pytest

from registry.errors import BadRequest
from registry.formats.cells import Style
from registry.formats.csv.heading import read_heading
from registry.formats.csv.template import template, templates


def heading(text, form=None):
    return read_heading(text.split(","), Style(), form)


@pytest.mark.parametrize("name", templates())
def test_every_template_is_known_as_what_it_is(name):
    found = heading(template(name).strip())
    assert found.form == name
    assert len(found.targets) == len(found.cells) - 3


@pytest.mark.parametrize(
    ("text", "form"),
    [
        ("case,nrs_worst", "pain_assessment"),
        ("case,death_date,#remark,errors,", "death"),
        ("case,patient.birth,function.ecog,function[2].ecog", "wide"),
        ("case,recorded_at,reason,imaging.date,imaging[9].at.unit", "mps_episode"),
        ("case,birth (DD.MM.YYYY),egfr", "patient"),
    ],
)
def test_the_form_is_that_which_has_all_columns(text, form):
    assert heading(text).form == form


@pytest.mark.parametrize(
    ("text", "code", "says"),
    [
        ("birth", "no_case_column", "csv-template"),
        ("case,note", "which_form", "function, analgesic"),
        ("case,x,y", "no_known_column", "csv-template"),
        ("case,nrs_wurst,site_side,nrs_now", "unknown_column", "did you mean `nrs_worst`?"),
        ("case,imaging[51].date,fever", "unknown_column", "imaging[51].date"),
        ("case,patient.brith,death.cause", "unknown_column", "did you mean `patient.birth`?"),
        ("case,patient[2].birth,death.cause", "unknown_column", "patient[2].birth"),
        ("case,nrs_now,nrs_now", "duplicate_column", "nrs_now"),
        ("case,birth (DDMM)", "date_order", "DD-MM-YYYY"),
    ],
)
def test_what_is_not_known_is_named(text, code, says):
    with pytest.raises(BadRequest) as caught:
        heading(text)
    assert caught.value.facts["code"] == code
    assert says in str(caught.value)


def test_a_heading_of_rubbish_is_not_repeated_at_length():
    with pytest.raises(BadRequest) as caught:
        heading("case,nrs_worst," + ",".join(f"{'x' * 500}{n}" for n in range(100)))
    assert len(str(caught.value)) < 1_500
    assert "and 90 more" in str(caught.value)


def test_the_sender_may_say_the_form():
    assert heading("case,note", "surgery").form == "surgery"
    with pytest.raises(BadRequest, match="the form death has no column `note`"):
        heading("case,note", "death")


@pytest.mark.parametrize(
    ("pointer", "name"),
    [
        ("/forms/pain_assessment/0/nrs_worst", "nrs_worst"),
        ("/forms/pain_assessment/0/missing/nrs_worst", "nrs_worst"),
        ("/forms/pain_assessment/0/nrs_worst_range/lo", "nrs_worst_range.lo"),
        ("/case", "case"),
        ("/forms", "forms"),
        ("/forms/pain_assessment/0/at/unit", ""),
    ],
)
def test_a_pointer_is_named_as_the_file_names_it(pointer, name):
    assert heading("case,nrs_worst,nrs_worst_range.lo").named(pointer) == name
