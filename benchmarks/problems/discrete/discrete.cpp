// Registration of the discrete problems, and bits as points.
#include <asktell/benchmarks/problems/discrete/discrete.hpp>
#include <asktell/benchmarks/problems/families.hpp>

#include <string>

namespace asktell::benchmarks {
namespace discrete {

Space booleans(int count) {
  Space space;
  for (int i = 0; i < count; ++i) space.boolean("x" + std::to_string(i));
  return space;
}

std::vector<double> point_of(std::uint64_t bits, int count) {
  std::vector<double> point;
  for (int i = 0; i < count; ++i) point.push_back(static_cast<double>((bits >> i) & 1));
  return point;
}

std::uint64_t bits_of(TestProblem::Point x) {
  std::uint64_t bits = 0;
  for (std::size_t i = 0; i < x.size(); ++i) bits |= static_cast<std::uint64_t>(x[i] > 0.5) << i;
  return bits;
}

}  // namespace discrete

void register_discrete(ProblemRegistry& registry) {
  discrete::register_ackley(registry);
  discrete::register_binary_quadratic(registry);
  discrete::register_contamination(registry);
  discrete::register_ising(registry);
  discrete::register_kernel_draw(registry);
  discrete::register_labs(registry);
  discrete::register_maxsat(registry);
}

}  // namespace asktell::benchmarks
