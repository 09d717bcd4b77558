#' A synthetic cohort of 396 patients with leiomyosarcoma
#'
#' **No row is a real patient.** The raw data of LiBrizzi et al. (2022) are not public. A program
#' made these three tables. It searched for patients whose standard analysis gives the numbers
#' that the article prints. What the article does not print was drawn at random. Use the tables
#' to learn, to test and to check arithmetic. They must not be used to learn anything about
#' leiomyosarcoma beyond the article.
#'
#' @section How they were made:
#' Times of death and of last contact are from smooth hazards that have the printed quartiles.
#' Patients with bone metastases were made first. Their order of death and their covariates were
#' optimized (simulated annealing) to match the Cox model and the log-rank tests of the article.
#' Their dates were then optimized to match its quartiles. The other 351 patients followed, to
#' match the Cox model and the curve of all 396. All other variables were drawn with the printed
#' margins. The script is in the folder `data-raw` of the sources. [lms_reconcile()] compares
#' each printed number with the number from the data.
#'
#' @section Which numbers contradict each other, and what was chosen:
#' * Lytic, sclerotic and mixed lesions are 32, 4 and 10, which is 46 of 45. The printed 20% is 9
#'   patients, so 9 was chosen.
#' * The article has 30 operations: 11 patients with one, six with two and three with three or
#'   more, which is at least 32. Here six patients have two *or more*, three of them three or
#'   more. There are 14, 3, 2 and 1 patients with one, two, three and four.
#' * Time to failure is 12.7 (12.5, 23.6) months in three patients. This excludes the failure
#'   that the text describes 48 months after curettage. Here the construct of this patient fails
#'   after 12.7 months. The other times in the description of this patient (16, 10 and nearly 13
#'   months) are kept.
#' * The list of procedures has one curettage of the femur, but the case descriptions have two.
#'   The second, around a nail, is counted with the three intramedullary fixations. The
#'   vertebroplasty in the text is one of the two kyphoplasties.
#' * 16 patients have lesions in a limb, 11 in the femur and 5 in the humerus. One patient has
#'   both according to the text, so one patient has neither (a tibia here).
#' * "Survival rates" of 72, 39 and 16% and the medians of 60 and 21.3 months are crude. They
#'   describe the follow-up times of all patients, dead or alive.
#' * For six subtypes, no data were found with both a log-rank p-value of 0.56 and a hazard ratio
#'   of 125 for one patient. Here the hazard ratio is kept. The p-value is about 0.56 with the
#'   three rarest subtypes as one group.
#' * Fisher's test of the printed counts gives p = 0.27, not 0.20.
#'
#' @section What is not published:
#' Several quantities are not published: age, tumor size and grade of patients without bone
#' metastases, their effects on survival, and all dates. Here the hazard of death is about 1.25
#' times higher for ten more years of age. Compared with tumors of 5 cm or less, it is 1.5, 2 and
#' 2.5 times higher for the larger classes. Compared with high grade, it is 0.65 times for
#' intermediate and 0.3 times for low grade. These are of the order of published values for
#' leiomyosarcoma: Gladdy et al. (2013), \doi{10.1245/s10434-013-2876-y};
#' \doi{10.1007/s10147-015-0847-y}.
#'
#' Survival has no trend over calendar time. Dates other than deaths are working days. Patients
#' without bone metastases have their last contact at a visit. Visits are every three months for
#' two years, every six months for three more years, then every year. For these patients visceral
#' metastases, imaging and treatment are `NA`, which means not recorded.
#'
#' @format `leiomyosarcoma`: a data frame with a row for each of 396 patients, sorted by
#' diagnosis.
#' \describe{
#'   \item{id}{Patient, 1 to 396.}
#'   \item{sex}{Female, Male.}
#'   \item{race}{Caucasian, African American, Asian, Hispanic, Other.}
#'   \item{subtype}{Retroperitoneal and 15 others, in the order of Table 1.}
#'   \item{age}{Age at diagnosis, in years.}
#'   \item{diagnosis, last_contact}{Dates. For patients who died, `last_contact` is the day of
#'     death.}
#'   \item{died, lost_to_follow_up}{Logical: whether the patient died, or was lost to follow-up.}
#'   \item{bone_metastasis, visceral_metastasis}{Dates, `NA` without such a metastasis.}
#'   \item{bone_location}{Both, Axial, Appendicular; `NA` without bone metastases, as the next
#'     two.}
#'   \item{lesion_type}{Lytic, Sclerotic, Mixed.}
#'   \item{bone_lesions}{Single, Multiple.}
#'   \item{fracture, surgery}{Logical: pathologic fracture of a bone metastasis, surgery for
#'     one.}
#'   \item{indication}{Prophylactic fixation, Pathologic fracture fixation; `NA` without
#'     surgery.}
#'   \item{first_surgery, implant_failure}{Dates. `implant_failure` is the first failure of a
#'     construct.}
#'   \item{hardware}{Logical: hardware was implanted.}
#'   \item{tumor_size}{Four classes, `NA` if not available.}
#'   \item{grade}{High, Intermediate, Low.}
#'   \item{prior_chemotherapy, prior_radiotherapy}{Logical: before the bone metastasis;
#'     radiotherapy to other sites.}
#'   \item{bone_radiotherapy, palliative_radiotherapy}{Logical. The second is `NA` without the
#'     first.}
#'   \item{antiresorptive, pet, bone_scan}{Logical: antiresorptive treatment, PET and bone scan.}
#'   \item{pet_avid, scan_uptake}{Logical: lesions avid on PET, and with uptake on bone scan;
#'     `NA` without the scan.}
#' }
#' `leiomyosarcoma_lesions`: a row for each bone lesion.
#' \describe{
#'   \item{id, date}{Patient, and the day on which the lesion was found.}
#'   \item{site, region}{Bone; Axial or Appendicular.}
#'   \item{type}{Type of lesion, as the patient's `lesion_type`.}
#'   \item{spine_part}{Vertebral body or Posterior elements, one for each of 29 spine patients.}
#'   \item{published}{Logical: the article prints how many patients have this site.}
#' }
#' `leiomyosarcoma_surgeries`: a row for each of 30 operations.
#' \describe{
#'   \item{id, sequence, date}{Patient, number of the patient's operation, day.}
#'   \item{site}{Spine, Femur, Humerus, Acetabulum.}
#'   \item{procedure}{One of ten kinds.}
#'   \item{indication}{As above, or Failure of construct.}
#'   \item{implant}{Logical: hardware was implanted.}
#'   \item{failure}{Date on which this construct failed, or `NA`.}
#'   \item{complication, complication_date}{Kind and day, or `NA`.}
#' }
#' @source A synthetic cohort based on LiBrizzi CL, Vankara A, Meyer CF, Levin AS, Morris CD
#' (2022). Bone metastases in patients with leiomyosarcoma: a retrospective analysis of survival
#' and surgical management. *Sarcoma* 2022, 6806932. \doi{10.1155/2022/6806932}
#' @seealso [lms_reconcile()], [lms_published].
#' @examples
#' cohort <- lms_cohort(leiomyosarcoma, leiomyosarcoma_lesions, leiomyosarcoma_surgeries)
#' lms_km(os ~ ever_bone_metastasis, data = cohort)
#' @name leiomyosarcoma
#' @aliases leiomyosarcoma_lesions leiomyosarcoma_surgeries
#' @docType data
#' @keywords datasets
#' @usage
#' leiomyosarcoma
#' leiomyosarcoma_lesions
#' leiomyosarcoma_surgeries
NULL

