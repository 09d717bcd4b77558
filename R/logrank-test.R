# The settings of lms_logrank(), and what the core's sums become.

test_names <- list(
  logrank = c("logrank", "mantel-haenszel", "mantel-cox", "mantel"),
  gehan = c(
    "gehan", "wilcoxon", "breslow", "gehan-wilcoxon", "gehan-breslow", "gehan-breslow-wilcoxon",
    "generalized wilcoxon"
  ),
  "tarone-ware" = c("tarone-ware", "tarone", "tware"),
  peto = c("peto", "peto-peto", "peto-prentice", "peto-peto-prentice"),
  "modified-peto" = c(
    "modified-peto", "modified peto-peto", "modpeto", "mod-peto", "peto-peto-modified", "andersen"
  ),
  "fleming-harrington" = c(
    "fleming-harrington", "fh", "fleming", "harrington", "harrington-fleming", "g"
  ),
  "max-combo" = c("max-combo", "max-combination"),
  exponential = c("exponential", "-2 log(lr)", "-2 log lr", "lr", "likelihood-ratio")
)

# Every argument that is not data, checked. test, adjust: NULL where not given.
logrank_settings <- function(test, rho, gamma, trend, pairwise, adjust, robust, weight_type,
                             timefix) {
  pairwise <- check_flag(pairwise, "pairwise")
  if (!is.null(adjust) && !pairwise) {
    abort("argument", "`adjust` is for pairwise p-values: set `pairwise = TRUE` too.")
  }
  if (is.null(adjust)) adjust <- conventions()$adjust
  if (!is.numeric(trend)) trend <- check_flag(trend, "trend")
  c(
    read_test(test, rho, gamma),
    list(
      trend = trend, pairwise = pairwise,
      adjust = check_choice(adjust, "adjust", stats::p.adjust.methods),
      robust = read_robust(robust), weight_type = read_weight_type(weight_type),
      timefix = check_flag(timefix, "timefix")
    )
  )
}

read_test <- function(test, rho, gamma) {
  given <- if (!is.null(test) && !identical(test, names(test_names))) find_test(test)
  if (!is.null(given$powers)) {
    if (!is.null(rho) || !is.null(gamma)) {
      abort("argument", paste0("`test = ", quoted(test), "` already gives rho and gamma."),
            "Remove `rho` and `gamma`.")
    }
    rho <- given$powers[["rho"]]
    gamma <- given$powers[["gamma"]]
  }
  powers <- !is.null(rho) || !is.null(gamma)
  name <- given$name
  if (is.null(name)) name <- if (powers) "fleming-harrington" else "logrank"
  if (name == "fleming-harrington" && !powers) {
    abort(
      "argument", "The Fleming-Harrington test needs `rho` or `gamma`.",
      "Set `rho = 1` to weight early events more, or `gamma = 1` to weight late events more."
    )
  }
  if (name != "fleming-harrington" && powers) {
    abort(
      "argument",
      paste0("`rho` and `gamma` belong to the Fleming-Harrington test, not to ", quoted(name), "."),
      "Remove `test`, or remove `rho` and `gamma`."
    )
  }
  rho <- check_number(if (is.null(rho)) 0 else rho, "rho", 0)
  gamma <- check_number(if (is.null(gamma)) 0 else gamma, "gamma", 0)
  list(test = name, rho = as.double(rho), gamma = as.double(gamma))
}

# In any case and with any hyphens, spaces or none; `FH(0, 1)` with its powers. Answer: name,
# powers (rho and gamma, or NULL).
find_test <- function(test) {
  plain <- function(x) gsub("[-_&/.' ]", "", tolower(x))
  known <- unlist(test_names, use.names = FALSE)
  names <- rep(names(test_names), lengths(test_names))
  one <- is.character(test) && length(test) == 1L && !is.na(test)
  at <- if (one) match(plain(test), plain(known))
  if (one && !is.na(at)) return(list(name = names[at]))
  written <- if (one) written_powers(test)
  at <- if (!is.null(written)) match(plain(written$head), plain(known))
  if (!is.null(at) && names[at] %in% "fleming-harrington") {
    return(list(name = "fleming-harrington", powers = written$powers))
  }
  hint <- if (one) did_you_mean(test, known)
  abort(
    "argument",
    paste0(
      "`test` must be ", enumerate(quoted(names(test_names)), "or", max = 10L), ", not ",
      describe(test), "."
    ),
    if (!is.null(hint)) gsub("`", "\"", hint, fixed = TRUE)
  )
}

