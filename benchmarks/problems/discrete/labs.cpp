// Low-autocorrelation binary sequences: signs whose sum of squared autocorrelations is least.
// Golay (1977); optima by exhaustive search, as in Packebusch & Mertens (2016), "Low
// autocorrelation binary sequences".
#include <array>
#include <string>

#include <asktell/benchmarks/problems/discrete/discrete.hpp>

namespace asktell::benchmarks::discrete {
namespace {

constexpr int kShortest = 3;

// An optimal sequence of each length from 3, bit i for sign i.
constexpr std::array<std::uint64_t, 28> kOptima = {
    0x1,    0x1,      0x2,      0x2,     0xd,      0xd,       0x1a,      0x1a,     0xed,    0x65,
    0xca,   0xca,     0x335,    0x39a,   0x192b,   0x168c,    0x579b,    0x5d39,   0x7f356, 0xe54d,
    0x72b2, 0x31fab6, 0x380ad9, 0xe756d, 0xf1112d, 0x1e2225b, 0x31fd5b2, 0x1f6d5ce};

double energy(TestProblem::Point x) {
  double sum = 0;
  for (std::size_t k = 1; k < x.size(); ++k) {
    double correlation = 0;
    for (std::size_t i = 0; i + k < x.size(); ++i)
      correlation += (2 * x[i] - 1) * (2 * x[i + k] - 1);
    sum += correlation * correlation;
  }
  return sum;
}

struct LabsOptions {
  std::int64_t length = 20;
};

TestProblem make(const LabsOptions& options) {
  const auto n = static_cast<int>(options.length);
  const std::uint64_t best = kOptima[static_cast<std::size_t>(n - kShortest)];
  const std::uint64_t all = (std::uint64_t{1} << n) - 1;
  TestProblem problem;
  problem.space = booleans(n);
  problem.argmins = {point_of(best, n), point_of(~best & all, n)};
  problem.optimum = energy(problem.argmins[0]);
  problem.budget = 10 * options.length;
  problem.evaluate = [](TestProblem::Point x) { return Values{.objectives = {energy(x)}}; };
  return problem;
}

}  // namespace

void register_labs(ProblemRegistry& registry) {
  registry.add({.name = "discrete/labs",
                .summary = "Energy of the autocorrelations of a sequence of signs",
                .reference = "Packebusch, Mertens (2016), Low autocorrelation binary sequences"},
               Schema<LabsOptions>().field("length", &LabsOptions::length, "signs", kShortest,
                                           kShortest + kOptima.size() - 1),
               make);
}

}  // namespace asktell::benchmarks::discrete
