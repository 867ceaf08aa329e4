"""Attachments: exports that belong to a staff report, made from the cases that report counts.

Cut-off and as-of time are the report's, and so must be the snapshot: where the registry would count the cases otherwise
today, nothing is attached. An attachment is never replaced. A public report has none, because it names no patient.
"""

import hashlib
import re
import tempfile
import zipfile
from pathlib import Path

import orjson

from registry.errors import Conflict, TooLarge, WrongUsage
from registry.formats.exported import Profile
from registry.formats.folder import MANIFEST
from registry.pipeline.export import export
from registry.pipeline.report_life import thaw, the_report
from registry.settings import Settings
from registry.store import events, reports
from registry.store.database import OpenWork
from registry.store.tables import Report, ReportAttachment

MOST_BYTES = 200_000_000
"""Largest attachment: it is held in memory once. What is larger stays a folder."""


def attach(
    open_work: OpenWork,
    settings: Settings,
    number: int,
    *,
    format_name: str,
    actor: str,
    profile: Profile = "internal",
    agreement: str | None = None,
    round_doses: bool = False,
) -> ReportAttachment:
    """Attach an export to a report; the same again is left as it is.

    Raises as ``export`` does; ``WrongUsage`` for a public report, ``Conflict`` where the cases are no longer those of the
    report, and ``TooLarge``.
    """
    with open_work() as work:
        report = the_report(work, number)
        if report.audience != "staff":
            raise WrongUsage(f"report {number} is public and names no case; attach to a staff report")
        snapshot = thaw(work, report).rows_hash
    with open_work() as work, tempfile.TemporaryDirectory(prefix="mps-attach-") as scratch:
        folder = Path(scratch) / "files"
        made = export(
            work,
            settings,
            format_name=format_name,
            out=folder,
            actor=actor,
            cutoff=report.cutoff,
            as_of=report.as_of,
            profile=profile,
            agreement=agreement,
            round_doses=round_doses,
        )
        if made.snapshot != snapshot:
            raise Conflict(
                f"the cases of report {number} are counted otherwise today (rules or tables have changed); "
                "build the report anew and attach to that one"
            )
        content = _zipped(folder, Path(scratch) / "attachment.zip")
        facts = orjson.loads((folder / MANIFEST).read_bytes())
        name = _name(format_name, profile, agreement)
        attachment = ReportAttachment(
            report_id=report.id,
            name=name,
            content=content,
            sha256=hashlib.sha256(content).hexdigest(),
            facts={**facts, "files": made.files},
        )
        known = reports.attachment(work.session, report.id, name)
        if known is not None and known.sha256 != attachment.sha256:
            raise Conflict(f"report {number} has another {name}; an attachment is never replaced")
        if known is None:
            work.session.add(attachment)
            event = events.happened("report.attached", str(report.id), actor=actor)
            event["detail"] = {"name": name, "sha256": attachment.sha256, "snapshot": snapshot}
            events.add(work.session, [event])
        return known or attachment


def write(attachments: list[ReportAttachment], out: Path) -> None:
    """Write them to the folder ``attachments`` beside the report's files."""
    for one in attachments:
        target = out / "attachments" / one.name
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(one.content)


def differences(report: Report, snapshot: str, attachments: list[ReportAttachment]) -> list[str]:
    """What is wrong with the attachments of a report: their bytes, or the cases they hold."""
    found = []
    for one in attachments:
        if hashlib.sha256(one.content).hexdigest() != one.sha256:
            found.append(f"{one.name}: the stored file does not match its checksum")
        if one.facts["snapshot"] != snapshot:
            found.append(f"{one.name}: made from other cases than report {report.number}")
    return found


def _name(format_name: str, profile: Profile, agreement: str | None) -> str:
    parts = [format_name]
    if profile != "internal":
        parts.append(profile)
    if profile == "limited" and agreement:
        parts.append(re.sub(r"[^A-Za-z0-9.]+", "-", agreement)[:40])
    return "-".join(parts) + ".zip"


def _zipped(folder: Path, target: Path) -> bytes:
    """The folder as a zip file, the same bytes for the same files."""
    with zipfile.ZipFile(target, "w") as packed:
        for path in sorted(path for path in folder.rglob("*") if path.is_file()):
            entry = zipfile.ZipInfo(path.relative_to(folder).as_posix(), (1980, 1, 1, 0, 0, 0))
            entry.compress_type = zipfile.ZIP_DEFLATED
            with path.open("rb") as source, packed.open(entry, "w") as sink:
                while part := source.read(1 << 20):
                    sink.write(part)
    if target.stat().st_size > MOST_BYTES:
        raise TooLarge(
            f"the attachment would have more than {MOST_BYTES // 1_000_000} MB; "
            "write it to a folder: mps export with --cutoff and --as-of of the report"
        )
    return target.read_bytes()
