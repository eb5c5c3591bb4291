// JSON of a space, what differs between two spaces, and extension of one by another; see space.hpp.
#include <algorithm>
#include <cmath>
#include <limits>

#include <asktell/core/errors.hpp>
#include <asktell/core/space_impl.hpp>
#include <asktell/core/value_json.hpp>

namespace asktell {
namespace {

using Json = nlohmann::ordered_json;
constexpr const char* kRoles[] = {"design", "fidelity", "context"};

Json json_of(const Condition& condition) {
  Json json = {{"parent", condition.parent}};
  for (const Value& value : condition.values) json["values"].push_back(json_of(value));
  if (std::isfinite(condition.low)) json["low"] = condition.low;
  if (std::isfinite(condition.high)) json["high"] = condition.high;
  return json;
}

Json json_of(const Parameter& p) {
  Json json = {{"name", p.name}, {"kind", name_of(p.kind)}};
  if (p.kind == Kind::kReal || p.kind == Kind::kInteger) {
    json["low"] = p.low;
    json["high"] = p.high;
  }
  for (const Value& choice : p.choices) json["choices"].push_back(json_of(choice));
  if (p.items > 0) json["items"] = p.items;
  if (p.kind == Kind::kSubset) {
    json["min_items"] = p.min_items;
    json["max_items"] = p.max_items;
  }
  if (p.log) json["log"] = true;
  if (p.step > 0) json["step"] = p.step;
  if (p.size > 0) json["size"] = p.size;
  for (const Condition& condition : p.when) json["when"].push_back(json_of(condition));
  if (p.role != Role::kDesign) json["role"] = kRoles[static_cast<int>(p.role)];
  if (!p.default_value.absent()) json["default"] = json_of(p.default_value);
  if (!p.likely.empty()) json["likely"] = p.likely;
  return json;
}

Condition condition_of(const Json& json) {
  Condition condition;
  condition.parent = json.at("parent");
  if (json.contains("values")) {
    for (const Json& value : json.at("values")) condition.values.push_back(value_of(value));
  }
  condition.low = json.value("low", condition.low);
  condition.high = json.value("high", condition.high);
  return condition;
}

Role role_of(const std::string& name) {
  for (int i = 0; i < 3; ++i) {
    if (name == kRoles[i]) return static_cast<Role>(i);
  }
  throw SpaceError("space.role",
                   "there is no role \"" + name + "\"; it is design, fidelity or context");
}

Parameter parameter_of(const Json& json) {
  Parameter p;
  p.name = json.at("name");
  p.kind = kind_from_name(json.at("kind").get<std::string>());
  p.low = json.value("low", p.low);
  p.high = json.value("high", p.high);
  if (json.contains("choices")) {
    for (const Json& choice : json.at("choices")) p.choices.push_back(value_of(choice));
  }
  p.items = json.value("items", p.items);
  p.min_items = json.value("min_items", std::size_t{0});
  p.max_items = json.value("max_items", p.items);
  p.log = json.value("log", false);
  p.step = json.value("step", 0.0);
  p.size = json.value("size", std::size_t{0});
  if (json.contains("when")) {
    for (const Json& condition : json.at("when")) p.when.push_back(condition_of(condition));
  }
  if (json.contains("role")) p.role = role_of(json.at("role"));
  if (json.contains("default")) p.default_value = value_of(json.at("default"));
  if (json.contains("likely")) p.likely = json.at("likely").get<std::vector<double>>();
  return p;
}

// "real [0, 5] log": what a person compares.
std::string described(const Parameter& p) {
  Json json = json_of(p);
  std::string text(name_of(p.kind));
  if (json.contains("low")) text += " [" + precise(p.low) + ", " + precise(p.high) + "]";
  for (const auto& [name, value] : json.items()) {
    if (name == "name" || name == "kind" || name == "low" || name == "high") continue;
    text += " " + name + (value == Json(true) ? "" : "=" + value.dump());
  }
  return text;
}

[[noreturn]] void no_extension(const std::string& what) {
  throw SpaceError("space.extend",
                   what +
                       "; an extension may widen bounds, add choices at the end, and "
                       "add parameters with a default_value");
}

void check_parameter_extends(const Parameter& now, const Parameter& old) {
  const std::string what =
      "parameter \"" + old.name + "\": " + described(old) + " -> " + described(now);
  const bool same = now.kind == old.kind && now.size == old.size && now.items == old.items &&
                    now.step == old.step && now.role == old.role &&
                    now.choices.size() >= old.choices.size() &&
                    std::equal(old.choices.begin(), old.choices.end(), now.choices.begin());
  if (!same || now.low > old.low || now.high < old.high) no_extension(what);
  Parameter with_old_conditions = now;
  with_old_conditions.when = old.when;  // beliefs may change
  if (described(now) != described(with_old_conditions)) no_extension(what);
  if (old.step > 0) {
    const double shift = (old.low - now.low) / old.step;
    if (std::abs(shift - std::round(shift)) > 1e-9) no_extension(what + " (another grid)");
  }
}

}  // namespace

std::string Space::to_json() const {
  Json json = {{"parameters", Json::array()}};
  for (const Parameter& parameter : parameters()) json["parameters"].push_back(json_of(parameter));
  for (const KnownConstraint& constraint : constraints()) {
    Json entry = {{"name", constraint.name}};
    if (constraint.weights.empty()) {
      entry["predicate"] = true;
    } else {
      entry["linear"] = Json::array();
      for (const auto& [name, weight] : constraint.weights)
        entry["linear"].push_back({name, weight});
      entry["bound"] = constraint.bound;
    }
    json["constraints"].push_back(entry);
  }
  return json.dump();
}

Space Space::from_json(std::string_view text) {
  try {
    const Json json = parse_json(text);
    Space space;
    for (const Json& parameter : json.at("parameters")) space.add(parameter_of(parameter));
    if (!json.contains("constraints")) return space;
    for (const Json& constraint : json.at("constraints")) {
      const std::string name = constraint.at("name");
      if (constraint.contains("predicate")) {
        space.constraint(name, std::function<double(const Point&)>());
        continue;
      }
      std::vector<std::pair<std::string, double>> weights;
      for (const Json& term : constraint.at("linear")) weights.emplace_back(term.at(0), term.at(1));
      space.linear_constraint(std::move(weights), constraint.at("bound"), name);
    }
    return space;
  } catch (const nlohmann::json::exception& error) {
    throw SpaceError("space.json",
                     std::string("the JSON is no space (") + error.what() +
                         "); it needs {\"parameters\": [{\"name\": ..., \"kind\": ...}]}");
  }
}

std::string Space::difference(const Space& other) const {
  std::string out;
  const auto line = [&](const std::string& text) { out += (out.empty() ? "" : "\n") + text; };
  for (const Parameter& p : other.parameters()) {
    const auto mine = find(p.name);
    if (!mine) {
      line(p.name + ": " + described(p) + " -> gone");
    } else if (described(parameters()[*mine]) != described(p)) {
      line(p.name + ": " + described(p) + " -> " + described(parameters()[*mine]));
    }
  }
  for (const Parameter& p : parameters()) {
    if (!other.find(p.name)) line(p.name + ": new -> " + described(p));
  }
  if (!out.empty()) return out;
  const Json own = Json::parse(to_json()), others = Json::parse(other.to_json());
  if (own.value("constraints", Json()) != others.value("constraints", Json())) {
    line("constraints: " + others.value("constraints", Json()).dump() + " -> " +
         own.value("constraints", Json()).dump());
  } else if (own != others) {
    line("the order of the parameters");
  }
  return out;
}

void Space::check_extends(const Space& older) const {
  for (const Parameter& old : older.parameters()) {
    const auto now = find(old.name);
    if (!now) no_extension("parameter \"" + old.name + "\" is gone");
    check_parameter_extends(parameters()[*now], old);
  }
  for (const Parameter& p : parameters()) {
    if (older.find(p.name)) continue;
    if (p.default_value.absent() && p.when.empty()) {
      no_extension("new parameter \"" + p.name + "\" has no default_value for the trials so far");
    }
  }
}

std::vector<double> Space::adopt(const Space& older, std::span<const double> slots) const {
  std::vector<double> out(this->slots(), std::numeric_limits<double>::quiet_NaN());
  for (std::size_t i = 0; i < parameters().size(); ++i) {
    const Parameter& p = impl_->parameters[i];
    const auto to = std::span<double>(out).subspan(impl_->slot_offsets[i], p.slots());
    if (const auto old = older.find(p.name)) {
      const auto from = slots.subspan(older.slot_offset(*old), p.slots());
      std::copy(from.begin(), from.end(), to.begin());
    } else if (active(impl_->conditions[i], out) && !p.default_value.absent()) {
      const Point with_default = Space()
                                     .add([&] {
                                       Parameter alone = p;
                                       alone.when.clear();
                                       return alone;
                                     }())
                                     .point({{p.name, p.default_value}});
      std::copy(with_default.slots().begin(), with_default.slots().end(), to.begin());
    } else if (active(impl_->conditions[i], out)) {
      no_extension("new parameter \"" + p.name + "\" has no default_value for the trials so far");
    }
  }
  return out;
}

}  // namespace asktell
