// Building a space, and the checks of every parameter and constraint; see space.hpp.
#include <asktell/core/space.hpp>

#include <algorithm>
#include <array>
#include <cctype>
#include <charconv>
#include <cmath>
#include <numeric>

#include <asktell/core/errors.hpp>
#include <asktell/core/registry.hpp>
#include <asktell/core/space_impl.hpp>

namespace asktell {
namespace {

constexpr std::array<std::string_view, 8> kKindNames = {
    "real", "integer", "categorical", "boolean", "ordinal", "permutation", "subset", "simplex"};
constexpr double kLargestInteger = 0x1p53;  // beyond, doubles skip integers

[[noreturn]] void refuse(std::string_view id, const Parameter& parameter, const std::string& what) {
  throw SpaceError(
      "space." + std::string(id),
      std::string(name_of(parameter.kind)) + " parameter \"" + parameter.name + "\": " + what);
}

void check_range(const Parameter& p) {
  const std::string range = "[" + precise(p.low) + ", " + precise(p.high) + "]";
  if (!std::isfinite(p.low) || !std::isfinite(p.high)) {
    refuse("bounds", p, "its bounds " + range + " must be finite; give the range worth searching");
  }
  if (p.low > p.high)
    refuse("bounds", p, "its bounds " + range + " are reversed; give low, then high");
  if (p.low == p.high) {
    refuse("bounds", p, "its bounds " + range + " are equal; leave a constant out of the space");
  }
  if (p.kind == Kind::kInteger && std::max(std::abs(p.low), std::abs(p.high)) > kLargestInteger) {
    refuse("bounds", p, "its bounds " + range + " go beyond 2^53; scale it or use a real");
  }
  if (p.log && !(p.low > 0)) {
    refuse("log", p,
           "log needs a lower bound above 0, not " + precise(p.low) +
               "; raise the bound or leave log out");
  }
  if (!(p.step >= 0) || (p.step > 0 && p.step > p.high - p.low && p.low != p.high)) {
    refuse("step", p,
           "its step " + precise(p.step) + " must be positive and at most " +
               precise(p.high - p.low) + " (high - low)");
  }
  if (p.kind == Kind::kInteger && std::floor(p.step) != p.step) {
    refuse("step", p, "its step " + precise(p.step) + " must be an integer");
  }
  if (p.log && p.step > 0) refuse("step", p, "log and step exclude each other; use Ordinal levels");
}

void check_choices(const Parameter& p) {
  if (p.choices.empty()) refuse("choices", p, "it has no choices; list at least one");
  for (std::size_t i = 0; i < p.choices.size(); ++i) {
    if (p.choices[i].data().index() > 4)
      refuse("choices", p, "a choice must be a number or a word");
    for (std::size_t j = 0; j < i; ++j) {
      if (p.choices[i] == p.choices[j]) {
        refuse("choices", p, "choice " + p.choices[i].text() + " is listed twice; list each once");
      }
    }
  }
}

void check_items(const Parameter& p) {
  if (p.items < 1) refuse("items", p, "it has no items; give a positive number");
  if (p.kind == Kind::kSimplex && p.items < 2) refuse("items", p, "it needs at least 2 parts");
  if (p.kind == Kind::kSubset && (p.min_items > p.max_items || p.max_items > p.items)) {
    refuse("items", p,
           "it takes " + std::to_string(p.min_items) + " to " + std::to_string(p.max_items) +
               " of " + std::to_string(p.items) +
               " items; the limits must be in order and within the items");
  }
}

// Of an interval: finite, in order, and not wholly outside of the bounds.
void check_likely_interval(const Parameter& p) {
  const bool interval = p.likely.size() == 2 && std::isfinite(p.likely[0]) &&
                        std::isfinite(p.likely[1]) && p.likely[0] <= p.likely[1];
  if (!interval) {
    refuse("likely", p, "likely is the interval where the optimum is believed; give low and high");
  }
  if (p.likely[1] < p.low || p.likely[0] > p.high) {
    refuse("likely", p,
           "likely [" + precise(p.likely[0]) + ", " + precise(p.likely[1]) +
               "] has no point within the bounds [" + precise(p.low) + ", " + precise(p.high) +
               "]; move it or the bounds");
  }
}

void check_likely(const Parameter& p) {
  if (p.likely.empty()) return;
  if (p.kind == Kind::kReal || p.kind == Kind::kInteger) return check_likely_interval(p);
  const std::size_t choices = p.kind == Kind::kBoolean ? 2 : p.choices.size();
  if (choices == 0) refuse("likely", p, "likely is for numbers, choices and flags; leave it out");
  if (p.likely.size() != choices) {
    refuse("likely", p,
           "likely has " + std::to_string(p.likely.size()) + " weights for " +
               std::to_string(choices) + " choices; give one each");
  }
  const bool weights = std::all_of(p.likely.begin(), p.likely.end(),
                                   [](double w) { return w >= 0 && std::isfinite(w); });
  const double sum = std::accumulate(p.likely.begin(), p.likely.end(), 0.0);
  if (!weights || !(sum > 0) || !std::isfinite(sum)) {
    refuse(
        "likely", p,
        "likely needs finite weights of at least 0, one of them above; give those of the choices");
  }
}

void check_parameter(const Parameter& p) {
  if (p.name.empty()) {
    throw SpaceError("space.name", "a parameter has an empty name; give it one");
  }
  const bool numeric = p.kind == Kind::kReal || p.kind == Kind::kInteger;
  if (!numeric && (p.log || p.step != 0 || p.size != 0)) {
    refuse("option", p, "log, step and size are for real and integer parameters");
  }
  if (numeric) check_range(p);
  if (p.kind == Kind::kCategorical || p.kind == Kind::kOrdinal) check_choices(p);
  if (p.kind == Kind::kPermutation || p.kind == Kind::kSubset || p.kind == Kind::kSimplex) {
    check_items(p);
  }
  check_likely(p);
}

ResolvedCondition resolve(const Space& space, const Parameter& child, const Condition& condition) {
  const auto index = space.find(condition.parent);
  if (!index) {
    refuse("condition", child,
           "it depends on \"" + condition.parent +
               "\", which is not declared before it; declare the parent first");
  }
  const Parameter& parent = space.parameters()[*index];
  if (parent.slots() != 1) {
    refuse("condition", child, "it depends on \"" + parent.name + "\", which is not a scalar");
  }
  ResolvedCondition out{space.slot_offset(*index), {}, condition.low, condition.high};
  for (const Value& value : condition.values) {
    try {
      out.values.push_back(slot_of(parent, value));
    } catch (const PointError&) {
      refuse("condition", child,
             "it depends on \"" + parent.name + "\" being " + value.text() + ", which it never is");
    }
  }
  return out;
}

// "x", "2*y", "2 y", "3": a weight and a name ("" for a constant).
std::pair<std::string, double> term_from(std::string_view text, double sign) {
  std::string name;
  double weight = 1;
  while (!text.empty() && (text.front() == ' ' || text.front() == '*')) text.remove_prefix(1);
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), weight);
  if (error == std::errc()) {
    text.remove_prefix(static_cast<std::size_t>(end - text.data()));
  } else {
    weight = 1;
  }
  for (char c : text) {
    if (c != ' ' && c != '*') name += c;
  }
  return {name, sign * weight};
}

