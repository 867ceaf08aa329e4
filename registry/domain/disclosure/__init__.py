"""Disclosure control.

quantities  the numbers of patients of a document and the sums that bind them
audit       what a reader could work out about each hidden number
suppress    which numbers to hide
pictures    coarser curves
protect     the step itself
"""

from registry.domain.disclosure.protect import protect

__all__ = ["protect"]
