"""TU, tumor identification: the lesion in the psoas of each side, as the first imaging study of the side shows it."""

from collections.abc import Iterator

from registry.domain.forms.mps_episode import Imaging, MpsEpisode
from registry.formats.cdisc.subject import Subject, dtc
from registry.formats.cdisc.variable import DataSet, Values, Variable, assigned, collected_at, identifiers

METHOD = {"CT": "CT SCAN", "CECT": "CT SCAN", "MRI": "MRI", "PET_CT": "PET/CT SCAN", "US": "ULTRASOUND"}


def lesion(episode: MpsEpisode, side: str) -> str:
    """The link of a lesion: ``PSOAS-1-L``."""
    return f"PSOAS-{episode.episode_no}-{side[0].upper()}"


def sides(side: str | None) -> tuple[str, ...]:
    """The sides an answer names."""
    return ("left", "right") if side == "bilateral" else (side,) if side in ("left", "right") else ()


def diameter(imaging: Imaging) -> float | None:
    """The longest of the measured diameters, in mm."""
    sizes = (imaging.lesion_ap_mm, imaging.lesion_lr_mm, imaging.lesion_si_mm)
    return max((size for size in sizes if size is not None), default=None)


def _rows(subject: Subject) -> Iterator[Values]:
    for episode in subject.case.all(MpsEpisode):
        for side in sides(episode.side):
            seen = [one for one in episode.imaging or () if side in sides(one.side)]
            first = min(seen, key=lambda one: one.date.text if one.date else "9999", default=None)
            measured = any(one.side == side and diameter(one) is not None for one in seen)
            result = "TARGET" if measured else "NON-TARGET"
            written = first.date if first else None
            yield {
                "TULNKID": lesion(episode, side),
                "TUTESTCD": "TUMIDENT",
                "TUTEST": "Tumor Identification",
                "TUORRES": result,
                "TUSTRESC": result,
                "TULOC": "ILIOPSOAS MUSCLE",
                "TULAT": side.upper(),
                "TUMETHOD": METHOD.get((first.modality if first else None) or ""),
                "TUDTC": dtc(written),
                "TUDY": subject.day(written),
                "EPOCH": subject.epoch(written),
            }


DATA_SET = DataSet(
    name="TU",
    label="Tumor/Lesion Identification",
    class_name="FINDINGS",
    structure="One record per identified tumor per subject",
    keys=("STUDYID", "USUBJID", "TULNKID"),
    rows=_rows,
    order="TUDTC",
    variables=(
        *identifiers("TU"),
        assigned("TULNKID", "Link ID", "Exp"),
        assigned("TUTESTCD", "Tumor/Lesion ID Short Name", codelist="TUTESTCD"),
        assigned("TUTEST", "Tumor/Lesion ID Test Name"),
        Variable("TUORRES", "Tumor/Lesion ID Result", core="Exp", codelist="TUIDRS"),
        Variable("TUSTRESC", "Tumor/Lesion ID Result Std. Format", core="Exp", codelist="TUIDRS"),
        assigned("TULOC", "Location of the Tumor/Lesion", "Exp", "LOC"),
        Variable("TULAT", "Laterality", codelist="LAT"),
        Variable("TUMETHOD", "Method of Identification", core="Exp", codelist="METHOD"),
        *collected_at("TU"),
    ),
)
