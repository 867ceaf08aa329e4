"""The published data as values: read when asked for, with the sums that the paper gets wrong."""

from collections import Counter

import pytest

from registry.domain.literature.published import benchmarks, published_cases, table_one


def test_the_three_cases_are_submissions_of_their_own():
    first = published_cases()
    assert [case["case"] for case in first] == ["SEED-1", "SEED-2", "SEED-3"]
    first[0]["case"] = "changed"
    assert published_cases()[0]["case"] == "SEED-1"


def test_the_rows_of_table_1_add_up_to_37():
    by_group = Counter()
    for row in table_one():
        by_group[row.group] += row.cases
    assert list(by_group.values()) == [10, 8, 8, 4, 7]
    assert sum(by_group.values()) == 37


def test_table_1_cites_18_references():
    cited = {number for row in table_one() for number in row.references}
    assert cited == {1, 2, 3, *range(5, 20)}


def test_the_lymphoma_row_names_fewer_authors_than_references():
    [row] = [row for row in table_one() if row.site == "lymphoma"]
    assert (row.authors, row.references) == (("Agar 2004", "Kounami 2012"), (2, 7, 12, 17))


@pytest.mark.parametrize("row", benchmarks(), ids=lambda row: row.source)
def test_a_benchmark_names_its_population_and_how_far_it_was_verified(row):
    assert row.population
    assert row.status
    assert row.patients is None or row.patients > 0


def test_benchmarks_of_another_disease_say_so():
    [jaeckle] = [row for row in benchmarks() if row.source.startswith("Jaeckle 1985")]
    assert jaeckle.patients == 85
    assert "not malignant psoas syndrome" in jaeckle.population
