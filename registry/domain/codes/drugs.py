"""Drugs: from the name a hospital writes to one name, class and code.

A name that is not recognised stays unrecognised: a product of two drugs, a typing error or a new brand is
asked about, never guessed.
"""

import re
import unicodedata
from dataclasses import dataclass
from functools import lru_cache

from registry.domain.codes.code import Code
from registry.domain.codes.lists import code_list
from registry.domain.codes.systems import short_system

_SALTS = """
    hydrochloride hydrochlorid hcl sulfate sulphate sulfat citrate phosphate sodium potassium tartrate
    bitartrate acetate fumarate maleate mesylate mesilate besylate bromide lactate
    anhydrous hydrate dihydrate trihydrate hemihydrate
"""
_FORMS = """
    tablet tablets tab tabs capsule capsules cap caps injection injections inj infusion solution syrup
    suppository suppositories lozenge lozenges patch patches tape buccal sublingual nasal transdermal oral
    po iv sc im pr ir er sr cr mr xr la sa tts retard prolonged extended sustained controlled modified
    immediate slow release long short acting long-acting short-acting
    extended-release prolonged-release sustained-release immediate-release
"""
_NOISE = frozenset((_SALTS + _FORMS).split())
# Japanese is written without spaces: the same words as parts of one.
_JAPANESE_NOISE = re.compile(
    "塩酸塩|硫酸塩|リン酸塩|クエン酸塩|塩酸|ナトリウム|水和物|徐放錠|錠|散|注射液|注|坐剤|坐薬|テープ|パッチ|内服液"
)
_STRENGTH = re.compile(
    r"\d+([.,]\d+)?\s*(%|(mg|mcg|μg|ug|g|ml)?(/(h|hr|d|day|ml|\d+\s*h|\d+\s*ml))?)(?![\w-])", re.ASCII
)


@dataclass(frozen=True, slots=True)
class Drug:
    """A drug of the registry's table.

    name        nonproprietary name in lower case: the INN, but acetaminophen as in the published cases
    drug_class  class of the analgesic form (``opioid``, ``nsaid``, ...)
    atc         code of the release ``code_list("atc").version``, None when the registry knows none
    rxnorm      RxNorm ingredient, None when the registry knows none
    """

    name: str
    drug_class: str
    atc: str | None
    rxnorm: str | None
    note: str | None = None


def drug(text: str) -> Drug | None:
    """The drug of a name, brand or labelled product (``OxyContin 20 mg``); None when not recognised."""
    names = _names()
    folded = _folded(text)
    for attempt in (folded, _cleaned(folded)):
        if attempt in names:
            return _drugs()[names[attempt]]
    return None


def inn(text: str) -> str | None:
    """The one name of a drug, whatever case, salt, strength, form or brand it came with; None if unknown."""
    found = drug(text)
    return found.name if found else None


def drug_of_code(code: Code) -> Drug | None:
    """The drug of an ATC or RxNorm code; None for another system and for a code that is not in the table."""
    system = short_system(code.system)
    if system not in ("ATC", "RxNorm"):
        return None
    name = code_list(system.casefold()).display(code.code)
    return _drugs().get(name) if name else None


def drugs() -> tuple[Drug, ...]:
    """All drugs of the table."""
    return tuple(_drugs().values())


@lru_cache
def _drugs() -> dict[str, Drug]:
    atc = {
        entry.display: entry.code for entry in code_list("atc").entries.values() if not entry["replaced_by"]
    }
    rxnorm = {entry.display: entry.code for entry in code_list("rxnorm").entries.values()}
    return {
        name: Drug(name, entry["class"], atc.get(name), rxnorm.get(name), entry["note"] or None)
        for name, entry in code_list("drugs").entries.items()
    }


@lru_cache
def _names() -> dict[str, str]:
    """Every name, synonym and brand, folded, with the drug it stands for."""
    return {
        _folded(spelling): name
        for name, entry in code_list("drugs").entries.items()
        for spelling in (name, *entry["synonyms"].split("|"), *entry["brands"].split("|"))
        if spelling
    }


def _folded(text: str) -> str:
    return " ".join(unicodedata.normalize("NFKC", text).casefold().split())


def _cleaned(folded: str) -> str:
    """The name without strength, salt and form; what joins two drugs stays, so they are not taken for one."""
    plain = _JAPANESE_NOISE.sub(" ", _STRENGTH.sub(" ", folded))
    words = re.sub(r"[(),]", " ", plain).split()
    return " ".join(word for word in words if word not in _NOISE).strip(" .-")
