# `make demo` and `make test` set up what they need; everything that is built goes to _build/.
SHELL := /bin/bash
.NOTPARALLEL:

BUILD := _build
export R_LIBS := $(CURDIR)/$(BUILD)/library$(if $(R_LIBS),:$(R_LIBS))
export LC_ALL := C.UTF-8
ifneq ($(wildcard /usr/lib/ccache),)
export PATH := /usr/lib/ccache:$(PATH)
# R compiles in a new folder each time.
export CCACHE_NOHASHDIR := 1
endif

PACKAGE_FILES := DESCRIPTION $(shell find NAMESPACE R src inst man data -type f ! -name '*.o' ! -name '*.so' 2>/dev/null)
CPP_FILES = $(shell find src tests/core data-raw -name '*.h' -o -name '*.hpp' -o -name '*.cpp' ! -name RcppExports.cpp)

.PHONY: demo test setup install data document figures check lint bench format check-format clean

# $(value) hands the settings to R as they were typed: make would expand a `$$` in them.
demo: export DEMO_DATA = $(value DATA)
demo: export DEMO_SHEET = $(value SHEET)
demo: export DEMO_DATES = $(value DATES)
demo: export DEMO_TIME = $(value TIME)
demo: export DEMO_EVENT = $(value EVENT)
demo: export DEMO_MODEL = $(value MODEL)
demo: export DEMO_WHERE = $(value WHERE)
demo: export DEMO_UNIT = $(value UNIT)
demo: export DEMO_ID = $(value ID)
demo: export DEMO_OUTPUT = $(value OUTPUT)
demo: setup install
	@Rscript tools/demo.R

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
