from registry.domain.codes.site_groups import groups
from registry.domain.report.baseline import POOLED, SECTION, by_site_group
from registry.domain.report.people import People
from tests.factories_analysis import a_row, a_study, untreated

ROWS = (
    a_row(),
    a_row(site_group="male_genital", site_group_published="urinary", sex="male", age_at_onset_years=93),
    untreated(site_group="urinary", site_group_published="urinary", sex="male", ecog=2),
)


def test_table_1_has_the_groups_of_the_icd_in_their_order() -> None:
    table, _ = SECTION.build(a_study(*ROWS))
    assert table.columns == ("Female genital tract", "Urinary tract", "Male genital", "All")
    told = {row.head: [cell.text for cell in row.cells] for row in table.rows}
    assert told["Patients"] == ["1", "1", "1", "3"]
    assert told["male"] == ["0 (0 %)", "1 (100 %)", "1 (100 %)", "2 (67 %)"]
    assert told["Age at onset, years"][2] == "90+ (90+–90+)"


def test_the_published_grouping_stands_beside_it() -> None:
    _, table = SECTION.build(a_study(*ROWS))
    assert {row.head: row.cells[0].text for row in table.rows} == {
        "Female genital tract": "1 (33 %)",
        "Urinary tract": "2 (67 %)",
        "All": "3 (100 %)",
    }


def test_small_groups_are_pooled() -> None:
    people = People.everyone(a_study(*ROWS * 6))
    assert {name: len(group) for name, group in by_site_group(people, 7).items()} == {POOLED: 18}
    assert list(by_site_group(people, 1)) == [
        title for title in groups().values() if title in by_site_group(people, 1)
    ]


def test_public_columns_are_large_enough_to_be_parted() -> None:
    study = a_study(*[a_row()] * 24, *[ROWS[1]] * 6, audience="public", threshold=5)
    assert SECTION.build(study)[0].columns == ("All",)
