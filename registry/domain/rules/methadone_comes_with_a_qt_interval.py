"""W03: methadone without a QT interval."""

from collections.abc import Iterator

from registry.domain.case import Case
from registry.domain.outcomes.opioid_regimen import opioids
from registry.domain.rules.rule import Context, Hit, Rule


def check(case: Case, context: Context) -> Iterator[Hit]:
    taken = opioids(case).taken
    methadone = [one.record for one in taken if one.dose.inn == "methadone"]
    if methadone and all(record.qtc_ms is None for record in methadone):
        first = methadone[0]
        yield Hit(first, "qtc_ms", {"start": first.start or first.at or first.time_point})


RULE = Rule(
    id="W03",
    version=1,
    severity="note",
    title="Methadone comes with a QT interval",
    sentence="With methadone the corrected QT interval is recorded.",
    message="Methadone is recorded ({start}) without a corrected QT interval. Send `qtc_ms` if it "
    "was measured.",
    why="Methadone prolongs the QT interval, and deaths under it are judged with it. From memory, "
    "check before the statistical analysis plan is frozen.",
    fields=("analgesic.drug_name", "analgesic.qtc_ms"),
    good=(
        {"analgesic": [{"drug_name": "methadone", "drug_class": "opioid", "qtc_ms": 430}]},
        {"analgesic": [{"drug_name": "morphine", "drug_class": "opioid"}]},
    ),
    bad=({"analgesic": [{"drug_name": "methadone", "drug_class": "opioid", "start": "2025-03-01"}]},),
    check=check,
)
