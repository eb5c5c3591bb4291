// How much the best of M normal variables that share one source of randomness is expected to exceed
// the best mean: E[max_i (a_i + b_i Z)] - max_i a_i with Z ~ N(0, 1), exactly and in logarithms, by
// the upper envelope of the lines (Frazier, Powell & Dayanik 2009, "The knowledge-gradient policy
// for correlated normal beliefs", algorithms 1 and 2). O(M log M).
#pragma once

#include <Eigen/Core>
#include <vector>

namespace asktell {

class LinearEnvelope {
 public:
  // a, b: M > 0 intercepts and slopes.
  LinearEnvelope(const Eigen::Ref<const Eigen::VectorXd>& a,
                 const Eigen::Ref<const Eigen::VectorXd>& b);

  // log(E[max] - max a); -infinity when one line is on top everywhere.
  double log_gain() const { return log_gain_; }
  // The lines that are somewhere on top, by rising slope.
  const std::vector<Eigen::Index>& active() const { return active_; }
  // by_a[i] += d log_gain / d a_i, and the same by b. Nothing where the gain is 0.
  void add_gradient(Eigen::Ref<Eigen::VectorXd> by_a, Eigen::Ref<Eigen::VectorXd> by_b) const;

 private:
  std::vector<Eigen::Index> active_;
  std::vector<double> crossing_;  // where line p + 1 of the active ones overtakes line p
  std::vector<double> rise_;      // its slope less that of line p
  Eigen::VectorXd terms_;         // logarithms of what each crossing adds
  double log_gain_;
};

// log of the mean gain over the columns of a (M x S: S scenarios with other intercepts). by_a
// (M x S) and by_b (M), unless null: its derivatives, set.
double log_mean_gain(const Eigen::MatrixXd& a, const Eigen::VectorXd& b, Eigen::MatrixXd* by_a,
                     Eigen::VectorXd* by_b);

}  // namespace asktell
