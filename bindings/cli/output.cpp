// See output.hpp.
#include <asktell/bindings/cli/output.hpp>

#include <algorithm>
#include <charconv>
#include <map>
#include <optional>

namespace asktell::cli {
namespace {

std::optional<double> whole_number(std::string_view text) {
  if (!text.empty() && text.front() == '+') text.remove_prefix(1);
  double value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc() || end != text.data() + text.size()) return std::nullopt;
  return value;
}

std::string_view trimmed(std::string_view text) {
  const auto first = text.find_first_not_of(" \t\r");
  if (first == std::string_view::npos) return {};
  return text.substr(first, text.find_last_not_of(" \t\r") - first + 1);
}

// The last number of a line, its words separated by spaces, commas, colons and the like.
std::optional<double> last_number(std::string_view line) {
  std::optional<double> found;
  while (!line.empty()) {
    const std::size_t end = line.find_first_of(" \t\r,;:=()[]");
    if (const auto value = whole_number(line.substr(0, end))) found = value;
    if (end == std::string_view::npos) break;
    line.remove_prefix(end + 1);
  }
  return found;
}

struct Output {
  std::optional<double> value;          // the last number that no name claims
  std::map<std::string, double> named;  // name=value lines with a name that the study knows
};

bool known_name(const Problem& problem, const std::string& name) {
  const auto& constraints = problem.constraints;
  return name == "cost" || name == "noise_variance" ||
         std::any_of(problem.objectives.begin(), problem.objectives.end(),
                     [&](const Objective& objective) { return objective.name == name; }) ||
         std::find(constraints.begin(), constraints.end(), name) != constraints.end();
}

Output read(const Problem& problem, const std::vector<std::string>& lines) {
  Output output;
  for (const std::string& line : lines) {
    const std::size_t equals = line.find('=');
    if (equals != std::string::npos) {
      const std::string name(trimmed(std::string_view(line).substr(0, equals)));
      const auto value = whole_number(trimmed(std::string_view(line).substr(equals + 1)));
      if (value && known_name(problem, name)) {
        output.named[name] = *value;
        continue;
      }
    }
    if (const auto value = last_number(line)) output.value = value;
  }
  return output;
}

}  // namespace

Answer values_from_output(const Problem& problem, const std::vector<std::string>& lines) {
  const Output output = read(problem, lines);
  Values values;
  for (std::size_t i = 0; i < problem.objectives.size(); ++i) {
    const auto named = output.named.find(problem.objectives[i].name);
    if (named != output.named.end()) {
      values.objectives.push_back(named->second);
    } else if (i == 0 && output.value) {
      values.objectives.push_back(*output.value);
    } else if (problem.objectives.size() == 1) {
      return Failure{"no number was printed"};
    } else {
      return Failure{"no line \"" + problem.objectives[i].name + "=number\" was printed"};
    }
  }
  for (const std::string& name : problem.constraints) {
    const auto named = output.named.find(name);
    if (named == output.named.end()) return Failure{"no line \"" + name + "=number\" was printed"};
    values.constraints.push_back(named->second);
  }
  const auto optional = [&](const std::string& name) -> std::optional<double> {
    const auto named = output.named.find(name);
    return named == output.named.end() ? std::nullopt : std::optional(named->second);
  };
  values.cost = optional("cost");
  values.noise_variance = optional("noise_variance");
  return values;
}

}  // namespace asktell::cli
