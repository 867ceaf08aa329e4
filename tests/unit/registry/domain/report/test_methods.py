from registry.domain.outcomes import OUTCOMES
from registry.domain.report.methods import SECTION
from tests.factories_analysis import a_study


def test_every_algorithm_is_named_with_its_version() -> None:
    definitions, estimators = SECTION.build(a_study())
    assert [row.cells[0].text for row in definitions.rows] == [f"{one.id} v{one.version}" for one in OUTCOMES]
    assert all(row.cells[0].text for row in estimators.rows)
