# Rows that are not of different patients: several of one patient, or copies. Found at the door,
# and kept as counts.

patient_names <- paste0(
  "^(id|pid|mrn|hn|usubjid|pseudonym|(patient|pat|pt|subject|subj|case|person|participant|record|",
  "study|hospital)s?(id|no|nr|num|number|code)|patient|subject|subj|case|participant|person|",
  "fallnr|fallnummer|patientennr|patientennummer)$"
)

centre_names <- paste0(
  "^(the)?(site|centre|center|hosp|hospital|clinic|clinik|klinik|inst|institute|institution|",
  "zentrum|centrum|ward|region|country)s?(id|no|nr|num|number|code)?$"
)

# A column's name without what people put between its words.
squeezed_name <- function(names) gsub("[^a-z0-9]", "", tolower(names))

# Answer: variable, n (rows), patients (its different values), shared (values of several rows),
# named (whether its name says that it is of patients); NULL where no column says so. data: with a
# row for each patient as the verb takes it.
repeated_patients <- function(data, risk) {
  if (!is.data.frame(data) || !is.null(risk$id) || !is.null(risk$cluster)) return(NULL)
  column <- function(name) {
    x <- .subset2(data, name)
    if (is.null(risk$rows)) x else x[risk$rows]
  }
  columns <- setdiff(names(data)[vapply(data, is_plain_vector, NA)], strata_variables(risk$terms))
  plain <- squeezed_name(columns)
  named <- columns[grepl(patient_names, plain)]
  centres <- columns[grepl(centre_names, plain)]
  for (name in named) {
    x <- column(name)
    if (!has_repeats(x)) return(NULL)
    if (any(vapply(centres, function(centre) !has_repeats(pair_codes(x, column(centre))), NA))) {
      return(NULL)
    }
    found <- repeat_counts(x, name, TRUE, risk$response)
    if (!is.null(found)) return(found)
  }
  if (length(named) || length(risk$response$time) > most_searched) return(NULL)
  for (name in setdiff(columns, c(centres, all.vars(risk$terms)))) {
    x <- column(name)
    if (repeats_evenly(x)) return(repeat_counts(x, name, FALSE, risk$response))
  }
  NULL
}

# Beyond so many rows nothing is searched by values.
most_searched <- 1e5

is_plain_vector <- function(x) is.atomic(x) && is.null(dim(x))

strata_variables <- function(terms) {
  strata <- attr(terms, "specials")$strata
  unlist(lapply(as.list(attr(terms, "variables"))[1L + strata], all.vars))
}

pair_codes <- function(a, b) {
  b <- match(b, unique(b))
  (match(a, unique(a)) - 1) * max(b) + b
}

# Of many rows the first are looked at, and those that follow each other.
has_repeats <- function(x) {
  n <- length(x)
  if (is.numeric(x) && !is.unsorted(x, strictly = TRUE) %in% c(TRUE, NA)) return(FALSE)
  if (n > most_searched) {
    next_to <- x[-1L] == x[-n]
    if (any(next_to, na.rm = TRUE)) return(TRUE)
    x <- x[seq_len(most_searched)]
  }
  anyDuplicated(x[!is.na(x)]) > 0L
}

# NULL where the rows of each value may be periods of one patient, or where there are too few values
# for patients.
repeat_counts <- function(x, name, named, response) {
  known <- !is.na(x)
  code <- match(x, unique(x[known]))
  sizes <- tabulate(code)
  n <- sum(known)
  if (length(sizes) < 5L || length(sizes) < n / 20) return(NULL)
  if (!is.null(response$entry) && are_periods(code[known], lapply(
    response[c("entry", "time", "status")], `[`, known
  ))) return(NULL)
  list(variable = name, n = n, patients = length(sizes), shared = sum(sizes > 1L), named = named)
}

# Rows that follow each other without overlap, with an event at most, in the last.
are_periods <- function(code, response) {
  o <- order(code, response$time)
  after <- o[-1L]
  this <- o[-length(o)]
  same <- code[this] == code[after]
  near <- tied_within(response$time)
  all(response$entry[after[same]] >= response$time[this[same]] - near) &&
    !any(response$status[this[same]] > 0L)
}

