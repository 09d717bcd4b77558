# Data with a fault, clean data, and analyses of textbooks, for bench/guards.R.

sizes <- c(60, 150, 400, 1500)

clean <- function(n, censored = 0.4) {
  d <- data.frame(
    age = round(rnorm(n, 60, 10)), marker = rlnorm(n), sex = rbinom(n, 1, 0.5),
    stage = factor(sample(c("I", "II", "III"), n, TRUE)), bmi = round(rnorm(n, 26, 4), 1)
  )
  hazard <- 0.1 * exp(0.03 * (d$age - 60) + 0.05 * d$marker + 0.3 * d$sex)
  death <- rexp(n, hazard)
  end <- rexp(n, 0.1 * censored / (1 - censored))
  d$time <- pmin(death, end)
  d$status <- as.integer(death <= end)
  d$status[1] <- 0L
  d
}

clean_fits <- list(
  cox = function(d) lms_cox(Surv(time, status) ~ age + marker + sex + stage + bmi, d),
  curves = function(d) lms_km(Surv(time, status) ~ stage, d),
  test = function(d) lms_logrank(Surv(time, status) ~ sex, d),
  rates = function(d) lms_rates(Surv(time, status) ~ 1, d, times = median(d$time))
)

typed <- function(column, factor) {
  function(n) {
    d <- clean(n)
    i <- sample(n, 1)
    d[[column]][i] <- d[[column]][i] * factor
    d
  }
}

# A metastasis without an effect, and its date.
metastatic <- function(n) {
  d <- clean(n)
  spread <- rexp(n, 0.08)
  d$dx <- as.Date("2010-01-01") + sample(3000, n, TRUE)
  d$seen <- d$dx + ceiling(30.4375 * d$time)
  d$months <- d$time
  d$spread <- ifelse(spread < d$time, spread, NA)
  d$metastasis <- !is.na(d$spread)
  d$spread_date <- d$dx + round(30.4375 * d$spread)
  d
}

of_cohort <- function(d, ...) {
  d$id <- seq_len(nrow(d))
  lms_cohort(d, id = id, diagnosis = dx, last_contact = seen, died = status, event = 1, ...)
}

by_metastasis <- function(d) lms_cox(Surv(months, status) ~ age + metastasis, d)

changing <- function(ratio) {
  function(n) {
    d <- clean(n)
    u <- rexp(n)
    early <- ifelse(d$sex == 1, ratio, 1)
    # The ratio holds up to the median, and is 1 after it.
    d$time <- ifelse(u < log(2) * early, u / early, log(2) + u - log(2) * early)
    d$status <- as.integer(d$time < 3)
    d$status[1] <- 0L
    d$time <- pmin(d$time, 3)
    d
  }
}

competing <- function(n) {
  d <- clean(n)
  other <- rexp(n, 0.1)
  d$code <- ifelse(other < d$time, 2, d$status)
  d$time <- pmin(d$time, other)
  d
}

twice <- function(n) {
  d <- clean(n)
  d$id <- seq_len(n)
  second <- d
  second$time <- second$time * runif(n, 0.5, 1)
  rbind(d, second)
}

crossing <- function(n) {
  d <- clean(n)
  u <- rexp(n)
  early <- ifelse(d$sex == 1, 2, 1)
  late <- ifelse(d$sex == 1, 0.5, 1)
  d$time <- ifelse(u < 0.5 * early, u / early, 0.5 + (u - 0.5 * early) / late)
  d$status <- as.integer(d$time < 4)
  d$status[1] <- 0L
  d$time <- pmin(d$time, 4)
  d
}

unequal <- function(n) {
  d <- clean(n)
  death <- rexp(n, 0.05)
  end <- ifelse(d$sex == 1, 2, 1) * runif(n, 5, 15)
  d$time <- pmin(death, end)
  d$status <- as.integer(death <= end)
  d$status[1] <- 0L
  d
}

u_shape <- function(n) {
  d <- clean(n)
  death <- rexp(n, 0.1 * exp(log(2) * ((d$age - 60) / 20)^2))
  end <- rexp(n, 0.06)
  d$time <- pmin(death, end)
  d$status <- as.integer(death <= end)
  d$status[1] <- 0L
  d
}

best_cut <- function(n) {
  d <- clean(n)
  cuts <- sort(unique(d$age))
  cuts <- cuts[cuts > quantile(d$age, 0.1) & cuts < quantile(d$age, 0.9)]
  z <- vapply(cuts, function(cut) {
    survdiff(Surv(time, status) ~ I(age > cut), d)$chisq
  }, 0)
  d$old <- d$age > cuts[[which.max(z)]]
  d
}

