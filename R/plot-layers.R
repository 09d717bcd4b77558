#' Add survival curves to a ggplot
#'
#' These layers draw survival curves in a ggplot that you build yourself. `geom_km()` draws
#' Kaplan-Meier curves as steps. `geom_censor()` adds a vertical mark on the curve for each time
#' at which patients were censored. [geom_risk_table()] adds the numbers at risk below the axis.
#' `stat_km()` estimates the curves from the data of the patients, with the method of [lms_km()].
#' For curves that are already fitted, [autoplot()][autoplot.lms_km] combines the same layers.
#'
#' @section Aesthetics:
#' `stat_km()`, the default, requires **`time`** and **`status`**. It also accepts `entry`
#' (delayed entry), `weight`, and aesthetics that make groups, such as `colour` or `linetype`. It
#' computes `time`, `estimate`, `conf.low`, `conf.high`, `n.risk`, `n.event` and `n.censor`.
#'
#' With `stat = "identity"`, the layers draw curves that are already computed, with a row for
#' each time. They use **`x`**, **`y`**, `ymin`, `ymax`, `n.risk`, and for `geom_censor()`
#' `n.censor`.
#'
#' @section Limits of the scale:
#' `coord_cartesian(xlim = )` and the limits of the x scale show a part of the same curve, up to
#' the edge. No row is removed.
#'
#' @section Many rows:
#' Steps and marks closer than 1/2000 of the panel are drawn as one. The curve of a million
#' patients is therefore a small file and looks the same.
#'
#' @inheritParams ggplot2::geom_path
#' @param stat,geom The stat that computes the curves: `"km"` to estimate them from patients,
#'   `"identity"` if they are already computed. The geom that draws them.
#' @param ... Further arguments of [ggplot2::layer()], or aesthetics with a fixed value, such as
#'   `linewidth = 0.8`.
#' @param conf_int `TRUE` to shade the pointwise confidence intervals.
#' @param fade A number from 0 to 1. The curve is paler where fewer than this proportion of the
#'   initial patients (or fewer than 1) remain at risk. 0 turns this off.
#' @param event The value of `status` that is the event, as in [lms_km()].
#' @param conf_level,conf_type The level and the scale of the confidence intervals, as in
#'   [lms_km()].
#' @param length A number of points that sets the length of a mark.
#' @return A layer that is added to a [ggplot2::ggplot()].
#' @examples
#' library(ggplot2)
#' lung <- survival::lung
#' lung$sex <- factor(lung$sex, 1:2, c("Men", "Women"))
#' ggplot(lung, aes(time = time / 30.4375, status = status, colour = sex)) +
#'   geom_km(event = 2) +
#'   geom_censor(event = 2) +
#'   geom_risk_table(event = 2) +
#'   scale_x_continuous("Months", breaks = seq(0, 36, 6)) +
#'   scale_y_continuous("Survival", limits = c(0, 1)) +
#'   theme_lms()
#' @name geom_km
NULL

#' @rdname geom_km
#' @export
geom_km <- function(mapping = NULL, data = NULL, stat = "km", position = "identity", ...,
                    conf_int = FALSE, fade = 0.1, event = NULL, conf_level = 0.95,
                    conf_type = NULL, na.rm = FALSE, show.legend = NA, inherit.aes = TRUE) {
  check_flag(conf_int, "conf_int")
  check_number(fade, "fade", 0, 1)
  layer(
    mapping = mapping, data = data, stat = km_stat(stat), geom = GeomKm, position = position,
    show.legend = show.legend, inherit.aes = inherit.aes,
    params = c(
      list(conf_int = conf_int, fade = fade, na.rm = na.rm, ...),
      stat_arguments(stat, event, conf_level, conf_type)
    )
  )
}

#' @rdname geom_km
#' @export
stat_km <- function(mapping = NULL, data = NULL, geom = GeomKm, position = "identity", ...,
                    event = NULL, conf_level = 0.95, conf_type = NULL, na.rm = FALSE,
                    show.legend = NA, inherit.aes = TRUE) {
  layer(
    mapping = mapping, data = data, stat = StatKm, geom = geom, position = position,
    show.legend = show.legend, inherit.aes = inherit.aes,
    params = c(list(na.rm = na.rm, ...), stat_arguments("km", event, conf_level, conf_type))
  )
}

