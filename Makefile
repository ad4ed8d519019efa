# make demo    create .venv, install, and turn an example article into an MP3 episode in output/
# make test    run the tests
# make check   format, lint, types, import contracts and tests: what CI runs
# make bench   speed and quality tables (minutes; not part of check)
# make clean   remove what the others made

VENV := .venv
BIN := $(VENV)/bin
FOREIGN := $(VENV)/foreign
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

# Podcast parsers that are not ours, for tests/foreign; where npm is missing, those tests are skipped and say so.
$(FOREIGN)/.installed: tests/foreign/package.json $(VENV)/.tested
	@mkdir -p $(FOREIGN) && cp $< $(FOREIGN)/package.json
	@if command -v node >/dev/null && command -v npm >/dev/null; then \
		echo "Installing foreign podcast parsers for the tests …"; \
		npm install --prefix $(FOREIGN) --no-package-lock --no-save --no-audit --no-fund --ignore-scripts --silent \
			$$(command -v ffprobe >/dev/null || echo @ffprobe-installer/ffprobe@2.1.2) \
		&& { chmod -f +x $(FOREIGN)/node_modules/@ffprobe-installer/*/ffprobe || true; } && touch $@ \
		|| echo "npm could not install them; the tests that need them are skipped."; \
	else echo "npm is missing; the tests that read feeds with its parsers are skipped."; fi

# The browser of tests/listen/browser: Debian's chromium. A build machine gets it; a developer is told.
$(VENV)/.browser: $(VENV)/.tested
	@if command -v chromium >/dev/null; then touch $@; \
	elif [ -n "$$CI" ] && [ "$$(id -u)" = 0 ] && command -v apt-get >/dev/null; then \
		echo "Installing chromium for the tests …"; \
		(apt-get update -qq && apt-get install -y -qq chromium) >/dev/null 2>&1 && touch $@ \
		|| echo "chromium could not be installed; the tests that need it are skipped."; \
	else echo "chromium is missing; the tests of the web player are skipped (Debian: apt install chromium)."; fi

demo: install
	@$(BIN)/audiopress produce $(EXAMPLE)

test: $(VENV)/.tested $(FOREIGN)/.installed $(VENV)/.browser
	@$(BIN)/python -m pytest -n auto --dist loadfile

check: $(VENV)/.tested $(FOREIGN)/.installed $(VENV)/.browser
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/python -m pytest -n auto --dist loadfile

bench: $(VENV)/.tested
	$(BIN)/python benchmarks/run.py

clean:
	rm -rf $(VENV) build dist *.egg-info .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache
	rm -rf output/episodes output/assets output/feed*.xml output/index.html output/show.opml output/cover-*
	rm -f output/sw.js output/manifest.webmanifest
