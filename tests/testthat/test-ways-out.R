# Arguments of a function of survival, its `...` and those with which it is called left out.
arguments <- function(name, besides = character()) {
  setdiff(names(formals(getFromNamespace(name, "survival"))), c("...", besides))
}
d <- transform(survival::lung, died = status - 1)
formula <- Surv(time, died) ~ sex
fit <- lms_cox(formula, d)
curve <- lms_km(formula, d)
incidence <- lms_cuminc(formula, d)

# Each argument is one of ours, or is refused with a sentence of its own: no list of ours and
# no guess at a misspelt name.
expect_answered <- function(call, own, names, label) {
  for (name in setdiff(names, own)) {
    refused <- expect_error(call(stats::setNames(list(1), name)),
                            class = "lmsurv_error_argument", info = paste(label, name))
    lines <- strsplit(conditionMessage(refused), "\n", fixed = TRUE)[[1L]]
    expect_match(lines[1L], paste0("`", name, "` is not an argument"), fixed = TRUE)
    expect_length(lines, 2L)
    expect_no_match(lines[2L], "^(It has|Did you mean) ", info = paste(label, name))
  }
}
answers <- function(verb, name, besides = c("formula", "data", "x", "y"), more = list()) {
  expect_answered(
    function(extra) do.call(verb, c(list(formula, d), more, extra)),
    c(names(formals(verb)), names(formals(lms_cox_control))[identical(verb, lms_cox)]),
    setdiff(arguments(name), besides), name
  )
}

test_that("every argument of survival's functions is ours or has its way out", {
  answers(lms_cox, "coxph", c("formula", "data"))
  for (name in c("survfit.formula", "survfitKM", "survfit.coxph")) {
    answers(lms_km, name, c("formula", "data", "x", "y", "object", "censor"))
    answers(lms_cuminc, name, c("formula", "data", "x", "y", "object", "censor"))
    answers(lms_rates, name, c("formula", "data", "x", "y", "object", "censor"),
            list(times = 100))
  }
  answers(lms_logrank, "survdiff")
  expect_answered(
    function(extra) do.call(lms_cox_control, extra), names(formals(lms_cox_control)),
    arguments("coxph.control"), "coxph.control"
  )
  on <- function(method, object, name) {
    expect_answered(
      function(extra) do.call(method, c(list(object), extra)),
      names(formals(getS3method(method, class(object)[1L]))), arguments(name, "object"), name
    )
  }
  on("summary", fit, "summary.coxph")
  on("summary", curve, "summary.survfit")
  on("summary", incidence, "summary.survfit")
  on("predict", fit, "predict.coxph")
  on("residuals", fit, "residuals.coxph")
  on("quantile", incidence, "quantile.survfit")
})

test_that("habits of Stata, SAS and cmprsk have their ways out", {
  habits <- list(
    lms_cox = c("strata", "iter", "entry", "failure", "efron", "breslow", "vce", "level", "tvc",
                "nohr", "shared", "offset", "class", "cov1", "failcode", "conf.int", "basesurv",
                "noconstant"),
    lms_km = c("strata", "entry", "failure", "by", "times", "rmean", "error", "conf.type",
               "reverse", "start.time", "level", "method", "atrisk", "timepoints"),
    lms_cuminc = c("ftime", "fstatus", "cencode", "group", "rmean", "cov1", "timepoints"),
    lms_logrank = c("strata", "detail", "by", "exact", "entry"),
    lms_rmst = c("arm", "status", "covariates", "alpha", "rmean", "cluster", "conf.int")
  )
  for (verb in names(habits)) {
    run <- function(extra) do.call(verb, c(list(formula, d), extra))
    expect_answered(run, character(), habits[[verb]], verb)
  }
})

test_that("choices may be abbreviated as by match.arg(), names of arguments may not", {
  expect_identical(residuals(fit, "mart"), residuals(fit, "martingale"))
  expect_identical(predict(fit, type = "ris"), predict(fit, type = "risk"))
  expect_identical(lms_cox(formula, d, ties = "Bres")$method, "breslow")
  expect_error(residuals(fit, "dfb"), class = "lmsurv_error_argument")
  expect_error(residuals(fit, ""), class = "lmsurv_error_argument")
  expect_error(summary(fit, level = 0.9), class = "lmsurv_error_argument")
  expect_error(lms_cox(formula, d, tie = "efron"), class = "lmsurv_error_argument")
  expect_error(summary(fit, conf.int = "high"), class = "lmsurv_error_argument")
})

test_that("the call that an error suggests for competing events runs as it is typed", {
  set.seed(5)
  trial <- data.frame(
    months = rexp(60), state = sample(0:2, 60, TRUE), arm = gl(2, 30), site = rep(1:3, 20),
    age = rnorm(60)
  )
  trial$word <- c("censored", "relapse", "death")[trial$state + 1]
  trial$level <- factor(trial$word, c("censored", "relapse", "death"))
  runs <- list(
    quote(lms_km(Surv(months, state) ~ arm, data = trial)),
    quote(lms_cox(Surv(months, word) ~ age + arm + strata(site), data = trial)),
    quote(lms_logrank(Surv(months, level) ~ arm + strata(site), data = trial)),
    quote(lms_rates(Surv(months, level) ~ 1, data = trial, times = 1)),
    quote(lms_rmst(Surv(months, state) ~ arm, trial)),
    quote(lms_cox(Surv(months, level) ~ age, data = trial))
  )
  for (run in runs) {
    said <- conditionMessage(expect_error(eval(run), class = "lmsurv_error_event"))
    typed <- regmatches(said, regexpr("lms_cuminc\\(Surv[^`]*", said))
    made <- eval(str2lang(typed))
    expect_s3_class(made, "lms_cuminc")
    expect_length(made$states, 3L)
  }
  trial$y <- with(trial, Surv(months, level))
  expect_error(lms_cox(y ~ arm, trial), "lms_cuminc(y ~ arm, data = trial)", fixed = TRUE,
               class = "lmsurv_error_response")
  expect_error(lms_km(Surv(months, state, type = "mstate") ~ 1, trial),
               class = "lmsurv_error_response")
})

test_that("a Surv() without status says that every row is an event", {
  for (verb in list(lms_cox, lms_km, lms_logrank, lms_cuminc, lms_rmst)) {
    expect_message(verb(Surv(time) ~ sex, d), "228 rows counts as an event",
                   class = "lmsurv_message_no_status")
  }
  expect_silent(lms_cox(Surv(time, time > 0) ~ sex, d))
})
