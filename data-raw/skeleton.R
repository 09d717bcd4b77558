# Draws the skeleton of Figure 1 and writes R/sysdata.rda. Run from the root of the package.
#   Rscript data-raw/skeleton.R
# Front view of an adult 176 units high (about cm), the ankles at 8, the midline at x = 0. Bones
# beside the midline are drawn at x > 0 and mirrored. All outlines are made up here, from few points
# by splines.

pieces <- list()

# shade: back (behind others), bone, cartilage, hole or line. side: both (mirrored) or middle.
put <- function(outline, bone, shade = "bone", side = "both") {
  piece <- list(x = outline[, 1L], y = outline[, 2L], bone = bone, shade = shade, side = side)
  pieces[[length(pieces) + 1L]] <<- piece
}

points_of <- function(...) matrix(c(...), ncol = 2L, byrow = TRUE)

# A spline through points, its parameter the square roots of the distances between them.
spline_through <- function(points, n, closed = FALSE) {
  if (closed) points <- rbind(points, points[1L, ])
  t <- c(0, cumsum(sqrt(sqrt(rowSums(diff(points)^2)))))
  method <- if (closed) "periodic" else "natural"
  at <- seq(0, max(t), length.out = n + closed)
  curve <- sapply(1:2, function(j) stats::spline(t, points[, j], method = method, xout = at)$y)
  if (closed) curve[-(n + 1L), ] else curve
}

closed <- function(points, n = 3L * nrow(points)) spline_through(points, n, closed = TRUE)

# From the upper end of the midline to its lower end, and back as its mirror image.
symmetric <- function(half, n = 2L * nrow(half)) {
  right <- spline_through(half, n)
  rbind(right, cbind(-right[, 1L], right[, 2L])[rev(seq_len(n)), ])
}

# Along a line, so wide to either side as `half` says, with round ends.
ribbon <- function(line, half, n = 12L, round = TRUE) {
  centre <- spline_through(line, n)
  if (length(half) == 1L) half <- c(half, half)
  half <- stats::approx(seq(0, 1, length.out = length(half)), half, seq(0, 1, length.out = n))$y
  along <- rbind(centre[2L, ] - centre[1L, ], centre[-(1:2), ] - centre[seq_len(n - 2L), ],
                 centre[n, ] - centre[n - 1L, ])
  along <- along / sqrt(rowSums(along^2))
  across <- cbind(-along[, 2L], along[, 1L])
  end <- function(i, sign) {
    angles <- if (round) c(-1, 0, 1) * pi / 4
    t(vapply(angles, function(a) {
      centre[i, ] + sign * half[i] * (0.8 * cos(a) * along[i, ] - sin(a) * across[i, ])
    }, numeric(2)))
  }
  rbind(centre + half * across, end(n, 1), (centre - half * across)[rev(seq_len(n)), ], end(1L, -1))
}

# An ellipse, or with a power above 2 a rounded box.
blob <- function(x, y, rx, ry = rx, angle = 0, power = 2, n = 14L) {
  t <- seq(0, 2 * pi, length.out = n + 1L)[-1L]
  bend <- function(z) sign(z) * abs(z)^(2 / power)
  turned(cbind(rx * bend(cos(t)), ry * bend(sin(t))), angle, x, y)
}

turned <- function(points, degrees, x = 0, y = 0) {
  a <- degrees * pi / 180
  cbind(points[, 1L] * cos(a) - points[, 2L] * sin(a) + x,
        points[, 1L] * sin(a) + points[, 2L] * cos(a) + y)
}

# A small long bone: waisted between its ends.
phalanx <- function(from, to, width, base = 1, head = 0.9) {
  ribbon(rbind(from, from + (to - from) / 2, to), width * c(base, 0.72, 0.6, 0.66, head), 7L)
}

# A thin line on a bone.
crease <- function(bone, ...) {
  line <- points_of(...)
  put(ribbon(line, c(0.02, 0.09, 0.09, 0.02), 2L * nrow(line) + 1L, FALSE), bone, "line")
}

