// Power transforms, fitted by maximum likelihood: Box & Cox 1964, "An analysis of transformations"
// (y > 0), and Yeo & Johnson 2000, "A new family of power transformations to improve normality or
// symmetry" (any y). One lambda; 1 is the identity up to a shift, 0 a logarithm of positive values.
#pragma once

#include <Eigen/Core>

namespace asktell {

enum class PowerFamily { kBoxCox, kYeoJohnson };

// The transform of y, increasing in y. Finite for any finite y; a Box-Cox transform treats y <= 0
// as the smallest positive double.
double power_value(PowerFamily family, double lambda, double y);

// The y that maps to `value`. Values outside of the transform's range count as just inside it.
double power_inverse(PowerFamily family, double lambda, double value);

// Logarithm of the transform's slope at y.
double power_log_slope(PowerFamily family, double lambda, double y);

// Whether the transform's range ends somewhere: Box-Cox unless lambda = 0; Yeo-Johnson below for
// lambda > 2, above for lambda < 0.
bool power_range_is_finite(PowerFamily family, double lambda);

struct PowerFit {
  double lambda = 1;
  // -n/2 log(variance of the transformed values, divisor n) + sum of log slopes.
  double log_likelihood = 0;
  bool on_bound = false;  // lambda is -5 or 5, or where the transform would overflow
};

// Most likely lambda within [-5, 5], by Brent's method. y: finite, at least two different values;
// positive for Box-Cox.
PowerFit fit_power(PowerFamily family, const Eigen::VectorXd& y);

}  // namespace asktell
