// What a model is fitted to instead of raw values y: z = T(y), an increasing map made from the
// values of a study (small ones are good, before and after). What the model says about z goes back
// to raw units through medians, quadrature and quantiles, never through a linearized variance.
//
//   const OutputTransform transform(TransformKind::kHebo, y);  // y: raw values, NaN where failed
//   const Eigen::VectorXd z = transform.apply(y);              // finite, for the model
//   const double raw = transform.inverse(z[0]);                // and back
//
// Failures are values that are not finite. They get the z of the worst value (one beyond all, with
// kVizier); a large penalty would wreck the model's length-scales. All failed: all z are equal.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include <Eigen/Core>

#include <asktell/surrogates/transforms/rank_map.hpp>

namespace asktell {

enum class TransformKind {
  kStandardize,  // (y - mean) / standard deviation
  kLog,          // log y, standardized; y > 0
  kBilog,        // sign(y) log(1 + |y|), standardized (Eriksson & Poloczek 2021, constraints)
  kYeoJohnson,   // Yeo-Johnson power transform, standardized
  kBoxCox,       // Box-Cox power transform, standardized; y > 0
  kHebo,  // kBoxCox if all y > 0, else kYeoJohnson of y / standard deviation (Cowen-Rivers et
          // al. 2022, "HEBO: pushing the limits of sample-efficient hyperparameter
          // optimisation")
  kRobustPower,  // Yeo-Johnson of (y - median) / median absolute deviation: powers have no units
                 // of their own, and these make the fewest assumptions (benchmarks/gp_models.cpp)
  kHalfRank,     // values above the median by rank, standardized (Song et al. 2024, section 3.2)
  kVizier,       // half-rank, a logarithm that stretches the good end, failures (same, section 3.2)
  kCopula,       // normal quantiles of clipped ranks (Salinas et al. 2020)
};

// "standardize", "log", "bilog", "yeo_johnson", "box_cox", "hebo", "robust_power", "half_rank",
// "vizier", "copula": a kind's name, and back; throws OptionError for another name.
std::string_view transform_name(TransformKind kind);
TransformKind transform_kind(std::string_view name);
std::vector<std::string> transform_names();

class OutputTransform {
 public:
  // Fitted to no values: the identity.
  OutputTransform() = default;
  // raw: values to be minimized, not finite where failed. Throws OptionError for kLog and kBoxCox
  // when a value is not positive.
  OutputTransform(TransformKind kind, const Eigen::VectorXd& raw);

  // z of values known or new; not finite: failed. New values between known ones are interpolated by
  // the kinds that look at ranks. Beyond them kCopula holds the last z; kHalfRank and kVizier
  // continue straight. kLog and kBoxCox take y <= 0 for the smallest positive double.
  double apply(double y) const;
  Eigen::VectorXd apply(const Eigen::VectorXd& y) const;

  // The y with apply(y) = z, the lowest of several; z outside of the range counts as just inside.
  double inverse(double z) const;
  Eigen::VectorXd inverse(const Eigen::VectorXd& z) const;

  // dz/dy at a finite y, and the sum of its logarithms over the finite entries of y: what a log
  // density of z lacks to be one of y. NaN unless smooth().
  double slope(double y) const;
  double log_jacobian(const Eigen::VectorXd& y) const;

  TransformKind kind() const { return kind_; }  // asked for
  // In use: kHebo becomes kBoxCox or kYeoJohnson, kRobustPower the latter; a power transform that
  // does not fit becomes kStandardize, and fallback() says why (else it is empty).
  TransformKind applied() const { return applied_; }
  std::string_view fallback() const { return fallback_; }
  bool smooth() const;           // differentiable: has slopes
  bool range_is_finite() const;  // z of every y stays on one side of some number

  // z = (g((y - centre) / unit) - mean) / deviation, g the map of applied() with exponent lambda.
  // The standard deviation has divisor n - 1, or n for power transforms (as HEBO has); 1 when all g
  // are equal to rounding. kCopula: mean 0, deviation 1; kVizier: -mean is the shift of
  // section 3.2.
  double lambda() const { return lambda_; }  // of a power transform
  double centre() const { return centre_; }
  double unit() const { return unit_; }
  double mean() const { return scale_ * mean_; }
  double deviation() const { return scale_ * deviation_; }
  double failed_value() const { return failed_value_; }  // z of failures

 private:
  void fit_shape(const Eigen::VectorXd& y);
  void fit_power_shape(TransformKind kind, const Eigen::VectorXd& y);
  std::string_view power_trouble(const Eigen::VectorXd& y) const;
  void use_standardize(const Eigen::VectorXd& y, std::string_view reason);
  void fit_vizier(const Eigen::VectorXd& y, Eigen::Index trials);
  void standardize_shape(const Eigen::VectorXd& y);
  double argument(double y) const;
  double shape(double t) const;  // g
  double shape_inverse(double s) const;
  double shape_log_slope(double t) const;

  TransformKind kind_ = TransformKind::kStandardize;
  TransformKind applied_ = TransformKind::kStandardize;
  std::string_view fallback_ = "";
  double lambda_ = 1;
  double centre_ = 0;
  double unit_ = 1;
  double scale_ = 1;      // largest |g| of the fitted values
  double mean_ = 0;       // of g / scale
  double deviation_ = 1;  // of g / scale
  double dead_zone_ = 0;  // |g / scale - mean| up to this gives z = 0: equal to rounding
  double failed_value_ = 0;
  double best_ = 0;  // of kVizier, smallest and largest value after the half-rank step
  double worst_ = 0;
  RankMap ranks_;
};

}  // namespace asktell
