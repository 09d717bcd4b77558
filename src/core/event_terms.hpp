#pragma once

namespace lmsurv {

enum class Ties { efron, breslow, exact };

// What one event time contributes, once the sums over its risk set are known. With S0 the sum of
// r = w exp(eta) over the risk set, D0 over the d deaths, and w the mean weight of the deaths, the
// approximations of Breslow (1974, doi:10.2307/2529620) and Efron (1977,
// doi:10.1080/01621459.1977.10480613) replace the tied deaths by steps j = 0..d-1 with denominator
// S0 s_j, s_j = 1 - f_j D0 / S0, f_j = 0 (Breslow) or j / d (Efron). All sums below run over the
// steps and are in units of S0, so that they neither overflow nor vanish with it.
struct EventTerms {
  double log_denominator;  // sum w log(s_j)
  double hazard;           // h  = sum w / s_j            : what a survivor lives through
  double hazard_death;     // hd = sum w (1 - f_j) / s_j  : and what one of the deaths does
  double hazard_shift;     // g  = sum w f_j / s_j
  double square;           // a  = sum w / s_j^2
  double square_shift;     // b  = sum w f_j / s_j^2
  double square_shift2;    // c  = sum w f_j^2 / s_j^2
  // sum w m_j m_j' with m_j = (M - f_j D) / s_j, M = S1 / S0 and D = D1 / S0, is
  // a (M - f D)(M - f D)' + e D D':
  double mean_shift;  // f = b / a
  double spread;      // e = sum w (f_j - f)^2 / s_j^2
};

// share: D0 / S0. deaths: their number; with frequency weights the number they stand for.
// total_weight: the sum of their weights; without any the terms are zeros.
// Cost: O(1) for Breslow or one death, O(d) for Efron.
EventTerms event_terms(Ties ties, double share, double deaths, double total_weight);

// power[a] = sum over Efron's steps of w g_j^a / s_j^3, g_j = 1 - f_j the part of a tied death that
// is still at risk, in the same units. Cost: O(d).
struct CubicTerms {
  double power[4];
};
CubicTerms cubic_terms(double share, double deaths, double total_weight);

}  // namespace lmsurv
