# Lints the package and the scripts beside it.
lints <- c(
  lintr::lint_package(),
  unlist(lapply(c("tools", "bench"), lintr::lint_dir, relative_path = FALSE), recursive = FALSE)
)
for (lint in lints) print(lint)
if (length(lints)) {
  stop(length(lints), " lint(s)", call. = FALSE)
}
