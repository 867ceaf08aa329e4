"""Stage groups: which there are depends on the edition (FIGO IB is another thing in 1988 and in 2009)."""

import json
import re
from functools import lru_cache
from importlib.resources import files

OTHER = "other"
_COARSE = re.compile(r"(iv|iii|ii|i)[a-d]?(?![a-z])")  # iii and iiic of iiic1


@lru_cache(maxsize=1024)
def stage_is_valid(system: str, edition: str | None, group: str) -> bool:
    """Whether a stage group exists in a staging system.

    system   ``FIGO``, ``TNM``, ``Ann Arbor``, ``Lugano``, also joined with the edition (``FIGO-2009``);
             under ``other`` every group is valid
    edition  its year or number; None asks whether any edition has the group
    group    as records write it: case, spaces and a leading *stage* do not matter, and a coarser group than
             the edition has (IB for IB1) is valid
    """
    if system.casefold() == OTHER:
        return True
    wanted = _folded(group)
    for known in stage_groups(system, edition):
        folded = _folded(known)
        coarse = _COARSE.match(folded)
        if wanted == folded or (coarse and wanted in (coarse[0], coarse[1])):
            return True
    return False


@lru_cache(maxsize=1024)
def stage_groups(system: str, edition: str | None = None) -> tuple[str, ...]:
    """The stage groups of a system, of one edition or of all; empty when there is none of that name."""
    name, joined = _split(system)
    editions: dict[str, list[str]] = _systems().get(name, {})
    edition = edition or joined
    found = editions.values() if edition is None or "" in editions else [editions.get(edition, [])]
    return tuple(dict.fromkeys(group for listed in found for group in listed))


def stage_systems() -> dict[str, tuple[str, ...]]:
    """The staging systems with their editions; Ann Arbor has none."""
    return {system: tuple(filter(None, editions)) for system, editions in _systems().items()}


def _split(system: str) -> tuple[str, str | None]:
    for name in _systems():
        if system.casefold() == name.casefold():
            return name, None
        if system.casefold().startswith(name.casefold()):
            return name, system[len(name) :].lstrip(" -")
    return system, None


def _folded(group: str) -> str:
    folded = re.sub(r"[\s-]", "", group.casefold())
    return re.sub(r"^(figo)?(stage)?", "", folded)


@lru_cache
def _systems() -> dict[str, dict[str, list[str]]]:
    file = files("registry.domain.codes") / "data" / "stages.json"
    systems: dict[str, dict[str, list[str]]] = json.loads(file.read_text("utf-8"))["systems"]
    return systems
