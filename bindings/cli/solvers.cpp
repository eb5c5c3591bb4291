// asktell solvers: the registry with its described options, as text, JSON or the reference page.
#include <cmath>
#include <iostream>
#include <nlohmann/json.hpp>

#include <asktell/bindings/cli/cli.hpp>
#include <asktell/bindings/cli/describe.hpp>
#include <asktell/core/registry.hpp>

namespace asktell::cli {
namespace {

using Json = nlohmann::ordered_json;

std::vector<std::string> traits(const Capabilities& can) {
  std::vector<std::string> out;
  std::string oracles, kinds;
  for (Oracle oracle : can.oracles)
    oracles += (oracles.empty() ? "" : ", ") + std::string(name_of(oracle));
  out.push_back("queries: " + oracles);
  for (std::size_t i = 0; i < kKindCount; ++i) {
    if ((can.parameter_kinds >> i & 1u) == 0) continue;
    kinds += (kinds.empty() ? "" : ", ") + std::string(name_of(static_cast<Kind>(i)));
  }
  out.push_back("parameters: " + (can.parameter_kinds == kAllKinds ? "all kinds" : kinds));
  if (!can.conditional) out.push_back("no conditional parameters");
  if (!can.known_constraints) out.push_back("no known constraints");
  if (can.told_constraints) out.push_back("told constraints");
  if (!can.noise) out.push_back("assumes no noise");
  if (can.gradients) out.push_back("uses told gradients");
  if (can.max_objectives > 1) out.push_back("several objectives");
  if (std::isfinite(can.max_dimension)) {
    out.push_back("at most " + std::to_string(static_cast<long>(can.max_dimension)) +
                  " dimensions");
  }
  if (can.needs_finite_space) out.push_back("finite spaces only");
  if (can.candidates) out.push_back("chooses from lists");
  if (can.beliefs) out.push_back("heeds beliefs about the optimum");
  return out;
}

Json to_json(const SolverInfo& info) {
  Json json = {{"name", info.name},
               {"summary", info.summary},
               {"reference", info.reference},
               {"capabilities", traits(info.capabilities)},
               {"options", options_json(info.options)}};
  return json;
}

void print_markdown(const SolverInfo& info) {
  std::cout << "\n## `" << info.name << "`\n\n" << info.summary << "\n\n";
  for (const std::string& trait : traits(info.capabilities)) std::cout << "- " << trait << '\n';
  print_options_markdown(info.options);
  std::cout << "\nReference: " << info.reference << "\n";
}

void print_text(const SolverInfo& info) {
  std::cout << info.name << ": " << info.summary << '\n';
  for (const std::string& trait : traits(info.capabilities)) std::cout << "  - " << trait << '\n';
  print_options_text(info.options);
  std::cout << "  " << info.reference << '\n';
}

void solvers(const std::string& name, const std::string& format) {
  const Registry& registry = Registry::global();
  const std::vector<std::string> names = name.empty() ? registry.names() : std::vector{name};
  if (format == "json") {
    Json all = Json::array();
    for (const std::string& each : names) all.push_back(to_json(registry.at(each)));
    std::cout << all.dump(2) << '\n';
    return;
  }
  if (format == "markdown") {
    std::cout
        << "# Solvers\n\nWritten by `asktell solvers --format markdown`; do not edit by hand.\n";
  }
  for (const std::string& each : names) {
    const SolverInfo& info = registry.at(each);
    if (format == "markdown") {
      print_markdown(info);
    } else if (name.empty()) {
      std::cout << column(info.name, 22) << info.summary << '\n';
    } else {
      print_text(info);
    }
  }
}

}  // namespace

void add_solvers(CLI::App& app) {
  struct Arguments {
    std::string name;
    std::string format = "text";
  };
  auto arguments = std::make_shared<Arguments>();
  CLI::App* command = app.add_subcommand("solvers", "List the solvers, or describe one");
  command->add_option("name", arguments->name, "A solver");
  command->add_option("--format", arguments->format, "text, json or markdown")
      ->check(CLI::IsMember({"text", "json", "markdown"}));
  command->callback([arguments] { solvers(arguments->name, arguments->format); });
}

}  // namespace asktell::cli