void add_terms(std::string_view side, double sign, KnownConstraint& constraint) {
  std::size_t begin = 0;
  double own = sign;
  const auto finish = [&](std::size_t end) {
    const std::string_view text = side.substr(begin, end - begin);
    if (text.find_first_not_of(' ') == std::string_view::npos) return;
    const auto [name, weight] = term_from(text, own);
    if (name.empty()) {
      constraint.bound -= weight;
    } else {
      constraint.weights.emplace_back(name, weight);
    }
  };
  for (std::size_t i = 0; i < side.size(); ++i) {
    const bool exponent = i > 0 && (side[i - 1] == 'e' || side[i - 1] == 'E') && i > 1 &&
                          std::isdigit(static_cast<unsigned char>(side[i - 2]));
    if ((side[i] != '+' && side[i] != '-') || exponent) continue;
    finish(i);
    own = side[i] == '-' ? -sign : sign;
    begin = i + 1;
  }
  finish(side.size());
}

}  // namespace

std::string_view name_of(Kind kind) {
  return kKindNames[static_cast<std::size_t>(kind)];
}

Kind kind_from_name(std::string_view name) {
  const auto found = std::find(kKindNames.begin(), kKindNames.end(), name);
  if (found != kKindNames.end()) return static_cast<Kind>(found - kKindNames.begin());
  std::string list;
  for (std::string_view each : kKindNames) list += (list.empty() ? "" : ", ") + std::string(each);
  throw SpaceError("space.kind", "there is no kind of parameter \"" + std::string(name) +
                                     "\"; there are " + list);
}

