# lms_logrank() beside survdiff(): every data set of survival with groups to
# compare, the sarcoma registry, and random data.

cases <- list(
  aml = list("aml", Surv(time, status) ~ x),
  bladder = list("bladder", Surv(stop, event) ~ rx + strata(enum)),
  "bladder, size" = list("bladder", Surv(stop, event) ~ size),
  capacitor = list("capacitor", Surv(time, status) ~ temperature + voltage),
  colon = list("colon", Surv(time, status) ~ rx + strata(etype)),
  "colon, differ" = list("colon", Surv(time, status) ~ rx + differ + strata(etype, sex)),
  diabetic = list("diabetic", Surv(time, status) ~ laser + trt),
  flchain = list("flchain", Surv(futime, death) ~ flc.grp + strata(sex)),
  gbsg = list("gbsg", Surv(rfstime, status) ~ grade + strata(meno, hormon)),
  imotor = list("imotor", Surv(time, status) ~ temp),
  jasa = list("jasa", Surv(futime, fustat) ~ surgery + strata(transplant)),
  kidney = list("kidney", Surv(time, status) ~ disease + strata(sex)),
  lung = list("lung", Surv(time, status) ~ ph.ecog + strata(inst)),
  "lung, sex" = list("lung", Surv(time, status) ~ sex),
  mgus = list("mgus", Surv(futime, death) ~ sex + strata(pcdx)),
  mgus2 = list("mgus2", Surv(futime, death) ~ sex + strata(pstat)),
  myeloid = list("myeloid", Surv(futime, death) ~ trt + sex),
  nafld1 = list("nafld1", Surv(futime, status) ~ male),
  nwtco = list("nwtco", Surv(edrel, rel) ~ stage + strata(histol, instit)),
  ovarian = list("ovarian", Surv(futime, fustat) ~ rx + strata(resid.ds)),
  pbc = list("pbc", Surv(time, status == 2) ~ trt + edema + strata(stage)),
  pbcseq = list("pbcseq", Surv(futime, status == 2) ~ stage + strata(sex)),
  rats = list("rats", Surv(time, status) ~ rx + strata(sex)),
  retinopathy = list("retinopathy", Surv(futime, status) ~ trt + type + strata(risk)),
  rhDNase = list(
    "rhDNase", Surv(as.numeric(end.dt - entry.dt), !is.na(ivstart)) ~ trt + strata(inst)
  ),
  rotterdam = list("rotterdam", Surv(dtime, death) ~ grade + strata(size)),
  stanford2 = list("stanford2", Surv(time, status) ~ cut(age, 4)),
  tobin = list("tobin", Surv(durable, durable > 0) ~ quant > 240),
  transplant = list("transplant", Surv(futime, event == "death") ~ abo + strata(sex)),
  udca = list("udca", Surv(as.numeric(last.dt - entry.dt), !is.na(death.dt)) ~ trt + stage),
  udca1 = list("udca1", Surv(futime, status) ~ trt + strata(stage)),
  udca2 = list("udca2", Surv(futime, status) ~ trt + strata(endpoint)),
  veteran = list("veteran", Surv(time, status) ~ celltype + strata(trt, prior))
)

both_tests <- function(formula, data, rho, ...) {
  list(
    ours = suppressWarnings(without_messages(lms_logrank(formula, data, rho = rho, ...))),
    theirs = survival::survdiff(formula, data, rho = rho, ...)
  )
}

for (name in names(cases)) {
  test_that(paste("agrees with survdiff:", name), {
    case <- cases[[name]]
    data <- getExportedValue("survival", case[[1L]])
    for (rho in c(0, 0.5, 1)) {
      both <- both_tests(case[[2L]], data, rho)
      expect_agreement(
        survdiff_errors(both$ours, both$theirs), logrank_tolerance, paste0(name, ", rho ", rho)
      )
    }
  })
}

test_that("agrees with survdiff: the sarcoma registry", {
  tcga <- sarcomas()
  formulas <- list(
    Surv(os_days, os_event) ~ sex,
    Surv(os_days, os_event) ~ histology,
    Surv(os_days, os_event) ~ margin_status + strata(sex),
    Surv(pfi_days, pfi_event) ~ residual_tumor + strata(histology),
    Surv(dss_days, dss_event) ~ race + strata(dx_year)
  )
  for (formula in formulas) {
    for (rho in c(0, 0.5, 1)) {
      ours <- suppressWarnings(without_messages(
        lms_logrank(formula, tcga, rho = rho, na.action = na.omit)
      ))
      theirs <- tryCatch(survival::survdiff(formula, tcga, rho = rho), error = identity)
      if (inherits(theirs, "error")) {
        # survdiff() inverts a singular variance where strata hold whole groups.
        expect_match(conditionMessage(theirs), "singular")
        next
      }
      expect_agreement(
        survdiff_errors(ours, theirs), logrank_tolerance, paste(deparse1(formula), rho)
      )
    }
  }
})

