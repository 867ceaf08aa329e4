"""Bundles and NDJSON: what is read, what is passed over, references, several patients, times of recording."""

import io

import orjson
import pytest

from registry.errors import BadRequest, TooLarge
from registry.formats.fhir.bundle import open_bundle
from registry.formats.fhir.reader import read_bundle, read_ndjson
from registry.formats.fhir.terms import CASE, ECOG
from registry.formats.item import Options
from tests.factories_fhir import AT, PATIENT, items, observation

SCORE = observation(ECOG, valueInteger=2)


def read(document, **options):
    body = document if isinstance(document, bytes) else orjson.dumps(document)
    incoming = read_bundle(io.BytesIO(body), Options(**{"recorded_at": AT} | options))
    return list(incoming.items), [note.message for note in incoming.notes]


def bundle(*entries, **more):
    return {"resourceType": "Bundle", "type": "collection", "entry": list(entries), **more}


def cases(found):
    return [orjson.loads(item.envelope)["case"] for item in found if item.envelope]


class TestBundle:
    @pytest.mark.parametrize("kind", ["collection", "transaction", "batch", "searchset"])
    def test_types_that_are_read(self, kind):
        found, _ = read(bundle({"resource": PATIENT}, {"resource": SCORE}, type=kind))
        assert cases(found) == ["KND-1"]

    @pytest.mark.parametrize(
        "document",
        [
            b"",
            b"{",
            b"[]",
            b"null",
            b'"x"',
            {},
            {"resourceType": 1},
            bundle(type="document"),
            bundle(type="history"),
            {"resourceType": "Bundle"},
            {"resourceType": "Bundle", "type": "batch", "entry": {}},
            b'{"resourceType": "Bundle", "resourceType": "Patient"}',
            b'{"a": ' * 61 + b"1" + b"}" * 61,
        ],
    )
    def test_other_documents_are_refused_whole(self, document):
        with pytest.raises(BadRequest):
            read(document)

    def test_a_single_resource_is_a_bundle_of_one(self):
        found, _ = read(PATIENT | {"birthDate": "1950"})
        assert cases(found) == ["KND-1"]

    def test_types_that_are_not_read_are_counted(self):
        found, said = read(
            bundle({"resource": {"resourceType": "Encounter"}}, {"resource": {"resourceType": "X"}})
        )
        assert found == []
        assert said == ["Encounter is not read (1)", "X is not read (1)"]

    @pytest.mark.parametrize(
        ("entry", "rule"),
        [
            (None, "fhir_structure"),
            ({}, "fhir_structure"),
            ({"resource": None}, "fhir_structure"),
            ({"resource": {"id": "x"}}, "fhir_structure"),
            ({"request": {"method": "DELETE"}}, "fhir_method"),
            ({"request": {"method": "PATCH"}, "resource": SCORE}, "fhir_method"),
            ({"request": {"method": "POST"}}, "fhir_structure"),
        ],
    )
    def test_an_entry_without_a_resource_is_refused_alone(self, entry, rule):
        found, _ = read(bundle({"resource": PATIENT}, entry, {"resource": SCORE}))
        (refused,) = [item for item in found if item.envelope is None]
        assert refused.problems[0].rule == rule
        assert refused.place.startswith("Bundle.entry[1]")
        assert cases(found) == ["KND-1"]

    def test_a_question_is_no_entry(self):
        assert read(bundle({"request": {"method": "GET", "url": "Patient"}})) == ([], [])


