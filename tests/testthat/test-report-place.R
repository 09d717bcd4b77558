test_that("a report that cannot be written leaves the one that was there, and nothing beside it", {
  folder <- withr::local_tempdir()
  old <- file.path(folder, "report.html")
  writeLines("old", old)
  absent <- file.path(folder, "not there")
  expect_error(put_in_place(absent, old, TRUE), class = "lmsurv_error_output")
  expect_identical(readLines(old), "old")
  expect_identical(list.files(folder, all.files = TRUE, no.. = TRUE), "report.html")
  # A device that is always full.
  skip_if(!file.exists("/dev/full"), "no /dev/full here")
  expect_error(put_in_place(old, "/dev/full/report.html", TRUE), class = "lmsurv_error_output")
  new <- withr::local_tempfile(lines = "new")
  expect_error(put_in_place(new, old, FALSE), class = "lmsurv_error_output")
  Sys.chmod(old, "640")
  put_in_place(new, old, TRUE)
  expect_identical(readLines(old), "new")
  expect_identical(format(file.mode(old)), "640")
})

test_that("a link is followed where its file is there, and never written through where it is not", {
  skip_on_os("windows")
  folder <- withr::local_tempdir()
  there <- file.path(folder, "there.html")
  link <- file.path(folder, "link.html")
  new <- withr::local_tempfile(lines = "new")
  file.symlink(there, link)
  expect_error(refuse_existing(link), class = "lmsurv_error_output")
  expect_error(put_in_place(new, link, FALSE), class = "lmsurv_error_output")
  expect_false(file.exists(there))
  writeLines("old", there)
  expect_error(refuse_existing(link), class = "lmsurv_error_output")
  put_in_place(new, link, TRUE)
  expect_identical(readLines(there), "new")
  expect_identical(basename(Sys.readlink(link)), "there.html")
})

test_that("an interrupt leaves no folder with figures, and no report", {
  skip_without_report()
  skip_on_os("windows")
  folder <- withr::local_tempdir()
  made <- sprintf("^lmsurv-report-%x", Sys.getpid())
  before <- list.files(tempdir(), made)
  render <- rmarkdown::render
  withr::defer(utils::assignInNamespace("render", render, "rmarkdown"))
  seen <- NULL
  utils::assignInNamespace("render", function(input, ...) {
    seen <<- setdiff(list.files(tempdir(), made), before)
    tools::pskill(Sys.getpid(), tools::SIGINT)
    Sys.sleep(5)
  }, "rmarkdown")
  result <- tryCatch(
    lms_report(bundled_cohort(), file.path(folder, "a.html"), sections = "os", quiet = TRUE),
    interrupt = function(cnd) "interrupted"
  )
  expect_identical(result, "interrupted")
  expect_length(seen, 1)
  expect_identical(list.files(tempdir(), made), before)
  expect_length(list.files(folder, all.files = TRUE, no.. = TRUE), 0)
})

test_that("no title is left for a shell to expand", {
  skip_if_not_installed("rmarkdown")
  for (title in c("a`touch${IFS}x`", "$HOME", "plain", "~root")) {
    said <- report_output("html", title)$pandoc$args
    said <- said[startsWith(said, "title") | startsWith(said, "pagetitle")]
    expect_length(said, 2)
    # What rmarkdown puts in quotes: its list of characters, of which ours has the colon.
    quoted_by_it <- get("quoted", asNamespace("rmarkdown"))
    expect_identical(quoted_by_it(said), shQuote(said))
  }
})