#' @rdname geom_km
#' @export
geom_censor <- function(mapping = NULL, data = NULL, stat = "km", position = "identity", ...,
                        length = 5, event = NULL, na.rm = FALSE, show.legend = FALSE,
                        inherit.aes = TRUE) {
  check_number(length, "length", 0)
  layer(
    mapping = mapping, data = data, stat = km_stat(stat), geom = GeomCensor, position = position,
    show.legend = show.legend, inherit.aes = inherit.aes,
    params = c(list(length = length, na.rm = na.rm, ...), stat_arguments(stat, event))
  )
}

km_stat <- function(stat) if (identical(stat, "km")) StatKm else stat

stat_arguments <- function(stat, event, conf_level = NULL, conf_type = NULL) {
  if (!identical(stat, "km") && !inherits(stat, "StatKm")) return(NULL)
  list(event = event, conf_level = conf_level, conf_type = conf_type)
}

#' @rdname geom_km
#' @format NULL
#' @usage NULL
#' @export
StatKm <- ggproto("StatKm", Stat,
  required_aes = c("time", "status"),
  optional_aes = c("entry", "weight"),
  default_aes = aes(
    x = after_stat(time), y = after_stat(estimate), ymin = after_stat(conf.low),
    ymax = after_stat(conf.high)
  ),
  dropped_aes = c("status", "entry", "weight"),
  extra_params = c("na.rm", "event", "conf_level", "conf_type"),
  # The event is read from all rows: a group may have censored patients only.
  setup_data = function(data, params) {
    # What is missing is said by ggplot2, which looks later.
    if (is.null(data$time) || is.null(data$status)) return(data)
    if (is.character(data$time) || is.factor(data$time) || is.logical(data$time)) {
      abort("argument", paste0("`time` must be numbers, not ", describe(data$time), "."))
    }
    data <- join_status(data)
    refuse_mixed(data)
    data$status <- code_status(data$status, "status", params$event, NULL, "curve")$status
    data
  },
  compute_group = function(data, scales, event = NULL, conf_level = NULL, conf_type = NULL) {
    fit <- stat_fit(data, conf_level, conf_type)
    frame <- as.data.frame(fit)
    curve_rows(frame, min(0, frame$time), "", list())[seq_len(7L)]
  }
)

# A status of TRUE and FALSE, or a factor, parts the rows of a curve as any discrete aesthetic
# does: here they are put together again.
join_status <- function(data) {
  if (is.numeric(data$status)) return(data)
  pure <- tapply(as.character(data$status), data$group, function(x) length(unique(x)) == 1L)
  if (!all(pure)) return(data)
  others <- data[discrete_columns(data)]
  data$group <- if (length(others)) as.integer(interaction(others, drop = TRUE)) else -1L
  data
}

# A number makes no groups: a curve of all would take no notice of it.
refuse_mixed <- function(data) {
  for (name in intersect(c("colour", "fill", "linetype", "linewidth", "alpha"), names(data))) {
    values <- tapply(data[[name]], paste(data$PANEL, data$group), function(x) length(unique(x)))
    if (max(values) > 1L) {
      abort("groups", paste0("`", name, "` has ", count_of(max(values), "different value"),
                             " in one curve."),
            paste0("Draw one curve per value: `aes(", name, " = factor(...))`, without `group`."))
    }
  }
}

# Names of the aesthetics whose values make groups.
discrete_columns <- function(data) {
  known <- c("PANEL", "group", "time", "status", "entry", "weight", "label")
  discrete <- vapply(data, function(x) is.factor(x) || is.character(x) || is.logical(x), NA)
  setdiff(names(data)[discrete], known)
}

# The curve of one group of the layer's rows.
stat_fit <- function(data, conf_level = NULL, conf_type = NULL) {
  data$status <- data$status == 1
  args <- list(
    formula = if (is.null(data$entry)) {
      survival::Surv(time, status) ~ 1
    } else {
      survival::Surv(entry, time, status) ~ 1
    },
    data = data
  )
  if (!is.null(data$weight)) args$weights <- data$weight
  args$conf_level <- conf_level
  args$conf_type <- conf_type
  quiet(do.call(lms_km, args))
}

