// See raw_moments.hpp.
#include <asktell/surrogates/transforms/raw_moments.hpp>

#include <cmath>

#include <asktell/surrogates/transforms/gauss_hermite.hpp>

namespace asktell {
namespace {

using Eigen::Index;
using Eigen::MatrixXd;
using Eigen::RowVectorXd;
using Eigen::VectorXd;

struct Rule {
  VectorXd nodes;
  MatrixXd weighted;  // node x term: weight times h_term(node)
};

const Rule& rule() {
  static const Rule made = [] {
    const GaussHermite quadrature = gauss_hermite(kHermiteTerms);
    Rule out{quadrature.nodes, MatrixXd(kHermiteTerms, kHermiteTerms)};
    MatrixXd& h = out.weighted;
    h.col(0).setOnes();
    h.col(1) = out.nodes;
    for (Index k = 2; k < kHermiteTerms; ++k) {
      const auto order = static_cast<double>(k);
      h.col(k) = (out.nodes.cwiseProduct(h.col(k - 1)) - std::sqrt(order - 1) * h.col(k - 2)) /
                 std::sqrt(order);
    }
    h = quadrature.weights.asDiagonal() * h;
    return out;
  }();
  return made;
}

}  // namespace

MatrixXd hermite_coefficients(const std::function<double(Index, double)>& g, const VectorXd& mean,
                              const VectorXd& deviation) {
  const VectorXd& nodes = rule().nodes;
  MatrixXd values(mean.size(), kHermiteTerms);
  for (Index j = 0; j < kHermiteTerms; ++j) {
    for (Index i = 0; i < mean.size(); ++i) {
      values(i, j) = g(i, mean[i] + deviation[i] * nodes[j]);
    }
  }
  // Sums of what is common to all nodes would cost the small coefficients their digits.
  const VectorXd middle = 0.5 * (values.col(kHermiteTerms / 2 - 1) + values.col(kHermiteTerms / 2));
  values.colwise() -= middle;
  MatrixXd a = values * rule().weighted;
  a.col(0) += middle;
  return a;
}

VectorXd hermite_variance(const MatrixXd& a) {
  return a.rightCols(kHermiteTerms - 1).rowwise().squaredNorm();
}

MatrixXd hermite_covariance(const MatrixXd& a, const MatrixXd& correlation) {
  MatrixXd out = MatrixXd::Zero(a.rows(), a.rows());
  MatrixXd power = correlation;
  for (Index k = 1; k < kHermiteTerms; ++k) {
    out.array() += (a.col(k) * a.col(k).transpose()).array() * power.array();
    power.array() *= correlation.array();
  }
  return out;
}

MomentSlopes hermite_slopes(const RowVectorXd& a, double deviation) {
  const auto term = [&](Index k) { return k < kHermiteTerms ? a[k] : 0.0; };
  MomentSlopes out{a[1], std::sqrt(2.0) * a[2], 0, 0};
  // da_k/dm = sqrt(k + 1) a_{k+1} / s, da_k/ds = (sqrt((k + 1)(k + 2)) a_{k+2} + k a_k) / s.
  for (Index k = 1; k < kHermiteTerms; ++k) {
    const auto order = static_cast<double>(k);
    out.variance_by_mean += 2 * a[k] * std::sqrt(order + 1) * term(k + 1);
    out.variance_by_deviation +=
        2 * a[k] * (std::sqrt((order + 1) * (order + 2)) * term(k + 2) + order * a[k]);
  }
  out.mean_by_mean /= deviation;
  out.mean_by_deviation /= deviation;
  out.variance_by_mean /= deviation;
  out.variance_by_deviation /= deviation;
  return out;
}

}  // namespace asktell
