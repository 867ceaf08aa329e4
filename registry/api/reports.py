"""``/v1/reports``: the aggregated reports."""

from typing import Any

from fastapi import APIRouter, Response

from registry.api.deps import CallerDep, RegistryDep
from registry.api.parameters import iso
from registry.api.problems import responses
from registry.errors import NotFound
from registry.ids import as_uuid
from registry.store import reports
from registry.store.tables import Report

router = APIRouter(prefix="/v1/reports", tags=["reports"])

VISIBLE = ("published", "superseded")

MAIN_FILES = {"html": "report.html", "json": "report.json"}


@router.get("", summary="Public reports, newest first", responses=responses())
def page(registry: RegistryDep, caller: CallerDep) -> dict[str, Any]:
    """Sites read the public reports: with disclosure control, the same for everyone."""
    with registry.work(caller.site_pass) as work:
        found = reports.every(work.session, "public")
        return {"reports": [_head(report) for report in found if report.state in VISIBLE]}


@router.get("/{report_id}", summary="One report and its files", responses=responses(404, 422))
def show(registry: RegistryDep, caller: CallerDep, report_id: str) -> dict[str, Any]:
    """Versions, hash of the input, and every file with its checksum."""
    with registry.work(caller.site_pass) as work:
        report = _public(reports.one(work.session, as_uuid(report_id)))
        files = reports.files(work.session, report.id)
        return _head(report) | {
            "versions": report.versions,
            "input_hash": report.input_hash,
            "files": [
                {"name": f.name, "media_type": f.media_type, "bytes": len(f.content), "sha256": f.sha256}
                for f in files
            ],
        }


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
        found = reports.file(work.session, report.id, MAIN_FILES.get(name, name))
        if found is None:
            raise NotFound("the report has no such file; GET the report for their names")
        return Response(found.content, media_type=found.media_type, headers={"ETag": f'"{found.sha256}"'})


def _public(report: Report | None) -> Report:
    if report is None or report.audience != "public" or report.state not in VISIBLE:
        raise NotFound("there is no published report with this id")
    return report


def _head(report: Report) -> dict[str, Any]:
    return {
        "id": str(report.id),
        "number": report.number,
        "cutoff": report.cutoff.isoformat(),
        "as_of": iso(report.as_of),
        "built_at": iso(report.built_at),
        "state": report.state,
    }
