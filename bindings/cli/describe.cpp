// Described options as the program shows them.
#include <iostream>

#include <asktell/bindings/cli/describe.hpp>

namespace asktell::cli {
namespace {

std::string text_of(const Value& value) {
  return value.absent() ? "" : value.text();
}

}  // namespace

nlohmann::ordered_json options_json(const std::vector<OptionSpec>& options) {
  auto list = nlohmann::ordered_json::array();
  for (const OptionSpec& option : options) {
    list.push_back({{"name", option.name},
                    {"type", option.type},
                    {"default", text_of(option.default_value)},
                    {"allowed", allowed_values(option)},
                    {"description", option.description}});
  }
  return list;
}

void print_options_text(const std::vector<OptionSpec>& options) {
  for (const OptionSpec& option : options) {
    std::cout << "  --option " << option.name << "=" << text_of(option.default_value) << "  ("
              << allowed_values(option) << ") " << option.description << '\n';
  }
}

void print_options_markdown(const std::vector<OptionSpec>& options) {
  if (options.empty()) return;
  std::cout << "\n| option | default | allowed | meaning |\n|---|---|---|---|\n";
  for (const OptionSpec& option : options) {
    std::cout << "| `" << option.name << "` | " << table_cell(text_of(option.default_value))
              << " | " << table_cell(allowed_values(option)) << " | "
              << table_cell(option.description) << " |\n";
  }
}

std::string table_cell(std::string text) {
  for (std::size_t at = 0; (at = text.find('|', at)) != std::string::npos; at += 2)
    text.insert(at, "\\");
  return text;
}

std::string column(const std::string& text, std::size_t width) {
  return text + std::string(text.size() < width ? width - text.size() : 1, ' ');
}

}  // namespace asktell::cli
