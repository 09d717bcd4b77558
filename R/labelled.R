# Labeled numbers, as haven reads them.

# haven's labeled numbers as a factor, NULL where values without a label show
# that they are numbers. Missing values that the file declares become NA.
labelled_factor <- function(x) {
  labels <- attr(x, "labels")
  values <- labelled_values(x)
  labels <- labels[!is.na(labels) & !labels %in% attr(x, "na_values")]
  if (!length(labels) || !all(values[!is.na(values)] %in% labels)) return(NULL)
  factor(values, labels, names(labels))
}

labelled_values <- function(x) {
  values <- as.vector(unclass(x))
  range <- attr(x, "na_range")
  gone <- values %in% attr(x, "na_values")
  if (!is.null(range)) gone <- gone | (!is.na(values) & values >= range[1L] & values <= range[2L])
  values[gone | is.na(values)] <- NA
  values
}

# The numbers of a labelled column, which only haven's own methods can convert.
without_labels <- function(x) {
  if (inherits(x, "haven_labelled")) class(x) <- NULL
  x
}

# Values as a factor; those of a labelled column by their labels.
as_levels <- function(x, label) {
  if (inherits(x, "haven_labelled")) {
    labels <- attr(x, "labels")
    values <- sort(unique(c(unclass(x))))
    shown <- names(labels)[match(values, labels)]
    shown[is.na(shown)] <- as.character(values)[is.na(shown)]
    return(factor(c(unclass(x)), values, shown))
  }
  x <- if (is.factor(x)) x else factor(x, exclude = c(NA, NaN))
  levels(x)[is.na(levels(x))] <- "(missing)"
  x
}
