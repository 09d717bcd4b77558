patients <- random_disease(200, 11)
late <- disease_cohort(patients, entry = referral, unit = "days")
whole <- disease_cohort(patients, unit = "days")
days <- function(from, to) as.numeric(to - from)
entry <- with(patients, pmax(days(dx, referral), 0))

test_that("late entry is that of Surv(start, stop, status)", {
  d <- patients
  time <- days(d$dx, d$seen)
  at_risk <- time > entry
  expected <- Surv(entry[at_risk], time[at_risk], d$dead[at_risk])
  expect_equal(late$os[at_risk], expected, ignore_attr = TRUE)
  expect_true(all(is.na(late$os[!at_risk])))
  from <- days(d$dx, d$relapse_date)
  rows <- which(time > pmax(entry, from))
  expected <- Surv(pmax(entry - from, 0)[rows], (time - from)[rows], d$dead[rows])
  expect_equal(late$os_relapse[rows], expected, ignore_attr = TRUE)
  expect_true(all(is.na(late$os_relapse[-rows])))
  first <- days(d$dx, pmin(d$relapse_date, d$seen, na.rm = TRUE))
  expect_identical(is.na(late$relapse_free), first <= entry)
  expect_identical(not_applicable(late, "relapse_free"), first <= entry)
  state <- ifelse(!is.na(d$relapse_date), 1, ifelse(d$dead, 2, 0))
  expect_equal(unclass(late$time_to_relapse)[first > entry, 1:3],
               cbind(entry, first, state)[first > entry, ], ignore_attr = TRUE)
})

test_that("curves, models and tests are those of survival on the same data", {
  d <- data.frame(
    entry, time = days(patients$dx, patients$seen), dead = patients$dead, patients[c("age", "sex")]
  )
  d <- d[d$time > d$entry, ]
  expected <- survival::coxph(Surv(entry, time, dead) ~ age + sex, d)
  fit <- lms_cox(os ~ age + sex, late)
  expect_equal(unname(coef(fit)), unname(coef(expected)), tolerance = 1e-9)
  curve <- survival::survfit(Surv(entry, time, dead) ~ 1, d)
  expect_equal(lms_km(os ~ 1, late)$surv, curve$surv, tolerance = 1e-12)
  score <- survival::coxph(Surv(entry, time, dead) ~ sex, d, ties = "exact")$score
  expect_equal(unname(lms_logrank(os ~ sex, late)$chisq), score, tolerance = 1e-8)
})

test_that("an entry at or before the start of the clock changes nothing", {
  same <- disease_cohort(patients, entry = dx, unit = "days")
  before <- disease_cohort(transform(patients, referral = dx - 100), entry = referral,
                           unit = "days")
  for (name in names(whole)) {
    expect_identical(same[[name]], whole[[name]])
    if (name != "referral") expect_identical(before[[name]], whole[[name]])
  }
})

test_that("splits start at the entry", {
  split <- quiet(lms_time_split(late, at = relapse))
  d <- data.frame(id = patients$pid, entry, time = days(patients$dx, patients$seen),
                  dead = patients$dead, relapse = days(patients$dx, patients$relapse_date))
  d <- d[d$time > d$entry, ]
  expected <- survival::tmerge(d["id"], d, id = id, tstart = entry, tstop = time,
                               death = event(time, dead))
  expected <- survival::tmerge(expected, d, id = id, on = tdc(relapse))
  expect_equal(split$tstart, expected$tstart)
  expect_equal(split$tstop, expected$tstop)
  expect_identical(split$relapse, expected$on == 1)
  expect_equal(unclass(split$os)[, 3], as.numeric(expected$death), ignore_attr = TRUE)
  expect_equal(sum(split$tstop - split$tstart), summary(late)$endpoints$person_time[1L])
})

test_that("patients who enter after a landmark are at risk from their entry on", {
  at <- 90 / 30.4375
  keep <- quiet(lms_landmark(late, at, clock = "keep"))
  time <- days(patients$dx, patients$seen)
  rows <- time > 90 & time > entry
  expect_identical(keep$pid, patients$pid[rows])
  start <- pmax(entry, 90)[rows]
  expect_equal(keep$os, Surv(start, time[rows], patients$dead[rows]), ignore_attr = TRUE)
  restart <- quiet(lms_landmark(late, at))
  expect_equal(restart$os, Surv(start - 90, time[rows] - 90, patients$dead[rows]),
               ignore_attr = TRUE)
  both <- quiet(lms_landmark(late, c(at, 24)))
  expect_identical(as.integer(table(both$landmark)[["24"]]), sum(rows & time > 24 * 30.4375))
  expect_message(lms_landmark(late, at),
                 paste0("\\(", sum(entry[rows] > 90), " from a later entry"))
})

