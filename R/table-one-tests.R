# Comparisons of the groups of a table of patients: p-values and standardised differences.

# Answer: p.value and method, NA where there is nothing to compare.
compare_groups <- function(x, group, test) {
  compared <- !is.na(x) & !is.na(group)
  x <- x[compared]
  group <- droplevels(group[compared])
  kind <- table_kind(x)
  method <- NA_character_
  p <- tryCatch(
    {
      found <- if (nlevels(group) < 2L || test == "none") {
        list(p.value = NA_real_, method = NA_character_)
      } else {
        switch(kind,
          survival = log_rank_test(x, group), continuous = mean_test(as.double(x), group, test),
          fisher_test(level_factor(x), group)
        )
      }
      method <- found$method
      found$p.value
    },
    lmsurv_error = function(e) NA_real_
  )
  if (is.na(p)) method <- NA_character_
  list(p.value = p, method = method)
}

log_rank_test <- function(y, group) {
  found <- quiet(lms_logrank(y ~ group, data = list(y = y, group = group)))
  list(p.value = found$p.value, method = "log-rank test")
}

fisher_test <- function(x, group) {
  found <- quiet(lms_fisher(table(x, group)))
  list(p.value = found$p.value, method = found$method)
}

# NA where a group has no spread, or too few patients to have one.
mean_test <- function(x, group, test) {
  if (length(unique(x)) < 2L) return(list(p.value = NA_real_, method = NA_character_))
  two <- nlevels(group) == 2L
  if (test == "rank") {
    # The warning of ties is of the exact test, which is not made then.
    found <- if (two) {
      suppressWarnings(stats::wilcox.test(x ~ group))
    } else {
      stats::kruskal.test(x, group)
    }
    return(list(p.value = found$p.value,
                method = if (two) "Wilcoxon rank-sum test" else "Kruskal-Wallis test"))
  }
  enough <- all(tabulate(group, nlevels(group)) > 1L) &&
    all(vapply(split(x, group), stats::var, 0) > 0)
  p <- if (enough) stats::oneway.test(x ~ group)$p.value else NA_real_
  list(p.value = p, method = if (two) "Welch's t-test" else "Welch's analysis of variance")
}

# The largest of the pairs of groups.
standardised_difference <- function(x, group) {
  kind <- table_kind(x)
  if (kind == "survival") return(NA_real_)
  known <- !is.na(x) & !is.na(group)
  parts <- split(if (kind == "continuous") as.double(x[known]) else level_factor(x)[known],
                 group[known])
  parts <- parts[lengths(parts) > 0L]
  if (length(parts) < 2L) return(NA_real_)
  pairs <- utils::combn(length(parts), 2L)
  difference <- if (kind == "continuous") mean_difference else share_difference
  found <- apply(pairs, 2L, function(k) difference(parts[[k[1L]]], parts[[k[2L]]]))
  if (all(is.na(found))) NA_real_ else max(found, na.rm = TRUE)
}

# Austin (2009): |m1 - m2| / sqrt((s1^2 + s2^2) / 2)
mean_difference <- function(x, y) {
  if (length(x) < 2L || length(y) < 2L) return(NA_real_)
  scaled_difference(mean(x) - mean(y), (stats::var(x) + stats::var(y)) / 2)
}

scaled_difference <- function(difference, variance) {
  if (difference == 0) 0 else abs(difference) / sqrt(variance)
}

# Yang and Dalton (2012): sqrt(d' S^-1 d), d the differences of the shares of all levels but one, S
# the mean of the two covariance matrices of a multinomial draw. With two levels Austin's formula.
share_difference <- function(x, y) {
  shares <- cbind(prop.table(table(x)), prop.table(table(y)))
  shares <- shares[rowSums(shares) > 0, , drop = FALSE]
  if (nrow(shares) < 2L) return(0)
  shares <- shares[-1L, , drop = FALSE]
  d <- shares[, 1L] - shares[, 2L]
  covariance <- function(p) diag(p, length(p)) - tcrossprod(p)
  s <- (covariance(shares[, 1L]) + covariance(shares[, 2L])) / 2
  if (all(d == 0)) return(0)
  # Singular where the groups have no level in common.
  if (rcond(s) < 1e-12) return(Inf)
  sqrt(drop(crossprod(d, solve(s, d))))
}
