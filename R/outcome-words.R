# What the values of a status mean, as far as their words are known beforehand, in the usual
# languages: an event, no event (censored), or a value that is not known.

# values: of a factor, text or numbers. label: what the user calls the status; "yes" is an
# event in `died`, and is not in `alive`.
# Answer, by value: "event", "none", "missing", or NA where the words do not tell.
outcome_kind <- function(values, label = "") {
  words <- folded_words(values)
  kind <- vapply(strsplit(words, " ", fixed = TRUE), word_kind, "")
  text <- as.character(values)
  signs <- words == ""
  kind[signs & grepl("[^ .?-]", text) | !signs & grepl("?", text, fixed = TRUE)] <- NA
  number <- grepl("^ *-?[0-9]+ *$", text)
  kind[number] <- ifelse(as.numeric(text[number]) %in% missing_numbers, "missing", NA)
  kind[number & trimws(text) == "0"] <- "none"
  answer <- ifelse(number, trimws(text), words)
  pairs <- Filter(function(pair) all(pair %in% answer), answer_pairs)
  asked <- if (length(pairs) && nzchar(label)) outcome_kind(label) else NA
  meaning <- if (asked %in% c("none", "missing")) c(NA, asked) else c("none", "event")
  for (pair in pairs) kind[match(pair, answer)] <- meaning
  kind
}

# "1 - Verstorben (Krebs)" as "verstorben krebs": lower case, without accents, codes and signs.
folded_words <- function(x) {
  x <- chartr(accented, unaccented, enc2utf8(as.character(x)))
  x <- gsub("([a-z])([A-Z])", "\\1 \\2", x, perl = TRUE)
  trimws(gsub("[^a-z]+", " ", tolower(x), perl = TRUE))
}

word_kind <- function(words) {
  if (!length(words)) return("missing")
  phrase <- paste(words, collapse = " ")
  negated <- any(words %in% negations)
  event <- any(words %in% words_of_event)
  alive <- any(words %in% words_of_no_event)
  unknown <- phrase %in% unknown_phrases || any(words %in% unknown_words) ||
    (negated && any(words %in% recorded_words))
  if (unknown) return("missing")
  if (any(words %in% doubt_words) || event && alive) return(NA_character_)
  if (!negated) return(if (event) "event" else if (alive) "none" else NA_character_)
  if (alive) return(NA_character_)
  found <- event || all(words %in% negations) || any(words %in% disease_words)
  if (found) "none" else NA_character_
}

# Whether the two levels of a factor are known to be no event and the event, in this order.
is_known_pair <- function(levels, label) {
  length(levels) == 2L && identical(outcome_kind(levels, label), c("none", "event"))
}

# Whether 1 or TRUE of a column of this name is likely not to be the event: `alive`.
is_turned <- function(label) make.names(label) == label && outcome_kind(label) %in% "none"

split_words <- function(...) unlist(strsplit(c(...), " ", fixed = TRUE))

words_of_event <- split_words(
  "dead died dies death deaths deceased demised expired fatal killed event events failure failed",
  "relapse relapsed recurrence recurrences recurred recurrent progression progressed progressive",
  "metastasis metastases stroke infarction fracture amputation thrombosis revision rejection dod",
  "doc tod tot tote toter verstorben gestorben todesfall exitus ereignis rezidiv ruckfall",
  "rueckfall progredient mort morte morts decede decedee decedes deces rechute recidive",
  "evenement muerto muerta muerte fallecido fallecida fallecimiento recaida recidiva recurrencia",
  "progresion evento morto morta deceduto deceduta decesso progressione obito falecido falecida",
  "progressao recorrencia dood overleden overlijden recidief gebeurtenis progressie dod doed dode",
  "avliden avlidna avled aterfall tilbakefall tilbagefald handelse hendelse haendelse kuollut",
  "kuolema kuoli uusiutuma zgon zmarl zmarla zmarly nawrot zdarzenie progresja zemrel zemrela",
  "umrti meghalt elhunyt halal oldu olum vefat decedat decedata umro umrla preminuo"
)

