"""The answer in five lines, for the reader who has one minute."""

from registry.domain.report.answers import answers
from registry.domain.report.cells import number, rate
from registry.domain.report.document import Block, Paragraph, SectionSpec, Study
from registry.domain.report.plan import PRIMARY_WINDOW, START_DAYS, SURVIVAL_DAYS
from registry.domain.report.sets import ANALYSED, ENROLLED, TREATED, analysed, told, treated
from registry.domain.report.survival_cells import median_cell, survival_cell
from registry.domain.report.times import times


def _build(study: Study) -> tuple[Block, ...]:
    ready, given, sets = analysed(study), treated(study), told(study)
    words = {
        ENROLLED: "patients enrolled",
        ANALYSED: "with malignant psoas syndrome analysed",
        TREATED: "treated",
    }
    counted = {name: said for name, said in words.items() if name in sets}
    if not counted:
        return (Paragraph("There are too few patients to be told of.", "warning"),)
    lines = [
        Paragraph(
            ", ".join(f"{{n{place}}} {said}" for place, said in enumerate(counted.values())) + ".",
            "key",
            {f"n{place}": number(sets[name]) for place, name in enumerate(counted)},
        )
    ]
    if len(given):
        main = answers(given, PRIMARY_WINDOW)
        lines.append(
            Paragraph(
                "Symptom response at month 2: {all} of all treated, {assessable} of those assessed.",
                "key",
                {
                    "all": rate(main.responders, main.treated),
                    "assessable": rate(main.responders, main.assessable),
                },
            )
        )
    if len(ready):
        start = START_DAYS["os_onset"]
        found = times(ready, "os_onset")
        tally = found.tally.given_alive_at(start)
        lines.append(
            Paragraph(
                f"Survival from symptom onset of patients alive on day {start}: median {{median}} months; alive at "
                "six months {half}.",
                "key",
                {
                    "median": median_cell(found, tally),
                    "half": survival_cell(found, tally, SURVIVAL_DAYS["6 months"]),
                },
            )
        )
    return tuple(lines)


SECTION = SectionSpec("key-figures", "Key figures", _build)
