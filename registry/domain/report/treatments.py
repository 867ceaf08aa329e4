"""Table 3: how the syndrome was treated, with the doses that were delivered."""

from registry.domain.report.collapse import pooled, smallest_column
from registry.domain.report.document import Block, Paragraph, SectionSpec, Study
from registry.domain.report.grid import Grid
from registry.domain.report.people import People
from registry.domain.report.sets import analysed, not_told_apart
from registry.domain.report.words import TREATMENTS, plain

INTERVENTIONS = {
    **plain(
        (
            "epidural_single",
            "epidural_catheter",
            "intrathecal_bolus",
            "intrathecal_pump",
            "psoas_compartment_block",
            "neurolysis",
            "cordotomy",
            "dorsal_rhizotomy",
            "nerve_block",
            "spinal_cord_stimulation",
            "methadone_rotation",
            "ketamine_infusion",
            "palliative_sedation",
        )
    ),
    "rfa": "radiofrequency ablation",
}


def by_treatment(people: People, study: Study) -> dict[str, People]:
    """The patients by kind of treatment, small groups pooled as far as the audience asks for it."""
    found = people.split(lambda row: TREATMENTS[row.treatment])
    groups = {words: found[words] for words in TREATMENTS.values() if words in found}
    return pooled(groups, smallest_column(study), "other treatment")


def _build(study: Study) -> tuple[Block, ...]:
    people = analysed(study)
    if not len(people):
        return (Paragraph("There are too few patients to be told of.", "warning"),)
    grid = Grid(by_treatment(people, study), people)
    grid.several("Interventions against pain", lambda row: row.interventions, INTERVENTIONS)
    irradiated = people.where(lambda row: row.treatment in ("radiotherapy", "both"))
    blocks: list[Block] = [
        grid.table("t3_treatments", "Table 3. Treatment of the syndrome.", "", not_told_apart(study))
    ]
    if len(irradiated) >= (study.threshold if study.audience == "public" else 1):
        doses = Grid({}, irradiated, "Irradiated")
        doses.median("Dose delivered, Gy", lambda row: row.rt_dose_gy, 1)
        doses.median("Fractions delivered", lambda row: row.rt_fractions)
        doses.median("EQD2 for tumour (α/β 10), Gy", lambda row: row.rt_eqd2_10_gy, 1)
        doses.median("EQD2 for late reactions (α/β 3), Gy", lambda row: row.rt_eqd2_3_gy, 1)
        doses.categories(
            "Technique", lambda row: row.rt_technique, plain(("2D", "3D", "IMRT", "VMAT", "SBRT"))
        )
        doses.categories(
            "Course",
            lambda row: row.rt_completed,
            {"yes": "completed as planned", "truncated": "ended early"},
        )
        note = "EQD2 by the linear-quadratic model without a time factor. An early end is no error and no judgement."
        blocks.append(
            doses.table(
                "t3_radiotherapy", "Table 3b. Radiotherapy of the syndrome as delivered.", "", (note,)
            )
        )
    return tuple(blocks)


SECTION = SectionSpec("treatments", "Treatment", _build)
