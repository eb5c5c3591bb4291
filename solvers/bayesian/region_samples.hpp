// Thompson sampling in a region: functions are drawn from the posterior, and each asks for the
// point where it is lowest (Eriksson et al. 2019, section 2). Functions are drawn whole
// (surrogates/gp/pathwise.hpp) where the authors draw their values at the candidates: that needs no
// factor of all candidates' covariance (5000 of them would take seconds), and the lowest candidate
// can be refined along the function's gradient.
#pragma once

#include <memory>
#include <vector>

#include <Eigen/Core>

#include <asktell/core/random.hpp>
#include <asktell/core/space.hpp>
#include <asktell/solvers/bayesian/region_geometry.hpp>
#include <asktell/surrogates/gp/pathwise.hpp>

namespace asktell {

class RegionSamples {
 public:
  RegionSamples() = default;
  // `slots` functions at the candidates (d x m) of the region.
  RegionSamples(const GpPosterior& model, Space space, RegionGeometry::Candidates region,
                Eigen::MatrixXd candidates, Eigen::Index slots, RandomStream& stream);

  // The lowest candidate of a slot that was not taken; -1: all are taken.
  Eigen::Index best(Eigen::Index slot) const;
  double value(Eigen::Index candidate, Eigen::Index slot) const { return values_(candidate, slot); }
  void take(Eigen::Index candidate) { taken_[static_cast<std::size_t>(candidate)] = true; }
  Point point(Eigen::Index candidate) const;
  // Further down the slot's function from a candidate, within the box and in those continuous
  // coordinates alone in which the candidate differs from the centre: where those are few of many,
  // moving all of them instead costs regret.
  Point refined(Eigen::Index candidate, Eigen::Index slot) const;

 private:
  Space space_;
  RegionGeometry::Candidates region_;
  std::shared_ptr<const SamplePaths> paths_;
  Eigen::MatrixXd candidates_;  // d x m, unit cube
  Eigen::MatrixXd values_;      // m x slots
  std::vector<bool> taken_;     // m
};

}  // namespace asktell
