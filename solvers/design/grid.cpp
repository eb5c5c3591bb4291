// Full grid: every value of a finite parameter, `levels` values of a real one, each cell once. The
// cells are numbered in mixed radix, the last parameter fastest, and visited in that order or
// shuffled by a keyed permutation of their numbers (a Feistel network with cycle walking, Black and
// Rogaway 2002, "Ciphers with arbitrary finite domains", section 3), so that a grid that is cut
// short has covered the whole space evenly. The memo holds the next cell and the number of cells.
#include <algorithm>
#include <bit>
#include <cmath>

#include <asktell/core/errors.hpp>
#include <asktell/core/registry.hpp>
#include <asktell/solvers/design/feasible.hpp>

namespace asktell {
namespace {

constexpr double kMaxCells = 0x1p52;  // numbers of cells stay exact in the memo

struct GridOptions {
  std::int64_t levels = 10;        // 1e6 cells in six real parameters: all a grid is good for
  std::string order = "shuffled";  // even when cut short
};

// Keyed bijection of {0, ..., count - 1}: four Feistel rounds on the next even number of bits.
class Shuffle {
 public:
  Shuffle(std::uint64_t count, std::uint64_t seed) : count_(count), seed_(seed) {
    half_ = (static_cast<unsigned>(std::bit_width(count - 1)) + 1) / 2;
  }
  std::uint64_t operator()(std::uint64_t index) const {
    if (half_ == 0) return index;
    do index = encrypt(index);
    while (index >= count_);
    return index;
  }

 private:
  std::uint64_t encrypt(std::uint64_t index) const {
    const std::uint64_t mask = (std::uint64_t{1} << half_) - 1;
    std::uint64_t left = index >> half_, right = index & mask;
    for (std::uint32_t round = 0; round < 4; ++round) {
      const auto purpose = static_cast<std::uint32_t>(Purpose::kDesign);
      const std::uint64_t mixed = left ^ (philox(seed_, right, purpose, round)[0] & mask);
      left = right;
      right = mixed;
    }
    return left << half_ | right;
  }

  std::uint64_t count_, seed_;
  unsigned half_ = 0;
};

// One digit of a cell's number: a coordinate, or a whole permutation.
struct Digit {
  std::size_t coordinate = 0;
  std::uint64_t radix = 1;
  std::size_t items = 0;  // > 0: the digit numbers a permutation of so many items
  bool closed = false;    // levels reach both ends of the unit interval
  std::size_t slot = 0;   // its first native value, to see whether it is active
};

double factorial(std::size_t items) {
  return std::tgamma(static_cast<double>(items) + 1);
}

std::vector<Digit> digits_of(const Space& space, std::int64_t levels) {
  std::vector<Digit> out;
  const auto coordinates = space.coordinates();
  for (std::size_t c = 0; c < coordinates.size(); ++c) {
    const std::size_t index = coordinates[c].parameter;
    const Parameter& parameter = space.parameters()[index];
    const std::size_t part = c - space.coordinate_offset(index);
    const std::size_t slot = space.slot_offset(index) + std::min(part, parameter.slots() - 1);
    if (parameter.kind == Kind::kPermutation) {
      if (part > 0) continue;
      const double orders = std::min(std::round(factorial(parameter.items)), kMaxCells * 2);
      out.push_back({c, static_cast<std::uint64_t>(orders), parameter.items, false, slot});
    } else {
      const bool continuous = coordinates[c].cells == 0;
      const double cells = continuous ? static_cast<double>(levels) : coordinates[c].cells;
      const bool closed = continuous && parameter.kind == Kind::kReal;
      const double radix = std::min(cells, kMaxCells * 2);
      out.push_back({c, static_cast<std::uint64_t>(radix), 0, closed, slot});
    }
  }
  return out;
}

// Sort keys of permutation number `code` (Lehmer code).
void write_permutation(std::uint64_t code, std::size_t items, double* keys) {
  std::vector<std::size_t> left(items);
  for (std::size_t i = 0; i < items; ++i) left[i] = i;
  for (std::size_t i = 0; i < items; ++i) {
    const std::size_t pick = code % left.size();
    code /= left.size();
    keys[i] = (static_cast<double>(left[pick]) + 0.5) / static_cast<double>(items);
    left.erase(left.begin() + static_cast<std::ptrdiff_t>(pick));
  }
}

class GridSolver final : public Solver {
 public:
  GridSolver(const Problem& problem, GridOptions options)
      : digits_(digits_of(problem.space, options.levels)),
        cells_(count_cells(digits_, options.levels)),
        shuffle_(cells_, problem.seed),
        shuffled_(options.order == "shuffled") {}

