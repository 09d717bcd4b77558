#' Concordance of a Cox model
#'
#' Harrell's concordance, the proportion of pairs of patients in which the one
#' with the higher linear predictor has the event first, by the package's own
#' count in O(n log n). With strata, or with any further argument, it is
#' survival's [survival::concordance()].
#'
#' @param object A model made by [lms_cox()].
#' @param ... Further arguments of [survival::concordance()], such as `newdata`
#'   or `timewt`.
#' @return An object of class `concordance`, see [survival::concordance()]; the
#'   components `concordance`, `count` (pairs that are concordant, discordant,
#'   tied in the predictor, in time and in both), `n`, `var` (infinitesimal
#'   jackknife, over clusters where the model has them) and `call`. The variance
#'   under no association, `cvar`, is left out.
#' @references
#' Harrell FE, Lee KL, Mark DB (1996). Multivariable prognostic models.
#' *Statistics in Medicine* 15, 361-387.
#' \doi{10.1002/(SICI)1097-0258(19960229)15:4<361::AID-SIM168>3.0.CO;2-4}
#' @examples
#' fit <- lms_cox(Surv(time, status == 2) ~ age + sex, data = survival::lung)
#' concordance(fit)
#' @export
concordance.lms_cox <- function(object, ...) {
  if (...length() || !is.null(unclass(object)$strata)) return(NextMethod())
  counts <- object$concordance
  call <- match.call()
  call[[1L]] <- quote(concordance)
  structure(
    list(
      concordance = counts[["concordance"]], count = counts[1:5], n = object$n,
      var = counts[["std"]]^2, call = call
    ),
    class = "concordance"
  )
}
