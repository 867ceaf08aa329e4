"""Ontology classes as packets write them, and the resources their prefixes stand for.

HPO and NCIT terms as in the public examples of the schema's authors; their releases are pinned here and to be renewed with
them.
"""

from datetime import timedelta
from typing import Any

from registry.domain.codes.code import Code
from registry.domain.codes.lists import code_list
from registry.domain.codes.systems import short_system
from registry.domain.dates import PartialDate

Json = dict[str, Any]

PREFIXES = {
    "ICD-O-3": "ICDO3",
    "ICD-10": "ICD10",
    "ICD-10-CM": "ICD10CM",
    "SNOMED": "SNOMEDCT",
    "LOINC": "LOINC",
    "ATC": "ATC",
    "RxNorm": "RXNORM",
    "MedDRA": "MEDDRA",
}

RESOURCES: dict[str, tuple[str, str, str, str]] = {
    "HP": ("Human Phenotype Ontology", "http://purl.obolibrary.org/obo/hp.owl", "2024-04-26", "http://purl.obolibrary.org/obo/HP_"),
    "NCIT": ("NCI Thesaurus", "http://purl.obolibrary.org/obo/ncit.owl", "24.04e", "http://purl.obolibrary.org/obo/NCIT_"),
    "ICDO3": ("ICD-O", "https://www.who.int/standards/classifications/other-classifications/international-classification-of-diseases-for-oncology", "3.2", "urn:icd-o-3:"),
    "ICD10": ("ICD-10", "https://icd.who.int/browse10", "2019", "http://hl7.org/fhir/sid/icd-10#"),
    "ICD10CM": ("ICD-10-CM", "https://www.cdc.gov/nchs/icd", "2024", "http://hl7.org/fhir/sid/icd-10-cm#"),
    "SNOMEDCT": ("SNOMED CT", "http://snomed.info/sct", "as bound in mCODE STU4", "http://snomed.info/id/"),
    "LOINC": ("LOINC", "https://loinc.org", "as bound in mCODE STU4", "https://loinc.org/"),
    "UCUM": ("Unified Code for Units of Measure", "https://ucum.org", "2.1", "https://ucum.org/#"),
    "ATC": ("Anatomical Therapeutic Chemical classification", "https://atcddd.fhi.no", "2024", "http://www.whocc.no/atc/"),
    "RXNORM": ("RxNorm", "https://www.nlm.nih.gov/research/umls/rxnorm", "2024", "http://www.nlm.nih.gov/research/umls/rxnorm/"),
    "MEDDRA": ("MedDRA", "https://www.meddra.org", "27.0", "https://www.meddra.org/#"),
    "NCBITaxon": ("NCBI organismal classification", "http://purl.obolibrary.org/obo/ncbitaxon.owl", "2024-04-01", "http://purl.obolibrary.org/obo/NCBITaxon_"),
    "MPSREG": ("Terms of the registry of malignant psoas syndrome", "urn:mps-registry", "1.0", "urn:mps-registry:"),
}  # fmt: skip
"""Name, address, release and address prefix of every prefix in use."""

LEFT, RIGHT = ("HP:0012835", "Left"), ("HP:0012834", "Right")
BILATERAL = ("HP:0012832", "Bilateral")
SIDES = {"left": LEFT, "right": RIGHT, "bilateral": BILATERAL}


def term(curie: str, label: str) -> Json:
    """An ontology class."""
    return {"id": curie, "label": label}


def snomed(code: str) -> Json:
    """A concept of SNOMED CT that the registry knows."""
    return term(f"SNOMEDCT:{code}", code_list("snomed").display(code) or code)


def own(name: str) -> Json:
    """A term that only the registry has: for a drug or an operation without a code."""
    plain = "".join(c if c.isascii() and c.isalnum() else "-" for c in name.casefold())
    return term(f"MPSREG:{plain[:60].strip('-') or 'term'}", name)


def coded(code: Code | None, label: str | None = None) -> Json | None:
    """A coded value of a record; None without a code of a terminology that the registry knows."""
    if code is None:
        return None
    system = short_system(code.system)
    if system not in PREFIXES:
        return None
    name = {"ICD-O-3": "icd-o-3-morphology" if "/" in code.code else "icd-o-3-topography"}.get(
        system, system.casefold()
    )
    known = code_list(name).display(code.code) if system != "RxNorm" else None
    return term(f"{PREFIXES[system]}:{code.code}", label or code.display or known or code.code)


def at(date: PartialDate | None) -> Json | None:
    """When: a time stamp for a day, an interval for a date known to the month or the year."""
    if date is None:
        return None
    if date.exact:
        return {"timestamp": f"{date.lo.isoformat()}T00:00:00Z"}
    return {"interval": interval(date, date)}


def interval(start: PartialDate, end: PartialDate) -> Json:
    """From the first possible day of the start to the end of the last possible day of the end."""
    after = end.hi + timedelta(1)
    return {"start": f"{start.lo.isoformat()}T00:00:00Z", "end": f"{after.isoformat()}T00:00:00Z"}


def stated(**elements: Any) -> Json:
    """The elements that have something in them: the schema allows no empty list."""
    return {name: value for name, value in elements.items() if value is not None and value not in ([], {})}


def prefixes(value: Any) -> set[str]:
    """The prefixes of all ontology classes in a packet."""
    if isinstance(value, dict):
        own_prefix = {value["id"].partition(":")[0]} if set(value) == {"id", "label"} else set()
        return own_prefix.union(*(prefixes(inner) for inner in value.values()))
    return set().union(*(prefixes(inner) for inner in value)) if isinstance(value, list) else set()


def resources(used: set[str]) -> list[Json]:
    """The resources of these prefixes. Raises KeyError for a prefix that has none."""
    found = []
    for prefix in sorted(used):
        name, url, version, iri = RESOURCES[prefix]
        found.append(
            {
                "id": prefix.casefold(),
                "name": name,
                "url": url,
                "version": version,
                "namespacePrefix": prefix,
                "iriPrefix": iri,
            }
        )
    return found
