"""How a cell that disclosure control has hidden is shown, in every format alike: by this word, and nothing else of it."""

MARK = "suppressed"
