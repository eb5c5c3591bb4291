// asktell report: one self-contained HTML page with the history, a plot of each parameter and the
// trials.
#include <algorithm>
#include <cstdio>
#include <fstream>
#include <iostream>
#include <nlohmann/json.hpp>

#include <asktell/bindings/cli/cli.hpp>
#include <asktell/bindings/cli/svg.hpp>
#include <asktell/core/storage.hpp>

namespace asktell::cli {
namespace {

using Json = nlohmann::ordered_json;
constexpr std::size_t kRowsShown = 200;

constexpr const char* kStyle = R"css(
body{font:15px/1.5 system-ui,sans-serif;max-width:66rem;margin:2rem auto;padding:0 1rem;color:#222}
h1{font-size:1.5rem}h2{font-size:1.1rem;margin-top:2rem}table{border-collapse:collapse;font-size:.85rem}
td,th{padding:.15rem .6rem;text-align:right;border-bottom:1px solid #ddd}.plots{display:flex;flex-wrap:wrap}
.best{background:#eaf4ea}.muted{color:#777}
)css";

struct Page {
  Json configuration;
  std::vector<TrialRow> rows;
  std::optional<TrialRow> best;
};

std::string short_number(double value) {
  char text[32];
  std::snprintf(text, sizeof text, "%.6g", value);
  return text;
}

void summary(std::ostream& out, const Page& page, const std::string& file) {
  std::size_t counts[5] = {};
  for (const TrialRow& row : page.rows) ++counts[static_cast<std::size_t>(row.state)];
  out << "<h1>" << escaped(file) << "</h1><p>Solver <b>"
      << escaped(page.configuration.at("solver").get<std::string>()) << "</b>, seed "
      << page.configuration.at("seed") << ", " << page.rows.size() << " trials: ";
  for (std::size_t i = 0; i < 5; ++i) {
    if (counts[i] > 0) out << counts[i] << ' ' << name_of(static_cast<TrialState>(i)) << ' ';
  }
  out << "</p>";
  if (!page.best) return;
  out << "<p class=best>Best: trial " << page.best->number << ", value <b>"
      << short_number(*page.best->value) << "</b> at <code>" << escaped(page.best->params)
      << "</code></p>";
}

void history_plot(std::ostream& out, const Page& page) {
  const bool maximize = page.configuration.at("objectives").at(0).at("direction") == "maximize";
  Plot plot("trial", "value");
  std::vector<std::pair<double, double>> line;
  for (const TrialRow& row : page.rows) {
    if (!row.value) continue;
    const auto number = static_cast<double>(row.number);
    plot.point(number, *row.value, row.feasible);
    if (!row.feasible) continue;
    const bool better = line.empty() || (maximize ? *row.value > line.back().second
                                                  : *row.value < line.back().second);
    line.emplace_back(number, better ? *row.value : line.back().second);
  }
  plot.line(line);
  out << "<h2>History</h2>" << plot.svg(760, 320)
      << "<p class=muted>Dots: trials (hollow: infeasible). Line: best so far.</p>";
}

void parameter_plots(std::ostream& out, const Page& page) {
  out << "<h2>Parameters</h2><div class=plots>";
  for (const Json& parameter : page.configuration.at("space").at("parameters")) {
    const std::string name = parameter.at("name");
    Plot plot(name, "value");
    if (parameter.value("log", false)) plot.log_x();
    std::vector<std::string> words;
    for (const Json& choice : parameter.value("choices", Json::array())) {
      words.push_back(choice.is_string() ? choice.get<std::string>() : choice.dump());
    }
    plot.categories(words);
    for (const TrialRow& row : page.rows) {
      if (!row.value || row.params.empty()) continue;
      const Json params = Json::parse(row.params);
      if (!params.contains(name)) continue;
      const Json& value = params.at(name);
      if (!words.empty()) {
        const std::string word = value.is_string() ? value.get<std::string>() : value.dump();
        const auto at = std::find(words.begin(), words.end(), word) - words.begin();
        plot.point(static_cast<double>(at), *row.value, row.feasible);
      } else if (value.is_number() || value.is_boolean()) {
        plot.point(value.is_boolean() ? value.get<bool>() : value.get<double>(), *row.value,
                   row.feasible);
      }
    }
    if (!plot.empty()) out << plot.svg(370, 240);
  }
  out << "</div>";
}

void trial_table(std::ostream& out, const Page& page) {
  out << "<h2>Trials</h2>";
  if (page.rows.size() > kRowsShown) {
    out << "<p class=muted>The last " << kRowsShown << " of " << page.rows.size()
        << "; all of them: asktell trials FILE --format csv</p>";
  }
  out << "<table><tr><th>trial<th>state<th>origin<th>value<th>parameters<th>note</tr>";
  const std::size_t first = page.rows.size() > kRowsShown ? page.rows.size() - kRowsShown : 0;
  for (std::size_t i = first; i < page.rows.size(); ++i) {
    const TrialRow& row = page.rows[i];
    const bool best = page.best && page.best->number == row.number;
    out << (best ? "<tr class=best><td>" : "<tr><td>") << row.number << "<td>" << name_of(row.state)
        << "<td>" << name_of(row.origin) << "<td>" << (row.value ? short_number(*row.value) : "")
        << (row.feasible ? "" : " (infeasible)") << "<td><code>" << escaped(row.params)
        << "</code><td>" << escaped(row.note) << "</tr>\n";
  }
  out << "</table>";
}

void report(const std::string& file, const std::string& target) {
  const StudyReader reader(file);
  const Page page{Json::parse(reader.configuration()), reader.rows(), reader.best()};
  std::ofstream file_out;
  if (!target.empty()) {
    file_out.open(target);
    if (!file_out) {
      throw StorageError("storage.report", "cannot write \"" + target + "\"; check its folder");
    }
  }
  std::ostream& out = target.empty() ? std::cout : file_out;
  out << "<!doctype html><html lang=en><meta charset=utf-8><title>" << escaped(file)
      << "</title><style>" << kStyle << "</style>\n";
  summary(out, page, file);
  history_plot(out, page);
  parameter_plots(out, page);
  trial_table(out, page);
  out << "</html>\n";
}

}  // namespace

void add_report(CLI::App& app) {
  struct Arguments {
    std::string file;
    std::string target;
  };
  auto arguments = std::make_shared<Arguments>();
  CLI::App* command = app.add_subcommand("report", "Write one self-contained HTML page");
  command->add_option("file", arguments->file, "The study's file")->required();
  command->add_option("-o,--output", arguments->target, "Where to; standard output when not given");
  command->callback([arguments] { report(arguments->file, arguments->target); });
}

}  // namespace asktell::cli
