# A cohort of any disease: events of its own, an entry, causes of death and a linked table.
random_disease <- function(n, seed) {
  set.seed(seed)
  follow_up <- round(rexp(n, 1 / 1200)) + 8
  some <- function(share) ifelse(runif(n) < share, round(follow_up * runif(n)), NA)
  dx <- as.Date("1995-01-01") + sample(8000, n, TRUE)
  died <- runif(n) < 0.6
  data.frame(
    pid = sprintf("PAT%05d", sample(99999, n)), dx = dx, seen = dx + follow_up, dead = died,
    relapse_date = dx + some(0.4), tx_date = dx + some(0.3),
    referral = dx + pmin(rpois(n, 150) - 60, follow_up),
    cause = ifelse(died, sample(c("cancer", "heart", "unknown"), n, TRUE, c(5, 3, 1)), NA),
    age = round(rnorm(n, 60, 10)), sex = sample(c("female", "male"), n, TRUE)
  )
}

disease_cohort <- function(patients, ...) {
  quiet(lms_cohort(
    patients, id = pid, diagnosis = dx, last_contact = seen, died = dead,
    events = c(relapse = relapse_date, transplant = tx_date), as_of = far_future, ...
  ))
}