  std::vector<Proposal> propose(const History& history, const Request& request) override {
    std::vector<Proposal> out;
    const auto memo = history.memo();
    const auto total = static_cast<double>(cells_);
    // Another number of cells: the space was extended, and old cells are skipped as visited.
    std::uint64_t next =
        memo.size() == 2 && memo[1] == total ? static_cast<std::uint64_t>(memo[0]) : 0;
    std::vector<Point> chosen;
    for (std::uint64_t tries = 0; tries < cells_ && out.size() < request.count; ++tries) {
      auto point = cell(history.space(), shuffled_ ? shuffle_(next) : next, request.fixed);
      next = next + 1 == cells_ ? 0 : next + 1;  // round again: a lapsed trial leaves its cell free
      if (!point || history.contains(point->slots())) continue;
      if (std::find(chosen.begin(), chosen.end(), *point) != chosen.end()) continue;
      chosen.push_back(*point);
      out.push_back({.query = Evaluate{std::move(*point)},
                     .origin = Origin::kDesign,
                     .memo = {static_cast<double>(next), total}});
    }
    return out;
  }

 private:
  static std::uint64_t count_cells(const std::vector<Digit>& digits, std::int64_t levels) {
    double cells = 1;
    for (const Digit& digit : digits) cells *= static_cast<double>(digit.radix);
    if (cells <= kMaxCells) return static_cast<std::uint64_t>(cells);
    throw OptionError("option.levels", "solver \"grid\": the grid has " + std::to_string(cells) +
                                           " cells with levels = " + std::to_string(levels) +
                                           ", more than 2^52; lower levels, declare coarser "
                                           "steps, or use solver \"sobol\"");
  }

  // The point of a cell; nothing when it breaks a constraint or repeats another cell (an inactive
  // parameter has its first value only).
  std::optional<Point> cell(const Space& space, std::uint64_t number,
                            const std::vector<double>& fixed) const {
    std::vector<double> unit(space.dimension());
    std::vector<std::uint64_t> values(digits_.size());
    for (std::size_t i = digits_.size(); i-- > 0;) {
      const Digit& digit = digits_[i];
      values[i] = number % digit.radix;
      number /= digit.radix;
      const auto value = static_cast<double>(values[i]);
      const auto radix = static_cast<double>(digit.radix);
      if (digit.items > 0) {
        write_permutation(values[i], digit.items, &unit[digit.coordinate]);
      } else {
        unit[digit.coordinate] =
            digit.closed && digit.radix > 1 ? value / (radix - 1) : (value + 0.5) / radix;
      }
    }
    put_fixed(fixed, unit);
    Point point = space.point_from_unit(unit);
    for (std::size_t i = 0; i < digits_.size(); ++i) {
      if (values[i] > 0 && std::isnan(point.slots()[digits_[i].slot])) return {};
    }
    if (!space.satisfies_constraints(point.slots())) return {};
    return point;
  }

  std::vector<Digit> digits_;
  std::uint64_t cells_;
  Shuffle shuffle_;
  bool shuffled_;
};

}  // namespace
}  // namespace asktell

ASKTELL_REGISTER_SOLVERS(grid) {
  asktell::Capabilities capabilities;
  capabilities.told_constraints = true;
  capabilities.max_objectives = SIZE_MAX;
  capabilities.instant = true;
  registry.add<GridSolver>(
      {.name = "grid",
       .summary = "Every cell of a grid once: all values of finite parameters, `levels` values of "
                  "real ones; for small finite spaces.",
       .reference = "Black and Rogaway 2002, section 3 (order of the cells)",
       .capabilities = capabilities},
      Schema<GridOptions>()
          .field("levels", &GridOptions::levels,
                 "values of each continuous parameter, ends included", 1, 1e6)
          .field("order", &GridOptions::order,
                 "\"shuffled\" covers the space evenly when cut short; \"lexicographic\" runs "
                 "through the last parameter first",
                 {"shuffled", "lexicographic"}));
}
