# Workflows of other packages, each beside the same with survival's own object.
lung <- within(survival::lung, {
  died <- status == 2
  sexf <- factor(sex, labels = c("male", "female"))
})
complete <- lung[stats::complete.cases(lung[c("ph.ecog", "wt.loss", "inst")]), ]
row.names(complete) <- NULL

ours <- lms_cox(Surv(time, died) ~ age + sexf + ph.ecog, complete, eps = 1e-12)
theirs <- survival::coxph(
  Surv(time, died) ~ age + sexf + ph.ecog, complete, x = TRUE,
  control = survival::coxph.control(eps = 1e-12, toler.chol = 1e-13, iter.max = 50)
)
our_curves <- lms_km(Surv(time, died) ~ sexf, complete)
their_curves <- survival::survfit(Surv(time, died) ~ sexf, complete)

# workflow: a function of a model or curve that gives numbers.
expect_same <- function(workflow, a = ours, b = theirs, tolerance = 1e-6) {
  quiet <- function(expr) suppressWarnings(suppressMessages(expr))
  testthat::expect_equal(
    quiet(workflow(a)), quiet(workflow(b)), tolerance = tolerance, ignore_attr = TRUE
  )
}

# The numbers that a figure draws.
drawn <- function(plot) {
  lapply(ggplot2::ggplot_build(plot)$data, function(layer) {
    as.data.frame(unclass(layer)[intersect(c("x", "y", "ymin", "ymax", "label"), names(layer))])
  })
}