class TestPatients:
    def patient(self, number, **more):
        return {"resource": {"resourceType": "Patient", "id": number, "birthDate": "1950", **more}}

    def score(self, reference):
        return {"resource": SCORE | {"subject": reference}}

    def test_several_are_kept_apart(self):
        found, _ = read(
            bundle(
                self.patient("a"),
                self.patient("b"),
                self.score({"reference": "Patient/b"}),
                self.score({"reference": "https://ehr.example/fhir/Patient/a"}),
            )
        )
        assert sorted(cases(found)) == ["a", "a", "b", "b"]

    @pytest.mark.parametrize(
        "reference",
        [
            {"reference": "urn:uuid:1"},
            {"reference": "Patient/a"},
            {"reference": "Patient/a/_history/2"},
            {"reference": "https://ehr.example/fhir/Patient/a"},
            {"identifier": {"system": CASE, "value": "KND-9"}},
            {"type": "Patient", "identifier": {"system": CASE, "value": "KND-9"}},
        ],
    )
    def test_are_found_by_every_kind_of_reference(self, reference):
        patient = self.patient("a", identifier=[{"system": CASE, "value": "KND-9"}]) | {
            "fullUrl": "urn:uuid:1"
        }
        found, _ = read(bundle(patient, self.score(reference)))
        assert cases(found) == ["KND-9", "KND-9"]

    def test_that_are_elsewhere_are_named_by_their_pseudonym_only(self):
        found, _ = read(bundle(self.score({"identifier": {"system": CASE, "value": "KND-9"}})))
        assert cases(found) == ["KND-9"]
        for reference in (
            {"reference": "Patient/a"},
            {"identifier": {"system": "urn:oid:1.2.3", "value": "4711"}},
            {},
        ):
            ((item,), _) = read(bundle(self.score(reference)))
            assert item.problems[0].rule == "unresolved_reference"

    def test_have_no_other_identifier_taken_for_a_pseudonym(self):
        number = [{"system": "urn:oid:1.2.3", "value": "4711"}]
        found, _ = read(bundle(self.patient("a", identifier=number)))
        assert cases(found) == ["a"]
        named, _ = read(bundle(self.patient("a", identifier=number)), case_system="urn:oid:1.2.3")
        assert cases(named) == ["4711"]

    def test_without_any_name_are_refused(self):
        resource = {"resourceType": "Patient", "birthDate": "1950"}
        ((item,), _) = read(bundle({"resource": resource}))
        assert (item.problems[0].rule, item.problems[0].pointer) == ("case_name", "/identifier")

    def test_that_are_refused_take_their_resources_with_them(self):
        found, _ = read(bundle(self.patient("a", gender="F"), self.score({"reference": "Patient/a"})))
        assert [item.problems[0].rule for item in found] == ["fhir_structure", "patient_refused"]

    def test_of_whom_nothing_is_known_are_no_record(self):
        assert items(patient=PATIENT | {"gender": "unknown"}) == []

    def test_are_read_for_what_the_study_needs(self):
        birth_sex = {
            "url": "http://hl7.org/fhir/us/core/StructureDefinition/us-core-birthsex",
            "valueCode": "F",
        }
        resource = PATIENT | {
            "birthDate": "1950-03",
            "gender": "other",
            "extension": [birth_sex],
            "deceasedBoolean": True,
            "address": [{"country": "Japan"}, {"country": "jp"}],
            "name": [{"family": "Simulated"}],
        }
        found = [orjson.loads(item.envelope)["forms"] for item in items(patient=resource)]
        assert found[0]["patient"] == {
            "birth": "1950-03",
            "sex_at_birth": "female",
            "country": "JP",
            "missing": {"source_type": "not_stated", "eligibility": "not_stated"},
        }
        assert found[1]["death"]["missing"]["death_date"] == "not_stated"


class TestTimes:
    def at(self, document, **options):
        found, _ = read(document, **options)
        return [orjson.loads(item.envelope)["recorded_at"] for item in found if item.envelope]

    def test_said_with_the_file_come_before_those_of_bundle_and_resource(self):
        score = SCORE | {"meta": {"lastUpdated": "2026-01-01T00:00:00Z"}}
        document = bundle({"resource": PATIENT}, {"resource": score}, timestamp="2026-02-01T00:00:00Z")
        assert self.at(document) == [AT]
        assert self.at(document, recorded_at=None) == ["2026-02-01T00:00:00Z"]
        del document["timestamp"]
        assert self.at(document, recorded_at=None) == ["2026-01-01T00:00:00Z"]

    def test_that_nobody_said_refuse_the_resource(self):
        ((item,), _) = read(bundle({"resource": PATIENT}, {"resource": SCORE}), recorded_at=None)
        assert "recorded_at" in item.problems[0].message


def test_more_entries_than_are_held_are_refused(monkeypatch):
    monkeypatch.setattr("registry.formats.fhir.bundle.MOST_ENTRIES", 2)
    assert len(open_bundle(bundle({}, {})).held) == 2
    with pytest.raises(TooLarge, match="2 entries"):
        open_bundle(bundle({}, {}, {}))


class TestNdjson:
    def read(self, *lines):
        body = b"\n".join(one if isinstance(one, bytes) else orjson.dumps(one) for one in lines)
        incoming = read_ndjson(io.BytesIO(body), Options(AT))
        return list(incoming.items), [note.message for note in incoming.notes]

    def test_resources_of_several_lines_refer_to_one_another(self):
        found, said = self.read(SCORE, b"", PATIENT, {"resourceType": "Encounter"})
        assert [item.place for item in found] == ["line 1"]
        assert cases(found) == ["KND-1"]
        assert said == ["Encounter is not read (1)", "Patient with nothing that the registry reads (1)"]

    def test_a_bundle_stands_for_itself_and_is_read_at_once(self):
        body = orjson.dumps(bundle({"resource": PATIENT}, {"resource": SCORE})) + b"\n"
        file = io.BytesIO(body * 1000)
        incoming = read_ndjson(file, Options(AT))
        assert next(incoming.items).place == "line 1: Bundle.entry[1].resource"
        assert file.tell() < len(body) * 1000

    def test_a_line_that_is_none_blocks_no_other(self):
        found, _ = self.read(b"{", PATIENT, b"[1]", bundle(type="document"), SCORE)
        refused = [(item.place, item.problems[0].rule) for item in found if item.envelope is None]
        assert refused == [("line 1", "not_json"), ("line 3", "fhir_structure"), ("line 4", "bundle_type")]
        assert cases(found) == ["KND-1"]
