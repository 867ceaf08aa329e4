"""The catalogue of rules: one clinical idea per file, listed here in order of id."""

from registry.domain.rules import (
    birth_before_every_event,
    diagnosis_not_before_onset,
    event_not_after_death,
)
from registry.domain.rules.rule import Rule

RULES: tuple[Rule, ...] = (
    birth_before_every_event.RULE,  # E01
    event_not_after_death.RULE,  # E02
    diagnosis_not_before_onset.RULE,  # E03
)

RULES_BY_ID: dict[str, Rule] = {rule.id: rule for rule in RULES}
