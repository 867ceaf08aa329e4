"""CSV, REDCap and FHIR over real HTTP: every row is judged, the counts add up, the table comes back with its errors."""

import csv
import io
from pathlib import Path

import jsonschema_rs
import orjson
import pytest
from sqlalchemy import text

from registry.formats.csv.template import template, templates
from registry.formats.fhir.structure import schema
from registry.pipeline.sealed import payload_of, source_of
from tests.problems import only

GOLDEN = Path(__file__).parents[2] / "golden"
AT = "2026-03-04T09:12:00+09:00"
CSV = {"Content-Type": "text/csv"}
FHIR = "application/fhir+json"

PAIN = """case,recorded_at,reason,assess_date,nrs_worst,index_or_nonindex,site_side
A-1,2026-03-04T09:12:00+09:00,,2025-03-10,7,index,left
A-2,2026-03-04T09:12:00+09:00,,12-09-1994,7,index,left

A-3,2026-03-04T09:12:00+09:00,,2025-03-10,12,index,left
A-4,2026-03-04T09:12:00+09:00,,2025-03-10,!not_asked,index,left
"""


def send(api, body, headers=CSV, **params):
    return api.post("/v1/batches", content=body, headers=headers, params=params)


def counts(receipt):
    found = {name: receipt[name] for name in ("received", "accepted", "rejected", "failed", "waiting")}
    assert found.pop("received") == sum(found.values())
    return found


