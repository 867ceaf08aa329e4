"""ODM: valid by the official schema, every identifier defined, every version audited, queries beside their record."""

from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from xml.etree import ElementTree
from xml.etree.ElementTree import Element

import pytest
from odmlib.odm_parser import ODMSchemaValidator

from registry.domain.case import Case, Version
from registry.domain.forms import FORMS, FORMS_BY_NAME
from registry.formats.exported import AskedQuery, ExportedCase
from registry.formats.folder import Folder
from registry.formats.odm.clinical import values
from registry.formats.outgoing import outgoing
from tests.factories_export import ABOUT, exported, frozen, published

NS = "{http://www.cdisc.org/ns/odm/v1.3}"


def write(folder: Path, *cases: ExportedCase) -> Path:
    outgoing("odm").write(iter(cases), ABOUT, Folder(folder))
    return folder / "odm.xml"


def read(path: Path) -> Element:
    return ElementTree.parse(path).getroot()


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write(tmp_path_factory.mktemp("odm"), *frozen(), *published())


@pytest.fixture(scope="module")
def root(whole: Path) -> Element:
    return read(whole)


def version(form: str, day: int, reason: str | None = None, **content: object) -> Version:
    at = datetime(2025, 12, day, 9, 30, tzinfo=UTC)
    return Version.of(FORMS_BY_NAME[form].model_validate(content), at, reason)


def validate(path: Path) -> None:
    ODMSchemaValidator(standard="odm", version="1.3.2").validate_file(str(path))


def test_the_file_is_valid_by_its_schema(whole: Path) -> None:
    validate(whole)


def test_every_identifier_that_is_used_is_defined_once(root: Element) -> None:
    defined = [one.get("OID") for one in root.iter() if one.get("OID")]
    assert len(set(defined)) == len(defined)
    used = {
        value
        for one in root.iter()
        for name, value in one.attrib.items()
        if name.endswith("OID") and name not in ("OID", "FileOID")
    }
    assert used - set(defined) == set()


def test_coded_values_are_terms_of_their_lists(root: Element) -> None:
    lists = {
        one.get("OID"): {item.get("CodedValue") for item in one.iter(f"{NS}CodeListItem")}
        for one in root.iter(f"{NS}CodeList")
    }
    coded = {
        item.get("OID"): lists[reference.get("CodeListOID")]
        for item in root.iter(f"{NS}ItemDef")
        if (reference := item.find(f"{NS}CodeListRef")) is not None
    }
    checked = 0
    for item in root.iter(f"{NS}ItemData"):
        if item.get("ItemOID") in coded and item.get("Value") is not None:
            assert item.get("Value") in coded[item.get("ItemOID")]
            checked += 1
    for flag in root.iter(f"{NS}Flag"):
        for part in flag:
            assert part.text in lists[part.get("CodeListOID")]
    assert checked > 200


def test_there_is_a_form_for_each_form_and_a_group_for_each_repeated_one(root: Element) -> None:
    assert [one.get("OID") for one in root.iter(f"{NS}FormDef")] == [f"FO.{form.NAME}" for form in FORMS]
    repeated = {one.get("OID") for one in root.iter(f"{NS}ItemGroupDef") if one.get("Repeating") == "Yes"}
    assert {"IG.mps_episode.imaging", "IG.toxicity.attribution"} <= repeated


def test_the_values_are_those_of_the_records(root: Element) -> None:
    for case in (*frozen(), *published()):
        (subject,) = [
            one for one in root.iter(f"{NS}SubjectData") if one.get("SubjectKey") == case.registry_id
        ]
        forms = list(subject.iter(f"{NS}FormData"))
        versions = list(case.case.all_versions())
        assert len(forms) == len(versions)
        for form, known in zip(forms, versions, strict=True):
            found = {
                (item.get("ItemOID"), group.get("ItemGroupRepeatKey") or "0"): item.get("Value")
                for group in form.iter(f"{NS}ItemGroupData")
                for item in group.iter(f"{NS}ItemData")
                if item.get("Value") is not None
            }
            assert found == {
                (f"IT.{known.form}.{path.replace('[]', '')}", str(member)): value
                for (path, member), value in values(known).items()
            }
            audit = form.find(f"{NS}AuditRecord")
            assert audit is not None
            assert audit.findtext(f"{NS}DateTimeStamp") == known.recorded_at.isoformat(timespec="seconds")
            assert "submission 01890a5d" in (audit.findtext(f"{NS}SourceID") or "")


