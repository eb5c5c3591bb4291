// See output_transform.hpp.
#include <asktell/surrogates/transforms/output_transform.hpp>

#include <algorithm>
#include <cmath>
#include <limits>
#include <numbers>
#include <utility>

#include <asktell/core/errors.hpp>
#include <asktell/surrogates/transforms/power.hpp>
#include <asktell/surrogates/transforms/robust.hpp>

namespace asktell {
namespace {

using Eigen::Index;
using Eigen::VectorXd;

constexpr std::pair<std::string_view, TransformKind> kNames[] = {
    {"standardize", TransformKind::kStandardize},
    {"log", TransformKind::kLog},
    {"bilog", TransformKind::kBilog},
    {"yeo_johnson", TransformKind::kYeoJohnson},
    {"box_cox", TransformKind::kBoxCox},
    {"hebo", TransformKind::kHebo},
    {"robust_power", TransformKind::kRobustPower},
    {"half_rank", TransformKind::kHalfRank},
    {"vizier", TransformKind::kVizier},
    {"copula", TransformKind::kCopula},
};

constexpr double kEqualTolerance = 1e-13;  // relative: below, a deviation is rounding
constexpr double kLeastBestSlope = 1e-6;   // of z by y / deviation at the best value
constexpr double kHuge = std::numeric_limits<double>::max();
const double kLogOffset = std::log(1.5);  // Vizier's logarithm: log(1 + r / 2) / log(1.5)

double largest_magnitude(const VectorXd& y) {
  const double largest = y.cwiseAbs().maxCoeff();
  return largest > 0 ? largest : 1;
}

// Standard deviation with divisor n.
double deviation_of(const VectorXd& y) {
  const double largest = largest_magnitude(y);
  const Eigen::ArrayXd scaled = y.array() / largest;
  return largest * std::sqrt((scaled - scaled.mean()).square().mean());
}

void require_positive(TransformKind kind, const VectorXd& y) {
  const double smallest = y.minCoeff();
  if (smallest > 0) return;
  throw OptionError("option.value", "output transform \"" + std::string(transform_name(kind)) +
                                        "\" needs values above 0; the smallest is " +
                                        std::to_string(smallest) +
                                        " (use \"hebo\", which takes any)");
}

// Three values that differ by more than rounding; of two, any map makes the same z.
bool three_different(const VectorXd& y) {
  const double low = y.minCoeff();
  const double high = y.maxCoeff();
  const double rounding = kEqualTolerance * largest_magnitude(y);
  return ((y.array() > low + rounding) && (y.array() < high - rounding)).any();
}

bool is_power(TransformKind kind) {
  return kind == TransformKind::kBoxCox || kind == TransformKind::kYeoJohnson;
}

PowerFamily family(TransformKind kind) {
  return kind == TransformKind::kBoxCox ? PowerFamily::kBoxCox : PowerFamily::kYeoJohnson;
}

// Vizier's logarithm, for minimization: from -1/2 at `best` to 1/2 at `worst`; straight on below.
double stretch(double w, double best, double worst) {
  if (!(worst > best)) return 0;
  const double r = (w - best) / (worst - best);
  return (r > 0 ? std::log1p(0.5 * r) : 0.5 * r) / kLogOffset - 0.5;
}

double stretch_inverse(double s, double best, double worst) {
  if (!(worst > best)) return best;
  const double log = (s + 0.5) * kLogOffset;
  return best + 2 * (worst - best) * (log > 0 ? std::expm1(log) : log);
}

}  // namespace

std::string_view transform_name(TransformKind kind) {
  for (const auto& [name, known] : kNames) {
    if (known == kind) return name;
  }
  return "";
}

std::vector<std::string> transform_names() {
  std::vector<std::string> names;
  for (const auto& [name, kind] : kNames) names.emplace_back(name);
  return names;
}

TransformKind transform_kind(std::string_view name) {
  std::string names;
  for (const auto& [known, kind] : kNames) {
    if (known == name) return kind;
    names += (names.empty() ? "\"" : ", \"") + std::string(known) + "\"";
  }
  throw OptionError("option.value", "output transform is \"" + std::string(name) +
                                        "\"; it must be one of " + names);
}

OutputTransform::OutputTransform(TransformKind kind, const VectorXd& raw)
    : kind_(kind), applied_(kind) {
  const VectorXd y = finite_entries(raw);
  if (kind == TransformKind::kHebo) applied_ = TransformKind::kStandardize;
  if (y.size() == 0) {
    if (kind == TransformKind::kVizier) failed_value_ = 1;
    return;
  }
  fit_shape(y);
  if (kind == TransformKind::kVizier) {
    fit_vizier(y, raw.size());
  } else {
    failed_value_ = apply(y.maxCoeff());
  }
}

void OutputTransform::fit_shape(const VectorXd& y) {
  switch (kind_) {
    case TransformKind::kLog:
      require_positive(kind_, y);
      break;
    case TransformKind::kBoxCox:
      require_positive(kind_, y);
      [[fallthrough]];
    case TransformKind::kYeoJohnson:
      return fit_power_shape(kind_, y);
    case TransformKind::kHebo:
      return fit_power_shape(y.minCoeff() > 0 ? TransformKind::kBoxCox : TransformKind::kYeoJohnson,
                             y);
    case TransformKind::kRobustPower:
      return fit_power_shape(TransformKind::kYeoJohnson, y);
    case TransformKind::kHalfRank:
    case TransformKind::kVizier:
      unit_ = largest_magnitude(y);  // squares must not overflow
      ranks_ = half_rank_map(y / unit_);
      if (kind_ == TransformKind::kVizier) return;
      break;
    case TransformKind::kCopula:
      unit_ = largest_magnitude(y);
      ranks_ = copula_map(y / unit_);
      return;
    default:
      break;
  }
  standardize_shape(y);
}

// Appendix of HEBO's paper and its released code: where Box-Cox gives no spread, Yeo-Johnson is
// tried. (Its test "deviation below 1/2" sees standardized values: it finds constants and NaN
// only.)
void OutputTransform::fit_power_shape(TransformKind kind, const VectorXd& y) {
  if (!three_different(y)) return use_standardize(y, "fewer than 3 different values");
  applied_ = kind;
  unit_ = 1;
  if (kind == TransformKind::kBoxCox) {
    unit_ = std::exp(y.array().log().mean());  // overflows nowhere; the same z
  } else if (kind_ == TransformKind::kHebo) {
    unit_ = deviation_of(y);
  } else if (kind_ == TransformKind::kRobustPower) {
    const RobustScale robust = robust_scale(y);
    centre_ = robust.median;
    unit_ = robust.deviation;  // above 0, as three values differ
  }
  const PowerFit fit =
      fit_power(family(kind), y.unaryExpr([this](double value) { return argument(value); }));
  lambda_ = fit.lambda;
  if (fit.on_bound) return use_standardize(y, "lambda on its bound");
  standardize_shape(y);
  if (dead_zone_ > 0 && kind_ == TransformKind::kHebo && kind == TransformKind::kBoxCox) {
    return fit_power_shape(TransformKind::kYeoJohnson, y);
  }
  const std::string_view trouble = power_trouble(y);
  if (!trouble.empty()) use_standardize(y, trouble);
}

std::string_view OutputTransform::power_trouble(const VectorXd& y) const {
  if (dead_zone_ > 0) return "no spread left";
  const double best_slope = slope(y.minCoeff()) * deviation_of(y);
  return best_slope >= kLeastBestSlope ? "" : "flat at the best value";
}

void OutputTransform::use_standardize(const VectorXd& y, std::string_view reason) {
  applied_ = TransformKind::kStandardize;
  fallback_ = reason;
  lambda_ = 1;
  unit_ = 1;
  centre_ = 0;
  standardize_shape(y);
}

// Sets scale, mean and deviation from the values' g.
void OutputTransform::standardize_shape(const VectorXd& y) {
  VectorXd g(y.size());
  for (Index i = 0; i < y.size(); ++i) g[i] = shape(argument(y[i]));
  scale_ = largest_magnitude(g);
  const Eigen::ArrayXd scaled = g.array() / scale_;  // squares must not overflow
  mean_ = scaled.mean();
  const double divisor = static_cast<double>(g.size()) - (is_power(applied_) ? 0.0 : 1.0);
  deviation_ = divisor > 0 ? std::sqrt((scaled - mean_).square().sum() / divisor) : 0;
  dead_zone_ = 0;
  if (deviation_ > kEqualTolerance) return;
  mean_ *= scale_;
  scale_ = 1;
  // Equal values say nothing about their spread but the order of its size.
  deviation_ = applied_ == TransformKind::kStandardize && mean_ != 0 ? std::abs(mean_) : 1;
  dead_zone_ = (g.array() - mean_).abs().maxCoeff();
  if (dead_zone_ == 0) dead_zone_ = std::numeric_limits<double>::min();
}

void OutputTransform::fit_vizier(const VectorXd& y, Index trials) {
  best_ = ranks_.value(argument(y.minCoeff()));
  worst_ = ranks_.value(argument(y.maxCoeff()));
  VectorXd g(y.size());
  for (Index i = 0; i < y.size(); ++i) g[i] = shape(argument(y[i]));
  const double failed = g.maxCoeff() + 0.5 * (g.maxCoeff() - g.minCoeff()) + 1;
  const double known = (0.5 + static_cast<double>(y.size())) / (1 + static_cast<double>(trials));
  mean_ = g.mean() * known + failed * (1 - known);
  failed_value_ = failed - mean_;
  if (y.size() == trials && !(worst_ > best_)) mean_ = 0;  // all finite and equal: z = 0
}

// Of g. Halves keep the difference of large numbers finite.
double OutputTransform::argument(double y) const {
  return centre_ == 0 ? y / unit_ : 2 * ((y / 2 - centre_ / 2) / unit_);
}

double OutputTransform::shape(double t) const {
  switch (applied_) {
    case TransformKind::kLog:
      return std::log(std::max(t, std::numeric_limits<double>::min()));
    case TransformKind::kBilog:
      return t >= 0 ? std::log1p(t) : -std::log1p(-t);
    case TransformKind::kYeoJohnson:
    case TransformKind::kBoxCox:
      return power_value(family(applied_), lambda_, t);
    case TransformKind::kHalfRank:
    case TransformKind::kCopula:
      return ranks_.value(t);
    case TransformKind::kVizier:
      return stretch(ranks_.value(t), best_, worst_);
    default:
      return t;
  }
}

double OutputTransform::shape_inverse(double s) const {
  switch (applied_) {
    case TransformKind::kLog:
      return std::exp(s);
    case TransformKind::kBilog:
      return s >= 0 ? std::expm1(s) : -std::expm1(-s);
    case TransformKind::kYeoJohnson:
    case TransformKind::kBoxCox:
      return power_inverse(family(applied_), lambda_, s);
    case TransformKind::kHalfRank:
    case TransformKind::kCopula:
      return ranks_.inverse(s);
    case TransformKind::kVizier:
      return ranks_.inverse(stretch_inverse(s, best_, worst_));
    default:
      return s;
  }
}

double OutputTransform::shape_log_slope(double t) const {
  switch (applied_) {
    case TransformKind::kStandardize:
      return 0;
    case TransformKind::kLog:
      return -std::log(std::max(t, std::numeric_limits<double>::min()));
    case TransformKind::kBilog:
      return -std::log1p(std::abs(t));
    case TransformKind::kYeoJohnson:
    case TransformKind::kBoxCox:
      return power_log_slope(family(applied_), lambda_, t);
    default:
      return std::numeric_limits<double>::quiet_NaN();
  }
}

double OutputTransform::apply(double y) const {
  if (!std::isfinite(y)) return failed_value_;
  const double centered = shape(argument(y)) / scale_ - mean_;
  if (std::abs(centered) <= dead_zone_) return 0;
  return std::clamp(centered / deviation_, -kHuge, kHuge);
}

VectorXd OutputTransform::apply(const VectorXd& y) const {
  return y.unaryExpr([this](double value) { return apply(value); });
}

double OutputTransform::inverse(double z) const {
  const double y = centre_ + unit_ * shape_inverse(scale_ * (mean_ + deviation_ * z));
  return std::clamp(y, -kHuge, kHuge);
}

VectorXd OutputTransform::inverse(const VectorXd& z) const {
  return z.unaryExpr([this](double value) { return inverse(value); });
}

double OutputTransform::slope(double y) const {
  return std::exp(shape_log_slope(argument(y)) - std::log(unit_) - std::log(scale_) -
                  std::log(deviation_));
}

double OutputTransform::log_jacobian(const VectorXd& y) const {
  const double constant = std::log(unit_) + std::log(scale_) + std::log(deviation_);
  double sum = 0;
  for (double value : y) {
    if (std::isfinite(value)) sum += shape_log_slope(argument(value)) - constant;
  }
  return sum;
}

bool OutputTransform::smooth() const {
  return applied_ != TransformKind::kHalfRank && applied_ != TransformKind::kVizier &&
         applied_ != TransformKind::kCopula;
}

bool OutputTransform::range_is_finite() const {
  if (is_power(applied_)) return power_range_is_finite(family(applied_), lambda_);
  return applied_ == TransformKind::kCopula;
}

}  // namespace asktell
