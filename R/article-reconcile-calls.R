# For each published number the code that gives it. What a call returns says which
# numbers of the row it answers: one number (the value, or the p-value where the row
# is a test), three quartiles, or a row of tidy().

# Evaluated once, when first needed, in this order.
reconcile_definitions <- function() {
  list(
    bone = quote(cohort[cohort$ever_bone_metastasis, ]),
    operated = quote(cohort[cohort$surgery, ]),
    irradiated = quote(bone[bone$bone_radiotherapy, ]),
    sized = quote(bone[!is.na(bone$tumor_size), ]),
    scanned = quote(bone[bone$bone_scan, ]),
    intact = quote(operated[operated$hardware & !operated$ever_implant_failure, ]),
    spine = quote(unique(lesions[!is.na(lesions$spine_part), c("id", "spine_part")])),
    model4 = quote(
      lms_cox(os ~ ever_bone_metastasis + subtype, data = cohort, ties = "breslow")
    ),
    model5 = quote(
      lms_cox(os ~ subtype + bone_location + sex + ever_visceral_metastasis + bone_lesions +
                fracture + surgery, data = bone, ties = "breslow")
    ),
    table4 = quote(tidy(model4, exponentiate = TRUE, conf.int = TRUE)),
    table5 = quote(tidy(model5, exponentiate = TRUE, conf.int = TRUE))
  )
}

reconcile_calls <- function() {
  c(
    cohort_calls(), table1_calls(), table2_calls(), bone_calls(), imaging_calls(), outcome_calls(),
    surgery_calls(), procedure_calls(), case_calls(), time_calls(), test_calls(), model_calls()
  )
}

# The count of a condition and its percentage, as `key.n` and `key.pct`.
count_and_percent <- function(key, condition) {
  calls <- list(bquote(sum(.(condition))), bquote(100 * mean(.(condition))))
  stats::setNames(calls, paste0(key, c(".n", ".pct")))
}

# The same for each level of a factor: `prefix.key`, keys named by level.
by_level <- function(prefix, column, levels) {
  calls <- lapply(names(levels), function(key) {
    count_and_percent(paste0(prefix, ".", key), bquote(.(column) == .(levels[[key]])))
  })
  do.call(c, calls)
}

sex_keys <- c(female = "Female", male = "Male")

subtype_keys <- c(
  retroperitoneal = "Retroperitoneal", uterine = "Uterine", extremity = "Extremity soft tissue",
  dermal = "Dermal/subcutaneous", male_reproductive = "Male reproductive",
  primary_bone = "Primary bone", peritoneal = "Peritoneal", gastrointestinal = "Gastrointestinal",
  ivc = "Inferior vena cava", gynecologic = "Gynecologic", liver = "Liver", head_neck = "H&N",
  mediastinal = "Mediastinal", lung = "Lung", breast = "Breast", unknown = "Unknown"
)

cohort_calls <- function() {
  unknown <- count_and_percent("cohort.unknown_subtype", quote(cohort$subtype == "Unknown"))
  with_bone <- count_and_percent("cohort.bone_mets", quote(cohort$ever_bone_metastasis))
  c(with_bone, unknown, list(
    cohort.n = quote(nrow(cohort)),
    cohort.year_start = quote(as.numeric(format(min(cohort$diagnosis), "%Y"))),
    cohort.year_end = quote(as.numeric(format(max(cohort$diagnosis), "%Y"))),
    cohort.subtypes = quote(sum(unique(cohort$subtype) != "Unknown")),
    cohort.excluded_no_bone_mets.n =
      quote(sum(!cohort$ever_bone_metastasis & cohort$subtype != "Primary bone")),
    cohort.excluded_primary_bone.n = quote(sum(cohort$subtype == "Primary bone")),
    cohort.lost_to_follow_up.n = quote(sum(cohort$lost_to_follow_up)),
    cohort.lost_to_follow_up.mean_months =
      quote(mean(lms_months(cohort$diagnosis, cohort$last_contact)[cohort$lost_to_follow_up])),
    discussion.bone_mets.pct = with_bone[["cohort.bone_mets.pct"]],
    discussion.years = quote(diff(as.numeric(format(range(cohort$diagnosis), "%Y"))))
  ))
}

