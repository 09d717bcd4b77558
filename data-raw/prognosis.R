# Age, tumor size and grade, with effects on survival that the article does not print.
#
# Hazard ratios of the order of those published for leiomyosarcoma:
# - size and grade: "Leiomyosarcoma: investigation of prognostic factors for risk-stratification
#   model" (2015), doi:10.1007/s10147-015-0847-y, 129 patients: 1.9 (1.1-3.4) for larger tumors,
#   3.6 (1.6-7.9) for high grade. Gladdy et al. (2013), doi:10.1245/s10434-013-2876-y, 353
#   patients: size and grade are what predicts survival independently.
# - age: Gootee et al. (2020), reference 14 of the article, 7,154 patients: mortality rises with
#   age. The size of that effect, 1.25 for ten years, is chosen here.

age_effect <- log(1.25) # for ten years
size_effect <- log(c(1, 1.5, 2, 2.5))
grade_effect <- log(c(1, 0.65, 0.3)) # high, intermediate, low

size_levels <- c("5 cm or less", "Over 5 to 10 cm", "Over 10 to 15 cm", "Over 15 to 20 cm")
grade_levels <- c("High", "Intermediate", "Low")

# Ages of the 45 with the printed mean, and a standard error of 1.8 (it cannot be a standard
# deviation); their sizes and grades as printed.
draw_prognosis <- function(has_bone, uterine) {
  draw <- function(mean, sd) {
    as.integer(pmin(pmax(round(stats::rnorm(length(mean), mean, sd)), 22), 89))
  }
  n <- length(has_bone)
  of_bone <- sum(has_bone)
  age <- draw(ifelse(uterine, 54, 60), 12.5)
  inside <- function(x, window) x >= window[1L] + 1e-6 && x < window[2L] - 1e-6
  repeat {
    age[has_bone] <- draw(ifelse(uterine[has_bone], 54, 58), 12.1)
    if (inside(mean(age[has_bone]), printed("text.age.mean", "value")) &&
          inside(stats::sd(age[has_bone]) / sqrt(of_bone), printed("text.age.pm", "value"))) break
  }
  size <- sample(c(1:4, NA), n, TRUE, c(0.25, 0.28, 0.16, 0.06, 0.25))
  size[has_bone] <- sample(rep(c(1:4, NA), c(10, 13, 9, 2, 11)))
  grade <- sample(1:3, n, TRUE, c(0.55, 0.33, 0.12))
  grade[has_bone] <- sample(rep(1:3, c(29, 15, 1)))
  data.frame(age, size, grade)
}

# Deals the rows out along time: each death takes one with a probability in proportion to its
# hazard, each patient last seen alive any. So a Cox model with these effects holds (Sylvestre and
# Abrahamowicz 2008, doi:10.1002/sim.3092).
deal <- function(days, dead, log_hazard) {
  left <- seq_along(days)
  dealt <- integer(length(days))
  for (i in order(days)) {
    weight <- if (dead[i]) exp(log_hazard[left]) else rep(1, length(left))
    at <- sample.int(length(left), 1L, prob = weight)
    dealt[i] <- left[at]
    left <- left[-at]
  }
  dealt
}

# Dealt out among those with bone metastases and without, uterine tumors and others, until the
# estimates are near the effects.
prognosis <- function(patients, tries = 500L) {
  has_bone <- patients$has_bone
  uterine <- subtype_keys[patients$subtype] == "uterine"
  for (k in seq_len(tries)) {
    rows <- draw_prognosis(has_bone, uterine)
    known <- ifelse(is.na(rows$size), mean(size_effect[rows$size], na.rm = TRUE),
                    size_effect[rows$size])
    log_hazard <- age_effect * rows$age / 10 + known + grade_effect[rows$grade]
    for (group in split(seq_along(has_bone), list(has_bone, uterine))) {
      dealt <- deal(patients$days[group], patients$dead[group] == 1, log_hazard[group])
      rows[group, ] <- rows[group[dealt], ]
    }
    if (near_effects(patients, rows)) return(rows)
  }
  stop("the effects are not met")
}

near_effects <- function(patients, rows) {
  fit <- survival::coxph(
    survival::Surv(patients$days, patients$dead) ~ I(age / 10) + factor(size) + factor(grade), rows
  )
  wanted <- c(age_effect, size_effect[-1L], grade_effect[-1L])
  all(abs(stats::coef(fit) - wanted) < c(0.06, 0.15, 0.15, 0.25, 0.15, 0.3))
}
