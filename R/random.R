# Random numbers that leave those of the session as they are.

# expr with random numbers that depend on the seed alone. The session's own go on
# from where they were.
with_own_seed <- function(seed, expr) {
  old <- get0(".Random.seed", globalenv(), mode = "integer", inherits = FALSE)
  kind <- RNGkind()
  on.exit({
    suppressWarnings(RNGkind(kind[1L], kind[2L], kind[3L]))
    if (is.null(old)) rm(".Random.seed", envir = globalenv())
    else assign(".Random.seed", old, envir = globalenv())
  })
  set.seed(seed, "Mersenne-Twister", "Inversion", "Rejection")
  expr
}
