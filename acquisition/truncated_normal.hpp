// A standard normal z given z < g: the quantities that probability of improvement and the entropy
// searches are made of, with full relative accuracy however far g lies in the tail.
#pragma once

namespace asktell {

struct TruncatedNormal {
  explicit TruncatedNormal(double g);

  double argument;  // g
  double log_cdf;   // log Phi(g)
  double ratio;     // r = phi(g) / Phi(g) = -E[z | z < g]
  double lift;      // g + r > 0
  double removed;   // r (g + r): the variance that truncation takes away
  double left;      // 1 - r (g + r) = Var[z | z < g]
  double entropy;   // of a normal less that of the truncated one: g r / 2 - log Phi(g)

  double ratio_slope() const { return -removed; }                                // dr / dg
  double removed_slope() const { return ratio * left - removed * lift; }         // d removed / dg
  double entropy_slope() const { return -0.5 * ratio * (1 + lift * argument); }  // d entropy / dg
};

}  // namespace asktell
