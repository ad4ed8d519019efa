# make demo    create .venv, install, and turn an example article into an MP3 episode in output/
# make test    run the tests
# make check   format, lint, types, import contracts and tests: what CI runs
# make bench   speed and quality tables (minutes; not part of check)
# make clean   remove what the others made

VENV := .venv
BIN := $(VENV)/bin
EXAMPLE := examples/river-festival.txt

# The first of these that runs and is 3.12 or 3.13 (a shim that only complains does not count).
PYTHON := $(shell for p in python3.13 python3.12 python3; do \
	$$p -c 'import sys, venv, ensurepip; sys.exit(not (3, 12) <= sys.version_info[:2] < (3, 14))' >/dev/null 2>&1 \
	&& echo $$p && break; done)

.PHONY: install demo test check bench clean

install: $(VENV)/.installed

$(VENV)/.installed: pyproject.toml constraints.txt
	@test -n "$(PYTHON)" || { echo "audiopress needs Python 3.12 or 3.13 with venv: install one (Debian: apt install python3 python3-venv) and run make again."; exit 1; }
	@test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	@echo "Installing audiopress into $(VENV) (about a minute) …"
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --constraint constraints.txt --editable .
	@touch $@

$(VENV)/.tested: $(VENV)/.installed
	@echo "Installing what the tests need …"
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --constraint constraints.txt --editable '.[dev]'
	@touch $@

demo: install
	@$(BIN)/audiopress produce $(EXAMPLE)

test: $(VENV)/.tested
	@$(BIN)/python -m pytest

check: $(VENV)/.tested
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/python -m pytest

bench: $(VENV)/.tested
	$(BIN)/python benchmarks/run.py

clean:
	rm -rf $(VENV) build dist *.egg-info .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache
	rm -rf output/episodes output/feed.xml
