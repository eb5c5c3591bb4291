// Names and JSON of queries and answers; see query.hpp.
#include <asktell/core/query.hpp>

#include <algorithm>
#include <array>
#include <cmath>
#include <nlohmann/json.hpp>

#include <asktell/core/errors.hpp>
#include <asktell/core/value_json.hpp>

namespace asktell {
namespace {

using Json = nlohmann::ordered_json;
constexpr std::array<std::string_view, 4> kOracleNames = {"evaluate", "compare", "perturb",
                                                          "consult"};

void put(Json& json, const char* name, const std::vector<double>& values) {
  if (!values.empty()) json[name] = values;
}

std::vector<double> numbers(const Json& json, const char* name) {
  return json.contains(name) ? json.at(name).get<std::vector<double>>() : std::vector<double>();
}

Json json_of(const Query& query) {
  Json json;
  json["kind"] = name_of(oracle_of(query));
  if (const auto* evaluate = std::get_if<Evaluate>(&query)) {
    json["point"] = Json::parse(evaluate->point.to_json());
  } else if (const auto* compare = std::get_if<Compare>(&query)) {
    json["points"] = Json::array();
    for (const Point& point : compare->points)
      json["points"].push_back(Json::parse(point.to_json()));
    json["best"] = compare->best;
  } else if (const auto* perturb = std::get_if<Perturb>(&query)) {
    json["seed"] = perturb->seed;
    json["scale"] = perturb->scale;
    json["moves"] = Json::array();
    for (const Move& move : perturb->moves) json["moves"].push_back({move.seed, move.scale});
  } else {
    const auto& consult = std::get<Consult>(query);
    json["function"] = consult.function;
    json["wants"] = consult.wants;
    put(json, "x", consult.x);
    put(json, "y", consult.y);
    put(json, "direction", consult.direction);
    json["seed"] = consult.seed;
  }
  return json;
}

Query query_of(const Json& json, const Space& space) {
  switch (oracle_from_name(json.at("kind").get<std::string>())) {
    case Oracle::kEvaluate:
      return Evaluate{space.point_from_json(json.at("point").dump())};
    case Oracle::kCompare: {
      Compare compare;
      for (const Json& point : json.at("points")) {
        compare.points.push_back(space.point_from_json(point.dump()));
      }
      compare.best = json.at("best");
      return compare;
    }
    case Oracle::kPerturb: {
      Perturb perturb{.seed = json.at("seed"), .scale = json.at("scale")};
      for (const Json& move : json.at("moves")) perturb.moves.push_back({move.at(0), move.at(1)});
      return perturb;
    }
    case Oracle::kConsult:
      break;
  }
  return Consult{.function = json.at("function"),
                 .wants = json.at("wants"),
                 .x = numbers(json, "x"),
                 .y = numbers(json, "y"),
                 .direction = numbers(json, "direction"),
                 .seed = json.at("seed")};
}

Json json_of(const Values& values) {
  Json json = {{"objectives", values.objectives}};
  if (values.noise_variance) {
    // Infinite noise is legal and strict JSON has no infinity.
    json["noise_variance"] =
        std::isinf(*values.noise_variance) ? Json("inf") : Json(*values.noise_variance);
  }
  put(json, "constraints", values.constraints);
  put(json, "gradient", values.gradient);
  if (values.cost) json["cost"] = *values.cost;
  return json;
}

Values values_of(const Json& json) {
  Values values;
  values.objectives = json.at("objectives").get<std::vector<double>>();
  if (json.contains("noise_variance")) {
    const Json& noise = json.at("noise_variance");
    values.noise_variance = noise.is_string() ? HUGE_VAL : noise.get<double>();
  }
  values.constraints = numbers(json, "constraints");
  values.gradient = numbers(json, "gradient");
  if (json.contains("cost")) values.cost = json.at("cost").get<double>();
  return values;
}

Json json_of(const Consulted& answer) {
  Json json = {{"kind", "consulted"}};
  if (answer.value) json["value"] = *answer.value;
  put(json, "grad_x", answer.grad_x);
  put(json, "grad_y", answer.grad_y);
  put(json, "constraints", answer.constraints);
  put(json, "jacobian_x", answer.jacobian_x);
  put(json, "jacobian_y", answer.jacobian_y);
  put(json, "product", answer.product);
  return json;
}

Consulted consulted_of(const Json& json) {
  Consulted answer;
  if (json.contains("value")) answer.value = json.at("value").get<double>();
  answer.grad_x = numbers(json, "grad_x");
  answer.grad_y = numbers(json, "grad_y");
  answer.constraints = numbers(json, "constraints");
  answer.jacobian_x = numbers(json, "jacobian_x");
  answer.jacobian_y = numbers(json, "jacobian_y");
  answer.product = numbers(json, "product");
  return answer;
}

// An object with no other names than these, or an error that says so.
void only_names(const Json& json, const std::vector<std::string_view>& names) {
  std::string list;
  for (std::string_view name : names) list += (list.empty() ? "" : ", ") + std::string(name);
  if (!json.is_object()) {
    throw PointError("point.json", "an answer is " + json.dump() + "; give an object with " + list);
  }
  for (const auto& [name, value] : json.items()) {
    if (std::find(names.begin(), names.end(), name) != names.end()) continue;
    throw PointError("point.json", "an answer holds \"" + name + "\" in " + json.dump() +
                                       "; beside the others there may be " + list);
  }
}

template <typename Read>
auto reading(std::string_view what, std::string_view text, Read read) {
  try {
    return read(parse_json(text));
  } catch (const nlohmann::json::exception& error) {
    throw PointError("point.json", "\"" + std::string(text.substr(0, 80)) + "\" is not " +
                                       std::string(what) + " (" + error.what() + ")");
  }
}

}  // namespace

Oracle oracle_of(const Query& query) {
  return static_cast<Oracle>(query.index());
}

std::string_view name_of(Oracle oracle) {
  return kOracleNames[static_cast<std::size_t>(oracle)];
}

Oracle oracle_from_name(std::string_view name) {
  for (std::size_t i = 0; i < kOracleNames.size(); ++i) {
    if (kOracleNames[i] == name) return static_cast<Oracle>(i);
  }
  throw OptionError("option.oracle", "there is no oracle \"" + std::string(name) +
                                         "\"; it is evaluate, compare, perturb or consult");
}

std::string to_json(const Query& query) {
  return json_of(query).dump();
}

Query query_from_json(std::string_view text, const Space& space) {
  return reading("a query", text, [&](const Json& json) { return query_of(json, space); });
}

std::string to_json(const Answer& answer) {
  if (const auto* values = std::get_if<Values>(&answer)) return json_of(*values).dump();
  if (const auto* ranking = std::get_if<Ranking>(&answer)) {
    return Json({{"order", ranking->order}}).dump();
  }
  if (const auto* losses = std::get_if<Losses>(&answer)) {
    return Json({{"plus", losses->plus}, {"minus", losses->minus}}).dump();
  }
  if (const auto* consulted = std::get_if<Consulted>(&answer)) return json_of(*consulted).dump();
  return Json({{"failure", std::get<Failure>(answer).reason}})
      .dump(-1, ' ', false, Json::error_handler_t::replace);  // reasons may be any bytes
}

Answer answer_from_json(std::string_view text) {
  return reading("an answer", text, [](const Json& json) -> Answer {
    if (json.contains("objectives")) {
      only_names(json, {"objectives", "noise_variance", "constraints", "gradient", "cost"});
      return values_of(json);
    }
    if (json.contains("order")) {
      only_names(json, {"order"});
      return Ranking{json.at("order").get<std::vector<std::size_t>>()};
    }
    if (json.contains("plus")) {
      only_names(json, {"plus", "minus"});
      return Losses{json.at("plus"), json.at("minus")};
    }
    if (json.contains("failure")) {
      only_names(json, {"failure"});
      return Failure{json.at("failure")};
    }
    only_names(json, {"kind", "value", "grad_x", "grad_y", "constraints", "jacobian_x",
                      "jacobian_y", "product"});
    return consulted_of(json);
  });
}

}  // namespace asktell
