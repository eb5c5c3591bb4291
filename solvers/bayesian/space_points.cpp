// See space_points.hpp.
#include <asktell/solvers/bayesian/space_points.hpp>

#include <algorithm>
#include <cmath>
#include <set>
#include <vector>

#include <asktell/acquisition/spread_points.hpp>
#include <asktell/solvers/design/feasible.hpp>

namespace asktell {

using Eigen::Index;
using Eigen::MatrixXd;

MatrixXd unit_points_of_space(const Space& space, std::span<const double> fixed, Index count,
                              std::uint64_t seed) {
  const auto d = static_cast<Index>(space.dimension());
  MatrixXd unit = spread_points(d, count, seed);
  std::set<std::vector<double>> seen;
  std::vector<double> slots(space.slots());
  Index kept = 0;
  for (Index j = 0; j < count; ++j) {
    std::vector<double> at(unit.col(j).begin(), unit.col(j).end());
    put_fixed(fixed, at);
    space.from_unit(at, slots);
    if (!space.satisfies_constraints(slots)) continue;
    space.to_unit(slots, at);
    if (!seen.insert(at).second) continue;
    unit.col(kept++) = Eigen::Map<const Eigen::VectorXd>(at.data(), d);
  }
  return unit.leftCols(kept);
}

bool is_whole_cube(const Space& space, std::span<const double> fixed) {
  const auto free = [](double value) { return std::isnan(value); };
  const auto real = [](const Parameter& p) {
    return p.kind == Kind::kReal && p.step == 0 && p.when.empty();
  };
  return space.constraints().empty() && std::all_of(fixed.begin(), fixed.end(), free) &&
         std::all_of(space.parameters().begin(), space.parameters().end(), real);
}

OptimumSamples sampled_optima(const Space& space, std::span<const double> fixed,
                              const GpPosterior& model, const MatrixXd& candidates, Index count,
                              RandomStream& stream) {
  return is_whole_cube(space, fixed) ? sample_optima(model, candidates, count, stream)
                                     : sample_optima_among(model, candidates, count, stream);
}

}  // namespace asktell
