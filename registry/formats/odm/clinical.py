"""The data of a case: each version of each record as a transaction, with who sent it, when, and why it differs.

A value that a later version no longer has is sent as null, so that the transactions, played in their order, give the
current record. The time of an audit record is the hospital's own time of recording; the submission and the time at which
the registry accepted it stand in its source.
"""

from collections.abc import Iterator, Mapping
from typing import Any

from registry.domain.case import Version
from registry.formats.columns import columns
from registry.formats.exported import AskedQuery, ExportedCase
from registry.formats.odm.metadata import EVENT, MISSING, QUERY, RULE, group_oid, item_of, item_oid
from registry.formats.odm.xml import element, text

Place = tuple[str, int]
"""An item by its path, and the number of its group's member (0 outside repeated groups)."""


def subject(case: ExportedCase) -> str:
    """The data of a subject."""
    asked: dict[tuple[str, str], list[AskedQuery]] = {}
    known = set(case.case.versions)
    for query in case.queries:
        place = (query.form, query.key)
        asked.setdefault(place if place in known else ("", ""), []).append(query)
    forms = [
        part
        for record, versions in case.case.versions.items()
        for part in _transactions(case, versions, asked.get(record, []))
    ]
    event = element("StudyEventData", {"StudyEventOID": EVENT, "TransactionType": "Insert"}, forms)
    children = [
        element("SiteRef", {"LocationOID": f"LOC.{case.site}"}),
        *_annotations(asked.get(("", ""), [])),
        event,
    ]
    return element("SubjectData", {"SubjectKey": case.registry_id, "TransactionType": "Insert"}, children)


def _transactions(
    case: ExportedCase, versions: tuple[Version, ...], queries: list[AskedQuery]
) -> Iterator[str]:
    before: dict[Place, str] = {}
    for number, version in enumerate(versions):
        removed = version.content.retracted is not None
        facts = {
            "FormOID": f"FO.{version.form}",
            "FormRepeatKey": version.content.key if version.content.KEY else None,
            "TransactionType": "Remove" if removed else "Update" if number else "Insert",
        }
        children = [_audit(case, version)]
        if version is versions[-1]:
            children += _annotations(queries)
        if not removed:
            now = values(version)
            children += _groups(version, now, before)
            before = now
        yield element("FormData", facts, children)


def _audit(case: ExportedCase, version: Version) -> str:
    came = case.came(version)
    reason = version.content.retracted or version.reason
    source = f"submission {came.submission}, accepted {came.at.isoformat(timespec='seconds')}"
    parts = [
        element("UserRef", {"UserOID": f"USR.{case.site}"}),
        element("LocationRef", {"LocationOID": f"LOC.{case.site}"}),
        element("DateTimeStamp", {}, [version.recorded_at.isoformat(timespec="seconds")]),
        *([element("ReasonForChange", {}, [text(reason)])] if reason else []),
        element("SourceID", {}, [text(source)]),
    ]
    return element("AuditRecord", {}, parts)


def _annotations(queries: list[AskedQuery]) -> list[str]:
    """Each query as an annotation with its state and rule, and each of its answers as one more."""
    said: list[tuple[str, str, AskedQuery]] = []
    for query in queries:
        said.append(("Sponsor", query.message, query))
        for entry in query.history:
            if entry.get("text"):
                words = f"{entry['action']} by {entry['actor']} at {entry['at']}: {entry['text']}"
                said.append(("Site" if entry["action"] == "answer" else "Sponsor", words, query))
    return [
        element(
            "Annotation",
            {"SeqNum": str(number)},
            [
                element("Comment", {"SponsorOrSite": side}, [text(words)]),
                _flag(query.state, QUERY),
                _flag(query.rule, RULE),
            ],
        )
        for number, (side, words, query) in enumerate(said, 1)
    ]


def _flag(value: str, kind: str) -> str:
    return element(
        "Flag",
        {},
        [
            element("FlagValue", {"CodeListOID": f"CL.{kind}"}, [text(value)]),
            element("FlagType", {"CodeListOID": "CL.FLAGTYPE"}, [kind]),
        ],
    )


def _groups(version: Version, now: Mapping[Place, str], before: Mapping[Place, str]) -> Iterator[str]:
    form, missing = version.form, version.content.missing
    gone = [(place, None) for place in before if place not in now]
    nulls: dict[Place, str | None] = dict(gone)
    for name, reason in missing.items():
        path = item_of(form, name)
        nulls[path, 1 if "[]" in path else 0] = reason
    groups: dict[tuple[str, int], list[str]] = {}
    for (path, member), value in now.items():
        item = element("ItemData", {"ItemOID": item_oid(form, path), "Value": value})
        groups.setdefault((path.rpartition("[].")[0], member), []).append(item)
    for (path, member), why in nulls.items():
        note = []
        if why:
            flag = _flag(why, MISSING)
            note = [element("Annotation", {"SeqNum": "1"}, [flag])]
        item = element("ItemData", {"ItemOID": item_oid(form, path), "IsNull": "Yes"}, note)
        groups.setdefault((path.rpartition("[].")[0], member), []).append(item)
    for (group, member), items in groups.items():
        facts = {
            "ItemGroupOID": group_oid(form, group),
            "ItemGroupRepeatKey": str(member) if group else None,
            "TransactionType": "Upsert",
        }
        yield element("ItemGroupData", facts, items)


def values(version: Version) -> dict[Place, str]:
    """The stated values of a record by item: as text, lists joined by semicolons.

    That a group is empty cannot be said here: an empty group is no item.
    """
    content = version.content.model_dump(mode="json", exclude_none=True, exclude={"missing", "retracted"})
    known = columns(version.form)
    return {place: value for place, value in _leaves(content, "", 0) if place[0] in known}


def _leaves(content: Mapping[str, Any], prefix: str, member: int) -> Iterator[tuple[Place, str]]:
    for name, value in content.items():
        path = f"{prefix}{name}"
        if isinstance(value, dict):
            yield from _leaves(value, f"{path}.", member)
        elif isinstance(value, list) and value and isinstance(value[0], dict):
            for number, one in enumerate(value, 1):
                yield from _leaves(one, f"{path}[].", number)
        else:
            yield (path, member), _written(value)


def _written(value: Any) -> str:
    match value:
        case bool():
            return "true" if value else "false"
        case list():
            return ";".join(map(_written, value))
        case float():
            return f"{value:.10g}"
        case _:
            return str(value)
