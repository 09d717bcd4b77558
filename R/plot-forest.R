#' Draw a forest plot or adjusted curves of a Cox model
#'
#' `autoplot()` of [lms_cox()] draws a forest plot of the hazard ratios, for a paper or a talk.
#' There is a row for each level of each variable, with the reference group. Each row shows the
#' numbers of patients (rows) and events, the hazard ratio on a log scale with its 95% CI, and
#' the p-value. If an interval extends beyond the plot, it ends in an arrow, and its limits are
#' written beside it in full.
#'
#' With `type = "adjusted"`, it draws adjusted survival curves for the levels of the variable
#' `by`. For each level, the model predicts a curve for every row of the cohort. Each row is
#' given this level and keeps its own values of all other variables. The mean of these curves is
#' drawn (standardization). In a model with strata, each row keeps the baseline hazard of its
#' stratum. `conf_int = TRUE` adds pointwise intervals by the delta method, with the variance of
#' the coefficients and of the baseline hazard. They apply to survival in this mix of patients,
#' because the covariates of the cohort are treated as fixed. Their scale is that of
#' [lms_conventions()].
#'
#' With `term = "age"`, it draws the effect of one variable. It shows the hazard ratio of each of
#' its values, compared with a reference value, on a log scale with the pointwise 95% CI. All
#' terms of the variable are used together, such as those of a spline (`splines::ns()`,
#' `splines::bs()`), of `poly()`, or of `x + I(x^2)`. A factor has a point for each level. The
#' curve is drawn from the 1st to the 99th percentile of the values in the model. Extreme values
#' of single patients are therefore not shown. With `min_cell`, at least that many values are
#' beyond each end. A variable in an interaction has no such curve.
#'
#' @inheritParams autoplot.lms_km
#' @param object A model made by [lms_cox()] or [survival::coxph()].
#' @param type The figure to draw: `"forest"`, `"adjusted"`, or `"term"`. Setting `term` implies
#'   `"term"`.
#' @param xlim Two numbers above 0: the hazard ratios at which the axis of the forest plot ends.
#'   By default all estimates are inside, and intervals up to about 20-fold.
#' @param digits A whole number that sets the decimals of hazard ratios.
#' @param columns The columns beside the forest plot, among `"n"`, `"events"`, `"hr"` and `"p"`.
#'   By default as many are shown as leave a third of the width to the plot.
#' @param by The name of a categorical variable of the model, whose levels have the adjusted
#'   curves.
#' @param term The name of a variable of the model, or one of its terms, whose effect is drawn.
#' @param reference The value of that variable with hazard ratio 1. The default is the median, or
#'   the first level.
#' @return A [ggplot2::ggplot()] with an alternative text for readers who cannot see it.
#' @examples
#' lung <- survival::lung
#' lung$sex <- factor(lung$sex, 1:2, c("Men", "Women"))
#' fit <- lms_cox(Surv(time, status) ~ sex + age + ph.ecog, data = lung, event = 2)
#' ggplot2::autoplot(fit)
#' ggplot2::autoplot(fit, "adjusted", by = "sex", unit = "days")
#'
#' curved <- update(fit, . ~ . - age + splines::ns(age, 3))
#' ggplot2::autoplot(curved, term = "age", reference = 60)
#' @export
autoplot.lms_cox <- function(object, type = c("forest", "adjusted", "term"), ..., by = NULL,
                             term = NULL, reference = NULL, xlim = NULL, digits = 2,
                             columns = NULL, conf_int = FALSE, direct = FALSE, unit = NULL,
                             show = unit, min_cell = 0) {
  known <- setdiff(names(formals(autoplot.lms_cox)), c("object", "..."))
  refuse_typed_dots("autoplot", known, dot_names(...))
  type <- if (missing(type) && !is.null(term)) {
    "term"
  } else {
    check_option(type, "type", c("forest", "adjusted", "term"))
  }
  if (!length(object$coefficients)) {
    abort("argument", "A model without covariates has no hazard ratio to draw.")
  }
  check_number(digits, "digits", 0, whole = TRUE)
  min_cell <- check_min_cell(min_cell)
  check_type_arguments(type, names(match.call()))
  if (type == "term") return(term_plot(object, term, reference, min_cell))
  if (type == "adjusted") return(adjusted_plot(object, by, direct, unit, show, conf_int))
  if (!is.null(columns)) columns <- vapply(columns, check_choice, "", "columns", forest_texts)
  rows <- forest_rows(object, digits, min_cell)
  ends <- forest_ends(rows, xlim)
  rows <- clip_intervals(rows, ends)
  draw_forest(rows, ends, object$conf_level, columns, forest_alt(object, rows))
}

# Made in a frame that does not have the model.
draw_forest <- function(rows, ends, conf_level, columns, alt) {
  drawn <- rows[!is.na(rows$from), , drop = FALSE]
  arrow <- arrow(length = unit(3, "points"), type = "closed")
  ggplot(rows, aes(y = .data$y)) +
    annotate("segment", x = 1, xend = 1, y = 0.4, yend = max(rows$y) + 0.6, colour = "grey60",
             linewidth = 0.3) +
    geom_segment(aes(x = .data$from, xend = .data$to, yend = .data$y), drawn, linewidth = 0.4) +
    geom_segment(
      aes(x = sqrt(.data$from * .data$to), xend = .data$from, yend = .data$y),
      drawn[drawn$left, ], linewidth = 0.4, arrow = arrow
    ) +
    geom_segment(
      aes(x = sqrt(.data$from * .data$to), xend = .data$to, yend = .data$y),
      drawn[drawn$right, ], linewidth = 0.4, arrow = arrow
    ) +
    geom_point(aes(x = .data$estimate), drawn[!is.na(drawn$estimate), ], shape = 15, size = 1.5,
               colour = lms_colours[1L]) +
    geom_point(aes(x = 1), rows[rows$reference, ], shape = 22, size = 1.3, fill = "white") +
    forest_columns(rows, conf_level, columns) +
    scale_x_log10(limits = ends, breaks = forest_breaks(ends), labels = number_labels,
                  expand = expansion(0.01), guide = guide_axis(check.overlap = TRUE)) +
    scale_y_continuous(limits = c(0.4, max(rows$y) + 1.6), expand = c(0, 0), breaks = NULL,
                       guide = guide_none()) +
    labs(x = "Hazard ratio (log scale)", y = NULL, alt = alt) +
    theme_lms()
}

