test_that("what cannot be written is refused before anything is computed", {
  cohort <- bundled_cohort()
  withr::local_dir(withr::local_tempdir())
  file.create("there.html")
  dir.create("folder")
  expect_snapshot(error = TRUE, {
    lms_report(cohort)
    lms_report(leiomyosarcoma, "a.html")
    lms_report(cohort, "a.txt")
    lms_report(cohort, "a.html", format = "docx")
    lms_report(cohort, "nowhere/a.html")
    lms_report(cohort, "folder")
    lms_report(cohort, "there.html")
    lms_report(cohort, "a.html", format = "word")
    lms_report(cohort, "a.html", models = "age")
    lms_report(cohort, "a.html", sections = "pateints")
    lms_report(cohort, "a.html", titel = "x")
    lms_report(cohort, "a.html", title = 3)
    lms_report(cohort[0, ], "a.html")
    lms_results(cohort, models = ~ no_such_column)
    lms_results(cohort, factors = "age")
    lms_results(cohort, endpoints = "oss")
  })
  expect_equal(list.files(recursive = TRUE), "there.html")
  expect_equal(file.size("there.html"), 0)
})

test_that("one file is written, where the user says, and nothing else", {
  skip_without_report()
  folder <- withr::local_tempdir()
  withr::local_dir(folder)
  # Of this process: another that tests beside it has the same temporary folder.
  made <- sprintf("^lmsurv-report-%x", Sys.getpid())
  before <- list.files(tempdir(), made)
  file <- lms_report(bundled_cohort(), "my report {1}", sections = "os", quiet = TRUE)
  expect_equal(file, "my report {1}.html")
  expect_equal(list.files(folder, all.files = TRUE, no.. = TRUE), "my report {1}.html")
  expect_equal(list.files(tempdir(), made), before)
  expect_error(lms_report(bundled_cohort(), file), class = "lmsurv_error_output")
  first <- file.mtime(file)
  lms_report(bundled_cohort(), file, sections = "os", overwrite = TRUE, quiet = TRUE)
  expect_gte(file.mtime(file), first)
})

test_that("the report has every section, table and figure of the cohort, and fetches nothing", {
  skip_without_report()
  cohort <- bundled_cohort()
  sections <- article_sections(cohort, ~ age + sex)
  html <- as_text(read_bytes(write_report(cohort, sections = sections)))
  # what the pictures hold takes the searches below minutes
  html <- gsub("base64,[A-Za-z0-9+/=]+", "base64,", html, useBytes = TRUE)
  fetched <- "(src|href)=\"(?!#|data:)|url\\((?!['\"]?data:)|@import|<link |<script[^>]+src"
  expect_no_match(html, fetched, perl = TRUE)
  expect_match("<img src=\"http://x\">", fetched, perl = TRUE)
  headings <- regmatches(html, gregexpr("<h1[^>]*>[^<]*</h1>", html))[[1L]]
  expect_equal(gsub("<[^>]*>", "", headings), c(
    "Survival of a cohort", "Summary", "Methods", "Patients", "Survival", "Bone metastases",
    "Operations", "Survival with bone metastases", "Factors associated with survival", "Model",
    "Findings", "Data and software"
  ))
  count <- function(pattern) lengths(regmatches(html, gregexpr(pattern, html)))
  expect_equal(count("<table"), 6L)
  expect_equal(count("<img "), 7L)
  expect_equal(count("<img [^>]*alt=\"[^\"]{30}"), 7L)
  flow <- sprintf("alt=\"Flow of the patients. Cohort: 396 patients, %d deaths.",
                  sum(leiomyosarcoma$died))
  expect_match(html, flow, fixed = TRUE)
  for (number in 1:5) {
    expect_match(html, paste0("Table ", number, "\\."))
    expect_match(html, paste0("Figure ", number, "\\."))
  }
})

test_that("sections without data leave themselves out, and the end says so", {
  skip_without_report()
  cohort <- lms_cohort(leiomyosarcoma[is.na(leiomyosarcoma$bone_metastasis), ])
  text <- visible_text(write_report(cohort, sections = lms_article(cohort)))
  expect_no_match(text, "Operations|Survival with bone metastases|Figure [1-5]\\.|Table [235]\\. ")
  expect_match(text, "Overall survival of all 351 patients.")
  expect_match(text, "Table 2, Table 3 and Table 5: No patient of the cohort has a bone metastasis")
})

