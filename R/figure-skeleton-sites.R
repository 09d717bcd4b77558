# Where on the skeleton a site is: bones by the words that people write for them.

bone_row <- function(bone, region, x, y, pattern) data.frame(bone, region, x, y, pattern)

# region: where the table of lesions does not say it. x, y: the mark, in units of the drawing, each
# about 1 cm; axial bones are marked on the midline or at the left, the others at the right.
# pattern: what the site is called; of several bones whose pattern fits the first counts.
skeleton_bones <- rbind(
  bone_row("Proximal humerus", "Appendicular", 18.3, 143,
           "(proximal|upper|head|neck).*humer|humer.*(proximal|upper|head|neck)"),
  bone_row("Distal humerus", "Appendicular", 21.3, 116,
           "(distal|lower|condyl).*humer|humer.*(distal|lower|condyl)"),
  bone_row("Humerus", "Appendicular", 19.7, 130, "humer(us|i|al)\\b"),
  bone_row("Radius", "Appendicular", 24.6, 102.5, "\\bradius|\\bradial (head|neck)"),
  bone_row("Ulna", "Appendicular", 22.2, 95, "\\bulna|olecranon"),
  bone_row("Hand", "Appendicular", 25.6, 77, "\\bhand|carpal|finger|thumb|scaphoid"),
  bone_row("Distal femur", "Appendicular", 9.4, 57.5,
           "(distal|lower|condyl).*fem(ur|or)|fem(ur|or).*(distal|lower|condyl)"),
  bone_row(
    "Proximal femur", "Appendicular", 13.4, 86.6,
    "(proximal|upper|head|neck).*fem(ur|or)|fem(ur|or).*(proximal|upper|head|neck)|troch|\\bhips?$"
  ),
  bone_row("Femur", "Appendicular", 12.2, 71, "fem(ur|ora|oral)\\b"),
  bone_row("Patella", "Appendicular", 9.3, 52.4, "patell|knee ?cap"),
  bone_row("Proximal tibia", "Appendicular", 9, 44.8,
           "(proximal|upper|plateau).*tibi|tibi.*(proximal|upper|plateau)"),
  bone_row("Distal tibia", "Appendicular", 8.2, 12.5,
           "(distal|lower).*tibi|tibi.*(distal|lower)|malleol"),
  bone_row("Tibia", "Appendicular", 8.4, 31, "tibia|\\bshin"),
  bone_row("Fibula", "Appendicular", 11.4, 25, "fibul"),
  bone_row("Foot", "Appendicular", 8.6, 3.5,
           "\\bfoot|\\bfeet|calcan|tars|\\btalus|\\bheel|\\btoes?\\b"),
  bone_row("Scapula", "Appendicular", 13.6, 138.5,
           "scapul|glenoid|acromi|coracoid|shoulder blade"),
  bone_row("Clavicle", "Appendicular", 9.5, 146.2, "clavic|collar ?bone"),
  bone_row("Mandible", "Axial", -4.9, 155.3, "mandib|\\bjaw"),
  bone_row("Skull", "Axial", -3.2, 171,
           "skull|crani|calvari|occip|\\bclivus|\\borbit|maxill|zygom|(frontal|parietal) bone"),
  bone_row("Ribs", "Axial", -13.2, 128, "\\bribs?\\b|costal|(chest|thoracic) (wall|cage)"),
  bone_row("Sternum", "Axial", 0, 134.5, "\\bstern(um|al)\\b|manubri|xipho"),
  bone_row("Acetabulum", "Axial", -12.4, 91.5, "acetab"),
  bone_row("Ilium", "Axial", -12.6, 101.5, "\\bili(um|ac)\\b"),
  bone_row("Ischium", "Axial", -8.8, 80, "ischi"),
  bone_row("Pubis", "Axial", -3.2, 87.3, "\\bpub(is|ic)\\b|symphysis"),
  bone_row("Pelvis", "Axial", -9, 98, "pelvi|innominate|hip ?bone|\\bcoxa"),
  bone_row("Cervical spine", "Axial", 0, 149.3,
           "cervical|\\bc[- ]?spine|\\bc[1-7]\\b|\\batlas\\b|odontoid"),
  bone_row("Thoracic spine", "Axial", 0, 119.5,
           "thoracic|\\bdorsal|\\bth?[- ]?spine|\\bth?(1[0-2]|[1-9])\\b"),
  bone_row("Lumbar spine", "Axial", 0, 105.6, "lumbar|\\bl[- ]?spine|\\bl[1-5]\\b"),
  bone_row("Sacrum", "Axial", 0, 94.5, "sacr|\\bs[1-5]\\b"),
  bone_row("Coccyx", "Axial", 0, 87.8, "coccy|tail ?bone"),
  bone_row("Spine", "Axial", 0, 127.5, "spine|spinal|vertebra")
)

