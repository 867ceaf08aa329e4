"""RS, disease response and clinical classification: response of the tumour on imaging, ECOG, Karnofsky."""

from collections.abc import Iterator

from registry.domain.forms.function import Function
from registry.domain.forms.radiotherapy import Radiotherapy
from registry.domain.forms.systemic_therapy import SystemicTherapy
from registry.formats.cdisc.subject import Subject, dtc
from registry.formats.cdisc.variable import DataSet, Values, Variable, assigned, collected_at, identifiers

CRITERIA = {"RECIST_1_1": "RECIST 1.1", "Lugano_2014": "LUGANO CLASSIFICATION"}


def _rows(subject: Subject) -> Iterator[Values]:
    courses: tuple[Radiotherapy | SystemicTherapy, ...] = (
        *subject.case.all(Radiotherapy),
        *subject.case.all(SystemicTherapy),
    )
    for course in courses:
        response = course.tumour_response
        if response is None or response.category is None:
            continue
        yield {
            "RSSPID": course.key,
            "RSTESTCD": "BESTRESP",
            "RSTEST": "Best Response",
            "RSCAT": CRITERIA.get(response.criteria or ""),
            "RSORRES": response.category,
            "RSSTRESC": response.category,
            "RSDTC": dtc(response.date),
            "RSDY": subject.day(response.date),
            "EPOCH": subject.epoch(response.date),
        }
    for state in subject.case.all(Function):
        for score, category, code, name in (
            (state.ecog, "ECOG", "ECOG101", "ECOG1-Performance Status"),
            (state.kps, "KPS SCALE", "KPSS0101", "KPSS01-Karnofsky Performance Status"),
        ):
            if score is not None:
                yield {
                    "RSTESTCD": code,
                    "RSTEST": name,
                    "RSCAT": category,
                    "RSORRES": str(score),
                    "RSSTRESC": str(score),
                    "RSSTRESN": score,
                    "RSDTC": dtc(state.assess_date),
                    "RSDY": subject.day(state.assess_date),
                    "EPOCH": subject.epoch(state.assess_date),
                }


DATA_SET = DataSet(
    name="RS",
    label="Disease Response and Clin Classification",
    class_name="FINDINGS",
    structure="One record per response or classification per assessment per subject",
    keys=("STUDYID", "USUBJID", "RSTESTCD", "RSDTC", "RSSPID"),
    rows=_rows,
    order="RSDTC",
    variables=(
        *identifiers("RS"),
        assigned("RSSPID", "Sponsor-Defined Identifier", "Perm"),
        assigned("RSTESTCD", "Assessment Short Name", codelist="ONCRTSCD"),
        assigned("RSTEST", "Assessment Name"),
        Variable("RSCAT", "Category for Assessment", core="Exp"),
        Variable("RSORRES", "Result or Finding in Original Units", core="Exp"),
        Variable("RSSTRESC", "Character Result/Finding in Std Format", core="Exp"),
        Variable("RSSTRESN", "Numeric Result/Finding in Standard Units", "float"),
        *collected_at("RS"),
    ),
)
