// Which output transform to use: a rule that looks at the values only, and a choice by how well a
// model predicts what it has not seen.
#pragma once

#include <functional>
#include <optional>
#include <string_view>
#include <vector>

#include <asktell/surrogates/transforms/output_transform.hpp>

namespace asktell {

struct TransformRule {
  Eigen::Index least_values = 8;    // finite values, for a power transform (kHebo)
  double largest_robust_score = 6;  // of the worst value; above, ranks (kHalfRank)
  double hysteresis = 2;            // nats of log density that a change must gain
};

// kHalfRank where the worst value lies more than largest_robust_score robust standard deviations
// above the median, raw and after kHebo (a power transform straightens a skewed tail, not a gross
// error); else kHebo from least_values on; else kStandardize. Looks at finite entries only.
TransformKind default_transform(const Eigen::VectorXd& raw, const TransformRule& rule = {});

struct TransformScore {
  TransformKind kind = TransformKind::kStandardize;
  double log_density = 0;  // of the raw values; lowest double when it cannot be computed
};

struct TransformChoice {
  TransformKind kind = TransformKind::kStandardize;
  OutputTransform transform;           // fitted to the values
  std::vector<TransformScore> scores;  // empty when the rule alone decided
  std::string_view reason = "";
};

// evaluate(z): sum of leave-one-out log densities of a model fitted to z (failures hold the z of
// the worst value). kStandardize and kHebo compete by it plus log_jacobian; a former choice
// `current` stays unless another gains rule.hysteresis (kHebo where there is none, or it is
// kHalfRank's turn to end). kHalfRank has no density to compare: default_transform decides about
// it, without a model.
TransformChoice choose_transform(const Eigen::VectorXd& raw, std::optional<TransformKind> current,
                                 const std::function<double(const Eigen::VectorXd& z)>& evaluate,
                                 const TransformRule& rule = {});

}  // namespace asktell
