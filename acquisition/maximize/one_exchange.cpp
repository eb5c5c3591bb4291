// See one_exchange.hpp.
#include <asktell/acquisition/maximize/one_exchange.hpp>

#include <algorithm>
#include <cmath>
#include <numeric>
#include <utility>

#include <asktell/acquisition/maximize/snap.hpp>

namespace asktell {
namespace {

using Eigen::Index;
using Eigen::MatrixXd;
using Eigen::VectorXd;

// SMAC3's schedule of the step of continuous coordinates, and of the neighbours looked at together.
constexpr double kFirstStep = 0.05;
constexpr double kLeastStep = 0.005;
constexpr double kLargestStep = 0.4;
constexpr int kImprovements = 3;  // in a row: the step doubles
constexpr int kPlateau = 3;       // sweeps without one: the step halves
constexpr std::size_t kFewest = 2;
constexpr std::size_t kMost = 64;

// One coordinate goes to a value; a permutation exchanges two keys.
struct Move {
  Index coordinate;
  double value;
  Index other = -1;
};

struct LocalSearch {
  VectorXd unit;
  double value = 0;
  std::vector<double> slots = {};
  std::vector<Move> moves = {};  // of the neighbourhood, in the order in which they are tried
  std::size_t tried = 0;
  std::size_t together = kFewest;
  double step = kFirstStep;
  int improvements = 0;
  int plateau = 0;
  VectorXd equal = {};  // a neighbour as good as the point itself
  bool active = true;
};

class Searcher {
 public:
  Searcher(const Acquisition& acquisition, const Space& space, const MaximizeRequest& request,
           RandomStream& stream, const OneExchangeOptions& options)
      : acquisition_(acquisition),
        space_(space),
        request_(request),
        stream_(stream),
        options_(options),
        snap_(space, request.fixed),
        d_(static_cast<Index>(space.dimension())) {}

  std::vector<Found> run() {
    MatrixXd random(d_, options_.random_points);
    stream_.fill_uniform({random.data(), static_cast<std::size_t>(random.size())});
    for (Index j = 0; j < random.cols(); ++j) snap_(random.col(j));
    VectorXd values;
    acquisition_.evaluate(random, values);
    std::vector<Index> order(static_cast<std::size_t>(random.cols()));
    std::iota(order.begin(), order.end(), Index{0});
    std::stable_sort(order.begin(), order.end(),
                     [&](Index a, Index b) { return values[a] > values[b]; });
    start_searches(random, values, order);
    while (std::any_of(searches_.begin(), searches_.end(), [](auto& one) { return one.active; })) {
      advance();
    }
    std::vector<Found> out;
    for (LocalSearch& one : searches_) out.push_back({std::move(one.unit), one.value});
    std::stable_sort(out.begin(), out.end(),
                     [](const Found& a, const Found& b) { return a.value > b.value; });
    for (Index j : order) out.push_back({random.col(j), values[j]});
    return out;
  }

 private:
  bool allowed(const VectorXd& unit) const {
    return request_.allowed(
        space_.point_from_unit({unit.data(), static_cast<std::size_t>(unit.size())}));
  }

  void start_searches(const MatrixXd& random, const VectorXd& values,
                      const std::vector<Index>& order) {
    MatrixXd known = request_.incumbents;
    for (Index j = 0; j < known.cols(); ++j) snap_(known.col(j));
    VectorXd known_values;
    if (known.cols() > 0) acquisition_.evaluate(known, known_values);
    for (Index j = 0; j < known.cols(); ++j) {
      if (allowed(known.col(j))) add_search(known.col(j), known_values[j]);
    }
    const std::size_t wanted = searches_.size() + static_cast<std::size_t>(options_.random_starts);
    for (Index j : order) {
      if (searches_.size() == wanted) break;
      if (allowed(random.col(j))) add_search(random.col(j), values[j]);
    }
  }

  void add_search(const VectorXd& unit, double value) {
    LocalSearch search;
    search.unit = unit;
    search.value = value;
    fill_neighbourhood(search);
    searches_.push_back(std::move(search));
  }

  void fill_neighbourhood(LocalSearch& search) {
    search.slots.resize(space_.slots());
    space_.from_unit({search.unit.data(), space_.dimension()}, search.slots);
    search.moves.clear();
    search.tried = 0;
    for (std::size_t p = 0; p < space_.parameters().size(); ++p) {
      if (std::isnan(search.slots[space_.slot_offset(p)])) continue;
      for (std::size_t part = 0; part < space_.parameters()[p].coordinates(); ++part) {
        const auto i = static_cast<Index>(space_.coordinate_offset(p) + part);
        if (!snap_.held(i)) add_moves(search, space_.parameters()[p], i);
      }
    }
    const auto most =
        std::min(search.moves.size(), static_cast<std::size_t>(options_.most_neighbours));
    for (std::size_t k = 0; k < most; ++k) {
      std::swap(search.moves[k], search.moves[k + stream_.integer(search.moves.size() - k)]);
    }
    search.moves.resize(most);
  }

