// See space_points.hpp.
#include <asktell/solvers/bayesian/space_points.hpp>

#include <algorithm>
#include <cmath>
#include <numeric>
#include <set>
#include <vector>

#include <asktell/acquisition/maximize/snap.hpp>
#include <asktell/acquisition/spread_points.hpp>
#include <asktell/solvers/design/feasible.hpp>

namespace asktell {

using Eigen::Index;
using Eigen::MatrixXd;

namespace {

// At most `count` of the candidates, without replacement.
MatrixXd some_candidates(const Space& space, const MaximizeRequest& search, Index count) {
  std::vector<Index> order(search.candidates.size());
  std::iota(order.begin(), order.end(), Index{0});
  RandomStream stream(search.seed, Purpose::kDesign);
  const auto chosen = std::min(static_cast<std::size_t>(count), order.size());
  for (std::size_t i = 0; i < chosen; ++i) {
    std::swap(order[i], order[i + stream.integer(order.size() - i)]);
  }
  order.resize(chosen);
  return unit_columns(space, search.candidates)(Eigen::all, order);
}

}  // namespace

MatrixXd unit_points_of_space(const Space& space, const MaximizeRequest& search, Index count) {
  const auto d = static_cast<Index>(space.dimension());
  MatrixXd unit = search.candidates.empty() ? spread_points(d, count, search.seed)
                                            : some_candidates(space, search, count);
  std::set<std::vector<double>> seen;
  std::vector<double> slots(space.slots());
  Index kept = 0;
  for (Index j = 0; j < unit.cols(); ++j) {
    std::vector<double> at(unit.col(j).begin(), unit.col(j).end());
    put_fixed(search.fixed, at);
    space.from_unit(at, slots);
    if (!space.satisfies_constraints(slots)) continue;
    space.to_unit(slots, at);
    if (!seen.insert(at).second) continue;
    unit.col(kept++) = Eigen::Map<const Eigen::VectorXd>(at.data(), d);
  }
  return unit.leftCols(kept);
}

bool is_whole_cube(const Space& space, const MaximizeRequest& search) {
  const auto free = [](double value) { return std::isnan(value); };
  return fills_the_cube(space) && space.constraints().empty() && search.candidates.empty() &&
         std::all_of(search.fixed.begin(), search.fixed.end(), free);
}

OptimumSamples sampled_optima(const Space& space, const MaximizeRequest& search,
                              const GpPosterior& model, const MatrixXd& candidates, Index count,
                              RandomStream& stream) {
  return is_whole_cube(space, search) ? sample_optima(model, candidates, count, stream)
                                      : sample_optima_among(model, candidates, count, stream);
}

}  // namespace asktell
