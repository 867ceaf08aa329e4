"""Figure 1: from the cases the registry knows to those analysed, with the reason of everybody who is left out.

Every box equals the sum of its parts; ``unequal`` finds the one that does not. For the public, sets that differ by a few
patients are one box (see ``sets``), and reasons of a few are one reason.
"""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from itertools import pairwise, zip_longest
from typing import Any

from registry.domain.analysis import AnalysisRow
from registry.domain.permitted_use import USE_ENDED
from registry.domain.report.answers import answers
from registry.domain.report.cells import number
from registry.domain.report.collapse import pooled, smallest_group
from registry.domain.report.document import Block, Figure, Paragraph, Row, SectionSpec, Study, Table
from registry.domain.report.people import People
from registry.domain.report.plan import PRIMARY_WINDOW
from registry.domain.report.sets import ANALYSED, TREATED, WITH_SYNDROME, told
from registry.domain.report.words import CLASSES, NOT_EVALUABLE, OTHER_CLASSES, TREATMENTS

SEVERAL = "several reasons"


@dataclass(frozen=True, slots=True)
class Part:
    """A box in which some patients of another stand, with the reasons it is made of, if it has any."""

    people: People
    reasons: dict[str, People] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Step:
    """A box of the main line.

    leaving  those who do not reach the next box, by reason
    parts    what the box is made of, by name; empty for no parts
    """

    label: str
    people: People
    leaving: dict[str, People]
    parts: dict[str, Part]
    parts_label: str = ""


def steps(study: Study) -> list[Step]:
    """The main line from the top down."""
    sets = told(study)
    line = []
    for (label, people), inner in zip_longest(sets.items(), list(sets.values())[1:]):
        gone = people.without(inner).split(why_left) if inner is not None else {}
        line.append(Step(label, people, _few_together(gone, study), *_parts(label, people, study)))
    return line


def why_left(row: AnalysisRow) -> str:
    """At which step a case leaves the line, in words."""
    if row.source_type != "prospective":
        return f"{row.source_type} cases, reported apart" if row.source_type else "source not stated"
    if row.withdrawal in USE_ENDED:
        return "consent to use withdrawn"
    if not row.enrolled:
        return "not enrolled by the cut-off"
    if row.mps_class not in CLASSES:
        if row.flexion_failure:
            return "hip flexion failure without the syndrome"
        return OTHER_CLASSES.get(row.mps_class or "", "diagnosis not classed")
    if row.open_blocking:
        return "a blocking question is open"
    return "no treatment of the syndrome" if row.treatment == "none" else "treated side not known"


def unequal(line: list[Step]) -> Iterator[str]:
    """Labels of boxes that do not equal the sum of their parts."""
    for step, following in zip_longest(line, line[1:]):
        n = len(step.people)
        if following is not None and n != len(following.people) + _sum(step.leaving.values()):
            yield step.label
        if step.parts and n != _sum(part.people for part in step.parts.values()):
            yield step.label
        for label, part in step.parts.items():
            if part.reasons and len(part.people) != _sum(part.reasons.values()):
                yield label


def _sum(groups: Iterable[People]) -> int:
    return sum(map(len, groups))


def _few_together(groups: dict[str, People], study: Study) -> dict[str, People]:
    found = {name: groups[name] for name in sorted(groups)}
    return pooled(found, smallest_group(study), SEVERAL)


def _parts(label: str, people: People, study: Study) -> tuple[dict[str, Part], str]:
    if label == WITH_SYNDROME:
        return _named(people, lambda row: CLASSES[str(row.mps_class)], CLASSES.values(), study), "Certainty"
    if label == ANALYSED:
        return _named(people, lambda row: TREATMENTS[row.treatment], TREATMENTS.values(), study), "Treatment"
    if label == TREATED:
        return _assessed(people, study), "At month 2"
    return {}, ""


def _named(
    people: People, name: Callable[[AnalysisRow], str], order: Iterable[str], study: Study
) -> dict[str, Part]:
    found = people.split(name)
    groups = pooled(
        {words: found[words] for words in order if words in found}, smallest_group(study), "other"
    )
    return {words: Part(group) for words, group in groups.items()} if len(groups) > 1 else {}


def _assessed(people: People, study: Study) -> dict[str, Part]:
    found = answers(people, PRIMARY_WINDOW)
    reasons = {words: found.reasons[code] for code, words in NOT_EVALUABLE.items() if code in found.reasons}
    told_reasons = pooled(reasons, smallest_group(study), SEVERAL)
    return {
        "assessable": Part(found.assessable),
        "not assessable": Part(found.not_assessable, told_reasons if len(told_reasons) > 1 else {}),
    }


def _drawn(step: Step) -> dict[str, Any]:
    return {
        "label": step.label,
        "n": number(step.people),
        "out_label": "Left out",
        "out": [{"label": words, "n": number(people)} for words, people in step.leaving.items()],
        "parts_label": step.parts_label,
        "parts": [
            {
                "label": label,
                "n": number(part.people),
                "reasons": [{"label": words, "n": number(people)} for words, people in part.reasons.items()],
            }
            for label, part in step.parts.items()
        ],
    }


def _table(line: list[Step]) -> Table:
    rows: list[Row] = []
    totals: list[tuple[tuple[int, int], ...]] = []

    def add(label: str, people: People, level: int) -> int:
        rows.append(Row(label, (number(people),), level))
        return len(rows) - 1

    def sums(total: int, parts: Iterable[int]) -> None:
        totals.append(((total, 0), *((row, 0) for row in parts)))

    heads = []
    for step in line:
        head = add(step.label, step.people, 0)
        gone = [add(f"left out: {words}", people, 1) for words, people in step.leaving.items()]
        heads.append((head, gone))
        inside = []
        for label, part in step.parts.items():
            inside.append(add(label, part.people, 1))
            reasons = [add(words, people, 2) for words, people in part.reasons.items()]
            if reasons:
                sums(inside[-1], reasons)
        if inside:
            sums(head, inside)
    for (head, gone), (following, _) in pairwise(heads):
        sums(head, [following, *gone])
    return Table("f1_flow_numbers", "Numbers of figure 1.", "", ("Patients",), tuple(rows), (), tuple(totals))


def _build(study: Study) -> tuple[Block, ...]:
    line = steps(study)
    if not line:
        return (Paragraph("There are too few patients to be told of.", "warning"),)
    wrong = list(unequal(line))
    if wrong:
        raise ArithmeticError(f"the flow does not add up at: {', '.join(wrong)}")
    return (
        Figure(
            "f1_flow",
            "flow",
            "Figure 1. Flow of patients from the registry to the analysis.",
            {"steps": [_drawn(step) for step in line]},
            "Boxes from top to bottom: "
            + ", ".join(f"{step.label.lower()} {{box{place}}}" for place, step in enumerate(line))
            + ". The table has every box with the reasons of those who left.",
            _table(line),
            cells={f"box{place}": number(step.people) for place, step in enumerate(line)},
        ),
    )


SECTION = SectionSpec("flow", "Flow of patients", _build)
