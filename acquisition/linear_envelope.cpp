// See linear_envelope.hpp.
#include <asktell/acquisition/linear_envelope.hpp>

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>

#include <asktell/acquisition/expected_improvement.hpp>
#include <asktell/acquisition/log_mean_exp.hpp>

namespace asktell {
namespace {

using Eigen::Index;
using Eigen::MatrixXd;
using Eigen::VectorXd;

constexpr double kNoSlope = 1e-300;  // smaller slopes are 0: their quotients would overflow

}  // namespace

LinearEnvelope::LinearEnvelope(const Eigen::Ref<const VectorXd>& a,
                               const Eigen::Ref<const VectorXd>& b) {
  const auto slope = [&](Index i) { return std::abs(b[i]) < kNoSlope ? 0.0 : b[i]; };
  std::vector<Index> order(static_cast<std::size_t>(a.size()));
  std::iota(order.begin(), order.end(), Index{0});
  std::sort(order.begin(), order.end(), [&](Index i, Index j) {
    return slope(i) != slope(j) ? slope(i) < slope(j) : a[i] != a[j] ? a[i] < a[j] : i < j;
  });
  std::vector<double> reached;  // from where on each active line is on top
  for (const Index i : order) {
    double from = -std::numeric_limits<double>::infinity();
    while (!active_.empty()) {
      const Index top = active_.back();
      const bool parallel = slope(top) == slope(i);  // then i is not below
      if (!parallel) from = (a[top] - a[i]) / (slope(i) - slope(top));
      if (!parallel && from > reached.back()) break;
      from = -std::numeric_limits<double>::infinity();
      active_.pop_back();
      reached.pop_back();
    }
    active_.push_back(i);
    reached.push_back(from);
  }
  crossing_.assign(reached.begin() + 1, reached.end());
  terms_.resize(static_cast<Index>(crossing_.size()));
  for (std::size_t p = 0; p < crossing_.size(); ++p) {
    rise_.push_back(slope(active_[p + 1]) - slope(active_[p]));
    terms_[static_cast<Index>(p)] = std::log(rise_[p]) + log_h(-std::abs(crossing_[p])).value;
  }
  log_gain_ = terms_.size() == 0
                  ? -std::numeric_limits<double>::infinity()
                  : log_mean_exp(terms_) + std::log(static_cast<double>(terms_.size()));
}

void LinearEnvelope::add_gradient(Eigen::Ref<VectorXd> by_a, Eigen::Ref<VectorXd> by_b) const {
  if (!std::isfinite(log_gain_)) return;
  for (std::size_t p = 0; p < crossing_.size(); ++p) {
    // Of log(rise) + log h(-|c|) with c = (a_p - a_(p+1)) / rise.
    const double share = std::exp(terms_[static_cast<Index>(p)] - log_gain_), c = crossing_[p];
    const double by_crossing = std::copysign(share * log_h(-std::abs(c)).slope, -c);
    const double by_rise = (share - by_crossing * c) / rise_[p];
    by_a[active_[p]] += by_crossing / rise_[p];
    by_a[active_[p + 1]] -= by_crossing / rise_[p];
    by_b[active_[p]] -= by_rise;
    by_b[active_[p + 1]] += by_rise;
  }
}

double log_mean_gain(const MatrixXd& a, const VectorXd& b, MatrixXd* by_a, VectorXd* by_b) {
  std::vector<LinearEnvelope> envelopes;
  VectorXd gains(a.cols()), shares;
  for (Index s = 0; s < a.cols(); ++s) {
    envelopes.emplace_back(a.col(s), b);
    gains[s] = envelopes.back().log_gain();
  }
  const double value = log_mean_exp(gains, &shares);
  if (!by_a) return value;
  by_a->setZero(a.rows(), a.cols());
  by_b->setZero(b.size());
  VectorXd part(b.size());
  for (Index s = 0; s < a.cols(); ++s) {
    part.setZero();
    envelopes[static_cast<std::size_t>(s)].add_gradient(by_a->col(s), part);
    by_a->col(s) *= shares[s];
    *by_b += shares[s] * part;
  }
  return value;
}

}  // namespace asktell
