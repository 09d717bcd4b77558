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

# Who is alive was seen between July 2020 and the end of 2021; nobody was diagnosed outside 1995 to
# 2020 or seen after 2021.
diagnosis_dates <- function(patients, lost) {
  day <- function(text) as.integer(as.Date(text))
  earliest <- rep(day("1995-01-01"), nrow(patients))
  latest <- pmin(day("2020-12-31"), day("2021-12-31") - patients$days)
  alive <- patients$dead == 0 & !lost
  earliest[alive] <- pmax(earliest, day("2020-07-01") - patients$days)[alive]
  start <- earliest + floor(stats::runif(nrow(patients)) * (latest - earliest + 1))
  as.Date(start, origin = "1970-01-01")
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

# Of the 45 the printed mean, and a standard error of 1.8 (it cannot be a standard deviation).
ages <- function(patients) {
  draw <- function(n, mean, sd) {
    as.integer(pmin(pmax(round(stats::rnorm(n, mean, sd)), 22), 89))
  }
  uterine <- subtype_keys[patients$subtype] == "uterine"
  age <- draw(nrow(patients), ifelse(uterine, 54, 60), 12.5)
  inside <- function(x, window) x >= window[1L] + 1e-6 && x < window[2L] - 1e-6
  repeat {
    of_bone <- draw(sum(patients$has_bone), ifelse(uterine[patients$has_bone], 54, 58), 12.1)
    if (inside(mean(of_bone), printed("text.age.mean", "value")) &&
          inside(stats::sd(of_bone) / sqrt(45), printed("text.age.pm", "value"))) break
  }
  age[patients$has_bone] <- of_bone
  age
}

size_levels <- c("5 cm or less", "Over 5 to 10 cm", "Over 10 to 15 cm", "Over 15 to 20 cm")

sizes <- function(patients) {
  code <- sample(c(1:4, NA), nrow(patients), TRUE, c(0.25, 0.28, 0.16, 0.06, 0.25))
  code[patients$has_bone] <- sample(rep(c(1:4, NA), c(10, 13, 9, 2, 11)))
  as_levels(code, size_levels)
}

grades <- function(patients) {
  code <- sample(1:3, nrow(patients), TRUE, c(0.55, 0.33, 0.12))
  code[patients$has_bone] <- sample(rep(1:3, c(29, 15, 1)))
  as_levels(code, c("High", "Intermediate", "Low"))
}

# Imaging and treatment, recorded for the 45 alone.
treatments <- function(n = 45L) {
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
    antiresorptive = flags(n, 17L), pet = pet, bone_scan = scan,
    pet_avid = ifelse(pet, TRUE, NA), scan_uptake = uptake
  )
}

# First failure of a construct, in days from the first surgery: 12.5, 12.7 and 23.6 months.
failure_days <- c(vertebroplasty = 380, four = 387, nail = 718)

make_patients <- function(patients) {
  n <- nrow(patients)
  lost <- lost_patients(patients)
  diagnosis <- diagnosis_dates(patients, lost)
  bone <- diagnosis + ifelse(patients$has_bone, patients$bone, NA)
  first <- bone + ifelse(patients$operated, patients$delay, NA)
  of_bone <- function(codes, levels) as_levels(ifelse(patients$has_bone, codes, NA), levels)
  out <- data.frame(
    id = 0L, sex = sexes(patients), race = races(patients),
    subtype = as_levels(patients$subtype, subtype_levels), age = ages(patients),
    diagnosis = diagnosis, last_contact = diagnosis + patients$days, died = patients$dead == 1,
    lost_to_follow_up = lost, bone_metastasis = bone,
    visceral_metastasis = diagnosis +
      ifelse(patients$metastases %in% 1, patients$visceral_days, NA),
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
    first_surgery = first, implant_failure = first + unname(failure_days[patients$role]),
    hardware = patients$role %in% c(hardware_roles, names(failure_days)),
    tumor_size = sizes(patients), grade = grades(patients)
  )
  treated <- treatments()
  for (name in names(treated)) out[[name]] <- fill(n, patients$has_bone, treated[[name]])
  out$role <- patients$role
  out$bone_location <- factor(out$bone_location, c("Both", "Axial", "Appendicular"))
  out <- out[order(out$diagnosis, out$last_contact), ]
  out$id <- seq_len(n)
  rownames(out) <- NULL
  out
}
