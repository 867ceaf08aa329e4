"""An outside fuzzer on every route, with a key that may do everything: no 5xx, nothing undocumented, one shape of error.

``make fuzz`` looks longer. Data that fit the description are refused by the rules of the registry, not by the
description, where a body is a case: there alone the fuzzer's check of that is left out.
"""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.factories import a_submission

SCHEMATHESIS = Path(sys.executable).with_name("schemathesis")
PROJECT = Path(__file__).parents[2]

CONFIG = """
[parameters]
"path.case" = "{case}"
"path.submission_id" = "{submission}"
"path.batch_id" = "{batch}"

[[operations]]
include-path = ["/v1/submissions", "/v1/batches"]
include-method = "POST"
checks.positive_data_acceptance.enabled = false
"""


@pytest.fixture
def config(site, tmp_path):
    """A configuration that names things there are, so that not every route answers 404."""
    batch = site.send([a_submission("FUZZ-1")])
    site.decided(batch)
    submission = site.api.post("/v1/submissions", json=a_submission("FUZZ-2")).json()["id"]
    written = CONFIG.format(case="FUZZ-1", submission=submission, batch=batch.rpartition("/")[2])
    (tmp_path / "schemathesis.toml").write_text(written)
    return tmp_path / "schemathesis.toml"


@pytest.mark.parametrize(
    ("accept", "phases"),
    [("application/json", "coverage,fuzzing"), ("application/fhir+json", "fuzzing")],
    ids=["json", "fhir"],
)
def test_nothing_falls(up, site, config, accept, phases):
    more = os.environ.get("MPS_FUZZ")
    bounds = ("--max-examples", more) if more else ("--max-examples", "5", "--phases", phases)
    done = subprocess.run(
        (
            SCHEMATHESIS, "--config-file", config, "run", f"{up.url}/openapi.json", "--seed", "1",
            "--header", f"Authorization: Bearer {site.key}", "--header", f"Accept: {accept}",
            "--generation-database", "none", "--request-timeout", "20", "--continue-on-failure", "--no-color", *bounds,
        ),
        env=os.environ | {"SCHEMATHESIS_HOOKS": "tests.fuzz_checks", "PYTHONPATH": str(PROJECT)},
        cwd=config.parent,
        capture_output=True,
        text=True,
        check=False,
        timeout=None if more else 120,
    )  # fmt: skip
    assert done.returncode == 0, done.stdout + done.stderr
    assert "answer_is_ours" not in done.stdout
