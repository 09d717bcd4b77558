# lms_read(): from the file that people have to a data frame for lms_cohort().

#' Read a spreadsheet, a Stata file or a REDCap export
#'
#' Reads a table into a data frame fit for [lms_cohort()]: dates as [Date], categories
#' as factors, missing values as `NA`, labels kept. One message names what was done, by column,
#' never with an identifier or a date. What can be read in two ways is left as text and named, or
#' asked about.
#'
#' @details
#' The kind of file goes by its content, not by its ending. Files compressed by gzip, bzip2 or xz
#' are unpacked.
#'
#' * CSV and other text: separated by comma, semicolon, tab or bar, in UTF-8, UTF-16, UTF-32 or
#'   Latin-1.
#' * Excel (package readxl): `.xlsx` and `.xls`. Sheets that explain the table, such as a README,
#'   are passed over. A cell with an error, such as `#REF!`, is `NA`.
#' * Stata, SPSS and SAS (package haven): labelled numbers become factors with their
#'   labels where each value has one, else numbers; Stata's extended missing values
#'   (`.a` to `.z`) and the missing values that an SPSS file declares become `NA`, and so do
#'   labelled codes in a column of dates.
#' * REDCap: an export, raw or with labels, with the data dictionary as `dictionary`. Coded fields
#'   become factors by their choices; yes/no fields and checkboxes `TRUE` or `FALSE`. Several rows
#'   of one record (events) are named in the message.
#'
#' The first row that fills half of the columns names them. If it may be a patient (numbers above
#' numbers, dates above dates, a value that comes again), set `header`. Rows and columns without
#' content are left out, and so are a title above the header, a header that comes again, and totals
#' and remarks below the table; the message counts them. Text that repeats itself, with at most 20
#' different values, becomes a factor. Its levels are in the order of their characters (capitals
#' first), which is the same in every locale. Levels that may be one category (`m`, `M`, `male`) are
#' named.
#'
#' @section Numbers:
#' Decimal points and commas, and thousands set apart by comma, point, space or apostrophe, are
#' read: `1,234.5` and `1.234,5`. What `1.200` or `1,200` means is settled by the other columns: in
#' a file with decimal commas a point before three digits is a thousand, and the reverse. Where no
#' column shows it, or columns show both, the column is left as text. A file separated by commas has
#' decimal points. `90%` is 90.
#'
#' @section Dates:
#' Text is read as dates where a column holds nothing else: `2019-05-17`, `17.05.2019`,
#' `17may2019`, `3. Mai 2019`, `March 3, 2019` (months in English, German, French, Spanish,
#' Italian, Dutch and Portuguese), and with slashes or dashes where at least one day above 12 shows
#' which comes first. Where none does, and where the years have two digits, the column is
#' refused, and `dates` says what it is. A year of two digits is then the last such year that
#' has begun. The time of day is left out.
#'
#' Dates without a day or month, such as `11/2012`, `xx.11.2012`, Stata's `%tm` and, among other
#' dates, `2012`, are left as text. `partial` makes them dates; the message counts them.
#'
#' @section Missing values:
#' Empty cells, cells with `NA`, `N/A`, `#N/A`, `NaN`, `NULL` or a single point, and errors of Excel
#' are `NA`. Numbers such as -99 or 999 far from all others are left as they are and named in the
#' message; `missing` makes them `NA`.
#'
#' @param file The path of the file.
#' @param sheet Excel: the name or number of the sheet; left out, the first that has
#'   a table.
#' @param dates The form of dates: `"dmy"`, `"mdy"` or `"ymd"` for all columns of dates, or
#'   by column `c(diagnosis = "dmy", surgery = "excel")`. `"excel"` reads the numbers of days
#'   that Excel stores (`"excel1904"`: of an old Excel for Mac); `"text"` leaves a column as it is.
#' @param missing Values that mean missing in all columns, such as `c(-99, "unknown")`, or by
#'   column, `c(age = 999)`: as the file has them, or the label of a number.
#' @param dictionary REDCap: the data dictionary, as the path of its CSV file or as a
#'   data frame.
#' @param names `"simple"` turns column names into names that need no quotes in R and
#'   keeps the old one as label; `"file"` leaves them.
#' @param header `TRUE` if the first row names the columns, `FALSE` if it is a patient; the columns
#'   are then `column_1`, `column_2` and so on. By default the row is looked at, and asked about in
#'   doubt.
#' @param partial Which day a date without a day or month becomes: `"first"` or `"last"` of the
#'   month or year, or its middle, `"mid"` (day 15 of a month, 1 July of a year); for all columns,
#'   or by column, `c(diagnosis = "mid", last_contact = "last")`.
#' @return A data frame with one row per row of the file; labels are in the attribute
#'   `label` of each column. A REDCap export with repeating instruments gives a list of data
#'   frames: `patients`, and one per instrument by its name.
#' @seealso [lms_cohort()], and `vignette("your-cohort")`.
#' @examples
#' file <- tempfile(fileext = ".csv")
#' writeLines(c(
#'   "Patient ID;Sex;Diagnosis;Tumour size (cm)",
#'   "A1;female;17.05.2011;7,5", "A2;male;02.11.2012;.", "A3;female;30.01.2014;12"
#' ), file)
#' patients <- lms_read(file)
#' str(patients)
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