full <- clean_fits$cox
faults <- list(
  list(kind = "outlier", title = "an age typed ten times too large", make = typed("age", 10),
       fit = full),
  list(kind = "outlier", title = "an age typed ten times too small", make = typed("age", 0.1),
       fit = full),
  list(kind = "outlier", title = "a body mass index typed a hundredfold", make = typed("bmi", 100),
       fit = full),
  list(kind = "immortal_time", title = "a flag beside the date in plain data", make = metastatic,
       fit = function(d) by_metastasis(d[names(d) != "spread"])),
  list(kind = "immortal_time", title = "a flag beside a time in plain data", make = metastatic,
       fit = function(d) by_metastasis(d[!names(d) %in% c("dx", "seen", "spread_date")])),
  list(kind = "immortal_time", title = "a flag in a cohort", make = metastatic,
       fit = function(d) lms_cox(os ~ age + metastasis, of_cohort(d))),
  list(kind = "immortal_time", title = "curves by a flag in a cohort", make = metastatic,
       fit = function(d) lms_km(os ~ metastasis, of_cohort(d))),
  list(kind = "late_membership", title = "a cohort cut down to those with a later event",
       make = metastatic, fit = function(d) {
         cohort <- of_cohort(d, events = c(spread_event = spread_date))
         lms_km(os ~ sex, cohort[cohort$ever_spread_event, ])
       }),
  list(kind = "outcome_covariate", title = "a copy of the status", make = clean,
       fit = function(d) lms_cox(Surv(time, status) ~ age + copy, transform(d, copy = status))),
  list(kind = "nonproportional", title = "a ratio of 2 that ends at the median",
       make = changing(2), fit = full),
  list(kind = "nonproportional", title = "a ratio of 4 that ends at the median",
       make = changing(4), fit = full),
  list(kind = "competing_censored", title = "deaths of another cause censored, codes 0, 1, 2",
       make = competing, fit = function(d) lms_km(Surv(time, code == 1) ~ 1, d)),
  list(kind = "competing_censored", title = "the same in a Cox model", make = competing,
       fit = function(d) lms_cox(Surv(time, code == 1) ~ age + sex, d)),
  list(kind = "shared_patient", title = "two rows of each patient, with a column `id`",
       make = twice, fit = full),
  list(kind = "shared_patient", title = "the same in curves, the column called `nr2`",
       make = function(n) {
         d <- twice(n)
         names(d)[names(d) == "id"] <- "nr2"
         d
       }, fit = clean_fits$curves),
  list(kind = "copied_rows", title = "two rows copied", make = function(n) {
    d <- clean(n)
    rbind(d, d[sample(n, 2), ])
  }, fit = full),
  list(kind = "crossing_curves", title = "ratio 2 up to the median event, 1/2 after it",
       make = crossing, fit = clean_fits$test),
  list(kind = "follow_up_differs", title = "one group followed twice as long",
       make = unequal, fit = function(d) lms_km(Surv(time, status) ~ sex, d)),
  list(kind = "nonlinear", title = "a U-shape of age, HR 2 at two deviations", make = u_shape,
       fit = full),
  list(kind = "optimal_cutpoint", title = "age cut where the test is largest", make = best_cut,
       fit = function(d) lms_cox(Surv(time, status) ~ old + sex, d)),
  list(kind = "collinear", title = "two columns with r = 0.999", make = function(n) {
    d <- clean(n)
    d$other <- d$bmi + rnorm(n, 0, 0.18)
    d
  }, fit = function(d) lms_cox(Surv(time, status) ~ age + bmi + other, d)),
  list(kind = "selected_model", title = "stepwise selection", make = clean, fit = function(d) {
    fit <- do.call(lms_cox, list(Surv(time, status) ~ age + marker + sex + bmi, data = d))
    step(fit, trace = 0)
  })
)