std::string precise(double number) {
  char text[40];
  const auto [end, error] = std::to_chars(text, text + sizeof text, number);
  return error == std::errc() ? std::string(text, end) : std::to_string(number);
}

std::size_t Parameter::slots() const {
  if (kind == Kind::kPermutation || kind == Kind::kSubset || kind == Kind::kSimplex) return items;
  return size == 0 ? 1 : size;
}

std::size_t Parameter::coordinates() const {
  return kind == Kind::kSimplex ? items - 1 : slots();
}

double Parameter::cells() const {
  switch (kind) {
    case Kind::kReal:
      return step > 0 ? std::floor((high - low) / step * (1 + 1e-12)) + 1 : 0;
    case Kind::kInteger:
      return step > 0 ? std::floor((high - low) / step) + 1 : std::floor(high) - std::ceil(low) + 1;
    case Kind::kCategorical:
    case Kind::kOrdinal:
      return static_cast<double>(choices.size());
    case Kind::kBoolean:
    case Kind::kSubset:
      return 2;
    case Kind::kPermutation:
    case Kind::kSimplex:
      return 0;
  }
  return 0;
}

Space::Space() = default;

Space::Impl& Space::edit() {
  auto copy = impl_ ? std::make_shared<Impl>(*impl_) : std::make_shared<Impl>();
  impl_ = copy;
  return *copy;
}

Space& Space::add(Parameter parameter) {
  check_parameter(parameter);
  if (find(parameter.name)) {
    throw SpaceError("space.duplicate",
                     "two parameters are named \"" + parameter.name + "\"; rename one of them");
  }
  std::vector<ResolvedCondition> conditions;
  for (const Condition& condition : parameter.when) {
    conditions.push_back(resolve(*this, parameter, condition));
  }
  Impl& impl = edit();
  impl.slot_offsets.push_back(impl.slots);
  impl.coordinate_offsets.push_back(impl.coordinates.size());
  for (std::size_t i = 0; i < parameter.coordinates(); ++i) {
    impl.coordinates.push_back(
        {impl.parameters.size(), parameter.cells(), parameter.kind != Kind::kCategorical});
  }
  impl.slots += parameter.slots();
  impl.conditions.push_back(std::move(conditions));
  impl.parameters.push_back(std::move(parameter));
  return *this;
}

namespace {

Parameter with(ParameterOptions options, std::string name, Kind kind) {
  Parameter parameter;
  static_cast<ParameterOptions&>(parameter) = std::move(options);
  parameter.name = std::move(name);
  parameter.kind = kind;
  return parameter;
}

}  // namespace

Space& Space::real(std::string name, double low, double high, ParameterOptions options) {
  Parameter parameter = with(std::move(options), std::move(name), Kind::kReal);
  parameter.low = low;
  parameter.high = high;
  return add(std::move(parameter));
}

Space& Space::integer(std::string name, std::int64_t low, std::int64_t high,
                      ParameterOptions options) {
  Parameter parameter = with(std::move(options), std::move(name), Kind::kInteger);
  parameter.low = static_cast<double>(low);
  parameter.high = static_cast<double>(high);
  return add(std::move(parameter));
}

Space& Space::categorical(std::string name, std::vector<Value> choices, ParameterOptions options) {
  Parameter parameter = with(std::move(options), std::move(name), Kind::kCategorical);
  parameter.choices = std::move(choices);
  return add(std::move(parameter));
}

Space& Space::boolean(std::string name, ParameterOptions options) {
  return add(with(std::move(options), std::move(name), Kind::kBoolean));
}

Space& Space::ordinal(std::string name, std::vector<Value> levels, ParameterOptions options) {
  Parameter parameter = with(std::move(options), std::move(name), Kind::kOrdinal);
  parameter.choices = std::move(levels);
  return add(std::move(parameter));
}

Space& Space::permutation(std::string name, std::size_t items, ParameterOptions options) {
  Parameter parameter = with(std::move(options), std::move(name), Kind::kPermutation);
  parameter.items = items;
  return add(std::move(parameter));
}

Space& Space::subset(std::string name, std::size_t items, std::size_t min_items,
                     std::size_t max_items, ParameterOptions options) {
  Parameter parameter = with(std::move(options), std::move(name), Kind::kSubset);
  parameter.items = items;
  parameter.min_items = min_items;
  parameter.max_items = max_items == SIZE_MAX ? items : max_items;
  return add(std::move(parameter));
}

