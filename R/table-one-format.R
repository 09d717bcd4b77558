# A table of patients as strings.

# Of a statistic: its words in the styles, and after the name of a column that has no other.
statistic_word <- function(statistic, style) {
  pm <- style$name == "nejm"
  table_word(switch(statistic,
    missing = "Missing", mean_sd = if (pm) "Mean \u00b1 SD" else "Mean (SD)",
    mean_sem = "Mean \u00b1 SEM", median_iqr = "Median (IQR)", range = "Range", events = "Events",
    median_ci = "Median (95% CI)"
  ))
}

# Answer: see table_cells().
#' @export
table_cells.lms_table_one <- function(x) { # nolint: object_name_linter.
  settings <- x$settings
  style <- settings$style
  groups <- x$groups$group
  numbers <- x$numbers
  first <- !duplicated(numbers$line)
  lines <- numbers[first, ]
  body <- matrix(one_cells(numbers, x$digits, settings), ncol = length(groups), byrow = TRUE)
  layout <- one_layout(lines, settings)
  place <- layout$from
  cells <- matrix("", length(place), length(groups))
  cells[place > 0L, ] <- body[place[place > 0L], ]
  extra <- one_comparisons(x, lines, layout, style)
  head <- c("", paste0(groups, "\n(", if (style$n == "No.") "N" else "n", " = ",
                       format_count_each(x$groups$n), ")"))
  out <- list(
    head = c(head, extra$head), span = one_spans(x, length(extra$head)),
    body = cbind(layout$label, cells, extra$cells), indent = layout$indent,
    align = c("left", rep("number", length(groups)), rep("right", length(extra$head)))
  )
  out$notes <- one_note_places(x, out, lines, layout)
  out
}

# One string for each row of the numbers.
one_cells <- function(numbers, digits, settings) {
  style <- settings$style
  text <- character(nrow(numbers))
  for (statistic in unique(numbers$statistic)) {
    at <- numbers$statistic == statistic
    text[at] <- statistic_cells(statistic, numbers[at, ], digits, style)
  }
  text <- localise(text, style)
  text[numbers$masked == "small"] <- paste0("<", settings$min_cell)
  text[numbers$masked == "hidden"] <- "*"
  text
}

statistic_cells <- function(statistic, rows, digits, style) {
  number <- function(x) mapply(style_number, x, digits[rows$variable])
  switch(statistic,
    mean_sd = mean_cells(number(rows$mean), number(rows$sd), style$name == "nejm"),
    mean_sem = mean_cells(number(rows$mean), number(rows$sem), TRUE),
    median_iqr = median_cells(rows, number(rows$median), number(rows$q1), number(rows$q3), style),
    median_ci = median_cells(rows, number(rows$median), number(rows$conf.low),
                             number(rows$conf.high), style),
    range = ifelse(is.na(rows$min), "", style_interval(number(rows$min), number(rows$max), style)),
    count_cells(rows, style)
  )
}

count_cells <- function(rows, style) {
  n <- ifelse(is.na(rows$n), "", format_count_each(rows$n))
  percent <- style_percent(rows$percent / 100, rows$total, style)
  ifelse(is.na(rows$percent), n, paste0(n, " (", percent, ")"))
}

# A single value has no deviation.
mean_cells <- function(mean, spread, plus) {
  around <- if (plus) paste0(" \u00b1 ", spread) else paste0(" (", spread, ")")
  paste0(mean, ifelse(spread == "", "", around))
}

# What is not reached is said of survival, of which alone it can be.
median_cells <- function(rows, median, low, high, style) {
  curve <- rows$kind == "survival"
  reached <- function(x) ifelse(curve & x == "", table_word("NR"), x)
  none <- low == "" & high == ""
  paste0(reached(median),
         ifelse(none, "", paste0(" (", style_interval(reached(low), reached(high), style), ")")))
}

# The lines as they stand: label, indent, the line of the numbers (0 for a head alone), and whether
# it is the first of its variable.
one_layout <- function(lines, settings) {
  parts <- lapply(split(seq_len(nrow(lines)), factor(lines$variable, unique(lines$variable))),
                  function(at) one_block(lines[at, ], at, settings))
  do.call(rbind, unname(parts))
}

