# A ratio in a sentence is that of its own variable, whatever the variables are called.

dated_cohort <- function(names, seed = 1) {
  withr::local_seed(seed)
  n <- 400
  time <- rexp(n, 1 / 900)
  d <- data.frame(id = seq_len(n), age = round(rnorm(n, 60, 10)), diagnosis = as.Date("2001-01-01"))
  d$last_contact <- d$diagnosis + ceiling(time) + 1
  d$died <- runif(n) < 0.7
  for (name in names) {
    wait <- ceiling(rexp(n, 1 / 500))
    never <- wait > time | runif(n) < 0.4
    d[[paste0(name, " on")]] <- d$diagnosis + ifelse(never, NA, wait)
    d[[name]] <- !never
  }
  dated <- stats::setNames(as.list(paste0(names, " on")), names)
  suppressMessages(lms_cohort(d, known_from = dated, event = TRUE, unit = "days"))
}

# By survival: rows cut where something becomes known.
switching_fit <- function(cohort, names) {
  d <- as.data.frame(cohort)
  d$time <- as.numeric(d$last_contact - d$diagnosis)
  cut <- survival::tmerge(d[c("id", "age")], d, id = id, event = event(time, died))
  for (name in names) {
    d$on <- as.numeric(d[[paste0(name, " on")]] - d$diagnosis)
    cut <- survival::tmerge(cut, d, id = id, on = tdc(on))
    names(cut)[names(cut) == "on"] <- name
  }
  terms <- paste(c(paste0("`", names, "`"), "age"), collapse = "+")
  survival::coxph(stats::as.formula(paste("Surv(tstart, tstop, event) ~", terms)), cut)
}

test_that("names that begin alike or are no plain names keep their own ratios", {
  sets <- list(
    c("mi", "mi_big"), c("mi_big", "mi"), c("a", "aTRUE", "aT"), c("m.i", "mxi"),
    c("x y", "x", "x y z"), c("gr\u00f6\u00dfe", "gr\u00f6\u00dfe_2"), c("a(b", "a(b)")
  )
  for (names in sets) {
    cohort <- dated_cohort(names)
    model <- stats::as.formula(paste("~", paste(c(paste0("`", names, "`"), "age"), collapse = "+")))
    results <- lms_results(cohort, models = model, sections = "model")
    text <- results$findings$text[results$findings$class == "immortal_time"]
    pattern <- "hazard ratio [0-9.]+, 95% CI [0-9.]+ to [0-9.]+"
    said <- regmatches(text, gregexpr(pattern, text))[[1L]]
    expect_length(said, 2L * length(names))
    hand <- exp(cbind(coef(switching_fit(cohort, names)), confint(switching_fit(cohort, names))))
    fixed <- survival::coxph(update(model, Surv(as.numeric(last_contact - diagnosis), died) ~ .),
                             as.data.frame(cohort))
    naive <- exp(cbind(coef(fixed), confint(fixed)))
    # In the order of the findings, which is that of the dated covariates.
    numbers <- regmatches(said, gregexpr("[0-9]+[.][0-9]+", said))
    numbers <- do.call(rbind, lapply(numbers, as.numeric))
    rows <- seq_along(names)
    expect_equal(unname(numbers[2L * rows, 1L]), unname(hand[rows, 1L]), tolerance = 0.01)
    expect_equal(unname(numbers[2L * rows - 1L, 1L]), unname(naive[rows, 1L]), tolerance = 0.01)
  }
})

test_that("levels of a dated category have their ratios each, and interactions lend none", {
  cohort <- dated_cohort(c("mi", "mi_big"))
  results <- lms_results(cohort, models = ~ mi_big:age + mi_big + mi + age, sections = "model")
  check <- lms_check(lms_cox(os ~ mi_big:age + mi_big + mi + age, cohort), fix = TRUE)
  ratios <- ratios_in(check)
  expect_setequal(unique(ratios$term), c("mi_big", "mi", "mi_big:age"))
  expect_equal(ratios$coefficient[ratios$term == "mi"], rep("miTRUE", 2L))
  text <- results$findings$text[results$findings$class == "immortal_time"]
  own <- ratios[ratios$term == "mi" & ratios$method == "time-dependent", ]
  expect_match(text, row_words(own), fixed = TRUE)
})

test_that("variables with equal labels and coefficients with equal names are told apart", {
  withr::local_seed(4)
  d <- data.frame(time = rexp(300), died = rep(c(1, 1, 0), 100))
  d$a <- factor(sample(c("x", "b1"), 300, TRUE), c("x", "b1"))
  d$ab <- factor(sample(c("x", "1"), 300, TRUE), c("x", "1"))
  attr(d$a, "label") <- attr(d$ab, "label") <- "Marker"
  known <- list(a = ifelse(d$a == "b1", d$time / 2, NA), ab = ifelse(d$ab == "1", d$time / 3, NA))
  fit <- lms_cox(Surv(time, died) ~ a + ab, d)
  ratios <- ratios_in(lms_check(fit, known_from = known, fix = TRUE))
  expect_equal(ratios$coefficient, rep("ab1", 4L))
  expect_equal(ratios$term, c("a", "ab", "a", "ab"))
  expect_equal(ratios$estimate[1:2], unname(exp(coef(fit))))
  expect_false(isTRUE(all.equal(ratios$estimate[3], ratios$estimate[4])))
})

test_that("Firth's ratio in a sentence is that of its level", {
  withr::local_seed(5)
  d <- data.frame(id = 1:200, last_contact = ceiling(rexp(200, 1 / 300)),
                  died = rep(c(TRUE, FALSE), 100))
  d$g <- factor(sample(c("0", "1", "11"), 200, TRUE, c(8, 1, 1)))
  d$g1 <- factor(sample(c("0", "1"), 200, TRUE, c(29, 1)))
  d$died[d$g == "11" | d$g1 == "1"] <- FALSE
  cohort <- suppressMessages(lms_cohort(d, event = TRUE, unit = "days"))
  results <- suppressWarnings(lms_results(cohort, models = ~ g + g1, sections = "model"))
  text <- results$findings$text[results$findings$class == "infinite_coefficient"]
  firth <- lms_cox(os ~ g + g1, cohort, penalty = "firth")
  expect_equal(sum(names(coef(firth)) == "g11"), 2L)
  shown <- formatC(exp(coef(firth))[names(coef(firth)) == "g11"], digits = 2L, format = "f")
  for (x in shown) expect_match(text, x, fixed = TRUE)
})

test_that("what was read late is said with its time, also where counts are hidden", {
  d <- data.frame(id = 1:400, last_contact = c(rep(300, 372), rep(2500, 28)),
                  died = rep(c(TRUE, FALSE, FALSE, FALSE), 100))
  cohort <- suppressMessages(lms_cohort(d, event = TRUE, unit = "days"))
  rates <- suppressMessages(lms_rates(os ~ 1, data = cohort, times = c(730.5, 3652)))
  for (min_cell in c(0, 5)) {
    found <- lmsurv:::report_findings(
      lmsurv:::report_checks(list("Survival" = rates), "days"), min_cell
    )
    text <- found$text[found$class == "beyond_follow_up"]
    expect_match(paste(text, collapse = " "), "At 2 years (survival rate)", fixed = TRUE)
    expect_match(paste(text, collapse = " "), "At 3,652 days (survival rate), no patient",
                 fixed = TRUE)
  }
})
