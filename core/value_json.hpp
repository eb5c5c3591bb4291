// Values as nlohmann::json, for the library's own .cpp files (private: public headers know no JSON
// type).
#pragma once

#include <nlohmann/json.hpp>

#include <asktell/core/value.hpp>

namespace asktell {

nlohmann::ordered_json json_of(const Value& value);        // PointError for NaN and infinity
Value value_of(const nlohmann::ordered_json& json);        // PointError for objects, mixed lists
nlohmann::ordered_json parse_json(std::string_view text);  // PointError "point.json"

}  // namespace asktell
