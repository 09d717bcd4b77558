# The tables of operations and of lesions, from the patients with their roles.

operation <- function(days, site, procedure, implant, failure = NA, complication = NA,
                      complication_days = NA) {
  data.frame(days, site, procedure, implant, failure, complication, complication_days)
}

fusion <- function(days, ...) operation(days, "Spine", "Decompression and fusion", TRUE, ...)
decompression <- function(days) operation(days, "Spine", "Decompression alone", FALSE)
arthroplasty <- function(days) operation(days, "Femur", "Arthroplasty", TRUE)
femur_nail <- function(days, ...) operation(days, "Femur", "Intramedullary fixation", TRUE, ...)
humerus_nail <- function(days) operation(days, "Humerus", "Intramedullary fixation", TRUE)

# Days from the first surgery. `last`: days to the last contact, after which nothing is done.
operations_of <- function(role, last) {
  failed <- unname(failure_days[role])
  switch(role,
    four = rbind(
      operation(0, "Femur", "Curettage and cement", FALSE, failed, "Failure of construct", failed),
      arthroplasty(failed),
      operation(failed + 487, "Humerus", "Plate and screws", TRUE, failed + 791,
                "Failure of construct", failed + 791),
      humerus_nail(failed + 791)
    ),
    nail = rbind(femur_nail(0, failed, "Failure of construct", failed), femur_nail(failed)),
    vertebroplasty = rbind(
      operation(0, "Spine", "Kyphoplasty", FALSE, failed, "Failure of construct", failed),
      fusion(failed)
    ),
    hematoma = femur_nail(0, NA, "Hematoma", 21),
    recurrence = fusion(0, NA, "Local recurrence", 152),
    `three spine` = rbind(decompression(0), fusion(round(last * 0.3)), fusion(round(last * 0.7))),
    `two spine` = rbind(decompression(0), fusion(round(last * 0.4))),
    arthroplasty = arthroplasty(0),
    hemiarthroplasty = operation(0, "Humerus", "Hemiarthroplasty", TRUE),
    `humerus nail` = humerus_nail(0),
    hemipelvectomy = operation(0, "Acetabulum", "Hemipelvectomy", FALSE),
    hip = operation(0, "Acetabulum", "Curettage, reconstruction and total hip arthroplasty", TRUE),
    fusion = fusion(0),
    decompression = decompression(0),
    kyphoplasty = operation(0, "Spine", "Kyphoplasty", FALSE)
  )
}

indication_levels <- c("Prophylactic fixation", "Pathologic fracture fixation",
                       "Failure of construct")

make_surgeries <- function(patients) {
  rows <- lapply(which(patients$surgery), function(i) {
    patient <- patients[i, ]
    last <- as.integer(patient$last_contact - patient$first_surgery)
    done <- operations_of(patient$role, last)
    indication <- rep(as.character(patient$indication), nrow(done))
    indication[done$days %in% done$failure] <- indication_levels[3L]
    data.frame(
      id = patient$id, sequence = seq_len(nrow(done)), date = patient$first_surgery + done$days,
      site = done$site, procedure = done$procedure, indication = indication,
      implant = done$implant, failure = patient$first_surgery + done$failure,
      complication = done$complication,
      complication_date = patient$first_surgery + done$complication_days
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

make_lesions <- function(patients) {
  bone <- patients[!is.na(patients$bone_metastasis), ]
  site <- choose_sites(bone)
  spine <- site[, "Thoracic spine"] | site[, "Lumbar spine"]
  part <- fill(nrow(bone), spine, sample(rep(1:2, c(17, 12))))
  rows <- lapply(seq_len(nrow(bone)), function(i) {
    at <- site_levels[site[i, ]]
    if (bone$bone_lesions[i] == "Multiple" && length(at) == 1L) at <- c(at, at)
    # The first is found on the day of the diagnosis, the others then or before the first surgery.
    known_until <- min(bone$first_surgery[i], bone$last_contact[i], na.rm = TRUE)
    room <- as.integer(known_until - bone$bone_metastasis[i])
    later <- floor(stats::runif(length(at)) * (room + 1)) * flags(length(at), length(at) %/% 2L)
    later[1L] <- 0
    data.frame(
      id = bone$id[i], date = bone$bone_metastasis[i] + later, site = at,
      region = ifelse(at %in% c("Femur", "Humerus", "Tibia"), "Appendicular", "Axial"),
      type = as.character(bone$lesion_type[i]),
      spine_part = ifelse(grepl("spine", at), part[i], NA),
      published = at %in% c("Thoracic spine", "Lumbar spine", "Femur", "Humerus")
    )
  })
  out <- do.call(rbind, rows)
  out <- out[order(out$id, out$date), ]
  out$site <- factor(out$site, site_levels)
  out$region <- factor(out$region, c("Axial", "Appendicular"))
  out$type <- factor(out$type, c("Lytic", "Sclerotic", "Mixed"))
  out$spine_part <- as_levels(out$spine_part, c("Vertebral body", "Posterior elements"))
  rownames(out) <- NULL
  out
}
