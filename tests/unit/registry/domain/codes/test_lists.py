"""Codes are judged against the list of their own system, with a sentence that says what to do."""

import csv
import subprocess
import sys
from importlib.resources import files

import pytest
from hypothesis import given
from hypothesis import strategies as st

from registry.domain.codes.code import Code
from registry.domain.codes.lists import check_code, code_list, list_names, near_codes
from registry.domain.codes.systems import SYSTEMS, same_system, short_system

LISTS_OF_CODES = [name for name in list_names() if name != "drugs"]


def check(system: str, code: str, list_name: str, version: str | None = None) -> str | None:
    return check_code(Code(system=system, code=code, version=version), list_name)


@pytest.mark.parametrize("name", list_names())
def test_every_list_names_its_source_and_licence(name: str) -> None:
    codes = code_list(name)
    assert all((codes.version, codes.source, codes.licence, codes.form, codes.entries))
    assert name == "drugs" or codes.system in SYSTEMS


@pytest.mark.parametrize("name", LISTS_OF_CODES)
def test_every_entry_has_the_form_of_its_list_and_a_meaning(name: str) -> None:
    codes = code_list(name)
    for code, entry in codes.entries.items():
        assert codes.well_formed(code), code
        assert entry.display
        assert (check(codes.system, code, name) is None) is not bool(entry["refuse"])


@pytest.mark.parametrize("name", list_names())
def test_no_code_twice_in_a_file(name: str) -> None:
    text = (files("registry.domain.codes") / "data" / f"{name}.csv").read_text("utf-8")
    rows = list(csv.DictReader(line for line in text.splitlines() if not line.startswith("# ")))
    assert len(rows) == len(code_list(name).entries)
    assert all(None not in row and None not in row.values() for row in rows), (
        "a row has as many cells as the head"
    )


def test_nothing_is_read_at_import() -> None:
    script = (
        "import pathlib\n"
        "import registry.domain.codes.code\n"
        "def refuse(path, *args, **options): raise AssertionError(path)\n"
        "pathlib.Path.open = pathlib.Path.read_text = refuse\n"
        "from registry.domain.codes import drugs, grades, lists, site_groups, stages, units\n"
        "caches = [lists.code_list, lists.list_names, drugs._drugs, grades._by_term, site_groups._data,\n"
        "          stages._systems, units._aliases]\n"
        "print(sum(cache.cache_info().currsize for cache in caches))\n"
    )
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "0"


@pytest.mark.parametrize(
    ("given_name", "short"),
    [
        ("SNOMED", "SNOMED"),
        ("http://snomed.info/sct", "SNOMED"),
        ("http://loinc.org", "LOINC"),
        ("http://loinc.org/", "LOINC"),
        ("http://hl7.org/fhir/sid/icd-10", "ICD-10"),
        ("http://hl7.org/fhir/sid/icd-10-cm", "ICD-10-CM"),
        ("http://terminology.hl7.org/CodeSystem/icd-o-3", "ICD-O-3"),
        ("http://www.whocc.no/atc", "ATC"),
        ("http://www.nlm.nih.gov/research/umls/rxnorm", "RxNorm"),
        ("icd-o-3", "ICD-O-3"),
        ("ICD", None),
    ],
)
def test_systems_by_short_name_and_url(given_name: str, short: str | None) -> None:
    assert short_system(given_name) == short
    assert same_system(given_name, short or "ICD") is (short is not None)


@pytest.mark.parametrize("code", ["C53.9", "C00.0", "C80.9", "C12.9", "C61.9", "C20.9"])
def test_topography_is_accepted_listed_or_not(code: str) -> None:
    assert check("ICD-O-3", code, "icd-o-3-topography") is None


@pytest.mark.parametrize(
    ("code", "says"),
    [
        ("C53", "did you mean C53.9 (Cervix uteri)"),
        ("C61", "did you mean C61.9 (Prostate)"),
        ("c53.9", "did you mean C53.9 (Cervix uteri)?"),
        ("C53,9", "did you mean C53.9"),
        ("C5O.9", "did you mean C50.9 (Breast)"),
        ("5C3.9", "did you mean C53.9"),
        ("C81.0", "C00.0 to C80.9"),
        ("C43.9", "ICD-O-3 has no C43"),
        ("8070/3", "a point and one digit"),
    ],
)
def test_topography_that_is_none(code: str, says: str) -> None:
    message = check("ICD-O-3", code, "icd-o-3-topography")
    assert message is not None
    assert says in message


@pytest.mark.parametrize("code", ["8070/3", "8441/3", "8000/6", "8070/2", "8140/0", "8140/1", "8999/9"])
def test_morphology_by_form_whatever_its_behaviour(code: str) -> None:
    assert check("ICD-O-3", code, "icd-o-3-morphology") is None


