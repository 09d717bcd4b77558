# `make demo` and `make test` set up what they need; everything that is built goes to _build/.
override SHELL := /bin/bash
.NOTPARALLEL:

override BUILD := _build
override R_LIBS := $(CURDIR)/$(BUILD)/library$(if $(value R_LIBS),:$(value R_LIBS))
override LC_ALL := C.UTF-8
ifneq ($(wildcard /usr/lib/ccache),)
override PATH := /usr/lib/ccache:$(value PATH)
# R compiles in a new folder each time.
override CCACHE_NOHASHDIR := 1
endif

# No setting is expanded, by make or by a shell: $(value) hands it to R as it was typed. make would
# expand what is set on its command line for the environment of each command, and again in each make
# that it starts, so that neither gets it; MAKEOVERRIDES is what passes it on.
override SETTINGS := DATA SHEET DATES TIME EVENT MODEL WHERE UNIT ID OUTPUT
override MAKEOVERRIDES :=
unexport $(foreach name,$(.VARIABLES),$(if $(filter command,$(firstword $(origin $(name)))),$(name)))
unexport $(SETTINGS)
export R_LIBS LC_ALL PATH CCACHE_NOHASHDIR

override PACKAGE_FILES := DESCRIPTION $(shell find NAMESPACE R src inst man data -type f ! -name '*.o' ! -name '*.so' 2>/dev/null)
override CPP_FILES = $(shell find src tests/core data-raw -name '*.h' -o -name '*.hpp' -o -name '*.cpp' ! -name RcppExports.cpp)

.PHONY: demo test setup install data document figures check lint bench format check-format clean

define hand_over
demo: export DEMO_$(1) = $$(value $(1))
endef
$(foreach name,$(SETTINGS),$(eval $(call hand_over,$(name))))
demo: setup install
	@Rscript tools/demo.R

# What tools/test.sh reads of its environment may be set on the command line too.
test: export FUZZ_SECONDS := $(value FUZZ_SECONDS)
test:
	@tools/test.sh

setup:
	@tools/setup.sh demo

install: $(BUILD)/installed

# Through the tarball, so that no object file of an earlier compilation slips in.
$(BUILD)/installed: $(PACKAGE_FILES)
	@mkdir -p $(BUILD)/library
	@cd $(BUILD) && rm -f *.tar.gz && echo "installing lmsurv into $(BUILD)/library" && \
	  (R CMD build --no-build-vignettes .. && \
	   MAKEFLAGS=-j2 R CMD INSTALL --library=library *.tar.gz) >install.log 2>&1 || \
	  { grep -iE -A6 'error|undefined|cannot' install.log; echo "see $(BUILD)/install.log"; exit 1; }
	@touch $@

# Annealing: see data-raw/README.md. The last line shows what came out beside what is published.
data:
	Rscript data-raw/bone-order.R
	Rscript data-raw/leiomyosarcoma.R
	@$(MAKE) install
	Rscript -e 'library(lmsurv)' -e 'lms_reconcile()'

document:
	Rscript -e 'Rcpp::compileAttributes()' -e 'roxygen2::roxygenise(load_code = "source")'

figures: install
	Rscript tools/figures.R

check:
	@Rscript tools/check.R

lint:
	@Rscript tools/lint.R

bench: setup install
	Rscript bench/run.R cox
	Rscript bench/run.R curves
	@$(MAKE) inst/bench

# The copies that the installed package has, for its vignette.
inst/bench: $(wildcard bench/results/*.md)
	@mkdir -p $@ && cp $^ $@ && touch $@

format:
	clang-format -i $(CPP_FILES)

check-format:
	@clang-format --dry-run -Werror $(CPP_FILES)

clean:
	rm -rf $(BUILD) src/*.o src/*.so src/core/*.o
