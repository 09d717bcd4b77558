# The words of the package, read from its sources: strings of R/, help, vignettes, README and NEWS.
# test-words-lint.R looks in them for words that are not used; `Rscript tools/words.R` lists them.

# name: the rule, as it is reported; form: Perl regular expression, of one sentence or more.
word_rules <- local({
  rule <- function(name, form) c(name = name, form = form)
  as.data.frame(rbind(
    rule("1 start with a noun, not with who", "(^|[.:;] )Who (?!.*[?])|\\b[Tt]hose who\\b"),
    rule("2 is not a, never is no", paste0(
      "(?<!there )(?<!There )\\b(is|are|was|were) no ",
      "(?!longer\\b|more\\b|less\\b|fewer\\b|later\\b|earlier\\b|evidence\\b|one\\b)[a-z`]"
    )),
    rule("3 set an argument, never say it", "\\b[Ss]ay (`|it\\b|so\\b)"),
    rule("5 data do not sway, hang, tell or speak", paste0(
      "\\bsway|\\bhangs? on\\b|\\bspeaks? of\\b|\\bspoken of\\b|",
      "\\bdata (say|tell|know|speak)\\b|",
      "\\b(is|are) told by\\b"
    )),
    rule("7 subject, verb, object",
         "(^|[.:;] )(Kept|Shown|Counted|Left out|Dropped|Compared|Excluded|Given|Drawn) (is|are) "),
    rule("8 so it is, it is so, is said, such with",
         "\\b[Ss]o it is\\b|\\b[Ii]t is so\\b|\\b(is|are) said\\b|\\b[Ss]uch with\\b"),
    rule("10 What to do:, Why it matters:, Caution:", paste0(
      "\\bWays? out:|\\bMind:|\\bMind that\\b|\\bWhy: |\\b(is|are) TRUE in none\\b"
    )),
    rule("11 a large p-value is no proof", paste0(
      "\\b[Tt]here (was|is) no (association|difference|effect)\\b|\\b[Nn]o factor was\\b|",
      "\\b[Nn]o (association|difference|effect) was\\b"
    )),
    rule("12 hedge tests and rules of thumb", paste0(
      "\\b(are|is) advised\\b|\\beffects? (that )?(seems? to )?changes? with time\\b"
    )),
    rule("14 biased or unstable, not good or bad", "\\btoo good\\b|\\blooks? (good|bad)\\b"),
    rule("15 p-value, not p", "\\b[Aa] (small|large|low|high) p\\b(?!-)"),
    rule("15 gloss of tau and flat step", "\\bflat step\\b|\\b(by|S\\(|[Uu]p to) ?tau\\b"),
    rule("15 American spelling", paste0(
      "\\b([Tt]umours?|[Cc]entre[ds]?|[Cc]olour\\w*|[Pp]rogrammes?|[Aa]nalys(e|ed|ing)|[Gg]rey|",
      "[Nn]eighbour\\w*|[Bb]ehaviour\\w*|[Ff]avour\\w*|[Ll]abell(ed|ing)|[Mm]odell(ed|ing)|",
      "[Ll]icence|[Ll]eukaemia|[Jj]udgement|[Mm]isspelt|[Cc]ancell(ed|ing)|[Pp]aediatric\\w*|",
      "[Hh]aem[aeo]\\w+|[Aa]naemi\\w+|[Oo]esoph\\w+|[Oo]rthopaedic\\w*|[Gg]ynaecolog\\w*|",
      "(?!(adv|prec|comprom|superv|rev|dev|surpr|exerc|prem|prom|conc|exc|inc|improv|expert)is)",
      "(?![Pp]enalis|[Uu]npenalis)\\w{3,}is(e|ed|es|ing|ation|ations))\\b(?<!wise|rise|raised)"
    )),
    rule("deaths or events", "(?<!implant )(?<!of )\\b[Ff]ailures\\b"),
    rule("surgery or operation", "\\b[Oo]perated\\b"),
    rule("95% CI", "% (confidence )?intervals?\\b"),
    rule("cannot be estimated", "\\b(run|runs|running) to (infinity|0|zero)\\b"),
    rule("excluded (missing `x`)", "\\bleft out (of|because|for)\\b|\\bcannot be used\\b"),
    rule("time-dependent covariate",
         "\\bswitch(es|ed)? on\\b|\\bfrom (its|the|their) (time|date|day) on\\b"),
    rule("known at diagnosis, from bone metastasis",
         "\\bfrom then on\\b|\\bknown from the (start|beginning)\\b"),
    rule("immortal time bias", "\\bin their favou?r\\b"),
    rule("censored at last contact", "\\bno longer followed\\b"),
    rule("median follow-up (reverse Kaplan-Meier)", "\\bdead and (the )?living\\b"),
    rule("number at risk", "\\bcounts below\\b(?! (it|[0-9]))"),
    rule("sparse group", "\\bof (one|their|a) kind\\b"),
    rule("Firth's penalised estimate", "\\bfinite (hazard )?ratios?\\b"),
    rule("assigned to the wrong group", "\\bcounted to\\b"),
    rule("match the published value", "\\bequal as printed\\b"),
    rule("Not checked:, No problems found.", "\\bNot looked for\\b|\\bNothing (was )?found\\b"),
    rule("effect changes over time", "\\bseems? to (rise|fall)\\b"),
    rule("reference group", "\\b(level|group) (that )?(the )?others are compared\\b"),
    rule("few events per coefficient", "\\bfew for each\\b"),
    rule("PET", "\\bPet\\b")
  ))
})

