"""``/v1/reports``: the aggregated reports."""

from typing import Any

from fastapi import APIRouter, Response

from registry.api.deps import CallerDep, RegistryDep
from registry.api.parameters import iso
from registry.api.problems import responses
from registry.errors import NotFound
from registry.ids import as_uuid
from registry.pipeline import own_views
from registry.pipeline.callers import Caller
from registry.store import reports, withdrawals
from registry.store.tables import Report, ReportFile

router = APIRouter(prefix="/v1/reports", tags=["reports"])

VISIBLE = ("published", "superseded")

MAIN_FILES = {"html": "report.html", "json": "report.json"}


@router.get("", summary="Public reports, newest first", responses=responses())
def page(registry: RegistryDep, caller: CallerDep) -> dict[str, Any]:
    """Sites read the public reports: with disclosure control, the same for everyone."""
    with registry.work(caller.site_pass) as work:
        found = reports.every(work.session, "public")
        flagged = withdrawals.flagged(work.session)
        return {
            "reports": [_head(report, report.id in flagged) for report in found if report.state in VISIBLE]
        }


@router.get("/{report_id}", summary="One report and its files", responses=responses(404, 422))
def show(registry: RegistryDep, caller: CallerDep, report_id: str) -> dict[str, Any]:
    """Versions, hash of the input, and every file with its checksum; of the hospitals' own views the caller's own."""
    with registry.work(caller.site_pass) as work:
        report = _public(reports.one(work.session, as_uuid(report_id)))
        files = [file for file in reports.files(work.session, report.id) if _readable(file.name, caller)]
        flagged = withdrawals.flagged(work.session)
        return _head(report, report.id in flagged) | {
            "versions": report.versions,
            "input_hash": report.input_hash,
            "files": [
                {"name": f.name, "media_type": f.media_type, "bytes": len(f.content), "sha256": f.sha256}
                for f in files
            ],
        }


@router.get(
    "/{report_id}/own/{kind}",
    summary="The caller's own figures beside those of all other hospitals",
    response_class=Response,
    responses=responses(404, 422),
)
def own(registry: RegistryDep, caller: CallerDep, report_id: str, kind: str) -> Response:
    """``html`` or ``json``: the site's own patients, all others together, and all. Never another site's small numbers."""
    with registry.work(caller.site_pass) as work:
        report = _public(reports.one(work.session, as_uuid(report_id)))
        name = own_views.name_of(caller.site_code or "", MAIN_FILES.get(kind, kind))
        return _answer(
            reports.file(work.session, report.id, name),
            "no patient of this site is in the report, or no such file",
        )


@router.get(
    "/{report_id}/{name:path}",  # the folders of the files are part of their names
    summary="A file of a report",
    response_class=Response,
    responses=responses(404, 422),
)
def file(registry: RegistryDep, caller: CallerDep, report_id: str, name: str) -> Response:
    """``html``, ``json``, or the name of a file that the report lists."""
    with registry.work(caller.site_pass) as work:
        report = _public(reports.one(work.session, as_uuid(report_id)))
        found = (
            reports.file(work.session, report.id, MAIN_FILES.get(name, name))
            if _readable(name, caller)
            else None
        )
        return _answer(found, "the report has no such file; GET the report for their names")


def _readable(name: str, caller: Caller) -> bool:
    """Whether a file of a report is for this caller: any but the own view of another hospital."""
    own = own_views.name_of(caller.site_code or "", "")
    return name.startswith(own) or not name.startswith(own_views.FOLDER)


def _answer(found: ReportFile | None, complaint: str) -> Response:
    if found is None:
        raise NotFound(complaint)
    return Response(found.content, media_type=found.media_type, headers={"ETag": f'"{found.sha256}"'})


def _public(report: Report | None) -> Report:
    if report is None or report.audience != "public" or report.state not in VISIBLE:
        raise NotFound("there is no published report with this id")
    return report


def _head(report: Report, flagged: bool) -> dict[str, Any]:
    """flagged: patients of it have withdrawn the use of their data since; a caller learns no more than that."""
    return {
        "id": str(report.id),
        "number": report.number,
        "cutoff": report.cutoff.isoformat(),
        "as_of": iso(report.as_of),
        "built_at": iso(report.built_at),
        "state": report.state,
        "withdrawn_since": flagged,
    }
