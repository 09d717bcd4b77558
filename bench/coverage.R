# How often the 95% interval of Kaplan-Meier survival holds the true value, by its scale, the number
# of patients and the survival. Writes bench/results/coverage.md.
#
#   Rscript bench/coverage.R [repetitions, 10000]
#
# Times of death are exponential, 30% of the patients are censored by an exponential time of their
# own. Survival is read at the time at which its true value is `truth`.

repetitions <- as.integer(c(commandArgs(TRUE), "10000")[1L])
sizes <- c(20, 50, 100, 200, 500, 1000)
truths <- c(0.99, 0.95, 0.9, 0.75, 0.5, 0.25, 0.1)
scales <- c("log", "log-log", "plain", "logit", "arcsin")
level <- 0.95

# Survival, Greenwood's sum and the number at risk at `times`; NA past the last follow-up.
curve_at <- function(time, died, times) {
  o <- order(time, !died)
  at_risk <- rev(seq_along(time))
  left <- at_risk - 1
  survival <- cumprod(ifelse(died[o], left / at_risk, 1))
  sum <- cumsum(ifelse(died[o], 1 / (at_risk * left), 0))
  i <- findInterval(times, time[o])
  beyond <- i == length(time)
  list(survival = ifelse(beyond, NA, c(1, survival)[1L + i]), sum = c(0, sum)[1L + i],
       at_risk = length(time) - i)
}

# Limits as survfit() has them; log-log, logit and arcsin have none where survival is 1.
limits <- function(s, sum, scale) {
  z <- stats::qnorm((1 + level) / 2)
  se <- sqrt(sum)
  switch(scale,
    log = list(s * exp(-z * se), pmin(1, s * exp(z * se))),
    plain = list(pmax(0, s * (1 - z * se)), pmin(1, s * (1 + z * se))),
    "log-log" = list(s^exp(-z * se / log(s)), s^exp(z * se / log(s))),
    logit = {
      width <- z * se / (1 - s)
      list(stats::plogis(stats::qlogis(s) - width), stats::plogis(stats::qlogis(s) + width))
    },
    arcsin = {
      width <- 0.5 * z * se * sqrt(s / (1 - s))
      list(sin(pmax(0, asin(sqrt(s)) - width))^2, sin(pmin(pi / 2, asin(sqrt(s)) + width))^2)
    }
  )
}

# One repetition: a matrix of truths x ways, whether the interval holds the truth, NA where none is
# printed. ways: the scales, with the exact lower limit where no one has died; and the log scale
# without it, "1 to 1".
one_study <- function(n) {
  death <- stats::rexp(n)
  censored <- stats::rexp(n, 3 / 7)
  at <- curve_at(pmin(death, censored), death <= censored, -log(truths))
  none <- at$sum == 0 & !is.na(at$survival)
  holds <- function(scale, exact = TRUE) {
    ends <- suppressWarnings(limits(at$survival, at$sum, scale))
    if (any(none)) {
      ends[[1L]][none] <- if (exact) (1 - level)^(1 / at$at_risk[none]) else 1
      ends[[2L]][none] <- 1
    }
    ifelse(at$survival %in% 0, NA, ends[[1L]] <= truths & truths <= ends[[2L]])
  }
  cbind("1 to 1" = holds("log", FALSE), vapply(scales, holds, logical(length(truths))))
}

# The same limits as those of the package.
check_limits <- function() {
  lung <- survival::lung
  died <- lung$status == 2
  at <- curve_at(lung$time, died, 300.5)
  for (scale in scales) {
    fit <- lmsurv::lms_km(survival::Surv(time, died) ~ 1, cbind(lung, died = died),
                          conf_type = scale)
    theirs <- summary(fit, times = 300.5)
    ours <- unlist(limits(at$survival, at$sum, scale))
    stopifnot(all.equal(ours, c(theirs$lower, theirs$upper), tolerance = 1e-10))
  }
}

main <- function() {
  check_limits()
  set.seed(20240501)
  found <- do.call(rbind, lapply(sizes, function(n) {
    all <- replicate(repetitions, one_study(n))
    share <- apply(all, 1:2, mean, na.rm = TRUE)
    data.frame(n = n, survival = truths, share, check.names = FALSE)
  }))
  number <- function(x) formatC(x, format = "f", digits = 3L)
  cells <- cbind(format(found$n), format(found$survival), vapply(found[-(1:2)], number,
                                                                 character(nrow(found))))
  head <- c("patients", "true survival", "log, \"1 to 1\"", scales)
  line <- function(x) paste0("| ", paste(x, collapse = " | "), " |")
  writeLines(c(
    "# Coverage of 95% intervals of Kaplan-Meier survival", "",
    paste0("Made by `bench/coverage.R`, ", format(repetitions, big.mark = ","), " studies for ",
           "each number of patients; a share of 0.95 has a standard error of ",
           number(sqrt(0.95 * 0.05 / repetitions)), "."),
    paste("Exponential times of death; 30% of the patients are censored. Where no patient has",
          "died, the interval"),
    paste("is the exact lower limit that lms_rates() prints; the first column has \"1 to 1\"",
          "there, as survfit() does."),
    "", line(head), line(rep("---:", length(head))), apply(cells, 1L, line)
  ), "bench/results/coverage.md")
}

main()
