// Binary quadratic programs: minimize lambda sum(x) - x' Q x with a matrix Q of waves that decay
// with the distance of two bits. The family is that of Baptista & Poloczek (2018), "Bayesian
// optimization of combinatorial structures", with deterministic coefficients here.
#include <bit>
#include <cmath>

#include <Eigen/Core>

#include <asktell/benchmarks/problems/discrete/discrete.hpp>

namespace asktell::benchmarks::discrete {
namespace {

using Eigen::Index;
using Eigen::MatrixXd;
using Eigen::VectorXd;

struct QuadraticOptions {
  std::int64_t dimension = 10;
  double decay = 10;
  double lambda = 0.1;
};

MatrixXd coefficients(const QuadraticOptions& options) {
  MatrixXd q(options.dimension, options.dimension);
  for (Index i = 0; i < q.rows(); ++i) {
    for (Index j = 0; j < q.cols(); ++j) {
      const double distance = static_cast<double>(i - j) / options.decay;
      q(i, j) = std::cos(1.3 * static_cast<double>(i + 1) + 0.7 * static_cast<double>(j + 1)) *
                std::exp(-distance * distance);
    }
  }
  return q;
}

// All 2^d points in Gray order, where one bit changes at a time.
std::uint64_t minimize(const MatrixXd& q, double lambda) {
  const MatrixXd symmetric = q + q.transpose();
  VectorXd pull = VectorXd::Zero(q.rows());  // symmetric * x
  std::uint64_t bits = 0, best_bits = 0;
  double value = 0, best = 0;
  for (std::uint64_t k = 1; k < std::uint64_t{1} << q.rows(); ++k) {
    const Index flipped = std::countr_zero(k);
    const double sign = (bits >> flipped) & 1 ? -1 : 1;
    value += sign * (lambda - pull[flipped]) - q(flipped, flipped);
    pull += sign * symmetric.col(flipped);
    bits ^= std::uint64_t{1} << flipped;
    if (value < best) {
      best = value;
      best_bits = bits;
    }
  }
  return best_bits;
}

TestProblem make(const QuadraticOptions& options) {
  const auto d = static_cast<int>(options.dimension);
  TestProblem problem;
  problem.space = booleans(d);
  const MatrixXd q = coefficients(options);
  problem.evaluate = [q, lambda = options.lambda](TestProblem::Point x) {
    const Eigen::Map<const VectorXd> bits(x.data(), q.rows());
    return Values{.objectives = {lambda * bits.sum() - bits.dot(q * bits)}};
  };
  problem.argmins = {point_of(minimize(q, options.lambda), d)};
  problem.optimum = problem.evaluate(problem.argmins[0]).objectives[0];
  problem.budget = 10 * options.dimension;
  return problem;
}

}  // namespace

void register_binary_quadratic(ProblemRegistry& registry) {
  registry.add(
      {.name = "discrete/binary-quadratic",
       .summary = "A quadratic form of bits with interactions that decay with distance",
       .reference = "Baptista, Poloczek (2018), Bayesian optimization of combinatorial structures"},
      Schema<QuadraticOptions>()
          .field("dimension", &QuadraticOptions::dimension, "bits", 1, 24)
          .field("decay", &QuadraticOptions::decay, "distance of two bits at which a 1/e is left",
                 1e-3, 1e6)
          .field("lambda", &QuadraticOptions::lambda, "price of a bit that is set", 0, 1e6),
      make);
}

}  // namespace asktell::benchmarks::discrete