one_block <- function(lines, at, settings) {
  style <- settings$style
  variable <- lines$variable[1L]
  title <- lines$label[1L]
  keep <- lines$statistic != "missing"
  # Where all values are missing, that is all there is to show.
  if (settings$missing[[variable]] == "hidden" && any(keep)) {
    title <- paste0(title, known_words(lines[keep, ][1L, ], any(!keep), style))
    lines <- lines[keep, ]
    at <- at[keep]
  }
  words <- vapply(seq_len(nrow(lines)), function(i) {
    if (lines$statistic[i] == "count") return(lines$level[i])
    statistic_word(lines$statistic[i], style)
  }, "")
  count <- lines$kind[1L] %in% c("categorical", "binary")
  if (count) title <- paste0(title, style$count)
  single <- lines$kind[1L] == "binary" || !count && sum(lines$statistic != "missing") == 1L
  if (single) {
    first <- if (count) title else paste0(title, style$comma, first_lower(words[1L]))
    return(data.frame(label = c(first, words[-1L]), indent = c(0L, rep(1L, length(at) - 1L)),
                      from = at, variable = variable, first = seq_along(at) == 1L))
  }
  data.frame(label = c(title, words), indent = c(0L, rep(1L, length(at))), from = c(0L, at),
             variable = variable, first = c(TRUE, rep(FALSE, length(at))))
}

# " (n = 20)", of the first group, where some are missing.
known_words <- function(line, some, style) {
  known <- if (line$statistic %in% c("count", "events")) line$total else line$n
  if (!some || is.na(known)) return("")
  paste0(" (", if (style$n == "No.") "N" else "n", " = ", format_count_each(known), ")")
}

one_comparisons <- function(x, lines, layout, style) {
  at <- match(layout$variable, lines$variable)
  settings <- x$settings
  compared <- sum(!x$groups$group %in% settings$whole) > 1L
  head <- cells <- NULL
  if (compared && settings$smd) {
    smd <- lines$smd[at]
    text <- ifelse(is.na(smd), "", ifelse(is.finite(smd), style_number(smd, 2L),
                                          table_word("infinite")))
    head <- table_word("SMD")
    cells <- cbind(ifelse(layout$first, localise(text, style), ""))
  }
  if (compared && settings$p) {
    head <- c(head, table_word(style$p_head))
    cells <- cbind(cells, ifelse(layout$first, localise(style_p(lines$p.value[at], style), style),
                                 ""))
  }
  list(head = head, cells = cells)
}

# The name of what makes the groups, above them.
one_spans <- function(x, extra) {
  grouped <- !is.null(x$by) & !x$groups$group %in% x$settings$whole
  c("", ifelse(grouped, if (is.null(x$by)) "" else x$by, ""), rep("", extra))
}

# What the footnotes say, without their places.
table_one_notes <- function(read, numbers, settings, titles, labels) {
  masked <- numbers$masked
  by <- if (!is.null(read$by)) column_title(read$by, read$data[[read$by]], labels)
  few <- if (settings$min_cell && read$no_group && read$no_group < settings$min_cell) {
    paste("fewer than", settings$min_cell, "patients")
  } else {
    count_of(read$no_group, "patient")
  }
  c(
    if (read$no_group) paste0(capital(few), " excluded (missing ", first_lower(by), ")."),
    if (length(read$late)) {
      paste0(
        enumerate(unname(titles[read$late])), ": ", by, " becomes known after time zero. ",
        "Patients had to survive until then (immortal time bias)."
      )
    },
    if (any(masked == "small")) small_words(settings$min_cell),
    if (any(masked == "hidden")) {
      "* Hidden, because small counts could be found from this number."
    }
  )
}

# Footnotes with the cells that they stand at: i = 0 is the head.
one_note_places <- function(x, cells, lines, layout) {
  settings <- x$settings
  notes <- list()
  methods <- unique(lines$method[!is.na(lines$method)])
  p_column <- length(cells$head)
  for (method in methods) {
    of <- unique(lines$variable[lines$method %in% method])
    i <- which(layout$first & layout$variable %in% of)
    if (length(methods) == 1L) i <- 0L
    notes <- c(notes, list(list(
      text = paste0(capital(method), "."), i = i,
      j = p_column
    )))
  }
  if (settings$smd && p_column > nrow(x$groups) + 1L) {
    notes <- c(notes, list(list(text = smd_words(x), i = 0L, j = nrow(x$groups) + 2L)))
  }
  further <- c(abbreviation_note(lines, cells$body), x$notes)
  c(notes, lapply(further, function(text) list(text = text)))
}

smd_words <- function(x) {
  pairs <- sum(!x$groups$group %in% x$settings$whole) > 2L
  paste0("SMD, standardized difference of means or proportions",
         if (pairs) "; the largest of all pairs of groups is shown", ".")
}

abbreviation_note <- function(lines, body) {
  used <- c(
    if ("mean_sd" %in% lines$statistic) "SD, standard deviation",
    if ("mean_sem" %in% lines$statistic) "SEM, standard error of the mean",
    if ("median_iqr" %in% lines$statistic) "IQR, interquartile range",
    if ("median_ci" %in% lines$statistic) "CI, confidence interval",
    if (any(lines$kind == "survival") && any(grepl("NR", body[, -1L]))) "NR, not reached"
  )
  if (length(used)) paste0(paste(used, collapse = "; "), ".")
}
