# The findings of one kind, a row for each, as a plain data frame.
found <- function(check, kind) {
  rows <- findings_in(as.data.frame(check))
  rows <- first_rows(rows[rows$kind == kind, ])
  row.names(rows) <- NULL
  rows
}

# All hazard ratios of the findings, in the order of their methods.
ratios_in <- function(check) {
  rows <- as.data.frame(check)
  rows <- rows[rows$measure %in% "hazard ratio", ]
  rows <- rows[order(match(rows$method, unique(rows$method))), ]
  row.names(rows) <- NULL
  rows
}

# The model with covariates that hold from when they become known.
switched_fit <- function(fit, known_from = NULL) {
  dated_refits(fit, list(fix = TRUE, dated = read_dated(fit, known_from)))$fits[["time-dependent"]]
}

# An estimate of each finding of a kind, by the method.
estimate_of <- function(check, kind, method) {
  rows <- as.data.frame(check)
  rows$estimate[rows$kind == kind & rows$method %in% method]
}

# What is said of the findings of a kind.
texts_of <- function(check, kind) {
  rows <- findings_in(as.data.frame(check))
  vapply(by_finding(rows[rows$kind == kind, ]), finding_text, "")
}

no_findings_in <- function(check) nrow(findings_in(check)) == 0L

# lms_cox(...) as the caller would write it.
fit_silently <- function(...) {
  call <- sys.call()
  call[[1]] <- quote(lms_cox)
  suppressWarnings(suppressMessages(eval(call, parent.frame())))
}

# Time of metastasis, independent of a hazard that it does not change.
metastatic <- function(n, seed) {
  set.seed(seed)
  death <- rexp(n, 0.02)
  censored <- runif(n, 24, 120)
  spread <- rexp(n, 0.03)
  months <- pmin(death, censored)
  data.frame(
    id = seq_len(n), months = months, died = as.integer(death <= censored), age = rnorm(n, 60, 10),
    metastasis = spread < months, spread = ifelse(spread < months, spread, NA)
  )
}

metastatic_sarcomas <- function() {
  lms <- leiomyosarcomas()
  distant <- lms$new_tumor_event_type == "Distant Metastasis"
  lms$spread <- ifelse(distant, lms$new_tumor_event_days, NA)
  lms$metastasis <- !is.na(lms$spread)
  lms
}

# Few patients, of known counts.
small <- function(n = 24) {
  set.seed(11)
  data.frame(
    time = sample(n), died = rep_len(c(1, 1, 0), n),
    stage = factor(rep_len(c("I", "II", "II", "II"), n)), sex = rep_len(c(0, 1, 1, 0, 1), n),
    age = round(rnorm(n, 60, 8))
  )
}

# The difference for which the ratio of a quantity is told, by its definition.
usual_difference <- function(x) min(stats::sd(x), stats::IQR(x) / (2 * stats::qnorm(0.75)))

# With one patient whose value and time go against those of all others.
outlying <- function(seed, n = 60) {
  set.seed(seed)
  d <- data.frame(died = rbinom(n, 1, 0.8), x = rnorm(n), group = gl(2, 1, n, c("a", "b")))
  d$time <- rexp(n, exp(0.8 * d$x))
  d$x[7] <- 8
  d$time[7] <- 10
  d
}
