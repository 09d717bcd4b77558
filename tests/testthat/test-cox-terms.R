# The terms of a model as the print, the tables and the forest plot read them.

d <- within(survival::lung, {
  died <- status == 2
  sex <- factor(sex, 1:2, c("Men", "Women"))
  ecog <- factor(pmin(ph.ecog, 2), labels = c("none", "some", "much"))
  late <- age > 65
  site <- factor(inst %% 4, labels = c("north", "east", "south", "west"))
})
d <- d[stats::complete.cases(d[c("ecog", "site", "ph.karno")]), ]

table_of <- function(formula, data = d) {
  suppressWarnings(fit_silently(formula, data))$level_table
}

labels_of <- function(formula, data = d) {
  table_of(formula, data)$label
}

test_that("contrasts are named by what they compare", {
  coded <- function(kind) {
    contrasts(d$ecog) <- kind
    table_of(Surv(time, died) ~ ecog, d)
  }
  sum <- coded(stats::contr.sum(3))
  expect_equal(sum$kind, c("contrast", "contrast"))
  expect_equal(sum$label, c("none vs mean of all", "some vs mean of all"))
  expect_true(all(is.na(sum$level)))
  expect_equal(coded(stats::contr.helmert(3))$label,
               c("some vs none, to the power 1/2",
                 "much vs mean of none and some, to the power 1/3"))
  differences <- cbind(c(-2, 1, 1), c(-1, -1, 2)) / 3
  expect_equal(coded(differences)$label, c("some vs none", "much vs some"))
  expect_equal(coded(cbind(c(0.3, 1, 0), c(0, 2, 1)))$kind, rep("contrast", 2))
  # Against another reference than the first they are levels.
  last <- coded(stats::contr.SAS(3))
  expect_equal(last$kind, c("level", "level", "reference"))
  expect_equal(last$level, c("none", "some", "much"))
  expect_equal(last$coef, c(1L, 2L, 0L))
  expect_equal(last$n, as.vector(table(d$ecog)))
  expect_equal(last$events, as.vector(tapply(d$died, d$ecog, base::sum)))
  middle <- coded(stats::contr.treatment(3, base = 2))
  expect_equal(middle$kind, c("level", "reference", "level"))
})

test_that("the weights of contrasts give the coefficients from those of levels", {
  withr::local_seed(11)
  plain <- survival::coxph(Surv(time, died) ~ site + age, d)
  levels <- c(0, stats::coef(plain)[1:3])
  for (i in 1:20) {
    kind <- matrix(round(stats::rnorm(12), 1), 4)
    if (i > 10) kind <- matrix(sample(-1:2, 12, TRUE), 4)
    if (qr(cbind(1, kind))$rank < 4) next
    coded <- d
    contrasts(coded$site) <- kind
    theirs <- survival::coxph(Surv(time, died) ~ site + age, coded)
    expect_equal(drop(contrast_weights(kind) %*% levels), unname(stats::coef(theirs)[1:3]),
                 tolerance = 1e-6)
  }
  named <- list(
    c("north vs mean of all", "east vs mean of all", "south vs mean of all"),
    c("east vs north", "south vs east", "west vs south")
  )
  differences <- solve(rbind(1 / 4, cbind(-diag(3), 0) + cbind(0, diag(3))))[, -1L]
  words <- levels(d$site)
  expect_equal(read_contrasts(stats::contr.sum(4), words, words)$label, named[[1L]])
  expect_equal(read_contrasts(differences, words, words)$label, named[[2L]])
})

test_that("a ratio that is named by two levels is the ratio of these levels", {
  plain <- survival::coxph(Surv(time, died) ~ ecog + sex, d)
  b <- c(none = 0, stats::setNames(stats::coef(plain)[1:2], c("some", "much")))
  contrasts(d$ecog) <- stats::contr.helmert(3)
  fit <- fit_silently(Surv(time, died) ~ ecog + sex, d)
  rows <- as.data.frame(lms_table_cox(fit, check = FALSE))
  expect_equal(log(rows$estimate[1L]), unname(b["some"] - b["none"]) / 2, tolerance = 1e-6)
  expect_equal(log(rows$estimate[2L]), unname(b["much"] - mean(b[1:2])) / 3, tolerance = 1e-6)
})

test_that("each column of an interaction is named by the levels in which it is not 0", {
  formulas <- list(
    Surv(time, died) ~ sex * ecog, Surv(time, died) ~ ecog:sex, Surv(time, died) ~ sex + sex:ecog,
    Surv(time, died) ~ late * ecog * sex, Surv(time, died) ~ sex:strata(site),
    Surv(time, died) ~ ecog * strata(site), Surv(time, died) ~ ph.karno:ecog + late:site,
    Surv(time, died) ~ sex * site + ecog:late:sex
  )
  for (formula in formulas) {
    theirs <- suppressWarnings(survival::coxph(formula, d, x = TRUE))
    table <- table_of(formula)
    crossed <- table[table$kind == "interaction", ]
    expect_gt(nrow(crossed), 0L)
    for (i in seq_len(nrow(crossed))) {
      at <- crossed$coef[i]
      variables <- strsplit(crossed$term[i], ":", fixed = TRUE)[[1L]]
      used <- theirs$x[, at] != 0
      pieces <- lapply(variables, function(name) {
        x <- switch(name, "strata(site)" = d$site, late = ifelse(d$late, "Yes", "No"), d[[name]])
        if (is.numeric(x)) return(NULL)
        unique(as.character(x[used]))
      })
      pieces <- pieces[lengths(pieces) > 0L]
      expect_true(all(lengths(pieces) == 1L))
      expect_equal(crossed$label[i], paste(unlist(pieces), collapse = " \u00d7 "))
      expect_equal(crossed$n[i], sum(used))
    }
  }
})

