"""The dictionary as data, and the JSON Schema: complete, described, valid."""

import csv
import json
from pathlib import Path

import jsonschema_rs
import pytest

from registry.domain import dictionary_json as dictionary
from registry.domain.dictionary import Variable, variables
from registry.domain.forms import FORMS

# Numbers that count or name something, or whose unit is the variable beside them.
WITHOUT_UNIT = {"primary_no", "episode_no", "course_no", "line"}


def row(form: str, path: str) -> Variable:
    (found,) = (v for v in variables() if (v.form, v.path) == (form, path))
    return found


def submission(**forms: object) -> dict[str, object]:
    return {"case": "KND-0001", "recorded_at": "2026-03-04T09:12:00+09:00", "forms": forms}


@pytest.fixture(scope="module")
def schema():
    return jsonschema_rs.validator_for(dictionary.json_schema(), validate_formats=True)


class TestRows:
    def test_no_variable_is_told_twice(self):
        paths = [(v.form, v.path) for v in variables()]
        assert len(paths) == len(set(paths))

    @pytest.mark.parametrize("form", FORMS, ids=lambda form: form.NAME)
    def test_every_variable_of_the_form_has_a_row(self, form):
        top = {v.path for v in variables() if v.form == form.NAME and "." not in v.path}
        assert top == set(form.model_fields) - {"missing", "retracted"}

    def test_every_description_is_a_sentence(self):
        bad = [
            v.path for v in variables() if not (v.description[:1].isupper() and v.description.endswith("."))
        ]
        assert bad == []

    def test_every_number_with_a_dimension_has_a_unit(self):
        names = {v.path for v in variables()}
        bad = [
            f"{v.form}.{v.path}"
            for v in variables()
            if v.kind in ("integer", "number")
            and not v.unit
            and v.path not in WITHOUT_UNIT
            and v.path.replace("_value", "_unit") not in names - {v.path}
            and v.path.replace("_dose", "_unit") not in names - {v.path}
            and v.path != "per_day"  # in the unit of the dose
        ]
        assert bad == []

    def test_every_number_has_limits(self):
        bad = [v.path for v in variables() if v.kind in ("integer", "number") and not v.range and not v.many]
        assert bad == []

    def test_every_meaning_belongs_to_a_permitted_value(self):
        for form in FORMS:
            for name, info in form.model_fields.items():
                extra = info.json_schema_extra
                meanings = extra.get("x-choices") if isinstance(extra, dict) else None
                if isinstance(meanings, dict):
                    assert set(meanings) <= {value for value, _ in row(form.NAME, name).values}

    def test_text_is_bounded_or_has_a_pattern(self):
        assert [
            v.path for v in variables() if v.kind == "text" and not (v.max_length or v.pattern or v.many)
        ] == []

    def test_path_shows_groups_and_lists(self):
        assert row("mps_episode", "imaging").type == "list of groups"
        assert row("mps_episode", "imaging[].date").kind == "partial date"
        assert row("symptoms", "non_index_pain.worst_nrs").range == "0 to 10"

    def test_limits_are_told_as_people_write_them(self):
        assert row("radiotherapy", "planned_dose_gy").range == "more than 0, at most 150"
        assert row("function", "kps").range == "0 to 100 in steps of 10"
        assert row("function", "hip_extension_deg").range == "-90 to 30"

    def test_catalogue_ids_of_limits(self):
        assert row("radiotherapy", "planned_fractions").rule == "E10"
        assert row("radiotherapy", "dose_per_fraction_gy").rule == "E09"
        assert {v.rule for v in variables() if v.form == "pain_assessment" and "nrs" in v.path} == {"E11", ""}

    def test_expectation(self):
        assert row("patient", "birth").requirement == "required"
        assert row("patient", "enrolment_date").requirement == "conditional"
        assert row("patient", "egfr").requirement == "optional"
        assert row("patient", "enrolment_date").kind == "exact date"

    def test_values_keep_their_meaning(self):
        assert dict(row("function", "ambulation").values)["4"] == "Walks independently."
        assert ("fixed", "The hip is held in flexion and extension is painful or impossible.") in row(
            "mps_episode", "crit_fixed_flexion"
        ).values


class TestJson:
    def test_it_is_plain_json_and_keeps_zero_limits(self):
        plain = json.loads(json.dumps(dictionary.dictionary_json()))
        (form,) = (form for form in plain["forms"] if form["name"] == "pain_assessment")
        (worst,) = (variable for variable in form["variables"] if variable["path"] == "nrs_worst")
        assert (worst["lo"], worst["hi"], worst["unit"]) == (0, 10, "{score}")
        assert form["key"][0] == "assess_date"


class TestSchema:
    def test_it_is_valid_json_schema(self):
        jsonschema_rs.meta.validate(dictionary.json_schema())

    def test_a_simple_submission_passes(self, schema):
        schema.validate(
            submission(
                patient={
                    "birth": "1961",
                    "sex_at_birth": "female",
                    "country": "JP",
                    "source_type": "prospective",
                },
                pain_assessment=[
                    {
                        "assess_date": "2026-03-01",
                        "nrs_worst": 8,
                        "index_or_nonindex": "index",
                        "site_side": "left",
                    }
                ],
            )
        )

    @pytest.mark.parametrize(
        "forms",
        [
            {},
            {"pain": []},
            {"pain_assessment": {"nrs_worst": 8}},
            {"pain_assessment": [{"nrs_worst": 11}]},
            {"pain_assessment": [{"assess_date": "2026-13"}]},
            {"patient": {"enrolment_date": "2026-03"}},
            {"patient": {"missing": {"birth": "forgot"}}},
            {"primary_cancer": [{"topography": "C53.9"}]},
            {"radiotherapy": [{"planned_dose_gy": 4500, "rt_id": "1"}]},
            {"analgesic": [{"dose_value": 20}]},
        ],
        ids=json.dumps,
    )
    def test_what_the_forms_refuse_the_schema_refuses(self, schema, forms):
        assert not schema.is_valid(submission(**forms))

    @pytest.mark.parametrize("change", [{"case": "Jane Doe"}, {"recorded_at": "yesterday"}, {"site": "KND"}])
    def test_the_envelope_is_checked(self, schema, change):
        assert not schema.is_valid(submission(death={}) | change)


class TestDocuments:
    def test_the_committed_codebook_has_every_variable(self):
        path = Path(__file__).parents[4] / "docs" / "codebook.csv"
        with path.open(encoding="utf-8", newline="") as file:
            listed = [(line["form"], line["variable"]) for line in csv.DictReader(file)]
        assert listed == [(v.form, v.path) for v in variables()]
