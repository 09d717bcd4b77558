# Every data set of survival that suits, beside survfit().

curve <- function(data, formula, ...) {
  list(data = data, formula = formula, more = as.list(substitute(list(...)))[-1])
}

km_datasets <- list(
  aml = curve("aml", Surv(time, status) ~ x),
  bladder = curve("bladder", Surv(stop, event) ~ rx + enum),
  "bladder, clustered" = curve("bladder", Surv(stop, event) ~ rx, cluster = id),
  bladder1 = curve(
    "bladder1", Surv(start, stop, status == 1) ~ treatment, subset = start < stop, cluster = id
  ),
  bladder2 = curve("bladder2", Surv(start, stop, event) ~ rx, cluster = id),
  capacitor = curve("capacitor", Surv(time, status) ~ temperature),
  cgd = curve("cgd", Surv(tstart, tstop, status) ~ treat, cluster = id),
  cgd0 = curve("cgd0", Surv(futime, !is.na(etime1)) ~ treat),
  colon = curve("colon", Surv(time, status) ~ rx + etype, cluster = id),
  diabetic = curve("diabetic", Surv(time, status) ~ trt, cluster = id),
  flchain = curve("flchain", Surv(futime, death) ~ sex),
  gbsg = curve("gbsg", Surv(rfstime, status) ~ hormon + grade),
  genfan = curve("genfan", Surv(hours, status) ~ 1),
  heart = curve("heart", Surv(start, stop, event) ~ transplant, id = id),
  ifluid = curve("ifluid", Surv(time) ~ voltage),
  imotor = curve("imotor", Surv(time, status) ~ temp),
  jasa = curve("jasa", Surv(futime, fustat) ~ transplant, subset = futime >= 0),
  jasa1 = curve("jasa1", Surv(start, stop, event) ~ transplant, id = id),
  kidney = curve("kidney", Surv(time, status) ~ disease, cluster = id),
  lung = curve("lung", Surv(time, status) ~ sex + ph.ecog),
  "lung, log-log" = curve("lung", Surv(time, status) ~ 1, conf.type = "log-log"),
  "lung, logit" = curve("lung", Surv(time, status) ~ sex, conf.type = "logit", conf.int = 0.9),
  "lung, plain" = curve("lung", Surv(time, status) ~ sex, conf.type = "plain"),
  "lung, arcsine" = curve("lung", Surv(time, status) ~ sex, conf.type = "arcsin"),
  "lung, none" = curve("lung", Surv(time, status) ~ sex, conf.type = "none"),
  "lung, weights" = curve("lung", Surv(time, status) ~ sex, weights = age),
  "lung, fractional" = curve("lung", Surv(time, status) ~ sex, weights = age / 50),
  "lung, hazard" = curve("lung", Surv(time, status) ~ sex, stype = 2, ctype = 1),
  "lung, fh2" = curve("lung", Surv(time, status) ~ sex, stype = 2, ctype = 2),
  "lung, strata" = curve("lung", Surv(time, status) ~ strata(inst)),
  mgus = curve("mgus", Surv(futime, death) ~ sex),
  mgus1 = curve("mgus1", Surv(start, stop, event == "death") ~ sex, id = id),
  mgus2 = curve("mgus2", Surv(futime, death) ~ sex),
  myeloid = curve("myeloid", Surv(futime, death) ~ trt + sex),
  myeloma = curve("myeloma", Surv(entry, futime, death) ~ 1, subset = entry < futime),
  nafld1 = curve("nafld1", Surv(futime, status) ~ male),
  nwtco = curve("nwtco", Surv(edrel, rel) ~ histol + stage),
  ovarian = curve("ovarian", Surv(futime, fustat) ~ rx),
  pbc = curve("pbc", Surv(time, status == 2) ~ trt + sex),
  rats = curve("rats", Surv(time, status) ~ rx + sex, cluster = litter),
  rats2 = curve("rats2", Surv(time1, time2, status) ~ trt, subset = time1 < time2, cluster = id),
  retinopathy = curve("retinopathy", Surv(futime, status) ~ trt + type, cluster = id),
  rhDNase = curve("rhDNase", Surv(as.numeric(end.dt - entry.dt), !is.na(ivstart)) ~ trt),
  rotterdam = curve("rotterdam", Surv(dtime, death) ~ chemo + grade),
  stanford2 = curve("stanford2", Surv(time, status) ~ 1),
  transplant = curve("transplant", Surv(futime, event == "death") ~ abo, subset = futime > 0),
  turbine = curve("turbine", Surv(hours, failed > 0) ~ 1, weights = inspected),
  udca1 = curve("udca1", Surv(futime, status) ~ trt + stage),
  udca2 = curve("udca2", Surv(futime, status) ~ trt, cluster = id),
  valveSeat = curve("valveSeat", Surv(time, status) ~ 1, cluster = id),
  veteran = curve("veteran", Surv(time, status) ~ trt + celltype)
)

