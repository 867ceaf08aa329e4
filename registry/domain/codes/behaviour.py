"""The behaviour digit of an ICD-O-3 morphology: what kind of growth a histology code speaks of."""

import re

BEHAVIOUR: dict[int, str] = {
    0: "benign",
    1: "uncertain whether benign or malignant",
    2: "in situ",
    3: "malignant, primary site",
    6: "malignant, metastatic site",
    9: "malignant, uncertain whether primary or metastatic site",
}


def behaviour(morphology: str) -> int | None:
    """The behaviour digit of a code such as ``8070/3``; None when the code has not that form."""
    found = re.fullmatch(r"[89]\d{3}/([012369])", morphology)
    return int(found[1]) if found else None


def not_a_primary(morphology: str) -> str | None:
    """Why a histology cannot be that of a primary cancer, in a sentence; None when it can.

    Behaviour 0 and 1 is no cancer; 6 says that the tissue was a metastasis, so the primary is to be coded
    with 3.
    """
    digit = behaviour(morphology)
    if digit in (0, 1):
        return f"{morphology} is {BEHAVIOUR[digit]}, so no cancer: send the code of the cancer, ending in /3."
    if digit == 6:
        return f"{morphology} is that of a metastasis: send the histology of the primary, {morphology[:4]}/3."
    return None
