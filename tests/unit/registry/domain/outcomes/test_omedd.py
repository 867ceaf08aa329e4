"""The daily dose of published regimens, and everything that must be flagged instead of computed."""

from typing import Any

import pytest

from registry.domain.outcomes.omedd import OpioidDay, OpioidDose, omedd
from registry.domain.outcomes.opioid_tables import opioid_table


def oral(inn: str, mg: float | None, **more: Any) -> OpioidDose:
    return OpioidDose(inn, "PO", mg, "mg", **more)


def patch(strength: float, unit: str = "ug/h", form: str | None = "patch_72h", **more: Any) -> OpioidDose:
    return OpioidDose("fentanyl", "TD", strength, unit, form, **more)


def day(*doses: OpioidDose, table: str = "MPS-OME-1") -> OpioidDay:
    return omedd(doses, opioid_table(table))


SEED = [
    # Takamatsu 2018: regimen, total by CDC-2022, total by CDC-2017
    ([oral("tramadol", 200)], 40, 20),
    ([oral("oxycodone", 20, rescue_dose=5, rescue_taken_24h=4)], 60, 60),
    ([oral("oxycodone", 60, rescue_dose=5, rescue_taken_24h=0)], 90, 90),
    ([oral("oxycodone", 10)], 15, 15),
    ([oral("oxycodone", 40)], 60, 60),
    ([], 0, 0),
]


@pytest.mark.parametrize(("regimen", "cdc_2022", "cdc_2017"), SEED)
def test_regimens_of_the_first_published_cases(
    regimen: list[OpioidDose], cdc_2022: float, cdc_2017: float
) -> None:
    for table, expected in (("CDC-2022", cdc_2022), ("MPS-OME-1", cdc_2022), ("CDC-2017", cdc_2017)):
        result = day(*regimen, table=table)
        assert result.total_mg == pytest.approx(expected)
        assert result.complete
        assert result.table == table


@pytest.mark.parametrize(
    ("table", "total"),
    [("CDC-2022", 40), ("CDC-2017", 20), ("ANZCA-2021", 40), ("JP-JSPM-2010", 40), ("EAPC-UK", 20)],
)
def test_tramadol_depends_on_the_table(table: str, total: float) -> None:
    assert day(oral("tramadol", 200), table=table).total_mg == pytest.approx(total)


def test_unknown_rescue_count_leaves_a_lower_bound_and_the_weight_of_one_dose() -> None:
    result = day(oral("oxycodone", 20, rescue_dose=5))
    assert result.total_mg is None
    assert result.known_mg == pytest.approx(30)
    assert result.components[0].per_rescue_mg == pytest.approx(7.5)
    assert result.flags == ("rescue_count_unknown",)
    assert result.reason == "missing_omedd"


@pytest.mark.parametrize(
    ("table", "total"),
    [("CDC-2022", 60), ("CDC-2017", 60), ("ANZCA-2021", 75), ("JP-JSPM-2010", 60), ("EAPC-UK", 60)],
)
def test_a_three_day_patch_of_25_ug_per_hour(table: str, total: float) -> None:
    assert day(patch(25), table=table).total_mg == pytest.approx(total)


def test_the_patch_product_factor_is_never_applied_to_a_rate() -> None:
    assert day(patch(25, form=None), table="CDC-2017").flags == ("patch_product_unknown",)
    assert day(patch(25, form="patch_24h"), table="CDC-2017").flags == ("no_factor",)
    assert day(patch(25, form=None), table="CDC-2022").total_mg == pytest.approx(60)


@pytest.mark.parametrize(
    ("form", "product", "labelled"),
    [("patch_72h", "Durotep MT", 4.2), ("patch_24h", "Fentos", 2), ("patch_24h", "OneDuro", 1.7)],
)
def test_patches_labelled_in_milligrams_need_their_product(form: str, product: str, labelled: float) -> None:
    assert day(patch(labelled, unit="mg", form=form, product=product)).total_mg == pytest.approx(60)
    assert day(patch(labelled, unit="mg", form=form)).flags == ("patch_product_unknown",)
    assert day(patch(0.6, unit="mg/d", form=form, product=product)).flags == ("patch_product_unknown",)


def test_a_product_of_another_drug_is_not_believed() -> None:
    assert day(patch(10, unit="mg", product="Norspan")).flags == ("patch_product_unknown",)


@pytest.mark.parametrize(
    ("amount", "unit"),
    [(1, "mg"), (1, "mg/d"), (1000, "ug/d"), (0.001, "g"), (1000 / 24, "ug/h"), (1 / 24, "mg/h")],
)
@pytest.mark.parametrize(("table", "total"), [("MPS-OME-1", 200), ("JP-JSPM-2010", 100)])
def test_intravenous_fentanyl_in_any_unit(amount: float, unit: str, table: str, total: float) -> None:
    assert day(OpioidDose("fentanyl", "IV", amount, unit), table=table).total_mg == pytest.approx(total)