table1_calls <- function() {
  races <- c(caucasian = "Caucasian", african_american = "African American", asian = "Asian",
             hispanic = "Hispanic", other = "Other")
  c(
    by_level("table1.sex", quote(cohort$sex), sex_keys),
    by_level("table1.race", quote(cohort$race), races),
    by_level("table1.subtype", quote(cohort$subtype), subtype_keys),
    text.subtype.dermal.pct = quote(100 * mean(cohort$subtype == "Dermal/subcutaneous"))
  )
}

table2_calls <- function() {
  races <- c(caucasian = "Caucasian", african_american = "African American", other = "Other")
  here <- c("uterine", "retroperitoneal", "extremity", "head_neck", "lung", "unknown")
  c(
    by_level("table2.sex", quote(bone$sex), sex_keys),
    by_level("table2.race", quote(bone$race), races),
    by_level("table2.subtype", quote(bone$subtype), subtype_keys[here]),
    count_and_percent("table2.visceral", quote(bone$ever_visceral_metastasis)),
    list(
      table2.survival_time =
        quote(quantile(lms_months(bone$diagnosis, bone$last_contact), 1:3 / 4, type = 2)),
      text.age.mean = quote(mean(bone$age)),
      text.age.pm = quote(sd(bone$age) / sqrt(nrow(bone)))
    )
  )
}

# Table 3 and the same numbers in the text.
bone_calls <- function() {
  sizes <- c(le5 = "5 cm or less", gt5_le10 = "Over 5 to 10 cm", gt10_le15 = "Over 10 to 15 cm",
             gt15_le20 = "Over 15 to 20 cm")
  first <- quote(is.na(bone$visceral_metastasis) | bone$bone_metastasis < bone$visceral_metastasis)
  c(
    by_level("table3.location", quote(bone$bone_location),
             c(axial = "Axial", appendicular = "Appendicular", both = "Both")),
    by_level("table3.lesion", quote(bone$lesion_type),
             c(lytic = "Lytic", sclerotic = "Sclerotic", mixed = "Mixed")),
    by_level("table3.number", quote(bone$bone_lesions),
             c(single = "Single", multiple = "Multiple")),
    count_and_percent("table3.radiotherapy", quote(bone$bone_radiotherapy)),
    count_and_percent("table3.fracture", quote(bone$fracture)),
    count_and_percent("table3.surgery", quote(bone$surgery)),
    by_level("table3.indication", quote(operated$indication),
             c(prophylactic = "Prophylactic fixation", fracture = "Pathologic fracture fixation")),
    list(text.tumor_size.available.n = quote(nrow(sized))),
    by_level("text.tumor_size", quote(sized$tumor_size), sizes),
    by_level("text.grade", quote(bone$grade),
             c(high = "High", intermediate = "Intermediate", low = "Low")),
    count_and_percent("text.bone_first", first),
    list(text.bone_only.n = quote(sum(!bone$ever_visceral_metastasis)))
  )
}

imaging_calls <- function() {
  site <- function(name) bquote(length(unique(lesions$id[lesions$site == .(name)])))
  c(
    count_and_percent("text.pet", quote(bone$pet)),
    count_and_percent("text.bone_scan", quote(bone$bone_scan)),
    count_and_percent("text.scan_no_uptake", quote(!scanned$scan_uptake)),
    count_and_percent("text.prior_chemo", quote(bone$prior_chemotherapy)),
    count_and_percent("text.prior_radio", quote(bone$prior_radiotherapy)),
    count_and_percent("text.radiotherapy_palliative", quote(irradiated$palliative_radiotherapy)),
    count_and_percent("text.antiresorptive", quote(bone$antiresorptive)),
    count_and_percent("text.spine.vertebral_body", quote(spine$spine_part == "Vertebral body")),
    count_and_percent("text.spine.posterior", quote(spine$spine_part == "Posterior elements")),
    list(
      text.pet_and_scan.n = quote(sum(bone$pet & bone$bone_scan)),
      text.pet_avid.n = quote(sum(bone$pet_avid, na.rm = TRUE)),
      text.both_avid_no_uptake.n =
        quote(sum(bone$pet & bone$bone_scan & bone$pet_avid & !bone$scan_uptake, na.rm = TRUE)),
      text.site.thoracic.n = site("Thoracic spine"),
      text.site.lumbar.n = site("Lumbar spine"),
      text.site.femur.n = site("Femur"),
      text.site.humerus.n = site("Humerus"),
      discussion.supplementary_imaging = quote(100 * mean(bone$pet | bone$bone_scan))
    )
  )
}

