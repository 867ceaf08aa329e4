"""REDCap in: exports by their keys, checkboxes, missing data codes, decimal commas, labels, what is left out."""

import io

import orjson
import pytest

from registry.errors import BadRequest
from registry.formats.item import Options
from registry.formats.redcap.project import read_project
from registry.formats.redcap.reader import read_csv, read_parcel, read_xml

AT = "2026-03-04T09:12:00+09:00"
PAIN = """
missing: {"-999": not_asked}
records:
  - form: pain_assessment
    fields: {assess_date: day, nrs_worst: worst, vas_worst_mm: vas}
    constants: {index_or_nonindex: index, site_side: left}
  - form: symptoms
    fields: {pain_sites: {checkbox: where, values: {1: groin, -2: flank, b: "null"}}}
    constants: {side: left}
    otherwise: not_stated
"""


def read(text, mapping=PAIN, **options):
    incoming = read_csv(io.BytesIO(text.encode()), Options(AT, mapping=mapping, **options))
    items = list(incoming.items)
    return items, {note.rule: note.message for note in incoming.notes}


def forms(text, **options):
    ((item,), _) = read(text, **options)
    assert item.envelope is not None, item.problems
    return orjson.loads(item.envelope)["forms"]


def rules(text):
    ((item,), _) = read(text)
    assert item.envelope is None
    return [problem.rule for problem in item.problems]


class TestValues:
    def test_a_missing_data_code_is_a_reason(self):
        assert forms("id,day,worst\n1,2025,-999\n")["pain_assessment"][0]["missing"] == {
            "nrs_worst": "not_asked"
        }

    def test_boxes_that_are_ticked_are_the_list(self):
        text = "id,where___1,where____2,where___b,where____999\n1,1,1,1,0\n"
        assert forms(text)["symptoms"][0]["pain_sites"] == ["groin", "flank"]

    def test_a_box_of_a_missing_data_code_is_the_reason(self):
        found = forms("id,where___1,where____999\n1,0,1\n")["symptoms"][0]
        assert found["missing"]["pain_sites"] == "not_asked"

    def test_no_box_says_nothing(self):
        items, notes = read("id,where___1,where____2\n1,0,0\n2,1,0\n")
        assert [item.place for item in items] == ["line 3, record 2"]
        assert notes["rows_without_data"].startswith("1 rows")

    def test_a_box_that_is_mapped_to_nothing_is_refused_and_listed(self):
        items, notes = read("id,where___7\n1,1\n2,0\n")
        assert [problem.rule for problem in items[0].problems] == ["unmapped_code"]
        assert "the code 7 of `where`" in notes["unmapped_code"]

    def test_a_decimal_comma_is_read_whatever_separates_the_columns(self):
        assert forms("id;day;vas\n1;2025;72,5\n")["pain_assessment"][0]["vas_worst_mm"] == 72.5
        assert forms('id,day,vas\n1,2025,"72,5"\n')["pain_assessment"][0]["vas_worst_mm"] == 72.5

    def test_an_unfinished_survey_has_no_time(self):
        mapping = "records: [{form: follow_up, fields: {visit_date: v_timestamp, next_due: due}}]"
        found = forms("id,v_timestamp,due\n1,[not completed],2025\n", mapping=mapping)
        assert found == {"follow_up": [{"next_due": "2025"}]}

    def test_our_marks_mean_nothing_in_a_foreign_project(self):
        mapping = "records: [{form: surgery, fields: {procedure: op}}]"
        assert forms("id,op\n1,!not_asked\n", mapping=mapping)["surgery"][0]["procedure"] == "!not_asked"

    def test_a_formula_is_refused_here_too(self):
        mapping = "records: [{form: surgery, fields: {procedure: op}}]"
        ((item,), _) = read("id,op\n1,=1+1\n", mapping=mapping)
        assert item.problems[0].rule == "formula"


