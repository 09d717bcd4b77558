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

if (length(lints) + length(twice)) {
  stop(length(lints) + length(twice), " lint(s)", call. = FALSE)
}
