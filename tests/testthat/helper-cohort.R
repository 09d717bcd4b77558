# Random patients without a fault: every date in its order, within follow-up.
random_patients <- function(n, seed) {
  set.seed(seed)
  within <- function(from, to) round(from + (to - from) * runif(n))
  follow_up <- round(rexp(n, 1 / 1500)) + 8
  bone <- ifelse(runif(n) < 0.5, within(0, follow_up), NA)
  surgery <- ifelse(runif(n) < 0.6, within(bone, follow_up), NA)
  failure <- ifelse(runif(n) < 0.4, within(surgery, follow_up), NA)
  diagnosis <- as.Date("1995-01-01") + sample(9000, n, TRUE)
  data.frame(
    id = sprintf("PAT%05d", sample(99999, n)), diagnosis = diagnosis,
    last_contact = diagnosis + follow_up, died = runif(n) < 0.5,
    bone_metastasis = diagnosis + bone, visceral_metastasis = diagnosis +
      ifelse(runif(n) < 0.3, within(0, follow_up), NA),
    first_surgery = diagnosis + surgery, implant_failure = diagnosis + failure,
    age = round(rnorm(n, 55, 10)), grade = factor(sample(c("low", "high"), n, TRUE)),
    fracture = !is.na(bone) & runif(n) < 0.4
  )
}

random_lesions <- function(patients) {
  has <- which(!is.na(patients$bone_metastasis))
  of <- has[sample(length(has), 2 * length(has), TRUE)]
  data.frame(
    id = patients$id[of], date = pmin(patients$bone_metastasis[of] + sample(30, length(of), TRUE),
                                      patients$last_contact[of]),
    site = sample(c("spine", "femur"), length(of), TRUE)
  )
}

random_surgeries <- function(patients) {
  has <- which(!is.na(patients$first_surgery))
  data.frame(id = patients$id[has], date = patients$first_surgery[has], implant = "nail")
}

far_future <- as.Date("2100-01-01")

# Text of all that a call prints, says or refuses with.
heard <- function(expr) {
  text <- character()
  printed <- utils::capture.output(tryCatch(
    withCallingHandlers(
      expr,
      message = function(cnd) {
        text <<- c(text, conditionMessage(cnd))
        invokeRestart("muffleMessage")
      }
    ),
    error = function(cnd) text <<- c(text, conditionMessage(cnd))
  ))
  paste(c(text, printed), collapse = "\n")
}

# No id and no date, whatever its form. pattern: what a date looks like.
expect_no_patient <- function(text, patients,
                              pattern = "[0-9]{4}-[0-9]{2}|[0-9]{1,2}/[0-9]{1,2}/") {
  text <- paste(text, collapse = "\n")
  testthat::expect_true(nzchar(text))
  testthat::expect_false(grepl(pattern, text))
  values <- c(as.character(patients$id), format(patients$diagnosis), format(patients$last_contact))
  shown <- vapply(stats::na.omit(values), grepl, logical(1), text, fixed = TRUE)
  testthat::expect_false(any(shown))
}
