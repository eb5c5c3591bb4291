// What x costs when the environment w of an evaluation f(x, w) is not the user's to choose: a
// measure of risk over equally likely w, of the confidence bound of f at each. With no deviations
// it is the measure of the posterior mean; with sqrt(beta) of them the bound by which Nguyen et al.
// 2021, "Optimizing conditional value-at-risk of black-box functions", choose x.
#pragma once

#include <vector>

#include <asktell/acquisition/acquisition.hpp>
#include <asktell/surrogates/surrogate.hpp>

namespace asktell {

enum class Risk { kMean, kValueAtRisk, kConditionalValueAtRisk };

// See risk_measures.hpp for `level`; the mean has none.
struct RiskMeasure {
  Risk risk = Risk::kMean;
  double level = 0.75;

  double operator()(const Eigen::Ref<const Eigen::VectorXd>& costs,
                    Eigen::VectorXd* weights = nullptr) const;
};

// Coordinates of the environment in a point of the model, and its equally likely values there.
struct Environments {
  std::vector<Eigen::Index> axes;  // e
  Eigen::MatrixXd w;               // e x K

  // Each column of x (d x q) with every environment in place of its own: d x q K, those of one
  // column beside each other. Where a coordinate is inactive (NaN) it stays so.
  Eigen::MatrixXd pairs(const Eigen::MatrixXd& x) const;
};

// -risk over w of (mean - deviations * deviation)(x, w): not in logarithms. Coordinates of the
// environment in the points are not read.
class RiskBound final : public Acquisition {
 public:
  RiskBound(const Surrogate& model, const Environments& environments, RiskMeasure measure,
            double deviations = 0)
      : model_(model), environments_(environments), measure_(measure), deviations_(deviations) {}
  void evaluate(const Eigen::MatrixXd& points, Eigen::VectorXd& values,
                Eigen::MatrixXd* gradients = nullptr) const override;

 private:
  const Surrogate& model_;
  const Environments& environments_;
  RiskMeasure measure_;
  double deviations_;
};

}  // namespace asktell
