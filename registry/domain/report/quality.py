"""Table 8: how complete the core set is, by site."""

from registry.domain.analysis import AnalysisRow
from registry.domain.report.collapse import pooled, smallest_column
from registry.domain.report.document import Block, SectionSpec, Study
from registry.domain.report.grid import Grid, Key
from registry.domain.report.ledger import OTHER_SITES
from registry.domain.report.people import People
from registry.domain.report.plan import CONFIRMED_WITHIN_DAYS, TARGETS
from registry.domain.report.sets import enrolled

CORE = {
    "onset": "Date of onset",
    "diagnosis": "Date of diagnosis",
    "side": "Side",
    "nrs_baseline": "Worst pain at baseline",
    "nrs_m2": "Worst pain at month 2",
    "omedd_baseline": "Opioid dose at baseline",
    "omedd_m2": "Opioid dose at month 2",
    "rt_dose": "Radiotherapy dose",
    "rt_fractions": "Radiotherapy fractions",
    "rt_start": "Start of radiotherapy",
    "rt_end": "End of radiotherapy",
    "vital_status": "Vital status",
}


def by_site(people: People, study: Study) -> dict[str, People]:
    """The patients by site, small sites pooled as far as the audience asks for it."""
    found = people.by_site()
    return pooled({site: found[site] for site in sorted(found)}, smallest_column(study), OTHER_SITES)


def _build(study: Study) -> tuple[Block, ...]:
    people = enrolled(study)
    grid = Grid(by_site(people, study), people, "All sites")
    grid.heading("Recorded, of the patients in whom it can be")
    for name, words in CORE.items():
        grid.share_of(words, _recorded(name), _applies(name))
    cutoff = study.cutoff.toordinal()

    def confirmed(row: AnalysisRow) -> bool:
        return row.vital_status == "dead" or (
            row.last_contact is not None and cutoff - row.last_contact <= CONFIRMED_WITHIN_DAYS
        )

    grid.share(f"Dead, or alive in the {CONFIRMED_WITHIN_DAYS} days before the cut-off", confirmed, level=0)
    grid.median("Dates known to the month or year only, % of the dates of a patient", _vague_dates)
    targets = "; ".join(f"{CORE[name].lower()} {share:.0%}" for name, share in TARGETS.items())
    return (
        grid.table(
            "t8_completeness",
            "Table 8. Completeness of the core set by site.",
            "",
            (
                (
                    "At month 2 a value is expected of patients who were alive, neither irradiated again nor withdrawn, "
                    "and whose time of assessment was over."
                ),
                f"The registry aims at: {targets}.",
            ),
        ),
    )


def _recorded(name: str) -> Key:
    return lambda row: row.completeness[name]


def _applies(name: str) -> Key:
    return lambda row: row.completeness[name] is not None


def _vague_dates(row: AnalysisRow) -> float | None:
    return 100 * row.partial_dates / row.dates if row.dates else None


SECTION = SectionSpec("quality", "Completeness of the data", _build)
