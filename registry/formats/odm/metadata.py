"""The metadata of an ODM file: one form for each form of the dictionary, an item group for each repeated group."""

from collections.abc import Iterator

from registry.domain.forms import DICTIONARY_VERSION, FORMS
from registry.domain.forms.form import NULL_REASONS, Form
from registry.domain.queries import MEANING
from registry.domain.rules import RULES
from registry.formats.columns import Column, columns
from registry.formats.odm.xml import element, text, translated

STUDY = "ST.MPS"
VERSION = f"MDV.{DICTIONARY_VERSION}"
EVENT = "SE.REGISTRY"
MISSING, QUERY, RULE = "MISSING", "QUERY", "RULE"
"""Types of flags: why a value is null, the state of a query, the rule that asks."""

_TYPES = {
    "integer": "integer",
    "number": "float",
    "boolean": "boolean",
    "partial date": "partialDate",
    "exact date": "date",
}


def group_of(path: str) -> str:
    """The repeated group a column is in; empty for one of the form itself."""
    return path.rpartition("[].")[0]


def group_oid(form: str, group: str) -> str:
    """Identifier of an item group."""
    return f"IG.{form}.{group}" if group else f"IG.{form}"


def item_oid(form: str, path: str) -> str:
    """Identifier of an item."""
    return f"IT.{form}.{path.replace('[]', '')}"


def item_of(form: str, name: str) -> str:
    """The path of the item that stands for a variable of the form: its own, or the first of its group."""
    return next(path for path, column in columns(form).items() if column.top == name)


def study() -> str:
    """The study with its definitions."""
    return element("Study", {"OID": STUDY}, [_names(), _units(), _version()])


def _names() -> str:
    names = (
        ("StudyName", "MPS"),
        ("StudyDescription", "Registry of malignant psoas syndrome"),
        ("ProtocolName", "MPS"),
    )
    return element("GlobalVariables", {}, [element(tag, {}, [text(words)]) for tag, words in names])


def _units() -> str:
    units = sorted(
        {c.variable.unit for form in FORMS for c in _items(form) if c.variable and c.variable.unit}
    )
    made = (
        element(
            "MeasurementUnit",
            {"OID": f"MU.{unit}", "Name": unit},
            [element("Symbol", {}, [translated(unit)])],
        )
        for unit in units
    )
    return element("BasicDefinitions", {}, made)


def _version() -> str:
    forms = [element("FormRef", {"FormOID": f"FO.{form.NAME}", "Mandatory": "No"}) for form in FORMS]
    event = {"OID": EVENT, "Name": "Registry", "Repeating": "No", "Type": "Common"}
    parts = [
        element("Protocol", {}, [element("StudyEventRef", {"StudyEventOID": EVENT, "Mandatory": "Yes"})]),
        element("StudyEventDef", event, forms),
        *(_form(form) for form in FORMS),
        *(group for form in FORMS for group in _groups(form)),
        *(_item(form, column) for form in FORMS for column in _items(form)),
        *_codelists(),
    ]
    name = f"Data dictionary {DICTIONARY_VERSION}"
    return element("MetaDataVersion", {"OID": VERSION, "Name": name}, parts)


def _items(form: type[Form]) -> list[Column]:
    """The columns of a form; a withdrawal is a transaction and no item."""
    return [column for path, column in columns(form.NAME).items() if path != "retracted"]


def _form(form: type[Form]) -> str:
    groups = dict.fromkeys(group_of(column.path) for column in _items(form))
    references = [
        element("ItemGroupRef", {"ItemGroupOID": group_oid(form.NAME, group), "Mandatory": "No"})
        for group in groups
    ]
    facts = {"OID": f"FO.{form.NAME}", "Name": form.TITLE, "Repeating": "Yes" if form.KEY else "No"}
    return element("FormDef", facts, references)


def _groups(form: type[Form]) -> Iterator[str]:
    by_group: dict[str, list[Column]] = {}
    for column in _items(form):
        by_group.setdefault(group_of(column.path), []).append(column)
    for group, mine in by_group.items():
        references = [
            element(
                "ItemRef",
                {"ItemOID": item_oid(form.NAME, column.path), "OrderNumber": str(number), "Mandatory": "No"},
            )
            for number, column in enumerate(mine, 1)
        ]
        name = f"{form.TITLE}: {group}" if group else form.TITLE
        facts = {"OID": group_oid(form.NAME, group), "Name": name, "Repeating": "Yes" if group else "No"}
        yield element("ItemGroupDef", facts, references)


def _item(form: type[Form], column: Column) -> str:
    variable = column.variable
    unit, binding = (variable.unit, variable.binding) if variable else ("", "")
    data_type = "text" if column.many else _TYPES.get(column.kind, "text")
    coded = column.kind == "choice" and not column.many
    length = str((variable and variable.max_length) or 500) if data_type == "text" else None
    children = [element("Question", {}, [translated(column.meaning)])]
    if unit:
        children.append(element("MeasurementUnitRef", {"MeasurementUnitOID": f"MU.{unit}"}))
    if coded:
        children.append(
            element("CodeListRef", {"CodeListOID": f"CL.{form.NAME}.{column.path.replace('[]', '')}"})
        )
    if binding:
        system, _, code = binding.partition(" ")
        children.append(element("Alias", {"Context": system, "Name": code or binding}))
    facts = {
        "OID": item_oid(form.NAME, column.path),
        "Name": column.path,
        "DataType": data_type,
        "Length": length,
    }
    return element("ItemDef", facts, children)


def _codelists() -> Iterator[str]:
    for form in FORMS:
        for column in _items(form):
            if column.kind == "choice" and not column.many:
                oid = f"CL.{form.NAME}.{column.path.replace('[]', '')}"
                yield _codelist(oid, column.path, column.values)
    yield _codelist(f"CL.{MISSING}", "Why a value is null", tuple((reason, "") for reason in NULL_REASONS))
    yield _codelist(f"CL.{QUERY}", "State of a query", tuple(MEANING.items()))
    rules = tuple((rule.id, rule.title) for rule in RULES)
    yield _codelist(f"CL.{RULE}", "Rules that ask", rules)
    yield _codelist("CL.FLAGTYPE", "Types of flags", ((MISSING, ""), (QUERY, ""), (RULE, "")))


def _codelist(oid: str, name: str, values: tuple[tuple[str, str], ...]) -> str:
    items = [
        element(
            "CodeListItem", {"CodedValue": value}, [element("Decode", {}, [translated(meaning or value)])]
        )
        for value, meaning in values
    ]
    return element("CodeList", {"OID": oid, "Name": name, "DataType": "text"}, items)
