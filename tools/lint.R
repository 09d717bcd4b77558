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
if (length(lints)) {
  stop(length(lints), " lint(s)", call. = FALSE)
}
