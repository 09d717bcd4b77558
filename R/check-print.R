# How the findings of lms_check() are shown, and those at the foot of a model.

check_titles <- c(
  events_per_parameter = "few events for each coefficient",
  sparse_level = "levels with few events",
  small_reference = "small reference level",
  infinite_coefficient = "infinite hazard ratio",
  immortal_time = "immortal time",
  nonproportional = "effects that change with time",
  influential_patient = "influential patients",
  missing_values = "missing values",
  code_as_number = "codes fitted as numbers",
  single_stratum = "events in one stratum",
  shared_patient = "rows of one patient",
  crude_rates = "crude rates under censoring",
  beyond_follow_up = "read beyond the follow-up"
)

#' @export
print.lms_check <- function(x, ...) {
  print_lines(paste0("Check of ", attr(x, "subject")))
  groups <- split(seq_len(nrow(x)), factor(paste(x$severity, x$class),
                                           unique(paste(x$severity, x$class))))
  for (at in groups) print_finding(x[at, ])
  print_ratios(attr(x, "ratios"))
  end <- c(nothing_line(x), skipped_line(attr(x, "skipped")))
  if (length(end)) {
    cat("\n")
    print_lines(end)
  }
  invisible(x)
}

nothing_line <- function(x) {
  if (nrow(x)) return(NULL)
  paste0("Nothing found. Looked for: ", enumerate(attr(x, "checked"), max = 20L), ".")
}

skipped_line <- function(skipped) {
  if (!length(skipped)) return(NULL)
  paste0("Not looked for: ", paste0(names(skipped), " (", skipped, ")", collapse = "; "), ".")
}

# Findings of one class: each, then once why it matters and what to do.
print_finding <- function(x, max = 8L) {
  severity <- x$severity[1L]
  title <- paste0(capital(severity), ": ", check_titles[[x$class[1L]]])
  cat("\n", cli::style_bold(title), "\n", sep = "")
  width <- cli::console_width()
  show <- function(text) cat(strwrap(text, width, indent = 2L, exdent = 4L), sep = "\n")
  for (what in utils::head(x$what, max)) show(what)
  if (nrow(x) > max) cat("  and ", nrow(x) - max, " more: see as.data.frame().\n", sep = "")
  show(paste0("Why: ", x$why[1L]))
  for (way_out in unique(x$way_out)[seq_len(min(2L, length(unique(x$way_out))))]) {
    show(paste0("Way out: ", way_out))
  }
  code <- unique(x$code[!is.na(x$code)])
  for (line in utils::head(code, 4L)) cat("    ", line, "\n", sep = "")
  if (length(code) > 4L) cat("    and ", length(code) - 4L, " more: see `$code`\n", sep = "")
}

ratio_titles <- c(
  ordinary = "ordinary", firth = "Firth's penalty", fixed = "as known from the start",
  "time-dependent" = "from its time on", landmark = "by the landmark"
)

print_ratios <- function(ratios) {
  if (is.null(ratios)) return(invisible())
  for (methods in list(c("ordinary", "firth"), c("fixed", "time-dependent", "landmark"))) {
    part <- ratios[ratios$method %in% methods, ]
    if (!nrow(part)) next
    cat("\n")
    cells <- lapply(unique(part$coefficient), function(name) {
      rows <- part[part$coefficient == name, ]
      head <- if (nrow(rows)) c(name, "", "", "")
      rbind(head, t(vapply(seq_len(nrow(rows)), function(i) ratio_cells(rows[i, ]), character(4))))
    })
    print_columns(rbind(c("", "HR", "interval", "p"), do.call(rbind, cells)))
  }
}

ratio_cells <- function(row) {
  digits <- ratio_digits(c(row$conf.low, row$conf.high))
  text <- function(x) if (x == 0) "0" else format_ratio(x, digits)
  interval <- if (is.na(row$conf.low)) "" else paste(text(row$conf.low), "to", text(row$conf.high))
  c(
    paste0("  ", ratio_titles[[row$method]]),
    if (is.na(row$estimate)) "not estimable" else text(row$estimate), interval,
    format_p(row$p.value)
  )
}

# The findings that cost next to nothing, in a few lines. A stripped model keeps
# them as text.
check_foot <- function(x) {
  if (!length(x$coefficients)) return(NULL)
  if (is.null(unclass(x)$linear.predictors)) return(unclass(x)$foot)
  few <- sparse_levels(x)
  p <- sum(!is.na(x$coefficients))
  share <- length(unclass(x)$na.action) / x$n_data
  found <- c(
    if (p && x$nevent < 10 * p) {
      paste0(format(signif(x$nevent / p, 2L)), " events for each coefficient (10 are advised)")
    },
    if (nrow(few)) paste0("fewer than 5 events in ", few_words(few)),
    late_foot(x),
    if (isTRUE(share >= 0.05)) paste0(format_percent(share, 0L), " of the rows left out")
  )
  if (!length(found)) return(NULL)
  paste0("Mind: ", paste(found, collapse = "; "), ". More by lms_check().")
}

few_words <- function(few) {
  enumerate(paste0(
    tick(few$term), " = ", quoted(few$level), " (", few$events, " in ",
    format_count_each(few$n), ")"
  ), max = 4L)
}

late_foot <- function(x) {
  if (is.null(x$dated) || is.null(x$model)) return(NULL)
  counts <- late_counts(x, as.list(x$dated))
  if (is.null(counts)) return(NULL)
  paste0(
    tick(counts$variable), " is fitted as known from ",
    if (is.null(x$origin)) "the start" else x$origin, ", but becomes known later in ",
    counts_of(counts$n, "patient")
  )
}
