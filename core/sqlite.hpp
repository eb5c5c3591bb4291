// SQLite with errors as StorageError and statements that reset themselves (private).
#pragma once

#include <sqlite3.h>

#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace asktell {

class Sqlite {
 public:
  enum class Mode { kReadWrite, kReadOnly };
  Sqlite(std::string path, Mode mode);
  Sqlite(const Sqlite&) = delete;
  Sqlite& operator=(const Sqlite&) = delete;
  ~Sqlite();

  void execute(const char* sql);
  std::int64_t number(const char* sql);  // first column of the first row; 0 without
  [[noreturn]] void fail(int code, std::string_view doing) const;
  sqlite3* handle() const { return handle_; }
  const std::string& path() const { return path_; }
  void abandon() { handle_ = nullptr; }  // after fork(): neither used nor closed here

 private:
  std::string path_;
  sqlite3* handle_ = nullptr;
};

// A prepared statement, kept for the connection's life.
class Statement {
 public:
  Statement(Sqlite& database, const char* sql);
  Statement(const Statement&) = delete;
  Statement& operator=(const Statement&) = delete;
  ~Statement();

  Statement& bind(int at, std::int64_t value);
  Statement& bind(int at, double value);
  Statement& bind(int at, std::string_view text);         // copied
  Statement& bind(int at, std::span<const double> blob);  // copied; little-endian doubles
  Statement& bind_null(int at);
  bool step();  // true: there is a row; resets itself at the end
  void run();   // to the end
  void reset();

  std::int64_t integer(int column) const;
  double real(int column) const;
  bool null(int column) const;
  std::string text(int column) const;
  std::vector<double> doubles(int column) const;

 private:
  Sqlite& database_;
  sqlite3_stmt* handle_ = nullptr;
};

inline constexpr std::int64_t kApplicationId = 0x41534b54;  // "ASKT"
inline constexpr std::int64_t kSchemaVersion = 1;

// Throws StorageError "storage.not-a-study" or "storage.newer-schema".
void check_schema(Sqlite& database);

}  // namespace asktell
