# What an lms_cuminc must share with survfit() and cmprsk::cuminc() of the same data.

# Relative to the largest standard error or limit. Where a variance is 0, both have rounding error
# of a probability, hence the floor.
incidence_tolerance <- 1e-10

relative_to_floor <- function(ours, theirs, floor = 1e-6) {
  ours <- unname(as.matrix(ours))
  theirs <- unname(as.matrix(theirs))
  if (!identical(dim(ours), dim(theirs))) return(Inf)
  if (anyNA(ours) || anyNA(theirs)) return(Inf)
  max(abs(ours - theirs), 0) / max(abs(theirs), floor)
}

# The censored: by state here and in survival since 3.6, a vector before.
censored <- function(fit) {
  if (is.matrix(fit$n.censor)) unname(fit$n.censor[, "(s0)"]) else fit$n.censor
}

# Counts of weighted data are numbers of rows in survival before 3.6: sums of weights here. Standard
# errors that are 0 may be its rounding since then.
incidence_errors <- function(ours, theirs, weighted = FALSE) {
  theirs$std.err[theirs$std.err < 1e-14] <- 0
  at <- match(theirs$states, ours$states)
  inside <- theirs$pstate > 1e-12 & theirs$pstate < 1 - 1e-12
  limits <- function(x) if (is.null(x)) 0 else x[, at, drop = FALSE][inside]
  errors <- c(
    n = relative_to_floor(ours$n, theirs$n),
    time = relative_to_floor(ours$time, theirs$time),
    pstate = relative_to_floor(ours$pstate[, at, drop = FALSE], theirs$pstate),
    "standard error" = relative_to_floor(ours$std.err[, at, drop = FALSE], theirs$std.err),
    cumhaz = relative_to_floor(ours$cumhaz, theirs$cumhaz),
    lower = relative_to_floor(limits(ours$lower), theirs$lower[inside]),
    upper = relative_to_floor(limits(ours$upper), theirs$upper[inside]),
    sizes = relative_to_floor(c(ours$strata, 0), c(theirs$strata, 0)),
    transitions = relative_to_floor(ours$transitions, theirs$transitions),
    p0 = relative_to_floor(as.vector(ours$p0), as.vector(theirs$p0))
  )
  if (weighted && utils::packageVersion("survival") < "3.6") return(errors)
  c(
    errors,
    "at risk" = relative_to_floor(ours$n.risk[, at, drop = FALSE], theirs$n.risk),
    events = relative_to_floor(ours$n.event[, at, drop = FALSE], theirs$n.event),
    censored = relative_to_floor(censored(ours), censored(theirs))
  )
}

# Gray's tests of the causes that cmprsk has, beside its own; NA where it has none.
gray_errors <- function(tests, theirs, labels) {
  theirs <- theirs$Tests[match(labels, rownames(theirs$Tests)), , drop = FALSE]
  known <- !is.na(theirs[, "stat"]) & theirs[, "stat"] >= 0
  c(
    statistic = relative_to_floor(tests$statistic[known], theirs[known, "stat"], 1e-8),
    df = relative_to_floor(tests$df[known], theirs[known, "df"]),
    p = relative_to_floor(tests$p.value[known], theirs[known, "pv"])
  )
}

# cmprsk's estimates and variances at our times, group by group and cause by cause.
cuminc_errors <- function(ours, theirs, groups, labels) {
  ranges <- curve_ranges(ours)
  errors <- unlist(lapply(seq_along(groups), function(g) {
    at <- ranges[[g]]
    vapply(seq_along(labels), function(k) {
      name <- paste(groups[g], labels[k])
      if (!name %in% names(theirs)) return(max(ours$pstate[at, k + 1L]))
      # cmprsk::timepoints() says NA past a curve's last step.
      curve <- cmprsk::timepoints(theirs[name], ours$time[at])
      known <- !is.na(curve$est[1, ])
      max(
        relative_to_floor(ours$pstate[at, k + 1L][known], curve$est[1, known]),
        relative_to_floor(ours$std.err[at, k + 1L][known]^2, curve$var[1, known], 1e-9)
      )
    }, 0)
  }))
  c("cmprsk's estimates and variances" = max(errors))
}

with_outcome <- function(data, time, cause, levels) {
  data$time_to <- time
  data$cause <- factor(cause, seq_along(levels) - 1L, levels)
  data[!is.na(time) & !is.na(cause), ]
}

competing <- list(
  mgus2 = function() {
    d <- survival::mgus2
    with_outcome(
      d, ifelse(d$pstat == 1, d$ptime, d$futime), ifelse(d$pstat == 1, 1, 2 * d$death),
      c("alive", "pcm", "death")
    )
  },
  mgus = function() {
    d <- survival::mgus
    first <- !is.na(d$pctime)
    with_outcome(
      d, ifelse(first, d$pctime, d$futime), ifelse(first, 1, 2 * d$death),
      c("alive", "pcm", "death")
    )
  },
  pbc = function() {
    d <- survival::pbc
    with_outcome(d, d$time, d$status, c("censored", "transplant", "death"))
  },
  transplant = function() {
    d <- survival::transplant
    with_outcome(d, d$futime, as.integer(d$event) - 1L, levels(d$event))
  },
  rotterdam = function() {
    d <- survival::rotterdam
    first <- d$recur == 1
    with_outcome(
      d, ifelse(first, d$rtime, d$dtime), ifelse(first, 1, 2 * d$death),
      c("alive", "recurrence", "death")
    )
  },
  colon = function() {
    d <- survival::colon
    recurrence <- d[d$etype == 1, ]
    death <- d[d$etype == 2, ]
    first <- recurrence$status == 1
    with_outcome(
      death, ifelse(first, recurrence$time, death$time), ifelse(first, 1, 2 * death$status),
      c("alive", "recurrence", "death")
    )
  },
  myeloid = function() {
    d <- survival::myeloid
    time <- pmin(d$txtime, d$crtime, d$futime, na.rm = TRUE)
    cause <- ifelse(
      time == d$txtime & !is.na(d$txtime), 1,
      ifelse(time == d$crtime & !is.na(d$crtime), 2, 3 * d$death)
    )
    with_outcome(d, time, cause, c("alive", "transplant", "response", "death"))
  },
  bladder1 = function() {
    d <- survival::bladder1
    d <- d[!duplicated(d$id), ]
    with_outcome(d, d$stop, d$status, c("censored", "recurrence", "bladder death", "other death"))
  },
  jasa = function() {
    d <- survival::jasa
    d <- d[d$futime > 0, ]
    first <- d$transplant == 1
    with_outcome(
      d, ifelse(first, pmax(d$wait.time, 1), d$futime), ifelse(first, 1, 2 * d$fustat),
      c("alive", "transplant", "death")
    )
  },
  flchain = function() {
    d <- survival::flchain
    chapter <- match(d$chapter, c("Circulatory", "Neoplasms", "Respiratory"))
    cause <- ifelse(d$death == 0, 0, ifelse(is.na(chapter), 4, chapter))
    d <- with_outcome(
      d, d$futime, cause, c("alive", "circulatory", "neoplasm", "respiratory", "other")
    )
    d[seq(1, nrow(d), 8), ]
  }
)

competing_groups <- list(
  mgus2 = "sex", mgus = "sex", pbc = "trt", transplant = "abo", rotterdam = "hormon",
  colon = "rx", myeloid = "trt", bladder1 = "treatment", jasa = "surgery", flchain = "sex"
)

# Random rows with entry times have empty risk sets.
quietly <- function(x) {
  suppressMessages(suppressWarnings(x, classes = "lmsurv_warning_risk_set_empty"))
}
