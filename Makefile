# make demo and make test set up what they need on a bare Debian 12 machine; the others are the
# parts of make test, for a developer who works on one of them.
.PHONY: demo test setup build reference test-cpp test-sanitizers test-threads test-crash test-python \
	test-consumers test-docs test-examples test-gate test-peers lint format stubs benchmark peers \
	gate clean help

help:
	@echo "make demo   build asktell and tune a database and a classifier with it"
	@echo "make test   everything that CI checks"
	@echo "make build  the library, the program and the tests, in build/release"
	@echo "parts:      test-cpp test-sanitizers test-threads test-crash test-python"
	@echo "            test-consumers test-docs test-examples test-gate lint"
	@echo "also:       format stubs reference gate peers benchmark test-peers clean"

demo:
	@scripts/setup.sh build
	@scripts/build.sh program
	@scripts/wheel.sh
	@scripts/demo.sh

test:
	@scripts/setup.sh test
	@scripts/test.sh

setup:
	@scripts/setup.sh test

build: setup
	@scripts/build.sh release

test-cpp test-sanitizers test-threads test-crash test-python test-consumers test-docs \
test-examples test-gate test-peers lint: setup
	@scripts/$@.sh

format: setup
	@scripts/lint.sh --fix

stubs: setup
	@scripts/wheel.sh
	@scripts/stubs.sh

# The reference pages, from the registries.
reference: setup
	@scripts/build.sh release
	@build/release/bin/asktell solvers --format markdown > docs/solvers.md
	@build/release/bin/asktell problems --format markdown > docs/problems.md

# The environments of the optimizers that ours are compared with, in build/peers (several GB);
# make peers PEERS="optuna pycma" for some of them.
peers: setup
	@scripts/peers.sh $(PEERS)

# What test-gate compares with, after a change of a solver that is meant.
gate: setup
	@scripts/build.sh release
	@scripts/wheel.sh
	@scripts/test-gate.sh --update

benchmark: setup
	@scripts/build.sh release
	@scripts/wheel.sh
	@benchmarks/run.sh

clean:
	rm -rf build
