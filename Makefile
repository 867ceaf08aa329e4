# Everything stays in this folder: the environment in .venv, nothing global, no root.
# People without make: the plain commands are in README.md.
PYTHON ?= python3
BIN := .venv/bin
UV := $(shell command -v uv 2>/dev/null)

.DEFAULT_GOAL := help
.PHONY: help setup lock check fix test unit property golden integration e2e demo up docs attack bench fuzz judge chaos benchcheck clean

help: ## list the commands
	@grep -hE '^[a-z0-9]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 14

# --- environment ---------------------------------------------------------------------------------------------

ifdef UV
  VENV = $(UV) venv --quiet --python $(PYTHON)
  INSTALL = VIRTUAL_ENV=$(1) $(UV) pip install --quiet
else
  VENV = $(PYTHON) -m venv
  INSTALL = $(1)/bin/pip install --quiet --disable-pip-version-check
endif

.venv/run.ok: requirements.lock pyproject.toml
	@test -x $(BIN)/python || $(VENV) .venv
	@echo "installing what the registry needs (once) ..."
	@$(call INSTALL,.venv) --require-hashes -r requirements.lock
	@$(call INSTALL,.venv) --no-deps --no-build-isolation -e .
	@touch $@

.venv/dev.ok: .venv/run.ok requirements-dev.lock
	@echo "installing what the developers need (once) ..."
	@$(call INSTALL,.venv) --require-hashes -r requirements-dev.lock
	@touch $@

setup: .venv/dev.ok ## make the environment in .venv

COMPILE = uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-header pyproject.toml
lock: ## write the hashed locks anew (needs uv)
	$(COMPILE) --group build -o requirements.lock
	$(COMPILE) --group dev -c requirements.lock -o requirements-dev.lock

# --- the main job --------------------------------------------------------------------------------------------

demo: .venv/run.ok ## the whole job on the published and simulated cases, then a report to open
	@$(BIN)/mps demo

up: .venv/run.ok ## the registry on this machine
	@$(BIN)/mps up

# --- development ---------------------------------------------------------------------------------------------

check: setup ## format, lint, types, import contracts, generated documents; edits nothing
	@$(BIN)/ruff format --check --quiet .
	@$(BIN)/ruff check --quiet .
	@$(BIN)/mypy
	@$(BIN)/lint-imports
	@$(BIN)/python docs/generate.py --check

fix: setup ## format and mend what can be mended
	@$(BIN)/ruff check --quiet --fix .
	@$(BIN)/ruff format --quiet .

docs: setup ## write the generated documents anew
	@$(BIN)/python docs/generate.py

test: setup ## all tests
	@$(BIN)/pytest -n 2 tests

unit property golden integration e2e: setup ## one kind of tests
	@$(BIN)/pytest -n 2 tests/$@

attack: setup ## attack the public reports of a thousand simulated months; takes hours
	@$(BIN)/python benchmarks/attack.py

CHAOS ?= --submissions 20000 --faults 200
chaos: setup ## the long proof: CHAOS="--submissions N --faults N --seed N --report FILE"
	@MPS_CHAOS=1 $(BIN)/pytest tests/e2e/test_every_fault.py tests/e2e/test_several_machines.py
	@$(BIN)/python -m tests.chaos $(CHAOS)

BENCH ?=
bench: setup ## speed and cost, beside a floor of the same run; BENCH="SCENARIO ... --write", `million` takes long
	@$(BIN)/python benchmarks/run.py $(BENCH)

benchcheck: setup ## the ratios of a short run against the committed ones
	@$(BIN)/python benchmarks/run.py bulk --check

fuzz: setup ## attack every route for some minutes; FUZZ=300 examples a route
	@MPS_FUZZ=$(or $(FUZZ),300) $(BIN)/pytest tests/e2e/test_fuzz.py

judge: setup ## validators that are not ours, on exported FHIR bundles (needs Node 20 and npm)
	@$(BIN)/python tests/judges/run.py

clean: ## remove the environment and the demo's output
	rm -rf .venv demo-report data
