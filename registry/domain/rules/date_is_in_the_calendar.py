"""E06: a date exists."""

from registry.domain.rules.rule import Rule
from registry.domain.timeline import DATE_FIELDS

RULE = Rule(
    id="E06",
    version=1,
    severity="reject",
    title="A date is in the calendar",
    sentence="Every date is written YYYY, YYYY-MM or YYYY-MM-DD and exists in the calendar.",
    message="This is not a date of the calendar. Write YYYY, YYYY-MM or YYYY-MM-DD; leave out the day or "
    "the month that is not known.",
    why="Other forms are read differently in different countries, and a placeholder such as 2024-00-00 "
    "would be counted as a day (ISO 8601).",
    fields=DATE_FIELDS,
    good=(
        {"mps_episode": [{"mps_onset": "2025"}]},
        {"mps_episode": [{"mps_onset": "2025-02"}]},
        {"mps_episode": [{"mps_onset": "2024-02-29"}]},
    ),
    bad=(
        {"mps_episode": [{"mps_onset": "2023-02-29"}]},
        {"mps_episode": [{"mps_onset": "2024-00-00"}]},
        {"mps_episode": [{"mps_onset": "02/03/2025"}]},
        {"mps_episode": [{"mps_onset": "UNK"}]},
        {"consent": [{"version": "2", "date": "2025-03"}]},
    ),
)