# --- trunk, from behind to front -----------------------------------------------------------------

scapula <- function() {
  put(closed(points_of(
    8.0, 145.2, 10.2, 146.4, 12.6, 146.0, 14.2, 144.9, 15.6, 145.0, 16.3, 143.0, 15.8, 140.9,
    14.5, 139.6, 13.4, 136.6, 12.2, 132.8, 10.9, 129.8, 9.8, 129.9, 8.9, 133, 8.0, 137.5,
    7.4, 141.5
  ), 36L), "Scapula", "back")
  put(closed(points_of(
    8.6, 143.3, 12.4, 145.4, 16.0, 147.2, 18.4, 147.9, 19.9, 147.4, 20.2, 146.4, 19.2, 145.7,
    17.4, 146.1, 15.2, 145.7, 12.4, 144.2
  ), 28L), "Scapula", "back")
}

rib_table <- data.frame(
  spine = c(145.2, 143.2, 141.0, 138.6, 136.1, 133.5, 130.8, 128.0, 125.1, 122.1, 119.0, 115.8),
  wide = c(5.4, 8.6, 10.9, 12.4, 13.4, 14.0, 14.4, 14.5, 14.2, 13.4, 11.6, 7.6),
  side = c(143.8, 140.6, 137.3, 134.2, 131.1, 128.0, 124.8, 121.6, 118.4, 115.2, 112.2, 111.4),
  end = c(3.6, 5.4, 6.6, 7.4, 8.1, 8.9, 9.8, 10.7, 11.5, 12.0, NA, NA),
  front = c(141.4, 137.2, 133.2, 129.4, 125.8, 122.3, 119.2, 116.4, 113.8, 111.6, NA, NA),
  sternum = c(142.2, 138.5, 136.0, 133.5, 131.0, 128.7, 127.0, NA, NA, NA, NA, NA)
)

ribs_behind <- function() {
  for (i in 12:1) {
    r <- rib_table[i, ]
    floating <- is.na(r$end)
    drop <- r$spine - r$side
    line <- rbind(
      c(1.2, r$spine), c(0.35 * r$wide, r$spine + 0.4 - 0.1 * drop),
      c(0.72 * r$wide, r$spine - 0.30 * drop), c(0.94 * r$wide, r$spine - 0.66 * drop),
      c(r$wide, r$side)
    )
    put(ribbon(line, if (floating) c(0.6, 0.6, 0.5, 0.25) else 0.58), "Ribs", "back")
  }
}

ribs_before <- function() {
  for (i in 10:1) {
    r <- rib_table[i, ]
    line <- rbind(
      c(0.955 * r$wide, r$side + 0.24 * (r$spine - r$side)), c(r$wide, r$side),
      c(0.965 * r$wide, r$side - 0.3 * (r$side - r$front)),
      c(0.35 * r$end + 0.62 * r$wide, r$side - 0.68 * (r$side - r$front)), c(r$end, r$front)
    )
    put(ribbon(line, c(0.5, 0.6, 0.65, 0.68, 0.72)), "Ribs")
  }
}

# The cartilages of ribs 8 to 10 join the one above.
cartilages <- function() {
  for (i in 10:8) {
    r <- rib_table[i, ]
    above <- rib_table[i - 1L, ]
    to <- if (i == 8L) c(5.9, 122.0) else c(above$end - 2.6, above$front + 0.8)
    line <- rbind(c(r$end, r$front), c(r$end - 1.2, r$front + 0.3), to)
    put(ribbon(line, c(0.68, 0.55, 0.45), 8L), "Ribs", "cartilage")
  }
  for (i in 7:1) {
    r <- rib_table[i, ]
    at <- if (i == 1L) 2.4 else if (i < 4L) 1.5 else 1.7
    bend <- max(0, (i - 3) * 0.45)
    line <- rbind(c(r$end, r$front), c(0.6 * r$end + 0.4 * at, r$front - bend + 0.25 *
                                         (r$sternum - r$front)), c(at, r$sternum))
    put(ribbon(line, c(0.68, 0.6, 0.55), 8L), "Ribs", "cartilage")
  }
}