curve_columns <- c("n.risk", "n.censor", "time")

#' @rdname geom_km
#' @format NULL
#' @usage NULL
#' @export
GeomKm <- ggproto("GeomKm", Geom,
  required_aes = c("x", "y"),
  optional_aes = c("ymin", "ymax", "curve", curve_columns),
  default_aes = aes(colour = "black", fill = NA, linewidth = 0.5, linetype = 1, alpha = NA),
  extra_params = c("na.rm", "conf_int", "fade", "curves", "apart"),
  # What the limits of the scale leave out still has a part within them.
  handle_na = function(self, data, params) data,
  setup_data = function(data, params) {
    if (is.null(data$time)) data$time <- data$x
    if (!isTRUE(params$conf_int)) data$ymin <- data$ymax <- NULL
    data <- data[order(data$PANEL, data$group, data$time), , drop = FALSE]
    refuse_several(data, params$curves, params$apart)
    data
  },
  draw_group = function(data, panel_params, coord, conf_int = FALSE, fade = 0.1) {
    data <- within_limits(data, panel_params$x)
    if (!nrow(data)) return(zeroGrob())
    data <- thin_for_panel(data, coord$backtransform_range(panel_params))
    grobs <- c(
      if (conf_int) draw_band(data, panel_params, coord),
      draw_steps(data, panel_params, coord, fade)
    )
    do.call(grobTree, as.list(grobs))
  },
  draw_key = function(data, params, size) {
    if (isTRUE(params$conf_int)) {
      band <- data
      band$fill <- band_fill(data)
      band$alpha <- 0.2
      band$colour <- NA
      return(grobTree(draw_key_rect(band, params, size), draw_key_path(data, params, size)))
    }
    draw_key_path(data, params, size)
  }
)

# Several curves in one line would go up and down. data: `curve`, numbers of `curves`, their names;
# without them what goes up and down is several. apart: variables that must part them.
refuse_several <- function(data, curves = NULL, apart = NULL) {
  line <- paste(data$PANEL, data$group)
  if (!is.null(data$curve)) {
    several <- tapply(data$curve, line, function(x) length(unique(x)) > 1L)
  } else {
    several <- tapply(data$y, line, function(y) {
      steps <- diff(y[!is.na(y)])
      any(steps > 1e-9) && any(steps < -1e-9)
    })
  }
  if (!any(several)) return(invisible())
  mixed <- data[line == names(several)[which(several)[1L]], , drop = FALSE]
  if (is.null(data$curve)) {
    abort("groups", "geom_km() would draw several curves as one line.",
          "Set the groups, such as `aes(colour = sex)` or `aes(group = sex)`.")
  }
  names <- curves[unique(mixed$curve)]
  abort(
    "groups",
    paste0(count_of(length(names), "curve"), " would be one line: ",
           enumerate(quoted(names), max = 4L), "."),
    if (length(apart)) paste0(
      "Separate the curves by `facet_wrap(~ ", paste(apart, collapse = " + "), ")`."
    )
  )
}

# Where the limits of the scale have made x missing, the curve enters at the one limit with what
# it was before, and leaves at the other.
within_limits <- function(data, scale) {
  if (!anyNA(data$x)) return(data)
  inside <- which(!is.na(data$x))
  limits <- scale$limits
  if (!length(inside)) {
    before <- which(data$time <= scale_inverse(scale, limits[1L]))
    if (!length(before) || max(before) == nrow(data)) return(data[0L, ])
    data <- data[rep(max(before), 2L), , drop = FALSE]
    data$x <- limits
    return(data)
  }
  first <- inside[1L]
  last <- inside[length(inside)]
  out <- data[inside, , drop = FALSE]
  if (first > 1L) {
    edge <- data[first - 1L, , drop = FALSE]
    edge$x <- limits[1L]
    out <- rbind(edge, out)
  }
  if (last < nrow(data)) {
    edge <- data[last, , drop = FALSE]
    edge$x <- limits[2L]
    edge$n.risk <- data$n.risk[last + 1L]
    out <- rbind(out, edge)
  }
  out
}

