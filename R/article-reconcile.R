#' Compare published numbers with those of a cohort
#'
#' `lms_reconcile()` compares each number that LiBrizzi et al. (2022) print with the number
#' computed from a cohort. It is for readers who want to know how far the bundled data and the
#' methods reproduce the article. Each row shows the call that gives the number and whether the
#' two match.
#'
#' @section Verdicts:
#' \describe{
#'   \item{equal}{The cohort's number matches the published value after rounding.}
#'   \item{close}{It does not match, but is within 10% (a p-value: within 0.01).}
#'   \item{contradicted}{It does not match, and other numbers of the article show that it cannot.
#'     `by` names one of them, and `note` gives the arithmetic.}
#'   \item{different}{None of these. `note` may give another reading of the number.}
#'   \item{not computable}{Nothing is printed, or the number is not a result of the data.}
#' }
#' `equal` means that some reading of the printed number gives this value. This reading may
#' differ from the name of the number, and `note` then explains it. For example, the "survival
#' rates" are crude proportions of the follow-up. The median of Table 2 is that of the follow-up.
#'
#' @section What is computed:
#' Each call in the column `call` can be run once the objects of `definitions` are made in their
#' order. Times are in months of 30.4375 days. Cox models have Breslow ties, as in Stata.
#' Quartiles of plain times are those of Stata's centiles, `type = 2` of [stats::quantile()].
#'
#' @param cohort A cohort made by [lms_cohort()] with the columns of [leiomyosarcoma], or a data
#'   frame from which one is made. The default is the bundled cohort.
#' @param lesions,surgeries Data frames like [leiomyosarcoma_lesions] and
#'   [leiomyosarcoma_surgeries], if `cohort` is a plain data frame.
#' @return An object of class `lms_reconcile`, a list of
#' \describe{
#'   \item{numbers}{A data frame with a row for each printed number: `id` and `quantity` as in
#'     [lms_published]; `part` (`value`, `lower`, `upper` or `p`); `published`; `decimals`
#'     printed; `computed`; `difference` (computed less published); `verdict`, a factor; `by`,
#'     the id of a number that contradicts it; `note`; `call`.}
#'   \item{definitions}{The objects that the calls use, as text by name.}
#' }
#' `summary()` counts the verdicts by kind of number. `as.data.frame()` gives `numbers`, and
#' `print()` shows the counts and each number that does not match.
#' @references
#' LiBrizzi CL, Vankara A, Meyer CF, Levin AS, Morris CD (2022). Bone metastases in
#' patients with leiomyosarcoma: a retrospective analysis of survival and surgical
#' management. *Sarcoma* 2022, 6806932. \doi{10.1155/2022/6806932}
#' @seealso [lms_published], [leiomyosarcoma].
#' @examples
#' result <- lms_reconcile()
#' result
#' subset(as.data.frame(result), id == "survival.all.km")
#' @export
lms_reconcile <- function(cohort = lmsurv::leiomyosarcoma,
                          lesions = lmsurv::leiomyosarcoma_lesions,
                          surgeries = lmsurv::leiomyosarcoma_surgeries) {
  if (!inherits(cohort, "lms_cohort")) cohort <- quiet(lms_cohort(cohort, lesions, surgeries))
  check_reconcilable(cohort)
  numbers <- printed_numbers(lmsurv::lms_published)
  calls <- reconcile_calls()
  frame <- reconcile_frame(cohort)
  answers <- lapply(calls, answer, frame)
  numbers$computed <- mapply(
    function(id, part) if (is.null(answers[[id]])) NA_real_ else answers[[id]][[part]],
    numbers$id, numbers$part, USE.NAMES = FALSE
  )
  numbers$difference <- numbers$computed - numbers$published
  numbers <- judge(numbers)
  failed <- vapply(answers, function(x) c(attr(x, "why"), NA_character_)[1L], "")
  failed[is.na(failed)] <- "No patient of this cohort contributes to this number."
  silent <- numbers$verdict == "not computable" & is.na(numbers$note)
  numbers$note[silent] <- failed[numbers$id[silent]]
  numbers$call <- vapply(
    numbers$id, function(id) if (is.null(calls[[id]])) NA_character_ else deparse_call(calls[[id]]),
    "", USE.NAMES = FALSE
  )
  definitions <- vapply(reconcile_definitions(), deparse_call, "")
  structure(list(numbers = numbers, definitions = definitions), class = "lms_reconcile")
}

deparse_call <- function(call) {
  gsub(" +", " ", paste(trimws(deparse(call, width.cutoff = 500L)), collapse = " "))
}

