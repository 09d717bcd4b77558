# Figures 3 to 5: survival curves of the cohort's endpoints, in one panel or several.

draw_figure_3 <- function(cohort, ..., landmark = NULL, split = FALSE, min_cell = 0) {
  meta <- cohort_meta(cohort)
  bone <- bone_column(cohort, meta, "os", 3)
  check_flag(split, "split")
  if (!is.null(landmark)) check_number(landmark, "landmark", 0)
  if (split && !is.null(landmark)) abort("argument", "`landmark` and `split` exclude each other.")
  if (all(cohort[[bone]])) no_data(3, "all patients of the cohort have bone metastases.")
  data <- quiet(
    if (split) {
      lms_time_split(cohort, bone, "os")
    } else if (!is.null(landmark)) {
      lms_landmark(cohort, landmark, "os")
    } else {
      cohort
    }
  )
  with <- data[[bone]]
  if (all(with) || !any(with)) {
    abort("argument", paste0("At ", format_value(landmark), " months (`landmark`) no patient ",
                             if (any(with)) "is without" else "has", " bone metastases."))
  }
  group <- factor(with, c(FALSE, TRUE), c("No bone metastases", "Bone metastases"))
  origin <- if (is.null(landmark)) "diagnosis" else "landmark"
  note <- if (split) {
    "Patients are counted without bone metastases until these come."
  } else if (is.null(landmark)) {
    late_note(cohort, meta, "os", c("Bone metastases" = bone), min_cell)
  } else {
    paste0("Landmark: ", format_value(landmark), " months after diagnosis. Patients alive and ",
           "followed then, with the bone metastases known then.")
  }
  draw_panels(list(panel_spec(data[["os"]], group, "", origin, meta)),
              "Overall survival with and without bone metastases.", note, min_cell = min_cell, ...)
}

draw_figure_4 <- function(cohort, ..., panel = NULL, min_cell = 0) {
  meta <- cohort_meta(cohort)
  column <- bone_column(cohort, meta, c("os", "os_bone"), 4)
  bone <- cohort[cohort[[column]], ]
  chosen <- chosen_panels(panel, 2L)
  specs <- list(
    panel_spec(bone[["os"]], NULL, "From diagnosis", "diagnosis", meta),
    panel_spec(bone[["os_bone"]], NULL, "From bone metastasis", "bone metastasis", meta)
  )
  note <- if (1L %in% chosen) {
    late_note(bone, meta, "os", c("Bone metastases" = column), min_cell)
  }
  draw_panels(specs[chosen], "Survival of patients with bone metastases.", note,
              min_cell = min_cell, ...)
}

draw_figure_5 <- function(cohort, ..., by = NULL, panel = NULL, endpoint = "os", lump = 5,
                          min_cell = 0) {
  meta <- cohort_meta(cohort)
  check_number(lump, "lump", 0, whole = TRUE)
  endpoint <- survival_endpoint(endpoint, meta)
  everyone <- !is.null(by) && is.null(meta$events$bone_metastasis$ever)
  bone <- if (!everyone) bone_column(cohort, meta, endpoint, 5)
  data <- if (everyone) cohort else cohort[cohort[[bone]], ]
  columns <- if (is.null(by)) usual_columns(data, meta) else check_group_columns(by, data)
  groups <- lapply(columns, function(column) lump_groups(shown_groups(data, column), lump))
  kept <- vapply(groups, nlevels, 0L) > 1L
  if (!any(kept)) no_data(5, "no variable has two groups of patients.")
  kept <- which(kept)[chosen_panels(panel, sum(kept))]
  columns <- columns[kept]
  about <- meta$endpoints[[endpoint]]
  specs <- Map(function(group, title) {
    panel_spec(data[[endpoint]], group, title, about$origin, meta)
  }, groups[kept], names(columns))
  note <- c(late_note(data, meta, endpoint, c("Bone metastases" = bone, columns), min_cell),
            lump_note(groups[kept], names(columns)))
  who <- if (everyone) "patients." else "patients with bone metastases."
  draw_panels(specs, paste(about$label, "of", who), note, min_cell = min_cell, ...)
}

no_data <- function(number, why, way_out = NULL) {
  abort("no_data", paste0("Figure ", number, " has no data: ", why), way_out)
}

