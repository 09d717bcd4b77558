# Every data set of survival that suits a Cox model, beside coxph() carried to convergence.

no_ties_limit <- c("efron", "breslow")

model <- function(data, formula, ..., ties = no_ties_limit) {
  list(data = data, formula = formula, more = as.list(substitute(list(...)))[-1], ties = ties)
}

datasets <- list(
  aml = model("aml", Surv(time, status) ~ x, ties = c(no_ties_limit, "exact")),
  bladder = model("bladder", Surv(stop, event) ~ rx + size + number + strata(enum) + cluster(id)),
  bladder1 = model(
    "bladder1", Surv(start, stop, status == 1) ~ treatment + number + size + cluster(id),
    subset = start < stop
  ),
  bladder2 = model("bladder2", Surv(start, stop, event) ~ rx + size + number + strata(enum)),
  capacitor = model("capacitor", Surv(time, status) ~ factor(temperature) + voltage),
  cgd = model(
    "cgd", Surv(tstart, tstop, status) ~ treat + sex + age + inherit + steroids + strata(hos.cat)
  ),
  "cgd, clustered" = model("cgd", Surv(tstart, tstop, status) ~ treat + age + cluster(id)),
  colon = model(
    "colon",
    Surv(time, status) ~ rx + sex + age + nodes + factor(differ) + strata(etype) + cluster(id)
  ),
  diabetic = model("diabetic", Surv(time, status) ~ laser + age + eye * trt + risk),
  flchain = model(
    "flchain", Surv(futime, death) ~ age + sex + kappa + lambda + creatinine,
    subset = futime > 0
  ),
  gbsg = model(
    "gbsg", Surv(rfstime, status) ~ age + meno + size + factor(grade) + nodes + pgr + er + hormon
  ),
  heart = model(
    "heart", Surv(start, stop, event) ~ age + year + surgery * transplant,
    ties = c(no_ties_limit, "exact")
  ),
  imotor = model("imotor", Surv(time, status) ~ I(1 / (temp + 273.2) * 1000)),
  jasa = model("jasa", Surv(futime + 1, fustat) ~ age + surgery + transplant, subset = futime >= 0),
  jasa1 = model("jasa1", Surv(start, stop, event) ~ age + year + surgery + transplant),
  kidney = model("kidney", Surv(time, status) ~ age + sex + disease),
  lung = model(
    "lung", Surv(time, status) ~ age + sex + ph.ecog + ph.karno + pat.karno + meal.cal + wt.loss
  ),
  "lung, splines" = model(
    "lung", Surv(time, status) ~ splines::ns(age, 3) + sex:ph.ecog + strata(inst)
  ),
  "lung, offset" = model("lung", Surv(time, status) ~ sex + ph.ecog + offset(age / 50)),
  "lung, weights" = model(
    "lung", Surv(time, status) ~ age + sex,
    weights = ph.ecog + 0.5, robust = TRUE
  ),
  mgus = model("mgus", Surv(futime, death) ~ age + sex + hgb + alb),
  mgus1 = model("mgus1", Surv(start, stop, event == "death") ~ age + sex + hgb),
  mgus2 = model("mgus2", Surv(futime, death) ~ age + sex + hgb + mspike),
  myeloid = model("myeloid", Surv(futime, death) ~ trt + sex),
  myeloma = model("myeloma", Surv(entry, futime, death) ~ year, subset = entry < futime),
  nafld1 = model("nafld1", Surv(futime, status) ~ age + male + bmi),
  nwtco = model("nwtco", Surv(edrel, rel) ~ histol + factor(stage) + age + instit),
  ovarian = model(
    "ovarian", Surv(futime, fustat) ~ age + resid.ds + rx + ecog.ps,
    ties = c(no_ties_limit, "exact")
  ),
  pbc = model(
    "pbc", Surv(time, status == 2) ~ age + edema + log(bili) + log(protime) + log(albumin)
  ),
  rats = model("rats", Surv(time, status) ~ rx + strata(sex) + cluster(litter)),
  rats2 = model("rats2", Surv(time1, time2, status) ~ trt + cluster(id), subset = time1 < time2),
  retinopathy = model("retinopathy", Surv(futime, status) ~ trt + type + laser + risk + age),
  rotterdam = model(
    "rotterdam", Surv(dtime, death) ~ age + meno + size + factor(grade) + nodes + chemo
  ),
  stanford2 = model("stanford2", Surv(time, status) ~ age + I(age^2) + t5),
  transplant = model(
    "transplant", Surv(futime, event == "death") ~ age + sex + abo,
    subset = futime > 0
  ),
  udca1 = model("udca1", Surv(futime, status) ~ trt + factor(stage) + log(bili) + riskscore),
  udca2 = model("udca2", Surv(futime, status) ~ trt + log(bili) + strata(endpoint) + cluster(id)),
  valveSeat = model("valveSeat", Surv(time, status) ~ I(id %% 3)),
  veteran = model(
    "veteran", Surv(time, status) ~ trt + celltype + karno + diagtime + age + strata(prior)
  )
)

fit_both <- function(case, ties) {
  data <- getExportedValue("survival", case$data)
  formula <- case$formula
  call <- c(list(quote(f), formula, data = quote(data), ties = ties), case$more)
  run <- function(f, ...) suppressWarnings(suppressMessages(eval(as.call(c(call, list(...))))))
  theirs <- run(survival::coxph, control = tight(), x = TRUE, model = TRUE)
  list(ours = run(lms_cox), theirs = theirs, data = data)
}

for (name in names(datasets)) {
  test_that(paste("agrees with coxph:", name), {
    case <- datasets[[name]]
    for (ties in case$ties) {
      both <- fit_both(case, ties)
      label <- paste0(name, ", ", ties)
      expect_true(both$ours$converged, label = label)
      expect_agreement(fit_errors(both$ours, both$theirs), label = label)
      expect_agreement(residual_errors(both$ours, both$theirs), label = label)
      if (is.null(both$ours$strata) && is.null(both$ours$offset) && ties != "exact") {
        expect_agreement(curve_errors(both$ours, both$theirs, both$data), label = label)
      }
    }
  })
}
