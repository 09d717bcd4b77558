# The tables of the article, of whatever cohort.

paper_titles <- c(
  age = "Age (years)", subtype = "Subtype", bone_location = "Location",
  lesion_type = "Lesion characterization", bone_lesions = "Number of bone metastases",
  bone_radiotherapy = "Radiotherapy to bone metastases",
  fracture = "Pathologic fracture of bone metastasis",
  surgery = "Surgical management of bone metastases", indication = "Indication for fixation"
)

table_3_columns <- c("bone_location", "lesion_type", "bone_lesions", "bone_radiotherapy",
                     "fracture", "surgery", "indication")

# what: without a capital, ends with a point. It stands in the report's list of what is missing.
no_table <- function(what, way_out = NULL) {
  abort("no_data", paste("There is no such table:", what), way_out,
        fields = list(reason = capital(plain_words(what))))
}

# frame: see reconcile_frame(). given: arguments of lms_table().
paper_table_1 <- function(frame, given) {
  cohort <- frame$cohort
  vars <- given$vars
  if (is.null(vars)) vars <- article_columns(cohort, c("sex", "race", "subtype"))
  patients_table(cohort, vars, given,
                 paste("Characteristics of", all_patients(nrow(cohort))))
}

# The columns that the article shows, if all are there; NULL for all that can be shown.
article_columns <- function(data, columns) if (all(columns %in% names(data))) columns

patients_table <- function(data, vars, given, caption, ...) {
  arguments <- utils::modifyList(list(...), given$more$one)
  arguments$labels <- c(arguments$labels, labels_beside(data, arguments$labels))
  if (!is.null(given$by)) {
    by <- column_title(given$by, data[[given$by]], arguments$labels)
    caption <- paste0(caption, ", by ", first_lower(by))
  }
  quiet(do.call(lms_table_one, c(
    list(data, by = given$by, vars = vars, style = given$style, min_cell = given$min_cell,
         caption = caption), arguments
  )))
}

# Titles of the article for columns that have no label of their own.
labels_beside <- function(data, labels, columns = names(data)) {
  free <- intersect(names(paper_titles), columns)
  free <- Filter(function(name) is.null(attr(data[[name]], "label", exact = TRUE)), free)
  titles <- paper_titles[setdiff(free, names(labels))]
  of_bone <- grepl("bone|fixation", titles, ignore.case = TRUE)
  if (is.null(data$ever_bone_metastasis)) titles[!of_bone] else titles
}

bone_patients <- function(frame) {
  if (is.null(frame$cohort$ever_bone_metastasis)) {
    no_table("the cohort has no dates of bone metastasis.",
             "Set the column of these dates: `lms_cohort(bone_metastasis = )`.")
  }
  if (!any(frame$cohort$ever_bone_metastasis)) {
    no_table("no patient of the cohort has a bone metastasis.")
  }
  frame$bone
}

paper_table_2 <- function(frame, given) {
  bone <- bone_patients(frame)
  who <- paste("Characteristics of the", count_of(nrow(bone), "patient"), "with bone metastases")
  if (!is.null(given$vars)) return(patients_table(bone, given$vars, given, who))
  meta <- cohort_meta(bone)
  vars <- article_columns(bone, c("sex", "age", "race", "subtype", "ever_visceral_metastasis"))
  if (is.null(vars)) vars <- setdiff(quiet(tabulable(bone, given$by, meta)), "ever_bone_metastasis")
  data <- as.data.frame(bone)
  data$follow_up <- endpoint_times(bone$os)$stop
  labels <- c(follow_up = paste0("Follow-up (", meta$unit, ")"), endpoint_titles(meta)["os"])
  age <- if ("age" %in% vars && is.numeric(bone$age)) list(age = "mean_sem")
  out <- patients_table(
    data, unique(c(vars, "follow_up", "os")), given, who, labels = labels, codes = "numbers",
    summary = c("median_iqr", age, list(os = "median_iqr"))
  )
  out$notes <- c(
    out$notes,
    "Follow-up is the time to death or last contact of all patients. Survival is the",
    "Kaplan-Meier estimate.",
    chosen_later(bone)
  )
  out
}

