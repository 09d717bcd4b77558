# What the article says of itself.

# Numbers that others of the article rule out.
contradictions <- function() {
  rounded <- function(key, exact, printed) {
    data.frame(
      id = paste0("table1.", key, ".pct"), part = "value", by = paste0("table1.", key, ".n"),
      why = paste0("The count is ", exact, "% of 396, printed as ", printed, "%.")
    )
  }
  other <- function(id, by, why, part = "value") data.frame(id, part, by, why)
  rbind(
    rounded("race.asian", "5.05", "5.0"), rounded("race.other", "5.05", "5.0"),
    rounded("race.hispanic", "0.51", "1.0"), rounded("subtype.primary_bone", "1.77", "1.7"),
    rounded("subtype.peritoneal", "1.77", "1.7"),
    rounded("subtype.gastrointestinal", "1.77", "1.7"),
    rounded("subtype.unknown", "0.758", "0.75"),
    other("table3.lesion.mixed.n", "table3.lesion.mixed.pct",
          "The counts 32, 4 and 10 add up to 46 of 45 patients; 20% of 45 is 9."),
    other("table3.surgery.pct", "table3.surgery.n",
          "20 of 45 is 44.4%; the abstract states 44%."),
    other("discussion.surgery_nearly.pct", "table3.surgery.n",
          "20 of 45 is 44%; the text calls this \"nearly 50%\"."),
    other("discussion.supplementary_imaging", "text.pet_and_scan.n",
          "13 + 14 - 3 is 24 of 45 patients (53%); each alone is nearly a third."),
    other("text.fisher_subtype_bone.p", "table2.subtype.uterine.n",
          "The counts of Tables 1 and 2 give p = 0.27, or p = 0.20 if subtypes are pooled.", "p"),
    other("text.case.subtroch_months", "text.time_to_implant_failure",
          "The printed quartile of the three failures is the last one, 23.6; the text states 23."),
    other("text.case.curettage_months", "text.time_to_implant_failure",
          "The quartiles 12.5, 12.7 and 23.6 are the three failures; no failure is at 48.")
  )
}

# How a number is read where its name does not say it, and why one cannot be computed.
readings <- function() {
  crude <- "Proportion of all patients followed for at least this time, not a survival rate."
  c(
    table2.survival_time = "Quartiles of the time to death or last contact, ignoring censoring.",
    discussion.survival.bone.median =
      "Median of the time to death or last contact, ignoring censoring.",
    discussion.survival.post_bone.median =
      "Median time from bone metastasis to death or last contact, ignoring censoring.",
    survival.all.rate_2y = crude, survival.all.rate_5y = crude, survival.all.rate_10y = crude,
    survival.bone.rate_2y = crude, survival.bone.rate_5y = crude, survival.bone.rate_10y = crude,
    logrank.subtype.p = paste(
      "The test compares six curves; one curve is the patient with a hazard ratio of 125. With the",
      "three rarest subtypes combined, p is about 0.56."
    ),
    text.age.pm =
      "Read as a standard error: 1.8 is too small for a standard deviation of adults' ages.",
    text.two_surgeries.n = paste(
      "Read as two or more operations: 11, 6 and 3 patients with one, two and three operations",
      "would have had 32 operations."
    ),
    discussion.revision.pct =
      "Operations for a failed construct, of 20 patients with surgery.",
    text.implant_survival =
      "Follow-up since surgery of patients with hardware and without failure.",
    text.spine.vertebral_body.n = "Percentage of the 29 patients with lesions of the spine.",
    text.spine.posterior.n = "Percentage of the 29 patients with lesions of the spine.",
    table2.age = "No number is printed.",
    stats.alpha = "This number is a threshold, not a result."
  )
}
