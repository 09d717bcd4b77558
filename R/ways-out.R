# Arguments that users of survival, cmprsk, Stata and SAS type, which the verbs do not have, and
# what does the same here: one sentence each, by the name of the argument.

# several("a b", "text"): both names, one sentence.
several <- function(names, text) {
  names <- strsplit(names, " ", fixed = TRUE)[[1L]]
  stats::setNames(rep(list(text), length(names)), names)
}

# Of all verbs; a verb's own sentences come first.
shared_ways_out <- c(
  several("strata stratum", "Write strata() in the formula: `~ drug + strata(centre)`."),
  several(
    "entry enter time0 tstart start left.truncation",
    "Write delayed entry in the response: `Surv(entry, time, status)`."
  ),
  several(
    "time time2 ftime exit stop",
    "Write the time in the formula: `Surv(time, status) ~ sex`."
  ),
  several(
    "failure fail status fstatus died censor censored",
    "Write the status in the formula, `Surv(time, status)`, and set `event = 1`."
  ),
  several(
    "failcode cencode",
    "Set `event` to the value that is the event; all other values are censored."
  ),
  several("conf.int conf.level level confidence", "Its name here is `conf_level`."),
  alpha = "Set `conf_level`, which is 1 less alpha.",
  conf.type = "Its name here is `conf_type`.",
  several(
    "by group groups arm factor",
    "Write the groups on the right side of the formula: `Surv(time, status) ~ sex`."
  ),
  several("vce se robust.se", "Set `cluster`, or `robust = TRUE` where the verb has it."),
  several(
    "istate statedata", "Use survival::coxph() or survival::survfit() for multi-state models."
  ),
  etype = "Use lms_cuminc() for competing events.",
  several("frailty shared random", "Use `cluster`, or survival::coxph() with frailty()."),
  dist = "Use survival::survreg() for parametric models.",
  na.rm = "Set `na.action = na.omit`, which is the default."
)

cox_ways_out <- c(
  tt = "Split the follow-up with survival::survSplit(), or use survival::coxph().",
  nocenter = "Columns of -1, 0 and 1 are never centered, as by default in survival::coxph().",
  several("tvc texp", "Split the follow-up with survival::survSplit(), or use lms_time_split()."),
  several("iter iterate maxiter max.iter iter_max iterlim", "Its name here is `iter.max`."),
  several("tol toler tolerance", "Its name here is `eps`."),
  several("efron breslow exact exactm exactp discrete", "Set `ties = \"efron\"` or another."),
  several(
    "nohr hr eform exponentiate",
    "Both scales are printed; `tidy(fit, exponentiate = TRUE)` has hazard ratios."
  ),
  several("trace verbose nolog", "Remove it: `fit$iter` has the number of steps."),
  several("conf_type conf.type", "Use `confint(fit, type = \"profile\")` for other CIs."),
  several(
    "se.fit influence censor individual newdata start.time stype ctype",
    "Use survfit() or predict() on the fitted model."
  ),
  several("timefix_tolerance", "Set `timefix`."),
  offset = "Write offset() in the formula: `~ age + offset(x)`.",
  several("class categorical", "Make the variable a factor: `~ factor(stage)`."),
  several("basesurv basehc baseline", "Use survfit() or survival::basehaz() on the fitted model."),
  several("hasconstant noconstant", "Remove it: a Cox model has no constant."),
  several("selection step", "Use step() on the fitted model."),
  several("contrasts", "Set the contrasts of the variable: `~ C(stage, contr.sum)`."),
  several(
    "finegray cov1 cov2 tf cengroup failcode cencode",
    "Use the rows and weights of survival::finegray() for a Fine-Gray model."
  ),
  several(
    "xlevels", "Set the levels of the variable: `~ factor(stage, levels = c(\"I\", \"II\"))`."
  ),
  shared_ways_out
)

