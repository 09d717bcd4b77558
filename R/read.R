# lms_read(): from the file that people have to a data frame for lms_cohort().

#' Read a spreadsheet, a Stata file or a REDCap export
#'
#' `lms_read()` reads a table of patients from a file and prepares it for [lms_cohort()]. It is
#' for clinicians whose data are in Excel, CSV, Stata, SPSS, SAS or REDCap. Dates become [Date],
#' categories become factors, missing values become `NA`, and labels are kept. One message
#' reports what was done, by column, and never shows an identifier or a date. A column that can
#' be read in two ways is kept as text and named in the message. Some such columns are an error
#' that asks you to set an argument.
#'
#' @section What it prints:
#' `lms_read()` gives one message, not a print of the data. In the first example it says:
#' * The name and kind of the file, with its numbers of rows and columns.
#' * `text, now factors`: the columns that became categories. The first level is the reference
#'   group in models. Use [relevel()] to change it.
#' * `dates`: the columns that were read as dates, and their form. Check that day and month are
#'   in the right order.
#' * Further lines, where they apply: rows that were omitted, missing values, numbers that may be
#'   codes for missing, and columns kept as text. Each line names the argument to set.
#'
#' @details
#' The kind of file is recognized by its content, not by its ending. Files compressed by gzip,
#' bzip2 or xz are unpacked.
#'
#' * CSV and other text: columns are separated by comma, semicolon, tab or bar. The encoding is
#'   UTF-8, UTF-16, UTF-32 or Latin-1.
#' * Excel (needs the package readxl): `.xlsx` and `.xls`. Sheets that explain the table, such as
#'   a README, are skipped. A cell with an error, such as `#REF!`, is `NA`.
#' * Stata, SPSS and SAS (needs the package haven): labeled numbers become factors with their
#'   labels if each value has one, and numbers otherwise. Stata's extended missing values (`.a`
#'   to `.z`), missing values declared in an SPSS file, and labelled codes in a column of dates
#'   become `NA`.
#' * REDCap: an export, raw or with labels, with the data dictionary as `dictionary`. Coded
#'   fields become factors with their choices. Yes/no fields and checkboxes become `TRUE` or
#'   `FALSE`. If one record has several rows (events), the message reports it.
#'
#' The first row that fills half of the columns is used as the header. If this row may be a
#' patient, set `header`. Signs of this are numbers above numbers, dates above dates, or a value
#' that occurs again.
#'
#' Rows and columns without content are omitted. So are a title above the header, a repeated
#' header, and totals and remarks below the table. The message counts them. Text with repeated
#' values, at most 20 of them different, becomes a factor. Its levels are in the order of their
#' characters (capitals first), which is the same in every locale. Levels that may be the same
#' category (`m`, `M`, `male`) are named in the message.
#'
#' @section Numbers:
#' Decimal points and commas are recognized, and so are thousands separated by comma, point,
#' space or apostrophe: `1,234.5` and `1.234,5`. The meaning of `1.200` or `1,200` is decided by
#' the other columns. In a file with decimal commas, a point before three digits separates
#' thousands, and the reverse. If no column decides, or if columns contradict each other, the
#' column is kept as text. A file separated by commas has decimal points. `90%` is read as 90.
#'
#' @section Dates:
#' A column of text is read as dates if it contains nothing else. Accepted forms are
#' `2019-05-17`, `17.05.2019`, `17may2019`, `3. Mai 2019` and `March 3, 2019`. Months can be in
#' English, German, French, Spanish, Italian, Dutch or Portuguese. Dates with slashes or dashes
#' are accepted if at least one day above 12 shows whether the day or the month comes first. If
#' no day shows it, or if years have two digits, the column is an error: set `dates`. A year with
#' two digits is then the most recent such year that has begun. The time of day is dropped.
#'
#' Some dates lack a day or month, such as `11/2012`, `xx.11.2012`, Stata's `%tm` and, among
#' other dates, `2012`. Columns with them are kept as text. Set `partial` to make them dates; the
#' message counts them.
#'
#' @section Missing values:
#' Empty cells, cells with `NA`, `N/A`, `#N/A`, `NaN`, `NULL` or a single point, and Excel errors
#' are `NA`. Numbers such as -99 or 999 that are far from all others are kept and named in the
#' message. Set `missing` to make them `NA`.
#'
#' @param file The path of the file.
#' @param sheet The name or number of the sheet of an Excel file. By default the first sheet that
#'   has a table is read.
#' @param dates The form of the dates: `"dmy"`, `"mdy"` or `"ymd"` for all columns of dates, or
#'   by column, `c(diagnosis = "dmy", surgery = "excel")`. `"excel"` reads the numbers of days
#'   that Excel stores (`"excel1904"` for an old Excel for Mac). `"text"` leaves a column
#'   unchanged.
#' @param missing The values that mean missing, as the file has them, or the label of a number.
#'   Give them for all columns, such as `c(-99, "unknown")`, or by column, `c(age = 999)`.
#' @param dictionary The data dictionary of a REDCap export: the path of its CSV file, or a data
#'   frame.
#' @param names `"simple"` to change column names into names that need no quotes in R, with the
#'   old name kept as label. `"file"` leaves the names unchanged.
#' @param header `TRUE` if the first row has the column names, `FALSE` if it is a patient. The
#'   columns are then named `column_1`, `column_2` and so on. By default the row is inspected,
#'   and you are asked to set `header` if it is unclear.
#' @param partial The day that completes a date without a day or month. It is the `"first"` or
#'   `"last"` of the month or year, or `"mid"` (day 15 of a month, 1 July of a year). Set it for
#'   all columns, or by column, `c(diagnosis = "mid", last_contact = "last")`.
#' @return A data frame with one row per row of the file. Labels are in the attribute `label` of
#'   each column. A REDCap export with repeating instruments gives a list of data frames:
#'   `patients`, and one for each instrument by its name.
#' @seealso [lms_cohort()], and `vignette("your-cohort")`.
#' @examples
#' # a table of 396 patients, ready for lms_cohort()
#' patients <- lms_read(system.file("extdata", "cohort.csv", package = "lmsurv"))
#' str(patients)
#'
#' # semicolons, decimal commas and days before months
#' file <- tempfile(fileext = ".csv")
#' writeLines(c(
#'   "Patient ID;Sex;Diagnosis;Tumor size (cm)",
#'   "A1;female;17.05.2011;7,5", "A2;male;02.11.2012;.", "A3;female;30.01.2014;12"
#' ), file)
#' str(lms_read(file))
#' @export
lms_read <- function(file, sheet = NULL, dates = NULL, missing = NULL, dictionary = NULL,
                     names = c("simple", "file"), header = NULL, partial = NULL) {
  file <- check_file(if (!missing(file)) file)
  names <- check_option(names, "names", c("simple", "file"))
  if (!is.null(header)) check_flag(header, "header")
  path <- unpacked(file)
  if (path != file) on.exit(unlink(dirname(path), recursive = TRUE))
  kind <- file_kind(path)
  refuse_idle(kind, sheet, header)
  read <- switch(kind,
    excel = read_excel_cells(path, sheet, header),
    stata = , spss = , sas = read_haven(path, kind),
    read_text_cells(path, header)
  )
  named <- simple_names(read$data, names)
  check_dates_argument(dates, named$data)
  check_partial_argument(partial, named$data)
  set <- set_missing(named$data, missing)
  plain <- if (kind %in% c("stata", "spss", "sas")) plain_haven(set$data, partial) else set["data"]
  redcap <- read_redcap(plain$data, dictionary)
  columns <- read_columns(list(data = redcap$data, fixed = read$fixed, separator = read$separator),
                          dates, partial)
  tables <- split_instruments(columns$data)
  notes <- c(read$notes, named$notes, set$notes, plain$notes, redcap$notes, columns$notes,
             event_notes(if (is.null(tables)) columns$data else tables$patients))
  say("read", c(shape_line(file, kind, columns$data, tables), if (length(notes)) paste("*", notes)),
      fields = list(notes = notes))
  if (is.null(tables)) columns$data else tables
}

refuse_idle <- function(kind, sheet, header) {
  if (!is.null(sheet) && kind != "excel") {
    abort("argument", "`sheet` is only for Excel files.", "Remove `sheet`.")
  }
  if (!is.null(header) && !kind %in% c("excel", "text")) {
    abort("argument", paste0("`header` is only for text and Excel files; ", kind_words[[kind]],
                             " files have column names."), "Remove `header`.")
  }
}

shape_line <- function(file, kind, data, tables) {
  line <- paste0(basename(file), " (", kind_words[[kind]], "): ", count_of(nrow(data), "row"), ", ",
                 count_of(ncol(data), "column"), ".")
  if (is.null(tables)) return(line)
  rows <- vapply(tables, nrow, 0L)
  c(line, paste0("* repeating instruments, one table each: ",
                 enumerate(paste0(tick(names(tables)), " (", rows, ")"), max = 20L), "."))
}
