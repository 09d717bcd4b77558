# A PDF where there is no LaTeX: the web page, printed by a browser without a window.

has_latex <- function() nzchar(Sys.which("xelatex"))

browser_names <- c(
  "chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome",
  "microsoft-edge", "msedge"
)

# Where macOS and Windows keep theirs, which are not on the path.
browser_paths <- function() {
  programs <- Sys.getenv(c("ProgramFiles", "ProgramFiles(x86)", "LocalAppData"))
  c(
    "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
    "/Applications/Chromium.app/Contents/MacOS/Chromium",
    "/Applications/Microsoft Edge.app/Contents/MacOS/Microsoft Edge",
    file.path(programs, "Google/Chrome/Application/chrome.exe"),
    file.path(programs, "Microsoft/Edge/Application/msedge.exe")
  )
}

find_browser <- function() {
  candidates <- c(Sys.getenv("CHROMOTE_CHROME"), Sys.which(browser_names), browser_paths())
  found <- candidates[nzchar(candidates) & file.exists(candidates)]
  if (length(found)) found[[1L]]
}

print_to_pdf <- function(html) {
  html <- normalizePath(html, "/")
  pdf <- sub("[.]html$", ".pdf", html)
  profile <- file.path(dirname(html), "browser")
  # Chromium's sandbox does not start as root.
  root <- .Platform$OS.type == "unix" && identical(Sys.info()[["effective_user"]], "root")
  arguments <- c(
    "--headless", "--disable-gpu", if (root) "--no-sandbox", "--no-first-run",
    "--disable-extensions", "--no-pdf-header-footer", paste0("--user-data-dir=", profile),
    paste0("--print-to-pdf=", pdf), paste0("file://", if (!startsWith(html, "/")) "/",
                                           utils::URLencode(html))
  )
  browser <- find_browser()
  status <- suppressWarnings(
    system2(browser, shQuote(arguments), stdout = FALSE, stderr = FALSE, timeout = 120)
  )
  if (status != 0 || !file.exists(pdf) || !file.size(pdf)) {
    abort("pdf", paste0("The browser could not print the report: ", basename(browser), " ended ",
                        "with status ", status, "."),
          "Write \"html\" and print it from your browser.")
  }
  pdf
}