class TestRows:
    def test_their_place_has_record_event_instrument_and_instance(self):
        head = "id,redcap_event_name,redcap_repeat_instrument,redcap_repeat_instance,day,worst\n"
        items, _ = read(head + "7,week_1_arm_1,pain,3,2025,5\n")
        assert items[0].place == "line 2, record 7, event week_1_arm_1, instrument pain, instance 3"

    def test_that_cannot_be_split_are_refused_alone(self):
        items, _ = read('id,day,worst\n1,2025,5\n2,"open,5\n3,2025,6,7\n4,2025,8\n')
        assert [item.envelope is None for item in items] == [False, True, True, False]

    def test_only_what_is_mapped_is_kept_of_a_refused_one(self):
        ((item,), notes) = read("id,last_name,day,worst\n1,Simulated,1.2.2025,5\n")
        assert orjson.loads(item.source) == {"day": "1.2.2025", "worst": "5"}
        assert "`last_name` (1)" in notes["unmapped_fields"]

    def test_of_another_project_are_not_looked_at_without_end(self, monkeypatch):
        monkeypatch.setattr("registry.formats.redcap.reader.MOST_EMPTY", 3)
        more = "id,other,worst\n" + "1,x,\n" * 3 + "1,x,5\n"
        assert "rows_without_data" in read(more)[1]
        with pytest.raises(BadRequest, match="4 rows hold nothing"):
            read(more.replace("\n", "\n1,x,\n", 1))

    def test_what_the_mapping_names_and_the_export_lacks_is_noted(self):
        _, notes = read("id,day,worst\n1,2025,5\n")
        assert "`vas`" in notes["absent_fields"]
        assert "`where`" in notes["absent_fields"]

    def test_they_are_of_the_time_that_a_field_says(self):
        mapping = (
            "recorded_at: {field: entered, zone: Asia/Tokyo}\nrecords: [{form: patient, fields: {birth: b}}]"
        )
        incoming = read_csv(io.BytesIO(b"id,entered,b\n1,2026-03-04 09:12,1950\n"), Options(mapping=mapping))
        (item,) = incoming.items
        assert orjson.loads(item.envelope)["recorded_at"] == AT
        with pytest.raises(BadRequest, match="time zone Mars"):
            list(
                read_csv(
                    io.BytesIO(b"id,entered,b\n1,2026-03-04 09:12,1950\n"),
                    Options(mapping=mapping.replace("Asia/Tokyo", "Mars")),
                ).items
            )

    def test_they_cannot_do_without_a_time(self):
        with pytest.raises(BadRequest, match="the time of the export"):
            read_csv(io.BytesIO(b"id,day\n1,2025\n"), Options(mapping=PAIN))


class TestExports:
    @pytest.mark.parametrize(
        ("text", "code"),
        [
            ("Study ID,Day\n1,2025\n", "label_export"),
            ("id,day,Complete?\n1,2025,x\n", "label_export"),
            ("id,day,visit_complete\n1,2025,Complete\n", "label_export"),
            ("id,where___1\n1,Unchecked\n", "label_export"),
            ("id,where___1\n" + "1,\n" * 150 + "2,Checked\n", "label_export"),
            ("record,redcap_event_name,field_name,value\n1,a,day,2025\n", "eav_export"),
            ("id,day,day\n1,2025,2026\n", "duplicate_column"),
            ("<html>out of memory</html>\n", "not_csv"),
        ],
    )
    def test_of_the_wrong_kind_are_refused_whole(self, text, code):
        with pytest.raises(BadRequest) as caught:
            read(text)
        assert caught.value.facts["code"] == code

    def test_labels_that_come_late_refuse_their_row(self):
        items, _ = read("id,where___1\n" + "1,1\n" * 250 + "2,Checked\n")
        assert items[-1].problems[0].rule == "label_export"

    def test_a_record_id_that_is_not_there_is_named(self):
        with pytest.raises(BadRequest, match="no field `study`"):
            read("id,day\n1,2025\n", mapping="record: study\n" + PAIN)

    def test_a_combined_checkbox_is_known_from_the_dictionary(self):
        dictionary = '"Variable / Field Name","Field Type","Choices, Calculations, OR Slider Labels"\nwhere,checkbox,"1, A"\n'
        with pytest.raises(BadRequest, match="`where` is a checkbox in one column"):
            read("id,where\n1,A\n", dictionary=dictionary)


