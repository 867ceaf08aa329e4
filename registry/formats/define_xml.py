"""CDISC Define-XML 2.1: what the variables of exported data sets mean, where they come from, which terms they hold."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from xml.etree.ElementTree import Element, SubElement, indent, register_namespace, tostring

from registry.formats.cdisc.codelists import CODELISTS, Codelist
from registry.formats.cdisc.subject import STUDY
from registry.formats.cdisc.variable import DataSet, Variable
from registry.formats.exported import About

ODM = "http://www.cdisc.org/ns/odm/v1.3"
DEF = "http://www.cdisc.org/ns/def/v2.1"
XLINK = "http://www.w3.org/1999/xlink"
XML = "http://www.w3.org/XML/1998/namespace"

_TYPES = {
    "text": "text",
    "partialDate": "partialDate",
    "integer": "integer",
    "float": "float",
    "date": "integer",
}


@dataclass(frozen=True, slots=True)
class Standard:
    """The implementation guide a set of data sets follows, and the package of its controlled terms."""

    name: str
    version: str
    terminology: str
    publishing_set: str

    @property
    def purpose(self) -> str:
        return "Tabulation" if self.publishing_set == "SDTM" else "Analysis"


def define_xml(
    data_sets: Sequence[tuple[DataSet, Mapping[str, int]]], standard: Standard, about: About
) -> bytes:
    """The document for data sets, each with the width of its variables."""
    for prefix, uri in (("", ODM), ("def", DEF), ("xlink", XLINK)):
        register_namespace(prefix, uri)
    root = Element(
        _odm("ODM"),
        {
            "ODMVersion": "1.3.2",
            "FileType": "Snapshot",
            "FileOID": f"{STUDY}.{standard.publishing_set}.define",
            "CreationDateTime": about.made,
            "SourceSystem": "mps",
            "SourceSystemVersion": about.versions.get("code", ""),
            _def("Context"): "Other",
        },
    )
    study = SubElement(root, _odm("Study"), {"OID": f"STUDY.{STUDY}"})
    variables = SubElement(study, _odm("GlobalVariables"))
    for tag, text in (
        ("StudyName", STUDY),
        ("StudyDescription", "Registry of malignant psoas syndrome"),
        ("ProtocolName", STUDY),
    ):
        SubElement(variables, _odm(tag)).text = text
    version = SubElement(
        study,
        _odm("MetaDataVersion"),
        {
            "OID": f"MDV.{STUDY}",
            "Name": f"{standard.name} {standard.version} data sets",
            _def("DefineVersion"): "2.1.7",
        },
    )
    _standards(version, standard)
    for data_set, _ in data_sets:
        _item_group(version, data_set, standard)
    for data_set, widths in data_sets:
        for variable in data_set.variables:
            _item(version, data_set, variable, widths[variable.name])
    used = {one.codelist for data_set, _ in data_sets for one in data_set.variables if one.codelist}
    for name in sorted(used):
        _codelist(version, CODELISTS[name])
    _methods(version, [data_set for data_set, _ in data_sets])
    indent(root)
    written: bytes = tostring(root, encoding="utf-8", xml_declaration=True)
    return written + b"\n"


def _standards(version: Element, standard: Standard) -> None:
    standards = SubElement(version, _def("Standards"))
    guide = {
        "OID": "STD.1",
        "Name": standard.name,
        "Type": "IG",
        "Version": standard.version,
        "Status": "Final",
    }
    SubElement(standards, _def("Standard"), guide)
    terms = {
        "OID": "STD.2",
        "Name": "CDISC/NCI",
        "Type": "CT",
        "PublishingSet": standard.publishing_set,
        "Version": standard.terminology,
        "Status": "Final",
    }
    SubElement(standards, _def("Standard"), terms)


def _item_group(version: Element, data_set: DataSet, standard: Standard) -> None:
    name = data_set.name
    facts = {
        "OID": f"IG.{name}",
        "Name": name,
        "Repeating": "No" if data_set.structure == "One record per subject" else "Yes",
        "IsReferenceData": "No",
        "SASDatasetName": name,
        "Purpose": standard.purpose,
        _def("Structure"): data_set.structure,
        _def("ArchiveLocationID"): f"LF.{name}",
        _def("StandardOID"): "STD.1",
    }
    if standard.publishing_set == "SDTM":
        facts["Domain"] = name.removeprefix("SUPP")
    group = SubElement(version, _odm("ItemGroupDef"), facts)
    _description(group, data_set.label)
    for number, variable in enumerate(data_set.variables, 1):
        reference = {
            "ItemOID": f"IT.{name}.{variable.name}",
            "OrderNumber": str(number),
            "Mandatory": "Yes" if variable.core == "Req" else "No",
        }
        if variable.name in data_set.keys:
            reference["KeySequence"] = str(data_set.keys.index(variable.name) + 1)
        if variable.origin == "Derived":
            reference["MethodOID"] = f"MT.{name}.{variable.name}"
        SubElement(group, _odm("ItemRef"), reference)
    kind = SubElement(group, _def("Class"), {"Name": data_set.class_name})
    if data_set.subclass:
        SubElement(kind, _def("SubClass"), {"Name": data_set.subclass})
    file = f"{name.lower()}.xpt"
    leaf = SubElement(group, _def("leaf"), {"ID": f"LF.{name}", f"{{{XLINK}}}href": file})
    SubElement(leaf, _def("title")).text = file


def _item(version: Element, data_set: DataSet, variable: Variable, width: int) -> None:
    facts = {
        "OID": f"IT.{data_set.name}.{variable.name}",
        "Name": variable.name,
        "DataType": _TYPES[variable.type],
        "SASFieldName": variable.name,
    }
    if variable.type != "partialDate":
        facts["Length"] = str(width if variable.type == "text" else 8)
    if variable.type == "float":
        facts["SignificantDigits"] = "4"
    if variable.type == "date":
        facts[_def("DisplayFormat")] = "DATE9."
    item = SubElement(version, _odm("ItemDef"), facts)
    _description(item, variable.label)
    if variable.codelist:
        SubElement(item, _odm("CodeListRef"), {"CodeListOID": f"CL.{variable.codelist}"})
    facts = {"Type": variable.origin}
    if variable.origin == "Collected":
        facts["Source"] = "Investigator"
    elif variable.origin != "Predecessor":
        facts["Source"] = "Sponsor"
    origin = SubElement(item, _def("Origin"), facts)
    if variable.origin == "Predecessor":
        _description(origin, variable.method)


def _codelist(version: Element, codelist: Codelist) -> None:
    number = all(term.isdigit() for term in codelist.terms)
    facts = {
        "OID": f"CL.{codelist.name}",
        "Name": codelist.title,
        "DataType": "integer" if number else "text",
    }
    facts |= {_def("StandardOID"): "STD.2"} if codelist.nci else {_def("IsNonStandard"): "Yes"}
    made = SubElement(version, _odm("CodeList"), facts)
    for term in codelist.terms:
        SubElement(made, _odm("EnumeratedItem"), {"CodedValue": term})
    if codelist.nci:
        SubElement(made, _odm("Alias"), {"Context": "nci:ExtCodeID", "Name": codelist.nci})


def _methods(version: Element, data_sets: Iterable[DataSet]) -> None:
    for data_set in data_sets:
        for variable in data_set.variables:
            if variable.origin == "Derived":
                name = f"{data_set.name}.{variable.name}"
                facts = {"OID": f"MT.{name}", "Name": f"Derivation of {name}", "Type": "Computation"}
                _description(SubElement(version, _odm("MethodDef"), facts), variable.method)


def _description(parent: Element, text: str) -> None:
    language = {f"{{{XML}}}lang": "en"}
    SubElement(SubElement(parent, _odm("Description")), _odm("TranslatedText"), language).text = text


def _odm(tag: str) -> str:
    return f"{{{ODM}}}{tag}"


def _def(tag: str) -> str:
    return f"{{{DEF}}}{tag}"
