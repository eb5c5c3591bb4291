// Described options: a solver declares each field of its plain Options struct once, and the
// registry, the Python package, the command line and the reference pages all read that description.
//
//   struct Options { std::int64_t levels = 10; };
//   auto schema = Schema<Options>().field("levels", &Options::levels, "values per real parameter",
//   2, 1e6);
#pragma once

#include <functional>
#include <limits>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <asktell/core/value.hpp>

namespace asktell {

struct OptionSpec {
  std::string name = {};
  std::string type = {};  // "real", "integer", "boolean", "text"
  Value default_value = {};
  std::string description = {};                           // one line with unit and effect
  double low = -std::numeric_limits<double>::infinity();  // inclusive
  double high = std::numeric_limits<double>::infinity();
  std::vector<std::string> choices = {};  // of a text; empty: any
};

// "an integer from 1 to 9", "one of mean, none", "a number".
std::string allowed_values(const OptionSpec& spec);
// Throws OptionError naming the option, the value and what is allowed.
void check_option(const OptionSpec& spec, std::string_view owner, const Value& value);
// Throws OptionError when `values` holds a name that `specs` does not; suggests the nearest.
void check_option_names(const std::vector<OptionSpec>& specs, std::string_view owner,
                        const Assignment& values);

template <typename Options>
class Schema {
 public:
  template <typename T>
  Schema& field(std::string name, T Options::*member, std::string description,
                double low = -std::numeric_limits<double>::infinity(),
                double high = std::numeric_limits<double>::infinity()) {
    return add(std::move(name), member, std::move(description), low, high, {});
  }
  Schema& field(std::string name, std::string Options::*member, std::string description,
                std::vector<std::string> choices = {}) {
    const double infinity = std::numeric_limits<double>::infinity();
    return add(std::move(name), member, std::move(description), -infinity, infinity,
               std::move(choices));
  }

  const std::vector<OptionSpec>& specs() const { return specs_; }

  // Defaults overridden by `values`; throws OptionError.
  Options parse(std::string_view owner, const Assignment& values) const {
    check_option_names(specs_, owner, values);
    Options options;
    for (std::size_t i = 0; i < specs_.size(); ++i) {
      const auto found = values.find(specs_[i].name);
      if (found == values.end()) continue;
      check_option(specs_[i], owner, found->second);
      setters_[i](options, found->second);
    }
    return options;
  }

 private:
  template <typename T>
  static constexpr const char* type_name() {
    if constexpr (std::is_same_v<T, bool>)
      return "boolean";
    else if constexpr (std::is_integral_v<T>)
      return "integer";
    else if constexpr (std::is_floating_point_v<T>)
      return "real";
    else
      return "text";
  }
  template <typename T>
  Schema& add(std::string name, T Options::*member, std::string description, double low,
              double high, std::vector<std::string> choices) {
    specs_.push_back({std::move(name), type_name<T>(), Value(Options{}.*member),
                      std::move(description), low, high, std::move(choices)});
    setters_.push_back([member](Options& options, const Value& value) {
      options.*member = static_cast<T>(value);
    });
    return *this;
  }

  std::vector<OptionSpec> specs_;
  std::vector<std::function<void(Options&, const Value&)>> setters_;
};

}  // namespace asktell
