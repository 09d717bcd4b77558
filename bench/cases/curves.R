# Curves, tests and incidence beside survival, prodlim and cmprsk; the truth is the peer itself.

simulate_groups <- function(n) {
  set.seed(20223)
  group <- sample(5L, n, replace = TRUE)
  hazard <- exp(0.1 * group)
  event <- stats::rexp(n) / hazard
  last <- stats::rexp(n)
  first_cause <- stats::runif(n) < 0.4
  status <- ifelse(event > last, 0L, ifelse(first_cause, 1L, 2L))
  data.frame(
    # Seven decimals: no time lies within rounding error of another, which only survival merges.
    time = round(pmin(event, last), 7) + 1e-7, died = as.integer(status > 0L),
    # Half are there from the beginning.
    entry = round(pmin(event, last) * pmax(0, stats::runif(n, -0.9, 0.9)), 7),
    group = factor(group),
    cause = factor(status, 0:2, c("censored", "failure", "death")), code = status,
    marker = stats::rnorm(n) + 0.2 * group, half = factor(sample(c("a", "b"), n, replace = TRUE))
  )
}

curve_numbers <- function(fit) list(survival = fit$surv[fit$n.event > 0])

curve_case <- function(title, targets, n, formula) {
  environment(formula) <- globalenv()
  list(
    title = title, targets = targets, n = n, make = function() simulate_groups(n),
    engines = list(
      lmsurv = function(d) lmsurv::lms_km(formula, data = d),
      survival = function(d) survival::survfit(formula, data = d),
      prodlim = function(d) prodlim::prodlim(prodlim_formula(formula), data = d)
    ),
    answer = curve_numbers
  )
}

prodlim_formula <- function(formula) {
  formula[[2L]] <- quote(Hist(time, died))
  environment(formula) <- asNamespace("prodlim")
  formula
}

test_case <- function(title, target, n, formula = Surv(time, died) ~ group) {
  list(
    title = title, targets = c(survival = target), n = n, make = function() simulate_groups(n),
    engines = list(
      lmsurv = function(d) lmsurv::lms_logrank(formula, data = d),
      survival = function(d) survival::survdiff(formula, data = d)
    ),
    answer = function(fit) list(test = fit$chisq, expected = fit$exp)
  )
}

# All curves and, beside cmprsk, Gray's test: cuminc() always computes both.
incidence_case <- function(title, targets, n, rhs) {
  formula <- stats::reformulate(rhs, quote(Surv(time, cause)))
  by_group <- rhs != "1"
  list(
    title = title, targets = targets, n = n, make = function() simulate_groups(n),
    engines = list(
      lmsurv = function(d) {
        fit <- lmsurv::lms_cuminc(formula, data = d)
        if (by_group) fit$tests
        fit
      },
      survival = function(d) survival::survfit(formula, data = d),
      cmprsk = function(d) {
        if (by_group) cmprsk::cuminc(d$time, d$code, d$group) else cmprsk::cuminc(d$time, d$code)
      }
    ),
    answer = last_incidence
  )
}

# Incidence of the first cause at the end of each curve.
last_incidence <- function(fit) {
  if (inherits(fit, "survfit")) {
    ends <- if (is.null(fit$strata)) length(fit$time) else cumsum(fit$strata)
    return(list(incidence = unname(fit$pstate[ends, 2L])))
  }
  curves <- fit[grepl(" 1$", names(fit))]
  list(incidence = unname(vapply(curves, function(curve) max(curve$est), 0)))
}

concordance_case <- function(title, target, n) {
  formula <- Surv(time, died) ~ marker
  list(
    title = title, targets = c(survival = target), n = n,
    make = function() {
      d <- simulate_groups(n)
      list(ours = lmsurv::lms_cox(formula, data = d), theirs = survival::coxph(formula, data = d))
    },
    engines = list(
      lmsurv = function(d) survival::concordance(d$ours),
      survival = function(d) survival::concordance(d$theirs)
    ),
    answer = function(fit) list(index = fit$concordance, variance = fit$var)
  )
}

fisher_case <- function(title, target, n) {
  list(
    title = title, targets = c(stats = target), n = n, make = function() simulate_groups(n),
    engines = list(
      lmsurv = function(d) lmsurv::lms_fisher(d$half, d$died),
      stats = function(d) stats::fisher.test(d$half, d$died)
    ),
    answer = function(fit) list(p = fit$p.value)
  )
}

zph_case <- function(title, target, n) {
  list(
    title = title, targets = c(survival = target), n = n,
    make = function() {
      d <- simulate_groups(n)
      formula <- Surv(time, died) ~ marker + half + group
      list(ours = lmsurv::lms_cox(formula, data = d), theirs = survival::coxph(formula, data = d))
    },
    engines = list(
      lmsurv = function(d) lmsurv::lms_zph(d$ours),
      survival = function(d) survival::cox.zph(d$theirs)
    ),
    answer = function(fit) list(test = fit$table[, "chisq"])
  )
}

about <- paste(
  "Digits are those that agree with the peer: survival at every event time, the test statistic",
  "and the expected events, the incidence of one cause at the end, the concordance and its",
  "variance. The limits and the counts of a long incidence are computed when they are first read;",
  "cmprsk has none."
)

cases <- list(
  km = curve_case("Kaplan-Meier, one curve, n = 1,000,000", c(survival = 15, prodlim = 3), 1e6,
                  Surv(time, died) ~ 1),
  km_groups = curve_case("Kaplan-Meier, 5 groups, n = 1,000,000", c(survival = 15, prodlim = 3),
                         1e6, Surv(time, died) ~ group),
  km_cohort = curve_case("Kaplan-Meier, 5 groups, n = 396", c(survival = 1, prodlim = 1), 396,
                         Surv(time, died) ~ group),
  km_entry = curve_case("Kaplan-Meier, delayed entry, n = 1,000,000", c(survival = 15), 1e6,
                        Surv(entry, time, died) ~ 1),
  logrank = test_case("log-rank, 5 groups, n = 1,000,000", 20, 1e6),
  logrank_cohort = test_case("log-rank, 5 groups, n = 396", 1, 396),
  logrank_strata = test_case("log-rank, 2 groups in 5 strata, n = 396", 1, 396,
                             Surv(time, died) ~ half + strata(group)),
  cuminc_survival = incidence_case("incidence, 2 causes, n = 80,000", c(survival = 20), 8e4, "1"),
  cuminc_cmprsk = incidence_case("incidence, 2 causes, n = 1,000,000", c(cmprsk = 20), 1e6, "1"),
  gray_cmprsk = incidence_case("incidence and Gray's test, 5 groups, n = 1,000,000",
                               c(cmprsk = 20), 1e6, "group"),
  cuminc_cohort = incidence_case("incidence, 2 causes, n = 396", c(survival = 1, cmprsk = 1), 396,
                                 "1"),
  gray_cohort = incidence_case("incidence and Gray's test, 5 groups, n = 396", c(cmprsk = 1), 396,
                               "group"),
  fisher_cohort = fisher_case("Fisher's exact test, 2 x 2, n = 396", 1, 396),
  zph_cohort = zph_case("test of proportional hazards, n = 396", 1, 396),
  concordance = concordance_case("concordance, n = 1,000,000", 5, 1e6)
)
