"""Table I of Takamatsu et al. 2018 under another grouping of primary sites.

The table puts the prostate under the urinary tract, the ICD under the male genital organs; both tables
can be printed.
"""

from collections import Counter
from collections.abc import Sequence
from typing import NamedTuple

from registry.domain.codes.site_groups import DEFAULT_GROUPING, groups, site_group
from registry.domain.literature.published import TableRow


class SiteCode(NamedTuple):
    """ICD-O-3 topography and, where the histology is what the row names, morphology."""

    topography: str | None
    morphology: str | None = None


SITE_CODES = {
    "uterine cervix": SiteCode("C53.9"),
    "ovary": SiteCode("C56.9"),
    "uterine endometrium": SiteCode("C54.1"),
    "colon": SiteCode("C18.9"),
    "rectum": SiteCode("C20.9"),
    "stomach": SiteCode("C16.9"),
    "pancreas": SiteCode("C25.9"),
    "bladder": SiteCode("C67.9"),
    "prostate": SiteCode("C61.9"),
    "kidney": SiteCode("C64.9"),
    "urachus": SiteCode("C67.7"),
    "lymphoma": SiteCode(None, "9590/3"),  # the row names no site
    "lung": SiteCode("C34.9"),
    "tongue": SiteCode("C02.9"),
    "nasopharynx": SiteCode("C11.9"),
    "skin": SiteCode("C44.9"),
    "psoas muscle": SiteCode("C49.4", "8800/3"),  # a sarcoma that arose in the muscle (McKay 2017)
}
"""From memory, check against the ICD-O-3 tables before the statistical analysis plan is frozen."""


def regrouped(rows: Sequence[TableRow], grouping: str = DEFAULT_GROUPING) -> dict[str, int]:
    """Cases by group id of a grouping, in its order, empty groups left out.

    Raises KeyError for a site that is not in ``SITE_CODES`` and LookupError for an unknown grouping.
    """
    counts: Counter[str] = Counter()
    for row in rows:
        counts[site_group(*SITE_CODES[row.site], grouping)] += row.cases
    return {group: counts[group] for group in groups(grouping) if counts[group]}
