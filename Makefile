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

.PHONY: help demo test check bench evaluate real-trades soak models lambda setup clean

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

## make evaluate   the tables of docs/detection.md, a few minutes
evaluate: .venv/.dev
	@$(BIN)/python -m bench.detection $(ARGS)

## make real-trades  the counts of docs/real-trades.md, from public files in ../shared
real-trades: .venv/.dev
	@$(BIN)/python -m bench.real_trades $(ARGS)

## make soak    the long runs that the tests do a tenth of
soak: .venv/.dev
	@TRADEGLYPH_SOAK=1 $(BIN)/python -m pytest -n $(JOBS) -m soak $(ARGS)
	@$(BIN)/python -m bench.published $(ARGS)

## make models  reproduce the two shipped models, about half an hour on two cores
models: .venv/.dev
	$(call ship,default,70000,1,--epochs 5 --lr 0.003 --batch-size 128,2)
	$(call ship,seed,12000,2,--epochs 8 --lr 0.003 --batch-size 64 --allow-leak,1)

# name and picture spec, accounts, seed of the simulation, options and threads of the training
# (their number decides the last bits of the weights)
define ship
	@$(BIN)/tradeglyph simulate --accounts $(2) --seed $(3) --out build/models/$(1)
	@$(BIN)/tradeglyph dataset --trades build/models/$(1)/trades.parquet \
		--candles build/models/$(1)/candles.parquet --labels build/models/$(1)/labels.csv \
		--leave-out untellable \
		--spec $(1) --out build/models/$(1)/dataset
	@OMP_NUM_THREADS=$(5) $(BIN)/tradeglyph train --data build/models/$(1)/dataset --name $(1) $(4) \
		--out src/tradeglyph/model/shipped/$(1) --data-seed $(3) --reproduce "make models" \
		--description "tradeglyph simulate --accounts $(2) --seed $(3), without what fills alone can't tell"
endef

## make lambda  the function's code and layers for x86_64 and arm64 under build/lambda
lambda: .venv/bin/python
	@$(BIN)/python deploy/aws/package.py $(ARGS)

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
