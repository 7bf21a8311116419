# Each target does all its own set-up, in .venv: Python 3.11 and make are enough.
# Another Python: make test PYTHON=python3.12

PYTHON ?= python3
BIN := .venv/bin

.DEFAULT_GOAL := help
.NOTPARALLEL:
.PHONY: help demo test lint faults long-run mutants bench clean

help:
	@echo 'make demo     see what jamsos does'
	@echo 'make test     check everything: lint, then the tests'
	@echo 'make lint     check style, types and the direction of imports'
	@echo 'make faults   break whatever it stands on, for some minutes'
	@echo 'make long-run let eight processes write for 20 minutes while everything fails: MINUTES=, SEED='
	@echo 'make mutants  change the rules one thing at a time, and list what no test notices'
	@echo 'make bench    measure'
	@echo 'make clean    remove everything that make and the tools have made'

demo: .venv/.demo-ready
	@$(BIN)/jamsos demo

test: lint
	@$(BIN)/pytest -q -n auto

# Each of these says nothing where nothing is wrong.
lint: .venv/.dev-ready
	@$(BIN)/ruff check --quiet --output-format concise
	@$(BIN)/ruff format --check --quiet --output-format concise
	@$(BIN)/mypy --no-error-summary
	@said=$$($(BIN)/pyright) || { echo "$$said"; exit 1; }
	@said=$$($(BIN)/lint-imports --no-logo 2>&1) || { echo "$$said"; exit 1; }

faults: .venv/.dev-ready
	@JAMSOS_FAULTS=full $(BIN)/pytest -q -n auto tests/faults

MINUTES ?= 20
long-run: .venv/.dev-ready
	@$(BIN)/python -m tests.faults.long_run --minutes $(MINUTES) $(if $(SEED),--seed $(SEED))

mutants: .venv/.mutants-ready
	@$(BIN)/mutmut run
	@$(BIN)/mutmut results

bench: .venv/.dev-ready
	@for script in benchmarks/[a-z]*.py; do $(BIN)/python "$$script" || exit 1; done

clean:
	@rm -rf .venv dist mutants .coverage* .hypothesis .import_linter_cache .mypy_cache .pytest_cache .ruff_cache
	@find . -name __pycache__ -type d -prune -exec rm -rf {} +

# What `dev` installs is enough for the demo too.
.venv/.demo-ready: pyproject.toml | .venv/bin/pip
	$(call install,cli)
	@touch $@

.venv/.dev-ready: pyproject.toml | .venv/bin/pip
	$(call install,dev)
	@touch .venv/.demo-ready $@

.venv/.mutants-ready: pyproject.toml | .venv/bin/pip
	$(call install,mutate)
	@touch $@

.venv/bin/pip:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
		{ echo 'jamsos needs Python 3.11 or newer: name one, as in `make test PYTHON=python3.11`.' >&2; exit 1; }
	@$(PYTHON) -m venv .venv

# pip's words go to a file, and are shown only where it failed.
define install
@echo 'Installing jamsos[$(1)] into .venv ...'
@$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-input \
	--editable '.[$(1)]' >.venv/pip.log 2>&1 || { cat .venv/pip.log >&2; exit 1; }
endef
