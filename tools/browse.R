# Opens a report in headless Chromium, wide and as narrow as a telephone: every figure must be seen,
# nothing fetched, no error logged and nothing run over the side. Pictures of it go beside it.
#   Rscript tools/browse.R _build/demo.html
report <- normalizePath(commandArgs(trailingOnly = TRUE)[1L])
browser <- Sys.which("chromium")
if (!nzchar(browser)) {
  stop("chromium is not installed", call. = FALSE)
}

folder <- tempfile("browse-")
dir.create(folder)
flags <- c(
  "--headless", "--no-sandbox", "--disable-gpu", "--hide-scrollbars", "--no-first-run",
  paste0("--user-data-dir=", file.path(folder, "profile")), "--virtual-time-budget=5000"
)
chromium <- function(...) {
  suppressWarnings(
    system2(browser, shQuote(c(flags, ...)), stdout = TRUE, stderr = FALSE, timeout = 120)
  )
}
address <- function(path) paste0("file://", utils::URLencode(path))
write_page <- function(text, name) {
  path <- file.path(folder, name)
  writeLines(text, path, useBytes = TRUE)
  path
}

# What the page says of itself goes to the frame around it, and there into an attribute; it
# listens before anything of the page has run.
watch <- "<script>(() => {
const errors = [];
addEventListener('error', e => errors.push(e.message || 'not loaded: ' + e.target.tagName), true);
for (const kind of ['error', 'warn']) console[kind] = (...what) => errors.push(what.join(' '));
addEventListener('load', () => setTimeout(() => {
  const seen = {
    errors: errors,
    figures: [...document.images].map(i => ({
      natural: Math.min(i.naturalWidth, i.naturalHeight), shown: i.getBoundingClientRect().width,
      visible: i.checkVisibility(), alt: i.alt.length
    })),
    fetched: performance.getEntriesByType('resource').map(r => r.name)
      .filter(name => !name.startsWith('data:')),
    over: document.documentElement.scrollWidth - document.documentElement.clientWidth,
    width: innerWidth, height: document.documentElement.scrollHeight,
    tables: document.querySelectorAll('table').length
  };
  parent.postMessage(encodeURIComponent(JSON.stringify(seen)), '*');
}, 100));
})()</script>"
page <- paste(readLines(report, encoding = "UTF-8", warn = FALSE), collapse = "\n")
watched <- write_page(sub("<head>", paste0("<head>", watch), page, fixed = TRUE), "watched.html")

# Chromium's window is never narrower than 500 pixels, but a frame in it is.
framed <- function(width, height) {
  write_page(sprintf(
    "<html><body style='margin:0'><script>addEventListener('message', e =>
       document.documentElement.setAttribute('data-seen', e.data))</script>
     <iframe src='%s' style='border:0;width:%dpx;height:%dpx'></iframe></body></html>",
    basename(watched), width, height
  ), "frame.html")
}

look <- function(width) {
  open <- function(height) address(framed(width, height))
  dom <- paste(chromium("--dump-dom", open(1000L)), collapse = "\n")
  seen <- regmatches(dom, regexpr("data-seen=\"[^\"]*\"", dom))
  if (!length(seen)) {
    stop("Chromium did not open the report", call. = FALSE)
  }
  seen <- jsonlite::fromJSON(utils::URLdecode(sub("data-seen=\"(.*)\"", "\\1", seen)))
  picture <- sub("[.]html$", paste0("-", width, ".png"), report)
  chromium(paste0("--window-size=", max(width, 500L), ",", seen$height),
           paste0("--screenshot=", picture), open(seen$height))
  figures <- seen$figures
  problems <- c(
    seen$errors,
    if (length(seen$fetched)) paste("fetched:", seen$fetched),
    if (!NROW(figures)) "no figure",
    if (any(figures$natural < 50 | figures$shown < 50 | !figures$visible)) "a figure is not seen",
    if (any(figures$alt < 20)) "a figure has no alternative text",
    if (!seen$tables) "no table",
    if (seen$width != width) "the frame has another width",
    if (seen$over > 0) paste(seen$over, "pixels over the side"),
    if (!file.exists(picture) || file.size(picture) < 10000) "no picture was made"
  )
  cat(width, " pixels wide: ", NROW(figures), " figures, ", seen$tables, " tables, ", picture, "\n",
      sep = "")
  if (length(problems)) paste0(width, ": ", problems)
}

problems <- unlist(lapply(c(1200L, 400L), look))
unlink(folder, recursive = TRUE)
if (length(problems)) {
  stop(paste(problems, collapse = "\n"), call. = FALSE)
}