#' The published numbers of LiBrizzi et al. (2022)
#'
#' Each number of the tables, text, figures and abstract of the article, with its place.
#' [lms_reconcile()] compares these numbers with a cohort.
#'
#' @format A data frame with a row for each quantity:
#' \describe{
#'   \item{id}{Key, such as `table4.hr.lung`.}
#'   \item{where, quantity}{The place in the article, and the quantity.}
#'   \item{n}{Number of patients described, `NA` if not stated.}
#'   \item{value, lower, upper, p}{The numbers. `lower` and `upper` are quartiles or 95% limits.}
#'   \item{unit, kind}{Unit; `count`, `percent`, `median`, `hr`, `pvalue` and others.}
#'   \item{note}{Remarks, for example on numbers that contradict each other.}
#'   \item{value_decimals, lower_decimals, upper_decimals, p_decimals}{Decimals as printed.}
#' }
#' @source LiBrizzi CL, Vankara A, Meyer CF, Levin AS, Morris CD (2022). Bone
#'   metastases in patients with leiomyosarcoma: a retrospective analysis of survival
#'   and surgical management.
#'   *Sarcoma* 2022, 6806932. \doi{10.1155/2022/6806932}
#'   An open access article distributed under the Creative Commons Attribution License.
#' @examples
#' subset(lms_published, kind == "hr", c(quantity, value, lower, upper, p))
#' @name lms_published
#' @docType data
#' @keywords datasets
#' @usage lms_published
NULL
