# Dalel. `make help` lists the targets. Every target that needs the environment makes it first.

VENV := .venv
PYTHON := $(VENV)/bin/python
STAMP := $(VENV)/.setup-done

.PHONY: help setup test lint election museum long bench requirements clean

help:
	@echo "make election      rehearse a whole election by the programs of all roles, into build/election"
	@echo "make museum        build every tampered record into build/museum and have dalel-verify refuse each"
	@echo "make test          lint, then every suite that is not marked long; ends with the time share"
	@echo "make long          the tests that take minutes, the installation in an empty environment included"
	@echo "make lint          ruff, mypy --strict, import contracts"
	@echo "make bench         measurements; figures go to build/bench.json"
	@echo "make setup         the virtual environment (the targets above do this themselves)"
	@echo "make requirements  hashed requirements from pyproject.toml (needs uv)"
	@echo "make clean         remove build/ and caches; the environment stays"

setup: $(STAMP)

$(STAMP): requirements/dev.txt pyproject.toml tools/setup.sh
	sh tools/setup.sh $(VENV)
	@touch $@

test: setup
	$(PYTHON) tools/run_suites.py test

lint: setup
	$(PYTHON) tools/run_suites.py lint

long: setup
	$(PYTHON) tools/run_suites.py long

bench: setup
	$(PYTHON) tools/run_suites.py bench

election: setup
	rm -rf build/election
	$(VENV)/bin/dalel-tally rehearse --scenario kz2022_president --precincts 3 --voters 300 --seed 7 \
		--out build/election

museum: setup
	$(PYTHON) -m tests.museum build/museum

requirements:
	uv pip compile --universal --python-version 3.11 --generate-hashes --no-header --no-annotate \
		--no-emit-index-url --quiet pyproject.toml \
		--extra guardian --extra box --extra server --group test --group lint \
		--output-file requirements/dev.txt

clean:
	rm -rf build dist .mypy_cache .ruff_cache .pytest_cache .hypothesis .benchmarks .import_linter_cache
	find . -name __pycache__ -type d -not -path './$(VENV)/*' -prune -exec rm -rf {} +
