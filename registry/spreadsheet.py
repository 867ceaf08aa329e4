"""Texts that a spreadsheet may open, and the way back.

A text that a spreadsheet would take for a formula, in a Japanese one also by its full-width sign, is preceded by an
apostrophe (OWASP, CSV Injection). A plain number is never a formula and stays as it is, so that negative numbers remain
numbers. A text that begins with an apostrophe before
such a text gains another, so that ``plain`` gives back every text that ``safe`` was given.
"""

import re

_FORMULA = re.compile(r"'*[=+\-@＝＋－＠\t\r\n]")
_NUMBER = re.compile(r"[+-]?\d+(\.\d+)?([eE][+-]?\d+)?")


def safe(text: str) -> str:
    """The text as a spreadsheet may open it."""
    return f"'{text}" if _FORMULA.match(text) and not _NUMBER.fullmatch(text) else text


def plain(text: str) -> str:
    """The text that ``safe`` made safe."""
    return text[1:] if text.startswith("'") and _FORMULA.match(text) else text
