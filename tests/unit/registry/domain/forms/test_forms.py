"""The forms as a whole: complete, described, and known by their natural keys."""

import importlib
import pkgutil
from datetime import UTC, datetime
from pathlib import Path

import pytest
from pydantic import ValidationError

from registry.domain import forms
from registry.domain.case import Case, Version, canonical, content_hash
from registry.domain.codes.code import Code
from registry.domain.dates import PartialDate
from registry.domain.forms import FORMS, FORMS_BY_NAME
from registry.domain.forms.analgesic import Analgesic
from registry.domain.forms.form import FREE_TEXT_LENGTH, Form, required_names
from registry.domain.forms.mps_episode import MpsEpisode
from registry.domain.forms.pain_assessment import PainAssessment
from registry.domain.forms.symptoms import Symptoms
from registry.domain.forms.time import Offset
from registry.domain.forms.toxicity import Toxicity

NOT_FORMS = {"answers", "form", "time", "tumour_response"}

every_form = pytest.mark.parametrize("form", FORMS, ids=lambda form: form.NAME)


def test_every_file_of_the_folder_is_a_form_or_a_shared_part():
    files = {module.name for module in pkgutil.iter_modules(forms.__path__)}
    assert files - NOT_FORMS == set(FORMS_BY_NAME)


@every_form
def test_file_carries_the_name_of_the_form(form):
    assert importlib.import_module(form.__module__).__name__.rsplit(".", 1)[1] == form.NAME
    assert Path(importlib.import_module(form.__module__).__file__ or "").stem == form.NAME


@every_form
def test_every_form_is_listed_once(form):
    assert FORMS.count(form) == 1
    assert FORMS_BY_NAME[form.NAME] is form


@every_form
def test_title_and_docstring_are_there(form):
    assert form.TITLE[0].isupper()
    assert (form.__doc__ or "").splitlines()[0].endswith(".")


@every_form
def test_key_variables_exist(form):
    assert set(form.KEY) <= set(form.model_fields)


@every_form
def test_null_is_allowed_everywhere_but_in_what_names_the_record(form):
    """A record must be writable however little is known: only names, numbers and defaults refuse null."""
    for name, info in form.model_fields.items():
        if info.is_required():
            assert name in form.KEY


def test_forms_that_occur_once_have_no_key():
    assert {form.NAME for form in FORMS if not form.KEY} == {"patient", "death"}


class TestNaturalKey:
    def test_parts_are_joined_and_null_is_empty(self):
        pain = PainAssessment(
            assess_date=PartialDate.parse("2025-03-01"), index_or_nonindex="index", site_side="left"
        )
        assert pain.key == "2025-03-01|||index|left||24h"

    def test_offset_stands_in_for_the_date(self):
        at = Offset(value=2, unit="wk", origin="treatment_start")
        assert PainAssessment(at=at, index_or_nonindex="index", site_side="right").key == (
            "|treatment_start+2wk||index|right||24h"
        )

    def test_limit_and_time_itself_are_different_times(self):
        about = Offset(value=7, unit="mo", origin="treatment_end")
        beyond = about.model_copy(update={"relation": "more_than"})
        assert str(about) != str(beyond)

    def test_answers_do_not_change_it(self):
        first = Symptoms(side="left", leg_oedema=True)
        assert first.key == Symptoms(side="left", leg_oedema=False, gait="aided").key == "1|left"

    def test_it_is_the_same_after_a_round_trip(self):
        drug = Analgesic(drug_name="oxycodone", route="PO", form="ER", start=PartialDate.parse("2025-03"))
        assert (
            Analgesic.model_validate_json(drug.model_dump_json()).key
            == drug.key
            == "oxycodone|PO|ER|2025-03||"
        )

    def test_free_words_cannot_forge_it(self):
        with pytest.raises(ValidationError, match="pattern"):
            Toxicity(term="other", term_other="rash|2025-01-01")

    def test_withdrawal_needs_no_more_than_the_key(self):
        kept = Version.of(Symptoms(side="left", gait="aided"), _at(1))
        gone = Version.of(Symptoms(side="left", retracted="entered for the wrong patient"), _at(2))
        assert Case.of([kept, gone]).current == {}


class TestStrictness:
    @pytest.mark.parametrize("value", ["5", 5.5, True, 11, -1])
    def test_pain_score_is_a_whole_number_from_0_to_10(self, value):
        with pytest.raises(ValidationError):
            PainAssessment.model_validate({"nrs_worst": value})

    def test_number_takes_an_integer(self):
        assert Analgesic.model_validate({"drug_name": "morphine", "dose_value": 30}).dose_value == 30.0

    @pytest.mark.parametrize("value", [float("nan"), float("inf")])
    def test_number_is_finite(self, value):
        with pytest.raises(ValidationError):
            Analgesic.model_validate({"drug_name": "morphine", "dose_value": value})

    def test_unknown_variable_is_refused_at_every_depth(self):
        for record in ({"sight": "left"}, {"imaging": [{"modality": "MRI", "colour": "grey"}]}):
            with pytest.raises(ValidationError, match="Extra inputs"):
                MpsEpisode.model_validate(record)

    def test_code_without_system_is_refused(self):
        with pytest.raises(ValidationError, match="system"):
            Code.model_validate({"code": "C53.9"})

    def test_brand_name_in_capitals_is_no_nonproprietary_name(self):
        with pytest.raises(ValidationError, match="pattern"):
            Analgesic(drug_name="OxyContin")

    def test_free_text_is_bounded(self):
        with pytest.raises(ValidationError, match=str(FREE_TEXT_LENGTH)):
            MpsEpisode(onset_note="x" * (FREE_TEXT_LENGTH + 1))

    def test_nothing_is_changed_after_reading(self):
        with pytest.raises(ValidationError, match="frozen"):
            Symptoms(side="left").side = "right"


class TestWhatTheSourceLeavesOpen:
    def test_range_and_visual_scale_are_no_score(self):
        pain = PainAssessment.model_validate({"nrs_worst_range": {"lo": 4, "hi": 5}, "vas_worst_mm": 62})
        assert pain.nrs_worst is None

    def test_three_signs_are_three_variables(self):
        signs = Symptoms(side="left", sign_pain_active_flexion="yes", sign_fixed_flexion="unknown")
        assert (signs.sign_pain_active_flexion, signs.sign_fixed_flexion, signs.sign_stretch) == (
            "yes",
            "unknown",
            None,
        )

    def test_several_mechanisms_are_accepted(self):
        both = ["nodal_extension", "intramuscular_metastasis"]
        assert MpsEpisode.model_validate({"mechanism": both}).mechanism == both

    def test_empty_list_is_an_answer_and_null_is_none(self):
        none, unknown = ({"side": "left", "pain_quality": value} for value in ([], None))
        assert content_hash(Symptoms.model_validate(none)) != content_hash(Symptoms.model_validate(unknown))


def test_defaults_are_not_part_of_the_content():
    assert canonical(MpsEpisode()) == canonical(MpsEpisode(episode_no=1)) == b"{}"


def test_required_names_are_those_that_need_a_value_or_a_reason():
    assert "side" in required_names(MpsEpisode)
    assert "mps_recognised_date" not in required_names(MpsEpisode)
    assert {name for form in FORMS for name in required_names(form)}.isdisjoint({"missing", "retracted"})


def test_form_is_the_base_of_all():
    assert all(issubclass(form, Form) for form in FORMS)


def _at(day):
    return datetime(2026, 1, day, tzinfo=UTC)
