# `make demo` in the repository, where the tests are run from its folder.
makefile <- Filter(file.exists, file.path(strrep("../", 2:6), "Makefile"))
makefile <- Filter(function(path) any(grepl("^demo:", readLines(path))), makefile)

test_that("make and shells expand no setting: R gets it as it was typed", {
  skip_if(!length(makefile), "only in the repository")
  skip_if(!nzchar(Sys.which("make")), "make is not installed")
  folder <- withr::local_tempdir()
  trap <- file.path(folder, "expanded")
  # In place of R: another make, as an installation starts one, and then what R would see.
  rscript <- file.path(folder, "Rscript")
  writeLines(c("#!/bin/sh", "make -s -f /dev/null nothing >/dev/null 2>&1",
               paste0("printenv DEMO_$SETTING > ", folder, "/seen")), rscript)
  Sys.chmod(rscript, "755")
  values <- sprintf(c("$(shell touch %s)", "`touch %s`", "$$(touch %s)", "\"; touch %s; \"",
                      "'; touch %s; '", "$(eval $(shell touch %s))", "a$$b # %s", "${DATA}%s"),
                        trap)
  run <- function(arguments, ...) {
    unlink(file.path(folder, "seen"))
    withr::with_envvar(c(PATH = paste0(folder, ":", Sys.getenv("PATH")), MAKEFLAGS = NA, ...), {
      system2("make", c("-s", "-C", dirname(normalizePath(makefile[1])), "-o", "setup", "-o",
                        "install",
                        arguments, "demo"), stdout = FALSE, stderr = FALSE)
    })
    expect_false(file.exists(trap))
    readLines(file.path(folder, "seen"))
  }
  settings <- c("DATA", "SHEET", "DATES", "TIME", "EVENT", "MODEL", "WHERE", "UNIT", "ID", "OUTPUT")
  for (i in seq_along(settings)) {
    for (value in values[c((i - 1) %% 8 + 1, i %% 8 + 1, 1)]) {
      setting <- settings[i]
      given <- stats::setNames(value, setting)
      expect_identical(run(shQuote(paste0(setting, "=", value)), SETTING = setting), value)
      expect_identical(run(character(), SETTING = setting, given), value)
      run(shQuote(paste0("OTHER=", value)), SETTING = setting)
    }
  }
})