# Texts that may stay: a file and a form (regular expressions), and why.
word_exceptions <- local({
  except <- function(file, form, why) c(file = file, form = form, why = why)
  as.data.frame(rbind(
    except("^R/", "^[a-z_.]*$", "a single word in small letters is a name of the code"),
    except("^R/(outcome-words|verb-repeats|read-cells)[.]R$", "", "words to look for in the data"),
    except("^man/geom_", "inherit behaviour", "this text is ggplot2's"),
    except("^man/lms_rmst", "tau", "the page defines tau")
  ))
})

# Each text on one line, with its file.
words_read <- function(file, text) {
  text <- trimws(gsub("[[:space:]]+", " ", gsub("`[^`]*`", "`x`", text)))
  data.frame(file = rep(file, sum(nzchar(text))), text = text[nzchar(text)])
}

# Strings that stand side by side in a call, as in paste(), are read as one text.
words_of_code <- function(path, file) {
  code <- parse(path, keep.source = TRUE, encoding = "UTF-8")
  parsed <- utils::getParseData(code, includeText = TRUE)
  tokens <- parsed[parsed$terminal & parsed$token != "COMMENT", ]
  is_string <- tokens$token == "STR_CONST"
  string <- character(nrow(tokens))
  string[is_string] <- vapply(tokens$text[is_string], function(text) {
    # A long string is cut in the parse data.
    if (startsWith(text, "[")) "" else as.character(parse(text = text, keep.source = FALSE)[[1L]])
  }, "")
  prose <- is_string & grepl(" ", string)
  before <- c(FALSE, FALSE, prose)[seq_along(prose)]
  comma <- c(FALSE, tokens$token == "','")[seq_along(prose)]
  starts <- cumsum(is_string & !(prose & before & comma))[is_string]
  words_read(file, unname(vapply(split(string[is_string], starts), paste, "", collapse = " ")))
}

# Help without its code.
words_of_help <- function(path, file) {
  code <- c("\\usage", "\\examples", "\\code", "\\preformatted", "\\name", "\\alias", "\\keyword",
            "\\url", "\\eqn", "\\deqn", "\\figure", "COMMENT", "RCODE", "VERB")
  words <- function(node) {
    tag <- attr(node, "Rd_tag")
    if (identical(tag, "\\code")) return("`x`")
    if (!is.null(tag) && tag %in% code) return("")
    if (is.character(node)) return(paste(node, collapse = ""))
    apart <- if (!is.null(tag) && tag %in% c("\\item", "\\section", "\\title")) "\n\n" else ""
    paste0(apart, paste(vapply(node, words, ""), collapse = apart), apart)
  }
  whole <- words(tools::parse_Rd(path, encoding = "UTF-8"))
  words_read(file, strsplit(whole, "\n[[:space:]]*\n")[[1L]])
}

# Markdown without its code, but with the alternative texts of its figures.
words_of_markdown <- function(path, file) {
  lines <- readLines(path, encoding = "UTF-8", warn = FALSE)
  fence <- grepl("^[[:space:]]*```", lines)
  inside <- cumsum(fence) %% 2L == 1L | fence
  alt <- regmatches(lines, regexpr("fig[.](alt|cap) = \"[^\"]*\"", lines))
  prose <- ifelse(inside, "", lines)
  prose <- sub("^[[:space:]]*([*-]|[0-9]+[.]) ", "\n\n", prose)
  prose <- sub("^([|#].*)$", "\n\\1\n", prose)
  whole <- paste(prose, collapse = "\n")
  words_read(file, c(strsplit(whole, "\n[[:space:]]*\n")[[1L]], alt))
}

# All texts of the sources in `root`.
words_of_sources <- function(root) {
  read <- function(files, reader) {
    do.call(rbind, lapply(files, function(file) reader(file.path(root, file), file)))
  }
  under <- function(folder, form) {
    file.path(folder, list.files(file.path(root, folder), form))
  }
  templates <- list.files(file.path(root, "inst"), "[.]Rmd$", recursive = TRUE)
  rbind(
    read(setdiff(under("R", "[.]R$"), "R/RcppExports.R"), words_of_code),
    read(under("man", "[.]Rd$"), words_of_help),
    read(c(under("vignettes", "[.]Rmd$"), file.path("inst", templates)[seq_along(templates)],
           intersect(c("README.md", "NEWS.md", "CONTRIBUTING.md"), list.files(root))),
         words_of_markdown)
  )
}

# A row for each text and rule that it breaks: file, rule, and the words around the first place.
words_against_rules <- function(texts) {
  hits <- lapply(seq_len(nrow(word_rules)), function(i) {
    at <- regexpr(word_rules$form[i], texts$text, perl = TRUE)
    found <- which(at > 0L)
    from <- pmax(1L, at[found] - 30L)
    to <- at[found] + attr(at, "match.length")[found] + 30L
    data.frame(
      file = texts$file[found], rule = rep(word_rules$name[i], length(found)),
      words = substring(texts$text[found], from, to)
    )
  })
  hits <- do.call(rbind, hits)
  excepted <- vapply(seq_len(nrow(hits)), function(i) {
    any(vapply(seq_len(nrow(word_exceptions)), function(e) {
      grepl(word_exceptions$file[e], hits$file[i]) && grepl(word_exceptions$form[e], hits$words[i])
    }, NA))
  }, NA)
  hits <- unique(hits[!excepted, ])
  hits[order(hits$file, hits$rule, hits$words, method = "radix"), ]
}

# As a line of words-allowed.txt.
as_lines_of_words <- function(hits) {
  sprintf("%s: %s: ...%s...", hits$file, hits$rule, hits$words)
}

words_at_hand <- function(root) file.exists(file.path(root, "R", "session.R"))

# Hits in code and help may be allowed for a while; those in prose may not.
may_be_allowed <- function(file) grepl("^(R|man)/", file)
