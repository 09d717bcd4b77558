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
          "32 + 4 + 10 is 46 of 45 patients; the printed 20% is 9."),
    other("table3.surgery.pct", "table3.surgery.n", "20 of 45 is 44.4%; the abstract has 44%."),
    other("discussion.surgery_nearly.pct", "table3.surgery.n",
          "20 of 45 is 44%, in words \"nearly 50%\"."),
    other("discussion.supplementary_imaging", "text.pet_and_scan.n",
          "13 + 14 - 3 is 24 of 45, 53%; each alone is nearly a third."),
    other("text.fisher_subtype_bone.p", "table2.subtype.uterine.n",
          "The counts of Tables 1 and 2 leave no choice: 0.27; 0.20 if subtypes are pooled.", "p"),
    other("text.case.subtroch_months", "text.time_to_implant_failure",
          "The printed quartile of three failures is the last of them, 23.6, told as 23."),
    other("text.case.curettage_months", "text.time_to_implant_failure",
          "Three failures with the quartiles 12.5, 12.7 and 23.6 are these; none is at 48.")
  )
}

# How a number is read where its name does not say it, and why one cannot be computed.
readings <- function() {
  crude <- "Patients followed so long or longer, of all: no survival rate under censoring."
  c(
    table2.survival_time = "Quartiles of the follow-up, of the dead and the living alike.",
    discussion.survival.bone.median = "Median of the follow-up, of the dead and the living alike.",
    discussion.survival.post_bone.median =
      "Median of the follow-up since bone metastasis, of the dead and the living alike.",
    survival.all.rate_2y = crude, survival.all.rate_5y = crude, survival.all.rate_10y = crude,
    survival.bone.rate_2y = crude, survival.bone.rate_5y = crude, survival.bone.rate_10y = crude,
    logrank.subtype.p = paste(
      "Of six curves, one of them the patient with a hazard ratio of 125. With the three rarest",
      "subtypes as one group p is about 0.56."
    ),
    text.age.pm = "As standard error: 1.8 cannot be the standard deviation of adults' ages.",
    text.two_surgeries.n = paste(
      "Two or more: with 11, 6 and 3 patients of one, two and three there would be 32 operations."
    ),
    discussion.revision.pct = "Operations for a failed construct, of the 20 operated.",
    text.implant_survival = "Follow-up since surgery of those with hardware and no failure.",
    text.spine.vertebral_body.n = "Patients, of the 29 with lesions of the spine.",
    text.spine.posterior.n = "Patients, of the 29 with lesions of the spine.",
    table2.age = "Nothing is printed.",
    stats.alpha = "A threshold, no result."
  )
}
