# All events in one of several strata.

find_strata <- function(fit, given) {
  strata <- fit$strata
  if (is.null(strata) || is.null(given$response)) return(finding(character()))
  events <- tabulate(strata[given$response$status == 1L], nlevels(strata))
  if (sum(events > 0L) > 1L) return(finding(character()))
  at <- which(events > 0L)
  finding(
    "single_stratum", "caution", level = levels(strata)[at],
    n = tabulate(strata, nlevels(strata))[at], n_events = sum(events), n_groups = nlevels(strata),
    remedy = "strata"
  )
}