test_that("columns of a curve have no ratio, in the print, the table and the forest plot alike", {
  curves <- c(
    "splines::ns(age, 3)", "poly(age, 2)", "ordered(ecog)", "splines::bs(age, df = 4)",
    "sex:splines::ns(age, 2)", "C(ecog, contr.poly)", "C(ordered(site), contr.poly, 2)"
  )
  for (term in curves) {
    formula <- stats::reformulate(c("sex", "ph.karno", term), quote(Surv(time, died)))
    fit <- fit_silently(formula, d)
    lines <- table_of(formula)
    expect_equal(unique(lines$kind[!lines$term %in% c("sex", "ph.karno")]), "column")
    rows <- as.data.frame(lms_table_cox(fit, check = FALSE))
    whole <- rows[rows$kind == "several", ]
    expect_equal(nrow(whole), 1L)
    expect_true(is.na(whole$estimate))
    theirs <- survival::coxph(formula, d)
    at <- theirs$assign[[whole$variable]]
    chisq <- drop(stats::coef(theirs)[at] %*% solve(stats::vcov(theirs)[at, at],
                                                    stats::coef(theirs)[at]))
    expect_equal(whole$p.value, stats::pchisq(chisq, length(at), lower.tail = FALSE),
                 tolerance = 1e-5)
    printed <- hazard_table(fit, 2L)
    expect_equal(unname(printed[printed[, "interval"] == "no single HR", c("ratio", "p")]),
                 c("", format_p(whole$p.value)))
    forest <- forest_rows(fit, 2L)
    expect_equal(sum(!is.na(forest$estimate)), 2L)
    expect_equal(sum(forest$text == "no single HR"), 1L)
  }
  # The columns of a matrix of variables are ratios each.
  both <- table_of(Surv(time, died) ~ cbind(age, ph.karno))
  expect_equal(both$kind, rep("quantity", 2))
  expect_equal(both$label, c("age", "ph.karno"))
})

test_that("print, table and forest plot have the same lines and numbers", {
  coded <- within(d, {
    contrasts(ecog) <- stats::contr.sum(3)
    contrasts(site) <- stats::contr.SAS(4)
  })
  for (formula in list(
    Surv(time, died) ~ sex * ecog + late + site, Surv(time, died) ~ site:ecog + log(age),
    Surv(time, died) ~ ordered(ecog) * late + I(age / 10) + offset(ph.karno / 100),
    Surv(time, died) ~ age * ph.karno + sex:strata(site), Surv(time, died) ~ I(age^2) + I(age)
  )) {
    fit <- suppressWarnings(fit_silently(formula, coded))
    printed <- hazard_table(fit, 2L)
    table <- lms_table_cox(fit, check = FALSE, infinite = "name")
    body <- format(table)
    forest <- forest_rows(fit, 2L)
    bare <- function(x) trimws(sub(" (reference)", "", x, fixed = TRUE))
    expect_equal(nrow(printed), nrow(forest))
    expect_equal(nrow(body), nrow(forest))
    expect_equal(trimws(body[[1L]]), forest$label)
    inner <- startsWith(printed[, "label"], "  ")
    expect_equal(unname(inner), forest$indent)
    expect_equal(unname(bare(printed[inner, "label"])), forest$label[inner])
    expect_equal(unname(printed[, "p"]), forest$p)
    expect_equal(body[["p"]], forest$p)
  }
  expect_equal(forest$label, c("age^2", "Age"))
})

test_that("a title is of the variable, its function, or what the user calls it", {
  attr(d$age, "label") <- "Age (years)"
  fit <- fit_silently(
    Surv(time, died) ~ log(age) + age:sex + factor(ph.ecog) + strata(site) + poly(ph.karno, 2), d
  )
  titles <- unname(term_titles(fit))
  expect_equal(titles, c("log(age)", "Ph.ecog", "Ph.karno (polynomial)", "Age (years) \u00d7 Sex"))
  named <- term_titles(fit, c(sex = "Gender", "log(age)" = "Age, logarithm"))
  expect_equal(unname(named[c(1L, 4L)]), c("Age, logarithm", "Age (years) \u00d7 Gender"))
  expect_match(ggplot2::get_alt_text(autoplot(fit)), "Age (years) \u00d7 Sex", fixed = TRUE)
})
