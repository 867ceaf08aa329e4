"""The three published cases of Takamatsu et al. 2018 as submissions: everything stated, nothing guessed."""

import csv
import json
import re
from collections import Counter
from importlib import resources

import jsonschema_rs
import pytest

from registry.domain.case import Case
from registry.domain.dictionary_json import json_schema
from registry.domain.forms import FORMS_BY_NAME
from registry.domain.forms.analgesic import Analgesic
from registry.domain.forms.death import Death
from registry.domain.forms.follow_up import FollowUp
from registry.domain.forms.function import Function
from registry.domain.forms.mps_episode import MpsEpisode
from registry.domain.forms.pain_assessment import PainAssessment
from registry.domain.forms.patient import Patient
from registry.domain.forms.primary_cancer import PrimaryCancer
from registry.domain.forms.radiotherapy import Radiotherapy
from registry.domain.forms.systemic_therapy import SystemicTherapy
from registry.domain.reading import read_submission

FOLDER = resources.files("registry.domain.literature")
DOCUMENTS = json.loads(FOLDER.joinpath("takamatsu_2018.json").read_text(encoding="utf-8"))


def case(number: int) -> Case:
    submission, findings = read_submission(DOCUMENTS[number - 1])
    assert findings == []
    assert submission is not None
    return Case.of(submission.versions)


def table(name: str) -> list[dict[str, str]]:
    return list(csv.DictReader(FOLDER.joinpath(name).read_text(encoding="utf-8").splitlines()))


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda document: document["case"])
class TestEveryCase:
    def test_it_passes_the_schema(self, document):
        jsonschema_rs.validator_for(json_schema(), validate_formats=True).validate(document)

    def test_no_record_hides_another(self, document):
        submission, _ = read_submission(document)
        assert submission is not None
        keys = Counter((record.NAME, record.key) for _, record in submission.records)
        assert keys.most_common(1)[0][1] == 1

    def test_no_calendar_date_is_invented(self, document):
        assert re.findall(r"\b(?:19|20)\d\d-\d\d", json.dumps(document["forms"])) == []

    @pytest.mark.parametrize(
        "name", ["nrs_worst", "ecog", "kps", "death_date", "mps_onset", "planned_dose_gy"]
    )
    def test_what_is_not_stated_is_not_there(self, document, name):
        assert [record for record in _records(document) if name in record] == []

    def test_it_is_literature_with_its_source(self, document):
        patient = Patient.model_validate(document["forms"]["patient"])
        assert patient.source_type == "literature"
        assert patient.source_ref is not None
        assert patient.source_ref.doi == "10.3892/mco.2018.1635"


def _records(document):
    for name, given in document["forms"].items():
        yield from given if FORMS_BY_NAME[name].KEY else [given]


class TestCase1:
    def test_doses_to_two_targets_stay_apart_beside_the_declared_sum(self):
        courses = {rt.rt_id: rt for rt in case(1).all(Radiotherapy)}
        doses = [(rt.delivered_dose_gy, rt.delivered_fractions) for rt in courses.values()]
        assert doses == [(46, 23), (20, 10), (45, 25)]
        declared = courses["RT-2"].declared_total
        assert declared is not None
        assert (declared.dose_gy, declared.fractions) == (66, 33)

    def test_origin_of_survival_is_disputed(self):
        death = case(1).one(Death)
        assert death is not None
        assert death.published_survival is not None
        assert death.published_survival.months == 8
        assert set(death.published_survival.origins) == {"symptom_onset", "mps_diagnosis"}

    def test_walking_well_and_going_home_to_die_are_both_kept(self):
        (function,) = case(1).all(Function)
        assert function.gait == "normal"
        assert any(visit.discharge_to == "clinic" for visit in case(1).all(FollowUp))

    def test_rescue_count_is_not_stated(self):
        (rescue,) = (drug for drug in case(1).all(Analgesic) if drug.rescue_dose)
        assert rescue.rescue_taken_24h is None
        assert rescue.why_null("rescue_taken_24h") == "not_stated"

    def test_pain_relapse_after_discharge(self):
        (relapse,) = (visit for visit in case(1).all(FollowUp) if visit.pain_relapse == "yes")
        assert str(relapse.at) == "discharge+4mo"
        assert relapse.symptom_status == "controlled"


class TestCase2:
    def test_response_during_radiotherapy(self):
        (pain,) = case(2).all(PainAssessment)
        assert str(pain.at) == "treatment_start+2wk"
        assert pain.narrative == "marked_improvement"

    def test_all_analgesics_are_stopped(self):
        assert all(drug.end_at is not None and drug.end_at.days == 14 for drug in case(2).all(Analgesic))

    def test_declined_chemotherapy_is_recorded(self):
        (declined,) = (t for t in case(2).all(SystemicTherapy) if t.status == "offered_declined")
        assert declined.indication == "mps_index_pain"
        assert declined.cycles_given is None


class TestCase3:
    def test_blinded_arm_stays_masked(self):
        (index,) = (t for t in case(3).all(SystemicTherapy) if t.index_treatment)
        assert index.trial is not None
        assert (index.trial.blinded, index.trial.arm) == (True, "masked")

    def test_relapse_on_imaging_is_no_relapse_of_pain(self):
        (relapse,) = (visit for visit in case(3).all(FollowUp) if visit.radiographic_relapse == "yes")
        assert relapse.pain_relapse == "no"

    def test_alive_with_no_date_of_last_contact(self):
        assert case(3).one(Death) is None
        assert "more_than treatment_end+7mo" in [str(visit.at) for visit in case(3).all(FollowUp)]

    def test_both_mechanisms_are_kept(self):
        (episode,) = case(3).all(MpsEpisode)
        assert episode.mechanism == ["nodal_extension", "intramuscular_metastasis"]

    def test_cancer_was_found_with_the_syndrome(self):
        (primary,) = case(3).all(PrimaryCancer)
        assert str(primary.dx_at) == "presentation+0d"
        assert primary.status_at_mps == "treatment_naive"


class TestTables:
    def test_printed_table_adds_up_to_37(self):
        assert sum(int(row["cases"]) for row in table("table1.csv")) == 37

    def test_benchmarks_name_population_and_status(self):
        rows = table("benchmarks.csv")
        assert list(rows[0]) == [
            "source",
            "n",
            "population",
            "treatment",
            "response",
            "survival",
            "origin",
            "status",
        ]
        assert all(row["population"] and row["status"] for row in rows)

    def test_figures_of_other_syndromes_say_so(self):
        (jaeckle,) = (row for row in table("benchmarks.csv") if row["source"].startswith("Jaeckle"))
        assert "not malignant psoas syndrome" in jaeckle["population"]
