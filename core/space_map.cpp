// The map between slots and the unit cube, conditions and known constraints; see space.hpp.
#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>

#include <asktell/core/errors.hpp>
#include <asktell/core/random.hpp>
#include <asktell/core/space_impl.hpp>

namespace asktell {
namespace {

constexpr double kInactive = 0.5;

// Cell of a coordinate, 0 ... cells - 1.
double cell_of(double coordinate, double cells) {
  return std::min(std::floor(coordinate * cells), cells - 1);
}

void permutation_to_unit(std::span<const double> slots, std::span<double> unit) {
  const auto count = static_cast<double>(slots.size());
  for (std::size_t rank = 0; rank < slots.size(); ++rank) {
    unit[static_cast<std::size_t>(slots[rank])] = (static_cast<double>(rank) + 0.5) / count;
  }
}

// Item i has sort key unit[i]; slot r holds the item of rank r.
void permutation_from_unit(std::span<const double> unit, std::span<double> slots) {
  std::vector<std::size_t> order(unit.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::stable_sort(order.begin(), order.end(),
                   [&](std::size_t a, std::size_t b) { return unit[a] < unit[b]; });
  std::copy(order.begin(), order.end(), slots.begin());
}

// Members are the coordinates above 1/2; the largest (or smallest) give way where the limits bind.
void subset_from_unit(const Parameter& p, std::span<const double> unit, std::span<double> slots) {
  std::size_t members = 0;
  for (std::size_t i = 0; i < unit.size(); ++i) members += (slots[i] = unit[i] >= 0.5) != 0;
  const std::size_t wanted = std::clamp(members, p.min_items, p.max_items);
  if (wanted == members) return;
  std::vector<std::size_t> order(unit.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::stable_sort(order.begin(), order.end(),
                   [&](std::size_t a, std::size_t b) { return unit[a] > unit[b]; });
  for (std::size_t i = 0; i < order.size(); ++i) slots[order[i]] = i < wanted ? 1 : 0;
}

// Stick breaking with uniform fractions: the parts are uniform on the simplex.
void simplex_from_unit(std::span<const double> unit, std::span<double> slots) {
  double rest = 1;
  for (std::size_t i = 0; i < unit.size(); ++i) {
    const auto remaining = static_cast<double>(unit.size() - i);
    const double kept = rest * std::pow(1 - unit[i], 1 / remaining);
    slots[i] = rest - kept;
    rest = kept;
  }
  slots[unit.size()] = rest;
}

void simplex_to_unit(std::span<const double> slots, std::span<double> unit) {
  double rest = 1;
  for (std::size_t i = 0; i < unit.size(); ++i) {
    const auto remaining = static_cast<double>(unit.size() - i);
    const double share = rest > 0 ? std::clamp(slots[i] / rest, 0.0, 1.0) : 0.5;
    unit[i] = 1 - std::pow(1 - share, remaining);
    rest = std::max(0.0, rest - slots[i]);
  }
}

}  // namespace

double coordinate_of_slot(const Parameter& p, double slot) {
  const double cells = p.cells();
  switch (p.kind) {
    case Kind::kReal:
      if (cells > 0) return (std::round((slot - p.low) / p.step) + 0.5) / cells;
      if (p.log) return std::clamp(std::log(slot / p.low) / std::log(p.high / p.low), 0.0, 1.0);
      // Halves keep high - low finite for any finite bounds.
      return std::clamp((slot / 2 - p.low / 2) / (p.high / 2 - p.low / 2), 0.0, 1.0);
    case Kind::kInteger:
      if (p.log) {
        const double bottom = std::log(p.low - 0.5);
        return (std::log(slot) - bottom) / (std::log(p.high + 0.5) - bottom);
      }
      return ((slot - p.low) / std::max(p.step, 1.0) + 0.5) / cells;
    default:
      return (slot + 0.5) / cells;
  }
}

double slot_of_coordinate(const Parameter& p, double coordinate) {
  const double cells = p.cells();
  switch (p.kind) {
    case Kind::kReal:
      if (cells > 0) return std::min(p.high, p.low + p.step * cell_of(coordinate, cells));
      if (coordinate == 0) return p.low;
      if (coordinate == 1) return p.high;
      return std::clamp(p.log ? p.low * std::exp(coordinate * std::log(p.high / p.low))
                              : p.low * (1 - coordinate) + p.high * coordinate,
                        p.low, p.high);
    case Kind::kInteger:
      if (p.log) {
        const double bottom = std::log(p.low - 0.5);
        const double top = std::log(p.high + 0.5);
        return std::clamp(std::round(std::exp(bottom + coordinate * (top - bottom))), p.low,
                          p.high);
      }
      return p.low + std::max(p.step, 1.0) * cell_of(coordinate, cells);
    default:
      return cell_of(coordinate, cells);
  }
}

bool active(const std::vector<ResolvedCondition>& conditions, std::span<const double> slots) {
  return std::all_of(conditions.begin(), conditions.end(), [&](const ResolvedCondition& c) {
    const double slot = slots[c.slot];
    if (std::isnan(slot)) return false;
    if (c.values.empty()) return c.low <= slot && slot <= c.high;
    return std::find(c.values.begin(), c.values.end(), slot) != c.values.end();
  });
}

void Space::to_unit(std::span<const double> slots, std::span<double> unit) const {
  for (std::size_t i = 0; i < parameters().size(); ++i) {
    const Parameter& p = impl_->parameters[i];
    const auto from = slots.subspan(impl_->slot_offsets[i], p.slots());
    const auto to = unit.subspan(impl_->coordinate_offsets[i], p.coordinates());
    if (std::isnan(from[0])) {
      std::fill(to.begin(), to.end(), kInactive);
    } else if (p.kind == Kind::kPermutation) {
      permutation_to_unit(from, to);
    } else if (p.kind == Kind::kSimplex) {
      simplex_to_unit(from, to);
    } else {
      for (std::size_t j = 0; j < to.size(); ++j) to[j] = coordinate_of_slot(p, from[j]);
    }
  }
}

void Space::from_unit(std::span<const double> unit, std::span<double> slots) const {
  std::vector<double> clamped(unit.begin(), unit.end());
  for (double& u : clamped) u = u >= 0 ? std::min(u, 1.0) : 0.0;  // NaN goes to 0
  for (std::size_t i = 0; i < parameters().size(); ++i) {
    const Parameter& p = impl_->parameters[i];
    const auto from =
        std::span<const double>(clamped).subspan(impl_->coordinate_offsets[i], p.coordinates());
    const auto to = slots.subspan(impl_->slot_offsets[i], p.slots());
    if (!active(impl_->conditions[i], slots)) {
      std::fill(to.begin(), to.end(), kNaN);
    } else if (p.kind == Kind::kPermutation) {
      permutation_from_unit(from, to);
    } else if (p.kind == Kind::kSubset) {
      subset_from_unit(p, from, to);
    } else if (p.kind == Kind::kSimplex) {
      simplex_from_unit(from, to);
    } else {
      for (std::size_t j = 0; j < to.size(); ++j) to[j] = slot_of_coordinate(p, from[j]);
    }
  }
}

bool Space::satisfies_constraints(std::span<const double> slots) const {
  if (constraints().empty()) return true;
  for (std::size_t i = 0; i < impl_->constraints.size(); ++i) {
    const KnownConstraint& constraint = impl_->constraints[i];
    if (!constraint.weights.empty()) {
      double sum = 0;
      double magnitude = std::abs(impl_->linear[i].bound);
      for (const auto& [slot, weight] : impl_->linear[i].terms) {
        if (std::isnan(slots[slot])) continue;
        sum += weight * slots[slot];
        magnitude += std::abs(weight * slots[slot]);
      }
      // A few ulp of grace: x + y <= 1 holds at x = 0.1, y = 0.9.
      if (sum > impl_->linear[i].bound + 4e-16 * magnitude) return false;
      continue;
    }
    if (!constraint.predicate) {
      throw SpaceError(
          "space.predicate-missing",
          "the known constraint \"" + constraint.name +
              "\" is recorded by name only; give the space with its predicate when the "
              "study is opened for asking");
    }
    if (!(constraint.predicate(Point(*this, {slots.begin(), slots.end()})) <= 0)) return false;
  }
  return true;
}

double Space::feasible_share(std::size_t samples, std::uint64_t seed) const {
  if (constraints().empty() || samples == 0) return 1;
  RandomStream stream(seed, Purpose::kDesign);
  std::vector<double> unit(dimension()), slots(this->slots());
  std::size_t feasible = 0;
  for (std::size_t i = 0; i < samples; ++i) {
    stream.fill_uniform(unit);
    from_unit(unit, slots);
    feasible += satisfies_constraints(slots);
  }
  return static_cast<double>(feasible) / static_cast<double>(samples);
}

void Space::check_feasible() const {
  if (constraints().empty() || predicates_missing()) return;
  constexpr std::size_t kSamples[] = {100, 10000, 200000};  // most spaces are settled by the first
  for (std::size_t samples : kSamples) {
    if (feasible_share(samples) > 0) return;
  }
  constexpr std::size_t kEnumerated = 100000;
  const auto points = enumerate(kEnumerated);
  if (points && !points->empty()) return;
  throw SpaceError(
      "space.infeasible",
      "the known constraints leave " +
          std::string(points ? "none of the points of this finite space"
                             : "0 of 200000 uniform points (feasible share below 5e-6)") +
          "; relax \"" + constraints().front().name + "\" or tighten the bounds");
}

}  // namespace asktell
