# Data comes in at the bottom and leaves at the top, as CONTRIBUTING.md draws it: a function of R/
# uses those of its own layer and of the layers below.

# From the bottom, by the names of files (regular expressions).
layers <- list(
  basics = c(
    "checks", "close-times", "conventions", "data", "expressions", "frames", "labelled",
    "lmsurv-package", "months", "outcome-words", "print-parts", "random", "reexports",
    "release-cells", "release-strip", "session", "status", "status-way-out", "surv-call", "terms",
    "time-units", "ways-out", "words"
  ),
  cohort = c("read(-.*)?", "cohort(-.*)?", "endpoint(-.*)?", "time-split", "landmark"),
  sources = "source-.*",
  risk_data = c(
    "coded-call", "design", "event(-.*)?", "formula", "group-data", "missing-values", "response",
    "risk-data(-.*)?", "states"
  ),
  verbs = "verb-.*",
  estimators = "(cox|km|logrank|cuminc|finegray|rates|rmst|person-time|fisher|zph|contrast)(-.*)?",
  findings = c("check(-.*)?", "finding(-.*)?"),
  tables_and_figures = c("table(-.*)?", "plot-.*", "figure(-.*)?", "release-curves"),
  report = c("report(-.*)?", "release-sets"),
  article = c("article-.*", "reconcile(-.*)?", "infer-deaths")
)

# What two families of estimators need belongs to the verbs, unless one is built on the other.
builds_on <- list(km = "logrank", rates = "km", zph = "cox")

# Edges that still run upwards: "file: function -> function".
exceptions <- c(
  "cox-print: hazard_table -> cox_lines",
  "cox-print: print.lms_cox -> check_foot",
  "cox-strip: lms_strip.lms_cox -> check_foot",
  "report-fits: paper_models -> reconcile_frame",
  "table-paper: paper_table_1 -> all_patients",
  "table: lms_table -> reconcile_frame"
)

# A row for each use of an object of `path` by another: from, to, and the files of both.
call_graph <- function(path) {
  files <- list.files(path, "[.]R$", full.names = TRUE)
  files <- files[basename(files) != "RcppExports.R"]
  parts <- lapply(files, function(file) {
    parsed <- Filter(is_definition, as.list(parse(file, keep.source = FALSE)))
    list(
      name = vapply(parsed, function(e) as.character(e[[2L]]), ""), value = lapply(parsed, `[[`, 3L)
    )
  })
  name <- unlist(lapply(parts, `[[`, "name"))
  file <- rep(sub("[.]R$", "", basename(files)), lengths(lapply(parts, `[[`, "name")))
  used <- lapply(unlist(lapply(parts, `[[`, "value"), recursive = FALSE), used_names)
  edges <- data.frame(from = rep(name, lengths(used)), to = as.character(unlist(used)))
  edges <- edges[edges$to %in% name & edges$from != edges$to, , drop = FALSE]
  edges$from_file <- file[match(edges$from, name)]
  edges$to_file <- file[match(edges$to, name)]
  list(files = sub("[.]R$", "", basename(files)), edges = edges)
}

is_definition <- function(e) {
  is.call(e) && identical(e[[1L]], quote(`<-`)) && (is.name(e[[2L]]) || is.character(e[[2L]]))
}

# Names that a function, or another expression as the body of one, looks up outside of itself.
used_names <- function(value) {
  if (!is.call(value) || !identical(value[[1L]], quote(`function`))) {
    value <- call("function", NULL, value)
  }
  found <- suppressWarnings(codetools::findGlobals(eval(value, baseenv()), merge = FALSE))
  unique(unlist(found, use.names = FALSE))
}

whole_name <- function(forms, file) grepl(paste0("^(", paste(forms, collapse = "|"), ")$"), file)

layer_of <- function(files) {
  vapply(files, function(file) {
    found <- which(vapply(layers, function(forms) whole_name(forms, file), NA))
    if (length(found) == 1L) found else NA_integer_
  }, 0L, USE.NAMES = FALSE)
}

family_of <- function(files) {
  found <- regmatches(files, regexec(paste0("^", layers$estimators, "$"), files))
  vapply(found, function(parts) if (length(parts)) parts[2L] else "", "")
}

as_text <- function(edges) {
  sort(sprintf("%s: %s -> %s", edges$from_file, edges$from, edges$to))
}

# Sets of files each of which reaches all others of its set.
circles <- function(graph) {
  files <- graph$files
  apart <- graph$edges[graph$edges$from_file != graph$edges$to_file, ]
  reach <- matrix(FALSE, length(files), length(files), dimnames = list(files, files))
  reach[cbind(match(apart$from_file, files), match(apart$to_file, files))] <- TRUE
  repeat {
    further <- reach | (reach %*% reach > 0)
    if (identical(further, reach)) break
    reach <- further
  }
  both <- reach & t(reach)
  sets <- unique(lapply(files[rowSums(both) > 0], function(file) files[both[file, ]]))
  sets[lengths(sets) > 1L]
}

sources <- testthat::test_path("..", "..", "R")

graph_of_package <- local({
  graph <- NULL
  function() {
    skip_if_not(file.exists(file.path(sources, "session.R")), "The sources in R/ are not here")
    skip_if_not_installed("codetools")
    if (is.null(graph)) graph <<- call_graph(sources)
    graph
  }
})

test_that("each file is of one layer", {
  files <- graph_of_package()$files
  expect_identical(files[is.na(layer_of(files))], character())
})

test_that("no function uses one of a layer above", {
  edges <- graph_of_package()$edges
  upwards <- edges[layer_of(edges$to_file) > layer_of(edges$from_file), ]
  expect_identical(as_text(upwards), sort(exceptions))
})

test_that("an estimator uses another only where it is built on it", {
  edges <- graph_of_package()$edges
  from <- family_of(edges$from_file)
  to <- family_of(edges$to_file)
  allowed <- mapply(function(from, to) to %in% builds_on[[from]], from, to)
  across <- edges[nzchar(from) & nzchar(to) & from != to & !allowed, ]
  expect_identical(as_text(across), character())
})

test_that("files do not need each other in circles of more than ten", {
  found <- circles(graph_of_package())
  expect_identical(Filter(function(files) length(files) > 10L, found), list())
})

test_that("the graph sees uses in functions, in their defaults and in other objects", {
  skip_if_not_installed("codetools")
  folder <- withr::local_tempdir()
  write <- function(name, ...) writeLines(c(...), file.path(folder, paste0(name, ".R")))
  write("words", "low <- function(x = high()) x", "table <- list(a = middle)")
  write("cox", "middle <- function() { low <- 1; low }")
  write("report", "high <- function() lapply(1, middle)", "high_too <- function() table")
  graph <- call_graph(folder)
  expect_identical(
    as_text(graph$edges),
    c("report: high -> middle", "report: high_too -> table", "words: low -> high",
      "words: table -> middle")
  )
  expect_identical(layer_of(graph$files), c(6L, 9L, 1L))
  expect_identical(circles(graph), list(c("report", "words")))
})
