from typing import get_args

import pytest

from registry.domain.codes.grades import grades_of_meddra, grades_of_term
from registry.domain.codes.lists import code_list
from registry.domain.forms.toxicity import Toxicity


@pytest.mark.parametrize(
    ("term", "highest"), [("fatigue", 3), ("nausea", 3), ("pain_flare", 3), ("vomiting", 5), ("diarrhoea", 5)]
)
def test_highest_grade(term: str, highest: int) -> None:
    assert max(grades_of_term(term) or ()) == highest


def test_perforation_of_the_bowel_has_no_first_grade() -> None:
    assert grades_of_meddra("10041103") == {2, 3, 4, 5}
    assert grades_of_meddra("99999999") is None
    assert grades_of_term("other") is None


def test_every_solicited_term_of_the_form_has_its_grades() -> None:
    terms = {
        term
        for union in get_args(Toxicity.model_fields["term"].annotation)
        for term in get_args(union)
        if term != "other"
    }
    assert len(terms) >= 16
    assert terms <= {entry["term"] for entry in code_list("meddra").entries.values()}
    for term in terms:
        assert grades_of_term(term)