class TestCsv:
    def test_every_row_is_judged_by_itself(self, api, decide):
        sent = send(api, PAIN)
        assert sent.status_code == 202
        decide()
        receipt = api.get(sent.headers["location"]).json()
        assert counts(receipt) == {"accepted": 2, "rejected": 2, "failed": 0, "waiting": 0}
        found = [(one["place"], one["case"], one["findings"][0]["rule"]) for one in receipt["items"]]
        assert found[0] == ("line 3", "A-2", "E06")
        assert found[1][0] == "line 5"
        assert found[1][2] == "E11"
        assert {one["case"] for one in api.get("/v1/cases").json()["cases"]} == {"A-1", "A-4"}

    def test_what_is_kept_of_a_refused_row_is_the_row(self, api, decide, registry):
        send(api, PAIN)
        decide()
        with registry.work() as work:
            query = text("SELECT id, state, payload, source FROM submission ORDER BY position")
            first, second, *_ = work.session.execute(query).all()
            assert payload_of(work.keys, second) == b"A-2,2026-03-04T09:12:00+09:00,,12-09-1994,7,index,left"
            assert second.source is None
            kept = payload_of(work.keys, first)
            assert orjson.loads(kept)["forms"]["pain_assessment"][0]["nrs_worst"] == 7
            assert source_of(work.keys, first).startswith(b"A-1,")

    def test_comes_back_with_its_errors_and_can_be_sent_again(self, api, decide):
        where = send(api, PAIN).headers["location"]
        waiting = list(csv.DictReader(io.StringIO(api.get(f"{where}/errors.csv").text.lstrip("\ufeff"))))
        assert {row["errors"].split(" | ")[-1] for row in waiting} == {"not decided yet; ask again"}
        decide()
        answer = api.get(f"{where}/errors.csv")
        assert answer.headers["content-type"] == "text/csv; charset=utf-8"
        rows = list(csv.DictReader(io.StringIO(answer.text.lstrip("\ufeff"))))
        assert [row["case"] for row in rows] == ["A-1", "A-2", "A-3", "A-4"]
        assert "write YYYY-MM-DD" in rows[1]["errors"]
        assert "nrs_worst" in rows[2]["errors"]
        mended = answer.text.replace("12-09-1994", "1994-09-12").replace(",12,", ",2,")
        sent = send(api, mended.encode())
        decide()
        assert counts(api.get(sent.headers["location"]).json())["accepted"] == 4

    def test_needs_to_know_when_it_was_recorded(self, api, decide):
        body = PAIN.replace("recorded_at,", "").replace("2026-03-04T09:12:00+09:00,", "")
        assert only(send(api, body), 400, "bad_request")[1] == "no_recorded_at"
        assert send(api, body, recorded_at=AT).status_code == 202

    @pytest.mark.parametrize(
        ("path", "code"),
        [("binary", "not_csv"), ("other_table", "no_case_column"), ("no_time", "no_recorded_at")],
    )
    def test_what_is_no_table_of_ours_is_refused_whole(self, api, path, code):
        assert only(send(api, (GOLDEN / "csv" / f"{path}.csv").read_bytes()), 400, "bad_request")[1] == code
        assert api.get("/v1/submissions").json()["submissions"] == []

    def test_says_its_encoding(self, api, decide):
        body = PAIN.replace("index,left", "index,gauche é").encode("cp1252")
        receipt = send(api, body).json()
        assert [one["rule"] for one in receipt["notes"]] == ["read_as_windows_1252"]
        said = send(api, body, {"Content-Type": "text/csv; charset=windows-1252"}).json()
        assert said["notes"] == []

    def test_dry_run_stores_nothing(self, api):
        answer = send(api, PAIN, dry_run="true")
        assert answer.status_code == 200
        found = answer.json()
        assert (found["received"], found["accepted"], found["rejected"]) == (4, 2, 2)
        assert [one["place"] for one in found["verdicts"]] == ["line 2", "line 3", "line 5", "line 6"]
        assert api.get("/v1/submissions").json()["submissions"] == []

    def test_dry_run_judges_a_row_after_those_before_it(self, api, decide):
        head, first, *_ = PAIN.splitlines()
        body = "\n".join((head, first, first.replace("09:12", "10:12").replace(",7,", ",8,")))
        verdicts = send(api, body, dry_run="true").json()["verdicts"]
        sent = send(api, body)
        decide()
        (refused,) = api.get(sent.headers["location"]).json()["items"]
        assert [one["state"] for one in verdicts] == ["accepted", "rejected"]
        assert (verdicts[1]["place"], verdicts[1]["findings"]) == (refused["place"], refused["findings"])

    def test_all_or_nothing_stores_nothing_where_a_row_would_be_refused(self, api, decide):
        refused = send(api, PAIN, all_or_nothing="true")
        assert refused.status_code == 422
        found = refused.json()
        assert found["type"] == "urn:mps:problem:not_all_accepted"
        assert "2 of 4 items" in found["detail"]
        assert [one["place"] for one in found["errors"]] == ["line 3", "line 5"]
        assert api.get("/v1/submissions").json()["submissions"] == []
        taken = send(
            api, PAIN.replace("12-09-1994", "1994-09-12").replace(",12,", ",2,"), all_or_nothing="true"
        )
        assert taken.status_code == 202
        decide()
        assert counts(api.get(taken.headers["location"]).json())["accepted"] == 4

    def test_no_other_batch_comes_back_as_a_table(self, api):
        where = api.post("/v1/batches", content=b"[{}]").headers["location"]
        assert api.get(f"{where}/errors.csv").status_code == 409
        assert api.get("/v1/batches/00000000-0000-7000-8000-000000000000/errors.csv").status_code == 404

    def test_templates_are_served(self, api):
        for name in templates():
            answer = api.get(f"/v1/dictionary/templates/{name}.csv")
            assert answer.text == template(name)
        assert api.get("/v1/dictionary/templates/x.csv").status_code == 404
        assert len(next(csv.reader(io.StringIO(api.get("/v1/dictionary/redcap.csv").text)))) == 18


