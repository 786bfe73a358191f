# Two targets do everything a user needs: `make demo` and `make test`.
# Each target makes .venv if it is missing and installs only what it needs.
#
#   PYTHON=python3.12 make demo     another interpreter (3.11 or newer)
#   TORCH_INDEX=URL make demo       another package index for torch (a CPU build, say)

PYTHON ?= python3
BIN := .venv/bin
INSTALL := $(BIN)/python -m pip install --quiet --disable-pip-version-check --constraint constraints.txt
TORCH := $(if $(TORCH_INDEX),--extra-index-url $(TORCH_INDEX))
JOBS ?= 2

.PHONY: help demo test check bench soak models setup clean

help:
	@sed -n 's/^## //p' Makefile

## make demo    simulate, draw, train, evaluate, score: all in ./demo, a few minutes
demo: .venv/.demo
	@$(BIN)/tradeglyph demo --out demo $(ARGS)

## make test    the test suite, under ten minutes on two cores
test: .venv/.dev
	@OMP_NUM_THREADS=1 $(BIN)/python -m pytest -n $(JOBS) --dist worksteal $(ARGS)

## make check   ruff, mypy, import-linter
check: .venv/.dev
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .
	@$(BIN)/mypy
	@$(BIN)/lint-imports

## make bench   speed, as ratios in one run; writes build/bench.json
bench: .venv/.dev
	@$(BIN)/python -m bench $(ARGS)

## make soak    the long runs that the tests do a tenth of
soak: .venv/.dev
	@TRADEGLYPH_SOAK=1 $(BIN)/python -m pytest -n $(JOBS) -m soak $(ARGS)
	@$(BIN)/python -m bench.published $(ARGS)

## make models  reproduce the two shipped models
models: .venv/.dev
	@$(BIN)/python -m models $(ARGS)

## make setup   everything installed, nothing run
setup: .venv/.dev

clean:
	rm -rf .venv build demo

.venv/bin/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' \
		|| { echo "tradeglyph needs Python 3.11 or newer: PYTHON=/path/to/python make ..." >&2; exit 2; }
	@$(PYTHON) -m venv .venv

.venv/.demo: .venv/bin/python pyproject.toml constraints.txt
	@echo "installing tradeglyph[train,plot] into .venv ..." >&2
	@$(INSTALL) $(TORCH) -e '.[train,plot]'
	@$(BIN)/python -m pip list --disable-pip-version-check 2>/dev/null | grep -q '^nvidia-' \
		&& echo "note: this torch brought CUDA packages (several GB); TORCH_INDEX chooses another index" >&2 || true
	@touch $@

.venv/.dev: .venv/.demo
	@echo "installing tradeglyph[dev] into .venv ..." >&2
	@$(INSTALL) $(TORCH) -e '.[dev]'
	@touch $@
