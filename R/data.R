#' A synthetic cohort of 396 patients with leiomyosarcoma
#'
#' **No row is a real patient.** The raw data of LiBrizzi et al. (2022) are not public.
#' These three tables were made by a program that searched for patients whose
#' standard analysis gives the numbers that the article prints; what the article does
#' not print was drawn at random. They serve to learn, to test and to check
#' arithmetic, and must not be used to learn anything about leiomyosarcoma beyond the
#' article.
#'
#' @section How they were made:
#' Times of death and of last contact come from smooth hazards that have the printed
#' quartiles. Patients with bone metastases came first: their order of death and
#' covariates were annealed towards the Cox model and the log-rank tests of the
#' article, then their dates towards its quartiles. The other 351 followed, towards
#' the Cox model and the curve of all 396. Everything else was drawn with the printed
#' margins. The script is in the folder `data-raw` of the sources. [lms_reconcile()]
#' shows each printed number beside what the data give.
#'
#' @section Which numbers contradict each other, and what was chosen:
#' * Lytic, sclerotic and mixed lesions: 32, 4 and 10 are 46 of 45. The printed 20% is
#'   9, and so it is here.
#' * Operations: 11 patients with one, six with two and three with three or more would
#'   make at least 32 of the 30. Here six have two *or more*, three of them three or
#'   more: 14, 3, 2 and 1 patients with one, two, three and four.
#' * Time to failure, 12.7 (12.5, 23.6) months in three patients, leaves no place for
#'   the failure told of 48 months after curettage. Here that patient's construct fails
#'   after 12.7 months; the other times told of that patient (16, 10 and nearly 13
#'   months) are kept.
#' * The procedures list one curettage of the femur, the stories have two. The second,
#'   around a nail, is counted with the three intramedullary fixations. The
#'   vertebroplasty told of is one of the two kyphoplasties.
#' * 16 patients have lesions at a limb, 11 at the femur and 5 at the humerus; one is
#'   told to have both, so that one has neither (a tibia here).
#' * "Survival rates" of 72, 39 and 16% and the medians of 60 and 21.3 months are
#'   crude: of the follow-up of the dead and the living alike.
#' * No six subtypes of bone patients were found with a log-rank p of 0.56 and a hazard
#'   ratio of 125 for one patient at once. Here the hazard ratio is kept; p is about
#'   0.56 with the three rarest subtypes as one group.
#' * Fisher's test of the printed counts gives 0.27, not 0.20.
#'
#' @section What is not published:
#' Age, tumor size and grade of patients without bone metastases, their effects on
#' survival, and all dates. Here older patients die sooner (hazard ratio about 1.25 for
#' ten years), and so do those with larger tumors (1.5, 2 and 2.5 beside 5 cm or less)
#' and high grade (0.65 for intermediate and 0.3 for low grade). These are of the order
#' of what is published for leiomyosarcoma elsewhere: Gladdy et al. (2013),
#' \doi{10.1245/s10434-013-2876-y}; \doi{10.1007/s10147-015-0847-y}. Survival has no
#' trend over calendar time. Dates other than deaths are working days, and patients
#' without bone metastases are last seen at a visit: every three months for two years,
#' every six for three more, then every year. For those patients visceral metastases,
#' imaging and treatment are `NA`: not recorded, rather than none.
#'
#' @format `leiomyosarcoma`: a data frame with a row for each of 396 patients, sorted
#'   by diagnosis.
#' \describe{
#'   \item{id}{1 to 396.}
#'   \item{sex}{Female, Male.}
#'   \item{race}{Caucasian, African American, Asian, Hispanic, Other.}
#'   \item{subtype}{Retroperitoneal and 15 others, in the order of Table 1.}
#'   \item{age}{years at diagnosis.}
#'   \item{diagnosis, last_contact}{dates; `last_contact` is the day of death of those
#'     who died.}
#'   \item{died, lost_to_follow_up}{logical.}
#'   \item{bone_metastasis, visceral_metastasis}{dates, `NA` where there was none.}
#'   \item{bone_location}{Both, Axial, Appendicular; `NA` without bone metastases, as
#'     the next two.}
#'   \item{lesion_type}{Lytic, Sclerotic, Mixed.}
#'   \item{bone_lesions}{Single, Multiple.}
#'   \item{fracture, surgery}{logical: pathologic fracture of a bone metastasis,
#'     surgery for one.}
#'   \item{indication}{Prophylactic fixation, Pathologic fracture fixation; `NA`
#'     without surgery.}
#'   \item{first_surgery, implant_failure}{dates; `implant_failure` is the first
#'     failure of a construct.}
#'   \item{hardware}{logical: hardware was implanted.}
#'   \item{tumor_size}{four classes, `NA` where not available.}
#'   \item{grade}{High, Intermediate, Low.}
#'   \item{prior_chemotherapy, prior_radiotherapy}{logical: before the bone metastasis;
#'     radiotherapy to other sites.}
#'   \item{bone_radiotherapy, palliative_radiotherapy}{logical; the second `NA` without
#'     the first.}
#'   \item{antiresorptive, pet, bone_scan}{logical.}
#'   \item{pet_avid, scan_uptake}{logical: lesions avid on PET, with uptake on bone
#'     scan; `NA` without.}
#' }
#' `leiomyosarcoma_lesions`: a row for each bone lesion.
#' \describe{
#'   \item{id, date}{patient, and the day on which the lesion was found.}
#'   \item{site, region}{bone; Axial or Appendicular.}
#'   \item{type}{as the patient's `lesion_type`.}
#'   \item{spine_part}{Vertebral body or Posterior elements, one for each of 29 spine
#'     patients.}
#'   \item{published}{logical: the article prints how many patients have this site.}
#' }
#' `leiomyosarcoma_surgeries`: a row for each of 30 operations.
#' \describe{
#'   \item{id, sequence, date}{patient, number of the patient's operation, day.}
#'   \item{site}{Spine, Femur, Humerus, Acetabulum.}
#'   \item{procedure}{ten kinds.}
#'   \item{indication}{as above, or Failure of construct.}
#'   \item{implant}{logical: hardware was implanted.}
#'   \item{failure}{date on which this construct failed, or `NA`.}
#'   \item{complication, complication_date}{kind and day, or `NA`.}
#' }
#' @source Made after LiBrizzi CL, Vankara A, Meyer CF, Levin AS, Morris CD (2022).
#'   Bone metastases in patients with leiomyosarcoma: a retrospective analysis of
#'   survival and surgical management.
#'   *Sarcoma* 2022, 6806932. \doi{10.1155/2022/6806932}
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

#' The numbers that LiBrizzi et al. (2022) print
#'
#' Each quantity of the article's tables, text, figures and abstract, with its place:
#' what [lms_reconcile()] compares with a cohort.
#'
#' @format A data frame with a row for each quantity:
#' \describe{
#'   \item{id}{key, such as `table4.hr.lung`.}
#'   \item{where, quantity}{where it is printed; what it is.}
#'   \item{n}{patients that it is about, `NA` where not said.}
#'   \item{value, lower, upper, p}{the numbers. `lower` and `upper` are quartiles or
#'     95% limits.}
#'   \item{unit, kind}{unit; `count`, `percent`, `median`, `hr`, `pvalue` and others.}
#'   \item{note}{remarks, such as on numbers that contradict each other.}
#'   \item{value_decimals, lower_decimals, upper_decimals, p_decimals}{decimals as
#'     printed.}
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
