"""The sections of the report in the order in which they are read."""

from registry.domain.report import (
    baseline,
    flow,
    header,
    key_figures,
    ledger,
    limitations,
    literature,
    quality,
    response,
    survival,
)

SECTIONS = (
    header.SECTION,
    key_figures.SECTION,
    flow.SECTION,
    ledger.SECTION,
    baseline.SECTION,
    response.SECTION,
    survival.SECTION,
    quality.SECTION,
    literature.SECTION,
    limitations.SECTION,
)
