# Every target makes what it needs by itself, once, under build/. It takes git, make and Python 3.11 or newer.

PYTHON ?= $(shell for p in python3 python3.14 python3.13 python3.12 python3.11; do \
	$$p -c 'import sys; sys.exit(sys.version_info < (3, 11))' >/dev/null 2>&1 && echo $$p && break; done)
CLOUD ?= aws
ENTER = "$(or $(PYTHON),python3)" tests/tools/enter.py
CHECK = "$(or $(PYTHON),python3)" tests/tools/check.py

.DEFAULT_GOAL := help
.PHONY: help demo sandbox test quick coverage unit e2e lab bench faults races lint docs integration package sanity clean

help:  ## this list
	@sed -n 's/^\([a-z0-9]*\):.*## /  make \1\t/p' Makefile | expand -t 18

demo:  ## a private link from nothing to working and back, on clouds simulated on this machine (CLOUD=aws or gcp)
	@$(ENTER) env PYTHONPATH=tests python tests/demo/demo.py "$(CLOUD)"

sandbox:  ## the simulated clouds in the foreground; then, elsewhere: . build/sandbox/env
	@rm -f build/sandbox/env build/sandbox/scenario.json
	@$(ENTER) env PYTHONPATH=tests python -m sandbox

test:  ## everything that CI runs
	@$(CHECK)

coverage:  ## the tests without playbooks, and the lines of the plugins that none of them executes
	@$(ENTER) python tests/tools/coverage_report.py tests/unit/plugins tests/unit/test_contract.py

quick:  ## ruff, types, and the unit tests of the files that differ from the last commit (seconds)
	@"$(or $(PYTHON),python3)" tests/tools/quick.py

unit:  ## the tests without playbooks
	@$(ENTER) python -m pytest tests/unit

e2e:  ## the tests through real playbooks against the sandbox
	@$(ENTER) python -m pytest -n 3 --dist loadscope --no-loadscope-reorder tests/e2e

lab:  ## the network lab: a real client, DNS server, TLS front and Milvus in network namespaces (root)
	@$(ENTER) env PYTHONPATH=tests python -m lab

bench:  ## how fast: our playbooks beside scripts that do the same (BENCH="--only create --rounds 1" for a part of it)
	@$(ENTER) env PYTHONPATH=tests python -m bench $(BENCH)

faults:  ## the complete fault matrix: every fault at every call (an hour or so; FAULTS="--cloud aws" for a part of it)
	@$(ENTER) env PYTHONPATH=tests python -m faults $(FAULTS)

races:  ## two runs that meet, switched before every mutating call (half an hour)
	@$(ENTER) env CONCURRENCY=complete python -m pytest -n 3 tests/e2e/test_concurrency.py -k anywhere

lint:  ## ruff, types, ansible-lint, antsibull-changelog
	@$(CHECK) ruff types ansible-lint changelog

docs:  ## the documentation site in build/docs
	@"$(or $(PYTHON),python3)" tests/tools/docs.py

integration:  ## ansible-test integration: each module against the sandbox
	@$(CHECK) integration

package:  ## the tarball: its content, its playbooks where nothing else is installed, galaxy-importer, the molecule scenario
	@"$(or $(PYTHON),python3)" tests/tools/package.py

sanity:  ## ansible-test sanity on every ansible-core that this machine can run
	@$(CHECK) sanity

clean:  ## forget everything that was made
	rm -rf build .ansible
