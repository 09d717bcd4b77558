patients <- random_disease(150, 1)
patients$referral <- NULL
cohort <- disease_cohort(patients)
days <- function(from, to) as.numeric(to - from)
columns <- function(y) unname(unclass(y)[, c("time", "status")])

test_that("the endpoints of an event are those worked out by hand", {
  four <- data.frame(
    id = 1:4, last_contact = c(100, 200, 300, 400), died = c(TRUE, FALSE, TRUE, FALSE),
    back = c(40, NA, NA, 400)
  )
  x <- lms_cohort(four, events = c(relapse = back), unit = "days")
  expect_identical(x$ever_relapse, c(TRUE, FALSE, FALSE, TRUE))
  expect_identical(columns(x$time_to_relapse), cbind(c(40, 200, 300, 400), c(1, 0, 2, 1)))
  expect_identical(columns(x$relapse_free), cbind(c(40, 200, 300, 400), c(1, 0, 1, 1)))
  expect_identical(columns(x$os_relapse), cbind(c(60, NA, NA, 0), c(1, NA, NA, 0)))
  expect_identical(attr(x$time_to_relapse, "states"), c("relapse", "death"))
})

test_that("the endpoints of any event are those of Surv()", {
  d <- patients
  x <- disease_cohort(d, unit = "days")
  first <- pmin(d$relapse_date, d$seen, na.rm = TRUE)
  has <- !is.na(d$relapse_date)
  expect_equal(x$relapse_free, Surv(days(d$dx, first), has | d$dead), ignore_attr = TRUE)
  expect_equal(
    columns(x$time_to_relapse), cbind(days(d$dx, first), ifelse(has, 1, ifelse(d$dead, 2, 0)))
  )
  expect_equal(x$os_transplant, Surv(days(d$tx_date, d$seen), d$dead), ignore_attr = TRUE)
})

test_that("the arguments of their own are what `events` would give", {
  d <- random_patients(100, 3)
  sugar <- lms_cohort(d, as_of = far_future)
  plain <- stats::setNames(d, sub("^(bone|visceral|first|implant)_.*", "\\1", names(d)))
  other <- lms_cohort(
    plain, as_of = far_future,
    events = list(bone = list(bone, label = "Bone metastasis"), surgery = first,
                  failure = list(column = implant, after = surgery))
  )
  expect_identical(other$os_bone, sugar$os_bone)
  expect_identical(other$time_to_bone, sugar$time_to_bone)
  expect_identical(other$ever_bone, sugar$ever_bone_metastasis)
  expect_identical(columns(other$time_to_failure), columns(sugar$time_to_failure))
  expect_identical(columns(other$failure_free), columns(sugar$implant_survival))
  expect_identical(cohort_meta(other)$endpoints$os_bone, cohort_meta(sugar)$endpoints$os_bone |>
                     modifyList(list(from = "bone", applies = "bone")))
})

test_that("events are bare names, strings, a variable, or lists with a label", {
  own <- c(relapse = "relapse_date", transplant = "tx_date")
  write <- list(
    quote(c(relapse = "relapse_date", transplant = tx_date)), quote(own), quote(as.list(own)),
    quote(list(relapse = list(column = relapse_date), transplant = list("tx_date")))
  )
  for (events in write) {
    x <- eval(bquote(lms_cohort(
      patients, id = pid, diagnosis = dx, last_contact = seen, died = dead, as_of = far_future,
      events = .(events)
    )))
    expect_identical(as.list(x), as.list(cohort))
  }
  wrapper <- function(which) {
    lms_cohort(patients, id = pid, diagnosis = dx, last_contact = seen, died = dead,
               as_of = far_future, events = which)
  }
  expect_identical(as.list(wrapper(own)), as.list(cohort))
})

test_that("the order of the events is the user's, and changes no endpoint", {
  turned <- quiet(lms_cohort(
    patients, id = pid, diagnosis = dx, last_contact = seen, died = dead, as_of = far_future,
    events = c(transplant = tx_date, relapse = relapse_date)
  ))
  expect_identical(names(cohort_meta(turned)$events), c("transplant", "relapse"))
  expect_setequal(names(turned), names(cohort))
  for (name in names(cohort)) expect_identical(turned[[name]], cohort[[name]])
})

test_that("what an event is called is the user's", {
  called <- function(column, ...) {
    cohort_meta(quiet(lms_cohort(
      column, id = pid, diagnosis = dx, last_contact = seen, died = dead, as_of = far_future, ...
    )))
  }
  d <- patients
  event <- called(d, events = c(local.relapse = relapse_date))$events[[1L]]
  expect_identical(event[c("label", "word", "ever")],
                   list(label = "Local relapse", word = "local relapse",
                        ever = "ever_local.relapse"))
  for (label in c("Date of CNS relapse", "CNS relapse date", "CNS relapse (date)")) {
    attr(d$relapse_date, "label") <- label
    event <- called(d, events = relapse_date)$events[[1L]]
    expect_identical(event[c("name", "label", "word")],
                     list(name = "relapse_date", label = "CNS relapse", word = "CNS relapse"))
  }
  meta <- called(d, events = list(relapse = list(relapse_date, label = "Second stroke")))
  expect_identical(meta$endpoints$relapse_free$label, "Second stroke-free survival")
  expect_identical(meta$endpoints$os_relapse$origin, "second stroke")
  expect_identical(meta$endpoints$os_relapse$applies, "relapse")
  expect_identical(meta$endpoints$time_to_relapse$kind, "competing")
  expect_identical(meta$events$relapse$endpoints,
                   c(os = "os_relapse", free = "relapse_free", time_to = "time_to_relapse"))
})

