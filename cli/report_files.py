"""A report's files in a folder, and what is said beside them."""

from pathlib import Path

from registry.errors import WrongUsage
from registry.pipeline import attachments, own_views
from registry.store import reports, withdrawals
from registry.store.database import Work
from registry.store.tables import Report

FLAG_FILE = "FLAGGED.txt"


def write_files(work: Work, report: Report, out: Path) -> Path:
    """Write a report's files to a folder; returns the page to open."""
    for file in reports.files(work.session, report.id):
        target = out / file.name
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(file.content)
    attachments.write(reports.attachments(work.session, report.id), out)
    withdrawn = withdrawals.of_reports(work.session, report.id).get(report.id, {})
    if withdrawn:
        (out / FLAG_FILE).write_text(flag_of(report, withdrawn) + "\n")
    return (out / "report.html").resolve()


def flag_of(report: Report, withdrawn: dict[str, int]) -> str:
    """What is said beside a report, never in it, when patients have withdrawn since."""
    levels = ", ".join(f"{cases} {level.replace('_', ' ')}" for level, cases in withdrawn.items())
    return (
        f"FLAGGED: patients of report {report.number} have withdrawn since it was built ({levels}). The report is not "
        "changed; a new one leaves them out."
    )


def write_own_view(work: Work, report: Report, site: str, out: Path) -> Path:
    """Write a hospital's own view to a folder; returns the page to open. Raises WrongUsage where there is none."""
    for name in own_views.MAIN:
        file = reports.file(work.session, report.id, own_views.name_of(site, name))
        if file is None:
            raise WrongUsage(
                f"report {report.number} has no view of {site}: it is no locked public report, or has none of its patients"
            )
        out.mkdir(parents=True, exist_ok=True)
        (out / name).write_bytes(file.content)
    return (out / "report.html").resolve()
