// See choose.hpp.
#include <asktell/surrogates/transforms/choose.hpp>

#include <cmath>
#include <limits>

#include <asktell/surrogates/transforms/robust.hpp>

namespace asktell {
namespace {

using Eigen::VectorXd;

double score(const OutputTransform& transform, const VectorXd& raw,
             const std::function<double(const VectorXd&)>& evaluate) {
  const double density = evaluate(transform.apply(raw)) + transform.log_jacobian(raw);
  return std::isfinite(density) ? density : std::numeric_limits<double>::lowest();
}

}  // namespace

TransformKind default_transform(const VectorXd& raw, const TransformRule& rule) {
  const VectorXd y = finite_entries(raw);
  const bool power = y.size() >= rule.least_values;
  const TransformKind plain = power ? TransformKind::kHebo : TransformKind::kStandardize;
  if (!(largest_robust_score(y) > rule.raw_score)) return plain;
  const VectorXd z = OutputTransform(plain, y).apply(y);
  return largest_robust_score(z) > rule.transformed_score ? TransformKind::kHalfRank : plain;
}

TransformChoice choose_transform(const VectorXd& raw, std::optional<TransformKind> current,
                                 const std::function<double(const VectorXd& z)>& evaluate,
                                 const TransformRule& rule) {
  const TransformKind by_rule = default_transform(raw, rule);
  OutputTransform fitted(by_rule, raw);
  if (by_rule == TransformKind::kHalfRank) {
    return {by_rule, std::move(fitted), {}, "a value far out on the bad side"};
  }
  if (by_rule == TransformKind::kStandardize) {
    return {by_rule, std::move(fitted), {}, "too few values for a power transform"};
  }
  OutputTransform plain(TransformKind::kStandardize, raw);
  if (fitted.applied() == TransformKind::kStandardize) {
    return {TransformKind::kStandardize, std::move(plain), {}, fitted.fallback()};
  }
  TransformChoice choice;
  choice.scores = {{TransformKind::kHebo, score(fitted, raw, evaluate)},
                   {TransformKind::kStandardize, score(plain, raw, evaluate)}};
  const double gain = choice.scores[0].log_density - choice.scores[1].log_density;  // of kHebo
  const bool power =
      current == TransformKind::kStandardize ? gain >= rule.hysteresis : gain > -rule.hysteresis;
  choice.kind = power ? TransformKind::kHebo : TransformKind::kStandardize;
  choice.transform = power ? std::move(fitted) : std::move(plain);
  choice.reason = "leave-one-out log density";
  return choice;
}

}  // namespace asktell