random_groups <- function(seed) {
  set.seed(seed)
  n <- sample(c(1, 2, 3, 5, 10, 20, 50, 200, 2000), 1, prob = c(1, 1, 2, 4, 8, 8, 8, 3, 1))
  k <- sample(c(2, 3, 5, 12), 1)
  time <- rexp(n)
  if (runif(1) < 0.6) time <- ceiling(time * sample(c(1, 3, 30), 1))
  status <- rbinom(n, 1, sample(c(0, 0.2, 0.7, 1), 1, prob = c(1, 8, 8, 2)))
  group <- sample(k, n, TRUE)
  if (runif(1) < 0.2) status[group == 1] <- 0
  if (runif(1) < 0.05) time[] <- 1
  stratum <- if (runif(1) < 0.4) sample(sample(2:6, 1), n, TRUE) else rep(1, n)
  data.frame(time, status, group, stratum, count = sample(3, n, TRUE), entry = time * runif(n))
}

test_that("five hundred random data sets agree with survdiff", {
  compared <- refused <- singular <- 0
  for (seed in seq_len(620)) {
    set <- random_groups(seed)
    formula <- Surv(time, status) ~ group
    if (max(set$stratum) > 1) formula <- Surv(time, status) ~ group + strata(stratum)
    rho <- sample(c(0, 0.5, 1), 1)
    ours <- tryCatch(
      suppressWarnings(lms_logrank(formula, set, rho = rho, event = 1)), lmsurv_error = identity
    )
    alone <- length(unique(set$group)) < 2
    if (alone || sum(set$status) == 0) {
      expect_s3_class(ours, "lmsurv_error")
      refused <- refused + 1
      next
    }
    theirs <- tryCatch(survival::survdiff(formula, set, rho = rho), error = identity)
    parts <- sum(rowSums(as.matrix(ours$exp)) > 0) - 1 - ours$parameter
    if (inherits(theirs, "error") || parts > 0) {
      # Singular: judged by definition below.
      sets <- slow_risk_sets(set$time, set$status, set$group, stratum = set$stratum)
      slow <- slow_rank_test(sets, slow_weights(sets, "fleming-harrington", rho))
      expect_lt(relative_error(ours$var, slow$var), logrank_tolerance)
      expect_equal(ours$parameter, c(df = slow$df))
      if (slow$df > 0) expect_lt(relative_error(ours$chisq, slow$chisq), 1e-8)
      singular <- singular + 1
      next
    }
    expect_agreement(survdiff_errors(ours, theirs), logrank_tolerance, paste("seed", seed))
    compared <- compared + 1
  }
  expect_gte(compared, 450)
  expect_gte(refused, 20)
  expect_gte(singular, 20)
})

test_that("the other tests agree with their definitions, with entry times and frequencies", {
  compared <- 0
  for (seed in 1001:1150) {
    set <- random_groups(seed)
    if (nrow(set) > 200 || length(unique(set$group)) < 2 || sum(set$status) == 0) next
    set$group <- match(set$group, sort(unique(set$group)))
    for (delayed in c(FALSE, TRUE)) {
      formula <- if (delayed) {
        Surv(entry, time, status) ~ group + strata(stratum)
      } else {
        Surv(time, status) ~ group + strata(stratum)
      }
      sets <- slow_risk_sets(
        set$time, set$status, set$group, if (delayed) set$entry else -Inf, set$stratum, set$count
      )
      for (test in c("logrank", "gehan", "tarone-ware", "peto", "fleming-harrington")) {
        fh <- test == "fleming-harrington"
        powers <- if (fh) list(rho = 0.5, gamma = 2) else list()
        ours <- suppressWarnings(do.call(lms_logrank, c(
          list(formula, set, test = test, weights = "count", weight_type = "frequency", event = 1),
          powers
        )))
        slow <- slow_rank_test(sets, slow_weights(sets, test, 0.5, 2))
        label <- paste("seed", seed, test)
        scale <- max(ours$exp, 1e-12)
        score <- rowSums(as.matrix(ours$obs)) - rowSums(as.matrix(ours$exp))
        expect_lt(max(abs(score - slow$score)) / scale, logrank_tolerance, label = label)
        expect_lt(relative_error(ours$var, slow$var), logrank_tolerance, label = label)
        expect_equal(ours$parameter, c(df = slow$df), label = label)
        if (slow$chisq > 1e-8) {
          expect_lt(relative_error(ours$chisq, slow$chisq), 1e-8, label = label)
        }
        compared <- compared + 1
      }
    }
  }
  expect_gte(compared, 1000)
})
