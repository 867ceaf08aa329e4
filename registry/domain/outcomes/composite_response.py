"""Response of the syndrome: the pain responded and, where function was impaired before, function did too.

    (best response within 12 weeks is CR or PR) and (functional response, where function was impaired)

No published threshold: registry decision.
"""

from collections.abc import Iterator

from registry.domain.case import Case
from registry.domain.outcomes.functional_response import functional_responses
from registry.domain.outcomes.outcome import Basis, Derived, Outcome
from registry.domain.outcomes.response_category import RESPONDERS
from registry.domain.outcomes.symptom_response import symptom_responses


def _derive(case: Case, basis: Basis) -> Iterator[Derived]:
    pain = {row.subject: row for row in symptom_responses(case, basis)}
    for function in functional_responses(case, basis):
        best = pain.get(f"{function.subject}|best")
        if best is not None:
            yield _composite(function.subject, best, function)


def _composite(subject: str, pain: Derived, function: Derived) -> Derived:
    inputs = (*pain.inputs, *function.inputs)
    responder = None if pain.reason or pain.value is None else pain.value["category"] in RESPONDERS
    impaired = function.reason != "not_impaired"
    regained = None if function.reason or function.value is None else function.value["response"]
    if responder is None:
        text = "The response of the syndrome cannot be judged, because that of the pain cannot."
        return Derived(subject, None, text, pain.reason, inputs=inputs)
    if responder and impaired and regained is None:
        text = "The pain responded; whether function did is not known."
        return Derived(subject, None, text, function.reason, inputs=inputs)
    response = responder and (not impaired or bool(regained))
    text = "The pain responded" if responder else "The pain did not respond"
    if responder:
        text += (
            ", and so did function" if response and impaired else ", but function did not" if impaired else ""
        )
    value = {"response": response, "pain": responder, "function": regained}
    return Derived(subject, value, text + ".", flags=pain.flags, inputs=inputs)


OUTCOME = Outcome(
    id="RESPMPS",
    version=1,
    title="Response of the syndrome",
    definition="CR or PR as best response within 12 weeks, and functional response where function was "
    "impaired.",
    source="registry decision",
    derive=_derive,
    uses_opioid_table=True,
)