test_that("an event may have the name of its flag, which then is known from its date", {
  d <- patients
  d$relapse <- as.integer(!is.na(d$relapse_date))
  expect_message(
    x <- lms_cohort(d, id = pid, diagnosis = dx, last_contact = seen, died = dead,
                    as_of = far_future, events = c(relapse = relapse_date)),
    "`relapse` is TRUE, yes or recorded only in patients with a date in `relapse_date`",
    class = "lmsurv_message_dated"
  )
  expect_identical(cohort_meta(x)$dated[["relapse"]], "relapse_date")
  fit <- lms_cox(os ~ relapse, x)
  expect_identical(fit$dated$relapse, lms_months(d$dx, d$relapse_date))
  split <- quiet(lms_time_split(x, at = relapse))
  named <- quiet(lms_time_split(x, at = c(back = relapse)))
  expect_identical(split$relapse == 1, named$back)
  d$relapse[which(d$relapse == 0)[1L]] <- 1L
  expect_false("relapse" %in% names(cohort_meta(disease_cohort(d))$dated))
})

test_that("a column of the name of an argument is not taken twice", {
  d <- stats::setNames(patients, sub("relapse_date", "bone_metastasis", names(patients)))
  x <- disease_cohort(stats::setNames(d, sub("bone_metastasis", "relapse_date", names(d))))
  y <- quiet(lms_cohort(d, id = pid, diagnosis = dx, last_contact = seen, died = dead,
                        as_of = far_future, events = c(relapse = bone_metastasis)))
  expect_identical(names(cohort_meta(y)$events), "relapse")
  expect_identical(y$relapse_free, x$relapse_free)
  z <- quiet(lms_cohort(d, id = pid, diagnosis = dx, last_contact = seen, died = dead,
                        as_of = far_future, events = c(bone_metastasis = bone_metastasis)))
  expect_true("time_to_bone_metastasis" %in% names(z))
})

test_that("survival from an event that ends all follow-up is not made", {
  d <- patients
  d$tx_date[!is.na(d$tx_date)] <- d$seen[!is.na(d$tx_date)]
  x <- disease_cohort(d)
  expect_false("os_transplant" %in% names(x))
  expect_true(all(c("time_to_transplant", "os_relapse") %in% names(x)))
})

test_that("events follow their columns through filters, renaming and changes", {
  x <- cohort
  names(x)[match(c("relapse_date", "ever_relapse", "relapse_free"), names(x))] <-
    c("back", "came_back", "rfs")
  meta <- cohort_meta(x)
  expect_identical(event_column(meta, "relapse"), "back")
  expect_identical(meta$events$relapse$ever, "came_back")
  expect_identical(meta$events$relapse$endpoints[["free"]], "rfs")
  expect_identical(meta$endpoints$rfs$name, "rfs")
  x$back[] <- NA
  expect_false(any(x$came_back))
  expect_identical(columns(x$rfs), columns(x$os))
  gone <- cohort_meta(cohort[setdiff(names(cohort), c("relapse_date", "os_transplant"))])
  expect_identical(names(gone$events), "transplant")
  expect_identical(names(gone$events$transplant$endpoints), c("free", "time_to"))
  expect_identical(event_date(cohort, "relapse"), as.numeric(patients$relapse_date))
})

test_that("what is no event is refused with a way out", {
  of <- function(...) {
    lms_cohort(patients, id = pid, diagnosis = dx, last_contact = seen, died = dead,
               as_of = far_future, ...)
  }
  expect_snapshot(error = TRUE, {
    of(events = c(relapse = relaps_date))
    of(events = c(relapse = relapse_date, again = relapse_date))
    of(events = c(relapse = relapse_date, relapse = tx_date))
    of(events = c(died = relapse_date))
    of(events = c(end = seen))
    of(events = c(relapse = dead))
    of(events = c(relapse = age))
    of(events = list(relapse = list(relapse_date, lable = "Relapse")))
    of(events = list(relapse = list(relapse_date, label = 3)))
    of(events = list(failure = list(relapse_date, after = "transplant")))
    of(events = 3)
    of(events = c(relapse = relapse_date), event_dates = tx_date)
  })
  d <- transform(patients, relapse_free = 1)
  expect_error(lms_cohort(d, id = pid, diagnosis = dx, last_contact = seen, died = dead,
                          as_of = far_future, events = c(relapse = relapse_date)),
               "a name that the cohort gives to what it derives")
  early <- patients
  early$relapse_date[3] <- early$dx[3] - 1
  expect_error(disease_cohort(early), "`relapse_date` is before `dx`: row 3", fixed = TRUE)
})
