# Nothing that the data say is run, taken for markup, or tells who a patient is.

test_that("strings of the data come out as they are, in HTML and Word", {
  skip_without_report()
  nasty <- c("<script>alert(1)</script>", "$x$ _a_ **b** # h", "`r 40000+2`",
             "![p](http://x.org/a.png)", "{{< include x >}} &amp; \\textbf{b} |")
  patients <- leiomyosarcoma[1:200, ]
  patients$subtype <- factor(nasty[seq_len(200) %% 5 + 1], nasty)
  patients$sex <- factor(ifelse(patients$sex == "Male", "`r 50000+3`", "<b>x</b>"))
  attr(patients$sex, "label") <- "<img src=x onerror=alert(2)> $y$ `r 60000+4`"
  # without doubt associated, so that it is in the sentences too
  died <- patients$subtype == nasty[3]
  patients$died <- died | seq_len(200) %% 7 == 0
  cohort <- lms_cohort(patients, event = TRUE)
  title <- "A <i>title</i> with `r 70000+5`, $z$ and \"quotes\": yes"
  for (format in c("html", "docx")) {
    file <- write_report(cohort, format, models = ~ subtype + sex,
                         title = title)
    text <- visible_text(file)
    for (string in c(nasty, "<b>x</b>", "`r 50000+3`", attr(patients$sex, "label"), title)) {
      expect_true(grepl(string, text, fixed = TRUE), label = paste(format, string))
    }
    expect_no_match(text, "40002|50003|60004|70005")
    contents <- paste(report_contents(file), collapse = "\n")
    unsafe <- c("<script>alert", "<b>x</b>", "<img src=x", "<i>title", "http://x.org/a.png\"")
    expect_equal(words_inside(contents, unsafe), character())
  }
})

test_that("no identifier, no date and no row of a patient is in the file", {
  skip_without_report()
  patients <- leiomyosarcoma
  patients$id <- sprintf("ZQXWJV%05d", 10000 + seq_len(396))
  # all in years in which nothing else of a report has happened
  shift <- as.integer(as.Date("1961-03-01") - min(patients$diagnosis))
  dates <- names(patients)[vapply(patients, inherits, NA, "Date")]
  patients[dates] <- lapply(patients[dates], `+`, shift)
  patients$hospital_number <- sprintf("KLINIK-%06d", 700000 + seq_len(396))
  as_ids <- function(table) {
    at <- names(table)[vapply(table, inherits, NA, "Date")]
    table[at] <- lapply(table[at], `+`, shift)
    table$id <- sprintf("ZQXWJV%05d", 10000 + table$id)
    table
  }
  cohort <- lms_cohort(patients, as_ids(leiomyosarcoma_lesions), as_ids(leiomyosarcoma_surgeries))
  # Months from diagnosis to the last contact, with more digits than any summary has.
  follow_up <- as.numeric(patients$last_contact - patients$diagnosis) / 30.4375
  follow_up <- sprintf("%.5f", follow_up[follow_up != round(follow_up)])
  for (format in c("html", "docx")) {
    file <- write_report(cohort, format, sections = article_sections(cohort))
    contents <- report_contents(file)
    expect_gt(length(contents), 5L)
    expect_equal(words_inside(contents, c("ZQXWJV", "KLINIK")), character())
    expect_equal(dates_inside(contents), character())
    text <- visible_text(file)
    numbers <- sub("(\\.[0-9]{5}).*", "\\1", numbers_inside(text))
    expect_equal(intersect(numbers, follow_up), character())
    # the search itself finds what is there
    leak <- paste("x", patients$id[7], format(patients$diagnosis[7]), follow_up[7], "x")
    expect_equal(words_inside(c(contents, leak), "ZQXWJV"), "ZQXWJV")
    expect_equal(dates_inside(c(contents, leak)), format(patients$diagnosis[7]))
    expect_equal(intersect(numbers_inside(paste(text, leak)), follow_up), follow_up[7])
    expect_equal(words_inside(contents, c("Retroperitoneal", "no such word")), "Retroperitoneal")
  }
})

test_that("text is made safe letter by letter", {
  expect_equal(lmsurv:::markup_safe("a_b"), "a&#95;b")
  expect_equal(lmsurv:::markup_safe("a\n\tb, 5%"), "a b, 5%")
  all <- rawToChar(as.raw(33:126))
  expect_no_match(gsub("&#[0-9]+;", "", lmsurv:::markup_safe(all)), "[^A-Za-z0-9,%/]")
  expect_equal(lmsurv:::markup_safe("\u00fc\u2265\u4e2d"), "\u00fc\u2265\u4e2d")
})
