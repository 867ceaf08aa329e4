"""Groups of primary sites, as versioned data: the same case falls into another group under another grouping.

Prostate is under the urinary tract in the published table (Takamatsu 2018, Table I) and male genital by the
ICD; both groupings can be reproduced by their id.
"""

import json
from functools import lru_cache
from importlib.resources import files
from typing import Any

DEFAULT_GROUPING = "icd"


def site_group(topography: str | None, morphology: str | None, grouping: str = DEFAULT_GROUPING) -> str:
    """Group of a primary by its ICD-O-3 codes (``C53.9``, ``8070/3``); the first rule that fits decides.

    What no rule fits, a missing topography above all, falls into the last group. Raises LookupError for an
    unknown grouping.
    """
    rules = _grouping(grouping)
    site = (topography or "")[:3]
    histology = int(morphology[:4]) if morphology and morphology[:4].isdigit() else None
    for rule in rules["rules"]:
        if _within(site, rule.get("topography")) and _within(histology, rule.get("morphology")):
            return str(rule["group"])
    return str(rules["otherwise"])


def groups(grouping: str = DEFAULT_GROUPING) -> dict[str, str]:
    """Ids and titles of the groups in the order of tables. Raises LookupError for an unknown grouping."""
    return dict(_grouping(grouping)["groups"])


def groupings() -> dict[str, str]:
    """Ids of the groupings with the source of each."""
    return {name: found["source"] for name, found in _data()["groupings"].items()}


def sex_of_site(topography: str) -> str | None:
    """``female`` or ``male`` for a site that only this sex has; None for any other."""
    for sex, ranges in _data()["sex_specific"].items():
        if _within(topography[:3], ranges):
            return str(sex)
    return None


def site_groups_version() -> str:
    """Version of the mapping, to be named wherever a group is printed."""
    return str(_data()["version"])


def _within(value: Any, ranges: list[list[Any]] | None) -> bool:
    """Whether a value is in one of the ranges, ends included; no ranges admit every value, known or not."""
    return ranges is None or (value is not None and any(low <= value <= high for low, high in ranges))


def _grouping(name: str) -> dict[str, Any]:
    found: dict[str, Any] | None = _data()["groupings"].get(name)
    if found is None:
        raise LookupError(f"there is no grouping {name!r}; choose one of {', '.join(groupings())}")
    return found


@lru_cache
def _data() -> dict[str, Any]:
    file = files("registry.domain.codes") / "data" / "site-groups.json"
    raw: dict[str, Any] = json.loads(file.read_text("utf-8"))
    return raw
