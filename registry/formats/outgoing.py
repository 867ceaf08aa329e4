"""Which formats go out: a name, what it is, and the function that writes it. Each is imported when it is asked for."""

from dataclasses import dataclass
from importlib import import_module

from registry.errors import WrongUsage
from registry.formats.exported import Write


@dataclass(frozen=True, slots=True)
class Outgoing:
    """An outgoing format.

    place     module and function that writes it
    profiles  it knows the sharing profiles; the others hold whole records and never leave under one
    """

    name: str
    title: str
    place: str
    profiles: bool = False

    @property
    def write(self) -> Write:
        """The function that writes it."""
        module, _, function = self.place.partition(":")
        found: Write = getattr(import_module(f"registry.formats.{module}"), function)
        return found


FORMATS: dict[str, Outgoing] = {
    one.name: one
    for one in (
        Outgoing("csv", "data set for analysts as CSV with a codebook", "analysis.save:write_csv", True),
        Outgoing("spss", "data set for analysts as labelled SPSS files", "analysis.save:write_spss", True),
        Outgoing("stata", "data set for analysts as labelled Stata files", "analysis.save:write_stata", True),
        Outgoing("r", "data set for analysts as CSV with a script for R", "analysis.save:write_r", True),
        Outgoing("records", "records as CSV, as the registry takes them in", "records:write_records"),
        Outgoing("adam", "CDISC ADaM: Dataset-JSON, transport files, Define-XML", "cdisc.save:write_adam"),
        Outgoing("sdtm", "CDISC SDTM: Dataset-JSON, transport files, Define-XML", "cdisc.save:write_sdtm"),
        Outgoing("fhir", "FHIR R4 bundles of mCODE STU4, one file per case", "mcode.bundle:write_bundles"),
        Outgoing("fhir-ndjson", "the same bundles, one per line of one file", "mcode.bundle:write_ndjson"),
        Outgoing(
            "phenopackets", "GA4GH phenopackets 2.0, one file per case", "phenopackets.packet:write_packets"
        ),
        Outgoing("odm", "CDISC ODM 1.3.2 with audit records and queries", "odm.document:write_odm"),
    )
}


def outgoing(name: str) -> Outgoing:
    """The format of that name. Raises ``WrongUsage`` naming those there are."""
    if name not in FORMATS:
        raise WrongUsage(f"there is no format {name[:40]}; choose one of {', '.join(FORMATS)}")
    return FORMATS[name]
