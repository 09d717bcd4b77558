#' Draw how the effects of a Cox model change over time
#'
#' `autoplot()` of [lms_zph()] shows, for each term of a Cox model, whether its effect changes
#' over time. It draws the scaled Schoenfeld residuals, smoothed over time with a band. A dashed
#' line shows the coefficient of the model, and the p-value of the test is written above. A level
#' curve is compatible with proportional hazards. Where the curve rises, the log hazard ratio
#' increases over time.
#'
#' The curve is a natural spline with `df` degrees of freedom, fitted by least squares. Its band
#' is the pointwise 95% CI, with the variance of the residuals that the model implies, as in
#' [survival::plot.cox.zph()].
#'
#' @param object A test made by [lms_zph()].
#' @param ... Not used. Any name given here is an error.
#' @param df A whole number of 2 or more that sets the degrees of freedom of the curve.
#' @param residuals `TRUE` to draw the residuals as points.
#' @return A [ggplot2::ggplot()] with a panel for each term, and an alternative text for readers
#'   who cannot see it.
#' @examples
#' fit <- lms_cox(Surv(time, status) ~ trt + karno + age, data = survival::veteran)
#' ggplot2::autoplot(lms_zph(fit))
#' @export
autoplot.lms_zph <- function(object, ..., df = 4, residuals = TRUE) {
  refuse_typed_dots("autoplot", c("df", "residuals"), dot_names(...))
  check_number(df, "df", 2, whole = TRUE)
  check_flag(residuals, "residuals")
  draw_zph(zph_parts(object, df, residuals))
}

# What is drawn of the test: points (NULL for none), smooth, level, axis, alt.
zph_parts <- function(object, df, residuals) {
  terms <- colnames(object$y)
  titles <- stats::setNames(zph_titles(object, terms), terms)
  list(
    points = if (residuals) zph_points(object, terms, titles),
    smooth = do.call(rbind, lapply(terms, zph_smooth, object = object, df = df, titles = titles)),
    level = data.frame(term = factor(titles, titles), beta = zph_levels(object, terms)),
    axis = zph_axis(object), alt = zph_alt(object)
  )
}

# Made in a frame that does not have the residuals.
draw_zph <- function(parts) {
  ggplot(parts$smooth, aes(x = .data$x)) +
    (if (!is.null(parts$points)) geom_point(
      aes(y = .data$residual), parts$points, colour = "grey55", size = 0.6, shape = 16,
      na.rm = TRUE
    )) +
    geom_ribbon(aes(ymin = .data$low, ymax = .data$high), fill = lms_colours[1L], alpha = 0.2) +
    geom_hline(aes(yintercept = .data$beta), parts$level, linetype = "42", linewidth = 0.35) +
    geom_line(aes(y = .data$fit), colour = lms_colours[1L], linewidth = 0.6) +
    facet_wrap(~ .data$term, scales = "free_y") +
    scale_x_continuous(breaks = parts$axis$at, labels = parts$axis$text) +
    labs(x = parts$axis$title, y = "Coefficient (log hazard ratio)", alt = parts$alt) +
    theme_lms()
}

zph_titles <- function(object, terms) {
  p <- object$table[terms, "p"]
  paste0(terms, "\np ", vapply(p, p_equals, ""))
}

zph_points <- function(object, terms, titles) {
  n <- nrow(object$y)
  out <- data.frame(
    x = rep(object$x, length(terms)), residual = as.vector(object$y[, terms, drop = FALSE]),
    term = factor(rep(titles[terms], each = n), titles)
  )
  # What falls on the same spot of a panel is drawn once.
  if (nrow(out) <= 5000L) return(out)
  cell <- function(x) {
    range <- range(x, na.rm = TRUE)
    round(panel_cells * (x - range[1L]) / max(diff(range), 1e-300))
  }
  out[!duplicated(data.frame(cell(out$x), cell(out$residual), out$term)), ]
}

# Level of the dashed line: the mean of the scaled residuals is the coefficient itself.
zph_levels <- function(object, terms) colMeans(object$y[, terms, drop = FALSE], na.rm = TRUE)

zph_smooth <- function(term, object, df, titles) {
  y <- object$y[, term]
  used <- is.finite(y)
  x <- object$x[used]
  df <- min(df, max(1L, length(unique(x)) - 1L))
  grid <- seq(min(x), max(x), length.out = 101L)
  basis <- splines::ns(x, df = df, intercept = TRUE)
  design <- qr(basis)
  at <- stats::predict(basis, grid)
  fit <- at %*% qr.coef(design, y[used])
  inverse <- chol2inv(qr.R(design))[order(design$pivot), order(design$pivot), drop = FALSE]
  se <- sqrt(rowSums((at %*% inverse) * at) * object$var[term, term])
  z <- stats::qnorm(0.975)
  data.frame(
    term = factor(titles[[term]], titles), x = grid, fit = as.vector(fit),
    low = as.vector(fit) - z * se, high = as.vector(fit) + z * se
  )
}

# Ticks at round times, where the transform puts them.
zph_axis <- function(object) {
  unique_at <- !duplicated(object$x)
  x <- object$x[unique_at]
  time <- object$time[unique_at]
  title <- switch(object$transform,
    identity = "Time", km = "Time (Kaplan-Meier scale)", rank = "Time (ranks)",
    log = "Time (log scale)", "Time (transformed)"
  )
  if (length(x) < 2L) return(list(at = x, text = format(time), title = title))
  places <- seq(min(x), max(x), length.out = 9L)[c(2, 4, 6, 8)]
  at <- stats::approx(x, time, places, ties = "ordered")
  shown <- unique(signif(c(min(time), at$y, max(time)), 2L))
  shown <- shown[shown >= min(time) & shown <= max(time)]
  list(at = stats::approx(time, x, shown, ties = "ordered")$y, text = number_labels(shown),
       title = title)
}

zph_alt <- function(object) {
  p <- object$table[, "p"]
  paste0(
    "Scaled Schoenfeld residuals against time, smoothed, for ", enumerate(colnames(object$y)),
    ". Test of proportional hazards: ",
    enumerate(paste0(rownames(object$table), " p ", vapply(p, p_equals, "")), max = 10L), "."
  )
}
