// Past evaluations from a comma-separated table (RFC 4180): a header with the names of the
// parameters and of the objectives (and told constraints), then one row a point. All rows are
// checked before any is told.
#include <charconv>
#include <fstream>
#include <limits>

#include <asktell/core/errors.hpp>
#include <asktell/core/study.hpp>

namespace asktell {
namespace {

using Row = std::vector<std::string>;

// Quoted fields may hold commas, doubled quotes and line breaks.
std::vector<Row> read_table(std::istream& in) {
  std::vector<Row> rows;
  Row row;
  std::string field;
  bool quoted = false;
  const auto end_row = [&] {
    row.push_back(std::move(field));
    field.clear();
    if (row.size() > 1 || !row[0].empty()) rows.push_back(std::move(row));
    row.clear();
  };
  for (char c; in.get(c);) {
    if (quoted && c == '"' && in.peek() == '"') {
      field += static_cast<char>(in.get());
    } else if (c == '"') {
      quoted = !quoted;
    } else if (quoted || (c != ',' && c != '\n' && c != '\r')) {
      field += c;
    } else if (c == ',') {
      row.push_back(std::move(field));
      field.clear();
    } else if (c == '\n') {
      end_row();
    }
  }
  if (!field.empty() || !row.empty()) end_row();
  return rows;
}

[[noreturn]] void bad_row(const std::string& path, std::size_t line, const std::string& what) {
  throw PointError("point.csv", "\"" + path + "\", row " + std::to_string(line) + ": " + what +
                                    "; nothing was told");
}

double number_from(const std::string& path, std::size_t line, const std::string& text) {
  double value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error == std::errc() && end == text.data() + text.size()) return value;
  bad_row(path, line, "\"" + text + "\" is not a number");
}

// A cell as the parameter wants it: a number, a flag, a list in JSON, or a word.
Value value_from(const Parameter& parameter, const std::string& text) {
  if (parameter.kind != Kind::kCategorical && parameter.kind != Kind::kOrdinal) {
    if (text == "True" || text == "true") return true;
    if (text == "False" || text == "false") return false;
    return value_from_json(text);
  }
  for (const Value& choice : parameter.choices) {
    if (choice.text() == text) return choice;
  }
  double number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error == std::errc() && end == text.data() + text.size()) return number;
  return text;
}

}  // namespace

std::size_t Study::import_csv(const std::string& path) {
  std::ifstream in(path);
  if (!in) {
    throw StorageError("storage.csv", "cannot read \"" + path + "\"; check the path");
  }
  const std::vector<Row> rows = read_table(in);
  if (rows.empty())
    throw StorageError("storage.csv", "\"" + path + "\" is empty; it needs a header");
  const Problem problem = this->problem();
  const Row& header = rows.front();
  const auto column = [&](const std::string& name) {
    for (std::size_t i = 0; i < header.size(); ++i) {
      if (header[i] == name) return i;
    }
    bad_row(path, 1, "there is no column \"" + name + "\"");
  };
  std::vector<std::pair<Assignment, Answer>> points;
  for (std::size_t line = 1; line < rows.size(); ++line) {
    const Row& row = rows[line];
    if (row.size() != header.size()) {
      bad_row(path, line + 1,
              std::to_string(row.size()) + " cells under " + std::to_string(header.size()) +
                  " columns");
    }
    Assignment point;
    for (const Parameter& parameter : problem.space.parameters()) {
      const std::string& cell = row[column(parameter.name)];
      if (!cell.empty()) point[parameter.name] = value_from(parameter, cell);
    }
    Values values;
    for (const Objective& objective : problem.objectives) {
      values.objectives.push_back(number_from(path, line + 1, row[column(objective.name)]));
    }
    for (const std::string& constraint : problem.constraints) {
      values.constraints.push_back(number_from(path, line + 1, row[column(constraint)]));
    }
    try {
      problem.space.point(point);
    } catch (const PointError& error) {
      bad_row(path, line + 1, error.what());
    }
    points.emplace_back(std::move(point), std::move(values));
  }
  for (auto& [point, answer] : points) tell_point(point, std::move(answer));
  return points.size();
}

}  // namespace asktell
