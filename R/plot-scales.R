# Aesthetics and scales that the figures of curves share.

# Aesthetics of the whole plot: one curve has a fixed colour.
curve_aes <- function(figure) {
  if (!grouped(figure)) return(aes(group = .data$.group))
  aes(colour = .data$.group, linetype = .data$.group)
}

grouped <- function(figure) nlevels(figure$groups$.group) > 1L

curve_mapping <- function(conf_int) {
  mapping <- aes(x = .data$time, y = .data$estimate, n.risk = .data$n.risk, time = .data$time,
                 curve = as.integer(.data$.curve))
  if (conf_int) utils::modifyList(mapping, limit_mapping()) else mapping
}

limit_mapping <- function() aes(ymin = .data$conf.low, ymax = .data$conf.high)

adjusted_mapping <- function(conf_int) {
  mapping <- aes(x = .data$time, y = .data$estimate)
  if (conf_int) utils::modifyList(mapping, limit_mapping()) else mapping
}

mark_mapping <- function() {
  aes(x = .data$time, y = .data$estimate, n.censor = .data$n.censor)
}

survival_scales <- function(figure, unit, range) {
  last <- max(figure$last)
  start <- min(figure$curves$time)
  list(
    scale_x_continuous(
      limits = if (last <= start) c(start, start + 1), breaks = unit$breaks,
      expand = expansion(c(0.02, 0.02)), labels = number_labels,
      guide = guide_axis(check.overlap = TRUE)
    ),
    scale_y_continuous(
      limits = range, breaks = if (anyNA(range)) waiver() else percent_breaks,
      labels = percent_labels, expand = expansion(c(0.01, 0.02))
    ),
    if (grouped(figure)) curve_scales(nlevels(figure$groups$.group))
  )
}

# Quarters, or what a part of the axis needs.
percent_breaks <- function(limits) {
  quarters <- seq(0, 1, 0.25)
  inside <- quarters[quarters >= min(limits) & quarters <= max(limits)]
  if (length(inside) >= 3L) return(inside)
  even <- pretty(limits, 4L)
  even[even >= 0 & even <= 1]
}

percent_labels <- function(x) ifelse(is.na(x), NA, paste0(format(100 * x, trim = TRUE), "%"))

number_labels <- function(x) {
  text <- vapply(x, format, "", big.mark = ",", scientific = FALSE, digits = 6L)
  ifelse(is.na(x), NA, text)
}

scale_transform <- function(scale) {
  scale <- scale$scale
  # ggplot2 before 3.5 has no such method.
  transform <- scale$get_transformation
  transform <- if (is.null(transform)) scale$trans else transform()
  if (is.null(transform) || is.null(transform$inverse)) NULL else transform
}

scale_inverse <- function(scale, x) {
  transform <- scale_transform(scale)
  if (is.null(transform)) x else transform$inverse(x)
}