curve_ways_out <- c(
  method = "Set `type`, such as `type = \"nelson-aalen\"`; the default is Kaplan-Meier.",
  stype = "Set `type = \"kaplan-meier\"` (1) or `type = \"nelson-aalen\"` (2).",
  ctype = "Set `type = \"nelson-aalen\"` (1) or `type = \"fh2\"` (2).",
  error = "Use survival::survfit() for Tsiatis' error; Greenwood's is used here.",
  start.time = "For a landmark t: `Surv(pmax(entry, t), time, status)`, `subset = time > t`.",
  reverse = "The print shows the follow-up by the reverse curve.",
  influence = "Use survival::survfit() for the influence of each row.",
  conf.lower = "Use survival::survfit() for modified lower limits.",
  se.fit = "Set `conf_type = \"none\"` for no CIs.",
  several(
    "times time.points timepoints timelist",
    "Use lms_rates() or `summary(fit, times = c(12, 60))`."
  ),
  several("rmean print.rmean tau", "Use lms_rmst() or `summary(fit, rmean = 60)`."),
  scale = "Divide the times in the formula: `Surv(days / 30.44, status)`.",
  several(
    "newdata individual p0 id.newdata", "Use survfit() on a model of lms_cox() for its curves."
  ),
  several("probs quantile", "Use `quantile(fit, probs = 0.5)`."),
  several("rho gamma test", "Use lms_logrank() to compare the groups."),
  several("atrisk outsurv", "Use `summary(fit)` for the numbers at risk and the estimates."),
  several("model x y", "Remove it: curves keep no copy of the data."),
  offset = "Curves have no offset: use lms_cox().",
  several("type surv.type", "Use `lms_km(type = )` for other estimates."),
  several(
    "xlim xscale fun mark.time conf.times col lty", "Use autoplot() on the curves for a figure."
  ),
  shared_ways_out
)

cuminc_ways_out <- c(
  etype = "Write `Surv(time, cause)` with a factor whose first level is censoring.",
  istate = "All patients start without an event; use survival::survfit() for other models.",
  robust = "`variance = \"jackknife\"` is the robust variance.",
  several(
    "cencode failcode", "`event` names the values that are causes; all other values are censored."
  ),
  several("ftime fstatus", "Write `lms_cuminc(Surv(time, cause) ~ group, data)`."),
  several("type stype ctype", "Remove it: the Aalen-Johansen estimate is used."),
  several("error se.type", "Set `variance = \"aalen\"` or `variance = \"jackknife\"`."),
  several("cov1 cov2", "Use survival::finegray() and lms_cox() for a Fine-Gray model."),
  several("times time.points timepoints timelist", "Use `summary(fit, times = c(12, 60))`."),
  several("rmean print.rmean tau", "Use survival::survfit() for the mean time in each state."),
  several("test gamma", "Gray's test is printed with the curves; set `rho` to weight the test."),
  curve_ways_out
)

logrank_ways_out <- c(
  method = "Use `test`.", p.adjust.method = "Use `adjust`.",
  several("scores weights.trend", "Use `trend = c(...)`."),
  several("test.for.trend detail", "Use `trend = TRUE`."),
  several(
    "conf_level conf.int conf.type conf_type level", "Use lms_cox() for hazard ratios with CIs."
  ),
  several("exact distribution", "Use lms_cox() with `ties = \"exact\"` for its score test."),
  several("alternative", "The tests are two-sided; `trend = TRUE` has a signed statistic."),
  shared_ways_out
)

rmst_ways_out <- c(
  several("rmean maxtime tmax end.time", "Its name here is `tau`."),
  several(
    "cluster robust",
    "The variance is that of independent rows; use survival::survfit() for other variances."
  ),
  id = "The variance is that of independent rows; rows of one patient may follow each other.",
  several("covariates adjust", "Use lms_cox() for adjusted comparisons."),
  several("conf_type conf.type", "Remove it: the CIs are normal."),
  curve_ways_out
)

control_ways_out <- c(
  several(
    "toler.inf outer.max survcheckallow",
    "Remove it: the fit needs no such setting, and lms_cox() ignores it."
  ),
  cox_ways_out
)

cuminc_summary_ways_out <- several(
  "rmean print.rmean", "Use survival::survfit() for the mean time in each state."
)

cuminc_quantile_ways_out <- c(
  conf.int = "Set `conf_level` and `conf_type` in lms_cuminc(); its CIs are used.",
  scale = "Divide the times in the formula: `Surv(days / 30.44, cause)`.",
  tolerance = "Remove it: times at which a curve reaches the level are exact."
)

cox_summary_ways_out <- c(
  several("conf_level conf.level level", "Its name here is `conf.int`."),
  conf.type = "Use `confint(fit, type = \"profile\")` for other CIs.",
  several("exponentiate eform", "Both scales are in the summary."),
  digits = "Give it to print(): `print(summary(fit), digits = 3)`."
)
