"""Which quantities may not be published: the secret ones, and those that would give them away.

Primary: 1 up to the threshold less one, and what differs by so few from what was published before. Secondary: as long as
a reader could narrow one of these down to fewer than three values, one more number bound to it is hidden (CMS cell size
policy; width rule: registry decision). What is hidden for the sake of a secret is large and no secret of its own. Numbers
on which many cells rest are spared as long as another will do, then totals, and zeros, which tell of nobody, before all.
"""

from collections.abc import Sequence

from registry.domain.disclosure.audit import Audit
from registry.domain.disclosure.quantities import Quantities
from registry.domain.disclosure.readers import Reader


def to_hide(
    quantities: Quantities,
    readers: Sequence[Reader],
    threshold: int,
    told: frozenset[int] = frozenset(),
    also: frozenset[int] = frozenset(),
) -> set[int]:
    """Numbers of the quantities to hide; what is printed nowhere is among them.

    told  known from what was published before, and so of no use as a companion; a secret is hidden all the same
    also  to be hidden whatever follows from them
    """
    audit = Audit(quantities, readers, threshold)
    secrets = audit.secrets | also
    hidden = secrets | (audit.unprinted - told)
    hidden |= _companions(quantities, hidden, hidden & secrets, told, audit)
    return _without_needless(quantities, hidden, secrets, audit)


def _companions(
    quantities: Quantities, hidden: set[int], changed: set[int], told: frozenset[int], audit: Audit
) -> set[int]:
    """What has to be hidden, too, so that nothing is narrow."""
    found = set[int]()
    while changed:
        narrow, changed = list(audit.narrow(hidden | found, changed)), set()
        for number in narrow:
            if not changed & audit.sums.bound_to({number}):
                companion = _companion(quantities, hidden | found, number, told, audit)
                if companion is not None:
                    found.add(companion)
                    changed.add(companion)
    return found


def _companion(
    quantities: Quantities, hidden: set[int], narrow: int, told: frozenset[int], audit: Audit
) -> int | None:
    """One more quantity to hide: bound to the narrow one by a sum of its own, else to one that is bound to it.

    None when everything bound to it is hidden already, or was told before: then no number that is published now says
    anything about it.
    """
    near, values, totals = {narrow}, quantities.values, audit.sums.totals
    while True:
        bound = audit.sums.bound_to(near)
        shown = bound - hidden - told
        if shown:
            return min(shown, key=lambda n: (values[n] == 0, quantities.uses[n], totals[n], values[n], n))
        further = (bound & hidden) - near
        if not further:
            return None
        near |= further


def _without_needless(quantities: Quantities, hidden: set[int], secrets: set[int], audit: Audit) -> set[int]:
    """The same without what is easily seen not to need hiding after all, the most used first.

    The solver, asked about each, takes minutes and finds one more in a hundred.
    """
    secondary = hidden - secrets - audit.unprinted - audit.given_up(hidden)
    for number in sorted(secondary, key=lambda n: (-quantities.uses[n], n)):
        if audit.stays_wide_without(number, hidden):
            hidden = hidden - {number}
    return hidden
