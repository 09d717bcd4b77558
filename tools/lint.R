# Lints the package and the scripts beside it.
lints <- c(
  lintr::lint_package(),
  unlist(lapply(c("tools", "bench"), lintr::lint_dir, relative_path = FALSE), recursive = FALSE)
)
# Tests and scripts use what their helper files define, which this linter can't see.
blind <- function(lint) {
  lint$linter == "object_usage_linter" && !startsWith(lint$filename, "R/")
}
lints <- Filter(Negate(blind), lints)
for (lint in lints) print(lint)

# Of two functions of one name in the package the later file's would win, and nothing would say so.
defined_in <- function(file) {
  calls <- Filter(function(e) is.call(e) && identical(e[[1L]], quote(`<-`)), as.list(parse(file)))
  vapply(calls, function(e) deparse(e[[2L]])[1L], "")
}
defined <- unlist(lapply(list.files("R", "[.]R$", full.names = TRUE), defined_in))
twice <- unique(defined[duplicated(defined)])
if (length(twice)) cat("defined twice in R/:", twice, "\n")

# In the core a header and its source file are one module, and no module may need itself by way of
# others: those that need nothing, and then those that need these alone, are taken out.
sources <- list.files("src/core", "[.][ch]pp$", full.names = TRUE)
module_of <- function(file) sub("[.][ch]pp$", "", basename(file))
needs <- lapply(split(sources, module_of(sources)), function(files) {
  lines <- unlist(lapply(files, readLines))
  included <- sub("^#include \"(.*)\"$", "\\1", grep("^#include \"", lines, value = TRUE))
  setdiff(module_of(included), module_of(files))
})
repeat {
  free <- lengths(needs) == 0L
  if (!any(free)) break
  needs <- lapply(needs[!free], setdiff, names(needs)[free])
}
if (length(needs)) cat("need each other, or what is not there, in src/core:", names(needs), "\n")

found <- length(lints) + length(twice) + length(needs)
if (found) stop(found, " lint(s)", call. = FALSE)
