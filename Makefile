# The one door for development. `make test` on a fresh machine installs what it needs.
#
#   make demo     make a development credential, label a picture, verify it, strip it, find that out
#   make quick    run the tests that are not slow, in a minute
#   make test     run the tests, all but the large families (one file: make test ARGS=tests/docs)
#   make test-all run the large families: damage byte by byte, hostile files, the corpus
#   make check    ruff, mypy --strict and import-linter
#   make docs     write the generated pages of docs/
#   make survival  run the tools of docs/survival.md again, and compare
#   make relations  ask what became of thousands of pictures (fetches three Debian packages)
#   make picture  draw the pictures of reports in README and docs/ci.md (needs chromium)
#   make bench    measure speed and size
#   make mutants  change one thing a time and see whether tests notice (ROOM=storage/atomic)
#   make fuzz     change inputs and see whether anything falls (ROOM=metadata SECONDS=600)
#   make clean    remove what these made
#
# Everything goes into .venv, made with PYTHON (3.11 or later; found when not given).

ifndef PYTHON
PYTHON := $(shell for each in python3.13 python3.12 python3.11 python3 python; do \
	$$each -c 'import sys; sys.exit(sys.version_info < (3, 11))' >/dev/null 2>&1 \
	&& { echo $$each; break; }; done)
endif

BIN := .venv/bin
PIP := $(BIN)/python -m pip --disable-pip-version-check install --quiet
ARGS ?=
SECONDS ?= 60

.DELETE_ON_ERROR:
.PHONY: help demo quick test test-all check docs picture bench mutants fuzz clean oracles survival relations

help:
	@sed -n 's/^#   //p' Makefile

demo: .venv/run.stamp
	$(BIN)/python examples/demo.py

# Files that are named run whole and in one process; anything else on every core.
NAMED := $(findstring tests,$(ARGS))
CORES := -n auto --dist worksteal

quick: .venv/test.stamp oracles
	$(BIN)/python -m pytest $(CORES) -m "not slow and not large" $(ARGS)

test: .venv/test.stamp oracles
	$(BIN)/python -m pytest $(if $(NAMED),,$(CORES) -m "not large") $(ARGS)

test-all: .venv/test.stamp oracles
	$(BIN)/python -m pytest $(CORES) -m large $(ARGS)

check: .venv/check.stamp
	$(BIN)/ruff check
	$(BIN)/ruff format --check
	$(BIN)/mypy
	$(BIN)/lint-imports --no-logo

docs: .venv/run.stamp
	$(BIN)/python docs/generate.py
	$(BIN)/python docs/visible_pictures.py

picture: .venv/run.stamp
	$(BIN)/python docs/picture.py

bench: .venv/test.stamp
	$(BIN)/python benchmarks/run.py $(ARGS)

survival: .venv/test.stamp oracles
	PYTHONPATH=tests:tests/support $(BIN)/python -m survival.bench $(ARGS)

relations: .venv/test.stamp
	$(BIN)/python benchmarks/relations.py --pictures build/pictures --write $(ARGS)

mutants: .venv/test.stamp
	$(BIN)/python tests/mutants/run.py $(ROOM) $(ARGS)

fuzz: .venv/test.stamp
	PYTHONPATH=tests:tests/support:docs $(BIN)/python -m fuzz.run $(ROOM) --seconds $(SECONDS) $(ARGS)

# Says itself what it does, and does nothing where everything is there.
oracles:
	@tests/oracles/install

clean:
	rm -rf .venv .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache build dist
	rm -rf tests/oracles/node/node_modules
	find src tests examples docs benchmarks -name __pycache__ -type d -prune -exec rm -rf {} + \
		2>/dev/null || true

# Stamps: installed again when pyproject.toml changes, and only then.
.venv/run.stamp: pyproject.toml | $(BIN)/python
	$(PIP) --editable .
	@touch $@

.venv/test.stamp: pyproject.toml | $(BIN)/python
	$(PIP) --editable '.[test]'
	@touch $@ .venv/run.stamp

# mypy reads the oracles too, which import what the tests need.
.venv/check.stamp: pyproject.toml | $(BIN)/python
	$(PIP) --editable '.[test,check]'
	@touch $@ .venv/test.stamp .venv/run.stamp

# Debian's Python comes without ensurepip: a half-made .venv is removed, python3-venv installed.
$(BIN)/python:
	@test -n "$(PYTHON)" || { \
		echo "no Python 3.11 or later found: install one, or say make PYTHON=/path/to/python3" >&2; \
		exit 1; }
	@"$(PYTHON)" -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { \
		echo "$(PYTHON): not a Python 3.11 or later: say make PYTHON=/path/to/python3" >&2; \
		exit 1; }
	@"$(PYTHON)" -c 'import ensurepip' 2>/dev/null || { \
		if [ "$$(id -u)" = 0 ] && command -v apt-get >/dev/null; then \
			version=$$("$(PYTHON)" -c 'import sys; print("%d.%d" % sys.version_info[:2])'); \
			apt-get update -qq </dev/null; \
			DEBIAN_FRONTEND=noninteractive apt-get install -qq -y --no-install-recommends \
				"python$$version-venv" </dev/null >/dev/null; \
		else \
			echo "$(PYTHON) has no ensurepip: install the package python3-venv" >&2; exit 1; \
		fi; }
	@rm -rf .venv
	"$(PYTHON)" -m venv .venv
