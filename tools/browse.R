# Opens a report in headless Chromium, wide and as narrow as a telephone: it must show every figure,
# fetch nothing, log no error and not run over the side. Pictures of it go beside it.
#   Rscript tools/browse.R _build/demo.html
report <- normalizePath(commandArgs(trailingOnly = TRUE)[1L])
browser <- Sys.which("chromium")
if (!nzchar(browser)) stop("chromium is not installed", call. = FALSE)

folder <- tempfile("browse-")
dir.create(folder)
on.exit(unlink(folder, recursive = TRUE))
flags <- c(
  "--headless", "--no-sandbox", "--disable-gpu", "--hide-scrollbars", "--no-first-run",
  paste0("--user-data-dir=", file.path(folder, "profile")), "--virtual-time-budget=5000"
)
address <- function(path) paste0("file://", utils::URLencode(path))

# What the page says of itself goes into an attribute, before anything of its own has run.
watch <- "<script>(() => {
const errors = [];
addEventListener('error', e => errors.push(e.message || 'not loaded: ' + e.target.outerHTML), true);
console.error = (...a) => errors.push(a.join(' '));
addEventListener('load', () => setTimeout(() => {
  const seen = {
    errors: errors,
    figures: [...document.images].map(i => [
      i.naturalWidth, i.naturalHeight, Math.round(i.getBoundingClientRect().width), i.alt.length,
      i.checkVisibility ? i.checkVisibility() : true]),
    fetched: performance.getEntriesByType('resource').map(r => r.name)
      .filter(n => !n.startsWith('data:')),
    width: innerWidth, over: document.documentElement.scrollWidth - innerWidth,
    tables: document.querySelectorAll('table').length, height: document.body.scrollHeight
  };
  document.documentElement.setAttribute('data-seen', encodeURIComponent(JSON.stringify(seen)));
}, 100));
})()</script>"

page <- paste(readLines(report, encoding = "UTF-8", warn = FALSE), collapse = "\n")
watched <- file.path(folder, "watched.html")
writeLines(sub("<head>", paste0("<head>\n", watch), page, fixed = TRUE), watched, useBytes = TRUE)

# A window cannot be narrower than 500 pixels, a frame can.
framed <- function(width) {
  path <- file.path(folder, paste0("frame-", width, ".html"))
  writeLines(sprintf("<body style='margin:0'><iframe src='watched.html' style='border:0;width:%dpx;height:30000px'></iframe>", width), path)
  path
}

run <- function(...) {
  suppressWarnings(system2(browser, shQuote(c(flags, ...)), stdout = TRUE, stderr = FALSE))
}

look <- function(width) {
  dom <- paste(run(paste0("--window-size=", width, ",1000"), "--dump-dom", address(watched)), collapse = "\n")
  seen <- regmatches(dom, regexpr("data-seen=\"[^\"]*\"", dom))
  if (!length(seen)) stop("Chromium did not load the report", call. = FALSE)
  jsonlite::fromJSON(utils::URLdecode(sub("^data-seen=\"(.*)\"$", "\\1", seen)), simplifyVector = FALSE)
}
s <- look(400); str(s, 2)
