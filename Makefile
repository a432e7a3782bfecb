# Everything runs in a virtual environment of its own; Python 3.11 or newer and make are all it needs,
# but for `make examples`, which needs Node.js and npm, and `make test-token`, which needs SoftHSM2;
# and so `make check`, which runs both.
PYTHON ?= python3
VENV := .venv
READY := $(VENV)/.ready
BIN := $(VENV)/bin
IN_PARALLEL := --numprocesses logical --maxprocesses 4 --dist loadfile --no-loadscope-reorder
PROTOS := $(sort $(shell find protos -name "*.proto"))

.PHONY: help ready demo test quick test-token set-back pythons examples bench check documents documents-check protos protos-check lint types imports format clean

help: ## show what can be made
	@awk 'BEGIN {FS = ":.*## "} /^[a-z-]+:.*## / {printf "  make %-14s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

$(READY): pyproject.toml
	$(PYTHON) -m venv $(VENV)
	@echo "fetching the packages, once: some minutes"
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --editable '.[dev]'
	@touch $@

ready: $(READY) ## set up the virtual environment with the renkei command

demo: $(READY) ## start the default world, acquire codes for 1,000 persons, show what held
	$(BIN)/renkei demo

test: $(READY) ## run every test
	$(BIN)/python -m pytest $(IN_PARALLEL)

quick: $(READY) ## run the tests that start no world and draw no crowd; under a minute
	$(BIN)/python -m pytest $(IN_PARALLEL) -m "not world and not token" $(addprefix --ignore tests/,network simulators/population)

test-token: $(READY) ## run the tests that need SoftHSM2, and F1 and F3 with every CS's keys in a token
	$(BIN)/python -m pytest -m token
	$(BIN)/python -m pytest --with-tokens tests/network/test_code_exchange.py tests/network/test_identity_updates.py

set-back: $(READY) ## set each seat of the default world back a day while the rest run on; about a minute
	RENKEI_SET_BACK=default $(BIN)/python -m pytest tests/network/test_set_back.py

pythons: $(READY) ## run the quick tests on every Python from 3.11 to 3.13 that is found
	$(BIN)/python -m tests.pythons

examples: $(READY) ## run the examples that need Node.js and npm besides
	$(BIN)/python -m tests.examples

bench: $(READY) ## measure against a bare echo of the same run (build/bench.json); under ten minutes
	$(BIN)/python -m tests.benchmarks

check: $(READY) lint types imports protos-check documents-check test test-token examples ## everything that must pass before a change lands

lint: $(READY)
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/hadolint Containerfile
	$(BIN)/buf lint
	$(BIN)/buf format --diff --exit-code

types: $(READY)
	$(BIN)/mypy

imports: $(READY)
	$(BIN)/lint-imports

format: $(READY) ## format Python and protos
	$(BIN)/ruff check --fix --quiet . || true
	$(BIN)/ruff format .
	$(BIN)/buf format --write

documents: $(READY) ## write what the documents tell of the code
	$(BIN)/python -m renkei_simulators.documents

documents-check: $(READY) ## fail where a document is not what the code says
	$(BIN)/python -m renkei_simulators.documents --check

protos: $(READY) ## write the Python code of the protos beside them
	cd protos && ../$(BIN)/python -m grpc_tools.protoc -I . --python_out=. --pyi_out=. --grpc_python_out=. $(PROTOS:protos/%=%)

protos-check: $(READY) ## fail where the committed code is not what the protos give
	rm -rf build/protos && mkdir -p build/protos
	cd protos && ../$(BIN)/python -m grpc_tools.protoc -I . --python_out=../build/protos --pyi_out=../build/protos --grpc_python_out=../build/protos $(PROTOS:protos/%=%)
	@cd build/protos && find . -type f | while read -r f; do cmp "$$f" "../../protos/$$f" || exit 1; done

clean: ## remove what was built, and every world's data under renkei-data
	rm -rf build dist renkei-data
