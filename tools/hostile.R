# A session that is set as no session of ours: every function that a user can call runs under other
# options and in a Turkish locale, and must answer as it does elsewhere. Contrasts are not among
# them: they change a model, as in coxph().
hostile <- list(OutDec = ",", scipen = -5L, digits = 3L, warn = 1L, useFancyQuotes = TRUE)

# A locale made in `folder`, or "" where this machine cannot.
make_locale <- function(name, charset, folder) {
  path <- file.path(folder, paste0(name, ".", charset))
  if (!dir.exists(path) && nzchar(Sys.which("localedef"))) {
    dir.create(folder, FALSE, TRUE)
    system2("localedef", c("-i", name, "-f", charset, shQuote(path)), stdout = FALSE,
            stderr = FALSE)
  }
  if (dir.exists(path)) basename(path) else ""
}

enter_hostile <- function() {
  folder <- file.path(normalizePath("_build"), "locale")
  name <- make_locale("tr_TR", "UTF-8", folder)
  Sys.setenv(LOCPATH = folder)
  categories <- c("LC_COLLATE", "LC_CTYPE", "LC_TIME", "LC_NUMERIC")
  # R warns of any decimal point but its own.
  switch_to <- function(locales) suppressWarnings(Map(Sys.setlocale, categories, locales))
  if (!nzchar(name) || Sys.setlocale("LC_COLLATE", name) == "") {
    message("No Turkish locale here (localedef): options alone are hostile.")
    categories <- character()
  } else {
    Sys.setlocale("LC_COLLATE", "C.UTF-8")
  }
  inside <- FALSE
  # Only what a test calls, not what that calls: a locale takes longer to change than most methods
  # to run. A table may have the decimal comma of a session: its help says so.
  enter <- function(table) {
    if (inside) return(NULL)
    inside <<- TRUE
    old <- list(options = options(if (table) hostile[-1L] else hostile),
                locales = vapply(categories, Sys.getlocale, ""))
    switch_to(rep(name, length(categories)))
    old
  }
  leave <- function(old) {
    if (is.null(old)) return(invisible())
    inside <<- FALSE
    options(old$options)
    switch_to(old$locales)
  }
  for (place in places_of_functions()) {
    wrap_functions(place$names, place$env, enter, leave)
  }
}

places_of_functions <- function() {
  namespace <- asNamespace("lmsurv")
  exported <- getNamespaceExports("lmsurv")
  methods <- namespace[[".__NAMESPACE__."]][["S3methods"]][, 3L]
  own <- intersect(c(exported, methods), ls(namespace, all.names = TRUE))
  list(
    list(names = own, env = namespace),
    list(names = intersect(exported, own), env = as.environment("package:lmsurv"))
  )
}

wrap_functions <- function(names, env, enter, leave) {
  namespace <- asNamespace("lmsurv")
  for (name in names) {
    f <- get(name, namespace)
    if (!is.function(f) || is.primitive(f) || !identical(environment(f), namespace)) next
    if (!isTRUE(attr(f, "hostile"))) {
      body(f) <- bquote({
        .session <- .(enter)(.(grepl("table", name)))
        on.exit(.(leave)(.session), add = TRUE)
        .(body(f))
      })
      attr(f, "hostile") <- TRUE
    }
    base::unlockBinding(name, env)
    assign(name, f, env)
    method <- c(asNamespace("lmsurv")[[".__S3MethodsTable__."]], generic_tables())
    for (table in method) if (exists(name, table, inherits = FALSE)) assign(name, f, table)
  }
}

# Where the generics of other packages keep our methods.
generic_tables <- function() {
  packages <- c("base", "stats", "utils", "survival", "generics", "ggplot2")
  lapply(packages, function(package) asNamespace(package)[[".__S3MethodsTable__."]])
}
