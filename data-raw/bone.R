# The 45 patients with bone metastases: order and covariates (bone-model.cpp), roles in section 3.3,
# then days (bone-times.cpp).

table5 <- paste0("table5.hr.", c(
  "extremity", "uterine", "lung", "head_neck", "unknown", "appendicular", "axial", "sex",
  "visceral", "number", "fracture", "surgery"
))

# The abstract repeats the row of fracture.
bone_model_windows <- function() {
  ratios <- lapply(table5, ratio_windows, steep = 20)
  fracture <- match("table5.hr.fracture", table5)
  ratios[[fracture]][, 4L] <- 2
  rbind(
    do.call(rbind, ratios),
    test_window("logrank.surgery.p", 1, 3), test_window("logrank.fracture.p", 1, 3),
    test_window("logrank.indication.p", 1, 3), test_window("logrank.subtype.p", 3, 3)
  )
}

# Each margin as printed; who has what is for the annealing to find.
bone_margins <- function() {
  margins <- cbind(
    subtype = rep(0:5, c(15, 8, 18, 1, 1, 2)), # retroperitoneal, then Table 5's order
    location = rep(c(2, 1, 0), c(29, 5, 11)), # axial, appendicular, both
    sex = rep(1:0, c(14, 31)), metastases = rep(1:0, c(42, 3)), number = rep(0:1, c(13, 32)),
    management = rep(c(3, 2, 1, 0), c(8, 12, 4, 21)), # fracture + 2 surgery
    dead = rep(0:1, c(13, 32))
  )
  storage.mode(margins) <- "integer"
  margins
}

calibrate_bone_model <- function(seeds, moves, rounds) {
  schedule <- annealing_schedule(moves, hot = 3)
  runs <- lapply(seeds, function(seed) {
    run <- anneal_bone_model(
      bone_margins(), bone_model_windows(), schedule, rounds, moves / 10, seed
    )
    message("bone model, seed ", seed, ": ", run$misses, " of 52 numbers missed, cost ",
            round(run$cost, 2))
    run
  })
  score <- vapply(runs, function(run) run$misses + run$cost / 1000, 0)
  state <- as.data.frame(runs[[which.min(score)]]$state)
  names(state) <- colnames(bone_margins())
  state
}

# Which operated patient is which in section 3.3, and what was done to the others. Limb operations
# need a lesion outside the trunk, the others one in it.
assign_roles <- function(model) {
  rank <- seq_len(nrow(model))
  fracture <- model$management %% 2 == 1
  place <- c("both", "limb", "trunk")[model$location + 1L]
  role <- rep(NA_character_, nrow(model))
  # Of those who can be, one with lesions at this place alone if there is one, the last to be seen.
  pick <- function(name, at, condition = TRUE) {
    found <- which(model$management >= 2 & is.na(role) & condition & place %in% c(at, "both"))
    if (!length(found)) stop("nobody can be: ", name)
    role[found[order(place[found] != at, -rank[found])[1L]]] <<- name
  }
  pick("nail", "limb", !fracture & !model$dead & rank > 37)
  pick("four", "limb", !fracture & model$dead & model$number == 1 & rank > 25)
  pick("vertebroplasty", "trunk", fracture & rank > 12)
  pick("hematoma", "limb", !fracture)
  for (name in c("hemiarthroplasty", "humerus nail", rep("arthroplasty", 4L))) pick(name, "limb")
  others <- c("three spine", "three spine", "two spine", "recurrence", "hemipelvectomy", "hip",
              "decompression", "kyphoplasty", "fusion", "fusion")
  for (name in others) pick(name, "trunk")
  role
}

# Days from first surgery to last contact that a role needs.
after_surgery <- function(role) {
  at_least <- c(
    four = 1562, nail = 3184, hematoma = 60, vertebroplasty = 500, recurrence = 240,
    `three spine` = 270, `two spine` = 150
  )
  shortest <- ifelse(role %in% names(at_least), at_least[role], 12)
  longest <- ifelse(role %in% "four", 1574, ifelse(role %in% "nail", 3208, 20000))
  cbind(shortest, longest)
}

hardware_roles <- c("hematoma", "arthroplasty", "hemiarthroplasty", "humerus nail", "recurrence",
                    "three spine", "two spine", "hip", "fusion")

month <- 365.25 / 12
days_within <- function(window) c(ceiling(window[1L] * month), ceiling(window[2L] * month) - 1)

