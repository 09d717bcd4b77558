# How the findings of lms_check() are shown in the console.

#' @export
print.lms_check <- function(x, ...) {
  if (nrow(x)) print_lines(paste0("Check of ", x$subject[1L]))
  rows <- as.data.frame(x)
  found <- findings_in(rows)
  groups <- paste(found$severity, found$kind)
  for (group in unique(groups)) print_findings(found[groups == group, ])
  print_ratios(found)
  end <- c(nothing_line(rows), skipped_line(rows), never_line(rows))
  if (length(end)) {
    cat("\n")
    print_lines(end)
  }
  invisible(x)
}

nothing_line <- function(rows) {
  made <- rule_names[rows$kind[rows$severity == "none"]]
  if (nrow(findings_in(rows)) || !length(made)) return(NULL)
  c(paste0("No problems found. Checked: ", enumerate(made, max = 20L), "."), unseen_line(rows))
}

# What no data can show.
never_line <- function(rows) {
  paste0(
    "Never checked: confounders that were not measured, censoring that depends on prognosis, and ",
    "how the patients were chosen.",
    if ("events_per_parameter" %in% rows$kind) " See lms_evalue()."
  )
}

# What a check could not have seen.
unseen_line <- function(rows) {
  row <- rows[rows$measure %in% "detectable change", ]
  if (!nrow(row)) return(NULL)
  paste0("With ", many(row$n_events, row$event), ", a hazard ratio that changes over time by less ",
         "than a factor of ", format(signif(row$estimate, 2L)), " would usually be missed.")
}

skipped_line <- function(rows) {
  rows <- rows[rows$severity == "not checked", ]
  if (!nrow(rows)) return(NULL)
  parts <- paste0(rule_names[rows$kind], " (", skip_reasons[rows$reason], ")")
  paste0("Not checked: ", paste(parts, collapse = "; "), ".")
}

# Findings of one kind: each, then once why it matters and what to do.
print_findings <- function(rows, max = 8L) {
  kind <- rows$kind[1L]
  title <- paste0(capital(rows$severity[1L]), ": ", kind_title(kind, rows$event[1L]))
  cat("\n", cli::style_bold(title), "\n", sep = "")
  width <- cli::console_width()
  show <- function(text) cat(strwrap(text, width, indent = 2L, exdent = 4L), sep = "\n")
  each <- by_finding(rows)
  for (f in utils::head(each, max)) show(finding_text(f))
  if (length(each) > max) {
    cat("  and ", length(each) - max, " more: see as.data.frame().\n", sep = "")
  }
  show(paste0("Why it matters: ", finding_why(kind)))
  remedies <- unique(vapply(each, finding_remedy, ""))
  for (text in utils::head(remedies, 2L)) show(paste0("What to do: ", text))
  code <- unique(rows$code[!is.na(rows$code)])
  for (line in utils::head(code, 4L)) cat("    ", line, "\n", sep = "")
  if (length(code) > 4L) cat("    and ", length(code) - 4L, " more: see `$code`\n", sep = "")
}

by_finding <- function(rows) unname(split(rows, factor(rows$finding, unique(rows$finding))))

ratio_methods <- c(
  ordinary = "ordinary", firth = "Firth's penalised", fixed = "as known at time zero",
  "time-dependent" = "time-dependent covariate", "same day" = "the same, day of change included",
  landmark = "landmark analysis"
)

# The hazard ratios that stand side by side.
print_ratios <- function(rows) {
  dated <- c("fixed", "time-dependent", "same day", "landmark")
  for (methods in list(c("ordinary", "firth"), dated)) {
    part <- rows[rows$method %in% methods, ]
    if (!any(part$method %in% methods[-1L])) next
    cat("\n")
    cells <- lapply(unique(part$coef), function(j) {
      own <- part[part$coef == j, ]
      own <- own[order(match(own$method, methods)), ]
      rbind(c(own$coefficient[1L], "", "", ""),
            t(vapply(seq_len(nrow(own)), function(i) ratio_cells(own[i, ]), character(4))))
    })
    head <- c("", "HR", paste0(format(100 * part$conf_level[1L]), "% CI"), "p")
    print_columns(rbind(head, do.call(rbind, cells)))
  }
}

ratio_cells <- function(row) {
  digits <- ratio_digits(c(row$conf.low, row$conf.high))
  text <- function(x) if (x == 0) "0" else format_ratio(x, digits)
  interval <- if (is.na(row$conf.low)) "" else paste(text(row$conf.low), "to", text(row$conf.high))
  c(
    paste0("  ", ratio_methods[[row$method]]),
    if (is.na(row$estimate)) "not estimable" else text(row$estimate), interval,
    format_p(row$estimate_p)
  )
}
