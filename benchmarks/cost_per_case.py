"""CPU of reading, checking and deriving one case of typical size, beside a floor measured in the same run.

    python benchmarks/cost_per_case.py

The floor is what nobody can avoid: parsing the bytes and validating them with the models. Ratios to it can be compared
between machines; milliseconds cannot.
"""

import gc
import time
from collections import Counter
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime
from typing import Any

import orjson

from registry.domain.case import EMPTY, Case
from registry.domain.check import RULES_THAT_ASK, RULES_THAT_REJECT, judge, run
from registry.domain.derive import derive
from registry.domain.forms import FORMS_BY_NAME
from registry.domain.outcomes.outcome import Basis
from registry.domain.reading import read_submission
from registry.domain.rules.rule import Context
from registry.domain.simulation.simulate import simulate
from registry.formats import json as json_format

END = date(2026, 1, 1)
NOW = datetime(2026, 1, 2, tzinfo=UTC)


def typical_cases(count: int, messages: int = 1_000) -> list[bytes]:
    """Cases, each as one submission: the first accepted messages of a simulated patient laid together."""
    whole: dict[str, dict[str, Any]] = {}
    taken: Counter[str] = Counter()
    for one in simulate(count, 5, 1, END):
        if one.expected != "accepted" or taken[one.envelope["case"]] == messages:
            continue
        taken[one.envelope["case"]] += 1
        case = whole.setdefault(one.envelope["case"], {"case": one.envelope["case"], "forms": {}})
        case["recorded_at"] = one.envelope["recorded_at"]
        for form, content in one.envelope["forms"].items():
            if isinstance(content, list):
                known = case["forms"].setdefault(form, [])
                keys = {FORMS_BY_NAME[form].model_validate(r).key for r in known}
                known += [r for r in content if FORMS_BY_NAME[form].model_validate(r).key not in keys]
            else:
                case["forms"].setdefault(form, content)
    return [orjson.dumps(case) for case in whole.values()]


def cpu_per_item(work: Callable[[], object], items: int, runs: int = 5) -> float:
    """Least CPU of some runs, milliseconds per item: the least is the one that was disturbed least."""
    best = float("inf")
    for _ in range(runs):
        gc.collect()
        began = time.process_time()
        work()
        best = min(best, time.process_time() - began)
    return best / items * 1000


def rows(messages: int) -> Iterator[tuple[str, float]]:
    """What was measured, and its CPU in milliseconds per case."""
    bodies = typical_cases(300, messages)
    read = [read_submission(orjson.loads(body))[0] for body in bodies]
    submissions = [s for s in read if s is not None]
    cases = [Case.of(s.versions) for s in submissions]
    records = sum(len(s.records) for s in submissions) / len(submissions)
    print(
        f"{len(cases)} cases, {records:.1f} records each, {sum(map(len, bodies)) / len(bodies):.0f} bytes each"
    )
    context, basis, n = Context(END), Basis(END), len(cases)

    def floor() -> None:
        for body in bodies:
            for name, content in orjson.loads(body)["forms"].items():
                for one in content if isinstance(content, list) else [content]:
                    FORMS_BY_NAME[name].model_validate(one)

    def reading() -> None:
        for body in bodies:
            read_submission(json_format.document(body, max_depth=20)[0])

    def all_rules() -> None:
        for case in cases:
            fresh = Case(case.versions)
            run(RULES_THAT_REJECT, fresh, context)
            run(RULES_THAT_ASK, fresh, context)

    def judging() -> None:
        for submission in submissions:
            judge(EMPTY, submission, context, now=NOW)

    def deriving() -> None:
        for case in cases:
            derive(Case(case.versions), basis)

    yield "floor: parse and validate", cpu_per_item(floor, n)
    yield "read strictly", cpu_per_item(reading, n)
    yield "run all rules", cpu_per_item(all_rules, n)
    yield "judge (hash, merge, all rules)", cpu_per_item(judging, n)
    yield "derive all outcomes", cpu_per_item(deriving, n)


def main() -> None:
    """Print a table for cases at baseline and one for whole cases."""
    for messages in (1, 1_000):
        measured = list(rows(messages))
        floor = measured[0][1]
        print(f"{'':34}{'ms CPU':>8}{'x floor':>9}")
        for name, milliseconds in measured:
            print(f"{name:34}{milliseconds:8.3f}{milliseconds / floor:9.2f}")


if __name__ == "__main__":
    main()
