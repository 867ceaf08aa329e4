"""Estimators on many patients, beside Python's survival libraries in the same run.

    python benchmarks/estimators.py [--patients 100000 1000000 10000000] [--python PATH] [--seconds 300]

The libraries are no part of the project: they are installed into an environment of the benchmark's own, made anew unless
``--python`` names one that has lifelines, scikit-survival and statsmodels. Every figure is one process that loads the same
columns (days, cause, entry, group) and is timed from there: seconds of CPU and, beside them, the estimate, so that a fast
wrong answer shows. A library that takes longer than ``--seconds`` or has no such estimator is a dash.
"""

import argparse
import json
import subprocess
import sys
import tempfile
from pathlib import Path

import numpy as np

HERE = Path(__file__).parent
LIBRARIES = ("lifelines", "scikit-survival", "statsmodels")
QUESTIONS = {
    "kaplan-meier": "Kaplan-Meier with limits",
    "delayed": "the same with delayed entry",
    "incidence": "cumulative incidence, two causes",
    "log-rank": "log-rank of two groups",
}


def main() -> None:
    """Make the data, ask everybody, print."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--patients", type=int, nargs="*", default=[100_000, 1_000_000, 10_000_000])
    parser.add_argument("--python", type=Path)
    parser.add_argument("--seconds", type=float, default=300)
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="mps-estimators-") as name:
        folder = Path(name)
        python = asked.python or _environment(folder / "venv")
        print(
            f"{'patients':>10} {'':34}" + "".join(f"{who:>24}" for who in ("registry", *LIBRARIES)),
            flush=True,
        )
        for patients in asked.patients:
            data = folder / "data.npz"
            _draw(patients, data)
            for question, words in QUESTIONS.items():
                told = [_ask(Path(sys.executable), "registry", question, data, asked.seconds)]
                told += [_ask(python, library, question, data, asked.seconds) for library in LIBRARIES]
                print(f"{patients:10,} {words:34}" + "".join(f"{one:>24}" for one in told), flush=True)


def _environment(folder: Path) -> Path:
    print("installing the libraries into an environment of the benchmark's own ...", flush=True)
    subprocess.run([sys.executable, "-m", "venv", str(folder)], check=True)
    python = folder / "bin" / "python"
    subprocess.run([str(python), "-m", "pip", "install", "--quiet", *LIBRARIES], check=True)
    return python


def _draw(patients: int, target: Path) -> None:
    """Exponential lives of two groups, one in six censored, everybody entered late; the same for the same number."""
    chance = np.random.default_rng(1)
    days = np.minimum(chance.exponential(900, patients).astype(np.int64) + 2, 5475)
    cause = chance.choice(np.array([0, 1, 2]), patients, p=[0.16, 0.5, 0.34])
    entry = (days * chance.random(patients) * 0.5).astype(np.int64)
    group = chance.integers(0, 2, patients)
    np.savez(target, days=days, cause=cause, entry=entry, group=group)


def _ask(python: Path, who: str, question: str, data: Path, seconds: float) -> str:
    """Seconds of CPU and the estimate."""
    command = [str(python), str(HERE / "survival_answers.py"), who, question, str(data)]
    try:
        done = subprocess.run(command, capture_output=True, timeout=seconds, check=False)
    except subprocess.TimeoutExpired:
        return f"over {seconds:.0f} s"
    if done.returncode:
        return "-"
    found = json.loads(done.stdout.splitlines()[-1])
    return f"{found['seconds']:.2f} s ({found['estimate']:.6g})"


if __name__ == "__main__":
    main()
