"""Table 1: who the patients are, by group of primary site."""

from registry.domain.codes.site_groups import groups, site_groups_version
from registry.domain.report.cells import share
from registry.domain.report.collapse import pooled, smallest_column, smallest_group
from registry.domain.report.document import Block, Row, SectionSpec, Study, Table
from registry.domain.report.grid import Grid
from registry.domain.report.people import People
from registry.domain.report.sets import analysed, not_told_apart
from registry.domain.report.words import CLASSES, plain

PUBLISHED = "takamatsu-2018"
POOLED = "Smaller groups, pooled"

OLDEST_TOLD = 90
"""Who is older is "90+" (HIPAA Safe Harbor, 45 CFR 164.514(b)(2))."""

MECHANISMS = (
    "nodal_extension",
    "intramuscular_metastasis",
    "direct_primary_extension",
    "vertebral_extension",
    "primary_psoas_tumour",
    "lymphoma_infiltration",
    "unknown",
)


def by_site_group(people: People, least: int) -> dict[str, People]:
    """The patients by group of primary site in the order of the grouping, groups below ``least`` pooled."""
    titles = groups()
    found = people.split(lambda row: row.site_group)
    return pooled({titles[name]: found[name] for name in titles if name in found}, least, POOLED)


def describe(grid: Grid) -> None:
    """The rows of Table 1."""
    grid.median("Age at onset, years", lambda row: row.age_at_onset_years, most=OLDEST_TOLD)
    grid.categories("Sex", lambda row: row.sex, plain(("female", "male", "intersex")))
    grid.categories("ECOG", lambda row: row.ecog, {n: str(n) for n in range(5)})
    grid.categories("Side", lambda row: row.side, plain(("left", "right", "bilateral")))
    grid.categories("Certainty of the diagnosis", lambda row: row.mps_class, CLASSES)
    grid.several("Mechanism (more than one possible)", lambda row: row.mechanisms, plain(MECHANISMS))
    grid.categories(
        "Cancer when the syndrome began",
        lambda row: row.status_at_mps,
        {
            **plain(("treatment_naive", "recurrent", "progressive", "persistent")),
            "NED": "no evidence of disease",
        },
    )
    grid.categories(
        "Overlap of radiotherapy with an earlier course",
        lambda row: row.prior_rt_overlap,
        plain(("none", "adjacent", "partial", "full", "unknown")),
        missing="not asked or not recorded",
    )
    grid.median("Worst pain of 24 h, NRS 0–10", lambda row: row.nrs)
    grid.categories("Neuropathic pain (DN4 ≥ 4)", lambda row: row.neuropathic, {True: "yes", False: "no"})
    grid.median("Opioid dose, mg oral morphine a day", lambda row: row.omedd)
    grid.categories(
        "Gait", lambda row: row.gait, plain(("normal", "antalgic", "crouched", "aided", "unable"))
    )
    grid.median("Fixed flexion of the hip, degrees", lambda row: row.fixed_flexion_deg)
    grid.median("Onset to diagnosis, days", lambda row: row.onset_to_diagnosis_days)
    grid.median("Onset to enrolment, days", lambda row: row.onset_to_enrolment_days)
    grid.median("Earlier lines of systemic therapy", lambda row: row.prior_lines)


def notes(study: Study) -> tuple[str, ...]:
    """What a reader of the table must know."""
    return (
        "Numbers are patients (%) or median (quartiles). No groups are compared by tests.",
        f"Opioid doses by the table {study.versions.get('opioid table', 'of the registry')}.",
        *not_told_apart(study),
    )


def _published(people: People) -> Table:
    """The same patients in the groups of the published table, beside those of the registry."""
    titles = groups(PUBLISHED)
    found = people.split(lambda row: row.site_group_published)
    parts = {titles[name]: found[name] for name in titles if name in found}
    parts = pooled(parts, smallest_group(people.study), POOLED)
    rows = tuple(Row(title, (share(part, people),)) for title, part in parts.items())
    total = Row("All", (share(people, people),))
    last = len(rows)
    return Table(
        "t1_published_groups",
        "The same patients in the groups of the published table (Takamatsu et al. 2018, Table I).",
        "Primary site",
        ("Patients",),
        (*rows, total),
        (f"Grouping {PUBLISHED}, version {site_groups_version()}: prostate stands under the urinary tract.",),
        (((last, 0), *((row, 0) for row in range(last))),),
    )


def _build(study: Study) -> tuple[Block, ...]:
    people = analysed(study)
    grid = Grid(by_site_group(people, smallest_column(study)), people)
    describe(grid)
    table = grid.table(
        "t1_baseline",
        "Table 1. Patients at baseline, by group of primary site.",
        "",
        (*notes(study), f"Grouping icd, version {site_groups_version()}."),
    )
    return (table, _published(people))


SECTION = SectionSpec("baseline", "Patients", _build)
