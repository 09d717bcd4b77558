# What the sections of the article say. Every number is read from the fits.

bone_sentences <- function(fits, context) {
  bone <- fits$bone
  text <- paste0(
    "Bone metastases were found in ", share(bone$n, fits$counts$rows, "patients"), ", ",
    quartile_words(bone$onset, context$unit, context$min_cell), " after diagnosis."
  )
  paste(c(text, first_site_words(bone, context$min_cell), fisher_words(bone)), collapse = " ")
}

first_site_words <- function(bone, min_cell) {
  if (is.null(bone$first)) return(NULL)
  paste0("Bone was the first site of metastasis in ",
         share(bone$first, bone$n, min_cell = min_cell), ".")
}

fisher_words <- function(bone) {
  test <- bone$fisher
  if (is.null(test)) return(NULL)
  paste0(
    if (test$p.value < 0.05) "The subtypes differed in how often they spread to bone" else
      "We found no evidence of an association between the subtype and bone metastases",
    " (Fisher's exact test, p ", p_equals(test$p.value), ")."
  )
}

bone_survival_sentences <- function(fits, context) {
  bone <- fits$bone
  c(
    paste0("Overall survival of the ", count_of(bone$n, "patient"), " with bone metastases was ",
           rate_words(bone$os$rates, min_cell = context$min_cell), ", counted from diagnosis.",
           if (bone$late) paste(" This is biased towards longer survival: these patients had to",
                                "survive until the bone metastasis was found.")),
    paste(median_sentence("Their median overall survival", bone$os$fit, context),
          median_sentence("From bone metastasis, the median survival", bone$after$fit, context)),
    if (!is.null(bone$logrank)) paste(
      difference_sentence(bone$logrank, "between patients with and without bone metastases"),
      "This comparison counts patients as having bone metastases from diagnosis, when most of them",
      "did not have them yet (immortal time bias); see Findings."
    )
  )
}

surgery_sentences <- function(fits, context) {
  min_cell <- context$min_cell
  surgery <- fits$surgery
  on_bone <- !is.null(fits$bone) && surgery$on_bone
  of <- if (on_bone) fits$bone$n else fits$counts$rows
  text <- paste0(
    share(surgery$n, of, if (on_bone) "patients with bone metastases" else "patients"),
    " had surgery",
    if (!is.null(surgery$operations) && !is_few(surgery$operations - surgery$n, min_cell)) {
      paste0(", with ", count_of(surgery$operations, "operation"), " in all")
    }, "."
  )
  if (!is.null(surgery$wait)) {
    text <- paste0(text, " The first operation came ",
                   quartile_words(surgery$wait, context$unit, min_cell),
                   " after the bone metastasis.")
  }
  if (!is.null(surgery$failed)) {
    text <- paste0(text, " An implant failed in ",
                   share(surgery$failed, surgery$n, min_cell = min_cell), ".")
  }
  text
}

factor_sentences <- function(fits, tables, context) {
  of <- function(name, table) {
    ratio_sentences(table, fits$models[[name]], paste("the model of", name),
                    context$checks[context$checks$subject == name, ])
  }
  c(of("Table 4", tables$table_4), switching_words(fits), of("Table 5", tables$table_5))
}

# The hazard ratio of bone metastasis from its date on, beside that from diagnosis on.
switching_words <- function(fits) {
  column <- fits$bone$column
  fit <- fits$models[["Table 4"]]
  if (is.null(fit) || !isTRUE(column %in% names(fit$dated))) return(NULL)
  rows <- lms_check(fit)
  rows <- rows[rows$kind == "immortal_time" & rows$term %in% column, ]
  if (!"time-dependent" %in% rows$method) return(NULL)
  ratio <- function(method) row_words(rows[rows$method == method, ][1L, ])
  paste0(
    "Bone metastasis, counted as in Table 4 as if known from diagnosis: ", ratio("fixed"),
    ". Counted from the day on which it was found: ", ratio("time-dependent"),
    "; this is the one to quote."
  )
}
