"""S-13: prostate and urachus under the urinary tract, as printed, or by the ICD; both can be reproduced."""

import pytest

from registry.domain.literature.published import table_one
from registry.domain.literature.regrouping import SITE_CODES, regrouped


def test_s13_the_published_grouping_gives_the_published_groups() -> None:
    assert list(regrouped(table_one(), "takamatsu-2018").values()) == [10, 8, 8, 4, 7]


def test_s13_by_the_icd_the_prostate_is_a_male_genital_organ() -> None:
    found = regrouped(table_one())
    assert found["male_genital"] == 2
    assert found["urinary"] == 6
    assert sum(found.values()) == 37


def test_every_site_of_the_table_has_a_code() -> None:
    assert {row.site for row in table_one()} == set(SITE_CODES)


def test_an_unknown_grouping_is_refused() -> None:
    with pytest.raises(LookupError):
        regrouped(table_one(), "alphabet")