# The column that says who has bone metastases, where there is anybody and what is asked of them.
bone_column <- function(cohort, meta, endpoints, number) {
  column <- meta$events$bone_metastasis$ever
  if (!length(column)) {
    no_data(number, "`cohort` has no dates of bone metastasis.",
            "Set their column: `lms_cohort(..., bone_metastasis = )`.")
  }
  absent <- setdiff(endpoints, names(meta$endpoints))
  if (length(absent)) no_data(number, paste0("`cohort` has no endpoint ", tick(absent[1L]), "."))
  if (!any(cohort[[column]])) no_data(number, "no patient has bone metastases.")
  column
}

survival_endpoint <- function(endpoint, meta) {
  endpoint <- check_choice(endpoint, "endpoint", names(meta$endpoints))
  competing <- meta$endpoints[[endpoint]]$competing
  if (is.null(competing)) return(endpoint)
  abort("argument", paste0("`endpoint` is one of survival, and ", tick(endpoint),
                           " has a competing event (", competing, ")."),
        "Draw it by autoplot() of lms_cuminc().")
}

# What one panel shows. y: a survival::Surv; group: a factor, or NULL for one curve.
panel_spec <- function(y, group, title, origin, meta) {
  list(data = list(y = y, group = group), title = title, origin = origin, unit = meta$unit)
}

# The fit and the figure must not hold on to the patients: their formula has no frame with them.
panel_fit <- function(data) {
  formula <- if (is.null(data$group)) y ~ 1 else y ~ group
  environment(formula) <- globalenv()
  data <- structure(Filter(Negate(is.null), data), class = "data.frame",
                    row.names = seq_len(nrow(data$y)))
  quiet(lms_km(formula, data = data))
}

# The numbers at risk have the names of the curves, with their lines: a legend would say it again.
draw_panel <- function(spec, head, note, ..., letter = NULL, min_cell = 0) {
  fit <- panel_fit(spec$data)
  several <- !is.null(spec$data$group)
  args <- utils::modifyList(
    list(p_value = several, unit = spec$unit, min_cell = min_cell, risk_table = TRUE), list(...)
  )
  plot <- do.call(autoplot.lms_km, c(list(fit), args))
  test <- if (several) panel_test(figure_data(fit)$groups$counts)
  title <- paste(c(if (!is.null(letter)) paste0("(", letter, ")"), spec$title), collapse = " ")
  alt <- c(head, if (nzchar(title)) paste0(title, ":"), plot$labels$alt,
           if (!is.null(test)) paste0(test_text(test), "."))
  plot + labs(
    title = if (nzchar(title)) title, x = paste(plot$labels$x, "since", spec$origin),
    caption = note,
    alt = paste(c(alt, gsub("\n", " ", note)), collapse = " ")
  ) + if (identical(args$risk_table, FALSE)) {
    theme(legend.title = element_blank())
  } else {
    guides_of("none")
  }
}

# Numbers of the panels to draw, of n.
chosen_panels <- function(panel, n) {
  if (is.null(panel)) return(seq_len(n))
  match(check_choice(panel, "panel", letters[seq_len(n)]), letters)
}

# Panels two by two.
draw_panels <- function(specs, head, note, ...) {
  if (length(specs) == 1L) return(draw_panel(specs[[1L]], head, caption_of(note, 68L, ...), ...))
  if (!requireNamespace("patchwork", quietly = TRUE)) {
    abort("package", "A figure of several panels is put together by the package patchwork.",
          "Install it, or draw the panels one by one: `panel = \"a\"`.")
  }
  plots <- Map(function(spec, letter) draw_panel(spec, NULL, NULL, ..., letter = letter),
               unname(specs), letters[seq_along(specs)])
  alt <- vapply(plots, function(plot) plot$labels$alt, "")
  caption <- caption_of(note, 145L, ...)
  patchwork::wrap_plots(unname(plots), ncol = 2L) +
    patchwork::plot_annotation(caption = caption, theme = theme_lms()) +
    labs(alt = paste(c(head, alt, gsub("\n", " ", caption)), collapse = " "))
}

# The notes, and what the curves show, in lines as wide as the figure is printed.
caption_of <- function(note, width, ..., min_cell = 0, censor = TRUE, fade = 0.1) {
  look <- c(
    if (censor && !min_cell) "vertical marks: censored patients",
    if (fade > 0) paste0("paler: fewer than ", format(100 * fade), "% at risk"),
    if (min_cell) {
      paste0("numbers are rounded down to multiples of ", min_cell, ", a step of a curve is at ",
             "least ", min_cell, " events, and curves end where fewer are at risk")
    }
  )
  look <- if (length(look)) paste0(sentence(paste(look, collapse = "; ")), ".")
  text <- paste(c(note, look), collapse = " ")
  if (nzchar(text)) paste(strwrap(text, width), collapse = "\n")
}