outcome_calls <- function() {
  list(
    text.deaths.n = quote(sum(bone$died)),
    text.alive.n = quote(sum(!bone$died & !bone$lost_to_follow_up)),
    text.lost.n = quote(sum(bone$lost_to_follow_up)),
    text.no_surgery.n = quote(sum(!bone$surgery)),
    text.no_surgery_alive.n = quote(sum(!bone$surgery & !bone$died & !bone$lost_to_follow_up))
  )
}

surgery_calls <- function() {
  sites <- c(spine = "Spine", femur = "Femur", humerus = "Humerus", acetabulum = "Acetabulum")
  c(
    by_level("text.operation_site", quote(surgeries$site), sites),
    count_and_percent("text.surgery_patients", quote(bone$surgery)),
    count_and_percent("text.construct_failure", quote(operated$ever_implant_failure)),
    list(
      text.surgeries.n = quote(nrow(surgeries)),
      text.two_surgeries.n = quote(sum(table(surgeries$id) >= 2)),
      text.three_plus_surgeries.n = quote(sum(table(surgeries$id) >= 3)),
      text.complications.n = quote(sum(!is.na(surgeries$complication))),
      text.complication_patients.n =
        quote(length(unique(surgeries$id[!is.na(surgeries$complication)]))),
      text.implant_failures.n = quote(sum(!is.na(surgeries$failure))),
      discussion.revision.pct =
        quote(100 * sum(surgeries$indication == "Failure of construct") / nrow(operated)),
      discussion.surgery_nearly.pct = quote(100 * mean(bone$surgery))
    )
  )
}

procedure_calls <- function() {
  procedure <- function(site, name) {
    bquote(sum(surgeries$site == .(site) & surgeries$procedure == .(name)))
  }
  list(
    text.procedure.spine.fusion.n = procedure("Spine", "Decompression and fusion"),
    text.procedure.spine.decompression.n = procedure("Spine", "Decompression alone"),
    text.procedure.spine.kyphoplasty.n = procedure("Spine", "Kyphoplasty"),
    text.procedure.femur.arthroplasty.n = procedure("Femur", "Arthroplasty"),
    text.procedure.femur.im_nail.n = procedure("Femur", "Intramedullary fixation"),
    text.procedure.femur.curettage.n = procedure("Femur", "Curettage and cement"),
    text.procedure.humerus.hemiarthroplasty.n = procedure("Humerus", "Hemiarthroplasty"),
    text.procedure.humerus.plate.n = procedure("Humerus", "Plate and screws"),
    text.procedure.humerus.im_nail.n = procedure("Humerus", "Intramedullary fixation"),
    text.procedure.acetabulum.hemipelvectomy.n = procedure("Acetabulum", "Hemipelvectomy"),
    text.procedure.acetabulum.tha.n =
      procedure("Acetabulum", "Curettage, reconstruction and total hip arthroplasty")
  )
}

# The patients told of one by one.
case_calls <- function() {
  failed <- function(procedure) {
    bquote(with(surgeries, lms_months(date, failure)[procedure == .(procedure) & !is.na(failure)]))
  }
  after <- function(complication, unit) {
    bquote(with(
      surgeries[surgeries$complication %in% .(complication), ],
      lms_months(date, complication_date, unit = "days") / .(unit)
    ))
  }
  plated <- quote(surgeries$id[surgeries$procedure == "Plate and screws"])
  list(
    text.case.hematoma_weeks = after("Hematoma", 7),
    text.case.l4_pain_months = after("Local recurrence", 30.4375),
    text.case.vertebroplasty_months = failed("Kyphoplasty"),
    text.case.subtroch_months = failed("Intramedullary fixation"),
    text.case.subtroch_alive_months = quote(with(
      cohort[cohort$id %in% surgeries$id[surgeries$site == "Femur" & !is.na(surgeries$failure)] &
               !cohort$died, ],
      lms_months(first_surgery, last_contact)
    )),
    text.case.curettage_months = failed("Curettage and cement"),
    text.case.pfr_to_humerus_months = bquote(with(
      surgeries[surgeries$id == .(plated), ],
      lms_months(date[procedure == "Arthroplasty"], date[procedure == "Plate and screws"])
    )),
    text.case.plate_months = failed("Plate and screws"),
    text.case.last_survival_months = bquote(lms_months(
      max(surgeries$date[surgeries$id == .(plated)]), cohort$last_contact[cohort$id == .(plated)]
    ))
  )
}

