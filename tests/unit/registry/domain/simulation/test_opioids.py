"""The opioid ladder: a higher step is a higher dose, whatever the table of conversion."""

from datetime import date
from itertools import pairwise

import pytest

from registry.domain.outcomes.omedd import OpioidDose, omedd
from registry.domain.outcomes.opioid_tables import opioid_table
from registry.domain.simulation.opioids import LADDERS, Opioid
from registry.domain.simulation.stream import stream

DAY = date(2024, 4, 15).toordinal()


def equivalent(ladder, step):
    dose = OpioidDose(ladder.name, ladder.route, step, ladder.unit, form=ladder.form)
    return omedd([dose], opioid_table()).total_mg


@pytest.mark.parametrize("ladder", LADDERS, ids=lambda ladder: ladder.name)
def test_each_step_is_a_quarter_more(ladder):
    doses = [equivalent(ladder, step) for step in ladder.steps]
    assert all(higher >= 1.25 * lower for lower, higher in pairwise(doses))


def test_a_change_ends_one_dose_the_day_before_the_next_begins():
    chance = stream(1, "opioid")
    opioid = Opioid(chance, 0.0)
    opioid.baseline = 1
    [first] = opioid.begin(DAY, chance)
    ended, second = opioid.up(DAY + 7, chance)
    assert ended == {**first, "end": "2024-04-21", "stop_reason": "efficacy"}
    assert second["start"] == "2024-04-22"
    assert second["dose_value"] > first["dose_value"]
    assert opioid.down(DAY + 14, chance)[1]["dose_value"] == first["dose_value"]


def test_the_ladder_ends_above_and_below():
    chance = stream(2, "opioid")
    opioid = Opioid(chance, 0.0)
    opioid.baseline = 0
    opioid.begin(DAY, chance)
    assert opioid.down(DAY + 7, chance) == []
    for week in range(2, 12):
        opioid.up(DAY + 7 * week, chance)
    assert opioid.step == len(opioid.ladder.steps) - 1
    assert opioid.up(DAY + 100, chance) == []


def test_without_an_opioid_there_is_nothing_to_take_less_of():
    chance = stream(3, "opioid")
    opioid = Opioid(chance, 0.0)
    opioid.baseline = -1
    assert opioid.begin(DAY, chance) == opioid.down(DAY + 7, chance) == []
    assert len(opioid.up(DAY + 14, chance)) == 1


def test_back_to_the_dose_of_baseline():
    chance = stream(4, "opioid")
    opioid = Opioid(chance, 0.0)
    opioid.baseline = 2
    [first] = opioid.begin(DAY, chance)
    opioid.down(DAY + 7, chance)
    assert opioid.at_least_baseline(DAY + 14, chance)[-1]["dose_value"] == first["dose_value"]
    assert opioid.at_least_baseline(DAY + 21, chance) == []
