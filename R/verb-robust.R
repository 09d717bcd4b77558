# Robust variances: when, by which clusters, and over how many units.

# Cluster codes 1..G, or NULL when each row stands for itself.
cluster_codes <- function(cluster) if (!is.null(cluster)) match(cluster, unique(cluster))

# coxph's rule for when the variance is robust.
robust_plan <- function(robust, risk, weight_type) {
  codes <- cluster_codes(risk$cluster)
  ids <- cluster_codes(risk$id)
  weights <- risk$response$weights
  if (is.null(robust)) {
    fractional <- !is.null(weights) && any(weights != floor(weights))
    robust <- !is.null(codes) || fractional || weight_type == "sampling"
  } else if (robust && is.null(codes) && is.null(ids) && !is.null(risk$response$entry)) {
    abort(
      "argument",
      "`robust = TRUE` with (start, stop] data needs the patient of each row.",
      "Set `id` or `cluster`."
    )
  } else if (!robust && !is.null(codes)) {
    warn("cluster", "`robust = FALSE`: the clusters are ignored.")
  }
  if (!robust) return(list(robust = FALSE))
  if (is.null(codes)) codes <- ids
  list(
    robust = TRUE, codes = codes, clusters = if (!is.null(codes)) max(codes),
    units = robust_units(
      codes, if (is.null(weights)) rep(1, length(risk$response$time)) else weights,
      weight_type == "frequency"
    )
  )
}

# How many independent units a robust variance sums over; rows of weight 0 are none.
robust_units <- function(codes, weights, frequency) {
  if (!is.null(codes)) return(length(unique(codes[weights > 0])))
  if (frequency) sum(weights) else sum(weights > 0)
}
