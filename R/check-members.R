# A clock that starts before anybody could belong to the patients: all have had an event that comes
# later.

find_members <- function(fit) {
  members <- fit$guards$members
  if (is.null(members)) return(finding(character()))
  finding(
    "late_membership", "serious", variable = typed_name(members$event), n = members$n,
    time = members$median, suggested = members$endpoint,
    remedy = if (is.na(members$endpoint)) "start there" else "move the origin",
    code = moved_code(fit, members$endpoint)
  )
}

# The same line with the endpoint that starts at the event.
moved_code <- function(fit, endpoint) {
  call <- fit$call
  if (is.na(endpoint) || !is.call(call$formula)) return(NA)
  call$formula <- plain_formula(call$formula)
  call$formula[[2L]] <- as.name(endpoint)
  code_line(first_unnamed(call))
}
