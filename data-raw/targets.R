# The printed numbers as windows: what rounds to them.

published <- utils::read.csv(
  file.path(raw, "published.csv"), colClasses = "character", na.strings = "", encoding = "UTF-8"
)
rownames(published) <- published$id

decimals <- function(text) nchar(sub("^[^.]*[.]?", "", text))

# Matrix of low and high, a row for each text.
rounding <- function(text) {
  half <- 0.5 * 10^-decimals(text)
  cbind(as.numeric(text) - half, as.numeric(text) + half)
}

printed <- function(id, column) rounding(published[id, column])

# Windows have columns low, high, scale, weight and slope: see anneal.hpp.

# Four windows for a hazard ratio: coefficient, lower limit, upper limit, |z|.
# steep: cost of a ratio that is off by a unit of its logarithm, beside that of the nearest digits.
ratio_windows <- function(id, steep = NULL, narrowest = 0.004) {
  limits <- lapply(c("value", "lower", "upper"), function(column) log(printed(id, column)))
  z <- rev(stats::qnorm(1 - printed(id, "p") / 2))
  windows <- rbind(limits[[1L]], limits[[2L]], limits[[3L]], z)
  windows[4L, 1L] <- max(windows[4L, 1L], 0)
  scale <- pmax((windows[, 2L] - windows[, 1L]) / 2, narrowest)
  cbind(windows, scale, 1, if (is.null(steep)) 0.05 / scale else steep * c(1, 1, 1, 0.25))
}

test_window <- function(id, df, weight) {
  window <- rev(stats::qchisq(printed(id, "p"), df, lower.tail = FALSE))
  c(window, diff(window) / 2, weight, min(1 / diff(window), 5))
}

# The data frame lms_published.
published_frame <- function() {
  out <- published[c("id", "where", "quantity", "n", "value", "lower", "upper", "p", "unit",
                     "kind", "note")]
  for (number in c("value", "lower", "upper", "p")) {
    text <- out[[number]]
    out[[paste0(number, "_decimals")]] <- ifelse(is.na(text), NA, decimals(text))
    out[[number]] <- as.numeric(text)
  }
  out$n <- as.integer(out$n)
  rownames(out) <- NULL
  out
}

# Shares of the moves, softness from and to, temperature from and to: first far from the target,
# where all distances count alike, then near it, where the number of those that are met counts.
annealing_schedule <- function(moves, hot) {
  rbind(
    c(0.6 * moves, 100, 5, hot, 0.3), c(0.2 * moves, 5, 1, 0.3, 0.05),
    c(0.2 * moves, 1, 0.3, 0.1, 0.02)
  )
}