# "FH(0, 1)" or "FH(rho = 0, gamma = 1)"; NULL where it is not written so.
written_powers <- function(test) {
  number <- "([-+]?[0-9]*[.]?[0-9]+(?:e[-+]?[0-9]+)?)"
  form <- paste0(
    "^([^(]*)[(]\\s*(?:rho\\s*=)?\\s*", number, "\\s*[,;]\\s*(?:gamma\\s*=)?\\s*", number,
    "\\s*[)]$"
  )
  text <- trimws(tolower(test))
  parts <- regmatches(text, regexec(form, text, perl = TRUE))[[1L]]
  if (length(parts) != 4L) return(NULL)
  list(head = parts[2L], powers = c(rho = as.double(parts[3L]), gamma = as.double(parts[4L])))
}

# "Stratified log-rank test"
test_method <- function(options, stratified) {
  name <- test_title(options, " test")
  if (stratified) name <- paste("Stratified", sub("^(Log|Max|Mod)", "\\L\\1", name, perl = TRUE))
  if (options$robust) paste(name, "with robust variance") else name
}

# noun: what stands after the name.
test_title <- function(options, noun = "") {
  switch(options$test,
    logrank = paste0("Log-rank", noun),
    gehan = paste0("Gehan-Wilcoxon", noun),
    "tarone-ware" = paste0("Tarone-Ware", noun),
    peto = paste0("Peto-Peto", noun),
    "modified-peto" = paste0("Modified Peto-Peto", noun),
    "max-combo" = paste0("Max-combo", noun),
    exponential = paste0("Likelihood ratio", noun, " of exponential models"),
    sprintf("Fleming-Harrington%s (rho = %s, gamma = %s)", noun, options$rho, options$gamma)
  )
}

# Observed and expected events of each group in the log-rank test without strata, which curves of
# the same patients have as well: by them a figure knows whose test it is.
plain_sums <- function(risk, groups, options, clusters, core) {
  if (options$test != "logrank" || !is.null(groups$strata)) {
    response <- risk$response
    response["strata"] <- list(NULL)
    options[c("test", "rho", "gamma")] <- list("logrank", 0, 0)
    core <- core_rank_test(response, groups$groups, clusters, numeric(), options)
  }
  list(observed = as.vector(core$observed), expected = as.vector(core$expected))
}

# What the weights of event times are, in words; NULL where they are 1.
test_weight <- function(test) {
  switch(test,
    gehan = "the number at risk",
    "tarone-ware" = "the square root of the number at risk",
    peto = "Peto's estimate of the survival of all groups together",
    "modified-peto" = "Peto's estimate of survival times n / (n + 1), n the number at risk",
    "fleming-harrington" = "S^rho (1 - S)^gamma, S the survival of all groups just before"
  )
}

# The hypergeometric variance counts patients.
check_whole_weights <- function(robust, weights) {
  if (robust || is.null(weights) || all(weights == floor(weights))) return(invisible())
  abort(
    "argument", "`robust = FALSE` needs `weights` that are whole numbers.",
    "Remove `robust`. With fractional weights, the variance is robust."
  )
}

# A robust variance takes 16 bytes for each group and event time or cluster, up to 2 GB here, and
# time in proportion to the cube of the groups.
refuse_many_groups <- function(levels, events, clusters) {
  groups <- length(levels)
  if (groups <= 500L && groups * (events + max(0, clusters)) <= 1.25e8) return(invisible())
  abort(
    "groups",
    paste0("A robust variance of ", count_of(groups, "group"), " and ",
           count_of(events, "event"), " takes too much memory or time."),
    "Combine groups, or set `robust = FALSE`."
  )
}