words_of_no_event <- split_words(
  "alive living live lives survive survived survives survivor survivors surviving censored",
  "censoring censor censure cens lost lfu ltfu ltf withdrawn withdrew withdrawal dropout dropped",
  "drop administrative administratively ongoing follow followup ned aned awd success lebt lebend",
  "lebendig leben uberlebt ueberlebt uberlebend ueberlebend zensiert zens vivant vivante vivants",
  "vie censuree censures perdu perdue vivo viva vivos vivas vida censurado censurada perdido",
  "perdida vivente vita censurato censurata perso persa levend leeft leven gecensureerd lever",
  "levande liv censurerad levende censureret sensurert elossa sensuroitu zyje zyjacy zyjaca",
  "ocenzurowany cenzurowany zije zijici cenzorovano yasiyor sag sansurlu viu cenzurat ziv ziva",
  "abbruch ausgeschieden verzogen"
)

unknown_words <- split_words(
  "unknown unk missing unspecified undetermined indeterminate undefined unbekannt unklar fehlend",
  "inconnu inconnue manquant desconocido desconocida ignorado ignorada sconosciuto sconosciuta",
  "desconhecido desconhecida onbekend okand okant ukjent ukendt tuntematon nieznany nieznana",
  "neznamy ismeretlen bilinmiyor necunoscut nepoznato"
)

unknown_phrases <- c("na", "n a", "nan", "null", "nd", "nk", "nr", "k a", "keine angabe")

recorded_words <- split_words(
  "known available applicable reported recorded documented stated specified assessed evaluable",
  "data information info angabe angaben bekannt"
)

negations <- split_words(
  "no n not non never none nil without free false kein keine keiner nein nicht ohne nie sans pas",
  "jamais aucun aucune ningun ninguna ninguno nunca sin senza nessun nessuno nessuna sem nao geen",
  "nee niet nooit zonder ingen inga inte ikke nej nei ei ne nem bez brak hayir yok"
)

doubt_words <- split_words(
  "or oder possible possibly probable probably suspected presumed uncertain unclear maybe"
)

disease_words <- split_words("evidence disease tumor tumour cancer krankheit maladie enfermedad")

# Values of numbers that stand for a missing one, where they are not the status itself.
missing_numbers <- c(9, 99, 999, 9999, -1, -9, -99, -999)

answer_pairs <- lapply(c(
  "0 1", "no yes", "n y", "false true", "nein ja", "n j", "falsch wahr", "non oui", "faux vrai",
  "no si", "nao sim", "nee ja", "nej ja", "nei ja", "nie tak", "ne ano", "ne da", "nu da",
  "nem igen", "hayir evet", "ei kylla", "falso vero", "falso verdadero", "unchecked checked"
), split_words)

accented <- paste0(
  "\u00e0\u00e1\u00e2\u00e3\u00e4\u00e5\u00e7\u00e8\u00e9\u00ea\u00eb\u00ec\u00ed\u00ee\u00ef",
  "\u00f1\u00f2\u00f3\u00f4\u00f5\u00f6\u00f8\u00f9\u00fa\u00fb\u00fc\u00fd\u00c0\u00c1\u00c2",
  "\u00c3\u00c4\u00c5\u00c7\u00c8\u00c9\u00ca\u00cb\u00cc\u00cd\u00ce\u00cf\u00d1\u00d2\u00d3",
  "\u00d4\u00d5\u00d6\u00d8\u00d9\u00da\u00db\u00dc\u00dd\u0105\u0107\u0119\u0142\u0144\u015b",
  "\u017a\u017c\u017e\u0161\u010d\u0159\u011b\u016f\u0103\u0219\u021b\u015f\u0131\u011f\u0130",
  "\u0141\u017b\u0151\u0171"
)

unaccented <- paste0(
  "aaaaaaceeeeiiiin", "oooooouuuuyAAAAA", "ACEEEEIIIINOOOOO", "OUUUUYacelnszzzs",
  "creuastsigILZou"
)
