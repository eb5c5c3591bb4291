# make demo and make test set up what they need on a bare Debian 12 machine; the others are the
# parts of make test, for a developer who works on one of them.
.PHONY: demo test setup build reference test-cpp test-sanitizers test-threads test-crash test-python \
	test-consumers test-docs test-examples test-peers lint format stubs benchmark clean help

help:
	@echo "make demo   build asktell and tune a database and a classifier with it"
	@echo "make test   everything that CI checks"
	@echo "make build  the library, the program and the tests, in build/release"
	@echo "parts:      test-cpp test-sanitizers test-threads test-crash test-python"
	@echo "            test-consumers test-docs test-examples lint"
	@echo "also:       format stubs reference benchmark test-peers clean"

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
test-examples test-peers lint: setup
	@scripts/$@.sh

format: setup
	@scripts/lint.sh --fix

stubs: setup
	@scripts/wheel.sh
	@scripts/stubs.sh

# The reference page of the solvers, from the registry.
reference: setup
	@scripts/build.sh release
	@build/release/bin/asktell solvers --format markdown > docs/solvers.md

benchmark: setup
	@scripts/build.sh release
	@scripts/wheel.sh
	@benchmarks/run.sh

clean:
	rm -rf build
