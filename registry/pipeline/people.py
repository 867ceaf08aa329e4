"""People: who works with the registry, by which role. Each has keys of their own; nobody shares one."""

import re
from typing import Any

from registry.domain.authority import GIVEN, MEANING, OF_A_SITE, OPERATOR
from registry.errors import Conflict, NotAllowed, NotFound, WrongUsage
from registry.pipeline.keys import new_key
from registry.pipeline.sites import the_site
from registry.store import events, keys, people
from registry.store.database import Work
from registry.store.tables import Person

_NAME = re.compile(r"[a-z][a-z0-9._-]{1,39}", re.ASCII)


def add_person(work: Work, name: str, role: str, *, site: str | None, days: int | None, actor: str) -> str:
    """Add a person with a role; returns the first key, which is shown once."""
    if not _NAME.fullmatch(name) or name == OPERATOR:
        raise WrongUsage("a name has 2 to 40 small letters, digits, dots, - and _, for example m.takamatsu")
    if people.by_name(work.session, name):
        raise Conflict(f"there is a person {name} already, perhaps disabled; names are never used again")
    person = Person(name=name, role=_given(role), site_id=_site_of(work, role, site))
    return _added(work, person, site, days, actor)


def first_admin(work: Work, name: str, *, actor: str) -> str:
    """Add an administrator by the authority of the database's owner: the first one, or when all keys are lost."""
    return add_person(work, name, "admin", site=None, days=365, actor=actor)


def operator_key(work: Work) -> str:
    """A new key of the one who runs a registry of their own; keys made for them before are refused."""
    name, actor = OPERATOR, "registry"
    person = people.by_name(work.session, name)
    if person is None:
        return _added(work, Person(name=name, role=OPERATOR), None, None, actor)
    for key_id in keys.active(work.session, site_id=None, person_id=person.id):
        keys.revoke(work.session, key_id)
        events.add(work.session, [events.happened("key.revoked", key_id, actor=actor)])
    return _key(work, person, None, actor)


def change_role(work: Work, name: str, role: str, *, site: str | None, actor: str) -> None:
    """Give a person another role, in force at once."""
    person = _other(work, name, actor)
    before = _facts(person)
    _keep_an_admin(work, person)
    person.role, person.site_id = _given(role), _site_of(work, role, site)
    work.session.add(person)
    _happened(work, "user.role_changed", person, actor, before=before, after=_facts(person))


def disable_person(work: Work, name: str, *, actor: str) -> None:
    """Refuse all keys of a person from now on."""
    person = _other(work, name, actor)
    _keep_an_admin(work, person)
    person.disabled_at = person.disabled_at or work.now()
    work.session.add(person)
    _happened(work, "user.disabled", person, actor)


def further_key(work: Work, name: str, *, days: int | None, actor: str) -> str:
    """A second key of a person, to change from the old one to."""
    person = the_person(work, name)
    if person.disabled_at is not None or person.role == OPERATOR:
        raise Conflict(f"{name} is disabled, or works on the machine of the registry, and gets no key")
    return _key(work, person, days, actor)


def the_person(work: Work, name: str) -> Person:
    """The person of this name."""
    person = people.by_name(work.session, name)
    if person is None:
        raise NotFound(f"there is no person {name}; `mps user list` shows them")
    return person


def _other(work: Work, name: str, actor: str) -> Person:
    """A person other than the one who acts: nobody changes their own rights."""
    people.lock(work.session)
    if actor == f"user:{name}":
        raise NotAllowed("nobody changes their own role or disables themselves; ask another administrator")
    person = the_person(work, name)
    if person.role == OPERATOR:
        raise NotAllowed(
            f"{name} is whoever can read the data folder; take the rights to that folder instead"
        )
    return person


def _keep_an_admin(work: Work, person: Person) -> None:
    if person.role == "admin" and people.active_with(work.session, "admin") == [person.name]:
        raise Conflict(f"{person.name} is the last administrator; add another first")


def _given(role: str) -> str:
    if role not in GIVEN:
        told = "; ".join(f"{name}: {MEANING[name]}" for name in GIVEN)
        raise WrongUsage(f"there is no role {role[:40]} to give. {told}")
    return role


def _site_of(work: Work, role: str, site: str | None) -> int | None:
    if (site is not None) != (role in OF_A_SITE):
        raise WrongUsage(f"the roles {' and '.join(sorted(OF_A_SITE))} take a --site, the others do not")
    return the_site(work, site).id if site else None


def _added(work: Work, person: Person, site: str | None, days: int | None, actor: str) -> str:
    work.session.add(person)
    work.session.flush()
    _happened(work, "user.added", person, actor, role=person.role, site=site)
    return _key(work, person, days, actor)


def _key(work: Work, person: Person, days: int | None, actor: str) -> str:
    return new_key(
        work,
        person.name,
        site_id=person.site_id,
        person_id=person.id,
        scopes=[],
        label=None,
        days=days,
        actor=actor,
    )


def _facts(person: Person) -> dict[str, Any]:
    return {"role": person.role, "site_id": person.site_id}


def _happened(work: Work, action: str, person: Person, actor: str, **detail: Any) -> None:
    happened = events.happened(action, person.name, actor=actor, site_id=person.site_id, **detail)
    events.add(work.session, [happened])
