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
  Eigen::Index least_values = 8;  // finite values, for a power transform (kHebo)
  // Robust standard deviations from the median to the worst value above which ranks are used
  // (kHalfRank): raw, and of what the power transform leaves.
  double raw_score = 6;
  double transformed_score = 4;
  double hysteresis = 2;  // nats of log density that a change must gain
};

// kHebo from least_values on, before that kStandardize; kHalfRank where the worst value is a gross
// error (a penalty of a million among values of one), not the end of a skewed tail. The raw score
// alone cannot tell: on an ill-conditioned quadratic it is 13 to 40, and after kHebo below 3, with
// better predictions than from ranks. Looks at finite entries only.
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
// the worst value). kStandardize and kHebo compete by it plus log_jacobian; `current`, if it is one
// of them, else kHebo, stays unless the other gains rule.hysteresis. Ranks have no density to
// compare: where default_transform wants them or has too few values, no model is asked. Costs two
// evaluations: for cold refits.
TransformChoice choose_transform(const Eigen::VectorXd& raw, std::optional<TransformKind> current,
                                 const std::function<double(const Eigen::VectorXd& z)>& evaluate,
                                 const TransformRule& rule = {});

}  // namespace asktell