# Row of skeleton_bones for each text, NA where none fits.
find_bone <- function(text) {
  found <- rep(NA_integer_, length(text))
  for (i in rev(seq_len(nrow(skeleton_bones)))) {
    found[grepl(skeleton_bones$pattern[i], text, ignore.case = TRUE, perl = TRUE)] <- i
  }
  found
}

spine_levels <- c(c = "cervical", t = "thoracic", l = "lumbar", s = "sacrum")

joint_levels <- c(
  "cervico-?thoracic" = "cervical, thoracic", "thoraco-?lumbar" = "thoracic, lumbar",
  "lumbo-?sacral" = "lumbar, sacrum"
)

# "T11-S1" is "thoracic, lumbar, sacrum", with what lies between.
spell_levels <- function(text) {
  for (i in seq_along(joint_levels)) text <- gsub(names(joint_levels)[i], joint_levels[i], text)
  range <- "\\b([ctls])h?[0-9]+ *(?:-|\u2013|to) *([ctls]?)h?[0-9]+"
  at <- gregexpr(range, text, perl = TRUE)
  regmatches(text, at) <- lapply(regmatches(text, at), function(found) {
    ends <- matrix(match(c(sub(range, "\\1", found, perl = TRUE),
                           sub(range, "\\2", found, perl = TRUE)), names(spine_levels)), ncol = 2L)
    ends[is.na(ends[, 2L]), 2L] <- ends[is.na(ends[, 2L]), 1L]
    apply(ends, 1L, function(e) paste(spine_levels[e[1L]:e[2L]], collapse = ", "))
  })
  text
}

side_words <- paste0(
  "^(left|right|both|bilateral|multiple|single|several|l|r|lt|rt|proximal|distal|upper|lower|mid|",
  "middle|shaft|diaphys\\w*|metaphys\\w*|epiphys\\w*|head|neck|body|bodies|elements?|anterior|",
  "posterior|lateral|medial|lesions?|no|number|[0-9]+|[-. ()])+$"
)

# A row for each site that is named in `text`: `site`, a bone or what fits none, and `bone`, the row
# of skeleton_bones or NA.
place_site <- function(text) {
  if (is.na(text)) return(data.frame(site = "Not recorded", bone = NA_integer_))
  parts <- trimws(strsplit(spell_levels(tolower(text)), "[,;/&+]|\\band\\b|\\bwith\\b")[[1L]])
  parts <- parts[nzchar(parts)]
  # "Femur, proximal": words that name no bone belong to the part before, or else after.
  loose <- is.na(find_bone(parts)) & grepl(side_words, parts)
  whole <- vapply(split(parts, pmax(cumsum(!loose), 1L)), paste, "", collapse = " ")
  bone <- find_bone(whole)
  site <- ifelse(is.na(bone), sub("^(.)", "\\U\\1", whole, perl = TRUE), skeleton_bones$bone[bone])
  unique(data.frame(site = site, bone = bone, row.names = NULL))
}

# lesions: `patient`, `site` and, where the table has it, `region`. Answer: a row for each site of
# each lesion with `patient`, `site`, `bone` and `region`, of a bone always the same one; NA where
# there is no bone.
site_rows <- function(lesions) {
  written <- unique(lesions$site)
  places <- lapply(written, place_site)[match(lesions$site, written)]
  from <- rep(seq_along(places), vapply(places, nrow, 0L))
  rows <- do.call(rbind, places)
  rows$patient <- lesions$patient[from]
  said <- if (is.null(lesions$region)) NA else lesions$region[from]
  rows$region <- skeleton_bones$region[rows$bone]
  for (bone in unique(rows$bone[!is.na(rows$bone)])) {
    own <- rows$bone %in% bone
    rows$region[own] <- bone_region(said[own], rows$region[own][1L])
  }
  rows
}

# What most of the lesions of a bone are said to be.
bone_region <- function(said, otherwise) {
  said <- c("Axial", "Appendicular")[pmatch(substr(tolower(said), 1L, 2L), c("ax", "ap"),
                                            duplicates.ok = TRUE)]
  if (all(is.na(said))) otherwise else names(which.max(table(said)))
}

# rows: of site_rows(). Answer: a row for each site with the number `n` of its patients.
count_sites <- function(rows) {
  counted <- unique(rows[c("patient", "site", "bone", "region")])
  sites <- unique(rows[c("site", "bone", "region")])
  sites$n <- vapply(sites$site, function(site) sum(counted$site == site), 0L)
  sites <- sites[order(-sites$n, sites$site), ]
  row.names(sites) <- NULL
  sites
}