def test_rescue_in_another_unit_than_the_infusion() -> None:
    infusion = OpioidDose("fentanyl", "SC", 25, "ug/h", "infusion", rescue_dose=25, rescue_taken_24h=4)
    assert day(infusion).total_mg == pytest.approx(0.7 * 200)
    spelled = OpioidDose("morphine", "SC", 1, "mg/h", rescue_dose=500, rescue_taken_24h=2, rescue_unit="ug")
    assert day(spelled).total_mg == pytest.approx(25 * 3)


def test_transmucosal_fentanyl_is_counted_in_micrograms() -> None:
    dose = OpioidDose("fentanyl", "buccal", 0, "ug", rescue_dose=200, rescue_taken_24h=3)
    assert day(dose, table="CDC-2017").total_mg == pytest.approx(600 * 0.13)
    assert day(dose).flags == ("no_factor",)


def test_sum_of_several_opioids_keeps_factor_and_provenance() -> None:
    result = day(oral("oxycodone", 40), OpioidDose("morphine", "SC", 10, "mg"), patch(12.5))
    assert result.total_mg == pytest.approx(60 + 30 + 30)
    assert [(part.factor.table, part.factor.factor) for part in result.components if part.factor] == [
        ("CDC-2022", 1.5),
        ("ANZCA-2021", 3),
        ("CDC-2022", 2.4),
    ]


def test_methadone_is_shown_but_never_added() -> None:
    result = day(oral("methadone", 20), oral("oxycodone", 20), table="CDC-2017")
    assert result.total_mg is None
    assert result.known_mg == pytest.approx(30)
    assert result.components[0].mg == pytest.approx(80)
    assert result.flags == ("methadone",)
    assert result.reason == "methadone_or_neuraxial_flag"
    assert day(oral("methadone", 20), table="JP-JSPM-2010").flags == ("methadone",)


@pytest.mark.parametrize("route", ["epidural", "intrathecal"])
def test_opioids_beside_the_spinal_cord_are_flagged(route: str) -> None:
    result = day(OpioidDose("morphine", route, 3, "mg"), oral("oxycodone", 20))
    assert (result.total_mg, result.known_mg, result.flags) == (None, 30, ("neuraxial",))


def test_buprenorphine_alone_is_computed_and_mixed_is_flagged() -> None:
    buprenorphine = OpioidDose("buprenorphine", "TD", 20, "ug/h")
    assert day(buprenorphine).total_mg == pytest.approx(40)
    assert day(buprenorphine, oral("oxycodone", 10)).flags == ("buprenorphine_mixed",)
    assert day(
        buprenorphine, oral("oxycodone", 0, rescue_dose=5, rescue_taken_24h=0)
    ).total_mg == pytest.approx(40)
    assert day(buprenorphine, oral("oxycodone", 0, rescue_dose=5)).flags == (
        "buprenorphine_mixed",
        "rescue_count_unknown",
    )


@pytest.mark.parametrize(
    ("dose", "flag"),
    [
        (oral("oxycodone", None), "dose_unknown"),
        (oral("oxycodone", 20, rescue_taken_24h=2), "rescue_dose_unknown"),
        (oral("butorphanol", 4), "no_factor"),
        (OpioidDose("morphine", "nasal", 10, "mg"), "no_factor"),
        (OpioidDose("morphine", "SC", 1, "mL/h"), "unit_unusable"),
        (patch(25, rescue_dose=5, rescue_taken_24h=1), "unit_unusable"),
    ],
)
def test_what_cannot_be_computed_is_missing(dose: OpioidDose, flag: str) -> None:
    result = day(dose, oral("morphine", 30))
    assert (result.total_mg, result.flags, result.reason) == (None, (flag,), "missing_omedd")
    assert result.known_mg >= 30


def test_missing_outranks_flagged() -> None:
    assert day(oral("methadone", 20), oral("oxycodone", None)).reason == "missing_omedd"


def test_nothing_taken_is_nothing_whatever_the_drug() -> None:
    stopped = [oral("methadone", 0), oral("butorphanol", 0), OpioidDose("morphine", "epidural", 0, "mg")]
    assert day(*stopped).total_mg == 0


def test_order_of_the_records_does_not_matter() -> None:
    doses = [oral("oxycodone", 40), patch(25), OpioidDose("morphine", "IV", 10, "mg")]
    assert day(*doses).total_mg == day(*reversed(doses)).total_mg
