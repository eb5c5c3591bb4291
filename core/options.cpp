// Checks of described options, and the nearest name for a misspelled one.
#include <asktell/core/options.hpp>

#include <algorithm>
#include <cmath>
#include <numeric>

#include <asktell/core/errors.hpp>
#include <asktell/core/registry.hpp>

namespace asktell {
namespace {

std::size_t edit_distance(std::string_view a, std::string_view b) {
  std::vector<std::size_t> row(b.size() + 1);
  std::iota(row.begin(), row.end(), std::size_t{0});
  for (std::size_t i = 0; i < a.size(); ++i) {
    std::size_t diagonal = row[0];
    row[0] = i + 1;
    for (std::size_t j = 0; j < b.size(); ++j) {
      const std::size_t substituted = diagonal + (a[i] == b[j] ? 0 : 1);
      diagonal = row[j + 1];
      row[j + 1] = std::min({substituted, row[j] + 1, row[j + 1] + 1});
    }
  }
  return row.back();
}

[[noreturn]] void refuse(const OptionSpec& spec, std::string_view owner, const Value& value,
                         const std::string& wanted) {
  throw OptionError("option.value", "option \"" + spec.name + "\" of \"" + std::string(owner) +
                                        "\" is " + value.text() + "; it must be " + wanted);
}

// "between 0 and 1", or one side only where the other is open.
std::string range_text(double low, double high) {
  if (std::isinf(high)) return std::isinf(low) ? "finite" : "at least " + Value(low).text();
  if (std::isinf(low)) return "at most " + Value(high).text();
  return "between " + Value(low).text() + " and " + Value(high).text();
}

}  // namespace

std::string nearest_name(std::string_view name, const std::vector<std::string>& candidates) {
  std::string best;
  std::size_t distance = std::max<std::size_t>(2, name.size() / 3) + 1;
  for (const std::string& candidate : candidates) {
    const std::size_t other = edit_distance(name, candidate);
    if (other < distance) {
      distance = other;
      best = candidate;
    }
  }
  return best;
}

void check_option(const OptionSpec& spec, std::string_view owner, const Value& value) {
  if (spec.type == "text") {
    if (!std::holds_alternative<std::string>(value.data())) refuse(spec, owner, value, "a word");
    if (spec.choices.empty()) return;
    std::string list;
    for (const std::string& choice : spec.choices) {
      if (choice == value.text()) return;
      list += (list.empty() ? "" : ", ") + choice;
    }
    refuse(spec, owner, value, "one of: " + list);
  }
  if (spec.type == "boolean") {
    if (!std::holds_alternative<bool>(value.data())) refuse(spec, owner, value, "true or false");
    return;
  }
  if (!value.is_number() || std::isnan(value.number())) refuse(spec, owner, value, "a number");
  const double number = value.number();
  if (spec.type == "integer" && std::floor(number) != number) {
    refuse(spec, owner, value, "an integer");
  }
  if (std::isinf(number) || number < spec.low || number > spec.high) {
    refuse(spec, owner, value, range_text(spec.low, spec.high));
  }
}

void check_option_names(const std::vector<OptionSpec>& specs, std::string_view owner,
                        const Assignment& values) {
  for (const auto& [name, value] : values) {
    std::vector<std::string> known;
    for (const OptionSpec& spec : specs) known.push_back(spec.name);
    if (std::find(known.begin(), known.end(), name) != known.end()) continue;
    const std::string near = nearest_name(name, known);
    std::string list;
    for (const std::string& each : known) list += (list.empty() ? "" : ", ") + each;
    throw OptionError("option.unknown",
                      "\"" + std::string(owner) + "\" has no option \"" + name + "\"" +
                          (near.empty() ? "" : "; did you mean \"" + near + "\"?") +
                          (list.empty() ? "; it has no options" : " Its options: " + list));
  }
}

}  // namespace asktell
