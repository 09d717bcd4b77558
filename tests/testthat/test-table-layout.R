# Tables in HTML, Word, LaTeX and markdown: where things stand, and nothing of the data as markup.

script <- "<script>alert(1)</script>"
marks <- "a|b_*$&%"
rough <- "x^2 {\\bf y} [l](http://a.b) `c` @d #e ~f~"
wild <- data.frame(
  g = rep(c(script, marks), 30), age = 1:60 + 0.5, f = rep(c(rough, marks), each = 30),
  t = 1:60 + 0.25, e = rep(c(0, 1, 1), 20)
)
attr(wild$age, "label") <- "Age <b>bold</b> & $x_1$"
wild_tables <- list(
  lms_table_one(wild, g, c(age, f), caption = script),
  lms_table_cox(fit_silently(Surv(t, e) ~ g + age + f, wild))
)

# What knitr puts into a document of a format.
knitted <- function(x, format) {
  withr::local_options(knitr.in.progress = TRUE)
  old <- knitr::opts_knit$get("rmarkdown.pandoc.to")
  withr::defer(knitr::opts_knit$set(rmarkdown.pandoc.to = old))
  knitr::opts_knit$set(rmarkdown.pandoc.to = format)
  paste(unlist(knitr::knit_print(x)), collapse = "\n")
}

need_layout <- function() {
  for (package in c("flextable", "officer", "knitr", "rmarkdown")) skip_if_not_installed(package)
}

test_that("HTML has every string of the data escaped", {
  need_layout()
  for (x in wild_tables) {
    html <- as.character(flextable::htmltools_value(flextable::as_flextable(x)))
    expect_no_match(html, "<script>alert|<b>bold", fixed = FALSE)
    expect_match(html, "&lt;script&gt;alert(1)&lt;/script&gt;", fixed = TRUE)
    expect_match(html, "Age &lt;b&gt;bold&lt;/b&gt; &amp; $x_1$", fixed = TRUE)
    expect_match(html, "a|b_*$&amp;%", fixed = TRUE)
  }
})

test_that("LaTeX has every string of the data escaped", {
  need_layout()
  for (x in wild_tables) {
    tex <- knitted(x, "latex")
    expect_match(tex, "a|b\\_*\\$\\&\\%", fixed = TRUE)
    expect_match(tex, "\\$x\\_1\\$", fixed = TRUE)
    expect_no_match(tex, "\\\\bf|[^\\\\]%|textbackslash[a-z]|x\\\\\\\\")
    expect_match(tex, "\\{\\textbackslash\\ bf\\ y\\}", fixed = TRUE)
    # No space but those that LaTeX knows.
    expect_no_match(tex, "\u2007")
  }
})

test_that("markdown has every string of the data as text", {
  skip_if_not_installed("knitr")
  for (x in wild_tables) {
    text <- knitted(x, "gfm")
    expect_no_match(text, "<script|<b>|\\$x|\\*\\$|`c`|\\[l\\]|x\\^2|@d|~f~|http://")
    expect_match(text, "a&#124;b&#95;&#42;&#36;&amp;%", fixed = TRUE)
    lines <- strsplit(text, "\n")[[1]]
    table <- grep("^\\|", lines, value = TRUE)
    expect_identical(unique(nchar(gsub("[^|]", "", table))), nchar(gsub("[^|]", "", table[1])))
  }
  skip_if_not(rmarkdown::pandoc_available("2.0"))
  folder <- withr::local_tempdir()
  input <- file.path(folder, "table.md")
  for (from in c("markdown+tex_math_single_backslash+autolink_bare_uris", "gfm")) {
    writeLines(enc2utf8(knitted(wild_tables[[1]], "gfm")), input, useBytes = TRUE)
    rmarkdown::pandoc_convert(input, "html", from, output = "table.html", wd = folder)
    html <- paste(readLines(file.path(folder, "table.html"), encoding = "UTF-8"), collapse = " ")
    html <- gsub("\\s+", " ", html)
    expect_match(html, "x^2 {\\bf y} [l](http://a.b) `c` @d #e ~f~", fixed = TRUE)
    expect_match(html, "&lt;script&gt;alert(1)&lt;/script&gt;", fixed = TRUE)
    expect_no_match(html, "<script|<em>|<sup>|<sub>|<code>|<a |class=\"math")
  }
})