class TestRedcap:
    @pytest.mark.parametrize(
        ("file", "media_type"),
        [("own.csv", "application/vnd.redcap.csv"), ("own.xml", "application/vnd.redcap.odm+xml")],
    )
    def test_exports_of_our_own_dictionary_need_no_mapping(self, api, decide, file, media_type):
        body = (GOLDEN / "redcap" / file).read_bytes()
        sent = send(api, body, {"Content-Type": media_type}, recorded_at=AT)
        decide()
        receipt = api.get(sent.headers["location"]).json()
        assert counts(receipt) == {"accepted": 2, "rejected": 2, "failed": 0, "waiting": 0}
        assert [one["rule"] for one in receipt["notes"]] == ["rows_without_data"]

    def test_a_parcel_brings_mapping_and_dictionary(self, api, decide):
        parts = {"export": "foreign.csv", "mapping": "foreign.yaml", "dictionary": "foreign_dictionary.csv"}
        parcel = {name: (GOLDEN / "redcap" / file).read_text() for name, file in parts.items()}
        sent = send(api, orjson.dumps(parcel), {"Content-Type": "application/vnd.mps.redcap+json"})
        decide()
        receipt = api.get(sent.headers["location"]).json()
        assert counts(receipt) == {"accepted": 2, "rejected": 3, "failed": 0, "waiting": 0}
        assert "unmapped_fields" in {one["rule"] for one in receipt["notes"]}
        assert "Simulated" not in orjson.dumps(receipt).decode()  # the last name, which is not mapped

    def test_labels_and_doctype_are_refused(self, api):
        for file, media_type, code in (
            ("labels.csv", "application/vnd.redcap.csv", "label_export"),
            ("doctype.xml", "application/vnd.redcap.odm+xml", "doctype"),
        ):
            body = (GOLDEN / "redcap" / file).read_bytes()
            answer = send(api, body, {"Content-Type": media_type}, recorded_at=AT)
            assert only(answer, 400, "bad_request")[1] == code


class TestFhir:
    def test_a_bundle_is_answered_by_an_operation_outcome(self, api, decide):
        body = (GOLDEN / "fhir" / "case.json").read_bytes()
        sent = send(api, body, {"Content-Type": FHIR})
        assert (sent.status_code, sent.headers["content-type"]) == (202, FHIR)
        decide()
        plain = api.get(sent.headers["location"]).json()
        assert counts(plain)["rejected"] == 1
        assert plain["received"] == 16
        found = api.get(sent.headers["location"], headers={"Accept": FHIR}).json()
        outcome(found)
        errors = [one for one in found["issue"] if one["severity"] == "error"]
        assert [one["expression"] for one in errors] == [["Bundle.entry[7].resource.valueQuantity.code"]]
        case = api.get("/v1/cases/KND-0001").json()["forms"]
        assert [one["delivered_dose_gy"] for one in case["radiotherapy"]] == [20, 8]
        assert [one["delivered_fractions"] for one in case["radiotherapy"]] == [5, 1]

    def test_the_name_of_a_patient_is_not_kept(self, api, decide, registry):
        body = (GOLDEN / "fhir" / "case.json").read_bytes()
        assert b"Simulated" in body
        send(api, body, {"Content-Type": FHIR})
        decide()
        with registry.engine.connect() as connection:
            kept = connection.exec_driver_sql("SELECT payload FROM submission").scalars().all()
        assert not any(b"Simulated" in bytes(one) or b"4711" in bytes(one) for one in kept)

    @pytest.mark.parametrize("body", [b"{", b"[]", b'{"resourceType": "Bundle", "type": "message"}'])
    def test_a_refusal_is_an_operation_outcome_too(self, api, body):
        answer = send(api, body, {"Content-Type": FHIR})
        assert (answer.status_code, answer.headers["content-type"]) == (400, FHIR)
        outcome(answer.json())
        asked = send(api, body, {"Content-Type": FHIR, "Accept": "application/json"})
        assert asked.headers["content-type"] == "application/problem+json"

    @pytest.mark.parametrize(("param", "status"), [("dry_run", 200), ("all_or_nothing", 422)])
    def test_a_trial_is_answered_by_one_as_well(self, api, param, status):
        body = (GOLDEN / "fhir" / "case.json").read_bytes()
        answer = send(api, body, {"Content-Type": FHIR}, **{param: "true"})
        assert (answer.status_code, answer.headers["content-type"]) == (status, FHIR)
        outcome(answer.json())
        errors = [one for one in answer.json()["issue"] if one["severity"] == "error"]
        assert [one["expression"] for one in errors] == [["Bundle.entry[7].resource.valueQuantity.code"]]
        assert api.get("/v1/submissions").json()["submissions"] == []

    def test_an_unknown_batch_is_one_as_well(self, api):
        answer = api.get("/v1/batches/0", headers={"Accept": FHIR})
        assert answer.status_code == 404
        outcome(answer.json())


def outcome(found):
    """Hold an answer to the official schema."""
    jsonschema_rs.validator_for(schema() | {"$ref": "#/definitions/OperationOutcome"}).validate(found)
    assert found["issue"]
    assert all(one["diagnostics"] for one in found["issue"])
