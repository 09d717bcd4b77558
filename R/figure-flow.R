# The operations of a linked table, from patients to procedures.

# table: its name. among: which patients of the cohort. treated: whether they were operated on
# besides those with a record, or NULL. everyone: what the first bar is called.
procedure_figure <- function(cohort, table, among, everyone, treated = NULL, min_cell = 0) {
  min_cell <- check_min_cell(min_cell)
  flow <- flow_rows(cohort, table, among, everyone, treated)
  bars <- place_bars(flow_stages(flow))
  bands <- flow_bands(flow, bars)
  refuse_small_flow(flow, bars, bands, min_cell)
  bars$count <- bar_counts(flow, bars)
  groups <- levels(flow_group(flow$patients))
  flow_plot(bars, band_outlines(bands, bars, groups), groups, flow_caption(flow, everyone),
            everyone)
}

# Heights cannot be hidden as words can.
refuse_small_flow <- function(flow, bars, bands, min_cell) {
  counts <- c(bars$n, bands$right, flow$outside, unlist(flow_remarks(flow)))
  if (any(is_few(counts, min_cell))) {
    no_figure("min_cell", "the heights of some bars and bands show small counts.",
              "With `min_cell`, the figure is drawn only if it shows no small count.")
  }
}

# The counts of the caption: patients with one operation and with more, those without a record of
# theirs, and later operations by an indication of their own.
flow_remarks <- function(flow) {
  each <- table(flow$operations$patient)
  list(
    one = sum(each == 1L), more = sum(each > 1L),
    unknown = sum(flow$patients$management == "Surgery") - length(each),
    own = own_indications(flow$operations)
  )
}

# Made where no row of the cohort is, as a plot keeps what it was made beside.
flow_plot <- function(bars, bands, groups, caption, everyone) {
  colours <- stats::setNames(rep_len(flow_colours, length(groups)), groups)
  colours[c("No surgery", "Not recorded")] <- c("grey60", "grey80")
  ggplot(bars, aes(.data$x, .data$middle)) +
    geom_polygon(aes(.data$x, .data$y, group = .data$band, fill = .data$group), bands,
                 alpha = 0.45) +
    geom_rect(aes(xmin = .data$x, xmax = .data$x + bar_width, ymin = .data$ymin, ymax = .data$ymax),
              inherit.aes = FALSE, fill = bar_colours(bars, colours)) +
    bar_texts(bars) +
    stage_heads(bars) +
    scale_fill_manual(values = colours, guide = "none") +
    coord_cartesian(xlim = c(0, flow_width), ylim = c(-1, 114), expand = FALSE, clip = "off") +
    labs(x = NULL, y = NULL, caption = caption, alt = flow_alt(bars, everyone)) +
    theme_lms() +
    theme(
      axis.line = element_blank(), axis.ticks = element_blank(), axis.text = element_blank(),
      plot.caption = element_text(hjust = 0), plot.caption.position = "plot",
      plot.margin = margin(4, 12, 4, 4)
    )
}

# Of the package's colours, in an order in which neighbours differ in black and white too.
flow_colours <- c("#0072B2", "#E69F00", "#009E73", "#CC79A7")

bar_colours <- function(bars, colours) {
  ifelse(bars$stage == "indication" | bars$node == "No surgery", colours[bars$node], "grey30")
}

# "20 patients (44%)", of indications with their operations; the number alone of procedures.
bar_counts <- function(flow, bars) {
  of <- c(
    everyone = NA, management = nrow(flow$patients),
    indication = sum(flow$patients$management == "Surgery"), site = nrow(flow$operations),
    procedure = NA
  )[bars$stage]
  share <- ifelse(is.na(of), "", paste0(" (", format_percent(bars$n / of, 0L), ")"))
  counts <- ifelse(bars$stage == "procedure", bars$n,
                   paste0(shown_count(bars$n, bars$unit), share))
  for (i in which(bars$stage == "indication")) {
    n <- sum(flow$operations$indication == bars$node[i])
    counts[i] <- paste0(counts[i], "\n", count_of(n, "operation"))
  }
  counts
}

# Text at the right of the bars. The numbers of procedures stand in a column of their own.
bar_texts <- function(bars) {
  size <- bar_text_size * attr(bars, "shrink")
  last <- bars[bars$stage == "procedure", ]
  last$at <- last$x + bar_width + 4.2
  list(
    layer(
      mapping = aes(.data$x + bar_width + 1, label = .data$name, count = .data$count),
      data = bars[bars$stage != "procedure", ], stat = "identity", geom = GeomBarText,
      position = "identity", params = list(size = size)
    ),
    geom_text(aes(.data$at, label = .data$count), last, size = size / .pt, hjust = 1,
              fontface = "bold"),
    geom_text(aes(.data$at + 1, label = .data$name), last, size = size / .pt, hjust = 0,
              lineheight = bar_lineheight)
  )
}

