# Two commands on a fresh machine with Python 3.11 or newer, its venv and pip, and make:
#   make run    installs what is needed into .venv, runs history as it was, draws a figure
#   make test   the same, then the whole test suite
# The rest: make lint, docs, bench, scale, draws, reference, posterior, validate, sensitivity, vendor, wheel-test, clean.

.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
.PHONY: help run test lint docs bench scale draws reference posterior validate sensitivity vendor wheel wheel-test clean

# The first of these that is Python 3.11 or newer. 3.11 comes first: it is what continuous integration uses.
PYTHON := $(shell for p in python3.11 python3 python3.12 python3.13 python; do \
	"$$p" -c 'import sys; sys.exit(sys.version_info < (3, 11))' >/dev/null 2>&1 && { echo "$$p"; break; }; done)
VENV := .venv
BIN := $(VENV)/bin
RUNS ?= 20
AGENTS ?= 20000
OUT ?= results/historical
TESTS ?= tests

help:
	@sed -n '1,5s/^# \{0,1\}//p' Makefile

$(BIN)/python:
	@test -n "$(PYTHON)" || { echo "Python 3.11 or newer was not found."; exit 1; }
	$(PYTHON) -m venv $(VENV)

# A stamp stands for 'these pins are installed'; it is older than its pins when they have changed.
$(VENV)/.stamp-run: requirements.txt pyproject.toml | $(BIN)/python
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -r requirements.txt
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps -e .
	@touch $@

$(VENV)/.stamp-test: requirements-test.txt $(VENV)/.stamp-run
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -r requirements-test.txt
	@touch $@

run: $(VENV)/.stamp-run
	$(BIN)/october run historical --runs $(RUNS) --agents $(AGENTS) --out $(OUT)
	$(BIN)/october plot $(OUT) -o $(OUT)/allegiance.png

test: $(VENV)/.stamp-test
	$(BIN)/python -m pytest -n auto -m "not statistical" $(TESTS)

lint: $(VENV)/.stamp-test
	$(BIN)/ruff check sim analysis tests benchmarks docs
	$(BIN)/mypy

# The pages of docs/ that are generated: the ODD description, the parameters, the forcing.
docs: $(VENV)/.stamp-run
	$(BIN)/python -m docs
	$(BIN)/python -m sim.inputs.forcing_page > docs/forcing.md

bench: $(VENV)/.stamp-test
	$(BIN)/python -m benchmarks

# Whether runs of few and of many people agree; writes docs/scale.md. Some minutes.
scale: $(VENV)/.stamp-run
	$(BIN)/python -m benchmarks.scale --write

# The battery for the random numbers on millions of draws; the suite runs it on a few thousand.
draws: $(VENV)/.stamp-test
	$(BIN)/python -m benchmarks.draws_battery

# The table of runs that the posterior is read off, in waves: over the prior, over what is not ruled out, and ever nearer to
# the posterior. Hours on two cores; stopped, it goes on where it was.
WAVES ?= 4000 2000 2000 12000
reference: $(VENV)/.stamp-run
	@wave=0; for runs in $(WAVES); do wave=$$((wave + 1)); \
	  test $$wave = 1 || test -f results/reference/design_$$wave.npy \
	    || $(BIN)/python -m analysis matching --wave $$wave --count $$runs || exit; \
	  $(BIN)/python -m analysis reference --wave $$wave --runs $$runs || exit; \
	done

# From the table: the candidates run, the sets that every run draws from, recovery and coverage, the same without the emulator,
# docs/posterior.md.
posterior: $(VENV)/.stamp-run
	$(BIN)/python -m analysis accept --ship
	$(BIN)/python -m analysis recovery
	$(BIN)/python -m analysis rejection
	$(BIN)/python -m analysis posterior_page

# The comparison with evidence over the shipped sets, groups left out, the year from 31 July; then the tables of README and
# docs that tell of it. Some minutes.
validate: $(VENV)/.stamp-run
	$(BIN)/python -m analysis leave_out --write
	$(BIN)/python -m analysis hindcast --write
	$(BIN)/october validate --out results/validation
	$(BIN)/python -m analysis trust --take results/validation/validation.json

# Which parameters, mechanisms and hand-set numbers the answers depend on; writes docs/sensitivity.md and docs/ablation.md.
# About an hour and a half on two cores; each command goes on where it was stopped.
sensitivity: $(VENV)/.stamp-run
	$(BIN)/october sensitivity --method morris --out results/sensitivity-morris
	$(BIN)/october sensitivity --method sobol --out results/sensitivity-sobol
	$(BIN)/python -m analysis doubts --ship
	$(BIN)/python -m analysis ablation --ship
	$(BIN)/python -m analysis studies_page --take results/sensitivity-morris results/sensitivity-sobol

# The front-end libraries of the page, as pinned in package.json; needs npm, which nobody else does.
PAGE := analysis/page/vendor
vendor:
	rm -rf build/vendor && mkdir -p build/vendor && cp $(PAGE)/package.json build/vendor/
	cd build/vendor && npm install --no-audit --no-fund --ignore-scripts
	for m in d3-array d3-path d3-shape; do cp build/vendor/node_modules/$$m/dist/$$m.min.js $(PAGE)/; done
	cp build/vendor/node_modules/fflate/umd/index.js $(PAGE)/fflate.min.js
	for m in d3-array d3-path d3-shape fflate; do cp build/vendor/node_modules/$$m/LICENSE $(PAGE)/$$m.LICENSE; done
	cp build/vendor/node_modules/axe-core/axe.min.js tests/browser/vendor/
	cp build/vendor/node_modules/axe-core/LICENSE tests/browser/vendor/axe-core.LICENSE

wheel: $(VENV)/.stamp-run
	rm -rf dist
	$(BIN)/python -m pip wheel --quiet --no-deps --wheel-dir dist .

# The wheel alone, in an environment of its own, from an empty folder.
wheel-test: wheel
	rm -rf build/wheel-test && mkdir -p build/wheel-test/empty
	$(PYTHON) -m venv build/wheel-test/venv
	build/wheel-test/venv/bin/python -m pip install --quiet --disable-pip-version-check -r requirements.txt
	build/wheel-test/venv/bin/python -m pip install --quiet --disable-pip-version-check --no-deps dist/*.whl
	cd build/wheel-test/empty && ../venv/bin/october run historical --runs 2 --agents 2000 --jobs 1 \
		&& ../venv/bin/october plot results/historical -o figure.png && ls -l figure.png results/historical

clean:
	rm -rf build dist .pytest_cache .mypy_cache .ruff_cache .hypothesis
