"""Plausibility limits: configuration with defaults, not truths.

A value outside one of these opens a query or adds a note. The numbers are registry decisions or customary clinical
maxima given from memory; the steering committee may change them in the settings, and a report prints the version.
"""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Limits:
    """The limits in force. Doses are milligrams a day unless the name says otherwise."""

    version: str = "MPS-LIMITS-1"


DEFAULT_LIMITS = Limits()
