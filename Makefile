# make demo    install into .venv and derive the spectrum of linear attention
# make test    install the test extra and run the whole suite, the same on every run
# make trust   wide searches and trials of the suite, in parts of an hour at most; some: make trust PART="search suite" MINUTES=10
# make lint    formatting, lint, types
# make site    the documentation in docs/_build/html, for a browser, also without a network
# make bench   the timings that the project promises, also in benchmarks/results.md
# make clean   remove what the targets above made
#
# Needed beforehand: Python >= 3.11 with venv, and make. Another interpreter: make test PYTHON=/path/to/python3.12

SHELL := /bin/sh
CANDIDATES := python3 python3.11 python3.12 python3.13 python3.14 python
PYTEST_FLAGS ?= -n 2

export PIP_DISABLE_PIP_VERSION_CHECK := 1

BIN := .venv/bin
# Another Hypothesis draws other examples: the default search is that of the version named there.
PIP_INSTALL := $(BIN)/python -m pip install --quiet --constraint constraints/search.txt

.DEFAULT_GOAL := help
.PHONY: help demo test trust lint format site bench clean
.DELETE_ON_ERROR:

help:
	@sed -n 's/^# \(make .*\)/\1/p' Makefile

demo: .venv/installed
	@$(BIN)/symkern derive

test: .venv/installed-test
	@$(BIN)/python -m pytest $(PYTEST_FLAGS)

# What was interrupted goes on; FRESH=1 begins anew. The figures are written into docs/theory/trust.md.
trust: .venv/installed-trust
	@$(BIN)/python -m tests.trust $(PART) $(if $(MINUTES),--minutes $(MINUTES)) $(if $(SEED),--seed $(SEED)) $(if $(FRESH),--fresh); \
	status=$$?; $(BIN)/python -m tests.trust --into docs/theory/trust.md; exit $$status

lint: .venv/installed-dev
	@$(BIN)/ruff format --check .
	@$(BIN)/ruff check .
	@$(BIN)/mypy
	@$(BIN)/mypy tests/typed_use.py

format: .venv/installed-dev
	@$(BIN)/ruff check --fix .
	@$(BIN)/ruff format .

site: .venv/installed-docs
	@$(BIN)/python -m sphinx -W --keep-going -q -j auto docs docs/_build/html
	@echo "docs/_build/html/index.html" >&2

bench: .venv/installed-test
	@$(BIN)/python -m benchmarks --output benchmarks/results.md

clean:
	rm -rf docs/_build docs/api docs/drawn docs/notebooks docs/changes.md .venv .trust build dist *.egg-info .pytest_cache .mypy_cache .ruff_cache .hypothesis
	find symkern tests benchmarks -name __pycache__ -type d -prune -exec rm -rf {} +

# The stamps make a second run skip the installation; they age with the two files that name what is installed.
.venv/created:
	@chosen=""; \
	for candidate in $${PYTHON:+"$$PYTHON"} $(if $(PYTHON),,$(CANDIDATES)); do \
	  if "$$candidate" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then chosen="$$candidate"; break; fi; \
	done; \
	if [ -z "$$chosen" ]; then \
	  echo "symkern needs Python 3.11 or newer, and none was found$${PYTHON:+ at $$PYTHON}." >&2; \
	  echo "Install one (Debian or Ubuntu: apt-get install python3 python3-venv; macOS: brew install python)" >&2; \
	  echo "or name the one to use: make PYTHON=/path/to/python3.12" >&2; \
	  exit 1; \
	fi; \
	if ! "$$chosen" -c 'import venv, ensurepip' 2>/dev/null; then \
	  echo "symkern is installed into a virtual environment, but $$chosen has no venv or no ensurepip." >&2; \
	  echo "Install them (Debian or Ubuntu: apt-get install python3-venv) and run make again." >&2; \
	  exit 1; \
	fi; \
	echo "creating .venv with $$("$$chosen" --version)" >&2; \
	rm -rf .venv; "$$chosen" -m venv .venv || { rm -rf .venv; exit 1; }
	@touch $@

.venv/installed: .venv/created setup.cfg pyproject.toml constraints/search.txt
	@echo "installing symkern into .venv" >&2
	@$(PIP_INSTALL) -e .
	@touch $@

.venv/installed-test: .venv/created setup.cfg pyproject.toml constraints/search.txt
	@echo "installing symkern and its test extra into .venv" >&2
	@$(PIP_INSTALL) -e ".[test]"
	@touch .venv/installed $@

.venv/installed-trust: .venv/created setup.cfg pyproject.toml constraints/search.txt
	@echo "installing symkern, its test extra and the programs that trust compares it with into .venv" >&2
	@$(PIP_INSTALL) -e ".[test,trust]"
	@touch .venv/installed .venv/installed-test $@

.venv/installed-dev: .venv/created setup.cfg pyproject.toml constraints/search.txt
	@echo "installing symkern, its test extra and the linters into .venv" >&2
	@$(PIP_INSTALL) -e ".[test,dev]"
	@touch .venv/installed .venv/installed-test $@

.venv/installed-docs: .venv/created setup.cfg pyproject.toml constraints/search.txt
	@echo "installing symkern and what builds its documentation into .venv" >&2
	@$(PIP_INSTALL) -e ".[docs]"
	@touch .venv/installed $@
