// asktell best, trials, copy: what a study holds, from indexed columns; no solver is loaded.
#include <array>
#include <charconv>
#include <cstdio>
#include <filesystem>
#include <iostream>
#include <nlohmann/json.hpp>

#include <asktell/bindings/cli/cli.hpp>
#include <asktell/core/storage.hpp>

namespace asktell::cli {
namespace {

using Json = nlohmann::ordered_json;

// As short as it can be read back.
std::string number(double value) {
  std::array<char, 40> text{};
  return {text.data(), std::to_chars(text.data(), text.data() + text.size(), value).ptr};
}

void best(const std::string& file, const std::string& format) {
  const auto row = StudyReader(file).best();
  if (!row) {
    std::cerr << "asktell: nothing feasible was told yet\n";
    throw CLI::RuntimeError(kExhausted);
  }
  if (format == "json") {
    std::cout << "{\"trial\": " << row->number << ", \"value\": " << number(*row->value)
              << ", \"params\": " << row->params << "}\n";
    return;
  }
  char value[32];
  std::snprintf(value, sizeof value, "%.4g", *row->value);
  std::cout << "trial " << row->number << ": " << value << " at ";
  bool first = true;
  const Json params = Json::parse(row->params);
  for (const auto& [name, entry] : params.items()) {
    std::cout << (first ? "" : ", ") << name << " = "
              << (entry.is_string() ? entry.get<std::string>() : entry.dump());
    first = false;
  }
  std::cout << '\n';
}

std::string csv_cell(const Json& value) {
  if (value.is_null()) return "";
  std::string text = value.is_string() ? value.get<std::string>() : value.dump();
  if (text.find_first_of(",\"\n") == std::string::npos) return text;
  std::string out = "\"";
  for (char c : text) out += c == '"' ? "\"\"" : std::string(1, c);
  return out + "\"";
}

std::vector<std::string> parameter_names(const std::string& configuration) {
  std::vector<std::string> names;
  const Json space = Json::parse(configuration).at("space");
  for (const Json& parameter : space.at("parameters")) names.push_back(parameter.at("name"));
  return names;
}

void print_csv(const StudyReader& reader) {
  const std::vector<std::string> names = parameter_names(reader.configuration());
  std::cout << "trial,state,origin,value,feasible";
  for (const std::string& name : names) std::cout << ',' << csv_cell(name);
  std::cout << ",note\n";
  for (const TrialRow& row : reader.rows()) {
    const Json params = row.params.empty() ? Json::object() : Json::parse(row.params);
    std::cout << row.number << ',' << name_of(row.state) << ',' << name_of(row.origin) << ','
              << (row.value ? number(*row.value) : "") << ',' << (row.feasible ? "true" : "false");
    for (const std::string& name : names) {
      std::cout << ',' << (params.contains(name) ? csv_cell(params[name]) : "");
    }
    std::cout << ',' << csv_cell(row.note) << '\n';
  }
}

void print_json(const StudyReader& reader) {
  for (const TrialRow& row : reader.rows()) {
    std::cout << "{\"trial\": " << row.number << ", \"state\": \"" << name_of(row.state)
              << "\", \"origin\": \"" << name_of(row.origin)
              << "\", \"value\": " << (row.value ? number(*row.value) : "null")
              << ", \"feasible\": " << (row.feasible ? "true" : "false")
              << ", \"params\": " << (row.params.empty() ? "null" : row.params)
              << ", \"note\": " << quoted(row.note) << "}\n";
  }
}

void print_table(const StudyReader& reader) {
  for (const TrialRow& row : reader.rows()) {
    char line[64];
    std::snprintf(line, sizeof line, "%6lld  %-8s %-9s ", static_cast<long long>(row.number),
                  std::string(name_of(row.state)).c_str(),
                  std::string(name_of(row.origin)).c_str());
    std::cout << line << (row.value ? number(*row.value) : "-")
              << (row.feasible ? "" : " infeasible") << "  " << row.params
              << (row.note.empty() ? "" : "  " + row.note) << '\n';
  }
}

}  // namespace

void add_show(CLI::App& app) {
  struct Arguments {
    std::string file;
    std::string format;
    std::string target;
  };
  auto best_arguments = std::make_shared<Arguments>(Arguments{"", "text", ""});
  CLI::App* best_command = app.add_subcommand("best", "Print the best feasible trial");
  best_command->add_option("file", best_arguments->file, "The study's file")->required();
  best_command->add_option("--format", best_arguments->format, "text or json")
      ->check(CLI::IsMember({"text", "json"}));
  best_command->callback([best_arguments] { best(best_arguments->file, best_arguments->format); });

  auto trials_arguments = std::make_shared<Arguments>(Arguments{"", "table", ""});
  CLI::App* trials_command = app.add_subcommand("trials", "Print all trials");
  trials_command->add_option("file", trials_arguments->file, "The study's file")->required();
  trials_command
      ->add_option("--format", trials_arguments->format, "table, csv or json (one line each)")
      ->check(CLI::IsMember({"table", "csv", "json"}));
  trials_command->callback([trials_arguments] {
    const StudyReader reader(trials_arguments->file);
    const std::string& format = trials_arguments->format;
    format == "csv"    ? print_csv(reader)
    : format == "json" ? print_json(reader)
                       : print_table(reader);
  });

  auto copy_arguments = std::make_shared<Arguments>();
  CLI::App* copy_command = app.add_subcommand("copy", "Copy a study, also while workers use it");
  copy_command->add_option("file", copy_arguments->file, "The study's file")->required();
  copy_command->add_option("target", copy_arguments->target, "The new file")->required();
  copy_command->callback(
      [copy_arguments] { open_study(copy_arguments->file).copy_to(copy_arguments->target); });
}

}  // namespace asktell::cli