chosen_later <- function(bone) {
  later <- endpoint_times(bone$os)$stop > endpoint_times(bone$os_bone)$stop
  if (any(later, na.rm = TRUE)) paste(
    "Time runs from diagnosis, but patients had to survive until the bone metastasis was found, so",
    "that survival is overestimated (immortal time bias)."
  )
}

paper_table_3 <- function(frame, given) {
  bone <- bone_patients(frame)
  who <- paste("Bone metastases of", count_of(nrow(bone), "patient"))
  data <- as.data.frame(bone)
  vars <- if (is.null(given$vars)) intersect(table_3_columns, names(bone)) else given$vars
  if (!length(vars)) {
    data$bone_lesions <- lesions_of(bone)
    vars <- "bone_lesions"
  }
  indication <- if ("indication" %in% vars) list("shown", indication = "hidden") else "shown"
  patients_table(data, vars, given, who, missing = indication, codes = "numbers")
}

# One lesion or several, by patient.
lesions_of <- function(bone) {
  lesions <- cohort_meta(bone)$linked$lesions
  if (is.null(lesions)) {
    no_table("the cohort has no lesions of its bone metastases.",
             "Name columns in `vars`, or make the cohort by `lms_cohort(patients, lesions)`.")
  }
  n <- table(factor(as.character(lesions$data[[lesions$key]]),
                    as.character(bone[[cohort_meta(bone)$roles[["id"]]]])))
  factor(ifelse(n > 1L, "Multiple", ifelse(n == 1L, "Single", NA)), c("Single", "Multiple"))
}

paper_table_4 <- function(frame, given) model_table(paper_model_4(frame, given), given)

paper_table_5 <- function(frame, given) {
  model <- paper_model_5(frame, given)
  out <- model_table(model, given)
  later <- chosen_later(model$data)
  out$notes <- c(out$notes, if (!is.null(later)) list(cox_note(later)))
  out
}

# The model of a table, with the data that it is fitted to.
paper_model_4 <- function(frame, given) {
  own_model(frame, "cohort", c("ever_bone_metastasis", "subtype", "age", "sex"), given,
            article = c("ever_bone_metastasis", "subtype"))
}

paper_model_5 <- function(frame, given) {
  bone_patients(frame)
  columns <- c("subtype", "bone_location", "sex", "ever_visceral_metastasis", "bone_lesions",
               "fracture", "surgery")
  own_model(frame, "bone", c(columns, "age"), given, article = columns)
}

varies <- function(x) length(unique(x[!is.na(x)])) > 1L

# A model of the article's covariates if all are there and vary, else of those of `columns` that do.
own_model <- function(frame, name, columns, given, article) {
  data <- frame[[name]]
  here <- function(columns) {
    Filter(function(column) varies(data[[column]]), intersect(columns, names(data)))
  }
  if (setequal(here(article), article)) columns <- article
  columns <- here(if (is.null(given$covariates)) columns else given$covariates)
  if (!length(columns)) {
    no_table("the cohort has none of the covariates of the model, or they do not vary.",
             "Name columns in `covariates`.")
  }
  if (!any(unclass(data$os)[, "status"] %in% 1)) {
    no_table(paste0("no patient ", if (name == "bone") "with bone metastases ",
                    "died, so a model of survival cannot be fitted."))
  }
  terms <- vapply(columns, function(column) deparse1(as.name(column), backtick = TRUE), "")
  formula <- stats::reformulate(terms, quote(os), env = frame)
  # The table says in its footnotes what the fit warns of.
  fit <- withCallingHandlers(
    quiet(eval(bquote(lms_cox(.(formula), data = .(as.name(name)))), frame)),
    lmsurv_warning = function(cnd) invokeRestart("muffleWarning")
  )
  list(fit = fit, data = data, bone = name == "bone")
}

model_table <- function(model, given) {
  fit <- model$fit
  arguments <- given$more$cox
  known <- intersect(covariate_names(fit), names(paper_titles))
  arguments$labels <- c(arguments$labels, labels_beside(model$data, arguments$labels, known))
  who <- paste0("Cox model of survival in ", count_of(fit$n, "patient"),
                if (model$bone) " with bone metastases")
  do.call(lms_table_cox, c(
    list(fit, style = given$style, min_cell = given$min_cell, caption = who), arguments
  ))
}
