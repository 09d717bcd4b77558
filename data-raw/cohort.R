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
inferred_deaths <- c(67, 64, 26, 3, 4, 3, 4, 3, 3, 2, 4, 1, 1, 2, 1, 3)

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
  rbind(
    do.call(rbind, lapply(ids, ratio_windows)),
    months("lower"), months("value"), months("upper"),
    followed("survival.all.rate_2y"), followed("survival.all.rate_5y"),
    followed("survival.all.rate_10y"), test_window("logrank.bone_vs_none.p", 1, weight = 3),
    # Not printed: keeps the deaths where the intervals put them.
    c(63, 72, 4, 0.5, 0.01), c(57, 66, 4, 0.5, 0.01), c(24, 28, 2, 0.5, 0.02)
  )
}

# 351 survival times like those of the printed quartiles, censored like the crude proportions, with
# the wanted deaths in each subtype.
start_cohort <- function(bone) {
  wanted <- as.integer(published[paste0("table1.subtype.", subtype_keys, ".n"), "value"])
  in_bone <- bone_subtypes[bone$subtype + 1L]
  rest <- wanted - tabulate(in_bone, 16L)
  deaths <- pmax(0, inferred_deaths - tabulate(in_bone[bone$dead == 1], 16L))
  piecewise <- function(n, rates) {
    target <- stats::rexp(n)
    edges <- c(0, 36.4, 82.3, Inf)
    cumulative <- cumsum(c(0, rates[1:2] * diff(edges[1:3])))
    part <- findInterval(target, cumulative)
    edges[part] + (target - cumulative[part]) / rates[part]
  }
  n <- sum(rest)
  death <- piecewise(n, c(0.0079, 0.0088, 0.006))
  censoring <- piecewise(n, c(0.006, 0.0095, 0.0075))
  days <- pmin(round(pmin(death, censoring) * month) + 15, 8600)
  early <- order(death - censoring)
  dead <- seq_len(n) %in% early[seq_len(sum(deaths))]
  subtype <- integer(n)
  subtype[dead] <- sample(rep(0:15, deaths))
  subtype[!dead] <- sample(rep(0:15, rest - deaths))
  taken <- bone$days
  for (i in seq_len(n)) {
    while (days[i] %in% taken) days[i] <- days[i] + 1
    taken <- c(taken, days[i])
  }
  start <- rbind(
    cbind(bone$days, in_bone - 1L, bone$dead, 1L), cbind(days, subtype, dead, 0L)
  )
  storage.mode(start) <- "integer"
  unname(start)
}

calibrate_cohort <- function(bone, seeds, moves) {
  schedule <- annealing_schedule(moves, hot = 0.5)
  runs <- lapply(seeds, function(seed) {
    set.seed(seed)
    run <- anneal_cohort_model(start_cohort(bone), cohort_windows(), schedule, 8700L, seed)
    message("cohort, seed ", seed, ": ", run$misses, " of 71 numbers missed, cost ",
            round(run$cost, 2))
    run
  })
  score <- vapply(runs, function(run) run$misses + run$cost / 1000, 0)
  state <- as.data.frame(runs[[which.min(score)]]$state)
  names(state) <- c("days", "subtype", "dead", "bone")
  state[state$bone == 0, c("days", "subtype", "dead")]
}
