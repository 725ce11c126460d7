# Everything runs in .venv; the two commands to know are `make demo` and `make test`.
PYTHON ?= python3
BIN := .venv/bin
PIP := $(BIN)/python -m pip --disable-pip-version-check -qq
# byte code goes aside: the source does not change when tests run, and is compiled once for all of their processes
export PYTHONPYCACHEPREFIX := $(CURDIR)/.venv/pycache

.PHONY: demo test check programs screenshots bench clean

demo: .venv/installed ## install, draw the map of the bundled sample, say where it is
	@$(BIN)/graphmap demo

test: .venv/dev programs .venv/axe.min.js ## install what the tests need and run them
	OPENBLAS_NUM_THREADS=1 $(BIN)/python -m pytest --numprocesses auto
	OPENBLAS_NUM_THREADS=1 $(BIN)/python -m pytest --nbmake --numprocesses auto notebooks

check: .venv/dev ## style, types, layering
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports

bench: .venv/dev programs ## print our figures beside the peers'
	$(BIN)/python benchmarks/reading.py
	$(BIN)/python benchmarks/page.py --readme
	$(BIN)/python benchmarks/report.py --readme
	$(BIN)/python benchmarks/engine.py --readme
	$(BIN)/python benchmarks/paths.py
	$(BIN)/python benchmarks/trust.py --readme
	$(BIN)/python benchmarks/balance.py --readme
	$(BIN)/python benchmarks/regionalise.py
	$(BIN)/python benchmarks/network.py
	$(BIN)/python benchmarks/backbones.py

# What the tests open results with (Chromium, LibreOffice, poppler), Chinese fonts, and what WeasyPrint draws with;
# without apt the tests that need one say which is missing
programs:
	@missing=""; \
	command -v chromium >/dev/null || missing="$$missing chromium"; \
	fc-list 2>/dev/null | grep -q 'Noto Sans CJK' || missing="$$missing fonts-noto-cjk"; \
	command -v soffice >/dev/null || missing="$$missing libreoffice-impress libreoffice-calc"; \
	command -v pdftotext >/dev/null || missing="$$missing poppler-utils"; \
	ldconfig -p | grep -q pangoft2 || missing="$$missing libpangoft2-1.0-0"; \
	if [ -n "$$missing" ] && [ "$$(id -u)" = 0 ] && command -v apt-get >/dev/null; then \
	  apt-get -qq update && \
	  DEBIAN_FRONTEND=noninteractive apt-get -qq install -y --no-install-recommends $$missing >/dev/null; \
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

screenshots: .venv/dev programs ## the pictures in docs/, drawn anew from the bundled sample
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
