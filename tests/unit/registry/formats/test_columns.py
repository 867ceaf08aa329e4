"""Columns: one for every single value, found again by its heading."""

import pytest

from registry.domain.forms import FORMS_BY_NAME
from registry.errors import NotFound
from registry.formats.columns import column_of, columns, heading_of, numbered, plain, put
from registry.formats.csv.template import headings, template, templates


@pytest.mark.parametrize("form", FORMS_BY_NAME)
def test_every_variable_of_a_form_has_one(form):
    tops = {column.top for column in columns(form).values()}
    assert tops == set(FORMS_BY_NAME[form].model_fields) - {"missing"}


def test_an_unknown_form_has_none():
    with pytest.raises(LookupError, match="choose one of patient"):
        columns("x")


@pytest.mark.parametrize(
    ("heading", "steps"),
    [
        ("side", ("side",)),
        ("imaging[2].date", ("imaging", 1, "date")),
        ("imaging.date", ("imaging", 0, "date")),
        ("imaging[1].at.value", ("imaging", 0, "at", "value")),
        ("imaging[50].date", ("imaging", 49, "date")),
    ],
)
def test_a_heading_leads_to_its_place(heading, steps):
    column, found = column_of("mps_episode", heading)
    assert found == steps
    assert column.path == heading.replace("[2]", "").replace("[1]", "").replace("[50]", "").replace(
        "imaging", "imaging[]"
    )


@pytest.mark.parametrize(
    "heading",
    [
        "",
        "x",
        "side[1]",
        "imaging",
        "imaging[0].date",
        "imaging[51].date",
        "imaging[1]",
        "imaging[].date",
        "side.x",
    ],
)
def test_what_is_no_heading_leads_nowhere(heading):
    assert column_of("mps_episode", heading) is None


def test_values_are_put_in_their_groups():
    record = {}
    for heading, value in (
        ("imaging[3].side", "left"),
        ("imaging[1].date", "2025"),
        ("pathology.biopsy", True),
    ):
        put(record, column_of("mps_episode", heading)[1], value)
    assert plain(record) == {"imaging": [{"date": "2025"}, {"side": "left"}], "pathology": {"biopsy": True}}


def test_a_pointer_is_named_as_its_heading():
    assert heading_of("/imaging/1/date") == "imaging[2].date"
    assert heading_of("/missing/imaging") == "imaging"
    assert numbered("imaging[].date", 3) == "imaging[3].date"


class TestTemplates:
    @pytest.mark.parametrize("name", templates())
    def test_have_known_columns_each_once(self, name):
        found = template(name).strip().split(",")
        assert found[:3] == ["case", "recorded_at", "reason"]
        assert len(set(found)) == len(found)
        if name != "wide":
            assert all(column_of(name, heading) for heading in found[3:])

    def test_write_repeated_groups_out_group_by_group(self):
        found = [heading for heading in headings("radiotherapy") if heading.startswith("oars")]
        assert [heading.partition(".")[0] for heading in found] == [
            f"oars[{n}]" for n in (1, 2, 3) for _ in range(4)
        ]

    def test_there_is_none_of_another_name(self):
        with pytest.raises(NotFound, match="wide"):
            template("x")
