# What the article says of itself.

# Numbers that others of the article rule out.
contradictions <- function() {
  rounded <- function(key, count, exact, rounds_to, printed) {
    data.frame(
      id = paste0("table1.", key, ".pct"), part = "value", by = paste0("table1.", key, ".n"),
      why = paste0(
        "The printed count is ", count, " of 396 patients, or ", exact, "%. This rounds to ",
        rounds_to, "%, but the article prints ", printed, "%."
      )
    )
  }
  other <- function(id, by, ..., part = "value") data.frame(id, part, by, why = paste(...))
  rbind(
    rounded("race.asian", 20, "5.05", "5.1", "5.0"),
    rounded("race.other", 20, "5.05", "5.1", "5.0"),
    rounded("race.hispanic", 2, "0.51", "0.5", "1.0"),
    rounded("subtype.primary_bone", 7, "1.77", "1.8", "1.7"),
    rounded("subtype.peritoneal", 7, "1.77", "1.8", "1.7"),
    rounded("subtype.gastrointestinal", 7, "1.77", "1.8", "1.7"),
    rounded("subtype.unknown", 3, "0.758", "0.76", "0.75"),
    other("table3.lesion.mixed.n", "table3.lesion.mixed.pct",
          "The three types of lesion add up to 46 patients (32 + 4 + 10), but there are only 45.",
          "The printed 20% corresponds to 9 patients."),
    other("table3.surgery.pct", "table3.surgery.n",
          "Table 3 prints 45%, but its own count of 20 of 45 patients is 44.4%. The abstract",
          "prints 44%."),
    other("discussion.surgery_nearly.pct", "table3.surgery.n",
          "The text says \"nearly 50%\", but Table 3 counts 20 of 45 patients, or 44%."),
    other("discussion.supplementary_imaging", "text.pet_and_scan.n",
          "13 patients had PET, 14 had a bone scan and 3 had both. This makes 24 of 45 patients",
          "(53%). Each test alone was done in nearly one third."),
    other("text.fisher_subtype_bone.p", "table2.subtype.uterine.n",
          "The counts in Tables 1 and 2 give p = 0.27. With some subtypes combined they give",
          "p = 0.20.", part = "p"),
    other("text.case.subtroch_months", "text.time_to_implant_failure",
          "Three implants failed, so the printed upper quartile, 23.6 months, is the time of the",
          "last failure. The text shortens it to 23."),
    other("text.case.curettage_months", "text.time_to_implant_failure",
          "Three implants failed. By the printed quartiles they failed at 12.5, 12.7 and 23.6",
          "months. None failed at 48 months.")
  )
}

# How a number is read where its name does not say it, and why one cannot be computed.
readings <- function() {
  crude <- paste(
    "This is the proportion of all patients in the group who were followed for at least this time.",
    "It is not a survival rate, because patients censored earlier count as if they had died."
  )
  spine <- "This is a number of patients, out of the 29 with lesions of the spine."
  c(
    table2.survival_time = "These are quartiles of follow-up in all patients, alive or dead.",
    discussion.survival.bone.median =
      "This is the median follow-up of all patients, alive or dead.",
    discussion.survival.post_bone.median =
      "This is the median follow-up of all patients, alive or dead, from bone metastasis.",
    survival.all.rate_2y = crude, survival.all.rate_5y = crude, survival.all.rate_10y = crude,
    survival.bone.rate_2y = crude, survival.bone.rate_5y = crude, survival.bone.rate_10y = crude,
    logrank.subtype.p = paste(
      "This test compares six subtypes. One of them is a single patient with a hazard ratio of",
      "125. With the three rarest subtypes combined, p is about 0.56."
    ),
    text.age.pm = paste(
      "We read 1.8 years as a standard error. It is too small for a standard deviation of adults'",
      "ages."
    ),
    text.two_surgeries.n = paste(
      "We read this as two or more operations. If 11, 6 and 3 patients had exactly one, two and",
      "three operations, there would be 32 operations. The article counts 30."
    ),
    discussion.revision.pct = paste(
      "This is the number of operations for a failed implant, as a percentage of the 20 patients",
      "who had surgery."
    ),
    text.implant_survival =
      "This is the follow-up from surgery of patients with hardware and no implant failure.",
    text.spine.vertebral_body.n = spine, text.spine.posterior.n = spine,
    table2.age = "The article prints no value in this row.",
    stats.alpha = "This is a threshold that the authors chose, not a result."
  )
}
