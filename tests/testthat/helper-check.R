# Findings of one class, as a plain data frame.
found <- function(check, class) {
  notes <- as.data.frame(check)
  notes[notes$class == class, ]
}

# lms_cox(...) as the caller would write it.
fit_silently <- function(...) {
  call <- sys.call()
  call[[1]] <- quote(lms_cox)
  suppressWarnings(suppressMessages(eval(call, parent.frame())))
}

# Time of metastasis, independent of a hazard that it does not change.
metastatic <- function(n, seed) {
  set.seed(seed)
  death <- rexp(n, 0.02)
  censored <- runif(n, 24, 120)
  spread <- rexp(n, 0.03)
  months <- pmin(death, censored)
  data.frame(
    id = seq_len(n), months = months, died = as.integer(death <= censored), age = rnorm(n, 60, 10),
    metastasis = spread < months, spread = ifelse(spread < months, spread, NA)
  )
}

metastatic_sarcomas <- function() {
  lms <- leiomyosarcomas()
  distant <- lms$new_tumor_event_type == "Distant Metastasis"
  lms$spread <- ifelse(distant, lms$new_tumor_event_days, NA)
  lms$metastasis <- !is.na(lms$spread)
  lms
}