test_that("follow-up and person-time count from the entry", {
  time <- pmax(days(patients$dx, patients$seen) - entry, 0)
  expect_equal(summary(late)$patients$person_time, sum(time))
  expect_match(heard(print(late)), "Patients are at risk from `referral`,\\s+if this date is later")
})

test_that("what is impossible about an entry is told", {
  bad <- patients
  bad$referral[c(2, 5)] <- bad$seen[c(2, 5)] + 1
  bad$referral[7] <- NA
  cnd <- tryCatch(disease_cohort(bad, entry = referral), error = identity)
  expect_identical(cnd$problems$kind, c("missing", "entry_after_end"))
  expect_identical(cnd$problems$rows, list(7L, c(2L, 5L)))
  expect_match(conditionMessage(cnd), "`referral` is after `seen`: rows 2 and 5", fixed = TRUE)
  kept <- disease_cohort(bad, entry = referral, impossible = "exclude")
  expect_identical(nrow(kept), 197L)
})

test_that("a changed entry changes the endpoints, and a lost one is not forgotten", {
  x <- late
  x$referral <- x$dx
  expect_identical(x$os, whole$os)
  short <- late[setdiff(names(late), "referral")]
  expect_error(transform(short, seen = seen + 30), "which was removed",
               class = "lmsurv_error_derived")
  own <- lms_endpoint(late, "own", diagnosis, c(relapse, died))
  expect_identical(own$own, own$relapse_free)
})

test_that("the study ends where its end is set", {
  end <- as.Date("2010-06-30")
  d <- patients[patients$dx <= end, ]
  expect_message(
    x <- lms_cohort(patients[names(patients) != "referral"], id = pid, diagnosis = dx,
                    last_contact = seen, died = dead, events = c(relapse = relapse_date),
                    end = end, as_of = far_future),
    paste0("`end`: ", sum(d$seen > end), " patients followed beyond the end .* ",
           sum(d$seen > end & d$dead), " later deaths do not count"),
    class = "lmsurv_message_end"
  ) |> suppressMessages()
  expect_identical(x$pid, d$pid)
  expect_identical(x$seen, d$seen)
  cut <- transform(d, dead = dead & seen <= end, seen = pmin(seen, end))
  cut$relapse_date[cut$relapse_date > end] <- NA
  by_hand <- lms_cohort(cut, id = pid, diagnosis = dx, last_contact = seen, died = dead,
                        events = c(relapse = relapse_date), as_of = far_future)
  for (name in c("os", "relapse_free", "time_to_relapse", "os_relapse", "ever_relapse")) {
    expect_identical(x[[name]], by_hand[[name]])
  }
  expect_identical(summary(x)$patients[-1L], summary(by_hand)$patients[-1L])
  excluded <- summary(x)$excluded
  expect_identical(excluded$kind, "after_end")
  expect_identical(excluded$n, sum(patients$dx > end))
  moved <- transform(x, seen = seen + 365)
  expect_true(all(moved$os[, 1] <= lms_months(d$dx, end)))
})

test_that("the end of the study reaches the linked tables", {
  end <- as.Date("2010-06-30")
  visits <- data.frame(pid = patients$pid, date = patients$seen)
  x <- disease_cohort(patients, end = end, entry = referral, linked = list(visits = visits))
  expect_identical(linked_table(x, "visits")$pid,
                   patients$pid[patients$dx <= end & patients$seen <= end])
})

test_that("an end that is no date is refused", {
  expect_snapshot(error = TRUE, {
    disease_cohort(patients, end = 2010)
    disease_cohort(patients, end = as.Date(c("2010-01-01", "2011-01-01")))
    disease_cohort(patients, end = "1990-01-01")
    lms_cohort(data.frame(id = 1:2, last_contact = 1:2, died = TRUE), end = "2010-01-01")
  })
})
