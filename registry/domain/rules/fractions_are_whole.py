"""E10: fractions are counted."""

from registry.domain.rules.rule import Rule

RULE = Rule(
    id="E10",
    version=1,
    severity="reject",
    title="Fractions are whole numbers",
    sentence="A course is planned in 1 to 60 whole fractions, and 0 to 66 are delivered.",
    message="Fractions are counted: send a whole number, planned 1 to 60, delivered 0 to 66.",
    why="A number with decimals is a dose in the wrong place. Registry decision.",
    fields=("radiotherapy.planned_fractions", "radiotherapy.delivered_fractions"),
    good=(
        {"radiotherapy": [{"rt_id": "RT-1", "planned_fractions": 1, "delivered_fractions": 1}]},
        {"radiotherapy": [{"rt_id": "RT-1", "delivered_fractions": 0, "completed": "not_started"}]},
    ),
    bad=(
        {"radiotherapy": [{"rt_id": "RT-1", "planned_fractions": 0}]},
        {"radiotherapy": [{"rt_id": "RT-1", "planned_fractions": 2.5}]},
        {"radiotherapy": [{"rt_id": "RT-1", "planned_fractions": "16"}]},
        {"radiotherapy": [{"rt_id": "RT-1", "delivered_fractions": -1}]},
    ),
)
