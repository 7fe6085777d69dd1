# Two commands do all the set-up on a machine with Python 3.11 or newer and make:
#   make demo    the whole walk on bundled synthetic data: installs what the main job needs, no more
#   make test    every test: installs the tools for it, too
# PYTHON=/path/to/python chooses the interpreter; the first good one on PATH is taken otherwise.

PYTHON ?= $(shell for p in python3 python python3.14 python3.13 python3.12 python3.11; do \
	"$$p" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && { echo "$$p"; break; }; done)
VENV := .venv
BIN := $(VENV)/bin
RUN := $(VENV)/.installed-run
DEV := $(VENV)/.installed-dev
BENCH := $(VENV)/.installed-bench
PINS := $(CURDIR)/constraints.txt

# The pins hold for the build environment as well; pip changed the name of that setting once.
INSTALL = PIP_CONSTRAINT='$(PINS)' PIP_BUILD_CONSTRAINT='$(PINS)' PIP_DISABLE_PIP_VERSION_CHECK=1 \
	$(BIN)/python -m pip install -qq --constraint '$(PINS)' --editable

TEST_ARGS ?= --numprocesses=auto
DEMO_ARGS ?=
BENCH_ARGS ?=
OFFICIAL ?= ../shared/official
CHECK ?=

.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
.PHONY: help demo test lint types layers check coverage bench docs vocabularies clean

help:
	@echo 'make demo     from a registrar'"'"'s export to a published provision, on bundled synthetic data'
	@echo 'make test     run all tests (TEST_ARGS="-k elmo" narrows them down)'
	@echo 'make lint     ruff: rules and format        make types    mypy --strict'
	@echo 'make layers   who may import whom           make check    all four, as .ci/run does'
	@echo 'make coverage what the tests reach; all of it where decisions are made'
	@echo 'make bench    measure, beside the peers (BENCH_ARGS="p1 p8" names some), into benchmarks/RESULTS.md'
	@echo 'make docs     write the generated documents anew'
	@echo 'make vocabularies  write the published code lists anew, and show what changed (CHECK=1: only show it;'
	@echo '                   OFFICIAL=folder names the published lists)'
	@echo 'make clean    remove the environment and what tools left behind'

demo: $(RUN)
	$(BIN)/mcbridge demo $(DEMO_ARGS)

test: $(DEV)
	$(BIN)/python -m pytest $(TEST_ARGS)

lint: $(DEV)
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .

types: $(DEV)
	$(BIN)/mypy

layers: $(DEV)
	$(BIN)/lint-imports

check: test lint types layers

# Every line and branch of what decides; a look at the rest, without a figure to please.
coverage: $(DEV)
	$(BIN)/coverage erase
	$(BIN)/coverage run -m pytest -q $(TEST_ARGS)
	$(BIN)/coverage combine -q
	$(BIN)/coverage report
	$(BIN)/coverage report --fail-under=100 --include='mcbridge/model/*,mcbridge/checks/*,mcbridge/register/plan.py,mcbridge/register/bare.py,mcbridge/register/judge.py,mcbridge/register/listed.py,mcbridge/register/merge.py,mcbridge/register/screen.py,mcbridge/register/select.py'

bench: $(BENCH)
	$(BIN)/python benchmarks/results.py $(BENCH_ARGS)

docs: $(DEV)
	$(BIN)/python -m pytest --bless -m generated

vocabularies: $(DEV)
	$(BIN)/python tools/vocabularies.py --official '$(OFFICIAL)' $(if $(CHECK),--check)

clean:
	rm -rf $(VENV) build dist htmlcov .coverage .coverage.* .hypothesis .import_linter_cache .mypy_cache \
		.pytest_cache .ruff_cache
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

$(BIN)/python:
	@test -n '$(PYTHON)' || { echo 'mcbridge needs Python 3.11 or newer; none was found. Install it, or say where it' \
		'is: make PYTHON=/path/to/python3' >&2; exit 1; }
	@'$(PYTHON)' -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo 'mcbridge needs Python 3.11 or' \
		'newer; $(PYTHON) is not that.' >&2; exit 1; }
	@'$(PYTHON)' -c 'import ensurepip, venv' 2>/dev/null || { echo '$(PYTHON) has no venv module. On Debian and' \
		'Ubuntu: apt-get install python3-venv' >&2; exit 1; }
	'$(PYTHON)' -m venv $(VENV)

$(RUN): pyproject.toml constraints.txt | $(BIN)/python
	@echo 'installing what the main job needs into $(VENV), half a minute or so'
	@$(INSTALL) '.[web]'
	@touch $@

$(DEV): pyproject.toml constraints.txt | $(BIN)/python
	@echo 'installing what tests and tools need into $(VENV), half a minute or so'
	@$(INSTALL) '.[dev,web]'
	@touch $@

$(BENCH): pyproject.toml constraints.txt | $(BIN)/python
	@echo 'installing what the benchmarks need into $(VENV), half a minute or so'
	@$(INSTALL) '.[bench,web]'
	@touch $@
