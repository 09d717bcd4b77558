#' @rdname lms_reconcile
#' @param x,object A result of `lms_reconcile()`.
#' @param ... Not used.
#' @export
print.lms_reconcile <- function(x, ...) {
  numbers <- x$numbers
  computed <- numbers$verdict != "not computable"
  equal <- sum(numbers$verdict == "equal")
  print_lines(paste0(
    count_of(nrow(numbers), "published number"), ", ", sum(computed), " of them computed: ", equal,
    " match the published value (", format_percent(equal / sum(computed), 1L), ")."
  ))
  cat("\n")
  counts <- summary(x)
  print_columns(rbind(c("kind", names(counts)[-1L]), as.matrix(format(counts, trim = TRUE))))
  for (verdict in setdiff(verdicts, "equal")) print_verdict(numbers, verdict)
  cat("\n")
  print_lines(
    "as.data.frame() shows each number with its call; `definitions` shows what the calls use."
  )
  invisible(x)
}

print_verdict <- function(numbers, verdict) {
  rows <- numbers[numbers$verdict == verdict, ]
  if (!nrow(rows)) return(invisible())
  cat("\n")
  cat(cli::style_bold(capital(verdict)), "\n", sep = "")
  label <- paste0(rows$id, ifelse(rows$part == "value", "", paste0(" (", rows$part, ")")))
  if (verdict == "not computable") {
    return(print_lines(paste0(label, ": ", ifelse(is.na(rows$note), "no call.", rows$note))))
  }
  printed <- mapply(formatC, rows$published, digits = rows$decimals, MoreArgs = list(format = "f"))
  given <- mapply(formatC, rows$computed, digits = rows$decimals + 2L,
                  MoreArgs = list(format = "f"))
  tests <- rows$part == "p"
  given[tests] <- vapply(rows$computed[tests], format_p, "")
  off <- ifelse(rows$published == 0, "", format_percent(rows$difference / rows$published, 1L))
  print_columns(cbind(
    c("number", label), c("published", printed), c("computed", given), c("off", off)
  ))
}

#' @rdname lms_reconcile
#' @export
summary.lms_reconcile <- function(object, ...) {
  kinds <- c(
    count = "Counts", percent = "Percentages", median = "Quartiles", hr = "Hazard ratios",
    pvalue = "Tests", survival_rate = "Crude rates"
  )
  kind <- kinds[object$numbers$kind]
  kind <- factor(ifelse(is.na(kind), "Others", kind), c(kinds, "Others"))
  counts <- table(kind, object$numbers$verdict)
  out <- data.frame(kind = c(rownames(counts), "All"), rbind(unclass(counts), colSums(counts)),
                    check.names = FALSE)
  rownames(out) <- NULL
  out
}

#' @rdname lms_reconcile
#' @param row.names,optional Not used.
#' @export
as.data.frame.lms_reconcile <- function(x, row.names = NULL, optional = FALSE, ...) x$numbers