vertebra <- function(y, height, body, process, lift, bone, drop = 0) {
  h <- height / 2
  half <- points_of(
    0, y + h * 0.86, body * 0.7, y + h * 0.92, body, y + h * 0.8, body * 0.9, y + h * 0.35,
    process * 0.75, y + lift + h * 0.3, process, y + lift, process * 0.78, y + lift - h * 0.35,
    body * 0.86, y - h * 0.2, body * 1.02, y - h * 0.8, body * 0.7, y - h * 0.95, 0, y - h * 0.9
  )
  put(symmetric(half, 18L), bone, side = "middle")
}

spine <- function() {
  at <- function(top, bottom, n, growth) {
    heights <- growth^(seq_len(n) - 1L)
    heights <- heights * (top - bottom) / sum(heights)
    data.frame(y = top - cumsum(heights) + heights / 2, height = heights)
  }
  lumbar <- at(114.2, 97.6, 5L, 1.04)
  thoracic <- at(146.6, 114.2, 12L, 1.035)
  cervical <- at(159.5, 146.6, 7L, 1.03)
  for (i in 5:1) {
    vertebra(lumbar$y[i], lumbar$height[i], 2.3 + 0.12 * i, 4.6 + 0.25 * (2 - abs(3 - i)), 0.3,
             "Lumbar spine")
  }
  for (i in 12:1) {
    vertebra(thoracic$y[i], thoracic$height[i], 1.45 + 0.07 * i, 2.3 + 0.03 * i, 0.3,
             "Thoracic spine")
  }
  for (i in 7:1) {
    vertebra(cervical$y[i], cervical$height[i], 1.35 + 0.06 * i, 2.2 + 0.09 * i, 0,
             "Cervical spine")
  }
}

sternum <- function() {
  put(symmetric(points_of(0, 126.4, 0.55, 126.2, 0.5, 124.6, 0.2, 123.3, 0, 123.2), 10L), "Sternum",
      "cartilage", "middle")
  put(symmetric(points_of(
    0, 138.6, 1.3, 138.6, 1.45, 137.4, 1.3, 135.2, 1.6, 132, 1.9, 129.2, 1.6, 127.2, 0.8, 126.2,
    0, 126.1
  ), 20L), "Sternum", side = "middle")
  put(symmetric(points_of(
    0, 143.3, 1.2, 143.7, 2.4, 144.1, 3.0, 143.2, 2.6, 141.4, 1.8, 139.8, 1.45, 138.7, 0, 138.5
  ), 18L), "Sternum", side = "middle")
}

clavicle <- function() {
  put(closed(points_of(
    13.4, 145.4, 14.4, 146.1, 15.5, 145.5, 15.7, 144.3, 15.1, 143.6, 14.6, 144.4
  ), 16L), "Scapula")
  put(ribbon(points_of(2.5, 144.2, 5.5, 144.9, 9.5, 146.3, 13.0, 147.6, 17.0, 147.7),
             c(1.05, 0.72, 0.66, 0.72, 0.9), 14L), "Clavicle")
}

# --- skull --------------------------------------------------------------------------------------

