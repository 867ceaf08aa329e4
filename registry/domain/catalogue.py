"""The rule catalogue as plain data, for the API, the command line and the documents."""

from typing import Any

from registry.domain.rules import RULES


def rules_json() -> dict[str, Any]:
    """Every rule with its words and examples."""
    return {
        "rules": [
            {
                "id": rule.id,
                "version": rule.version,
                "severity": rule.severity,
                "blocking": rule.blocking,
                "title": rule.title,
                "sentence": rule.sentence,
                "message": rule.message,
                "why": rule.why,
                "fields": list(rule.fields),
                "enforced_when": "the submission is read" if rule.check is None else "the case is checked",
                "good": list(rule.good),
                "bad": list(rule.bad),
            }
            for rule in RULES
        ]
    }
