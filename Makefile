# envd: build, test, try and install. `make help` lists the targets.
PREFIX ?= $(HOME)/.local
export DESTDIR
RELEASE := .build/release
STATIC := .build/static

.PHONY: help build release test soak fuzz claims lint format demo bench install uninstall dist deb check-install clean

help: ## List the targets
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-14s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

build: ## Build for development
	@contrib/scripts/setup build
	swift build

# The programs that every cd and every build starts are linked whole: no dynamic loader, no Foundation.
release: ## Build the programs as they are installed
	@contrib/scripts/setup build
	@contrib/scripts/static-libraries .build/link
	PKG_CONFIG_PATH="$(CURDIR)/.build/link" swift build -c release --static-swift-stdlib \
		-Xlinker -L$(CURDIR)/.build/link --product envd
	swift build -c release --scratch-path $(STATIC) -Xswiftc -static-executable --product envd-hook
	swift build -c release --scratch-path $(STATIC) -Xswiftc -static-executable --product envd-child
	@mkdir -p .build/programs
	@for program in $(RELEASE)/envd $(STATIC)/release/envd-hook $(STATIC)/release/envd-child; do \
		strip -o ".build/programs/$${program##*/}" "$$program"; done

test: ## Install what is missing and run the whole test suite
	@contrib/scripts/setup build test
	@contrib/scripts/run-tests

soak: ## Try the daemon with faults for an hour or two; ENVD_SEED=N for other luck
	@contrib/scripts/setup build test
	@ENVD_SOAK=1 contrib/scripts/run-tests --filter FaultTests

fuzz: ## Give every reader of foreign input random bytes, FUZZ_SECONDS=60 each
	@contrib/scripts/setup build
	@contrib/scripts/fuzz

claims: ## Write the table of claims in shell/README.md anew
	@contrib/scripts/claims

lint: ## Check formatting and shell scripts
	swift format lint --strict --recursive Package.swift Sources Tests
	shellcheck -s bash shell/*.bash
	shellcheck contrib/scripts/* contrib/direnv/envd.sh contrib/demo/run .ci/run

format: ## Format the Swift sources
	swift format --in-place --recursive Package.swift Sources Tests

demo: ## See the main job in a throw-away home, in all three shells
	@contrib/scripts/setup build demo
	@$(MAKE) --no-print-directory release
	@contrib/demo/run

bench: ## Measure side by side with direnv, C and the bare engine
	@contrib/scripts/setup build bench
	@$(MAKE) --no-print-directory release
	@contrib/bench/run

install: release ## Install below PREFIX (default ~/.local), with completions and manual pages
	@contrib/scripts/install-files put "$(PREFIX)"
	@contrib/scripts/after-install "$(PREFIX)/bin"

uninstall: ## Remove what `make install` put there
	@contrib/scripts/install-files remove "$(PREFIX)"
	@echo "environments and settings stay: ~/.local/share/envd, ~/.local/state/envd, ~/.cache/envd"
	@echo "lines of \`envd setup\` in start-up files do nothing any more"

dist: release ## Make a tarball of the programs, for glibc 2.36 and later
	@contrib/scripts/make-dist

deb: release ## Make a Debian package
	@contrib/scripts/make-deb

check-install: dist deb ## Try installation, tarball and package in throw-away places
	@contrib/scripts/check-install

clean: ## Remove what was built
	rm -rf .build
