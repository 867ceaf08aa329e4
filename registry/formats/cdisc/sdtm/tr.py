"""TR, tumor results: the longest diameter of the lesion in each imaging study that measured it."""

from collections.abc import Iterator

from registry.domain.forms.mps_episode import MpsEpisode
from registry.formats.cdisc.sdtm.tu import METHOD, diameter, lesion
from registry.formats.cdisc.subject import Subject, dtc
from registry.formats.cdisc.variable import DataSet, Values, Variable, assigned, collected_at, identifiers


def _rows(subject: Subject) -> Iterator[Values]:
    for episode in subject.case.all(MpsEpisode):
        for imaging in episode.imaging or ():
            size = diameter(imaging)
            if size is None or imaging.side not in ("left", "right"):
                continue
            yield {
                "TRLNKID": lesion(episode, imaging.side),
                "TRTESTCD": "LDIAM",
                "TRTEST": "Longest Diameter",
                "TRORRES": f"{size:g}",
                "TRORRESU": "mm",
                "TRSTRESC": f"{size:g}",
                "TRSTRESN": size,
                "TRSTRESU": "mm",
                "TRMETHOD": METHOD.get(imaging.modality or ""),
                "TRDTC": dtc(imaging.date),
                "TRDY": subject.day(imaging.date),
                "EPOCH": subject.epoch(imaging.date),
            }


DATA_SET = DataSet(
    name="TR",
    label="Tumor/Lesion Results",
    class_name="FINDINGS",
    structure="One record per tumor measurement per imaging study per subject",
    keys=("STUDYID", "USUBJID", "TRLNKID", "TRTESTCD", "TRDTC"),
    rows=_rows,
    order="TRDTC",
    variables=(
        *identifiers("TR"),
        assigned("TRLNKID", "Link ID", "Exp"),
        assigned("TRTESTCD", "Tumor/Lesion Assessment Short Name", codelist="TRTESTCD"),
        assigned("TRTEST", "Tumor/Lesion Assessment Test Name"),
        Variable("TRORRES", "Result or Finding in Original Units", core="Exp"),
        Variable("TRORRESU", "Original Units", core="Exp", codelist="UNIT"),
        Variable("TRSTRESC", "Character Result/Finding in Std Format", core="Exp"),
        Variable("TRSTRESN", "Numeric Result/Finding in Standard Units", "float", "Exp"),
        Variable("TRSTRESU", "Standard Units", core="Exp", codelist="UNIT"),
        Variable("TRMETHOD", "Method Used to Identify the Tumor/Lesion", core="Exp", codelist="METHOD"),
        *collected_at("TR"),
    ),
)
