// Points of a space: from names and values, from JSON, and all of a finite space; see space.hpp.
#include <algorithm>
#include <cmath>
#include <cstdio>
#include <ostream>

#include <asktell/core/errors.hpp>
#include <asktell/core/registry.hpp>
#include <asktell/core/space_impl.hpp>
#include <asktell/core/value_json.hpp>

namespace asktell {
namespace {

[[noreturn]] void misfit(std::string_view id, const Parameter& parameter, const std::string& what) {
  throw PointError("point." + std::string(id), "parameter \"" + parameter.name + "\": " + what);
}

double number_in_range(const Parameter& p, double number) {
  const double ulp = std::nextafter(std::max(std::abs(p.low), std::abs(p.high)), HUGE_VAL) -
                     std::max(std::abs(p.low), std::abs(p.high));
  if (!(number >= p.low - ulp && number <= p.high + ulp)) {
    misfit("bounds", p,
           "its value " + precise(number) + " is outside [" + precise(p.low) + ", " +
               precise(p.high) + "]");
  }
  number = std::clamp(number, p.low, p.high);
  if (p.kind == Kind::kInteger && std::floor(number) != number) {
    misfit("type", p, "its value " + precise(number) + " is not an integer");
  }
  if (p.step > 0) {
    const double index = std::round((number - p.low) / p.step);
    const double level = std::min(p.high, p.low + p.step * index);
    if (std::abs(level - number) > 1e-9 * p.step) {
      misfit(
          "step", p,
          "its value " + precise(number) + " is not on its grid; the nearest is " + precise(level));
    }
    return level;
  }
  return number;
}

double member_of(const Parameter& p, const Value& value) {
  std::string list;
  for (std::size_t i = 0; i < p.choices.size(); ++i) {
    if (p.choices[i] == value) return static_cast<double>(i);
    list += (list.empty() ? "" : ", ") + p.choices[i].text();
  }
  for (std::size_t i = 0; i < p.choices.size(); ++i) {
    if (same_value(p.choices[i], value)) return static_cast<double>(i);
  }
  misfit("choice", p, "it takes no " + value.text() + "; it is one of: " + list);
}

void check_list(const Parameter& p, std::vector<double>& list) {
  if (p.kind == Kind::kPermutation) {
    std::vector<double> sorted = list;
    std::sort(sorted.begin(), sorted.end());
    for (std::size_t i = 0; i < sorted.size(); ++i) {
      if (sorted[i] != static_cast<double>(i)) {
        misfit("permutation", p,
               "its value must hold 0 to " + std::to_string(p.items - 1) + ", each once");
      }
    }
  } else if (p.kind == Kind::kSimplex) {
    double sum = 0;
    for (double part : list) {
      if (!(part >= 0)) misfit("simplex", p, "its part " + precise(part) + " is negative");
      sum += part;
    }
    if (std::abs(sum - 1) > 1e-9) {
      misfit("simplex", p, "its parts sum to " + precise(sum) + ", not to 1");
    }
  }
}

std::vector<double> members_to_flags(const Parameter& p, const std::vector<double>& members) {
  std::vector<double> flags(p.items, 0.0);
  for (double member : members) {
    const bool known =
        member >= 0 && member < static_cast<double>(p.items) && std::floor(member) == member;
    if (!known || flags[static_cast<std::size_t>(member)] != 0) {
      misfit("subset", p,
             "its member " + precise(member) + " must be one of 0 to " +
                 std::to_string(p.items - 1) + ", each at most once");
    }
    flags[static_cast<std::size_t>(member)] = 1;
  }
  if (members.size() < p.min_items || members.size() > p.max_items) {
    misfit("subset", p,
           "it takes " + std::to_string(p.min_items) + " to " + std::to_string(p.max_items) +
               " members, not " + std::to_string(members.size()));
  }
  return flags;
}

// Slots of one active parameter.
std::vector<double> slots_of(const Parameter& p, const Value& value) {
  if (value.absent()) misfit("absent", p, "it has no value; give one");
  if (p.slots() == 1 && p.size == 0 && p.items == 0) return {slot_of(p, value)};
  if (value.data().index() < 5 && p.slots() > 1) {
    misfit("type", p, "its value " + value.text() + " must be a list");
  }
  std::vector<double> list = value.list();
  if (p.kind == Kind::kSubset) return members_to_flags(p, list);
  if (list.size() != p.slots()) {
    misfit("size", p,
           "its value has " + std::to_string(list.size()) + " numbers; it needs " +
               std::to_string(p.slots()));
  }
  if (p.items > 0) {
    check_list(p, list);
  } else {
    for (double& number : list) number = number_in_range(p, number);
  }
  return list;
}

void require_known(const Space& space, const Assignment& values) {
  for (const auto& [name, value] : values) {
    if (space.find(name)) continue;
    std::vector<std::string> names;
    for (const Parameter& parameter : space.parameters()) names.push_back(parameter.name);
    const std::string near = nearest_name(name, names);
    std::string list;
    for (const std::string& each : names) list += (list.empty() ? "" : ", ") + each;
    throw PointError("point.unknown", "the space has no parameter \"" + name + "\"" +
                                          (near.empty() ? "" : "; did you mean \"" + near + "\"?") +
                                          " It has: " + list);
  }
}

}  // namespace

double slot_of(const Parameter& p, const Value& value) {
  switch (p.kind) {
    case Kind::kCategorical:
    case Kind::kOrdinal:
      return member_of(p, value);
    case Kind::kBoolean: {
      const bool flag = value.is_number() && (value.number() == 0 || value.number() == 1);
      if (!flag) misfit("type", p, "its value " + value.text() + " is not true or false");
      return value.number();
    }
    default:
      break;
  }
  if (!value.is_number()) misfit("type", p, "its value " + value.text() + " is not a number");
  return number_in_range(p, value.number());
}

Value value_of_slot(const Parameter& p, double slot) {
  switch (p.kind) {
    case Kind::kReal:
      return slot;
    case Kind::kInteger:
      return static_cast<std::int64_t>(slot);
    case Kind::kBoolean:
      return slot != 0;
    default:
      return p.choices[static_cast<std::size_t>(slot)];
  }
}

Point Space::point(const Assignment& values) const {
  require_known(*this, values);
  std::vector<double> slots(this->slots(), kNaN);
  for (std::size_t i = 0; i < parameters().size(); ++i) {
    const Parameter& p = impl_->parameters[i];
    const auto found = values.find(p.name);
    const bool given = found != values.end() && !found->second.absent();
    if (!active(impl_->conditions[i], slots)) {
      if (given) misfit("inactive", p, "it is inactive under these values; leave it out");
      continue;
    }
    if (!given) misfit("missing", p, "it has no value; give one");
    const std::vector<double> own = slots_of(p, found->second);
    std::copy(own.begin(), own.end(),
              slots.begin() + static_cast<std::ptrdiff_t>(impl_->slot_offsets[i]));
  }
  return Point(*this, std::move(slots));
}

Point Space::point_from_json(std::string_view json) const {
  return point(assignment_from_json(json));
}

Point Space::point_from_slots(std::vector<double> slots) const {
  if (slots.size() != this->slots()) {
    throw PointError("point.size", "a point of this space has " + std::to_string(this->slots()) +
                                       " numbers, not " + std::to_string(slots.size()));
  }
  for (std::size_t i = 0; i < parameters().size(); ++i) {
    const Parameter& p = impl_->parameters[i];
    const std::span<double> own(slots.data() + impl_->slot_offsets[i], p.slots());
    if (!active(impl_->conditions[i], slots)) {
      std::fill(own.begin(), own.end(), kNaN);
      continue;
    }
    for (double& slot : own) {
      const bool number = p.kind == Kind::kReal || p.kind == Kind::kInteger;
      if (number) {
        slot = number_in_range(p, slot);
      } else if (p.items == 0 && !(slot >= 0 && slot < p.cells() && std::floor(slot) == slot)) {
        misfit("choice", p,
               "slot " + precise(slot) + " is not one of its " + precise(p.cells()) + " choices");
      }
    }
    if (p.items > 0) {
      std::vector<double> list(own.begin(), own.end());
      check_list(p, list);
    }
  }
  return Point(*this, std::move(slots));
}

Point Space::point_from_unit(std::span<const double> unit) const {
  std::vector<double> slots(this->slots());
  from_unit(unit, slots);
  return Point(*this, std::move(slots));
}

std::vector<double> Space::partial_unit(const Assignment& values) const {
  require_known(*this, values);
  std::vector<double> unit(dimension(), kNaN);
  for (std::size_t i = 0; i < parameters().size(); ++i) {
    const Parameter& p = impl_->parameters[i];
    const auto found = values.find(p.name);
    if (found == values.end() || found->second.absent()) continue;
    std::vector<double> slots(this->slots(), kNaN), full(dimension());
    const std::vector<double> own = slots_of(p, found->second);
    std::copy(own.begin(), own.end(),
              slots.begin() + static_cast<std::ptrdiff_t>(impl_->slot_offsets[i]));
    to_unit(slots, full);
    const std::size_t offset = impl_->coordinate_offsets[i];
    for (std::size_t j = offset; j < offset + p.coordinates(); ++j) unit[j] = full[j];
  }
  return unit;
}

std::optional<std::vector<std::vector<double>>> Space::enumerate(std::size_t limit) const {
  double total = 1;
  for (const Coordinate& coordinate : coordinates()) {
    if (coordinate.cells == 0) return std::nullopt;
    total *= coordinate.cells;
    if (total > 64.0 * static_cast<double>(limit)) return std::nullopt;
  }
  std::vector<std::vector<double>> points;
  std::vector<double> cell(dimension(), 0), unit(dimension()), slots(this->slots());
  for (bool more = !empty(); more;) {
    for (std::size_t i = 0; i < cell.size(); ++i) {
      unit[i] = (cell[i] + 0.5) / coordinates()[i].cells;
      const Parameter& p = impl_->parameters[coordinates()[i].parameter];
      if (p.kind == Kind::kInteger && p.log) unit[i] = coordinate_of_slot(p, p.low + cell[i]);
    }
    from_unit(unit, slots);
    // Inactive parameters and limits of subsets make several cells one point: keep its first.
    std::vector<double> own(dimension());
    to_unit(slots, own);
    bool first = true;
    for (std::size_t i = 0; i < cell.size(); ++i) {
      const Parameter& p = impl_->parameters[coordinates()[i].parameter];
      const bool inactive = std::isnan(slots[impl_->slot_offsets[coordinates()[i].parameter]]);
      if (inactive ? cell[i] != 0 : (p.kind == Kind::kSubset && own[i] != unit[i])) first = false;
    }
    if (first && satisfies_constraints(slots)) {
      if (points.size() == limit) return std::nullopt;
      points.push_back(slots);
    }
    more = false;
    for (std::size_t i = cell.size(); i-- > 0 && !more;) {
      cell[i] += 1;
      more = cell[i] < coordinates()[i].cells;
      if (!more) cell[i] = 0;
    }
  }
  return points;
}

Point::Point(Space space, std::vector<double> slots)
    : space_(std::move(space)), slots_(std::move(slots)) {}

Value Point::operator[](std::string_view name) const {
  const auto index = space_.find(name);
  if (!index) require_known(space_, {{std::string(name), Value()}});
  const Parameter& p = space_.parameters()[*index];
  const auto own = std::span<const double>(slots_).subspan(space_.slot_offset(*index), p.slots());
  if (std::isnan(own[0])) return {};
  if (p.kind == Kind::kSubset) {
    std::vector<std::int64_t> members;
    for (std::size_t i = 0; i < own.size(); ++i) {
      if (own[i] != 0) members.push_back(static_cast<std::int64_t>(i));
    }
    return members;
  }
  if (p.kind == Kind::kPermutation || (p.kind == Kind::kInteger && p.size > 0)) {
    return std::vector<std::int64_t>(own.begin(), own.end());
  }
  if (p.kind == Kind::kSimplex || p.size > 0) return std::vector<double>(own.begin(), own.end());
  return value_of_slot(p, own[0]);
}

bool Point::has(std::string_view name) const {
  const auto index = space_.find(name);
  return index && !std::isnan(slots_[space_.slot_offset(*index)]);
}

Assignment Point::values() const {
  Assignment out;
  for (const Parameter& parameter : space_.parameters()) {
    if (has(parameter.name)) out[parameter.name] = (*this)[parameter.name];
  }
  return out;
}

std::vector<double> Point::vector() const {
  return slots_;
}

std::vector<double> Point::unit() const {
  std::vector<double> out(space_.dimension());
  space_.to_unit(slots_, out);
  return out;
}

std::string Point::to_json() const {
  nlohmann::ordered_json json = nlohmann::ordered_json::object();
  for (const Parameter& parameter : space_.parameters()) {
    if (has(parameter.name)) json[parameter.name] = json_of((*this)[parameter.name]);
  }
  return json.dump();
}

bool operator==(const Point& a, const Point& b) {
  return std::equal(a.slots().begin(), a.slots().end(), b.slots().begin(), b.slots().end(),
                    [](double x, double y) { return x == y || (std::isnan(x) && std::isnan(y)); });
}

std::ostream& operator<<(std::ostream& out, const Point& point) {
  bool first = true;
  for (const Parameter& parameter : point.space().parameters()) {
    if (!point.has(parameter.name)) continue;
    const Value value = point[parameter.name];
    out << (first ? "" : ", ") << parameter.name << " = ";
    if (const auto* real = std::get_if<double>(&value.data())) {
      char text[32];
      std::snprintf(text, sizeof text, "%.5g", *real);
      out << text;
    } else {
      out << value;
    }
    first = false;
  }
  return out;
}

}  // namespace asktell
