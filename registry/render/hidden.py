"""How a cell that disclosure control has hidden is shown, in every format alike: by this word alone."""

MARK = "suppressed"
