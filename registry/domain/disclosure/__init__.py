"""Disclosure control.

quantities  the numbers of patients of a document and the sums that bind them
readers     who reads, what he knows, and what he must not find out
audit       what a reader could work out about each hidden number
suppress    which numbers to hide
series      what was published before, and what would follow from it and this report together
judgement   what may be told
telling     what a published report has told
exchange    other numbers that agree with all that is told
gate        when a report may follow another
pictures    coarser curves
protect     the step itself
own_view    a hospital's own figures beside those of the others
"""

from registry.domain.disclosure.protect import protect

__all__ = ["protect"]
