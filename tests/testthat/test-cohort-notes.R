asked <- function(patients, ...) {
  notes <- summary(quiet(lms_cohort(
    patients, id = pid, diagnosis = dx, last_contact = seen, died = dead, as_of = far_future, ...
  )))$notes
  notes$text[notes$kind == "entry"]
}

test_that("dates of an enrolment long after the diagnosis are asked about", {
  d <- random_disease(150, 41)
  expect_match(asked(d), paste0("`referral` is after the diagnosis in ", sum(d$referral > d$dx),
                                " of 150 patients .* set `entry = referral`"))
  for (name in c("Date_of_Consent", "registered_on", "first.visit", "enrolment")) {
    named <- stats::setNames(d, sub("referral", name, names(d)))
    expect_match(asked(named), paste0("`", name, "` is after the diagnosis"), fixed = TRUE)
  }
  expect_identical(asked(stats::setNames(d, sub("referral", "biopsy", names(d)))), character())
  soon <- transform(d, referral = dx + 10)
  expect_identical(asked(soon), character())
  expect_no_match(asked(d, entry = referral), "set `entry")
})

test_that("a start without deaths is asked about", {
  set.seed(42)
  n <- 300
  d <- data.frame(pid = 1:n, dx = as.Date("2000-01-01"), dead = TRUE)
  at <- round(rexp(n, 1 / 900)) + 1
  d$seen <- d$dx + at
  expect_identical(asked(d), character())
  # Only patients who lived for 200 days came to be enrolled.
  survivors <- d[at > 200, ]
  expect_match(asked(survivors), "No patient died in the first 6[.][5-9] months, where about")
  # A few patients without an early death are no surprise.
  expect_identical(asked(survivors[1:5, ]), character())
  months <- data.frame(pid = seq_along(at), seen = at / 30.4375, dead = TRUE)[at > 200, ]
  notes <- summary(quiet(lms_cohort(months, id = pid, last_contact = seen, died = dead)))$notes
  expect_identical(notes$text, asked(survivors))
})

test_that("of the bundled cohort only what is known later is told", {
  expect_message(
    cohort <- lms_cohort(leiomyosarcoma, leiomyosarcoma_lesions, leiomyosarcoma_surgeries),
    class = "lmsurv_message_dated"
  )
  expect_identical(nrow(summary(cohort)$notes), 2L)
  expect_silent(lms_cohort(leiomyosarcoma, leiomyosarcoma_lesions, leiomyosarcoma_surgeries,
                           known_from = NULL))
})

test_that("what an entry does is told", {
  d <- random_disease(150, 43)
  entry <- pmax(d$referral, d$dx)
  before <- sum(d$relapse_date <= entry & entry > d$dx, na.rm = TRUE)
  note <- asked(d, entry = referral, events = c(relapse = relapse_date))
  expect_match(note, paste(sum(d$referral > d$dx), "patients are at risk only from a date after"))
  expect_match(note, paste0("not at risk of that event later: relapse \\(", before,
                            " patients?\\)"))
  expect_match(note, paste(sum(d$seen <= entry), "patients? ha(s|ve) no time at risk"))
  expect_match(asked(d, entry = dx), "no patient entered after the diagnosis")
})