# One score per group, or none for no trend. values: of group_values().
trend_scores <- function(trend, levels, variables, values) {
  if (identical(trend, FALSE)) return(numeric())
  if (isTRUE(trend)) {
    own <- conventions()$trend == "values" && !is.null(values)
    return(as.double(if (own) values else seq_along(levels)))
  }
  scores <- trend
  if (!is.null(names(trend))) {
    plain <- if (length(variables) == 1L) as.character(variables[[1L]])
    at <- match(levels, names(trend))
    if (anyNA(at)) at <- match(plain, names(trend))
    if (!length(at) || anyNA(at) || length(trend) != length(levels)) {
      abort("argument", "The names of `trend` must be those of the groups.",
            paste0("The groups are ", enumerate(quoted(levels)), "."))
    }
    scores <- trend[at]
  }
  if (length(scores) != length(levels) || !all(is.finite(scores)) || all(scores == scores[1L])) {
    abort(
      "argument",
      paste0(
        "`trend` must be TRUE, FALSE or ", length(levels),
        " numbers, one per group and not all the same, not ", describe(trend), "."
      ),
      paste0("The groups are ", enumerate(quoted(levels)), ".")
    )
  }
  as.double(scores)
}

# The numbers that the groups are of, in their order; NULL for groups that are no numbers.
group_values <- function(frame, variables) {
  column <- if (length(variables) == 1L) frame[[names(variables)]]
  if (is.numeric(column) && !is.object(column)) sort(unique(column))
}

run_rank_test <- function(risk, groups, clusters, scores, options, pairwise) {
  response <- risk$response
  tryCatch(
    {
      core <- core_rank_test(response, groups, clusters, scores, options)
      if (pairwise) {
        core$pairs <- core_pairwise_rank_tests(response, groups, clusters, options)
      }
      core
    },
    "C++Error" = function(e) abort_core(conditionMessage(e), response, risk$rows)
  )
}

# The hypergeometric test whose sums the table shows: that of the log-rank where the test has none.
core_test <- function(test) if (test %in% c("max-combo", "exponential")) "logrank" else test

# n, events, obs, exp and var under their names.
group_tables <- function(core, groups) {
  levels <- levels(groups$groups)
  named <- function(x) {
    if (is.null(groups$strata)) return(stats::setNames(as.vector(x), levels))
    structure(x, dimnames = list(levels, levels(groups$strata)))
  }
  list(
    n = as_counts(core$rows, levels),
    obs = named(core$observed), exp = named(core$expected),
    var = structure(core$var, dimnames = list(levels, levels)),
    group_events = stats::setNames(core$events, levels)
  )
}

# What table() gives, at once.
as_counts <- function(counts, levels) {
  structure(counts, dim = length(levels), dimnames = list(levels), class = "table")
}

strata_table <- function(strata) {
  if (!is.null(strata)) as_counts(tabulate(strata, nlevels(strata)), levels(strata))
}

# The test as a survdiff has it and as an htest does; NA where nothing could be
# compared.
chi_squared <- function(core) {
  statistic <- if (core$df > 0L) core$statistic else NA_real_
  p <- stats::pchisq(statistic, core$df, lower.tail = FALSE)
  list(
    chisq = statistic, pvalue = p, statistic = c("chi-squared" = statistic),
    parameter = c(df = as.double(core$df)), p.value = p
  )
}

# trend: a'U and a'Va.
trend_result <- function(trend, scores) {
  z <- if (trend[2L] > 0) trend[1L] / sqrt(trend[2L]) else NA_real_
  list(
    statistic = c("chi-squared" = z^2), parameter = c(df = 1),
    p.value = stats::pchisq(z^2, 1, lower.tail = FALSE), scores = scores, z = z
  )
}

pairwise_table <- function(pairs, levels, adjust) {
  at <- utils::combn(length(levels), 2L)
  statistic <- ifelse(pairs$df > 0L, pairs$statistic, NA_real_)
  p <- stats::pchisq(statistic, pairs$df, lower.tail = FALSE)
  data.frame(
    group1 = levels[at[1L, ]], group2 = levels[at[2L, ]], statistic = statistic,
    df = as.double(pairs$df), p.value = p, p.adjusted = stats::p.adjust(p, adjust)
  )
}

# What must be said about groups that the test could not compare.
warn_about_test <- function(test) {
  if (is.na(test$p.value)) {
    return(warn(
      "no_comparison",
      "The groups cannot be compared: no two groups were at risk at the time of an event.",
      "The statistic is NA. Check the times and strata."
    ))
  }
  idle <- names(test$n)[rowSums(as.matrix(test$exp)) <= 0]
  if (length(idle)) {
    warn(
      "idle_group",
      paste0(
        enumerate(quoted(idle)), if (length(idle) > 1L) " were" else " was",
        " never at risk at the time of an event, and cannot be compared."
      ),
      "The test compares the other groups."
    )
  }
}
