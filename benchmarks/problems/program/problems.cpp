// asktell problems: the registry of test problems, as text, JSON or the reference page, and the
// value of one at a point, so that a shell script has something to optimize.
#include <cmath>
#include <iostream>
#include <memory>

#include <asktell/benchmarks/problems/problem.hpp>
#include <asktell/bindings/cli/cli.hpp>
#include <asktell/bindings/cli/describe.hpp>
#include <asktell/core/errors.hpp>

namespace asktell::cli {
namespace {

using benchmarks::ProblemInfo;
using benchmarks::ProblemRegistry;
using benchmarks::TestProblem;
using Json = nlohmann::ordered_json;

struct Arguments {
  std::string name;
  std::vector<std::string> options;
  std::vector<double> at;
  std::uint64_t seed = 0;
  std::string format = "text";
};

Json to_json(const ProblemInfo& info) {
  return {{"name", info.name},
          {"summary", info.summary},
          {"reference", info.reference},
          {"options", options_json(info.options)}};
}

void print_markdown(const std::vector<std::string>& names) {
  std::cout << "# Test problems\n\nWritten by `asktell problems --format markdown`; do not edit by "
               "hand. Those written in\nPython are listed by `asktell-bench problems`.\n";
  std::string suite;
  for (const std::string& name : names) {
    const ProblemInfo& info = ProblemRegistry::global().at(name);
    const std::string its_suite = name.substr(0, name.find('/'));
    if (its_suite != suite) {
      suite = its_suite;
      std::cout << "\n## " << suite << "\n\n" << info.reference << "\n";
      print_options_markdown(info.options);
      std::cout << "\n| problem | |\n|---|---|\n";
    }
    std::cout << "| `" << name << "` | " << table_cell(info.summary) << " |\n";
  }
}

void print_facts(const TestProblem& problem) {
  std::cout << "  space " << problem.space.to_json() << '\n';
  if (problem.objectives.size() > 1)
    std::cout << "  objectives " << problem.objectives.size() << '\n';
  if (!problem.constraints.empty())
    std::cout << "  constraints " << problem.constraints.size() << '\n';
  if (!std::isnan(problem.optimum)) {
    std::cout << (problem.proven ? "  optimum " : "  best known value ")
              << Value(problem.optimum).text() << '\n';
  }
  if (problem.observe) std::cout << "  noisy\n";
  std::cout << "  budget " << problem.budget << '\n';
}

void print_values(const TestProblem& problem, const Arguments& arguments) {
  RandomStream noise(arguments.seed, Purpose::kUser);
  const Values values = problem.observe && arguments.seed > 0 ? problem.observe(arguments.at, noise)
                                                              : problem.evaluate(arguments.at);
  std::string line;
  for (const double value : values.objectives)
    line += (line.empty() ? "" : " ") + Value(value).text();
  for (const double value : values.constraints) line += " " + Value(value).text();
  std::cout << line << '\n';
}

void describe_one(const Arguments& arguments) {
  const ProblemInfo& info = ProblemRegistry::global().at(arguments.name);
  Assignment options;
  for (const std::string& word : arguments.options) {
    const auto [name, value] = split_assignment("--option", word);
    options[name] = value_from_word(value);
  }
  const TestProblem problem = benchmarks::make_problem(info.name, options);
  if (!arguments.at.empty()) return print_values(problem, arguments);
  if (arguments.format == "json") {
    std::cout << to_json(info).dump(2) << '\n';
    return;
  }
  std::cout << info.name << ": " << info.summary << '\n';
  print_options_text(info.options);
  print_facts(problem);
  std::cout << "  " << info.reference << '\n';
}

void problems(const Arguments& arguments) {
  const ProblemRegistry& registry = ProblemRegistry::global();
  const std::vector<std::string> names = registry.names();
  if (!arguments.name.empty() && arguments.format != "markdown") return describe_one(arguments);
  if (!arguments.at.empty()) {
    throw OptionError("option.missing", "--at needs the problem to evaluate; name one");
  }
  if (arguments.format == "markdown") return print_markdown(names);
  if (arguments.format == "json") {
    Json all = Json::array();
    for (const std::string& name : names) all.push_back(to_json(registry.at(name)));
    std::cout << all.dump(2) << '\n';
    return;
  }
  for (const std::string& name : names)
    std::cout << column(name, 28) << registry.at(name).summary << '\n';
}

}  // namespace

void add_problems(CLI::App& app) {
  auto arguments = std::make_shared<Arguments>();
  CLI::App* command =
      app.add_subcommand("problems", "List the test problems, describe one, or evaluate it");
  command->add_option("name", arguments->name, "A problem, such as bbob/f8");
  command->add_option("--option", arguments->options, "An option of the problem, as dimension=5")
      ->allow_extra_args(false);
  command->add_option("--at", arguments->at, "A point; prints objectives, then constraints")
      ->delimiter(',');
  command->add_option("--seed", arguments->seed, "Of a noisy problem's noise; 0: without noise");
  command->add_option("--format", arguments->format, "text, json or markdown")
      ->check(CLI::IsMember({"text", "json", "markdown"}));
  command->callback([arguments] { problems(*arguments); });
}

}  // namespace asktell::cli