has <- function(package) requireNamespace(package, quietly = TRUE)
analyses <- list(
  "lung: age, sex, ECOG" = function() lms_cox(Surv(time, status == 2) ~ age + sex + ph.ecog, lung),
  "lung: sex, curves" = function() lms_km(Surv(time, status == 2) ~ sex, lung),
  "lung: sex, log-rank test" = function() lms_logrank(Surv(time, status == 2) ~ sex, lung),
  "lung: institution as strata" = function() {
    lms_cox(Surv(time, status == 2) ~ age + sex + strata(inst), lung)
  },
  "veteran: Karnofsky, cell type" = function() {
    lms_cox(Surv(time, status) ~ karno + celltype + age + trt, veteran)
  },
  "veteran: treatment, curves" = function() lms_km(Surv(time, status) ~ trt, veteran),
  "veteran: treatment, log-rank test" = function() lms_logrank(Surv(time, status) ~ trt, veteran),
  "pbc: the five covariates of the Mayo model" = function() {
    lms_cox(Surv(time, status == 2) ~ age + edema + log(bili) + log(protime) + log(albumin), pbc)
  },
  "pbc: treatment, curves" = function() lms_km(Surv(time, status == 2) ~ trt, pbc),
  "ovarian: treatment, age" = function() lms_cox(Surv(futime, fustat) ~ rx + age, ovarian),
  "ovarian: curves" = function() lms_km(Surv(futime, fustat) ~ rx, ovarian),
  "aml: maintenance, curves" = function() lms_km(Surv(time, status) ~ x, aml),
  "aml: maintenance, test" = function() lms_logrank(Surv(time, status) ~ x, aml),
  "colon: death, by treatment" = function() {
    lms_cox(Surv(time, status) ~ rx + sex + age, subset(colon, etype == 2))
  },
  "colon: death, curves" = function() lms_km(Surv(time, status) ~ rx, subset(colon, etype == 2)),
  "colon: recurrence, with nodes" = function() {
    lms_cox(Surv(time, status) ~ rx + node4 + extent, subset(colon, etype == 1))
  },
  "gbsg: all covariates" = function() {
    lms_cox(Surv(rfstime, status) ~ age + meno + size + grade + nodes + pgr + er + hormon, gbsg)
  },
  "gbsg: hormonal treatment, curves" = function() lms_km(Surv(rfstime, status) ~ hormon, gbsg),
  "gbsg: hormonal treatment, test" = function() lms_logrank(Surv(rfstime, status) ~ hormon, gbsg),
  "rotterdam: death" = function() {
    lms_cox(Surv(dtime, death) ~ age + size + nodes + hormon + factor(grade), rotterdam)
  },
  "rotterdam: grade, curves" = function() lms_km(Surv(dtime, death) ~ grade, rotterdam),
  "heart: split at the transplant" = function() {
    lms_cox(Surv(start, stop, event) ~ age + year + surgery + transplant, heart)
  },
  "stanford2: age" = function() lms_cox(Surv(time, status) ~ age, stanford2),
  "stanford2: age squared" = function() lms_cox(Surv(time, status) ~ age + I(age^2), stanford2),
  "mgus: death" = function() lms_cox(Surv(futime, death) ~ age + sex + hgb + creat, mgus),
  "mgus2: death" = function() lms_cox(Surv(futime, death) ~ age + sex + hgb + mspike, mgus2),
  "mgus2: incidence by sex" = function() {
    d <- mgus2
    d$event <- factor(ifelse(d$pstat == 1, 1, 2 * d$death), 0:2, c("none", "pcm", "death"))
    d$months <- ifelse(d$pstat == 1, d$ptime, d$futime)
    lms_cuminc(Surv(months, event) ~ sex, d)
  },
  "nwtco: histology, stage" = function() {
    lms_cox(Surv(edrel, rel) ~ factor(histol) + factor(stage) + age, nwtco)
  },
  "nwtco: histology, curves" = function() lms_km(Surv(edrel, rel) ~ histol, nwtco),
  "flchain: death" = function() {
    lms_cox(Surv(futime, death) ~ age + sex + kappa + lambda, subset(flchain, futime > 0))
  },
  "myeloid: treatment" = function() lms_cox(Surv(futime, death) ~ trt + sex, myeloid),
  "myeloid: curves" = function() lms_km(Surv(futime, death) ~ trt, myeloid),
  "kidney: with clusters" = function() {
    lms_cox(Surv(time, status) ~ age + sex + disease, kidney, cluster = id)
  },
  "cgd: recurrent infections" = function() {
    lms_cox(Surv(tstart, tstop, status) ~ treat + sex + age, cgd, cluster = id)
  },
  "bladder: recurrences" = function() {
    lms_cox(Surv(stop, event) ~ rx + number + size + strata(enum), bladder, cluster = id)
  },
  "diabetic: laser, by patient" = function() {
    lms_cox(Surv(time, status) ~ trt + age, diabetic, cluster = id)
  },
  "retinopathy: laser, by patient" = function() {
    lms_cox(Surv(futime, status) ~ trt + type, retinopathy, cluster = id)
  },
  "transplant: incidence by blood group" = function() {
    lms_cuminc(Surv(futime, event) ~ abo, transplant)
  },
  "lung: restricted mean" = function() {
    lms_rmst(Surv(time, status == 2) ~ sex, lung)
  },
  "lung: survival at one year" = function() {
    lms_rates(Surv(time, status == 2) ~ sex, lung, times = 365)
  }
)
if (has("MASS")) analyses[["Melanoma: death of melanoma"]] <- function() {
  lms_cox(Surv(time, status == 1) ~ sex + age + log(thickness) + ulcer, MASS::Melanoma)
}
