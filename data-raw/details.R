# What no model depends on: dates, demographics and treatment, each margin as printed.

fill <- function(n, rows, values) replace(rep(NA, n), rows, values)

# `counts` TRUE, the rest FALSE, at random.
flags <- function(n, count) sample(rep(c(TRUE, FALSE), c(count, n - count)))

as_levels <- function(codes, levels) factor(levels[codes], levels)

combine_patients <- function(bone, rest) {
  bone$subtype <- bone_subtypes[bone$subtype + 1L]
  rest$subtype <- rest$subtype + 1L
  for (name in setdiff(names(bone), names(rest))) rest[[name]] <- NA
  patients <- rbind(bone, rest[names(bone)])
  patients$has_bone <- rep(c(TRUE, FALSE), c(nrow(bone), nrow(rest)))
  patients$operated <- patients$has_bone & patients$management %in% 2:3
  patients$fractured <- patients$has_bone & patients$management %in% c(1, 3)
  patients
}

# Of the 94 lost, one has bone metastases: with 8 operated survivors an operated one, as 5 who were
# not operated are alive. The other 93 are drawn so that the mean follow-up is the printed one.
lost_patients <- function(patients) {
  alive <- patients$dead == 0
  operated_alive <- sum(alive & patients$operated)
  candidates <- which(alive & patients$has_bone & patients$operated == (operated_alive == 8L) &
                        !patients$role %in% c("nail", "vertebroplasty"))
  one <- candidates[which.min(patients$days[candidates])]
  others <- which(alive & !patients$has_bone)
  window <- printed("cohort.lost_to_follow_up.mean_months", "value")
  lost <- sample(others, 93L)
  average <- function(lost) mean(patients$days[c(one, lost)]) / month
  while (average(lost) < window[1L] || average(lost) >= window[2L]) {
    now <- average(lost)
    trial <- c(sample(lost, 92L), sample(setdiff(others, lost), 1L))
    if (abs(average(trial) - 65) <= abs(now - 65)) lost <- trial
  }
  seq_len(nrow(patients)) %in% c(one, lost)
}

sexes <- function(patients) {
  key <- subtype_keys[patients$subtype]
  male <- ifelse(patients$has_bone, patients$sex == 1, key == "male_reproductive")
  open <- which(!patients$has_bone &
                  !key %in% c("uterine", "gynecologic", "breast", "male_reproductive"))
  male[sample(open, 123L - sum(male))] <- TRUE
  as_levels(1L + male, c("Female", "Male"))
}

races <- function(patients) {
  n <- nrow(patients)
  race <- integer(n)
  race[patients$has_bone] <- sample(rep(c(1L, 2L, 5L), c(33, 10, 2)))
  race[!patients$has_bone] <- sample(rep(1:5, c(262 - 33, 92 - 10, 20, 2, 20 - 2)))
  as_levels(race, c("Caucasian", "African American", "Asian", "Hispanic", "Other"))
}

# Imaging and treatment, recorded for the 45 alone. No implant failed under antiresorptive therapy:
# a ratio that runs to 0 is what a vignette is about.
treatments <- function(failed, n = 45L) {
  radiotherapy <- flags(n, 31L)
  palliative <- rep(NA, n)
  palliative[radiotherapy] <- flags(31L, 29L)
  imaging <- sample(rep(c("both", "pet", "scan", "none"), c(3, 10, 11, 21)))
  pet <- imaging %in% c("both", "pet")
  scan <- imaging %in% c("both", "scan")
  uptake <- rep(NA, n)
  uptake[imaging == "both"] <- FALSE
  uptake[imaging == "scan"] <- flags(11L, 3L)
  data.frame(
    prior_chemotherapy = flags(n, 41L), prior_radiotherapy = flags(n, 37L),
    bone_radiotherapy = radiotherapy, palliative_radiotherapy = palliative,
    antiresorptive = seq_len(n) %in% sample(which(!failed), 17L), pet = pet, bone_scan = scan,
    pet_avid = ifelse(pet, TRUE, NA), scan_uptake = uptake
  )
}

# What is on working days, in days from the diagnosis. Of the failures one of the days that round to
# the printed months.
dated <- function(patients) {
  bone <- ifelse(patients$has_bone, patients$bone, NA)
  first <- bone + ifelse(patients$operated, patients$delay, NA)
  range <- failure_range(patients$role)
  failure <- rep(NA, nrow(patients))
  for (i in which(range[, 1L] > 0)) {
    days <- first[i] + range[i, 1L]:range[i, 2L]
    failure[i] <- days[(patients$weekday[i] + days) %% 7 < 5][1L]
  }
  data.frame(
    last = ifelse(patients$dead == 0, patients$days, NA), bone, first, failure,
    visceral = ifelse(patients$metastases %in% 1, patients$visceral_days, NA)
  )
}

make_patients <- function(patients) {
  n <- nrow(patients)
  lost <- lost_patients(patients)
  days <- dated(patients)
  diagnosis <- diagnosis_dates(patients, lost, as.matrix(days))
  known <- prognosis(patients)
  of_bone <- function(codes, levels) as_levels(ifelse(patients$has_bone, codes, NA), levels)
  out <- data.frame(
    id = 0L, sex = sexes(patients), race = races(patients),
    subtype = as_levels(patients$subtype, subtype_levels), age = known$age,
    diagnosis = diagnosis, last_contact = diagnosis + patients$days, died = patients$dead == 1,
    lost_to_follow_up = lost, bone_metastasis = diagnosis + days$bone,
    visceral_metastasis = diagnosis + days$visceral,
    bone_location = of_bone(patients$location + 1L, c("Both", "Appendicular", "Axial")),
    lesion_type = as_levels(
      fill(n, patients$has_bone, sample(rep(1:3, c(32, 4, 9)))), c("Lytic", "Sclerotic", "Mixed")
    ),
    bone_lesions = of_bone(patients$number + 1L, c("Single", "Multiple")),
    fracture = patients$fractured, surgery = patients$operated,
    indication = as_levels(
      ifelse(patients$operated, 1L + patients$fractured, NA),
      c("Prophylactic fixation", "Pathologic fracture fixation")
    ),
    first_surgery = diagnosis + days$first, implant_failure = diagnosis + days$failure,
    hardware = patients$role %in% c(hardware_roles, "vertebroplasty", "four", "nail"),
    tumor_size = as_levels(known$size, size_levels), grade = as_levels(known$grade, grade_levels)
  )
  treated <- treatments(!is.na(days$failure[patients$has_bone]))
  for (name in names(treated)) out[[name]] <- fill(n, patients$has_bone, treated[[name]])
  out$role <- patients$role
  out$bone_location <- factor(out$bone_location, c("Both", "Axial", "Appendicular"))
  out <- out[order(out$diagnosis, out$last_contact), ]
  out$id <- seq_len(n)
  rownames(out) <- NULL
  out
}
