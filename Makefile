# Everything runs in .venv; the two commands to know are `make demo` and `make test`.
PYTHON ?= python3
BIN := .venv/bin
PIP := $(BIN)/python -m pip --disable-pip-version-check -qq
# the user's own source does not change when a test run writes byte code beside it
export PYTHONDONTWRITEBYTECODE := 1

.PHONY: demo test check browser screenshots bench clean

demo: .venv/installed ## install, draw the map of the bundled sample, say where it is
	@$(BIN)/graphmap demo

test: .venv/dev browser .venv/axe.min.js ## install what the tests need and run them
	OPENBLAS_NUM_THREADS=1 $(BIN)/python -m pytest --numprocesses auto
	$(BIN)/python -m pytest --nbmake notebooks

check: .venv/dev ## style, types, layering
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports

bench: .venv/dev browser ## print our figures beside the peers'
	$(BIN)/python benchmarks/reading.py
	$(BIN)/python benchmarks/page.py --readme
	$(BIN)/python benchmarks/engine.py --readme
	$(BIN)/python benchmarks/paths.py
	$(BIN)/python benchmarks/network.py
	$(BIN)/python benchmarks/backbones.py

# Chromium and Chinese fonts for the tests of the page; without apt the browser tests say what is missing
browser:
	@if ! command -v chromium >/dev/null && [ "$$(id -u)" = 0 ] && command -v apt-get >/dev/null; then \
	  apt-get -qq update && \
	  DEBIAN_FRONTEND=noninteractive apt-get -qq install -y --no-install-recommends chromium fonts-noto-cjk >/dev/null; \
	fi

# what the tests ask whether everybody can use a page; without npm or apt they say that it is missing
AXE := axe-core@4.11.4
.venv/axe.min.js: | .venv/bin/python
	@if ! command -v npm >/dev/null && [ "$$(id -u)" = 0 ] && command -v apt-get >/dev/null; then \
	  apt-get -qq update && DEBIAN_FRONTEND=noninteractive apt-get -qq install -y --no-install-recommends npm >/dev/null; \
	fi
	@if command -v npm >/dev/null; then \
	  cd .venv && tar -xzOf "$$(npm pack --silent $(AXE))" package/axe.min.js > axe.part && mv axe.part axe.min.js && rm -f axe-core-*.tgz; \
	fi

screenshots: .venv/dev browser ## the pictures in docs/, drawn anew from the bundled sample
	$(BIN)/python docs/screenshots.py

.venv/bin/python:
	$(PYTHON) -m venv .venv

.venv/installed: pyproject.toml constraints.txt | .venv/bin/python
	$(PIP) install --constraint constraints.txt --editable .
	@touch $@

.venv/dev: pyproject.toml constraints.txt | .venv/bin/python
	$(PIP) install --constraint constraints.txt --editable ".[dev]"
	@touch $@ .venv/installed

clean:
	rm -rf .venv .mypy_cache .pytest_cache .ruff_cache .hypothesis .import_linter_cache
