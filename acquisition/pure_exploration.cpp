// See pure_exploration.hpp.
#include <asktell/acquisition/pure_exploration.hpp>

namespace asktell {
namespace {

using Eigen::Index;
using Eigen::MatrixXd;
using Eigen::VectorXd;

struct Moments {
  VectorXd mean, deviation;                    // q
  MatrixXd mean_gradient, deviation_gradient;  // d x q, where asked for
};

Moments moments(const Surrogate& model, double noise, const MatrixXd& points, bool slopes) {
  Moments at;
  model.predict(points, at.mean, at.deviation, slopes ? &at.mean_gradient : nullptr,
                slopes ? &at.deviation_gradient : nullptr);
  at.deviation = (at.deviation.array() + noise).sqrt();
  if (slopes) {
    at.deviation_gradient.array().rowwise() /= 2 * at.deviation.transpose().array();
  }
  return at;
}

}  // namespace

void OptimisticBound::evaluate(const MatrixXd& points, VectorXd& values,
                               MatrixXd* gradients) const {
  const bool slopes = gradients != nullptr;
  const Moments all = moments(models_.all, models_.all_noise, points, slopes);
  if (&models_.told == &models_.all) {
    values = coefficient_ * all.deviation - all.mean;
    if (slopes) *gradients = coefficient_ * all.deviation_gradient - all.mean_gradient;
    return;
  }
  VectorXd mean, variance;
  MatrixXd mean_gradient;
  models_.told.predict(points, mean, variance, slopes ? &mean_gradient : nullptr);
  values = coefficient_ * all.deviation - mean;
  if (slopes) *gradients = coefficient_ * all.deviation_gradient - mean_gradient;
}

double promising_level(const PendingAware& models, const MatrixXd& points, double coefficient) {
  const Moments told = moments(models.told, models.told_noise, points, false);
  Index lowest;
  (told.mean - coefficient * told.deviation).minCoeff(&lowest);
  return told.mean[lowest];
}

void PureExploration::evaluate(const MatrixXd& points, VectorXd& values,
                               MatrixXd* gradients) const {
  const bool slopes = gradients != nullptr;
  const Moments all = moments(models_.all, models_.all_noise, points, slopes);
  const Moments told = moments(models_.told, models_.told_noise, points, slopes);
  values = all.deviation;
  if (slopes) *gradients = all.deviation_gradient;
  for (Index j = 0; j < points.cols(); ++j) {
    const double miss = told.mean[j] - options_.coefficient * told.deviation[j] - level_;
    if (!(miss > 0)) continue;
    values[j] -= options_.penalty * miss;
    if (!slopes) continue;
    gradients->col(j) -= options_.penalty * (told.mean_gradient.col(j) -
                                             options_.coefficient * told.deviation_gradient.col(j));
  }
}

std::unique_ptr<Acquisition> bound_or_exploration(const PendingAware& models, const MatrixXd& known,
                                                  double coefficient, bool bound) {
  if (bound) return std::make_unique<OptimisticBound>(models, coefficient);
  return std::make_unique<PureExploration>(models, promising_level(models, known, coefficient));
}

}  // namespace asktell
