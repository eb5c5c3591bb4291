// See decomposition.hpp.
#include <asktell/surrogates/embedding/decomposition.hpp>

#include <algorithm>
#include <numeric>
#include <string>

#include <asktell/core/errors.hpp>
#include <asktell/surrogates/embedding/shuffle.hpp>

namespace asktell {

using Eigen::Index;

Groups random_tree(Index dimension, RandomStream& stream, Index edges) {
  if (edges < 0) edges = std::max<Index>(1, dimension / 5);
  edges = std::min(edges, dimension - 1);
  std::vector<Index> parent(static_cast<std::size_t>(std::max<Index>(0, dimension)));
  std::iota(parent.begin(), parent.end(), Index{0});
  const auto root = [&](Index i) {
    while (parent[static_cast<std::size_t>(i)] != i) i = parent[static_cast<std::size_t>(i)];
    return i;
  };
  Groups groups;
  std::vector<bool> paired(parent.size(), false);
  // A random pair joins two trees or is drawn again: d log d draws at most, on average.
  while (static_cast<Index>(groups.size()) < edges) {
    const auto a = static_cast<Index>(stream.integer(static_cast<std::uint64_t>(dimension)));
    const auto b = static_cast<Index>(stream.integer(static_cast<std::uint64_t>(dimension)));
    const Index root_a = root(a), root_b = root(b);
    if (root_a == root_b) continue;
    parent[static_cast<std::size_t>(root_a)] = root_b;
    paired[static_cast<std::size_t>(a)] = paired[static_cast<std::size_t>(b)] = true;
    groups.push_back({std::min(a, b), std::max(a, b)});
  }
  for (Index i = 0; i < dimension; ++i) {
    if (!paired[static_cast<std::size_t>(i)]) groups.push_back({i});
  }
  return groups;
}

Groups random_partition(Index dimension, Index size, RandomStream& stream) {
  if (size < 1) {
    throw OptionError("option.value", "groups of " + std::to_string(size) +
                                          " coordinates cannot be; their size is at least 1");
  }
  const std::vector<Index> order = shuffled(dimension, stream);
  Groups groups;
  for (Index begin = 0; begin < dimension; begin += size) {
    const Index end = std::min(begin + size, dimension);
    groups.emplace_back(order.begin() + begin, order.begin() + end);
    std::sort(groups.back().begin(), groups.back().end());
  }
  return groups;
}

}  // namespace asktell
