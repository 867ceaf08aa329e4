"""Names of the terminologies: a code is meaningless without its system."""

SYSTEMS: dict[str, tuple[str, ...]] = {
    "ICD-O-3": ("http://terminology.hl7.org/CodeSystem/icd-o-3",),
    "ICD-10": ("http://hl7.org/fhir/sid/icd-10",),
    "ICD-10-CM": ("http://hl7.org/fhir/sid/icd-10-cm",),
    "SNOMED": ("http://snomed.info/sct",),
    "LOINC": ("http://loinc.org",),
    "UCUM": ("http://unitsofmeasure.org",),
    "ATC": ("http://www.whocc.no/atc",),
    "RxNorm": ("http://www.nlm.nih.gov/research/umls/rxnorm",),
    "MedDRA": ("http://terminology.hl7.org/CodeSystem/mdr", "https://www.meddra.org"),
}
"""Short name of each terminology this registry knows, and its canonical URLs."""

_SHORT = {name.casefold(): short for short, urls in SYSTEMS.items() for name in (short, *urls)}


def short_system(system: str) -> str | None:
    """The short name of a terminology given by short name or canonical URL; None when it is not known."""
    return _SHORT.get(system.strip().rstrip("/").casefold())


def same_system(one: str, other: str) -> bool:
    """Whether two names mean the same known terminology."""
    return short_system(one) is not None and short_system(one) == short_system(other)