time_calls <- function() {
  rates <- function(data, months) {
    bquote(100 * tidy(
      lms_rates(os ~ 1, data = .(data), times = .(months), method = "crude")
    )$estimate)
  }
  curve <- function(response, data) {
    bquote(quantile(lms_km(.(response) ~ 1, data = .(data)), conf.int = FALSE))
  }
  list(
    text.time_to_bone_mets =
      quote(quantile(lms_months(bone$diagnosis, bone$bone_metastasis), 1:3 / 4, type = 2)),
    text.time_to_visceral_mets = quote(quantile(
      lms_months(bone$diagnosis, bone$visceral_metastasis), 1:3 / 4, type = 2, na.rm = TRUE
    )),
    text.time_to_surgery = quote(quantile(
      lms_months(operated$bone_metastasis, operated$first_surgery), 1:3 / 4, type = 2
    )),
    text.implant_survival =
      quote(quantile(lms_months(intact$first_surgery, intact$last_contact), 1:3 / 4, type = 2)),
    text.time_to_implant_failure = quote(quantile(
      lms_months(operated$first_surgery, operated$implant_failure), 1:3 / 4, type = 2, na.rm = TRUE
    )),
    survival.all.rate_2y = rates(quote(cohort), 24),
    survival.all.rate_5y = rates(quote(cohort), 60),
    survival.all.rate_10y = rates(quote(cohort), 120),
    survival.bone.rate_2y = rates(quote(bone), 24),
    survival.bone.rate_5y = rates(quote(bone), 60),
    survival.bone.rate_10y = rates(quote(bone), 120),
    survival.all.km = curve(quote(os), quote(cohort)),
    survival.bone.km = curve(quote(os), quote(bone)),
    survival.post_bone.km = curve(quote(os_bone), quote(bone)),
    discussion.survival.bone.median = quote(median(lms_months(bone$diagnosis, bone$last_contact))),
    discussion.survival.post_bone.median =
      quote(median(lms_months(bone$bone_metastasis, bone$last_contact)))
  )
}

test_calls <- function() {
  log_rank <- function(group, data) {
    bquote(lms_logrank(os ~ .(group), data = .(data))$p.value)
  }
  list(
    text.fisher_subtype_bone.p =
      quote(lms_fisher(subtype ~ ever_bone_metastasis, data = cohort)$p.value),
    logrank.bone_vs_none.p = log_rank(quote(ever_bone_metastasis), quote(cohort)),
    logrank.subtype.p = log_rank(quote(subtype), quote(bone)),
    logrank.surgery.p = log_rank(quote(surgery), quote(bone)),
    logrank.fracture.p = log_rank(quote(fracture), quote(bone)),
    logrank.indication.p = log_rank(quote(indication), quote(operated))
  )
}

model_calls <- function() {
  row <- function(table, term) bquote(.(table)[.(table)$term == .(term), ])
  subtype_rows <- function(prefix, table, keys) {
    stats::setNames(
      lapply(keys, function(key) row(table, paste0("subtype", subtype_keys[[key]]))),
      paste0(prefix, keys)
    )
  }
  four <- quote(table4)
  five <- quote(table5)
  bone <- row(four, "ever_bone_metastasisTRUE")
  fracture <- row(five, "fractureTRUE")
  c(
    list(
      abstract.hr.bone_mets = bone, abstract.hr.fracture = fracture, table4.hr.bone_mets = bone,
      text.hr.unknown_fold = quote(table4$estimate[table4$term == "subtypeUnknown"])
    ),
    subtype_rows("table4.hr.", four, names(subtype_keys)[-1L]),
    subtype_rows("table5.hr.", five, c("extremity", "uterine", "lung", "head_neck", "unknown")),
    list(
      table5.hr.appendicular = row(five, "bone_locationAppendicular"),
      table5.hr.axial = row(five, "bone_locationAxial"),
      table5.hr.sex = row(five, "sexMale"),
      table5.hr.visceral = row(five, "ever_visceral_metastasisTRUE"),
      table5.hr.number = row(five, "bone_lesionsMultiple"),
      table5.hr.fracture = fracture,
      table5.hr.surgery = row(five, "surgeryTRUE")
    )
  )
}