test_that("Word files have every string of the data as text, and a number by Word", {
  need_layout()
  path <- withr::local_tempfile(fileext = ".docx")
  flextable::save_as_docx(values = lapply(wild_tables, flextable::as_flextable), path = path)
  folder <- withr::local_tempdir()
  utils::unzip(path, exdir = folder)
  xml <- paste(readLines(file.path(folder, "word", "document.xml"), warn = FALSE,
                         encoding = "UTF-8"), collapse = " ")
  expect_match(xml, "&lt;script&gt;alert(1)&lt;/script&gt;", fixed = TRUE)
  expect_match(xml, "a|b_*$&amp;%", fixed = TRUE)
  expect_match(xml, "{\\bf y}", fixed = TRUE)
  expect_match(xml, "SEQ tab", fixed = TRUE)
})

test_that("levels are indented, marks raised, heads spanned and footnotes below", {
  need_layout()
  lung <- within(survival::lung, sex <- factor(sex, 1:2, c("Men", "Women")))
  x <- suppressMessages(lms_table_one(lung, by = sex, vars = c(age, ph.ecog)))
  laid <- flextable::as_flextable(x)
  expect_equal(flextable::nrow_part(laid, "header"), 2)
  expect_equal(flextable::nrow_part(laid, "body"), nrow(format(x)))
  expect_equal(flextable::nrow_part(laid, "footer"), length(attr(format(x), "notes")))
  html <- as.character(flextable::htmltools_value(laid))
  expect_match(html, "<span[^>]*>0.057</span><span[^>]*>a</span>")
  expect_no_match(html, "border-left: ?[0-9.]+pt solid rgba\\(0, 0, 0, 1|border-right: ?1")
  expect_lte(sum(dim(laid)$widths), 6.3 + 1e-6)
  # As wide as a page, whatever is in it.
  wide <- lms_table_cox(fit_silently(Surv(time, status) ~ sex + age + wt.loss, lung, event = 2),
                        univariable = TRUE, overall_p = "wald")
  expect_lte(sum(dim(flextable::as_flextable(wide))$widths), 6.3 + 1e-6)
  expect_null(flextable::as_flextable(x, caption = NULL)$caption$value)
})

test_that("documents get the layout of their format, others markdown", {
  need_layout()
  x <- wild_tables[[1]]
  expect_match(knitted(x, "html"), "<table|tabwid")
  expect_match(knitted(x, "docx"), "w:tbl")
  expect_match(knitted(x, "latex"), "longtable")
  expect_match(knitted(x, "markdown_strict"), "\\|:--")
  several <- structure(list(table_1 = x, table_2 = wild_tables[[2]]),
                       class = c("lms_tables", "list"))
  expect_equal(length(gregexpr("w:tbl ", knitted(several, "docx"))[[1]]), 2)
})

test_that("the five tables keep their numbers and stand apart from each other", {
  need_layout()
  tables <- structure(list(table_1 = wild_tables[[1]], table_4 = wild_tables[[1]]),
                      class = c("lms_tables", "list"))
  for (format in c("html", "docx", "gfm")) {
    text <- knitted(tables, format)
    text <- gsub("<[^>]*>|\\s+", " ", gsub("&nbsp;", " ", text))
    for (number in c(1, 4)) {
      expect_match(text, paste0("Table ", number, "[.] +(<|&lt;)script"), all = FALSE)
    }
    expect_no_match(text, "Table [0-9][.] +Table")
  }
  html <- knitted(tables, "html")
  expect_match(html, "padding-top:14pt", all = FALSE)
  expect_match(html, "margin-bottom:1.2em", fixed = TRUE, all = FALSE)
})
