# Dalel. `make help` lists the targets. Every target that needs the environment makes it first.

VENV := .venv
PYTHON := $(VENV)/bin/python
STAMP := $(VENV)/.setup-done
PEER_VENV := .venv-peer
PEER_STAMP := $(PEER_VENV)/.setup-done

.PHONY: help setup peers test lint election museum mutants fuzz long bench bench-record race \
	requirements clean

help:
	@echo "make election      rehearse a whole election by the programs of all roles, into build/election"
	@echo "make museum        build every tampered record into build/museum and have dalel-verify refuse each"
	@echo "make mutants       change every check in every small way; tests must notice, or tests/mutants/explained.toml"
	@echo "make fuzz          20,000 records changed at random, each to be reported on; failing ones go to build/fuzz"
	@echo "make test          lint, then every suite that is not marked long; ends with the time share"
	@echo "make long          the tests that take minutes, the installation in an empty environment included"
	@echo "make lint          ruff, mypy --strict, import contracts"
	@echo "make bench         measure everything and write BENCHMARKS.md; BALLOTS=2000 for a quick one"
	@echo "make bench-record  build a record of BALLOTS ballots into build/bench-record-BALLOTS"
	@echo "make race          the peer's verification and encryption against ours; figures go to build/race.json"
	@echo "make peers         an environment for the peer, the package electionguard 1.4.0 (test does this)"
	@echo "make setup         the virtual environment (the targets above do this themselves)"
	@echo "make requirements  hashed requirements from pyproject.toml (needs uv)"
	@echo "make clean         remove build/ and caches; the environment stays"

setup: $(STAMP)

$(STAMP): requirements/dev.txt pyproject.toml tools/setup.sh
	sh tools/setup.sh $(VENV)
	@touch $@

peers: $(PEER_STAMP)

$(PEER_STAMP): requirements/peer.txt tools/setup_peer.sh
	sh tools/setup_peer.sh $(PEER_VENV) $(PEER_PYTHON)
	@touch $@

# Where the peer cannot be installed, its tests are listed under NOT RUN and all others run.
test long: setup
	-@$(MAKE) --no-print-directory peers
	$(PYTHON) tools/run_suites.py $@

lint: setup
	$(PYTHON) tools/run_suites.py lint

# One run writes BENCHMARKS.md, the plot and build/bench.json. One that was ended goes on.
BALLOTS := 20000

bench: setup
	-@$(MAKE) --no-print-directory peers
	$(PYTHON) -m tests.bench --ballots $(BALLOTS)

bench-record: setup
	$(PYTHON) -m tests.bench.record --ballots $(BALLOTS)

race: setup peers
	@mkdir -p build
	$(PYTHON) -m pytest -q tests/peer/test_race.py --benchmark-only --benchmark-json=build/race.json
	$(PYTHON) -m tests.peer.race_table build/race.json

election: setup
	rm -rf build/election
	$(VENV)/bin/dalel-tally rehearse --scenario kz2022_president --precincts 3 --voters 300 --seed 7 \
		--out build/election

museum: setup
	$(PYTHON) -m tests.museum build/museum

mutants: setup
	$(PYTHON) tools/mutants.py

fuzz: setup
	$(PYTHON) -m tests.fuzz --cases 20000 --out build/fuzz

requirements:
	uv pip compile --universal --python-version 3.11 --generate-hashes --no-header --no-annotate \
		--no-emit-index-url --quiet pyproject.toml \
		--extra guardian --extra box --extra server --group test --group lint \
		--output-file requirements/dev.txt
	uv pip compile --universal --python-version 3.10 --generate-hashes --no-header --no-annotate \
		--no-emit-index-url --quiet --group peer --output-file requirements/peer.txt

clean:
	rm -rf build dist .mypy_cache .ruff_cache .pytest_cache .hypothesis .benchmarks .import_linter_cache
	find . -name __pycache__ -type d -not -path './$(VENV)/*' \
		-not -path './$(PEER_VENV)/*' -prune -exec rm -rf {} +