# Whether (nearly) all values stand in the same number of rows, 2 to 6, as ids do and hardly
# anything else: the values of the first rows, then all.
repeats_evenly <- function(x) {
  n <- length(x)
  first <- x[seq_len(min(200L, n))]
  if (n < 20L || is.numeric(x) && (is.object(x) || any(first != floor(first), na.rm = TRUE))) {
    return(FALSE)
  }
  if (is.logical(x) || anyNA(first)) return(FALSE)
  few <- unique(first)
  if (length(few) < max(10L, length(first) / 6)) return(FALSE)
  same_size <- function(values) {
    sizes <- tabulate(match(x, values), length(values))
    usual <- as.integer(names(which.max(table(sizes))))
    usual >= 2L && usual <= 6L && mean(sizes == usual) >= 0.95
  }
  same_size(few) && same_size(unique(x))
}

# Rows that are copies of others in all columns, where chance cannot make them: n, n_total.
copied_rows <- function(data, risk) {
  n <- length(risk$response$time)
  if (!is.data.frame(data) || n > most_searched || n < 10L) return(NULL)
  columns <- names(data)[vapply(data, is_plain_vector, NA)]
  time <- intersect(all.vars(risk$terms)[1L], columns)
  # A number of the row is of none.
  numbers <- columns[vapply(columns, function(name) is_row_number(.subset2(data, name)), NA)]
  columns <- unique(c(time, setdiff(columns, numbers)))
  if (!length(columns)) return(NULL)
  rows <- if (is.null(risk$rows)) seq_len(n) else risk$rows
  if (anyDuplicated(rows)) return(NULL)
  tied <- tied_rows(data, columns, rows)
  # Missing values are easily the same.
  missing <- vapply(columns, function(name) is.na(.subset2(data, name)[tied]), tied == 0L)
  tied <- tied[rowSums(matrix(missing, length(tied))) <= length(columns) / 4]
  if (!length(tied)) return(NULL)
  # Of one patient by name, no chance is needed.
  named <- any(grepl(patient_names, squeezed_name(columns)))
  # Ten times as many as of independent columns, as columns never are.
  if (!named) {
    expected <- 10 * chance_of_copies(data, columns, rows)
    if (stats::ppois(length(tied) - 1, expected, lower.tail = FALSE) > 1e-3) return(NULL)
  }
  list(n = as.double(length(tied)), n_total = as.double(n))
}

# The rows that are copies of an earlier one. Stops where no row is tied any more.
tied_rows <- function(data, columns, rows) {
  code <- rep(1, length(rows))
  for (name in columns) {
    code <- pair_codes(code, .subset2(data, name)[rows])
    kept <- duplicated(code) | duplicated(code, fromLast = TRUE)
    if (!any(kept)) return(integer())
    rows <- rows[kept]
    code <- code[kept]
  }
  rows[duplicated(code)]
}

is_row_number <- function(x) {
  is.numeric(x) && !is.object(x) && !anyNA(x) && all(x == seq_along(x) + x[1L] - 1)
}

# The pairs of equal rows to expect of independent columns, by Simpson's index of each. A column
# that goes with one already counted adds nothing.
chance_of_copies <- function(data, columns, rows) {
  n <- length(rows)
  rows <- rows[unique(round(seq(1, n, length.out = min(n, 2000L))))]
  codes <- lapply(columns, function(name) {
    x <- .subset2(data, name)[rows]
    match(x, sort(unique(x), na.last = TRUE))
  })
  pairs <- vapply(codes, function(code) sum(choose(tabulate(code), 2)), 0)
  all <- choose(length(rows), 2)
  # At least one pair, so that no column decides alone.
  index <- pmax(pairs, 1) / all
  kept <- integer()
  for (j in order(index)) {
    new <- all(vapply(kept, function(k) !go_together(codes[[j]], codes[[k]], index[c(j, k)]), NA))
    if (new && index[j] < 1) kept <- c(kept, j)
  }
  choose(n, 2) * prod(index[kept])
}

go_together <- function(a, b, index) {
  r <- suppressWarnings(stats::cor(a, b, method = "spearman"))
  expected <- choose(length(a), 2) * prod(index)
  both <- sum(choose(tabulate(match(pair_codes(a, b), unique(pair_codes(a, b)))), 2))
  isTRUE(abs(r) > 0.3) || expected >= 5 && both > 2 * expected
}
