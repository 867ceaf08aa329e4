"""National patient and person numbers: how each is written once, and its check digit, so that a slip is found.

Two sites make equal tokens only from equal text, so blanks, hyphens and letters' case must not matter, and a mistyped
number must be refused where it can be known. Systems that are not listed are taken as letters and digits, unchecked.
"""

import re
import unicodedata
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from registry.domain.codes.check_digits import luhn

_DNI = "TRWAGMYFPDXBNJZSQVHLCKE"
_HETU = "0123456789ABCDEFHJKLMNPRSTUVWXY"
_CF_ODD = dict(zip("0123456789", (1, 0, 5, 7, 9, 13, 15, 17, 19, 21), strict=True)) | dict(
    zip(
        "ABCDEFGHIJKLMNOPQRSTUVWXYZ",
        (1, 0, 5, 7, 9, 13, 15, 17, 19, 21, 2, 4, 18, 20, 11, 3, 6, 8, 12, 14, 16, 10, 22, 25, 24, 23),
        strict=True,
    )
)


def _weighted(number: str, weights: Sequence[int]) -> int:
    return sum(int(digit) * weight for digit, weight in zip(number, weights, strict=False)) % 11


def _nhs(number: str) -> bool:
    return (11 - _weighted(number, range(10, 1, -1))) % 11 == int(number[9])


def _bsn(number: str) -> bool:
    return _weighted(number, (9, 8, 7, 6, 5, 4, 3, 2, -1)) == 0


def _nir(number: str) -> bool:
    digits = number.replace("2A", "19").replace("2B", "18")  # Corsica
    return 97 - int(digits[:13]) % 97 == int(digits[13:])


def _dni(number: str) -> bool:
    digits = number[:-1].translate(str.maketrans("XYZ", "012"))
    return _DNI[int(digits) % 23] == number[-1]


def _fnr(number: str) -> bool:
    return (
        _weighted(number, (3, 7, 6, 1, 8, 9, 4, 5, 2, 1)) == 0
        and _weighted(number, (5, 4, 3, 2, 7, 6, 5, 4, 3, 2, 1)) == 0
    )


def _hetu(number: str) -> bool:
    return _HETU[int(number[:6] + number[7:10]) % 31] == number[10]


def _rrn(number: str) -> bool:
    return any(97 - int(century + number[:9]) % 97 == int(number[9:]) for century in ("", "2"))


def _cf(number: str) -> bool:
    odd = sum(_CF_ODD[one] for one in number[0:15:2])
    even = sum(int(one) if one.isdigit() else ord(one) - 65 for one in number[1:15:2])
    return chr(65 + (odd + even) % 26) == number[15]


@dataclass(frozen=True, slots=True)
class System:
    """A numbering system: its name, the form of a number without blanks and hyphens, and the check."""

    name: str
    form: str
    check: Callable[[str], bool] = lambda _: True
    keep: str = ""

    def normal(self, number: str) -> str:
        """The one way this number is written. Raises ``ValueError``, which never repeats the number."""
        text = unicodedata.normalize("NFKC", number).upper()
        found = "".join(one for one in text if one.isalnum() or one in self.keep)
        if not found.isascii() or not re.fullmatch(self.form, found):
            raise ValueError(f"is not written as {self.name} is")
        if not self.check(found):
            raise ValueError(f"has a check digit that {self.name} does not give: a digit is wrong")
        return found


SYSTEMS = {
    "BE-NN": System("the Belgian national number", r"\d{11}", _rrn),
    "DK-CPR": System("the Danish CPR number", r"\d{10}"),  # those given out since 2007 have no check digit
    "ES-DNI": System("the Spanish DNI or NIE", r"[\dXYZ]\d{7}[A-Z]", _dni),
    "FI-HETU": System("the Finnish identity code", r"\d{6}[-+A-FU-Y]\d{3}[0-9A-Y]", _hetu, keep="-+"),
    "FR-NIR": System("the French NIR with its key", r"\d{5}[\dAB]{2}\d{8}|\d{6}[AB]\d{8}", _nir),
    "GB-NHS": System("the NHS number", r"\d{10}", _nhs),
    "IT-CF": System("the Italian codice fiscale", r"[A-Z]{6}[0-9LMNP-V]{2}[A-Z][0-9LMNP-V]{2}[A-Z][0-9LMNP-V]{3}[A-Z]", _cf),
    "NL-BSN": System("the Dutch BSN", r"\d{9}", _bsn),
    "NO-FNR": System("the Norwegian birth number", r"\d{11}", _fnr),
    "SE-PN": System("the Swedish personal number with its century", r"(?:19|20)\d{10}", lambda n: luhn(n[2:])),
}  # fmt: skip

OTHER = re.compile(r"[A-Z]{2}-[A-Z0-9]{2,16}", re.ASCII)


def system(name: str) -> System:
    """The system of this name; one that is not listed takes 4 to 40 letters and digits. Raises ``ValueError``."""
    if name in SYSTEMS:
        return SYSTEMS[name]
    if not OTHER.fullmatch(name):
        raise ValueError(
            f"a system is one of {', '.join(SYSTEMS)}, or named like US-MBI: country, hyphen, name"
        )
    return System(name, r"[0-9A-Z]{4,40}")