our_names <- c(conf.type = "conf_type", conf.int = "conf_level")

km_both <- function(formula, data, more) {
  run <- function(f, args) {
    call <- as.call(c(list(f, formula, data = quote(data)), args))
    suppressWarnings(suppressMessages(eval(call)))
  }
  ours <- more[!names(more) %in% c("stype", "ctype")]
  renamed <- names(ours) %in% names(our_names)
  names(ours)[renamed] <- our_names[names(ours)[renamed]]
  if (!is.null(more$stype)) ours$type <- if (more$ctype == 2) "fh2" else "nelson-aalen"
  theirs <- if (is.null(more$id)) run(quote(survival::survfit), more)
  list(ours = run(quote(lms_km), ours), theirs = theirs)
}

# With an `id` and several groups survival miscounts, up to 3.5 those who are censored and in 3.8
# the events and times (42 of the 56 infections of the cgd data on placebo). Each group alone is
# right in both.
expect_groups_of_ids <- function(ours, case, data, name) {
  if (!is.null(case$more$subset)) data <- data[which(eval(case$more$subset, data)), ]
  group <- if (length(ours$variables)) data[[names(ours$variables)]]
  for (i in seq_along(ours$groups)) {
    rows <- if (is.null(group)) data else data[which(group == ours$variables[[1]][i]), ]
    theirs <- survival::survfit(update(case$formula, . ~ 1), rows, id = id)
    expect_same_table(summary(ours[i])$table, summary(theirs)$table)
    mine <- without_empty_times(ours[i], theirs$time)
    expect_agreement(km_errors(mine, theirs), km_tolerance, name)
    expect_agreement(km_quantile_errors(mine, theirs), km_tolerance, name)
  }
}

# A time at which patients begin a new row, and nothing else happens, is no time of survival's since
# 3.8.
without_empty_times <- function(fit, times) {
  kept <- fit$time %in% times | fit$n.event > 0 | fit$n.censor > 0
  parts <- intersect(setdiff(km_parts, c("n", "strata")), names(fit))
  fit[parts] <- lapply(unclass(fit)[parts], `[`, kept)
  fit
}

# The median of survival's table, other than that of its quantile(), is the beginning of a step that
# is flat to the end: the columns before it are compared. With an `id` the second is `n.id` here and
# in survival since 3.6, `n.max` before.
expect_same_table <- function(ours, theirs) {
  ours <- rbind(ours)
  theirs <- rbind(theirs)
  if (colnames(ours)[2] != colnames(theirs)[2]) {
    expect_true(utils::packageVersion("survival") < "3.6")
    ours <- ours[, -2, drop = FALSE]
    theirs <- theirs[, -2, drop = FALSE]
  }
  parts <- c("records", "n.max", "n.id", "n.start", "events", "rmean", "se(rmean)")
  parts <- intersect(parts, colnames(theirs))
  expect_equal(
    ours[, parts, drop = FALSE], theirs[, parts, drop = FALSE], tolerance = km_tolerance,
    ignore_attr = TRUE
  )
}

for (name in names(km_datasets)) {
  test_that(paste("agrees with survfit:", name), {
    case <- km_datasets[[name]]
    data <- getExportedValue("survival", case$data)
    both <- km_both(case$formula, data, case$more)
    if (!is.null(case$more$id)) {
      expect_groups_of_ids(both$ours, case, data, name)
    } else {
      expect_agreement(km_errors(both$ours, both$theirs), km_tolerance, name)
      expect_agreement(km_quantile_errors(both$ours, both$theirs), km_tolerance, name)
      expect_same_table(summary(both$ours)$table, summary(both$theirs)$table)
    }
  })
}

test_that("agrees with survfit: the sarcomas of The Cancer Genome Atlas", {
  tcga <- sarcomas()
  tcga$months <- tcga$os_days / 30.4375
  formulas <- list(
    Surv(os_days, os_event) ~ histology, Surv(dss_days, dss_event) ~ sex,
    Surv(pfi_days, pfi_event) ~ histology + sex, Surv(months, os_event) ~ 1
  )
  for (formula in formulas) {
    tcga_rows <- tcga[stats::complete.cases(tcga[all.vars(formula)]), ]
    for (more in list(list(), list(conf.type = "log-log"), list(robust = TRUE))) {
      both <- km_both(formula, tcga_rows, more)
      expect_agreement(km_errors(both$ours, both$theirs), km_tolerance, deparse1(formula))
      expect_agreement(km_quantile_errors(both$ours, both$theirs), km_tolerance, deparse1(formula))
    }
  }
  lms <- lms_km(Surv(months, os_event) ~ 1, tcga, subset = histology == "Leiomyosarcoma (LMS)")
  median <- quantile(lms, 0.5)
  expect_equal(round(c(median$quantile, median$lower), 1), c(80.4, 53.5), ignore_attr = TRUE)
  expect_identical(median$upper[[1]], NA_real_)
})
