"""Names of drugs as hospitals write them."""

import pytest

from registry.domain.codes.code import Code
from registry.domain.codes.drugs import drug, drug_of_code, drugs, inn
from registry.domain.codes.lists import code_list
from registry.domain.outcomes.opioid_tables import opioid_table, table_ids


@pytest.mark.parametrize(
    ("written", "name"),
    [
        ("oxycodone", "oxycodone"),
        ("Oxycodone Hydrochloride", "oxycodone"),
        ("oxycodone hydrochloride (long acting)", "oxycodone"),
        ("OxyContin 20 mg tablets", "oxycodone"),
        ("Targin", "oxycodone"),
        ("oxycodone/naloxone", "oxycodone"),
        ("Morphine Sulfate ER 30mg", "morphine"),
        ("MS Contin", "morphine"),
        ("MST", "morphine"),
        ("Palladon retard", "hydromorphone"),
        ("fentanyl citrate 25 mcg/h patch", "fentanyl"),
        ("Durogesic TTS", "fentanyl"),
        ("E-fen buccal", "fentanyl"),
        ("meperidine", "pethidine"),
        ("paracetamol 500mg", "acetaminophen"),
        ("acetaminophen", "acetaminophen"),
        ("loxoprofen sodium hydrate", "loxoprofen"),
        ("5-FU", "fluorouracil"),
        ("オキシコドン塩酸塩水和物徐放錠", "oxycodone"),
        ("フェントステープ2mg", "fentanyl"),
        ("ﾃﾞｭﾛﾃｯﾌﾟMTパッチ4.2mg", "fentanyl"),
        ("ロキソニン錠60mg", "loxoprofen"),
    ],
)
def test_recognised(written: str, name: str) -> None:
    assert inn(written) == name


@pytest.mark.parametrize(
    "written",
    [
        "tramadol/paracetamol",
        "morphine + bupivacaine",
        "morphine and ketamine",
        "opioid",
        "oxycodome",
        "",
        "20 mg",
    ],
)
def test_never_guessed(written: str) -> None:
    assert inn(written) is None


def test_class_and_codes() -> None:
    oxycodone = drug("oxycodone")
    assert oxycodone is not None
    assert (oxycodone.drug_class, oxycodone.atc, oxycodone.rxnorm) == ("opioid", "N02AA05", "7804")
    bevacizumab = drug("Avastin")
    assert bevacizumab is not None
    assert bevacizumab.atc == "L01FG01", "the code of the present release"


def test_a_code_that_is_not_surely_known_is_left_empty_with_a_note() -> None:
    loxoprofen = drug("loxoprofen")
    assert loxoprofen is not None
    assert loxoprofen.atc is None
    assert loxoprofen.note


@pytest.mark.parametrize(
    ("system", "code", "name"),
    [
        ("ATC", "N02AB03", "fentanyl"),
        ("http://www.whocc.no/atc", "L01XC07", "bevacizumab"),
        ("RxNorm", "6813", "methadone"),
        ("RxNorm", "1049504", None),
        ("SNOMED", "6813", None),
    ],
)
def test_drug_of_a_code(system: str, code: str, name: str | None) -> None:
    found = drug_of_code(Code(system=system, code=code))
    assert (found.name if found else None) == name


def test_code_lists_and_drug_table_agree() -> None:
    names = {known.name for known in drugs()}
    for list_name in ("atc", "rxnorm"):
        assert {entry.display for entry in code_list(list_name).entries.values()} <= names
    current = [entry.display for entry in code_list("atc").entries.values() if not entry["replaced_by"]]
    assert len(current) == len(set(current))


def test_no_spelling_means_two_drugs_and_each_is_found() -> None:
    entries = code_list("drugs").entries.values()
    spellings = [
        (spelling.casefold(), entry.code)
        for entry in entries
        for spelling in (entry.code, *entry["synonyms"].split("|"), *entry["brands"].split("|"))
        if spelling
    ]
    assert len(spellings) == len(dict(spellings))
    for spelling, name in spellings:
        assert inn(spelling.upper()) == name


def test_every_drug_of_the_conversion_tables_is_an_opioid_of_the_table() -> None:
    converted = {factor.inn for table in table_ids() for factor in opioid_table(table).factors}
    assert converted <= {known.name for known in drugs() if known.drug_class == "opioid"}