# Columns of the bundled data that the calls use and lms_cohort() does not ask for.
reconciled_columns <- c(
  "sex", "race", "subtype", "age", "lost_to_follow_up", "bone_location", "lesion_type",
  "bone_lesions", "fracture", "surgery", "indication", "hardware", "tumor_size", "grade",
  "prior_chemotherapy", "prior_radiotherapy", "bone_radiotherapy", "palliative_radiotherapy",
  "antiresorptive", "pet", "bone_scan", "pet_avid", "scan_uptake"
)

check_reconcilable <- function(cohort) {
  endpoints <- c("os", "os_bone", "ever_bone_metastasis", "ever_visceral_metastasis",
                 "ever_implant_failure", "first_surgery")
  missing <- setdiff(c(reconciled_columns, endpoints), names(cohort))
  way_out <- "Give a cohort with the columns of `leiomyosarcoma`: see ?leiomyosarcoma."
  if (length(missing)) {
    abort("argument", paste0("`cohort` has no column ", enumerate(tick(missing)), "."), way_out)
  }
  if (!all(c("lesions", "surgeries") %in% names(cohort_meta(cohort)$linked))) {
    abort("argument", "`cohort` was made without its lesions or surgeries.",
          "Make it by `lms_cohort(patients, lesions, surgeries)`.")
  }
}

# Where the calls run: the cohort, its tables, and the definitions, each made when first asked for.
reconcile_frame <- function(cohort) {
  frame <- new.env(parent = topenv())
  frame$cohort <- cohort
  frame$lesions <- linked_table(cohort, "lesions")
  frame$surgeries <- linked_table(cohort, "surgeries")
  definitions <- reconcile_definitions()
  for (name in names(definitions)) {
    eval(bquote(delayedAssign(.(name), .(definitions[[name]]), frame, frame)))
  }
  frame
}

# Value, lower, upper and p of a call. The notes of the verbs are those of the model, not news here.
# Another cohort may have none of the patients that a number is about: why is in the attribute.
answer <- function(call, frame) {
  none <- c(value = NA_real_, lower = NA_real_, upper = NA_real_, p = NA_real_)
  found <- tryCatch(suppressWarnings(quiet(eval(call, frame))), error = identity)
  if (inherits(found, "error")) {
    why <- if (is.null(found$lines)) conditionMessage(found) else found$lines[1L]
    return(structure(none, why = why))
  }
  if (is.data.frame(found)) {
    if (!nrow(found)) return(none)
    return(c(value = found$estimate, lower = found$conf.low, upper = found$conf.high,
             p = found$p.value))
  }
  found <- unname(as.double(found))
  if (length(found) == 3L) none[c("lower", "value", "upper")] <- found
  if (length(found) == 1L) none[c("value", "p")] <- found
  none
}

# One row for each number, or one without for a quantity that has none.
printed_numbers <- function(published) {
  parts <- c("value", "lower", "upper", "p")
  rows <- lapply(seq_len(nrow(published)), function(i) {
    printed <- unlist(published[i, parts])
    use <- if (all(is.na(printed))) "value" else parts[!is.na(printed)]
    data.frame(
      id = published$id[i], quantity = published$quantity[i], kind = published$kind[i], part = use,
      published = unname(printed[use]),
      decimals = unname(unlist(published[i, paste0(use, "_decimals")]))
    )
  })
  do.call(rbind, rows)
}

verdicts <- c("equal", "close", "contradicted", "different", "not computable")

judge <- function(numbers) {
  known <- contradictions()
  at <- match(paste0(numbers$id, ".", numbers$part), paste0(known$id, ".", known$part))
  off <- abs(numbers$difference)
  # A hair for decimals that have no binary form.
  equal <- off <= 0.5 * 10^-numbers$decimals * (1 + 1e-9)
  is_p <- numbers$part == "p"
  near <- off <= 0.1 * abs(numbers$published) | (is_p & off <= 0.01)
  verdict <- ifelse(
    is.na(off), "not computable",
    ifelse(equal, "equal", ifelse(!is.na(at), "contradicted", ifelse(near, "close", "different")))
  )
  numbers$verdict <- factor(verdict, verdicts)
  numbers$by <- ifelse(verdict == "contradicted", known$by[at], NA)
  readings <- readings()
  note <- ifelse(verdict == "contradicted", known$why[at], readings[numbers$id])
  numbers$note <- ifelse(verdict == "close", NA, unname(note))
  numbers
}
