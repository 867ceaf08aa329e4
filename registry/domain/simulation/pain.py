"""An assessment of the index pain, as a site records it."""

from registry.domain.simulation.stream import Stream
from registry.domain.simulation.writing import Record, iso, leave_out


def pain(side: str, worst: int, day: int, missing: float, chance: Stream) -> Record:
    """An assessment of the index pain of one side."""
    average = max(0, worst - 1 - chance.below(2))
    record: Record = {
        "assess_date": iso(day),
        "index_or_nonindex": "index",
        "site_side": side,
        "respondent": "self",
        "nrs_worst": worst,
        "nrs_average": average,
    }
    return leave_out(record, ("nrs_worst", "nrs_average"), missing, chance)
