// See diagnostics.hpp. Agrees with ArviZ 0.23.
#include <asktell/surrogates/sampling/diagnostics.hpp>

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>
#include <vector>

#include <asktell/core/special_functions.hpp>

namespace asktell {
namespace {

using Eigen::Index;
using Eigen::MatrixXd;
using Eigen::RowVectorXd;
using Eigen::VectorXd;

constexpr double kNaN = std::numeric_limits<double>::quiet_NaN();

bool usable(const MatrixXd& draws) {
  return draws.rows() >= 4 && draws.cols() >= 1 && draws.allFinite();
}

bool constant(const MatrixXd& draws) {
  return draws.maxCoeff() == draws.minCoeff();
}

// First and last half of each column; the middle of an odd number of draws is left out.
MatrixXd halves(const MatrixXd& draws) {
  const Index half = draws.rows() / 2;
  MatrixXd out(half, 2 * draws.cols());
  out << draws.topRows(half), draws.bottomRows(half);
  return out;
}

// Normal scores of the ranks among all entries; ties share their mean rank (Blom 1958).
MatrixXd normal_scores(const MatrixXd& draws) {
  const Index size = draws.size();
  std::vector<Index> order(static_cast<std::size_t>(size));
  std::iota(order.begin(), order.end(), Index{0});
  const double* values = draws.data();
  std::stable_sort(order.begin(), order.end(),
                   [&](Index a, Index b) { return values[a] < values[b]; });
  MatrixXd out(draws.rows(), draws.cols());
  for (std::size_t begin = 0; begin < order.size();) {
    std::size_t end = begin + 1;
    while (end < order.size() && values[order[end]] == values[order[begin]]) ++end;
    const double rank = 0.5 * static_cast<double>(begin + 1 + end);
    const double score = normal_quantile((rank - 0.375) / (static_cast<double>(size) + 0.25));
    for (; begin < end; ++begin) out.data()[order[begin]] = score;
  }
  return out;
}

double median(const MatrixXd& draws) {
  std::vector<double> sorted(draws.data(), draws.data() + draws.size());
  std::sort(sorted.begin(), sorted.end());
  const std::size_t half = sorted.size() / 2;
  return sorted.size() % 2 == 1 ? sorted[half] : 0.5 * (sorted[half - 1] + sorted[half]);
}

double variance(const Eigen::Ref<const VectorXd>& x) {
  return (x.array() - x.mean()).square().sum() / static_cast<double>(x.size() - 1);
}

// Of columns that are taken as they are.
double r_hat(const MatrixXd& columns) {
  const auto n = static_cast<double>(columns.rows());
  double within = 0;
  for (const auto column : columns.colwise()) {
    within += variance(column) / static_cast<double>(columns.cols());
  }
  const double between = variance(columns.colwise().mean().transpose());
  if (within == 0) return between == 0 ? 1 : std::numeric_limits<double>::infinity();
  return std::sqrt(between / within + (n - 1) / n);
}

// Autocorrelations over all columns, computed lag by lag since most are never asked for.
class Autocorrelation {
 public:
  explicit Autocorrelation(const MatrixXd& columns)
      : centred_(columns.rowwise() - columns.colwise().mean()) {
    const auto n = static_cast<double>(columns.rows());
    within_ = covariance(0) * n / (n - 1);
    total_ = within_ * (n - 1) / n + variance(columns.colwise().mean().transpose());
  }
  double at(Index lag) const { return 1 - (within_ - covariance(lag)) / total_; }

 private:
  double covariance(Index lag) const {
    const Index rows = centred_.rows() - lag;
    return (centred_.topRows(rows).array() * centred_.bottomRows(rows).array()).sum() /
           static_cast<double>(centred_.size());
  }

  MatrixXd centred_;
  double within_, total_;
};

// Of columns that are taken as they are: N / (-1 + 2 sum of paired autocorrelations).
double sample_size(const MatrixXd& columns) {
  const auto size = static_cast<double>(columns.size());
  if (constant(columns)) return size;
  const Autocorrelation rho(columns);
  // Pairs rho(2k) + rho(2k + 1) of a reversible chain are positive and decreasing; where the
  // estimates are not, the rest is noise.
  double even = 1, odd = rho.at(1);
  double sum = 0, smallest = std::numeric_limits<double>::infinity();
  for (Index lag = 1; lag < columns.rows() - 3 && even + odd > 0; lag += 2) {
    smallest = std::min(smallest, even + odd);
    sum += smallest;
    even = rho.at(lag + 1);
    odd = rho.at(lag + 2);
  }
  // The first term left out still tells something when it is positive.
  const double time = -1 + 2 * sum + std::max(0.0, even);
  return size / std::max(time, 1 / std::log10(size));
}

}  // namespace

double split_r_hat(const MatrixXd& draws) {
  return usable(draws) ? r_hat(halves(draws)) : kNaN;
}

double rank_r_hat(const MatrixXd& draws) {
  if (!usable(draws)) return kNaN;
  if (constant(draws)) return 1;
  const MatrixXd split = halves(draws);
  const MatrixXd folded = (split.array() - median(split)).abs();
  return std::max(r_hat(normal_scores(split)), r_hat(normal_scores(folded)));
}

double effective_sample_size(const MatrixXd& draws) {
  return usable(draws) ? sample_size(halves(draws)) : kNaN;
}

double bulk_effective_sample_size(const MatrixXd& draws) {
  return usable(draws) ? sample_size(normal_scores(halves(draws))) : kNaN;
}

}  // namespace asktell