def test_corrections_and_withdrawals_are_transactions_with_their_reason(tmp_path: Path) -> None:
    case = exported(
        Case.of(
            [
                version("function", 1, assess_date="2025-03-01", ecog=2, kps=60),
                version("function", 2, "misread", assess_date="2025-03-01", ecog=3),
                version(
                    "function", 3, "other patient", assess_date="2025-03-01", retracted="entered in error"
                ),
            ]
        )
    )
    path = write(tmp_path, case)
    validate(path)
    first, second, third = read(path).iter(f"{NS}FormData")
    kinds = [form.get("TransactionType") for form in (first, second, third)]
    assert kinds == ["Insert", "Update", "Remove"]
    reasons = [form.findtext(f"{NS}AuditRecord/{NS}ReasonForChange") for form in (first, second, third)]
    assert reasons == [None, "misread", "entered in error"]
    changed = {
        item.get("ItemOID"): (item.get("Value"), item.get("IsNull")) for item in second.iter(f"{NS}ItemData")
    }
    assert changed["IT.function.ecog"] == ("3", None)
    assert changed["IT.function.kps"] == (None, "Yes")
    assert list(third.iter(f"{NS}ItemData")) == []


def test_a_null_says_why(tmp_path: Path) -> None:
    missing = {"eligibility": "not_asked", "birth": "refused"}
    path = write(tmp_path, exported(Case.of([version("patient", 1, missing=missing)])))
    validate(path)
    said = {
        item.get("ItemOID"): item.findtext(f"{NS}Annotation/{NS}Flag/{NS}FlagValue")
        for item in read(path).iter(f"{NS}ItemData")
        if item.get("IsNull") == "Yes"
    }
    assert said == {
        "IT.patient.eligibility.inclusion_malignancy": "not_asked",
        "IT.patient.birth": "refused",
    }


def test_queries_stand_beside_the_record_they_ask_about(tmp_path: Path) -> None:
    record = version("function", 1, assess_date="2025-03-01", ecog=2)
    history = (
        {"action": "opened", "actor": "registry", "at": "2025-12-02T00:00:00+00:00"},
        {
            "action": "answer",
            "actor": "key:KND",
            "at": "2025-12-03T00:00:00+00:00",
            "text": "Yes & confirmed <3>",
        },
    )
    asked = AskedQuery(
        "q1", "Q12", "function", record.content.key, "/forms", "Is it so?", "answered", history
    )
    whole = replace(
        asked, id="q2", rule="Q55", form="", key="", message="Send a contact.", state="open", history=()
    )
    case = replace(exported(Case.of([record])), queries=(asked, whole))
    path = write(tmp_path, case)
    validate(path)
    (subject,) = read(path).iter(f"{NS}SubjectData")
    (form,) = subject.iter(f"{NS}FormData")

    def said(place: Element) -> list[tuple[str | None, str | None, list[str | None]]]:
        return [
            (
                one.find(f"{NS}Comment").get("SponsorOrSite"),  # type: ignore[union-attr]
                one.findtext(f"{NS}Comment"),
                [flag.text for flag in one.iter(f"{NS}FlagValue")],
            )
            for one in place.findall(f"{NS}Annotation")
        ]

    assert said(subject) == [("Sponsor", "Send a contact.", ["open", "Q55"])]
    assert said(form) == [
        ("Sponsor", "Is it so?", ["answered", "Q12"]),
        ("Site", "answer by key:KND at 2025-12-03T00:00:00+00:00: Yes & confirmed <3>", ["answered", "Q12"]),
    ]


def test_what_xml_cannot_hold_is_replaced(tmp_path: Path) -> None:
    record = version("function", 1, assess_date="2025-03-01", note='a\x01b\n"c" <&>\ufffe')
    path = write(tmp_path, exported(Case.of([record])))
    validate(path)
    notes = [
        i.get("Value") for i in read(path).iter(f"{NS}ItemData") if i.get("ItemOID") == "IT.function.note"
    ]
    assert notes == ['a\ufffdb\n"c" <&>\ufffd']
