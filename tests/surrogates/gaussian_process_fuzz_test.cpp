// Random data of the kinds that break models: duplicates, constants, clusters, extreme numbers,
// failures. ASKTELL_FUZZ sets the number of fits (default 2000); no fit may throw, and all that
// comes back must be finite.
#include <gtest/gtest.h>

#include <cstdlib>
#include <map>

#include <asktell/surrogates/gp/gaussian_process.hpp>

#include "gp_samples.hpp"

namespace asktell {
namespace {

using Eigen::Index;
using Eigen::MatrixXd;
using Eigen::VectorXd;

// One random case after another, all from the seed and the case's number.
class Case {
 public:
  explicit Case(std::uint64_t number) : stream_(number, Purpose::kUser) {
    d_ = below(4) ? 1 + below(8) : 1 + below(50);
    const Index size = below(20);
    n_ = size < 14 ? 1 + below(20) : size < 19 ? 20 + below(40) : 60 + below(141);
    place();
    observe();
    options_.inference = pick({"auto", "auto", "map", "map", "ensemble", "map_saas"});
    options_.kernel = pick({"auto", "auto", "rbf", "matern32", "matern12", "rational_quadratic",
                            "periodic", "linear", "spherical_linear"});
    options_.noise = pick({"inferred", "inferred", "deterministic", "robust", "heteroscedastic"});
    options_.output_transform = pick({"auto", "auto", "auto", "standardize", "bilog", "yeo_johnson",
                                      "hebo", "robust_power", "half_rank", "vizier", "copula"});
    options_.seed = number;
  }

  MatrixXd x;
  VectorXd y;
  const GaussianProcessOptions& options() const { return options_; }
  Index below(Index count) {
    return static_cast<Index>(stream_.integer(static_cast<std::uint64_t>(count)));
  }
  double uniform() { return stream_.uniform(); }
  std::string text() const {
    return "n " + std::to_string(n_) + ", d " + std::to_string(d_) + ", " + options_.inference +
           ", " + options_.kernel + ", " + options_.noise + ", " + options_.output_transform +
           ", points " + std::to_string(points_) + ", values " + std::to_string(values_);
  }

 private:
  std::string pick(std::initializer_list<const char*> words) {
    return words.begin()[below(static_cast<Index>(words.size()))];
  }
  double extreme() { return std::pow(10, -300 + 600 * uniform()); }

  void place() {
    x = MatrixXd::Zero(d_, n_).unaryExpr([&](double) { return uniform(); });
    points_ = below(7);
    if (points_ == 1) x *= extreme();
    if (points_ == 2) x.row(below(d_)).setConstant(uniform());
    if (points_ == 3) {
      for (Index j = 1; j < n_; ++j) {
        if (below(2)) x.col(j) = x.col(below(j));
      }
    }
    if (points_ == 4) x = x * 1e-12 + MatrixXd::Constant(d_, n_, 0.3);
    if (points_ == 5) x.setConstant(-7);
    if (points_ == 6) {
      for (Index j = 1; j < n_; ++j) {
        if (below(2)) x.col(j) = x.col(below(j)).array() + 1e-12 * uniform();
      }
    }
  }

  void observe() {
    y = (3 * x.row(0).transpose().array() / std::max(1e-300, x.cwiseAbs().maxCoeff())).sin();
    values_ = below(9);
    if (values_ == 1) y *= extreme();
    if (values_ == 2) y.setConstant(extreme());
    if (values_ == 3) y = y.array() + 1e9;
    if (values_ == 4) y[below(n_)] = 1e30;
    if (values_ == 5) y = y.unaryExpr([&](double) { return below(2) ? extreme() : -extreme(); });
    if (values_ == 6) {
      for (double& value : y) {
        if (below(2)) value = std::numeric_limits<double>::quiet_NaN();
      }
    }
    if (values_ == 7) y.setConstant(-std::numeric_limits<double>::infinity());
    if (values_ == 8) y = y.unaryExpr([&](double value) { return value + stream_.normal(); });
  }

  RandomStream stream_;
  Index d_ = 1, n_ = 1, points_ = 0, values_ = 0;
  GaussianProcessOptions options_;
};

void expect_finite(const GaussianProcess& gp, const MatrixXd& points, const std::string& text) {
  const Prediction at = gp.predict(points);
  EXPECT_TRUE(at.mean.allFinite()) << text;
  EXPECT_TRUE(at.deviation.allFinite()) << text;
  EXPECT_GE(at.deviation.minCoeff(), 0) << text;
}

TEST(GaussianProcessFuzz, AnythingFitsAndPredictsFiniteNumbers) {
  const char* wanted = std::getenv("ASKTELL_FUZZ");
  const int count = wanted ? std::atoi(wanted) : 2000;
  std::map<std::string, int> fallbacks;
  for (int number = 0; number < count; ++number) {
    Case some(static_cast<std::uint64_t>(number));
    const std::string text = "case " + std::to_string(number) + ": " + some.text();
    try {
      GaussianProcess gp(some.options());
      gp.fit(some.x, some.y);
      expect_finite(gp, some.x, text);
      const MatrixXd more = some.x.leftCols(1) * (1 + some.uniform());
      expect_finite(gp, more, text);
      gp.append(more, some.y.head(1));
      expect_finite(gp, some.x, text);
      EXPECT_TRUE(gp.leave_one_out().mean.allFinite()) << text;
      EXPECT_TRUE(gp.predict_gradient(more).mean.allFinite()) << text;
      EXPECT_TRUE(gp.sample(more, 2).allFinite()) << text;
      for (const std::string& fallback : gp.diagnostics().fallbacks) {
        ++fallbacks[fallback.substr(0, fallback.find(':'))];
      }
    } catch (const std::exception& error) {
      ADD_FAILURE() << text << ": " << error.what();
    }
  }
  for (const auto& [what, times] : fallbacks) RecordProperty(what, times);
}

TEST(GaussianProcessFuzz, ThreePointsInAThousandDimensions) {
  RandomStream stream(1, Purpose::kUser);
  MatrixXd x(1000, 3);
  stream.fill_uniform({x.data(), 3000});
  GaussianProcess gp;
  gp.fit(x, VectorXd{{1, 2, 4}});
  expect_finite(gp, x, "1000 inputs");
  gp.append(x.col(0), VectorXd{{1.5}});
  expect_finite(gp, x, "1000 inputs");
}

}  // namespace
}  // namespace asktell
