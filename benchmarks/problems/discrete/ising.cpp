// Sparsification of an Ising model on a 4 x 4 grid: which of its 24 edges to keep so that the
// distribution hardly changes. Baptista & Poloczek (2018), "Bayesian optimization of combinatorial
// structures". The interactions, +-[0.05, 5], are drawn from a seed of our own; the model is
// p(z) ~ exp(sum over edges of J z_i z_j), the price of an edge 0.01.
#include <algorithm>
#include <array>
#include <cmath>

#include <asktell/benchmarks/problems/discrete/discrete.hpp>

namespace asktell::benchmarks::discrete {
namespace {

constexpr int kSide = 4;
constexpr int kRowStates = 1 << kSide;
constexpr int kAcross = kSide * (kSide - 1);  // edges within rows; as many between rows
constexpr int kEdges = 2 * kAcross;
constexpr double kPrice = 0.01;

// The optima of seeds 1, 2, ... by search of all points; bit i for parameter i.
constexpr std::array<std::uint64_t, 5> kOptima = {0x6ffb3f, 0x5bbbff, 0xff9ddf, 0xfbfcff, 0xaefbce};

// Edges within row r: 3 r, ..., 3 r + 2; edges between rows r and r + 1: 12 + 4 r, ..., 12 + 4 r
// + 3.
using Interactions = std::array<double, kEdges>;

double spin(int state, int column) {
  return (state >> column) & 1 ? 1 : -1;
}

// sum of interactions[first + c] z_c z'_{c + shift} over `count` columns of two row states.
double energy(const Interactions& interactions, int first, int count, int state, int other,
              int shift) {
  double sum = 0;
  for (int c = 0; c < count; ++c)
    sum +=
        interactions[static_cast<std::size_t>(first + c)] * spin(state, c) * spin(other, c + shift);
  return sum;
}

// The logarithm of the partition function, by transfer from row to row.
double log_partition(const Interactions& interactions) {
  std::array<double, kRowStates> weight{}, next{};
  weight.fill(1. / kRowStates);
  double log_scale = std::log(static_cast<double>(kRowStates));
  for (int row = 0; row < kSide; ++row) {
    if (row > 0) {
      for (int state = 0; state < kRowStates; ++state) {
        double sum = 0;
        for (int above = 0; above < kRowStates; ++above) {
          const int first = kAcross + kSide * (row - 1);
          sum += weight[static_cast<std::size_t>(above)] *
                 std::exp(energy(interactions, first, kSide, above, state, 0));
        }
        next[static_cast<std::size_t>(state)] = sum;
      }
      weight = next;
    }
    double total = 0;
    for (int state = 0; state < kRowStates; ++state) {
      double& value = weight[static_cast<std::size_t>(state)];
      value *= std::exp(energy(interactions, (kSide - 1) * row, kSide - 1, state, state, 1));
      total += value;
    }
    for (double& value : weight) value /= total;
    log_scale += std::log(total);
  }
  return log_scale;
}

class Sparsification {
 public:
  explicit Sparsification(std::int64_t seed) {
    RandomStream stream(static_cast<std::uint64_t>(seed), Purpose::kUser);
    for (double& interaction : interactions_) {
      const double size = 0.05 + 4.95 * stream.uniform();
      interaction = stream.uniform() < 0.5 ? -size : size;
    }
    log_partition_ = log_partition(interactions_);
    // The partition function is A e^J + B e^-J in one interaction J, so that its values at J and -J
    // give the expectation of z_i z_j, (A e^J - B e^-J) / (A e^J + B e^-J).
    for (std::size_t e = 0; e < kEdges; ++e) {
      Interactions flipped = interactions_;
      flipped[e] *= -1;
      const double ratio = std::exp(log_partition(flipped) - log_partition_);
      const double twice = 2 * interactions_[e];
      correlations_[e] = (std::exp(twice) - ratio) / std::sinh(twice) - 1;
    }
  }

  // Divergence of the sparse model from the full one, and the price of the edges.
  double cost(TestProblem::Point kept) const {
    Interactions sparse = interactions_;
    double divergence = 0, edges = 0;
    for (std::size_t e = 0; e < kEdges; ++e) {
      edges += kept[e];
      if (kept[e] > 0.5) continue;
      divergence += interactions_[e] * correlations_[e];
      sparse[e] = 0;
    }
    return divergence + log_partition(sparse) - log_partition_ + kPrice * edges;
  }

 private:
  Interactions interactions_{}, correlations_{};  // J and E[z_i z_j] of each edge
  double log_partition_ = 0;
};

struct IsingOptions {
  std::int64_t seed = 1;
};

TestProblem make(const IsingOptions& options) {
  TestProblem problem;
  const Sparsification model(options.seed);
  problem.space = booleans(kEdges);
  problem.argmins = {point_of(kOptima[static_cast<std::size_t>(options.seed - 1)], kEdges)};
  problem.optimum = model.cost(problem.argmins[0]);
  problem.budget = 240;
  problem.evaluate = [model](TestProblem::Point x) {
    return Values{.objectives = {model.cost(x)}};
  };
  return problem;
}

}  // namespace

void register_ising(ProblemRegistry& registry) {
  registry.add(
      {.name = "discrete/ising",
       .summary = "Which edges of an Ising model on a 4 x 4 grid to keep",
       .reference = "Baptista, Poloczek (2018), Bayesian optimization of combinatorial structures"},
      Schema<IsingOptions>().field("seed", &IsingOptions::seed, "of the interactions", 1,
                                   kOptima.size()),
      make);
}

}  // namespace asktell::benchmarks::discrete