Space& Space::simplex(std::string name, std::size_t items, ParameterOptions options) {
  Parameter parameter = with(std::move(options), std::move(name), Kind::kSimplex);
  parameter.items = items;
  return add(std::move(parameter));
}

Space& Space::linear_constraint(std::vector<std::pair<std::string, double>> weights, double bound,
                                std::string name) {
  ResolvedLinear linear{{}, bound};
  if (weights.empty() || !std::isfinite(bound)) {
    throw SpaceError("space.constraint", "a linear constraint needs weights and a finite bound");
  }
  for (const auto& [parameter, weight] : weights) {
    const auto index = find(parameter);
    if (!index) {
      throw SpaceError("space.constraint", "a linear constraint names \"" + parameter +
                                               "\", which is no parameter declared so far");
    }
    const Kind kind = parameters()[*index].kind;
    if ((kind != Kind::kReal && kind != Kind::kInteger) || parameters()[*index].size > 0) {
      throw SpaceError("space.constraint", "a linear constraint names \"" + parameter +
                                               "\", which is not a real or integer number");
    }
    linear.terms.emplace_back(slot_offset(*index), weight);
  }
  Impl& impl = edit();
  if (name.empty()) name = "constraint " + std::to_string(impl.constraints.size());
  impl.constraints.push_back({std::move(name), std::move(weights), bound, {}});
  impl.linear.push_back(std::move(linear));
  return *this;
}

Space& Space::constraint(std::string name, std::function<double(const Point&)> predicate) {
  Impl& impl = edit();
  impl.constraints.push_back({std::move(name), {}, 0, std::move(predicate)});
  impl.linear.push_back({{}, 0});
  return *this;
}

Space& Space::constraint(std::string_view text) {
  const std::size_t at = text.find_first_of("<>");
  if (at == std::string_view::npos || text.find_first_of("<>", at + 1) != std::string_view::npos) {
    throw SpaceError("space.constraint", "\"" + std::string(text) +
                                             "\" is not a linear constraint; write it as "
                                             "\"x + 2*y <= 3\"");
  }
  const double sign = text[at] == '<' ? 1 : -1;
  const std::size_t rest = at + 1 + (at + 1 < text.size() && text[at + 1] == '=');
  KnownConstraint parsed;
  add_terms(text.substr(0, at), sign, parsed);
  add_terms(text.substr(rest), -sign, parsed);
  return linear_constraint(std::move(parsed.weights), parsed.bound, std::string(text));
}

bool Space::empty() const {
  return !impl_ || impl_->parameters.empty();
}

std::span<const Parameter> Space::parameters() const {
  return impl_ ? std::span<const Parameter>(impl_->parameters) : std::span<const Parameter>();
}
std::span<const KnownConstraint> Space::constraints() const {
  return impl_ ? std::span<const KnownConstraint>(impl_->constraints)
               : std::span<const KnownConstraint>();
}
std::span<const Coordinate> Space::coordinates() const {
  return impl_ ? std::span<const Coordinate>(impl_->coordinates) : std::span<const Coordinate>();
}
std::optional<std::size_t> Space::find(std::string_view name) const {
  for (std::size_t i = 0; i < parameters().size(); ++i) {
    if (impl_->parameters[i].name == name) return i;
  }
  return std::nullopt;
}
std::size_t Space::slot_offset(std::size_t parameter) const {
  return impl_->slot_offsets[parameter];
}
std::size_t Space::coordinate_offset(std::size_t parameter) const {
  return impl_->coordinate_offsets[parameter];
}
std::size_t Space::slots() const {
  return impl_ ? impl_->slots : 0;
}
std::size_t Space::dimension() const {
  return impl_ ? impl_->coordinates.size() : 0;
}

bool Space::predicates_missing() const {
  return std::any_of(constraints().begin(), constraints().end(),
                     [](const KnownConstraint& c) { return c.weights.empty() && !c.predicate; });
}

Space Space::with_predicates_of(const Space& other) const {
  if (!predicates_missing()) return *this;
  Space out = *this;
  for (KnownConstraint& constraint : out.edit().constraints) {
    if (!constraint.weights.empty() || constraint.predicate) continue;
    for (const KnownConstraint& candidate : other.constraints()) {
      if (candidate.name == constraint.name) constraint.predicate = candidate.predicate;
    }
  }
  return out;
}

}  // namespace asktell
