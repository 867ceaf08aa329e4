"""What a check says about data: a value, never an exception.

``reject`` sends the submission back with reasons, ``query`` accepts it and asks the hospital, ``note`` annotates.
"""

from dataclasses import dataclass, field
from typing import Any, Literal

Severity = Literal["reject", "query", "note"]


@dataclass(frozen=True, slots=True)
class Finding:
    """One statement about one place in the data.

    rule      id of the rule (``E03``) or of the schema check (``unknown_field``)
    pointer   JSON pointer (RFC 6901) into the submission when the place came with it, otherwise into the case as
              it would be sent (``/forms/pain_assessment/2/nrs_worst``); empty for the whole document
    message   what is wrong and what to do, for the person who sent it
    form/key  the record spoken of; empty for the envelope or for the case as a whole
    values    the offending values by field, as sent: the fingerprint by which a query is recognised again
    """

    rule: str
    severity: Severity
    pointer: str
    message: str
    form: str = ""
    key: str = ""
    values: dict[str, Any] = field(default_factory=dict)

    def as_json(self) -> dict[str, Any]:
        """The finding as receipts show it."""
        return {
            "rule": self.rule,
            "severity": self.severity,
            "pointer": self.pointer,
            "message": self.message,
            "form": self.form,
            "key": self.key,
            "values": self.values,
        }


def rejects(findings: list[Finding]) -> bool:
    """True when the findings send the submission back."""
    return any(f.severity == "reject" for f in findings)


def escape(part: str) -> str:
    """One step of a JSON pointer (RFC 6901)."""
    return part.replace("~", "~0").replace("/", "~1")
