// See spread_points.hpp.
#include <asktell/acquisition/spread_points.hpp>

#include <asktell/core/random.hpp>
#include <asktell/core/sobol.hpp>

namespace asktell {

Eigen::MatrixXd spread_points(Eigen::Index dimension, Eigen::Index count, std::uint64_t seed) {
  Eigen::MatrixXd out(dimension, count);
  if (out.size() == 0) return out;
  const auto d = static_cast<std::size_t>(dimension);
  if (d > SobolPoints::kMaxDimension) {
    RandomStream(seed, Purpose::kCandidates)
        .fill_uniform({out.data(), static_cast<std::size_t>(out.size())});
    return out;
  }
  const SobolPoints sobol(d, seed);
  for (Eigen::Index j = 0; j < count; ++j) {
    sobol.point(static_cast<std::uint64_t>(j), {out.col(j).data(), d});
  }
  return out;
}

}  // namespace asktell
