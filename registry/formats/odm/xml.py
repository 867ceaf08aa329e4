"""Elements of XML as text: written as they come, so that no document is ever held in memory."""

import re
from collections.abc import Iterable, Mapping
from xml.sax.saxutils import escape, quoteattr

_FORBIDDEN = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
"""Characters that XML 1.0 does not know."""


def element(
    tag: str, attributes: Mapping[str, str | None] | None = None, children: Iterable[str] = ()
) -> str:
    """An element with the attributes that have a value, and its children in their order."""
    opening = start(tag, attributes)
    inner = "".join(children)
    return f"{opening}{inner}</{tag}>" if inner else f"{opening[:-1]}/>"


def start(tag: str, attributes: Mapping[str, str | None] | None = None) -> str:
    """The opening tag."""
    written = "".join(
        f" {name}={quoted(value)}" for name, value in (attributes or {}).items() if value is not None
    )
    return f"<{tag}{written}>"


def text(content: str) -> str:
    """Text content."""
    return escape(_FORBIDDEN.sub("\ufffd", content))


def quoted(value: str) -> str:
    """An attribute value in its quotes; line ends are kept."""
    clean = _FORBIDDEN.sub("\ufffd", value)
    return quoteattr(clean, {"\n": "&#10;", "\r": "&#13;", "\t": "&#9;"})


def translated(content: str) -> str:
    """A text in English."""
    return element("TranslatedText", {"xml:lang": "en"}, [text(content)])
