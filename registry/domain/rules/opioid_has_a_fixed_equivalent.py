"""Q19: opioids without a fixed morphine equivalent are confirmed."""

from collections.abc import Iterator

from registry.domain.case import Case
from registry.domain.outcomes.omedd import NEURAXIAL_ROUTES
from registry.domain.outcomes.opioid_regimen import opioids
from registry.domain.rules.rule import Context, Hit, Rule

WHY_NOT = {
    "methadone": "its ratio to morphine rises with the dose",
    "buprenorphine": "it competes with other opioids and tables disagree",
}


def check(case: Case, context: Context) -> Iterator[Hit]:
    asked = set()
    for one in opioids(case).taken:
        record, drug = one.record, one.dose.inn
        reason = (
            f"given by the {record.route} route, for which ratios are estimates"
            if record.route in NEURAXIAL_ROUTES
            else WHY_NOT.get(drug)
        )
        if reason is not None and (drug, reason) not in asked:
            asked.add((drug, reason))
            yield Hit(record, "drug_name", {"drug": drug, "reason": reason})


RULE = Rule(
    id="Q19",
    version=1,
    severity="query",
    title="Opioid has a fixed equivalent",
    sentence="The opioids that were given have a fixed oral morphine equivalent; others are confirmed.",
    message="{drug}: {reason}. The oral morphine equivalent is flagged and the opioid part of the "
    "response is left open. Confirm drug, route and dose; this is asked once for each such drug.",
    why="20 mg of methadone are 94 mg of morphine by CDC 2022 and 80 mg by the bands of CDC 2017, 60 "
    "mg are 282 and 600: a change of dose can turn a response into its opposite.",
    fields=("analgesic.drug_name", "analgesic.drug_class", "analgesic.route"),
    good=(
        {"analgesic": [{"drug_name": "oxycodone", "drug_class": "opioid", "route": "PO"}]},
        {"analgesic": [{"drug_name": "bupivacaine", "drug_class": "local_anaesthetic", "route": "epidural"}]},
    ),
    bad=(
        {"analgesic": [{"drug_name": "methadone", "drug_class": "opioid", "route": "PO"}]},
        {"analgesic": [{"drug_name": "buprenorphine", "drug_class": "opioid", "route": "TD"}]},
        {"analgesic": [{"drug_name": "morphine", "drug_class": "opioid", "route": "intrathecal"}]},
    ),
    check=check,
)
