// The value of one parameter, option or note: a number, a flag, a word, or a list of numbers.
// Converts to any arithmetic type (exactly, or PointError), to std::string and to lists.
#pragma once

#include <concepts>
#include <cstdint>
#include <iosfwd>
#include <map>
#include <string>
#include <string_view>
#include <type_traits>
#include <variant>
#include <vector>

namespace asktell {

class Value {
 public:
  // std::monostate: absent (an inactive conditional parameter; JSON null).
  using Variant = std::variant<std::monostate, bool, std::int64_t, double, std::string,
                               std::vector<std::int64_t>, std::vector<double>>;

  Value() = default;
  Value(bool flag) : data_(flag) {}
  template <std::integral T>
  requires(!std::same_as<T, bool>) Value(T integer) : data_(static_cast<std::int64_t>(integer)) {}
  template <std::floating_point T>
  Value(T number) : data_(static_cast<double>(number)) {}
  Value(const char* word) : data_(std::string(word)) {}
  Value(std::string_view word) : data_(std::string(word)) {}
  Value(std::string word) : data_(std::move(word)) {}
  Value(std::vector<std::int64_t> list) : data_(std::move(list)) {}
  Value(std::vector<double> list) : data_(std::move(list)) {}

  const Variant& data() const { return data_; }
  bool absent() const { return data_.index() == 0; }
  bool is_number() const;            // bool, integer or real
  double number() const;             // bool, integer, real; PointError otherwise
  std::int64_t integer() const;      // bool, integer, integral real; PointError otherwise
  std::string text() const;          // words as they are, everything else as JSON
  std::vector<double> list() const;  // a list, or a scalar as a list of one

  template <typename T>
  requires std::is_arithmetic_v<T>
  operator T() const {
    if constexpr (std::is_floating_point_v<T>) {
      return static_cast<T>(number());
    } else if constexpr (std::same_as<T, bool>) {
      return integer() != 0;
    } else {
      return static_cast<T>(integer());
    }
  }
  operator std::string() const { return text(); }
  operator std::vector<double>() const { return list(); }

  friend bool operator==(const Value&, const Value&) = default;

 private:
  Variant data_;
};

// Numbers of any type compare by value (1 == 1.0 == true), words by their letters.
bool same_value(const Value& a, const Value& b);

std::ostream& operator<<(std::ostream& out, const Value& value);

// Named values in the order of their names: points given by the user, options, notes.
using Assignment = std::map<std::string, Value, std::less<>>;

std::string precise(double number);  // 17 digits at most, shortest that reads back equal

// Strict JSON (no NaN, no infinity; 17 digits at most, shortest that reads back equal).
std::string to_json(const Value& value);
std::string to_json(const Assignment& values);
Value value_from_json(std::string_view json);
Assignment assignment_from_json(std::string_view json);

}  // namespace asktell
