library(testthat)
library(lmsurv)

test_check("lmsurv")
