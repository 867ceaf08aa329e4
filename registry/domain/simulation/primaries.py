"""Primary cancers in the proportions of Table I of Takamatsu et al. 2018 (37 patients with a known site).

What is not in the table (histology, stage groups, mechanism, chemotherapy) is what is usual for the site: a
registry decision, from memory, that nothing but the simulation rests on.
"""

from dataclasses import dataclass
from functools import cache

from registry.domain.literature.published import table_one
from registry.domain.simulation.stream import Stream


@dataclass(frozen=True, slots=True)
class Primary:
    """A primary site of the table, with what its patients have in common.

    topography  ICD-O-3 code, as is the morphology
    sex         the only possible one, where the organ decides it
    staging     (system, edition)
    stages      stage groups of that system at diagnosis, early to late
    mechanism   the ways by which it reaches the psoas, common ones more than once
    regimen     (name, drugs) of the usual palliative chemotherapy
    """

    site: str
    topography: str
    morphology: str
    sex: str | None
    staging: tuple[str, str]
    stages: tuple[str, ...]
    mechanism: tuple[str, ...]
    regimen: tuple[str, tuple[str, ...]]


_SQUAMOUS, _ADENO, _SEROUS, _UROTHELIAL = "8070/3", "8140/3", "8441/3", "8120/3"
_RENAL_CELL, _B_CELL, _MELANOMA, _LIPOSARCOMA = "8312/3", "9680/3", "8720/3", "8852/3"

_FIGO_18, _FIGO_14, _FIGO_09 = ("FIGO", "2018"), ("FIGO", "2014"), ("FIGO", "2009")
_TNM_8, _LUGANO = ("TNM", "8"), ("Lugano", "2014")

_NODES = ("nodal_extension", "nodal_extension", "nodal_extension", "intramuscular_metastasis")
_BLOOD = ("intramuscular_metastasis", "intramuscular_metastasis", "nodal_extension", "vertebral_extension")
_LYMPHOMA, _SARCOMA = ("lymphoma_infiltration",), ("primary_psoas_tumour",)

_TC = ("TC", ("paclitaxel", "carboplatin"))
_GC = ("GC", ("gemcitabine", "cisplatin"))
_FOLFOX = ("FOLFOX", ("fluorouracil", "oxaliplatin"))
_R_CHOP = ("R-CHOP", ("rituximab", "cyclophosphamide", "doxorubicin", "vincristine", "prednisolone"))
_DOCETAXEL, _SUNITINIB = ("docetaxel", ("docetaxel",)), ("sunitinib", ("sunitinib",))
_NIVOLUMAB, _DOXO = ("nivolumab", ("nivolumab",)), ("doxorubicin", ("doxorubicin",))

PRIMARIES: tuple[Primary, ...] = (
    Primary("uterine cervix", "C53.9", _SQUAMOUS, "female", _FIGO_18, ("IB1", "IIIC1", "IVB"), _NODES, _TC),
    Primary("ovary", "C56.9", _SEROUS, "female", _FIGO_14, ("IC", "IIIC", "IVB"), _NODES, _TC),
    Primary("uterine endometrium", "C54.1", _SEROUS, "female", _FIGO_09, ("IA", "IIIC1", "IVB"), _NODES, _TC),
    Primary("colon", "C18.9", _ADENO, None, _TNM_8, ("IIA", "IIIB", "IVA"), _BLOOD, _FOLFOX),
    Primary("rectum", "C20.9", _ADENO, None, _TNM_8, ("IIA", "IIIB", "IVA"), _NODES, _FOLFOX),
    Primary("stomach", "C16.9", _ADENO, None, _TNM_8, ("IIA", "IIIB", "IV"), _NODES, _FOLFOX),
    Primary("pancreas", "C25.9", _ADENO, None, _TNM_8, ("IB", "III", "IV"), _NODES, _FOLFOX),
    Primary("bladder", "C67.9", _UROTHELIAL, None, _TNM_8, ("II", "IIIA", "IVB"), _NODES, _GC),
    Primary("prostate", "C61.9", _ADENO, "male", _TNM_8, ("IIA", "IIIB", "IVB"), _NODES, _DOCETAXEL),
    Primary("kidney", "C64.9", _RENAL_CELL, None, _TNM_8, ("I", "III", "IV"), _BLOOD, _SUNITINIB),
    Primary("urachus", "C67.7", _ADENO, None, _TNM_8, ("II", "IIIA", "IVB"), _NODES, _FOLFOX),
    Primary("lymphoma", "C77.2", _B_CELL, None, _LUGANO, ("II", "III", "IV"), _LYMPHOMA, _R_CHOP),
    Primary("lung", "C34.9", _ADENO, None, _TNM_8, ("IIB", "IIIB", "IVB"), _BLOOD, _TC),
    Primary("tongue", "C02.9", _SQUAMOUS, None, _TNM_8, ("II", "IVA", "IVC"), _BLOOD, _TC),
    Primary("nasopharynx", "C11.9", _SQUAMOUS, None, _TNM_8, ("II", "III", "IVB"), _BLOOD, _GC),
    Primary("skin", "C44.9", _MELANOMA, None, _TNM_8, ("IIB", "IIIC", "IV"), _BLOOD, _NIVOLUMAB),
    Primary("psoas muscle", "C49.4", _LIPOSARCOMA, None, _TNM_8, ("IB", "IIIA", "IV"), _SARCOMA, _DOXO),
)  # fmt: skip


def draw_primary(chance: Stream) -> Primary:
    """The primary of one patient."""
    return chance.one_of(_as_published())


@cache
def _as_published() -> tuple[Primary, ...]:
    """One entry for each patient of the table."""
    known = {primary.site: primary for primary in PRIMARIES}
    return tuple(known[row.site] for row in table_one() for _ in range(row.cases))
