# The other 351 patients (cohort-model.cpp).

subtype_levels <- c(
  "Retroperitoneal", "Uterine", "Extremity soft tissue", "Dermal/subcutaneous",
  "Male reproductive", "Primary bone", "Peritoneal", "Gastrointestinal", "Inferior vena cava",
  "Gynecologic", "Liver", "H&N", "Mediastinal", "Lung", "Breast", "Unknown"
)
subtype_keys <- c(
  "retroperitoneal", "uterine", "extremity", "dermal", "male_reproductive", "primary_bone",
  "peritoneal", "gastrointestinal", "ivc", "gynecologic", "liver", "head_neck", "mediastinal",
  "lung", "breast", "unknown"
)
# Of Table 5's codes 0 to 5.
bone_subtypes <- match(
  c("retroperitoneal", "extremity", "uterine", "lung", "head_neck", "unknown"), subtype_keys
)

# What lms_infer_deaths() reads off the widths of Table 4's intervals.
inferred_deaths <- c(70, 65, 27, 3, 4, 3, 4, 3, 3, 2, 4, 1, 1, 2, 1, 3)

cohort_windows <- function() {
  ids <- paste0("table4.hr.", c("bone_mets", subtype_keys[-1L]))
  months <- function(column) {
    window <- printed("survival.all.km", column)
    c(window + c(1, -1) * 1e-6, 0.2, 5, 0.25)
  }
  followed <- function(id) {
    window <- printed(id, "value") / 100 * 396
    c(ceiling(window[1L]), ceiling(window[2L]) - 1, 1.5, 5, 0.03)
  }
  ratios <- do.call(rbind, lapply(ids, ratio_windows, steep = 20))
  ratios[1:4, 4L] <- 4 # of bone metastasis, which depends on all others
  rbind(
    ratios,
    months("lower"), months("value"), months("upper"),
    followed("survival.all.rate_2y"), followed("survival.all.rate_5y"),
    followed("survival.all.rate_10y"), test_window("logrank.bone_vs_none.p", 1, weight = 3),
    # Not printed: keeps the deaths where the intervals put them.
    c(63, 72, 4, 2, 0.1), c(57, 66, 4, 2, 0.1), c(24, 28, 2, 2, 0.2),
    # How far from the smooth curve (smooth.hpp): share of the band, squared; months without a
    # death; ratios of hazards of adjacent years; fall at one death.
    c(0, 0.4, 0.1, 3, 2), c(0, 14, 2, 3, 0.1), c(0, 1.5, 0.05, 3, 1), c(0, 2.4, 0.1, 3, 1),
    c(0, 0.035, 0.005, 3, 10)
  )
}

# Days from diagnosis on which a clinic sees its patients: every three months for two years, every
# six for three more, then every year, each within three weeks.
visit_days <- function(days = 9400L) {
  months <- c(seq(3, 24, 3), seq(30, 60, 6), seq(72, 312, 12))
  seq_len(days) %in% outer(round(months * month), -21:21, `+`)
}

# 351 survival times with the smooth hazard, censored like the crude proportions, with the wanted
# deaths in each subtype.
start_cohort <- function(bone, smooth, visits) {
  wanted <- as.integer(published[paste0("table1.subtype.", subtype_keys, ".n"), "value"])
  in_bone <- bone_subtypes[bone$subtype + 1L]
  rest <- wanted - tabulate(in_bone, 16L)
  deaths <- pmax(0, inferred_deaths - tabulate(in_bone[bone$dead == 1], 16L))
  n <- sum(rest)
  death <- findInterval(stats::rexp(n), smooth)
  censoring <- month * piecewise(n, c(0, 24, 60, 120, 200), c(0.007, 0.0092, 0.0072, 0.004, 0.01))
  early <- order(death - censoring)
  dead <- seq_len(n) %in% early[seq_len(sum(deaths))]
  subtype <- integer(n)
  subtype[dead] <- sample(rep(0:15, deaths))
  subtype[!dead] <- sample(rep(0:15, rest - deaths))
  days <- pmin(pmax(round(ifelse(dead, death, censoring)), 15), length(visits) - 60)
  taken <- seq_along(visits) %in% bone$days
  for (i in sample(n)) {
    free <- which(!taken & (dead[i] | visits))
    days[i] <- free[which.min(abs(free - days[i]))]
    taken[days[i]] <- TRUE
  }
  start <- rbind(
    cbind(bone$days, in_bone - 1L, bone$dead, 1L), cbind(days, subtype, dead, 0L)
  )
  storage.mode(start) <- "integer"
  unname(start)
}

# Times with a hazard that is constant from each edge to the next.
piecewise <- function(n, edges, rates) {
  target <- stats::rexp(n)
  cumulative <- cumsum(c(0, rates[-length(rates)] * diff(edges)))
  part <- findInterval(target, cumulative)
  edges[part] + (target - cumulative[part]) / rates[part]
}

# The last time the curve counts more, at its end above all.
last_windows <- function() {
  windows <- cohort_windows()
  windows[75:79, 4L] <- 12
  windows[75:79, 2L] <- c(0.6, 24, 1.6, 2.6, 0.024)
  windows
}

# First what needs no model, then all, then twice from near the target.
cohort_schedules <- function(moves) {
  list(
    rbind(c(8e5, 5, 0.3, 1, 0.02, 0), cbind(annealing_schedule(moves, hot = 0.5), 1)),
    rbind(c(1.2 * moves, 20, 1, 0.2, 0.05, 1), c(0.6 * moves, 1, 0.3, 0.05, 0.01, 1)),
    rbind(c(moves, 3, 0.5, 0.15, 0.02, 1), c(0.4 * moves, 0.5, 0.3, 0.03, 0.01, 1))
  )
}

calibrate_cohort <- function(bone, seed, moves) {
  smooth <- smooth_by_day("survival.all.km")
  visits <- visit_days()
  set.seed(seed)
  run <- list(state = start_cohort(bone, smooth, visits))
  for (part in 1:3) {
    run <- anneal_cohort_model(
      run$state, if (part == 3L) last_windows() else cohort_windows(), smooth, c(FALSE, visits),
      cohort_schedules(moves)[[part]], part == 3L, seed
    )
    message("cohort: ", run$misses, " of 71 numbers missed, cost ", round(run$cost, 2))
  }
  state <- as.data.frame(run$state)
  names(state) <- c("days", "subtype", "dead", "bone")
  state[state$bone == 0, c("days", "subtype", "dead")]
}
