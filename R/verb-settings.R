# The settings that several verbs have: each list of choices once.

weight_types <- c("case", "frequency", "sampling")

read_weight_type <- function(x) check_option(x, "weight_type", weight_types)

read_conf_level <- function(x) check_number(x, "conf_level", 0, 1, open = TRUE)

read_robust <- function(x) if (!is.null(x)) check_flag(x, "robust")

# Scales of an interval of survival or incidence.
conf_types <- c("log", "log-log", "plain", "logit", "arcsin", "none")

# x: NULL where it was not given; usual: what holds then.
read_conf_type <- function(x, usual = conventions()$conf_type, name = "conf_type") {
  if (is.null(x) || identical(x, conf_types)) return(usual)
  if (identical(tolower(x), "arcsine")) return("arcsin")
  check_choice(x, name, conf_types)
}