skull <- function() {
  # The lower jaw behind the cheeks.
  put(symmetric(points_of(
    0, 156.2, 3.0, 156.4, 4.7, 159.4, 5.1, 162.0, 6.2, 162.0, 6.2, 159.4, 5.8, 156.4, 4.8, 154.4,
    3.5, 152.8, 2.3, 151.9, 0, 152.0
  ), 26L), "Mandible", side = "middle")
  put(symmetric(points_of(
    0, 176.0, 2.8, 175.6, 5.3, 174.1, 7.0, 171.6, 7.6, 168.8, 7.4, 166.6, 6.8, 165.2, 6.9, 164.2,
    7.2, 163.4, 6.8, 162.2, 5.9, 161.2, 4.8, 160.4, 3.9, 159.6, 3.5, 158.4, 3.2, 157.2, 2.2, 156.7,
    0, 156.6
  ), 40L), "Skull", side = "middle")
  put(closed(points_of(
    1.3, 165.3, 2.6, 166.2, 4.3, 166.1, 5.3, 165.0, 5.3, 163.5, 4.3, 162.4, 2.7, 162.6, 1.6, 163.7
  ), 20L), "Skull", "hole")
  put(symmetric(points_of(
    0, 163.0, 0.45, 162.6, 0.8, 161.2, 1.25, 160.0, 1.0, 159.2, 0.4, 159.2, 0, 159.6
  ), 12L), "Skull", "hole", "middle")
  for (i in 1:4) {
    x <- c(0.42, 1.2, 1.95, 2.65)[i]
    put(blob(x, 156.35 + 0.05 * i, 0.36, 0.62, power = 3.5, n = 10L), "Skull", "cartilage")
    put(blob(x * 0.95, 155.0 + 0.08 * i, 0.34, 0.58, power = 3.5, n = 10L), "Mandible", "cartilage")
  }
  crease("Skull", 1.0, 167.0, 2.6, 167.6, 4.6, 167.4, 6.0, 166.2)
  crease("Skull", 6.3, 166.6, 6.3, 168.6, 5.5, 170.6)
}

# --- pelvis -------------------------------------------------------------------------------------

pelvis <- function() {
  put(symmetric(points_of(0, 90.0, 0.95, 89.6, 0.8, 88.2, 0.4, 86.9, 0, 86.5), 10L), "Coccyx",
      side = "middle")
  put(symmetric(points_of(
    0, 97.8, 1.8, 98.0, 3.4, 98.4, 5.2, 97.4, 5.1, 96.0, 4.4, 93.8, 3.4, 91.8, 2.2, 90.2, 1.1, 89.4,
    0, 89.3
  ), 24L), "Sacrum", side = "middle")
  for (i in 1:4) {
    put(blob(c(2.3, 2.0, 1.7, 1.35)[i], c(96.0, 94.2, 92.5, 91.0)[i], 0.42 - 0.04 * i,
             0.38 - 0.03 * i, n = 8L), "Sacrum", "hole")
  }
  put(closed(points_of(
    4.7, 97.6, 4.5, 99.4, 4.6, 101.4, 5.8, 103.2, 7.9, 104.5, 10.3, 104.9, 12.7, 104.1,
    14.7, 102.1, 15.7, 99.6, 15.5, 98.0, 14.5, 97.0, 13.7, 95.9, 13.6, 94.6, 13.4, 93.2,
    13.8, 91.8, 13.6, 89.6, 12.5, 87.2, 11.3, 85.2, 10.6, 82.8, 10.2, 80.2, 9.2, 78.0, 7.6, 77.3,
    6.2, 78.6, 4.7, 80.6, 3.0, 82.3, 1.4, 83.1, 0.5, 84.2, 0.4, 86.6, 0.5, 88.4, 1.5, 89.2,
    3.2, 89.3, 5.1, 90.2, 6.8, 91.6, 7.4, 93.3, 6.9, 95.0, 5.8, 96.2
  ), 90L), "Pelvis")
  put(closed(points_of(
    3.3, 86.4, 4.8, 87.8, 6.8, 87.7, 8.4, 86.0, 8.8, 83.0, 8.1, 80.7, 6.7, 80.8, 5.0, 82.6,
    3.6, 84.4
  ), 22L), "Pelvis", "window")
  crease("Pelvis", 6.4, 96.6, 8.2, 94.6, 8.6, 92.4)
  crease("Pelvis", 6.2, 101.6, 9.6, 103.6, 12.8, 102.4, 14.2, 99.6)
}

# --- limbs --------------------------------------------------------------------------------------

