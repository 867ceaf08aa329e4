"""Reports that follow one another: what the second may say after the first."""

from dataclasses import replace
from typing import Any

import pytest

from registry.domain.disclosure.judgement import judge
from registry.domain.disclosure.protect import protect, told
from registry.domain.disclosure.series import Edition
from registry.domain.disclosure.telling import edition
from registry.domain.report.document import Cell, Document, Paragraph, Row, Section, Table
from registry.pipeline.edition_bytes import pack, unpack
from tests.unit.registry.domain.disclosure.test_protect import document

K = 5


def people(*numbers: Any) -> list[int]:
    return [n for one in numbers for n in (one if isinstance(one, range) else [one])]


def a_report(patients: list[int], **groups: list[int]) -> Document:
    """A report that says how many patients each group has, of patients that are numbers."""

    def cell(group: list[int]) -> Cell:
        mark = sum(1 << patients.index(one) for one in group)
        return Cell(str(len(group)), count=len(group), who=mark)

    rows = tuple(Row(name, (cell(group),)) for name, group in groups.items())
    return replace(document(Table("t", "", "", ("n",), rows)), patients=tuple(patients))


def after(*reports: Document) -> list[Edition]:
    """The editions of reports published one after the other."""
    editions: list[Edition] = []
    for one in reports:
        editions.append(edition(one, judge(one, K, editions)))
    return editions


def shown(report: Document, *before: Document) -> dict[str, str]:
    (table,) = protect(report, K, after(*before)).sections[0].blocks
    return {row.head: row.cells[0].text for row in table.rows}


def test_a_group_that_a_few_have_joined_is_not_told_again() -> None:
    first = a_report(people(range(40)), all=people(range(40)), women=people(range(20)))
    second = a_report(people(range(60)), all=people(range(60)), women=people(range(22)))
    assert shown(second, first) == {"all": "60", "women": "suppressed"}
    assert shown(second) == {"all": "60", "women": "22"}


def test_a_group_that_enough_have_joined_is() -> None:
    first = a_report(people(range(40)), women=people(range(20)))
    second = a_report(people(range(60)), women=people(range(25)))
    assert shown(second, first) == {"women": "25"}


def test_a_group_of_the_same_patients_is_told_again() -> None:
    first = a_report(people(range(40)), women=people(range(20)))
    assert shown(a_report(people(range(60)), women=people(range(20))), first) == {"women": "20"}


def test_a_patient_who_left_is_as_secret_as_one_who_came() -> None:
    first = a_report(people(range(40)), women=people(range(20)))
    assert shown(a_report(people(range(1, 40)), women=people(range(1, 20))), first) == {"women": "suppressed"}


def test_any_earlier_report_counts_not_the_last_alone() -> None:
    one = a_report(people(range(40)), women=people(range(20)))
    two = a_report(people(range(60)), women=people(range(30)))
    three = a_report(people(range(60)), women=people(range(21)))
    assert shown(three, one, two) == {"women": "suppressed"}


def test_patients_are_known_again_whatever_their_place() -> None:
    first = a_report(people(range(40)), women=people(range(20)))
    second = a_report(people(range(50, 60), range(40)), women=people(range(20)))
    assert shown(second, first) == {"women": "20"}


def sums(report: Document, *totals: tuple[tuple[int, int], ...]) -> Document:
    (table,) = report.sections[0].blocks
    return report.with_sections((Section("s", "", (replace(table, totals=totals),)),))


def test_what_was_hidden_for_the_sake_of_another_is_not_told_later() -> None:
    # 3 were hidden with the help of 22; told now, of the same 22, they would be 25 - 22.
    total = ((0, 0), (1, 0), (2, 0))
    first = sums(
        a_report(people(range(25)), all=people(range(25)), few=people(range(3)), many=people(range(3, 25))),
        total,
    )
    assert shown(first) == {"all": "25", "few": "suppressed", "many": "suppressed"}
    second = a_report(people(range(60)), many=people(range(3, 25)))
    assert shown(second, first) == {"many": "suppressed"}
    assert shown(second) == {"many": "22"}


@pytest.mark.parametrize(("changed", "expected"), [(1, "[suppressed]"), (K, "7.1"), (0, "7.1")])
def test_a_figure_that_few_have_changed_is_not_told_again(changed: int, expected: str) -> None:
    def a_mean(values: list[int]) -> Document:
        rests_on = b"".join(one.to_bytes(8, "little") for one in sorted(values))
        cell = Cell("7.1", value=7.1, rests_on=rests_on)
        return document(Paragraph("{mean}", cells={"mean": cell}))

    before = a_mean(people(range(40)))
    now = a_mean(people(range(changed, 40), range(100, 100 + changed)))
    made = protect(now, K, after(before)).sections[0].blocks[0]
    assert made == Paragraph(expected)


def test_an_edition_is_the_same_after_it_was_stored() -> None:
    report = a_report(people(range(40)), all=people(range(40)), women=people(range(20)), few=people(range(3)))
    judgement = judge(report, K)
    made = edition(report, judgement)
    assert unpack(pack(made)) == made
    assert told(report, judgement) == protect(report, K)


def test_few_are_never_told_even_where_earlier_reports_give_them_away() -> None:
    # all of 25 and 22 of them were told in reports that could not know of each other's sums
    total = ((0, 0), (1, 0), (2, 0))
    groups = {"all": people(range(25)), "few": people(range(3)), "many": people(range(3, 25))}
    told_before = [
        replace(one, hidden=frozenset())
        for one in after(
            a_report(people(range(25)), all=groups["all"]), a_report(people(range(25)), many=groups["many"])
        )
    ]
    now = sums(a_report(people(range(25)), **groups), total)
    (table,) = protect(now, K, told_before).sections[0].blocks
    assert table.rows[1].cells[0].text == "suppressed"
