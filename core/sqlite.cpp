// See sqlite.hpp.
#include <asktell/core/sqlite.hpp>

#include <bit>
#include <cstring>
#include <filesystem>

#include <asktell/core/errors.hpp>

namespace asktell {

static_assert(std::endian::native == std::endian::little,
              "points are stored as they lie in memory");

Sqlite::Sqlite(std::string path, Mode mode) : path_(std::move(path)) {
  const std::filesystem::path folder = std::filesystem::path(path_).parent_path();
  if (!folder.empty() && !std::filesystem::is_directory(folder)) {
    throw StorageError("storage.folder", "there is no folder \"" + folder.string() +
                                             "\" for the study file \"" + path_ +
                                             "\"; create it first");
  }
  const int flags = mode == Mode::kReadOnly ? SQLITE_OPEN_READONLY | SQLITE_OPEN_URI
                                            : SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE;
  const int code = sqlite3_open_v2(path_.c_str(), &handle_, flags | SQLITE_OPEN_NOMUTEX, nullptr);
  if (code != SQLITE_OK) {
    sqlite3_close(handle_);
    handle_ = nullptr;
    fail(code, "open");
  }
  sqlite3_busy_timeout(handle_, 60'000);
}

Sqlite::~Sqlite() {
  sqlite3_close_v2(handle_);
}

void Sqlite::fail(int code, std::string_view doing) const {
  const std::string reason = handle_ ? sqlite3_errmsg(handle_) : sqlite3_errstr(code);
  const std::string what =
      "cannot " + std::string(doing) + " the study file \"" + path_ + "\" (" + reason + "); ";
  switch (code & 0xff) {
    case SQLITE_NOTADB:
      throw StorageError("storage.not-a-study", what + "it is not a study; choose another path");
    case SQLITE_CORRUPT:
      throw StorageError("storage.torn", what +
                                             "it is damaged; restore it from a copy, or save what "
                                             "can be read with: sqlite3 FILE .recover");
    case SQLITE_FULL:
      throw StorageError("storage.full", what +
                                             "the disk is full; nothing of this call was recorded, "
                                             "free some space and repeat it");
    case SQLITE_READONLY:
    case SQLITE_PERM:
    case SQLITE_CANTOPEN:
      throw StorageError("storage.read-only", what +
                                                  "check that the file and its folder may be "
                                                  "written");
    case SQLITE_BUSY:
      throw StorageError("storage.busy", what +
                                             "another process has held it for a minute; end that "
                                             "process and repeat the call");
    default:
      throw StorageError("storage.io", what +
                                           "nothing of this call was recorded; check the disk and "
                                           "repeat it");
  }
}

void Sqlite::execute(const char* sql) {
  const int code = sqlite3_exec(handle_, sql, nullptr, nullptr, nullptr);
  if (code != SQLITE_OK) fail(code, "use");
}

std::int64_t Sqlite::number(const char* sql) {
  Statement statement(*this, sql);
  return statement.step() ? statement.integer(0) : 0;
}

Statement::Statement(Sqlite& database, const char* sql) : database_(database) {
  const int code =
      sqlite3_prepare_v3(database.handle(), sql, -1, SQLITE_PREPARE_PERSISTENT, &handle_, nullptr);
  if (code != SQLITE_OK) database.fail(code, "read");
}

Statement::~Statement() {
  if (database_.handle()) sqlite3_finalize(handle_);
}

Statement& Statement::bind(int at, std::int64_t value) {
  sqlite3_bind_int64(handle_, at, value);
  return *this;
}
Statement& Statement::bind(int at, double value) {
  sqlite3_bind_double(handle_, at, value);
  return *this;
}
Statement& Statement::bind(int at, std::string_view text) {
  sqlite3_bind_text(handle_, at, text.data(), static_cast<int>(text.size()), SQLITE_TRANSIENT);
  return *this;
}
Statement& Statement::bind(int at, std::span<const double> blob) {
  sqlite3_bind_blob(handle_, at, blob.data(), static_cast<int>(blob.size_bytes()),
                    SQLITE_TRANSIENT);
  return *this;
}
Statement& Statement::bind_null(int at) {
  sqlite3_bind_null(handle_, at);
  return *this;
}

bool Statement::step() {
  const int code = sqlite3_step(handle_);
  if (code == SQLITE_ROW) return true;
  sqlite3_reset(handle_);
  if (code != SQLITE_DONE) database_.fail(code, "use");
  return false;
}

void Statement::run() {
  while (step()) {
  }
}

void Statement::reset() {
  sqlite3_reset(handle_);
}

std::int64_t Statement::integer(int column) const {
  return sqlite3_column_int64(handle_, column);
}
double Statement::real(int column) const {
  return sqlite3_column_double(handle_, column);
}
bool Statement::null(int column) const {
  return sqlite3_column_type(handle_, column) == SQLITE_NULL;
}
std::string Statement::text(int column) const {
  const auto* data = reinterpret_cast<const char*>(sqlite3_column_text(handle_, column));
  return data ? std::string(data, static_cast<std::size_t>(sqlite3_column_bytes(handle_, column)))
              : std::string();
}
std::vector<double> Statement::doubles(int column) const {
  const auto bytes = static_cast<std::size_t>(sqlite3_column_bytes(handle_, column));
  std::vector<double> out(bytes / sizeof(double));
  if (!out.empty()) std::memcpy(out.data(), sqlite3_column_blob(handle_, column), bytes);
  return out;
}

void check_schema(Sqlite& database) {
  if (database.number("PRAGMA application_id") != kApplicationId) {
    throw StorageError("storage.not-a-study", "\"" + database.path() +
                                                  "\" is a database but not a study of asktell; "
                                                  "choose another path");
  }
  const std::int64_t version = database.number("PRAGMA user_version");
  if (version > kSchemaVersion) {
    throw StorageError("storage.newer-schema",
                       "\"" + database.path() + "\" has schema " + std::to_string(version) +
                           ", this library knows " + std::to_string(kSchemaVersion) +
                           "; open it with a newer asktell");
  }
}

}  // namespace asktell