arm <- function() {
  put(closed(points_of(
    15.6, 144.4, 17.0, 145.7, 18.6, 145.5, 19.9, 145.0, 20.7, 143.4, 20.6, 140.6, 20.4, 137,
    20.7, 131, 21.3, 124, 22.1, 118.2, 23.3, 115.4, 23.7, 113.9, 23.0, 112.8, 21.8, 112.6,
    20.6, 112.2, 19.5, 112.6, 18.8, 114.0, 19.4, 115.6, 19.9, 118.4, 19.3, 124, 18.6, 131,
    18.2, 137, 17.5, 139.8, 16.0, 141.0, 15.2, 142.6
  ), 66L), "Humerus")
  crease("Humerus", 18.9, 145.2, 18.8, 143.0, 18.6, 140.6)
  put(blob(21.2, 114.7, 0.9, 0.55), "Humerus", "back")
  put(ribbon(points_of(20.5, 112.2, 20.7, 110.4, 21.0, 104, 21.8, 97, 23.0, 90, 23.4, 87.2),
             c(1.3, 1.15, 0.85, 0.7, 0.6, 0.55, 0.55, 0.75), 18L), "Ulna")
  put(ribbon(points_of(23.0, 111.7, 23.2, 110.4, 23.4, 108.2, 24.7, 101, 25.6, 94, 25.9, 89.6,
                       25.9, 87.2),
             c(1.0, 0.72, 0.9, 0.74, 0.74, 0.78, 0.95, 1.35, 1.5), 20L), "Radius")
}

hand <- function() {
  place <- function(points) turned(points, 4, 24.8, 86.0)
  wrist <- points_of(-1.6, -0.7, -0.3, -0.7, 1.2, -0.7, 2.3, -2.1, -1.7, -2.4, -0.4, -2.5,
                     0.9, -2.4, 1.5, -3.0)
  size <- c(0.75, 0.8, 0.95, 0.75, 0.8, 0.85, 0.75, 0.6)
  for (i in seq_along(size)) {
    carpal <- blob(wrist[i, 1L], wrist[i, 2L], size[i], 0.85 * size[i], power = 2.6, n = 9L)
    put(place(carpal), "Hand")
  }
  # From the little finger to the index: where the metacarpal begins, its direction, four lengths.
  base <- points_of(-1.9, -3.5, -0.8, -3.6, 0.35, -3.6, 1.5, -3.5)
  tilt <- c(-13, -5, 2, 9)
  lengths <- rbind(c(4.4, 3.0, 1.8, 1.5), c(4.9, 3.7, 2.4, 1.7), c(5.5, 4.1, 2.7, 1.8),
                   c(5.6, 3.7, 2.3, 1.7))
  finger <- function(from, tilt, lengths, width) {
    along <- c(sin(tilt * pi / 180), -cos(tilt * pi / 180))
    for (j in seq_along(lengths)) {
      to <- from + lengths[j] * along
      head <- if (j == length(lengths)) 0.5 else 0.95
      put(place(phalanx(from, to, width[j], head = head)), "Hand")
      from <- to + 0.3 * along
    }
  }
  for (i in 1:4) finger(base[i, ], tilt[i], lengths[i, ], c(0.66, 0.6, 0.53, 0.46))
  finger(c(2.3, -2.9), 25, c(3.6, 2.7, 2.1), c(0.72, 0.66, 0.58))
}

