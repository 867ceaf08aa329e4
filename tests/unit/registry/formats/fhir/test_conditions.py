"""Condition: the primary with its ICD-O-3 site, and the psoas, which no code of a metastasis proves."""

import pytest

from registry.domain.codes.code import Code
from registry.domain.codes.lists import check_code
from registry.formats.fhir.conditions import topography
from registry.formats.fhir.terms import ICD_10, ICD_10_CM, ICD_O_3, KEY, MCODE, SCT
from tests.factories_fhir import P, cc, items, notes, record, records, refusal, sct

SIDE = f"{MCODE}laterality-qualifier"


def condition(system, code, **more):
    return {"resourceType": "Condition", "subject": P, "code": cc(system, code), **more}


def profiled(name, **more):
    return {"meta": {"profile": [f"{MCODE}{name}"]}, **more}


class TestPrimary:
    @pytest.mark.parametrize(
        ("system", "code", "site"),
        [
            (ICD_10, "C53.9", "C53.9"),
            (ICD_10, "C61", "C61.9"),
            (ICD_10, "C20", "C20.9"),
            (ICD_10_CM, "C50.911", "C50.9"),
            (ICD_10_CM, "C34.11", "C34.1"),
            (ICD_10_CM, "C56.1", "C56.1"),
            (ICD_O_3, "C16.2", "C16.2"),
            (ICD_10, "C43.5", None),
            (ICD_10, "C45.0", None),
            (ICD_10, "C83.3", None),
            (ICD_10, "C97", None),
            ("urn:unknown", "C53.9", None),
        ],
    )
    def test_site_is_icd_o_where_both_have_the_same_categories(self, system, code, site):
        found = topography(condition(system, code))
        assert (found and found["code"]) == site
        if found:
            assert found["system"] == "ICD-O-3"
            assert check_code(Code(**found), "icd-o-3-topography") is None

    def test_site_is_read_from_the_body_where_the_code_has_none(self):
        assert topography(condition(ICD_10, "C83.3", bodySite=[sct("71252005")]))["code"] == "C53.9"

    def test_histology_and_day_are_read(self):
        histology = {
            "url": f"{MCODE}histology-morphology-behavior",
            "valueCodeableConcept": cc(ICD_O_3, "8070/3"),
        }
        asserted = {
            "url": "http://hl7.org/fhir/StructureDefinition/condition-assertedDate",
            "valueDateTime": "2024-05-02",
        }
        made = condition(ICD_10, "C53.9", extension=[histology, asserted], onsetDateTime="2024")
        found = record("primary_cancer", made)
        assert found["morphology"] == {"system": "ICD-O-3", "code": "8070/3"}
        assert found["dx_date"] == "2024-05-02"

    def test_several_are_numbered_or_say_their_number(self):
        found = records(
            "primary_cancer",
            condition(ICD_10, "C53.9"),
            condition(ICD_10, "C61", identifier=[{"system": KEY, "value": "7"}]),
            condition(ICD_10, "C20"),
        )
        assert [one["primary_no"] for one in found] == [1, 7, 3]

    @pytest.mark.parametrize("value", ["seven", "-1", "9" * 5000, "٣"])
    def test_a_number_that_is_none_is_refused(self, value):
        made = condition(ICD_10, "C61", identifier=[{"system": KEY, "value": value}])
        assert refusal(made) == ("wrong_number", "/identifier")

    def test_a_code_without_a_site_is_noted(self):
        assert notes(condition(SCT, "363346000", **profiled("primary-cancer-condition"))) == ["no_topography"]


class TestPsoas:
    @pytest.mark.parametrize(
        "more",
        [
            {"bodySite": [sct("68455001")]},
            {"bodySite": [{"text": "left psoas muscle"}]},
            {"bodySite": [{"coding": [{"display": "Psoas major"}]}]},
        ],
    )
    def test_by_body_site_or_words(self, more):
        assert (
            record("mps_episode", condition(ICD_10, "C79.8", recordedDate="2025-03-08", **more)) is not None
        )

    @pytest.mark.parametrize("code", ["94426008", "94418000", "94422005", "94432003", "94264008", "94628003"])
    def test_never_by_a_code_of_a_metastasis_alone(self, code):
        made = condition(SCT, code, **profiled("secondary-cancer-condition"))
        assert items(made) == []
        assert items(condition(ICD_10, "C79.8")) == []
        assert items(condition(ICD_10_CM, "C79.89")) == []

    @pytest.mark.parametrize(
        ("code", "side"), [("7771000", "left"), ("24028007", "right"), ("51440002", "bilateral")]
    )
    def test_has_its_side(self, code, side):
        place = sct("68455001") | {"extension": [{"url": SIDE, "valueCodeableConcept": sct(code)}]}
        assert record("mps_episode", condition(ICD_10, "C79.8", bodySite=[place]))["side"] == side

    def test_is_not_called_proven(self):
        found = record("mps_episode", condition(ICD_10, "C79.8", bodySite=[sct("68455001")]))
        assert found["missing"]["crit_involvement"] == "not_stated"


@pytest.mark.parametrize("status", ["refuted", "entered-in-error"])
def test_what_is_refuted_is_passed_over(status):
    verified = cc("http://terminology.hl7.org/CodeSystem/condition-ver-status", status)
    assert items(condition(ICD_10, "C53.9", verificationStatus=verified)) == []


def test_a_code_without_its_system_says_nothing():
    made = condition(ICD_10, "C53.9") | {"code": {"coding": [{"code": "C53.9"}]}}
    assert items(made) == []
