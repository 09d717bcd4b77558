# Sends Ctrl-C to a child R process while it evaluates `code`, after `after` seconds of its
# processor time. Answer: seconds of processor time from the signal until the child has stopped, or
# NA where it had ended before; and the peak of its memory in MB.
interrupt_child <- function(code, after = 1) {
  skip_on_cran()
  skip_on_os(c("windows", "mac", "solaris"))
  dir <- withr::local_tempdir()
  path <- function(name) file.path(dir, name)
  child <- c(
    paste0(".libPaths(", deparse1(.libPaths()), ")"), "library(lmsurv)",
    "spent <- function() sum(proc.time()[1:2])",
    paste0("writeLines(as.character(Sys.getpid()), ", deparse1(path("begun")), ")"),
    "how <- tryCatch({", code, "\"ended\"}, interrupt = function(e) \"stopped\")",
    "peak <- grep(\"VmHWM\", readLines(\"/proc/self/status\"), value = TRUE)",
    paste0(
      "writeLines(c(how, spent(), gsub(\"[^0-9]\", \"\", peak)), ", deparse1(path("part")), ")"
    ),
    paste0("invisible(file.rename(", deparse1(path("part")), ", ", deparse1(path("done")), "))")
  )
  writeLines(child, path("child.R"))
  system2(file.path(R.home("bin"), "Rscript"), c("--vanilla", path("child.R")), wait = FALSE,
          stdout = FALSE, stderr = FALSE)
  wait_until <- function(ready, seconds = 120) {
    end <- Sys.time() + seconds
    while (!ready() && Sys.time() < end) Sys.sleep(0.02)
    ready()
  }
  if (!wait_until(function() file.exists(path("begun")))) skip("no child process")
  pid <- as.integer(readLines(path("begun")))
  spent <- function() {
    stat <- tryCatch(readLines(sprintf("/proc/%d/stat", pid)), error = function(e) NULL)
    if (is.null(stat)) return(NA_real_)
    sum(as.double(strsplit(sub("^.*[)] ", "", stat), " ")[[1L]][12:13])) / 100
  }
  start <- spent()
  wait_until(function() file.exists(path("done")) || isTRUE(spent() >= start + after))
  at_signal <- spent()
  tools::pskill(pid, tools::SIGINT)
  stopped <- wait_until(function() file.exists(path("done")), 60)
  if (!stopped) {
    tools::pskill(pid, tools::SIGKILL)
    return(list(seconds = Inf, mb = NA))
  }
  end <- readLines(path("done"))
  list(
    seconds = if (end[1L] == "stopped") as.double(end[2L]) - at_signal else NA_real_,
    mb = as.double(end[3L]) / 1024
  )
}