  void add_moves(LocalSearch& search, const Parameter& parameter, Index i) {
    const double here = search.unit[i];
    const Coordinate& coordinate = space_.coordinates()[static_cast<std::size_t>(i)];
    const double cells = coordinate.cells;
    if (parameter.kind == Kind::kPermutation) {
      const auto first = static_cast<Index>(space_.coordinate_offset(coordinate.parameter));
      const auto items = static_cast<std::uint64_t>(parameter.items);
      const Index other = first + static_cast<Index>(stream_.integer(items));
      if (other != i && !snap_.held(other)) search.moves.push_back({i, search.unit[other], other});
      return;
    }
    const bool equal_cells = cells > 0 && !parameter.log;
    if (equal_cells && (!coordinate.ordered || cells <= options_.neighbours + 1)) {
      add_cells(search, i, cells);
      return;
    }
    for (int k = 0; k < options_.neighbours; ++k) {
      double moved = here + search.step * stream_.normal();
      // Cells may be wider than the step: half the neighbours are the cells next to this one, or,
      // where cells differ in width, any.
      if (cells > 0 && k < 2) {
        moved = equal_cells ? here + (k == 0 ? -1 : 1) / cells : stream_.uniform();
      }
      if (moved >= 0 && moved <= 1) search.moves.push_back({i, moved});
    }
  }

  // Every other cell, or as many of them as a sweep may look at.
  void add_cells(LocalSearch& search, Index i, double cells) {
    const double shown = std::min(cells, static_cast<double>(options_.most_neighbours));
    const double own = std::floor(search.unit[i] * cells);
    for (double k = 0; k < shown; ++k) {
      const double cell =
          shown < cells ? static_cast<double>(stream_.integer(static_cast<std::uint64_t>(cells)))
                        : k;
      if (cell != own) search.moves.push_back({i, (cell + 0.5) / cells});
    }
  }

  // The next few neighbours of every search, evaluated in one block.
  void advance() {
    std::vector<std::size_t> counts(searches_.size(), 0);
    Index total = 0;
    for (std::size_t s = 0; s < searches_.size(); ++s) {
      const LocalSearch& search = searches_[s];
      if (!search.active) continue;
      counts[s] = std::min(search.together, search.moves.size() - search.tried);
      total += static_cast<Index>(counts[s]);
    }
    MatrixXd block(d_, total);
    Index column = 0;
    for (std::size_t s = 0; s < searches_.size(); ++s) {
      for (std::size_t k = 0; k < counts[s]; ++k) {
        block.col(column) = moved(searches_[s], searches_[s].moves[searches_[s].tried + k]);
        snap_(block.col(column++));
      }
    }
    VectorXd values;
    if (total > 0) acquisition_.evaluate(block, values);
    column = 0;
    for (std::size_t s = 0; s < searches_.size(); ++s) {
      if (!searches_[s].active) continue;
      const auto count = static_cast<Index>(counts[s]);
      settle(searches_[s], block.middleCols(column, count), values.segment(column, count));
      column += count;
    }
  }

  static VectorXd moved(const LocalSearch& search, const Move& move) {
    VectorXd out = search.unit;
    if (move.other >= 0) out[move.other] = out[move.coordinate];
    out[move.coordinate] = move.value;
    return out;
  }

  // The first improvement is taken. Where a whole neighbourhood has none, an equal neighbour is.
  void settle(LocalSearch& search, const Eigen::Ref<const MatrixXd>& block,
              const Eigen::Ref<const VectorXd>& values) {
    search.tried += static_cast<std::size_t>(values.size());
    search.together = std::min(2 * search.together, kMost);
    for (Index k = 0; k < values.size(); ++k) {
      const bool better = values[k] > search.value;
      const bool equal =
          values[k] == search.value && search.equal.size() == 0 && block.col(k) != search.unit;
      if ((better || equal) && !allowed(block.col(k))) continue;
      if (equal) search.equal = block.col(k);
      if (!better) continue;
      search.unit = block.col(k);
      search.value = values[k];
      search.equal.resize(0);
      search.together = kFewest;
      if (++search.improvements >= kImprovements && search.plateau == 0) {
        search.step = std::min(2 * search.step, kLargestStep);
        search.improvements = 0;
      }
      fill_neighbourhood(search);
      return;
    }
    if (search.tried < search.moves.size()) return;
    search.improvements = 0;
    if (++search.plateau >= options_.plateau_sweeps) {
      search.active = false;
      return;
    }
    if (search.equal.size() > 0) search.unit = std::exchange(search.equal, VectorXd());
    if (search.plateau % kPlateau == 0) search.step = std::max(0.5 * search.step, kLeastStep);
    fill_neighbourhood(search);
  }

  const Acquisition& acquisition_;
  const Space& space_;
  const MaximizeRequest& request_;
  RandomStream& stream_;
  const OneExchangeOptions& options_;
  Snap snap_;
  Index d_;
  std::vector<LocalSearch> searches_;
};

}  // namespace

std::vector<Found> one_exchange_search(const Acquisition& acquisition, const Space& space,
                                       const MaximizeRequest& request, RandomStream stream,
                                       const OneExchangeOptions& options) {
  return Searcher(acquisition, space, request, stream, options).run();
}

}  // namespace asktell
