// Draws of a Gaussian process with a diffusion kernel over all points of a binary cube, whose
// optimum is therefore known: exact regret under the model's own assumptions. Kondor & Lafferty
// (2002), "Diffusion kernels on graphs and other discrete input spaces".
#include <algorithm>
#include <cmath>
#include <memory>
#include <vector>

#include <asktell/benchmarks/problems/discrete/discrete.hpp>

namespace asktell::benchmarks::discrete {
namespace {

struct DrawOptions {
  std::int64_t variables = 12;
  double beta = 0.3;
  std::int64_t seed = 1;
};

// In place, values[x] <- sum over S of values[S] (-1)^|S & x|.
void walsh_hadamard(std::vector<double>& values) {
  for (std::size_t half = 1; half < values.size(); half *= 2) {
    for (std::size_t block = 0; block < values.size(); block += 2 * half) {
      for (std::size_t i = block; i < block + half; ++i) {
        const double a = values[i], b = values[i + half];
        values[i] = a + b;
        values[i + half] = a - b;
      }
    }
  }
}

// k(x, y) = tanh(beta) ^ (number of differing bits). Its eigenfunctions are the Walsh functions,
// with a factor 1 + tanh(beta) for a bit that is not in one and 1 - tanh(beta) for one that is.
std::vector<double> draw(const DrawOptions& options) {
  const double likeness = std::tanh(options.beta);
  RandomStream stream(static_cast<std::uint64_t>(options.seed), Purpose::kUser);
  std::vector<double> values(std::size_t{1} << options.variables);
  for (std::size_t subset = 0; subset < values.size(); ++subset) {
    double eigenvalue = 1;
    for (int i = 0; i < options.variables; ++i)
      eigenvalue *= (subset >> i) & 1 ? 1 - likeness : 1 + likeness;
    values[subset] = std::sqrt(eigenvalue / static_cast<double>(values.size())) * stream.normal();
  }
  walsh_hadamard(values);
  return values;
}

TestProblem make(const DrawOptions& options) {
  TestProblem problem;
  const auto values = std::make_shared<const std::vector<double>>(draw(options));
  const auto least = std::min_element(values->begin(), values->end());
  problem.space = booleans(static_cast<int>(options.variables));
  problem.optimum = *least;
  problem.argmins = {point_of(static_cast<std::uint64_t>(least - values->begin()),
                              static_cast<int>(options.variables))};
  problem.budget = 10 * options.variables;
  problem.evaluate = [values](TestProblem::Point x) {
    return Values{.objectives = {(*values)[bits_of(x)]}};
  };
  return problem;
}

}  // namespace

void register_kernel_draw(ProblemRegistry& registry) {
  registry.add(
      {.name = "discrete/kernel-draw",
       .summary = "A draw of a Gaussian process with a diffusion kernel on a binary cube",
       .reference = "Kondor, Lafferty (2002), Diffusion kernels on graphs and other discrete input "
                    "spaces"},
      Schema<DrawOptions>()
          .field("variables", &DrawOptions::variables, "bits", 1, 20)
          .field("beta", &DrawOptions::beta, "of the kernel; smaller: more rugged", 1e-3, 10)
          .field("seed", &DrawOptions::seed, "of the draw", 0, 1e9),
      make);
}

}  // namespace asktell::benchmarks::discrete