# The last row of each 1/2000 of the panel.
panel_cells <- 2000

thin_for_panel <- function(data, range) {
  if (nrow(data) <= panel_cells) return(data)
  cell <- floor((data$x - range$x[1L]) / diff(range$x) * panel_cells)
  kept <- !duplicated(cell, fromLast = TRUE)
  kept[1L] <- TRUE
  data[kept, , drop = FALSE]
}

# Corners of the steps: before each fall the height of the row before.
stairs <- function(data, columns) {
  n <- nrow(data)
  at <- rep(seq_len(n), each = 2L)[-1L]
  from <- rep(seq_len(n), each = 2L)[-2L * n]
  out <- data[from, , drop = FALSE]
  out$x <- data$x[at]
  out[columns] <- data[from, columns]
  out
}

pale <- 0.35

draw_steps <- function(data, panel_params, coord, fade) {
  if (nrow(data) < 2L) return(NULL)
  path <- stairs(data, "y")
  few <- beyond_fading(data, fade)
  if (is.na(few)) return(list(GeomPath$draw_panel(path, panel_params, coord)))
  faded <- path$x > few | (path$x == few & seq_len(nrow(path)) == max(which(path$x == few)))
  solid <- path[path$x <= few, , drop = FALSE]
  faded <- path[faded, , drop = FALSE]
  faded$alpha <- pale * ifelse(is.na(faded$alpha), 1, faded$alpha)
  paths <- Filter(function(part) nrow(part) > 1L, list(solid, faded))
  lapply(paths, GeomPath$draw_panel, panel_params, coord)
}

# The last time at which enough are at risk, NA if there are always.
beyond_fading <- function(data, fade) {
  if (is.null(data$n.risk) || fade <= 0) return(NA)
  enough <- which(data$n.risk >= max(1, fade * max(data$n.risk, na.rm = TRUE)))
  last <- data$x[max(enough)]
  if (last < data$x[nrow(data)]) last else NA
}

# A band for each stretch of times that have an interval.
draw_band <- function(data, panel_params, coord) {
  if (is.null(data$ymin)) return(NULL)
  known <- !is.na(data$ymin) & !is.na(data$ymax)
  stretch <- cumsum(c(TRUE, diff(known) != 0))
  lapply(split(data, stretch), function(part) {
    if (is.na(part$ymin[1L]) || nrow(part) < 2L) return(zeroGrob())
    path <- stairs(part, c("ymin", "ymax"))
    path$fill <- band_fill(path)
    path$alpha <- 0.18
    path$colour <- NA
    GeomRibbon$draw_group(path, panel_params, coord)
  })
}

# That of the curve, unless it has its own.
band_fill <- function(data) ifelse(is.na(data$fill), data$colour, data$fill)

#' @rdname geom_km
#' @format NULL
#' @usage NULL
#' @export
GeomCensor <- ggproto("GeomCensor", Geom,
  required_aes = c("x", "y"),
  optional_aes = curve_columns,
  default_aes = aes(colour = "black", linewidth = 0.4, alpha = NA),
  extra_params = c("na.rm", "length"),
  handle_na = function(self, data, params) data[!is.na(data$x) & !is.na(data$y), , drop = FALSE],
  setup_data = function(data, params) {
    if (is.null(data$n.censor)) return(data)
    data[data$n.censor > 0, , drop = FALSE]
  },
  draw_group = function(data, panel_params, coord, length = 5) {
    data <- thin_for_panel(data, coord$backtransform_range(panel_params))
    if (!nrow(data)) return(zeroGrob())
    at <- coord$transform(data, panel_params)
    half <- unit(length / 2, "points")
    segmentsGrob(
      at$x, unit(at$y, "native") - half, at$x, unit(at$y, "native") + half,
      default.units = "native",
      gp = gpar(
        col = alpha(at$colour, at$alpha), lwd = at$linewidth * .pt, lineend = "butt"
      )
    )
  },
  draw_key = function(data, params, size) zeroGrob()
)