#' @rdname autoplot.lms_cox
#' @export
autoplot.coxph <- function(object, ...) autoplot.lms_cox(from_coxph(object), ...)

#' @export
plot.lms_cox <- function(x, ...) print(autoplot.lms_cox(x, ...))

type_arguments <- list(
  adjusted = c("by", "conf_int", "direct", "unit", "show"), forest = c("xlim", "digits", "columns"),
  term = c("term", "reference")
)

check_type_arguments <- function(type, given) {
  for (other in setdiff(names(type_arguments), type)) {
    wrong <- intersect(given, type_arguments[[other]])
    if (length(wrong)) {
      abort("argument", paste0(tick(wrong[1L]), " is of `type = \"", other, "\"`, not of \"", type,
                               "\"."))
    }
  }
}

forest_texts <- c("n", "events", "hr", "p")

# The lines of the table of the model, from the top downwards, with the numbers that are drawn. A
# line that is a title alone has none.
forest_rows <- function(fit, digits, min_cell = 0) {
  numbers <- mask_cox(cox_lines(fit, "name", min_cell > 0), min_cell)
  numbers$label <- unname(term_titles(fit)[numbers$variable])
  layout <- cox_layout(numbers)
  at <- ifelse(layout$from == 0L, NA, layout$from)
  line <- numbers[at, ]
  text <- line_texts(numbers, digits, min_cell)
  pick <- function(column) ifelse(is.na(at), "", text[at, column])
  reference <- line$kind %in% "reference"
  data.frame(
    term = layout$variable, title = numbers$label[match(layout$variable, numbers$variable)],
    indent = layout$indent > 0L, label = layout$label, n = pick("n"), events = pick("events"),
    p = pick("p"), reference = reference, numbered = !is.na(at) & !reference,
    text = ifelse(reference, "Reference", ifelse(
      is.na(line$estimate), pick("interval"), paste0(pick("ratio"), " (", pick("interval"), ")")
    )),
    estimate = line$estimate, low = line$conf.low, high = line$conf.high,
    y = rev(seq_len(nrow(layout)))
  )
}

# All estimates, 1, and the intervals as far as 20-fold.
forest_ends <- function(rows, xlim) {
  if (!is.null(xlim)) {
    ok <- is.numeric(xlim) && length(xlim) == 2L && all(is.finite(xlim)) && xlim[1L] > 0 &&
      xlim[1L] < xlim[2L]
    if (!ok) {
      abort("argument", paste0("`xlim` must be two ascending numbers above 0, not ",
                               describe(xlim), "."))
    }
    return(as.double(xlim))
  }
  known <- function(x) x[is.finite(x) & x > 0]
  lowest <- min(known(rows$estimate), 1)
  highest <- max(known(rows$estimate), 1)
  c(
    max(min(known(rows$low), lowest), min(1 / 20, lowest / 2)) / 1.15,
    min(max(known(rows$high), highest), max(20, highest * 2)) * 1.15
  )
}

forest_breaks <- function(ends) {
  steps <- c(1, 2, 5)
  all <- sort(outer(steps, 10^(-6:6)))
  within <- all[all >= ends[1L] & all <= ends[2L]]
  if (length(within) < 3L) {
    even <- pretty(ends, 4L)
    return(even[even >= ends[1L] & even <= ends[2L]])
  }
  if (length(within) <= 7L) return(within)
  tens <- 10^(-6:6)
  tens[tens >= ends[1L] & tens <= ends[2L]]
}

# An interval that is all outside leaves the arrow, as long as a 20th of the plot.
clip_intervals <- function(rows, ends) {
  arrow <- (ends[2L] / ends[1L])^(1 / 20)
  rows$left <- !is.na(rows$low) & rows$low < ends[1L]
  rows$right <- !is.na(rows$high) & rows$high > ends[2L]
  rows$from <- pmin(pmax(rows$low, ends[1L]), ends[2L] / arrow)
  rows$to <- pmax(pmin(rows$high, ends[2L]), ends[1L] * arrow)
  outside <- !is.na(rows$estimate) & (rows$estimate < ends[1L] | rows$estimate > ends[2L])
  rows$estimate[outside] <- NA
  rows
}

forest_alt <- function(fit, rows) {
  name <- ifelse(rows$indent, paste(rows$title, rows$label), rows$label)
  shown <- utils::head(rows[rows$numbered, , drop = FALSE], 12L)
  name <- utils::head(name[rows$numbered], 12L)
  paste0(
    "Forest plot of the hazard ratios of a Cox model of ",
    count_of(fit$n, counted_word(fit)), " and ", count_of(fit$nevent, "event"), ". ",
    paste0(name, ": ", shown$text, collapse = "; "), "."
  )
}
