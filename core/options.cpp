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

// A bound as the option's values are written: an integer without a point.
std::string bound_text(const OptionSpec& spec, double bound) {
  if (spec.type == "integer") return std::to_string(static_cast<std::int64_t>(bound));
  return Value(bound).text();
}

}  // namespace

std::string nearest_name(std::string_view name, const std::vector<std::string>& candidates) {
  std::string best;
  std::size_t distance = std::max<std::size_t>(2, name.size() / 3) + 1;
  for (const std::string& candidate : candidates) {
    if (name.size() > 2 && std::string_view(candidate).starts_with(name)) return candidate;
    const std::size_t other = edit_distance(name, candidate);
    if (other < distance) {
      distance = other;
      best = candidate;
    }
  }
  return best;
}

std::string allowed_values(const OptionSpec& spec) {
  std::string list;
  for (const std::string& choice : spec.choices) list += (list.empty() ? "" : ", ") + choice;
  if (!list.empty()) return "one of " + list;
  if (spec.type == "text") return "a word";
  if (spec.type == "boolean") return "true or false";
  const std::string kind = spec.type == "integer" ? "an integer" : "a number";
  const bool low = std::isfinite(spec.low), high = std::isfinite(spec.high);
  if (low && high) {
    return kind + " from " + bound_text(spec, spec.low) + " to " + bound_text(spec, spec.high);
  }
  if (low) return kind + " of at least " + bound_text(spec, spec.low);
  if (high) return kind + " of at most " + bound_text(spec, spec.high);
  return kind;
}

void check_option(const OptionSpec& spec, std::string_view owner, const Value& value) {
  bool fits = false;
  if (spec.type == "text") {
    const auto* word = std::get_if<std::string>(&value.data());
    fits = word && (spec.choices.empty() || std::find(spec.choices.begin(), spec.choices.end(),
                                                      *word) != spec.choices.end());
  } else if (spec.type == "boolean") {
    fits = std::holds_alternative<bool>(value.data());
  } else if (value.is_number()) {
    const double number = value.number();
    fits = std::isfinite(number) && number >= spec.low && number <= spec.high &&
           (spec.type != "integer" || std::floor(number) == number);
  }
  if (fits) return;
  throw OptionError("option.value", "option \"" + spec.name + "\" of \"" + std::string(owner) +
                                        "\" is " + value.text() + "; it must be " +
                                        allowed_values(spec));
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
                          (near.empty() ? "; " : "; did you mean \"" + near + "\"? ") +
                          (list.empty() ? "it has no options" : "Its options: " + list));
  }
}

}  // namespace asktell
