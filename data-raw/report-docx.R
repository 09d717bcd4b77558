# Makes the styles of the Word report: pandoc's own document with the letters of a manuscript.
#   Rscript data-raw/report-docx.R
library(officer)

target <- "inst/rmarkdown/templates/cohort-report/skeleton/report.docx"
source <- tempfile(fileext = ".docx")
system2("pandoc", c("-o", source, "--print-default-data-file", "reference.docx"))

folder <- tempfile()
unpack_folder(source, folder)
path <- file.path(folder, "word", "styles.xml")
styles <- xml2::read_xml(path)
ns <- xml2::xml_ns(styles)

style <- function(id) xml2::xml_find_first(styles, sprintf("//w:style[@w:styleId='%s']", id), ns)
replace <- function(id, part, xml) {
  node <- style(id)
  old <- xml2::xml_find_first(node, paste0("w:", part), ns)
  if (!inherits(old, "xml_missing")) xml2::xml_remove(old)
  xml2::xml_add_child(node, xml2::xml_root(xml2::read_xml(sprintf(
    "<w:%s xmlns:w='%s'>%s</w:%s>", part, ns[["w"]], xml, part
  ))))
}
letters <- function(size, more = "") {
  sprintf(paste0(
    "<w:rFonts w:ascii='Times New Roman' w:hAnsi='Times New Roman' w:cs='Times New Roman' ",
    "w:eastAsia='Times New Roman'/>%s<w:color w:val='000000'/><w:sz w:val='%d'/>",
    "<w:szCs w:val='%d'/>"
  ), more, 2L * size, 2L * size)
}
spacing <- function(before, after, line, more = "") {
  sprintf("%s<w:spacing w:before='%d' w:after='%d' w:line='%d' w:lineRule='auto'/>", more, before,
          after, line)
}

for (id in c("BodyText", "FirstParagraph")) {
  replace(id, "pPr", spacing(0, 160, 360))
  replace(id, "rPr", letters(12))
}
for (id in c("Compact", "ImageCaption", "Caption")) {
  replace(id, "pPr", spacing(40, 160, 260))
  replace(id, "rPr", letters(10))
}
replace("TableCaption", "pPr", spacing(240, 60, 260, "<w:keepNext/>"))
replace("TableCaption", "rPr", letters(10, "<w:b/>"))
replace("CaptionedFigure", "pPr", spacing(160, 60, 240, "<w:keepNext/>"))
replace("Title", "pPr", spacing(0, 240, 260, "<w:keepNext/><w:jc w:val='left'/>"))
replace("Title", "rPr", letters(18, "<w:b/>"))
replace("Heading1", "pPr", spacing(320, 120, 260, "<w:keepNext/><w:outlineLvl w:val='0'/>"))
replace("Heading1", "rPr", letters(14, "<w:b/>"))
xml2::write_xml(styles, path)
made <- pack_folder(folder, tempfile(fileext = ".docx"))

# Page numbers, and margins of an inch on A4.
document <- read_docx(made)
section <- prop_section(
  page_size = page_size(8.27, 11.69), page_margins = page_mar(1, 1, 1, 1, 0.5, 0.5, 0),
  footer_default = block_list(fpar(run_word_field("PAGE"), fp_p = fp_par(text.align = "center")))
)
document <- body_set_default_section(document, section)
print(document, target = target)
cat(target, file.size(target), "bytes\n")
