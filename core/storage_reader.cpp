// What people look at, straight from the indexed table of a study file; see StudyReader.
#include <filesystem>
#include <nlohmann/json.hpp>

#include <asktell/core/errors.hpp>
#include <asktell/core/sqlite.hpp>
#include <asktell/core/storage.hpp>
#include <asktell/core/value_json.hpp>

namespace asktell {
namespace {

using Json = nlohmann::ordered_json;

constexpr const char* kColumns =
    "SELECT t.number, t.state, t.origin, t.value, t.feasible, t.note, e.point, e.query, e.id "
    "FROM trials t JOIN events e ON e.id = t.asked ";

// Read-only media have no place for SQLite's shared-memory file; a file nobody writes needs none.
std::unique_ptr<Sqlite> open_to_read(const std::string& path) {
  if (!std::filesystem::exists(path)) {
    throw StorageError("storage.no-study", "there is no file \"" + path +
                                               "\"; make a study with: asktell create " + path +
                                               " --real x=0:1");
  }
  try {
    auto database = std::make_unique<Sqlite>(path, Sqlite::Mode::kReadOnly);
    check_schema(*database);
    return database;
  } catch (const StorageError& error) {
    if (error.id() != "storage.read-only") throw;
    auto database =
        std::make_unique<Sqlite>("file:" + path + "?immutable=1", Sqlite::Mode::kReadOnly);
    check_schema(*database);
    return database;
  }
}

}  // namespace

struct StudyReader::Impl {
  explicit Impl(const std::string& path) : database(open_to_read(path)) {
    Statement created(*database, "SELECT text FROM events WHERE kind = 0 ORDER BY id LIMIT 1");
    if (!created.step()) {
      throw StorageError("storage.no-study",
                         "\"" + path + "\" holds no study yet; create it first");
    }
    configuration = parse_json(created.text(0));
    spaces.emplace_back(0, Space::from_json(configuration.at("space").dump()));
    Statement extended(*database, "SELECT id, text FROM events WHERE kind = 1 ORDER BY id");
    while (extended.step()) {
      spaces.emplace_back(extended.integer(0), Space::from_json(extended.text(1)));
      configuration["space"] = parse_json(extended.text(1));
    }
  }

  // The point of an ask in the space as it is now.
  std::string params(std::int64_t event, std::vector<double> slots) const {
    std::size_t at = spaces.size();
    while (at > 1 && spaces[at - 1].first > event) --at;
    for (; at < spaces.size(); ++at) slots = spaces[at].second.adopt(spaces[at - 1].second, slots);
    return Point(spaces.back().second, std::move(slots)).to_json();
  }

  TrialRow row(const Statement& statement) const {
    TrialRow out;
    out.number = statement.integer(0);
    out.state = static_cast<TrialState>(statement.integer(1));
    out.origin = static_cast<Origin>(statement.integer(2));
    if (!statement.null(3)) out.value = statement.real(3);
    out.feasible = statement.integer(4) != 0;
    out.note = statement.text(5);
    out.params =
        statement.null(6) ? statement.text(7) : params(statement.integer(8), statement.doubles(6));
    return out;
  }

  std::unique_ptr<Sqlite> database;
  Json configuration;
  std::vector<std::pair<std::int64_t, Space>> spaces;  // (event, space in force from it on)
};

StudyReader::StudyReader(const std::string& path) : impl_(std::make_unique<Impl>(path)) {}
StudyReader::~StudyReader() = default;

std::string StudyReader::configuration() const {
  return impl_->configuration.dump();
}

std::optional<TrialRow> StudyReader::best() const {
  const Json& objective = impl_->configuration.at("objectives").at(0);
  const bool maximize = objective.at("direction") == "maximize";
  const std::string sql =
      std::string(kColumns) +
      "WHERE t.state = 1 AND t.feasible = 1 AND t.value IS NOT NULL ORDER BY t.value " +
      (maximize ? "DESC" : "ASC") + ", t.number LIMIT 1";
  Statement statement(*impl_->database, sql.c_str());
  if (!statement.step()) return std::nullopt;
  return impl_->row(statement);
}

std::vector<TrialRow> StudyReader::rows(std::int64_t first, std::size_t count) const {
  Statement statement(
      *impl_->database,
      (std::string(kColumns) + "WHERE t.number >= ?1 ORDER BY t.number LIMIT ?2").c_str());
  const std::int64_t limit = count > INT64_MAX ? -1 : static_cast<std::int64_t>(count);
  statement.bind(1, first).bind(2, limit);
  std::vector<TrialRow> out;
  while (statement.step()) out.push_back(impl_->row(statement));
  return out;
}

std::size_t StudyReader::count(TrialState state) const {
  Statement statement(*impl_->database, "SELECT count(*) FROM trials WHERE state = ?1");
  statement.bind(1, static_cast<std::int64_t>(state)).step();
  return static_cast<std::size_t>(statement.integer(0));
}

}  // namespace asktell
