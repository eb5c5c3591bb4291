// Conversions and strict JSON of values; see value.hpp.
#include <asktell/core/value.hpp>

#include <cmath>
#include <nlohmann/json.hpp>
#include <ostream>

#include <asktell/core/errors.hpp>
#include <asktell/core/value_json.hpp>

namespace asktell {
namespace {

[[noreturn]] void wrong_type(const Value& value, std::string_view wanted) {
  throw PointError("point.type", "value " + value.text() + " is not " + std::string(wanted));
}

double finite(double number) {
  if (std::isfinite(number)) return number;
  throw PointError("point.not-finite", "a value is " +
                                           std::string(std::isnan(number) ? "nan" : "infinite") +
                                           "; JSON holds finite numbers only");
}

}  // namespace

bool Value::is_number() const {
  const std::size_t index = data_.index();
  return index >= 1 && index <= 3;
}

double Value::number() const {
  if (const auto* flag = std::get_if<bool>(&data_)) return *flag ? 1 : 0;
  if (const auto* integer = std::get_if<std::int64_t>(&data_)) return static_cast<double>(*integer);
  if (const auto* real = std::get_if<double>(&data_)) return *real;
  wrong_type(*this, "a number");
}

std::int64_t Value::integer() const {
  if (const auto* integer = std::get_if<std::int64_t>(&data_)) return *integer;
  const double real = number();
  if (std::floor(real) == real && std::abs(real) < 0x1p63) return static_cast<std::int64_t>(real);
  wrong_type(*this, "an integer");
}

std::string Value::text() const {
  if (const auto* word = std::get_if<std::string>(&data_)) return *word;
  if (const auto* real = std::get_if<double>(&data_); real && !std::isfinite(*real)) {
    return std::isnan(*real) ? "nan" : *real > 0 ? "infinity" : "-infinity";
  }
  return to_json(*this);
}

std::vector<double> Value::list() const {
  if (const auto* reals = std::get_if<std::vector<double>>(&data_)) return *reals;
  if (const auto* integers = std::get_if<std::vector<std::int64_t>>(&data_)) {
    return {integers->begin(), integers->end()};
  }
  return {number()};
}

bool same_value(const Value& a, const Value& b) {
  if (a.is_number() && b.is_number()) return a.number() == b.number();
  return a == b;
}

std::ostream& operator<<(std::ostream& out, const Value& value) {
  return out << value.text();
}

nlohmann::ordered_json json_of(const Value& value) {
  using Json = nlohmann::ordered_json;
  return std::visit(
      [](const auto& data) -> Json {
        using Data = std::decay_t<decltype(data)>;
        if constexpr (std::is_same_v<Data, std::monostate>) {
          return nullptr;
        } else if constexpr (std::is_same_v<Data, double>) {
          return finite(data);
        } else if constexpr (std::is_same_v<Data, std::vector<double>>) {
          for (double number : data) finite(number);
          return data;
        } else {
          return data;
        }
      },
      value.data());
}

Value value_of(const nlohmann::ordered_json& json) {
  if (json.is_null()) return {};
  if (json.is_boolean()) return json.get<bool>();
  if (json.is_number_integer()) return json.get<std::int64_t>();
  if (json.is_number()) return json.get<double>();
  if (json.is_string()) return json.get<std::string>();
  if (json.is_array()) {
    bool integers = true;
    for (const auto& item : json) {
      if (!item.is_number()) {
        throw PointError("point.json",
                         "the list " + json.dump() + " holds something else than numbers");
      }
      integers &= item.is_number_integer();
    }
    if (integers) return json.get<std::vector<std::int64_t>>();
    return json.get<std::vector<double>>();
  }
  throw PointError("point.json", json.dump() +
                                     " is not a value: give a number, a flag, a word or a "
                                     "list of numbers");
}

nlohmann::ordered_json parse_json(std::string_view text) {
  try {
    return nlohmann::ordered_json::parse(text);
  } catch (const nlohmann::json::exception& error) {
    throw PointError("point.json", "\"" + std::string(text.substr(0, 80)) + "\" is not JSON (" +
                                       error.what() + ")");
  }
}

std::string to_json(const Value& value) {
  return json_of(value).dump();
}

std::string to_json(const Assignment& values) {
  nlohmann::ordered_json json = nlohmann::ordered_json::object();
  for (const auto& [name, value] : values) json[name] = json_of(value);
  return json.dump();
}

Value value_from_json(std::string_view json) {
  return value_of(parse_json(json));
}

Assignment assignment_from_json(std::string_view text) {
  const auto json = parse_json(text);
  if (!json.is_object()) {
    throw PointError("point.json", "\"" + std::string(text.substr(0, 80)) +
                                       "\" is not a JSON object of names and values");
  }
  Assignment values;
  for (const auto& [name, value] : json.items()) values[name] = value_of(value);
  return values;
}

}  // namespace asktell