leg <- function() {
  put(closed(points_of(
    8.4, 91.9, 9.8, 92.3, 11.2, 91.5, 12.2, 90.4, 13.2, 90.5, 14.6, 91.4, 15.7, 90.2, 15.8, 87.8,
    15.1, 84.4, 14.4, 79, 13.5, 72, 12.7, 64, 12.2, 58, 12.5, 54.6, 13.1, 52.2, 12.9, 49.8,
    11.7, 48.7, 10.3, 49.0, 9.3, 49.7, 8.2, 48.8, 6.7, 48.5, 5.6, 49.8, 5.5, 52.2, 6.6, 54.6,
    8.4, 58, 9.6, 64, 10.6, 72, 11.5, 79, 11.9, 82.6, 11.2, 84.2, 11.4, 85.7, 10.6, 87.3, 9.3, 87.5,
    8.0, 88.4, 7.3, 89.9, 7.5, 91.1
  ), 92L), "Femur")
  crease("Femur", 14.2, 89.4, 13.2, 87.0, 12.0, 85.0)
  put(closed(points_of(
    7.4, 53.6, 9.3, 54.6, 11.2, 53.6, 11.1, 51.8, 9.4, 50.2, 7.5, 51.8
  ), 18L), "Patella")
  put(ribbon(points_of(12.5, 44.8, 12.1, 42.6, 11.7, 34, 11.2, 22, 10.8, 12, 10.8, 8.4),
             c(0.95, 0.6, 0.52, 0.5, 0.5, 0.5, 0.6, 0.9), 16L), "Fibula")
  put(closed(points_of(
    5.7, 47.4, 7.4, 48.0, 9.1, 48.3, 10.8, 48.0, 12.4, 47.3, 12.2, 45.4, 11.0, 42.8, 10.2, 39,
    9.8, 32, 9.5, 24, 9.4, 16, 9.8, 12, 10.1, 9.8, 9.0, 9.2, 7.8, 9.1, 7.0, 7.8, 6.1, 8.2,
    6.2, 10.6, 6.9, 14.6, 7.2, 20, 7.1, 28, 7.0, 36, 6.8, 41, 6.2, 44.6
  ), 66L), "Tibia")
  crease("Tibia", 8.9, 45.6, 8.6, 43.4, 8.5, 40.0)
}

foot <- function() {
  put(closed(points_of(
    6.8, 8.6, 8.6, 8.9, 10.2, 8.6, 10.8, 7.2, 10.4, 5.8, 8.6, 5.2, 6.9, 5.8, 6.4, 7.2
  ), 20L), "Foot")
  tarsal <- points_of(6.9, 4.9, 8.3, 4.6, 9.6, 4.7, 11.0, 5.2)
  for (i in 1:4) {
    put(blob(tarsal[i, 1L], tarsal[i, 2L], 0.82, 0.78, power = 2.6, n = 9L), "Foot")
  }
  base <- points_of(6.7, 3.9, 8.0, 3.7, 9.1, 3.7, 10.2, 3.9, 11.3, 4.3)
  tilt <- c(-2, 6, 12, 18, 25)
  metatarsal <- c(3.9, 4.4, 4.2, 4.0, 3.7)
  for (i in 5:1) {
    along <- c(sin(tilt[i] * pi / 180), -cos(tilt[i] * pi / 180))
    to <- base[i, ] + metatarsal[i] * along
    width <- if (i == 1L) 0.85 else 0.55
    put(phalanx(base[i, ], to, width), "Foot")
    tip <- to + (if (i == 1L) 1.7 else 1.3) * along
    put(phalanx(to + 0.3 * along, tip, 0.9 * width, head = 0.9), "Foot")
    put(phalanx(tip + 0.25 * along, tip + (if (i == 1L) 1.8 else 1.2) * along, 0.85 * width,
                head = 0.6), "Foot")
  }
}

scapula()
ribs_behind()
spine()
pelvis()
ribs_before()
cartilages()
sternum()
clavicle()
skull()
arm()
hand()
leg()
foot()

# In hundredths, as whole numbers take less room. A piece beside the midline is kept once.
sizes <- vapply(pieces, function(piece) length(piece$x), 0L)
hundredths <- function(name) as.integer(round(100 * unlist(lapply(pieces, `[[`, name))))
each <- function(name) factor(rep(vapply(pieces, `[[`, "", name), sizes))
skeleton_outlines <- data.frame(
  x = hundredths("x"), y = hundredths("y"), piece = rep(seq_along(pieces), sizes),
  bone = each("bone"), shade = each("shade"), side = each("side")
)
save(skeleton_outlines, file = "R/sysdata.rda", compress = "xz", version = 2)
