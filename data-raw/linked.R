# The tables of operations and of lesions, from the patients with their roles.

operation <- function(date, site, procedure, implant, failure = no_date, complication = NA,
                      complication_date = no_date) {
  data.frame(date, site, procedure, implant, failure, complication, complication_date)
}

no_date <- as.Date(NA)

fusion <- function(date, ...) operation(date, "Spine", "Decompression and fusion", TRUE, ...)
decompression <- function(date) operation(date, "Spine", "Decompression alone", FALSE)
arthroplasty <- function(date) operation(date, "Femur", "Arthroplasty", TRUE)
femur_nail <- function(date, ...) operation(date, "Femur", "Intramedullary fixation", TRUE, ...)
humerus_nail <- function(date) operation(date, "Humerus", "Intramedullary fixation", TRUE)

# The humerus of the patient operated four times: 16 months after the revision of the femur, and
# again 10 months later.
humerus_operations <- function(failed) {
  plate <- first_working(failed + 487:493)
  loose <- first_working(plate + 301:307)
  rbind(
    operation(plate, "Humerus", "Plate and screws", TRUE, loose, "Failure of construct", loose),
    humerus_nail(loose)
  )
}

# From the day of the first operation. Staged operations of the spine come within months: at a share
# of the time to the last contact, but not later than so many days.
operations_of <- function(role, first, failed, last) {
  staged <- function(share, days) {
    next_working(first + min(round(share * as.integer(last - first)), days))
  }
  switch(role,
    four = rbind(
      operation(first, "Femur", "Curettage and cement", FALSE, failed, "Failure of construct",
                failed),
      arthroplasty(failed), humerus_operations(failed)
    ),
    nail = rbind(femur_nail(first, failed, "Failure of construct", failed), femur_nail(failed)),
    vertebroplasty = rbind(
      operation(first, "Spine", "Kyphoplasty", FALSE, failed, "Failure of construct", failed),
      fusion(failed)
    ),
    hematoma = femur_nail(first, no_date, "Hematoma", first + 21),
    recurrence = fusion(first, no_date, "Local recurrence", first_working(first + 149:155)),
    `three spine` = rbind(
      decompression(first), fusion(staged(0.3, 119)), fusion(staged(0.7, 378))
    ),
    `two spine` = rbind(decompression(first), fusion(staged(0.4, 147))),
    arthroplasty = arthroplasty(first),
    hemiarthroplasty = operation(first, "Humerus", "Hemiarthroplasty", TRUE),
    `humerus nail` = humerus_nail(first),
    hemipelvectomy = operation(first, "Acetabulum", "Hemipelvectomy", FALSE),
    hip = operation(first, "Acetabulum", "Curettage, reconstruction and total hip arthroplasty",
                    TRUE),
    fusion = fusion(first),
    decompression = decompression(first),
    kyphoplasty = operation(first, "Spine", "Kyphoplasty", FALSE)
  )
}

indication_levels <- c("Prophylactic fixation", "Pathologic fracture fixation",
                       "Failure of construct")

make_surgeries <- function(patients) {
  rows <- lapply(which(patients$surgery), function(i) {
    patient <- patients[i, ]
    done <- operations_of(patient$role, patient$first_surgery, patient$implant_failure,
                          patient$last_contact)
    indication <- rep(as.character(patient$indication), nrow(done))
    indication[done$date %in% stats::na.omit(done$failure)] <- indication_levels[3L]
    data.frame(
      id = patient$id, sequence = seq_len(nrow(done)), date = done$date, site = done$site,
      procedure = done$procedure, indication = indication, implant = done$implant,
      failure = done$failure, complication = done$complication,
      complication_date = done$complication_date
    )
  })
  out <- do.call(rbind, rows)
  out$site <- factor(out$site, c("Spine", "Femur", "Humerus", "Acetabulum"))
  out$procedure <- factor(out$procedure, c(
    "Decompression and fusion", "Decompression alone", "Kyphoplasty", "Arthroplasty",
    "Intramedullary fixation", "Curettage and cement", "Hemiarthroplasty", "Plate and screws",
    "Hemipelvectomy", "Curettage, reconstruction and total hip arthroplasty"
  ))
  out$indication <- factor(out$indication, indication_levels)
  out$complication <- factor(out$complication, c("Failure of construct", "Hematoma",
                                                 "Local recurrence"))
  out
}

site_levels <- c("Thoracic spine", "Lumbar spine", "Pelvis", "Sacrum", "Ribs", "Femur", "Humerus",
                 "Tibia")
spine_roles <- c("vertebroplasty", "recurrence", "three spine", "two spine", "fusion",
                 "decompression", "kyphoplasty")
femur_roles <- c("nail", "hematoma", "arthroplasty")
humerus_roles <- c("hemiarthroplasty", "humerus nail")

