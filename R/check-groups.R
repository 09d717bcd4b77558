# Groups of curves and tests with fewer than five events.

find_sparse_causes <- function(fit) {
  events <- vapply(curve_ranges(fit), function(at) {
    colSums(fit$n.event[at, -1L, drop = FALSE])
  }, double(length(fit$states) - 1L))
  events <- matrix(events, length(fit$states) - 1L)
  at <- which(events < 5, arr.ind = TRUE)
  group <- fit$groups[at[, 2L]]
  finding(
    "sparse_level", rep("caution", nrow(at)), group = ifelse(nzchar(group), group, NA),
    level = fit$states[-1L][at[, 1L]], n = fit$n[at[, 2L]], n_events = events[at],
    measure = "incidence", remedy = "combine groups"
  )
}

find_sparse_groups <- function(fit) {
  at <- which(fit$group_events < 5)
  finding(
    "sparse_level", rep("caution", length(at)), group = names(fit$group_events)[at],
    n = as.double(fit$n)[at], n_events = fit$group_events[at], measure = "survival",
    remedy = "combine groups"
  )
}