# The range of days of each rank: the crude quartiles and rates of the 45, and the quartiles of
# their curve, which fall on the ranks at which it crosses them.
rank_ranges <- function(dead) {
  n <- length(dead)
  s <- cumprod(1 - dead / (n:1))
  crossing <- vapply(c(0.75, 0.5, 0.25), function(level) which(s < level)[1L], 0L)
  fixed <- rbind(
    days_within(printed("table2.survival_time", "lower")),
    days_within(c(60, 60.5)), # 23 patients reach 60 months
    days_within(printed("table2.survival_time", "upper")),
    days_within(printed("survival.bone.km", "lower")),
    days_within(printed("survival.bone.km", "value")),
    days_within(printed("survival.bone.km", "upper"))
  )
  at <- c(12L, 23L, 34L, crossing)
  low <- rep(20, n)
  high <- rep(8600, n)
  high[1:22] <- 1826
  high[1:8] <- 730
  low[9:n] <- 731
  high[9:37] <- 3652
  low[38:n] <- 3653
  low[at] <- fixed[, 1L]
  high[at] <- fixed[, 2L]
  cbind(low = cummax(low), high = rev(cummin(rev(high))))
}

# Increasing days within the ranges: at random, pushed apart.
start_days <- function(ranges) {
  n <- nrow(ranges)
  days <- round(ranges[, 1L] + sort(stats::runif(n)) * (ranges[, 2L] - ranges[, 1L]))
  for (i in 2:n) days[i] <- max(days[i], days[i - 1L] + 1)
  for (i in (n - 1L):1L) days[i] <- min(days[i], days[i + 1L] - 1, ranges[i, 2L])
  for (i in 2:n) days[i] <- max(days[i], days[i - 1L] + 1)
  days
}

# First failure of a construct, in days from the first surgery, that round to 12.5, 12.7 and 23.6
# months.
failure_range <- function(role) {
  months <- c(vertebroplasty = 12.5, four = 12.7, nail = 23.6)[match(
    role, c("vertebroplasty", "four", "nail")
  )]
  range <- cbind(ceiling((months - 0.05) * month + 1e-6), floor((months + 0.05) * month - 1e-6))
  range[is.na(range)] <- -1
  unname(range)
}

# Longest stretches without a death, in months: well below what the smooth hazards give in 95 of 100
# cohorts. Operations for a fracture or for the only lesion come within prompt months. Largest ratio
# of hazards of adjacent years from diagnosis: see README.md.
bone_limits <- c(flat_total = 48, flat_after = 36, prompt = 4)
bone_ratio <- 3.2

calibrate_bone_times <- function(model, seeds, moves) {
  role <- assign_roles(model)
  ranges <- rank_ranges(model$dead)
  needed <- after_surgery(role)
  windows <- c(vapply(
    c("text.time_to_bone_mets", "text.time_to_visceral_mets", "text.time_to_surgery",
      "text.implant_survival", "survival.post_bone.km"),
    function(id) t(rbind(printed(id, "lower"), printed(id, "value"), printed(id, "upper"))),
    numeric(6)
  ), printed("discussion.survival.post_bone.median", "value"))
  # A hair within, so that no rounding of a half decides.
  windows <- windows + rep(c(1, -1) * 1e-6, length(windows) / 2)
  best <- NULL
  for (seed in seeds) {
    set.seed(seed)
    start <- start_bone_times(model, role, ranges, needed)
    found <- anneal_bone_times(
      start, windows, smooth_by_day("survival.bone.km"), smooth_by_day("survival.post_bone.km"),
      c(bone_limits * month, bone_ratio), moves, seed
    )
    message("bone times, seed ", seed, ": ", signif(attr(found, "cost"), 3), " months off")
    if (is.null(best) || attr(found, "cost") < attr(best, "cost")) best <- found
    if (attr(best, "cost") == 0) break
  }
  colnames(best) <- c("days", "bone", "delay", "visceral_days", "weekday")
  cbind(model, role = role, as.data.frame(best))
}

start_bone_times <- function(model, role, ranges, needed) {
  n <- nrow(model)
  operated <- !is.na(role)
  total <- start_days(ranges)
  delay <- ifelse(operated, 3, -1)
  longest <- pmin(needed[, 2L], total - delay - 2)
  after <- round(needed[, 1L] + stats::runif(n) * (longest - needed[, 1L]))
  bone <- ifelse(operated, total - delay - after, 1 + round(stats::runif(n) * (total - 12)))
  has_visceral <- model$metastases == 1
  bone_first <- seq_len(n) %in% sample(which(has_visceral), 10L)
  visceral <- ifelse(bone_first, bone + 1, bone - 1)
  start <- cbind(
    total, bone, delay, visceral, ranges, needed, model$dead, operated, has_visceral, bone_first,
    role %in% hardware_roles, sample(rep(0:4, length.out = n)),
    operated & (model$management %% 2 == 1 | model$number == 0), failure_range(role)
  )
  storage.mode(start) <- "integer"
  start
}
