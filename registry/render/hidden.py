"""How a cell that disclosure control has hidden is shown, in every format alike.

Whether a cell was hidden because it is small, or only so that a small one can not be computed from it, is not told:
the second kind would be known to be large, and that narrows down the first.
"""

MARK = "suppressed"

WHY = (
    "suppressed: hidden to protect patients, because the number is small or because a small number could be "
    "computed from it."
)
