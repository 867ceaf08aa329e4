"""Both groupings of the primaries: that of the ICD and that of the published table."""

import pytest

from registry.domain.codes.site_groups import (
    groupings,
    groups,
    sex_of_site,
    site_group,
    site_groups_version,
)

CASES = [
    # topography, morphology, icd, takamatsu-2018
    ("C53.9", "8070/3", "female_genital", "female_genital"),
    ("C54.1", "8980/3", "female_genital", "female_genital"),  # carcinosarcoma of the uterus
    ("C57.0", None, "female_genital", "female_genital"),
    ("C18.9", "8140/3", "gastrointestinal", "gastrointestinal"),
    ("C25.9", "8140/3", "gastrointestinal", "gastrointestinal"),
    ("C22.0", "8170/3", "gastrointestinal", "gastrointestinal"),
    ("C67.9", "8120/3", "urinary", "urinary"),
    ("C67.7", "8140/3", "urinary", "urinary"),  # urachus
    ("C64.9", "8312/3", "urinary", "urinary"),
    ("C61.9", "8140/3", "male_genital", "urinary"),  # prostate: the two differ
    ("C62.9", "9061/3", "male_genital", "others"),
    ("C77.2", "9680/3", "haematological", "haematological"),
    ("C16.9", "9680/3", "haematological", "haematological"),  # lymphoma of the stomach
    ("C49.4", "9714/3", "haematological", "haematological"),  # lymphoma of the psoas
    ("C42.1", "9732/3", "haematological", "haematological"),
    ("C34.9", "8140/3", "lung", "others"),
    ("C44.9", "8070/3", "skin_melanoma", "others"),
    ("C44.5", "8720/3", "skin_melanoma", "others"),
    ("C80.9", "8720/3", "skin_melanoma", "others"),  # melanoma of unknown site
    ("C49.4", "8852/3", "sarcoma_psoas", "others"),
    ("C48.0", "8858/3", "sarcoma_psoas", "others"),
    ("C48.0", "8140/3", "other", "others"),
    ("C80.9", "8800/3", "sarcoma_psoas", "others"),
    ("C02.9", "8070/3", "other", "others"),
    ("C11.9", "8072/3", "other", "others"),
    ("C50.9", "8500/3", "other", "others"),
    ("C80.9", "8140/3", "unknown", "others"),
    ("C77.2", "8140/3", "unknown", "others"),  # carcinoma in a node only
    (None, None, "unknown", "others"),
    (None, "9591/3", "haematological", "haematological"),
    ("nonsense", "nonsense", "unknown", "others"),
]


@pytest.mark.parametrize(("topography", "morphology", "icd", "published"), CASES)
def test_groups(topography: str | None, morphology: str | None, icd: str, published: str) -> None:
    assert site_group(topography, morphology) == icd
    assert site_group(topography, morphology, "takamatsu-2018") == published


PUBLISHED_SITES = {
    # site as printed in Table I: topography, morphology
    "uterine cervix": ("C53.9", None),
    "ovary": ("C56.9", None),
    "uterine endometrium": ("C54.1", None),
    "colon": ("C18.9", None),
    "rectum": ("C20.9", None),
    "stomach": ("C16.9", None),
    "pancreas": ("C25.9", None),
    "bladder": ("C67.9", None),
    "prostate": ("C61.9", None),
    "kidney": ("C64.9", None),
    "urachus": ("C67.7", None),
    "lymphoma": ("C77.9", "9590/3"),
    "lung": ("C34.9", None),
    "tongue": ("C02.9", None),
    "nasopharynx": ("C11.9", None),
    "skin": ("C44.9", None),
    "psoas muscle": ("C49.4", "8800/3"),
}
COUNTS = dict(zip(PUBLISHED_SITES, (7, 2, 1, 5, 1, 1, 1, 3, 2, 2, 1, 4, 2, 1, 1, 2, 1), strict=True))


def subtotals(grouping: str) -> dict[str, int]:
    totals = dict.fromkeys(groups(grouping), 0)
    for site, count in COUNTS.items():
        totals[site_group(*PUBLISHED_SITES[site], grouping)] += count
    return totals


def test_the_published_table_is_reproduced() -> None:
    assert subtotals("takamatsu-2018") == {
        "female_genital": 10,
        "gastrointestinal": 8,
        "urinary": 8,
        "haematological": 4,
        "others": 7,
    }


def test_by_the_icd_the_two_prostates_move() -> None:
    totals = subtotals("icd")
    assert (totals["urinary"], totals["male_genital"]) == (6, 2)
    assert sum(totals.values()) == 37


def test_every_rule_ends_in_a_group_with_a_title() -> None:
    assert set(groupings()) == {"icd", "takamatsu-2018"}
    assert site_groups_version() == "1"
    for grouping in groupings():
        for topography in (f"C{number:02}.{digit}" for number in range(81) for digit in range(10)):
            for morphology in (None, "8070/3", "8720/3", "8800/3", "9590/3"):
                assert site_group(topography, morphology, grouping) in groups(grouping)


def test_unknown_grouping_is_an_error_of_the_program() -> None:
    with pytest.raises(LookupError, match="takamatsu-2018"):
        site_group("C53.9", None, "mine")


@pytest.mark.parametrize(
    ("topography", "sex"),
    [
        ("C51.0", "female"),
        ("C58.9", "female"),
        ("C60.0", "male"),
        ("C63.9", "male"),
        ("C50.9", None),
        ("C64.9", None),
    ],
)
def test_sites_of_one_sex(topography: str, sex: str | None) -> None:
    assert sex_of_site(topography) == sex