test_that("small and odd cohorts have their report", {
  skip_without_report()
  followed <- with(leiomyosarcoma, !died & last_contact - diagnosis > 731)
  single <- leiomyosarcoma[which(followed & is.na(leiomyosarcoma$bone_metastasis))[1], ]
  one <- lms_results(lms_cohort(single))
  expect_match(format(one$text$os)[1], fixed = TRUE,
               "Overall survival of 1 patient was 100% (lower 95% limit 5%) at")
  expect_match(format(one$text$os)[2], "not reached")
  file <- write_report(lms_cohort(single))
  expect_match(visible_text(file), "Figure 1. Overall survival of 1 patient.", fixed = TRUE)

  at <- which(!is.na(leiomyosarcoma$first_surgery))[1:3]
  three <- leiomyosarcoma[at, ]
  own <- function(table) table[table$id %in% three$id, ]
  three <- lms_cohort(three, own(leiomyosarcoma_lesions), own(leiomyosarcoma_surgeries))
  expect_match(format(lms_results(three)$text$bone_metastasis)[1L], "3 of 3 patients (100%)",
               fixed = TRUE)
  results <- article_results(three)
  expect_match(format(results$text$bone), "3 of 3 patients (100%)", fixed = TRUE)

  women <- lms_results(lms_cohort(subset(leiomyosarcoma, sex == "Female")))
  died <- sum(leiomyosarcoma$died[leiomyosarcoma$sex == "Female"])
  expect_match(format(women$text$patients), sprintf("%d of 273 (49%%) died", died), fixed = TRUE)
  expect_no_match(paste(women$findings$text, collapse = " "), "NA|infinity|not known to not known")

  alive <- leiomyosarcoma
  alive$died <- FALSE
  results <- article_results(lms_cohort(alive, event = TRUE))
  expect_match(results$left_out$reason[results$left_out$part == "Table 4"], "No patient died")
  expect_match(format(results$text$survival)[1], fixed = TRUE,
               "was 100% (lower 95% limit 99%) at 2 years, 100% (lower 95% limit 98%) at 5")
  expect_length(results$text$factors, 0L)

  plain <- data.frame(id = 1:10, last_contact = 7 * (1:10), died = rep(0:1, 5))
  results <- lms_results(lms_cohort(plain))
  expect_named(results$figures, "os")
  expect_length(results$tables, 0L)
})

test_that("real patients with other columns have their report", {
  skip_without_report()
  d <- leiomyosarcomas()
  d <- data.frame(
    id = d$patient, last_contact = d$os_days / 30.4375, died = d$os_event == 1, age = d$age,
    sex = factor(d$sex), margin = factor(d$margin_status, c("negative", "positive"))
  )
  file <- write_report(lms_cohort(d), models = ~ age + margin)
  text <- visible_text(file)
  expect_match(text, "41 of 104 patients (39%) died", fixed = TRUE)
  expect_match(text, "The median overall survival was 80.4 months (95% CI 53.5 to NR", fixed = TRUE)
  missing <- sum(is.na(d$margin))
  expect_match(text, paste(missing, "of 104 patients"), fixed = TRUE)
  expect_equal(words_inside(report_contents(file), "TCGA-"), character())
})

test_that("the flow counts who was left out, and why", {
  patients <- leiomyosarcoma
  patients$last_contact[c(3, 5)] <- patients$diagnosis[c(3, 5)] - 1
  patients$bone_metastasis[c(3, 5)] <- NA
  patients$visceral_metastasis[c(3, 5)] <- NA
  cohort <- suppressMessages(lms_cohort(patients, impossible = "exclude"))
  alt <- function(x) article_results(x, names = "patients")$figures$flow$labels$alt
  expect_match(alt(cohort), paste(
    "Records read: 396. Cohort: 394 patients,", sum(patients$died[-c(3, 5)]),
    "deaths. Excluded: Problems in the data: 2. last contact is before diagnosis: 2.",
    "With bone metastases:", sum(!is.na(patients$bone_metastasis)), "patients,",
    sum(patients$died & !is.na(patients$bone_metastasis)), "deaths."
  ), fixed = TRUE)
  women <- cohort[cohort$sex == "Female", ]
  expect_match(alt(women), paste("Not selected for this report:", 394 - nrow(women)), fixed = TRUE)
})

test_that("the fingerprint is of the values, not of their order", {
  skip_if_not_installed("digest")
  of <- lmsurv:::data_fingerprint
  cohort <- bundled_cohort()
  own <- of(cohort)
  expect_match(own, "^[0-9a-f]{64}$")
  lesions <- leiomyosarcoma_lesions[rev(seq_len(nrow(leiomyosarcoma_lesions))), ]
  expect_equal(of(lms_cohort(leiomyosarcoma[sample(396), rev(names(leiomyosarcoma))],
                             lesions, leiomyosarcoma_surgeries)), own)
  changed <- leiomyosarcoma
  changed$age[17] <- changed$age[17] + 1
  expect_false(of(lms_cohort(changed, leiomyosarcoma_lesions, leiomyosarcoma_surgeries)) == own)
  lesions <- leiomyosarcoma_lesions
  lesions$site[1] <- lesions$site[which(lesions$site != lesions$site[1])[1]]
  expect_false(of(lms_cohort(leiomyosarcoma, lesions, leiomyosarcoma_surgeries)) == own)
  expect_false(of(cohort[-1, ]) == own)
})

test_that("a browser prints the report, where there is no LaTeX", {
  skip_without_report()
  skip_if(is.null(lmsurv:::find_browser()), "no browser is installed")
  folder <- withr::local_tempdir()
  html <- file.path(folder, "a report's ü $HOME.html")
  writeLines("<meta charset='utf-8'><p>hello</p>", html)
  pdf <- lmsurv:::print_to_pdf(html)
  expect_equal(dirname(pdf), normalizePath(folder))
  expect_equal(rawToChar(readBin(pdf, "raw", 4L)), "%PDF")
})

test_that("the template is the report, and renders by itself", {
  skip_without_report()
  folder <- withr::local_tempdir()
  file <- rmarkdown::draft(file.path(folder, "mine.Rmd"), "cohort-report", "lmsurv",
                           edit = FALSE)
  expect_true(file.exists(file.path(dirname(file), "report.css")))
  text <- readLines(file)
  small <- sub("lms_article(cohort)", "lms_article(cohort)[\"survival\"]", text,
               fixed = TRUE)
  expect_false(identical(small, text))
  writeLines(small, file)
  html <- rmarkdown::render(file, quiet = TRUE, envir = new.env())
  expect_match(visible_text(html), "Overall survival of all 396 patients was 85%", fixed = TRUE)
})