# A matrix of patients and sites. Femur 11 and humerus 5: one patient of section 3.3 has both, so
# that one of the 16 with limb lesions has neither. Spine patients 29: thoracic 22, lumbar 15, so 8
# have both.
choose_sites <- function(bone) {
  site <- matrix(FALSE, nrow(bone), length(site_levels), dimnames = list(NULL, site_levels))
  limb <- bone$bone_location != "Axial"
  site[, "Femur"] <- bone$role %in% c("four", femur_roles)
  site[, "Humerus"] <- bone$role %in% c("four", humerus_roles)
  open <- which(limb & !site[, "Femur"] & !site[, "Humerus"])
  open <- open[order(stats::runif(length(open)))]
  site[cbind(open, match(rep(c("Femur", "Humerus", "Tibia"), c(4, 2, 1)), site_levels))] <- TRUE

  trunk <- bone$bone_location != "Appendicular"
  pelvis <- bone$role %in% c("hemipelvectomy", "hip")
  spine <- bone$role %in% spine_roles
  spine[sample(which(trunk & !spine & !pelvis), 29L - sum(spine))] <- TRUE
  lumbar_first <- bone$role %in% c("vertebroplasty", "recurrence")
  # A single lesion is at one level; who has lesions at a limb too may have both.
  several <- which(spine & bone$bone_lesions == "Multiple")
  both <- seq_along(spine) %in% sample(several, 8L)
  rest <- which(spine & !both & !lumbar_first)
  lumbar_only <- c(which(lumbar_first & !both), sample(rest, 7L - sum(lumbar_first & !both)))
  site[, "Lumbar spine"] <- both | seq_along(spine) %in% lumbar_only
  site[, "Thoracic spine"] <- spine & !(seq_along(spine) %in% lumbar_only)
  site[pelvis, "Pelvis"] <- TRUE
  other <- which(trunk & !spine & !pelvis)
  site[cbind(other, match(sample(c("Pelvis", "Sacrum", "Ribs"), length(other), TRUE),
                          site_levels))] <- TRUE
  site
}

# Bones at which an operation of a site is done.
operated_bones <- list(
  Spine = c("Thoracic spine", "Lumbar spine"), Femur = "Femur", Humerus = "Humerus",
  Acetabulum = "Pelvis"
)

# The day of the first operation of each bone, NA for none.
first_operations <- function(bones, operations) {
  days <- vapply(bones, function(bone) {
    there <- vapply(operated_bones[as.character(operations$site)], `%in%`, NA, x = bone)
    as.numeric(operations$date)[there][1L]
  }, 0)
  as.Date(unname(days), origin = "1970-01-01")
}

# The first lesion is found on the day of the diagnosis. Another that is operated on is found within
# 12 weeks before that; half of the others then, or at any later visit.
lesion_dates <- function(operated, bone, last) {
  found <- rep(bone, length(operated))
  for (k in seq_along(operated)[-1L]) {
    known <- is.na(operated[k])
    until <- if (known) last else operated[k]
    from <- if (known) bone else max(bone, until - 84L)
    days <- from + seq.int(0L, as.integer(until - from))
    days <- days[is_working(days)]
    later <- if (known) k %% 2L == 0L else from > bone
    if (later) found[k] <- days[sample.int(length(days), 1L)]
  }
  found
}

make_lesions <- function(patients, surgeries) {
  bone <- patients[!is.na(patients$bone_metastasis), ]
  site <- choose_sites(bone)
  spine <- site[, "Thoracic spine"] | site[, "Lumbar spine"]
  part <- fill(nrow(bone), spine, sample(rep(1:2, c(17, 12))))
  rows <- lapply(seq_len(nrow(bone)), function(i) {
    at <- site_levels[site[i, ]]
    if (bone$bone_lesions[i] == "Multiple" && length(at) == 1L) at <- c(at, at)
    operated <- first_operations(at, surgeries[surgeries$id == bone$id[i], ])
    # A bone that is operated on long after the first lesion was found is not the first.
    order <- order(operated, na.last = FALSE)
    at <- at[order]
    data.frame(
      id = bone$id[i], site = at,
      date = lesion_dates(operated[order], bone$bone_metastasis[i], bone$last_contact[i]),
      region = ifelse(at %in% c("Femur", "Humerus", "Tibia"), "Appendicular", "Axial"),
      type = as.character(bone$lesion_type[i]),
      spine_part = ifelse(grepl("spine", at), part[i], NA),
      published = at %in% c("Thoracic spine", "Lumbar spine", "Femur", "Humerus")
    )
  })
  out <- do.call(rbind, rows)[c("id", "date", "site", "region", "type", "spine_part", "published")]
  out <- out[order(out$id, out$date), ]
  out$site <- factor(out$site, site_levels)
  out$region <- factor(out$region, c("Axial", "Appendicular"))
  out$type <- factor(out$type, c("Lytic", "Sclerotic", "Mixed"))
  out$spine_part <- as_levels(out$spine_part, c("Vertebral body", "Posterior elements"))
  rownames(out) <- NULL
  out
}
