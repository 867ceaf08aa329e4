"""QS, questionnaires: the numeric rating of pain, and the Brief Pain Inventory where its interference items came too.

A bare numeric rating has no published test code: NRSWORST, NRSAVG, NRSLEAST and NRSNOW are the registry's own. The words
of the inventory are its owner's; only scores and short names are given, the names from memory.
"""

from collections.abc import Iterator

from registry.domain.forms.pain_assessment import PainAssessment
from registry.formats.cdisc.subject import Subject, dtc, upper
from registry.formats.cdisc.variable import DataSet, Values, Variable, assigned, collected_at, identifiers

SCORES = (
    ("nrs_worst", "NRSWORST", "NRS-Worst Pain", "BPI203", "BPI2-Worst Pain"),
    ("nrs_least", "NRSLEAST", "NRS-Least Pain", "BPI204", "BPI2-Least Pain"),
    ("nrs_average", "NRSAVG", "NRS-Average Pain", "BPI205", "BPI2-Average Pain"),
    ("nrs_now", "NRSNOW", "NRS-Pain Right Now", "BPI206", "BPI2-Pain Right Now"),
)
INTERFERENCE = (
    ("general_activity", "BPI209A", "BPI2-Interference: General Activity"),
    ("mood", "BPI209B", "BPI2-Interference: Mood"),
    ("walking", "BPI209C", "BPI2-Interference: Walking"),
    ("work", "BPI209D", "BPI2-Interference: Normal Work"),
    ("relations", "BPI209E", "BPI2-Interference: Relations"),
    ("sleep", "BPI209F", "BPI2-Interference: Sleep"),
    ("enjoyment", "BPI209G", "BPI2-Interference: Enjoyment of Life"),
)
LOOKS_BACK = {"24h": "-PT24H", "7d": "-P7D"}


def _rows(subject: Subject) -> Iterator[Values]:
    for one in subject.case.all(PainAssessment):
        inventory = one.bpi_interference
        for name, code, test, bpi_code, bpi_test in SCORES:
            score = getattr(one, name)
            if score is not None:
                back = None if name == "nrs_now" else LOOKS_BACK.get(one.recall)
                if inventory:
                    yield _row(subject, one, "BPI SHORT FORM", bpi_code, bpi_test, score, back)
                else:
                    yield _row(subject, one, "PAIN NUMERIC RATING SCALE", code, test, score, back)
        for name, code, test in INTERFERENCE if inventory else ():
            score = getattr(inventory, name)
            if score is not None:
                back = LOOKS_BACK.get(one.recall)
                yield _row(subject, one, "BPI SHORT FORM", code, test, score, back)


def _row(
    subject: Subject, one: PainAssessment, category: str, code: str, test: str, score: int, back: str | None
) -> Values:
    return {
        "QSTESTCD": code,
        "QSTEST": test,
        "QSCAT": category,
        "QSORRES": str(score),
        "QSSTRESC": str(score),
        "QSSTRESN": score,
        "QSDTC": dtc(one.assess_date),
        "QSDY": subject.day(one.assess_date),
        "EPOCH": subject.epoch(one.assess_date),
        "QSEVLINT": back,
        "SUPP": (
            ("QSINDEX", "Pain of the Psoas Lesion", "Y" if one.index_or_nonindex == "index" else "N"),
            ("QSSIDE", "Side of the Pain", upper(one.site_side)),
            ("QSSITE", "Place of the Pain", upper(one.pain_site)),
            ("QSRESP", "Who Answered", upper(one.respondent)),
        ),
    }


DATA_SET = DataSet(
    name="QS",
    label="Questionnaires",
    class_name="FINDINGS",
    structure="One record per score per assessment of a pain per subject",
    keys=("STUDYID", "USUBJID", "QSCAT", "QSTESTCD", "QSDTC", "QSSEQ"),
    rows=_rows,
    order="QSDTC",
    variables=(
        *identifiers("QS"),
        assigned("QSTESTCD", "Question Short Name"),
        assigned("QSTEST", "Question Name"),
        assigned("QSCAT", "Category of Question", "Req"),
        Variable("QSORRES", "Finding in Original Units", core="Exp"),
        Variable("QSSTRESC", "Character Result/Finding in Std Format", core="Exp"),
        Variable("QSSTRESN", "Numeric Finding in Standard Units", "float"),
        *collected_at("QS"),
        Variable("QSEVLINT", "Evaluation Interval"),
    ),
)
