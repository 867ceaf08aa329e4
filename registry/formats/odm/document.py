"""The ODM file: metadata, the people and places of the audit records, then the data, subject by subject."""

import tempfile
from collections.abc import Iterable

from registry.formats.exported import About, ExportedCase
from registry.formats.folder import Folder
from registry.formats.odm.clinical import subject
from registry.formats.odm.metadata import STUDY, VERSION, study
from registry.formats.odm.xml import element, start, text

_HEAD = '<?xml version="1.0" encoding="UTF-8"?>\n'


def write_odm(cases: Iterable[ExportedCase], about: About, folder: Folder) -> None:
    """``odm.xml``. The sites come before the data, so the data wait on disk until all sites are known."""
    sites: dict[str, None] = {}
    with tempfile.TemporaryFile() as waiting, folder.file("odm.xml") as out:
        for case in cases:
            sites[case.site] = None
            waiting.write(subject(case).encode() + b"\n")
        facts = {
            "xmlns": "http://www.cdisc.org/ns/odm/v1.3",
            "ODMVersion": "1.3.2",
            "FileType": "Transactional",
            "Granularity": "All",
            "Archival": "Yes",
            "FileOID": f"MPS.{about.as_of:%Y%m%dT%H%M%SZ}",
            "CreationDateTime": about.made,
            "AsOfDateTime": about.made,
            "SourceSystem": "mps",
            "SourceSystemVersion": about.versions.get("code", ""),
        }
        out.write(f"{_HEAD}{start('ODM', facts)}\n{study()}\n{_admin(list(sites), about)}\n".encode())
        data = {"StudyOID": STUDY, "MetaDataVersionOID": VERSION}
        out.write(f"{start('ClinicalData', data)}\n".encode())
        waiting.seek(0)
        while part := waiting.read(1 << 18):
            out.write(part)
        out.write(b"</ClinicalData>\n</ODM>\n")


def _admin(sites: list[str], about: About) -> str:
    """A user and a location for each site: the registry knows who sent by the key of the site."""
    users = [
        element(
            "User",
            {"OID": f"USR.{site}", "UserType": "Other"},
            [element("DisplayName", {}, [text(f"Site {site}")])],
        )
        for site in sites
    ]
    since = about.as_of.date().isoformat()
    reference = {"StudyOID": STUDY, "MetaDataVersionOID": VERSION, "EffectiveDate": since}
    places = [
        element(
            "Location",
            {"OID": f"LOC.{site}", "Name": site, "LocationType": "Site"},
            [element("MetaDataVersionRef", reference)],
        )
        for site in sites
    ]
    return element("AdminData", {"StudyOID": STUDY}, [*users, *places])