class TestProject:
    API = 'field_name,form_name,field_type,select_choices_or_calculations\nx,f,radio,"1, A | 2, B, or C"\ny,f,text,\n'

    def test_a_dictionary_of_the_api_is_read_as_well(self):
        found = read_project(self.API)
        assert found.choices == {"x": ("1", "2")}
        assert found.types == {"x": "radio", "y": "text"}

    @pytest.mark.parametrize("text", ["", "a,b\n1,2\n", '"open'])
    def test_what_is_none_is_refused(self, text):
        with pytest.raises(BadRequest, match="no REDCap data dictionary"):
            read_project(text)


class TestXml:
    @pytest.mark.parametrize(
        ("body", "code"),
        [
            (b"<a/>", "not_odm"),
            (b"<a", "not_xml"),
            (b"", None),
            (b'<?xml version="1.0" encoding="klingon"?><a/>', "not_xml"),
            (b'<!DOCTYPE a SYSTEM "file:///etc/passwd"><a/>', "doctype"),
            ('<!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>'.encode("utf-16"), "doctype"),
            (b'<ODM xmlns="http://www.cdisc.org/ns/odm/v1.3">' + b"<a>" * 100, "too_deep"),
        ],
    )
    def test_that_is_hostile_or_another_is_refused(self, body, code):
        with pytest.raises(BadRequest) as caught:
            list(read_xml(io.BytesIO(body), Options(AT)).items)
        assert code is None or caught.value.facts["code"] == code

    def test_an_event_that_repeats_keeps_its_instances_apart(self):
        head = (
            '<ODM xmlns="http://www.cdisc.org/ns/odm/v1.3" xmlns:redcap="https://projectredcap.org">'
            '<Study OID="s"><GlobalVariables><redcap:RepeatingEvent redcap:UniqueEventName="week"/>'
            '</GlobalVariables></Study><ClinicalData><SubjectData SubjectKey="1">'
        )
        events = "".join(
            f'<StudyEventData StudyEventRepeatKey="{n}" redcap:UniqueEventName="week"><FormData FormOID="f">'
            f'<ItemData ItemOID="function_ecog" Value="{n}"/></FormData></StudyEventData>'
            for n in (1, 2)
        )
        body = f"{head}{events}</SubjectData></ClinicalData></ODM>".encode()
        items = list(read_xml(io.BytesIO(body), Options(AT)).items)
        assert [item.place for item in items] == [f"record 1, event week, instance {n}" for n in (1, 2)]


@pytest.mark.parametrize(
    ("mapping", "says"), [(None, "comes with a mapping file"), (PAIN, "is the mapping that of this project")]
)
def test_an_export_with_nothing_that_is_mapped_says_so(mapping, says):
    with pytest.raises(BadRequest, match=says) as caught:
        read("record_id,redcap_event_name,county\n1,visit_1_arm_1,Adair\n2,visit_1_arm_1,Atoka\n", mapping)
    assert caught.value.facts["code"] == "nothing_mapped"


class TestParcel:
    @pytest.mark.parametrize(
        "parcel", [b"{", b"[]", b"{}", b'{"export": 1}', b'{"export": "", "x": ""}', b'{"mapping": ""}']
    )
    def test_that_is_none_is_refused(self, parcel):
        with pytest.raises(BadRequest):
            read_parcel(io.BytesIO(parcel), Options(AT))

    @pytest.mark.parametrize("start", ["", "\ufeff", "\n"])
    def test_xml_is_known_by_its_beginning(self, start):
        with pytest.raises(BadRequest, match="no REDCap project"):
            list(read_parcel(io.BytesIO(orjson.dumps({"export": f"{start}<a/>"})), Options(AT)).items)