@pytest.mark.parametrize("code", ["8070", "8070/4", "7070/3", "807/3", "C53.9"])
def test_morphology_that_is_none(code: str) -> None:
    assert "four digits beginning with 8 or 9" in (check("ICD-O-3", code, "icd-o-3-morphology") or "")


def test_morphology_without_behaviour_is_completed_in_the_suggestion() -> None:
    assert "8070/3 (Squamous cell carcinoma)" in (check("ICD-O-3", "8070", "icd-o-3-morphology") or "")


BOTH = ["C79.8", "C77.2", "G54.1", "C49.4", "C49.5", "C48.0", "C61", "C20", "C56"]
WHO_ONLY = ["R52.1", "G55.0", "C80.9"]
CM_ONLY = ["C79.89", "G89.3", "K68.12", "C56.9"]


@pytest.mark.parametrize("code", BOTH)
def test_codes_of_both_editions_of_icd_10(code: str) -> None:
    assert check("ICD-10", code, "icd-10") is None
    assert check("ICD-10-CM", code, "icd-10-cm") is None


@pytest.mark.parametrize(("code", "right", "wrong"), [(c, "ICD-10", "ICD-10-CM") for c in WHO_ONLY])
def test_codes_of_who_only(code: str, right: str, wrong: str) -> None:
    assert check(right, code, right) is None
    assert f"is a code of {right}, not of {wrong}" in (check(wrong, code, wrong) or "")


@pytest.mark.parametrize(("code", "right", "wrong"), [(c, "ICD-10-CM", "ICD-10") for c in CM_ONLY])
def test_codes_of_the_clinical_modification_only(code: str, right: str, wrong: str) -> None:
    assert check(right, code, right) is None
    assert check(wrong, code, wrong) is not None


@pytest.mark.parametrize("system", ["ICD-10", "ICD-10-CM"])
def test_prostate_and_rectum_have_a_fourth_character_in_icd_o_only(system: str) -> None:
    for code in ("C61.9", "C20.9"):
        assert "does not divide" in (check(system, code, system) or "")
        assert check("ICD-O-3", code, "icd-o-3-topography") is None


def test_a_code_of_another_system_or_of_none() -> None:
    assert "send a code of ICD-O-3" in (check("ICD-10", "C53.9", "icd-o-3-topography") or "")
    assert "not a terminology this registry knows" in (check("ICD", "C53.9", "icd-o-3-topography") or "")


def test_the_known_wrong_code_for_psoas_major_is_refused() -> None:
    message = check("http://snomed.info/sct", "64038003", "snomed")
    assert message is not None
    assert "intercostal lymph node" in message
    assert "68455001" in message
    assert check("SNOMED", "68455001", "snomed") is None
    assert "64038003" not in near_codes("64038030", code_list("snomed"))


@pytest.mark.parametrize(
    ("system", "good", "bad", "list_name"),
    [
        ("LOINC", "2160-0", "2160-1", "loinc"),  # creatinine, not in the list
        ("SNOMED", "113091000", "113091001", "snomed"),
        ("SNOMED", "73211009", "73211090", "snomed"),  # diabetes mellitus, not in the list
    ],
)
def test_check_digits_find_slips_in_codes_that_are_not_listed(
    system: str, good: str, bad: str, list_name: str
) -> None:
    assert check(system, good, list_name) is None
    assert check(system, bad, list_name) is not None


def test_drugs_come_as_atc_or_rxnorm() -> None:
    assert check("ATC", "N02AA05", "atc") is None
    assert check("RxNorm", "7804", "atc") is None
    assert check("RxNorm", "1049504", "atc") is None  # a product: accepted, not resolved
    assert "ATC or RxNorm" in (check("SNOMED", "68455001", "atc") or "")
    assert "did you mean N02AA05 (oxycodone)" in (check("ATC", "N02AA5", "atc") or "")


def test_atc_codes_belong_to_a_release() -> None:
    assert check("ATC", "L01XC07", "atc", version="2021") is None
    assert check("ATC", "L01XC07", "atc") is None
    assert "L01FG01" in (check("ATC", "L01XC07", "atc", version="2024") or "")


def test_units_are_a_closed_list() -> None:
    assert check("UCUM", "ug/h", "ucum") is None
    assert "did you mean ug (microgram)" in (check("UCUM", "mcg", "ucum") or "")
    assert "megagram" in (check("UCUM", "Mg", "ucum") or "")


def test_unknown_list_is_an_error_of_the_program() -> None:
    with pytest.raises(LookupError, match="icd-o-3-topography"):
        check("LOINC", "72514-3", "no-such-list")
    assert code_list("LOINC") is code_list("loinc")


@given(code=st.text(min_size=1, max_size=30), name=st.sampled_from(LISTS_OF_CODES))
def test_any_text_gets_a_verdict(code: str, name: str) -> None:
    message = check(code_list(name).system, code, name)
    assert message is None or message.endswith((".", "?"))
