"""SUPP--, supplemental qualifiers: facts for which a domain has no variable, one row each."""

from collections.abc import Iterator
from typing import Any

from registry.formats.cdisc.subject import STUDY
from registry.formats.cdisc.variable import DataSet, Values, Variable, assigned


def supplemental(domain: str) -> DataSet:
    """The data set of a domain's qualifiers."""
    return DataSet(
        name=f"SUPP{domain}",
        label=f"Supplemental Qualifiers for {domain}",
        class_name="RELATIONSHIP",
        structure="One record per supplemental qualifier per related parent record",
        keys=("STUDYID", "RDOMAIN", "USUBJID", "IDVAR", "IDVARVAL", "QNAM"),
        rows=lambda subject: iter(()),
        variables=(
            assigned("STUDYID", "Study Identifier"),
            assigned("RDOMAIN", "Related Domain Abbreviation", codelist="DOMAIN"),
            assigned("USUBJID", "Unique Subject Identifier"),
            assigned("IDVAR", "Identifying Variable", "Exp"),
            assigned("IDVARVAL", "Identifying Variable Value", "Exp"),
            assigned("QNAM", "Qualifier Variable Name"),
            assigned("QLABEL", "Qualifier Variable Label"),
            Variable("QVAL", "Data Value", core="Req"),
            assigned("QORIG", "Origin"),
            assigned("QEVAL", "Evaluator", "Exp"),
        ),
    )


def qualifiers(domain: str, row: Values) -> Iterator[Values]:
    """What a numbered row of the domain has beside its variables."""
    number = f"{domain}SEQ"
    for name, label, value in row.get("SUPP", ()):
        if value is not None:
            yield {
                "STUDYID": STUDY,
                "RDOMAIN": domain,
                "USUBJID": row["USUBJID"],
                "IDVAR": number,
                "IDVARVAL": str(row[number]),
                "QNAM": name,
                "QLABEL": label,
                "QVAL": _text(value),
                "QORIG": "CRF",
            }


def _text(value: Any) -> str:
    return f"{value:g}" if isinstance(value, int | float) else str(value)
