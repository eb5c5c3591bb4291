// Thompson sampling (Thompson 1933) with a function drawn from the whole posterior (Wilson et al.
// 2020): the next point is where the drawn function is lowest.
#pragma once

#include <asktell/acquisition/acquisition.hpp>
#include <asktell/surrogates/gp/pathwise.hpp>

namespace asktell {

// The negative of one path.
class ThompsonSample final : public Acquisition {
 public:
  // path: which of the paths, from 0.
  ThompsonSample(const SamplePaths& paths, Eigen::Index path) : paths_(paths), path_(path) {}
  void evaluate(const Eigen::MatrixXd& points, Eigen::VectorXd& values,
                Eigen::MatrixXd* gradients = nullptr) const override;

 private:
  const SamplePaths& paths_;
  Eigen::Index path_;
};

}  // namespace asktell