bar_text_size <- 7
bar_lineheight <- 0.95

# A name and below it, in bold, a count, on a pale ground that parts them from the bands.
GeomBarText <- ggproto("GeomBarText", Geom,
  required_aes = c("x", "y", "label", "count"),
  extra_params = c("na.rm", "size"),
  draw_panel = function(data, panel_params, coord, size = bar_text_size) {
    at <- coord$transform(data, panel_params)
    grobs <- lapply(seq_len(nrow(at)), function(i) {
      text_on_ground(at$label[i], at$count[i], at$x[i], at$y[i], size)
    })
    do.call(grobTree, grobs)
  },
  draw_key = function(data, params, size) zeroGrob()
)

text_on_ground <- function(name, count, x, y, size) {
  blank <- function(text) gsub("[^\n]+", " ", text)
  text <- function(label, face) {
    textGrob(label, x, y, hjust = 0,
             gp = gpar(fontsize = size, fontface = face, lineheight = bar_lineheight))
  }
  # As many lines in both, so that they are set alike.
  upper <- text(paste0(name, "\n", blank(count)), "plain")
  lower <- text(paste0(blank(name), "\n", count), "bold")
  ground <- roundrectGrob(
    unit(x, "npc") - unit(1.5, "points"), y, just = "left", r = unit(2, "points"),
    width = max(grobWidth(upper), grobWidth(lower)) + unit(3, "points"),
    height = max(grobHeight(upper), grobHeight(lower)) + unit(3, "points"),
    gp = gpar(fill = alpha("white", 0.6), col = NA)
  )
  grobTree(ground, upper, lower)
}

stage_titles <- c(
  everyone = "Diagnosis", management = "Management", indication = "Indication", site = "Site",
  procedure = "Procedure"
)

# The name of each stage, and above it what is counted.
stage_heads <- function(bars) {
  heads <- bars[!duplicated(bars$stage), ]
  units <- heads[!duplicated(heads$unit), ]
  units$xend <- c(units$x[-1L] - 4, flow_width)
  units$label <- c(patient = "Patients", operation = "Operations")[units$unit]
  list(
    geom_text(aes(.data$x, 104.5, label = stage_titles[.data$stage]), heads,
              size = 7.5 / .pt, hjust = 0),
    geom_segment(aes(.data$x, 108, xend = .data$xend, yend = 108), units, linewidth = 0.4),
    geom_text(aes(.data$x, 111, label = .data$label), units, size = 8 / .pt, hjust = 0,
              fontface = "bold")
  )
}

flow_caption_width <- 140L

flow_caption <- function(flow, everyone) {
  remarks <- flow_remarks(flow)
  text <- paste0(
    count_of(nrow(flow$operations), "operation"), " in ",
    count_of(remarks$one + remarks$more, "patient"), ": ", remarks$one, " had one operation, ",
    remarks$more, " had two or more. ", indication_note(remarks$own),
    "Heights are proportional to counts. Percentages are of all patients (management), of ",
    "patients with surgery (indication), and of operations."
  )
  if (remarks$unknown) {
    text <- paste0(text, " For ", count_of(remarks$unknown, "patient"),
                   " with surgery, no operation is recorded.")
  }
  if (flow$outside) {
    text <- paste0(text, " Not drawn: ", count_of(flow$outside, "operation"),
                   " of patients without ", first_lower(everyone), ".")
  }
  paste(strwrap(text, flow_caption_width), collapse = "\n")
}

# Later operations that had another indication than the patient's first: their number by it.
own_indications <- function(operations) {
  if (is.null(operations$own)) return(NULL)
  first <- operations$own[match(operations$patient, operations$patient)]
  sort(table(operations$own[operations$own != first]), decreasing = TRUE)
}

indication_note <- function(own) {
  if (is.null(own)) return("")
  note <- "The indication is that of the patient's first operation"
  if (!length(own)) return(paste0(note, ". "))
  paste0(note, "; later operations with another indication: ", sum(own), " (",
         paste(tolower(names(own)), own, collapse = ", "), "). ")
}

flow_alt <- function(bars, everyone) {
  part <- function(stage, title) {
    own <- bars[bars$stage == stage, ]
    if (!nrow(own)) return(NULL)
    name <- sub("\n", ", ", own$node)
    paste0(" ", title, ": ", paste(name, gsub("\n", ", ", own$count), collapse = "; "), ".")
  }
  paste0(
    "Flow of ", bars$count[1L], " (", first_lower(everyone), ") from management to procedures.",
    part("management", "Management"), part("indication", "Indication"),
    part("site", "Site of operation"), part("procedure", "Procedure, number of operations")
  )
}
