// Described options as the program shows them: as JSON, as text, as a table of a reference page.
#pragma once

#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include <asktell/core/options.hpp>

namespace asktell::cli {

nlohmann::ordered_json options_json(const std::vector<OptionSpec>& options);
void print_options_text(const std::vector<OptionSpec>& options);
void print_options_markdown(const std::vector<OptionSpec>& options);
std::string table_cell(std::string text);                        // "|" escaped
std::string column(const std::string& text, std::size_t width);  // padded, at least one blank

}  // namespace asktell::cli
