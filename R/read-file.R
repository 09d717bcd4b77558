# Which file is read: that it is there, what kind it is, and what is packed in it.

check_file <- function(file) {
  if (!is.character(file) || length(file) != 1L || is.na(file) || !nzchar(file)) {
    abort("argument", paste0("`file` must be the path of one file, not ", describe(file), "."))
  }
  if (dir.exists(file)) {
    abort("file", "`file` is a folder.", "Give a file in it: `file.path(folder, \"name.xlsx\")`.")
  }
  if (grepl("^(https?|ftp)://", file)) {
    abort("file", "`file` is an internet address.",
          "Download the file first: `download.file(address, \"cohort.csv\", mode = \"wb\")`.")
  }
  if (!file.exists(file)) {
    abort("file", paste0("There is no file ", quoted(file), "."),
          did_you_mean(basename(file), list.files(dirname(file))),
          if (basename(file) == file) paste0("R searched in ", quoted(getwd()), "."))
  }
  if (startsWith(basename(file), "~$")) {
    abort("file", "`file` is a temporary file of Excel.",
          "Remove `~$` from the name of the file.")
  }
  if (file.access(file, 4L) != 0L) {
    abort("file", "`file` cannot be opened.", "If the file is open in Excel, close it.")
  }
  if (file.size(file) == 0) abort("no_rows", paste0(quoted(basename(file)), " is empty."))
  file
}

# The file itself, or what a compressed file (.gz, .bz2, .xz) holds, in a folder of its own.
unpacked <- function(file) {
  start <- paste(as.character(readBin(file, "raw", 6L)), collapse = "")
  if (!grepl("^(1f8b|425a68|fd377a585a)", start)) return(file)
  bytes <- tryCatch(file_bytes(file), error = identity, warning = identity)
  # A gzip file ends with the length of what it holds.
  last <- readBin(file, "raw", file.size(file))
  last <- sum(as.integer(utils::tail(last, 4L)) * 256^(0:3))
  cut <- startsWith(start, "1f8b") && length(bytes) %% 2^32 != last
  if (inherits(bytes, "condition") || cut) {
    abort("file", paste0(quoted(basename(file)), " is compressed, and damaged or cut off."),
          "Copy or download the file again.")
  }
  folder <- tempfile("lmsurv-read-")
  dir.create(folder)
  path <- file.path(folder, sub("[.](gz|bz2|xz)$", "", basename(file), ignore.case = TRUE))
  writeBin(bytes, path)
  path
}

# What the first bytes say; SAS goes by its ending.
file_kind <- function(file) {
  bytes <- readBin(file, "raw", 512L)
  begins <- function(...) identical(utils::head(bytes, ...length()), as.raw(c(...)))
  ending <- tolower(tools::file_ext(file))
  text <- tolower(rawToChar(bytes[bytes >= as.raw(9L) & bytes < as.raw(128L)]))
  if (ending %in% c("ods", "numbers", "pdf", "docx", "doc", "rds", "rdata")) {
    abort("file", paste0("Files that end with .", ending, " cannot be read."),
          if (ending == "rds") "Use `readRDS()`." else "Save the table as .xlsx or .csv.")
  }
  if (begins(0x50, 0x4b, 0x03, 0x04)) {
    inside <- tryCatch(utils::unzip(file, list = TRUE)$Name, error = function(e) "xl/")
    if (any(startsWith(inside, "xl/"))) return("excel")
    abort("file", paste0(quoted(basename(file)), " is a zip archive, not a table."),
          "Unpack the archive, and read the file in it.")
  }
  if (begins(0xd0, 0xcf, 0x11, 0xe0)) return("excel")
  old_stata <- length(bytes) > 3L && as.integer(bytes[1L]) %in% 104:115 &&
    bytes[2L] %in% as.raw(1:2) && bytes[3L] == as.raw(1L)
  if (startsWith(text, "<stata_dta>") || old_stata) return("stata")
  if (startsWith(text, "$fl2") || startsWith(text, "$fl3")) return("spss")
  if (ending %in% c("sas7bdat", "xpt")) return("sas")
  if (grepl("^\\s*<(!doctype|html|table|\\?xml)", text)) {
    abort("file", paste0(quoted(basename(file)), " is a web page or XML file."),
          "Open the file in Excel and save it as .xlsx.")
  }
  "text"
}
