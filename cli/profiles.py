"""Options of the commands that give data away: with whom, and under which agreement."""

from enum import StrEnum
from typing import Annotated

import typer

from registry.formats.exported import Profile


class ProfileOption(StrEnum):
    """With whom the data may be shared."""

    internal = "internal"
    limited = "limited"
    safe_harbour = "safe-harbour"

    @property
    def profile(self) -> Profile:
        """The profile as the export knows it."""
        return _PROFILES[self]


_PROFILES: dict[ProfileOption, Profile] = {
    ProfileOption.internal: "internal",
    ProfileOption.limited: "limited",
    ProfileOption.safe_harbour: "safe-harbour",
}

SharedAs = Annotated[
    ProfileOption, typer.Option("--profile", help="Sharing profile of csv, spss, stata and r.")
]
Agreement = Annotated[
    str | None, typer.Option(help="Data use agreement under which a limited data set is given.")
]
RoundDoses = Annotated[
    bool, typer.Option("--round-doses", help="Phenopackets: round doses to whole Gy, and say so.")
]
