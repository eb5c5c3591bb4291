// A real database under a real workload, timed: inserts in transactions, point reads, a range scan
// and an update pass on an SQLite file, under the pragmas given on the command line. Prints the
// seconds (median of three runs). Durability is kept: journal and synchronous stay at their safe
// settings. run by: examples/demo.sh
#include <sqlite3.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <map>
#include <stdexcept>
#include <string>
#include <vector>

namespace {

struct Settings {
  std::map<std::string, std::string> values = {{"page_size", "4096"},  {"cache_kib", "2000"},
                                               {"mmap_mib", "0"},      {"journal", "delete"},
                                               {"checkpoint", "1000"}, {"temp_store", "default"}};
};

class Database {
 public:
  explicit Database(const std::string& path) {
    if (sqlite3_open(path.c_str(), &handle_) != SQLITE_OK)
      throw std::runtime_error("cannot open " + path);
  }
  ~Database() { sqlite3_close(handle_); }
  void run(const std::string& sql) {
    char* message = nullptr;
    if (sqlite3_exec(handle_, sql.c_str(), nullptr, nullptr, &message) != SQLITE_OK) {
      const std::string text = message ? message : "error";
      sqlite3_free(message);
      throw std::runtime_error(sql.substr(0, 60) + ": " + text);
    }
  }

 private:
  sqlite3* handle_ = nullptr;
};

void apply(Database& database, Settings& settings) {
  database.run("PRAGMA page_size = " + settings.values["page_size"]);
  database.run("PRAGMA journal_mode = " + settings.values["journal"]);
  database.run("PRAGMA synchronous = FULL");  // every commit reaches the disk, whatever is tuned
  database.run("PRAGMA cache_size = -" + settings.values["cache_kib"]);
  database.run("PRAGMA mmap_size = " +
               std::to_string(std::stoll(settings.values["mmap_mib"]) << 20));
  database.run("PRAGMA wal_autocheckpoint = " + settings.values["checkpoint"]);
  database.run("PRAGMA temp_store = " + settings.values["temp_store"]);
}

void work(Database& database) {
  constexpr int kRows = 20000;
  constexpr int kCommits = 40;
  database.run("CREATE TABLE item(id INTEGER PRIMARY KEY, owner INTEGER, price REAL, name TEXT)");
  database.run("CREATE INDEX item_owner ON item(owner, price)");
  for (int commit = 0; commit < kCommits; ++commit) {
    const int first = commit * kRows / kCommits;
    database.run("BEGIN; WITH RECURSIVE n(i) AS (SELECT " + std::to_string(first) +
                 " UNION ALL SELECT i + 1 FROM n WHERE i + 1 < " +
                 std::to_string(first + kRows / kCommits) +
                 ") INSERT INTO item SELECT i, (i * 7919) % 997, (i * 31) % 1000 / 10.0, "
                 "printf('item-%08d', i) "
                 "FROM n; COMMIT");
  }
  for (int i = 0; i < 1500; ++i) {
    database.run("SELECT name FROM item WHERE id = " + std::to_string(i * 104729 % kRows));
  }
  for (int owner = 0; owner < 200; ++owner) {
    database.run("SELECT count(*), sum(price) FROM item WHERE owner = " +
                 std::to_string(owner * 5));
  }
  database.run("SELECT name FROM item ORDER BY price DESC, name LIMIT 100");
  for (int part = 0; part < 10; ++part) {
    database.run("UPDATE item SET price = price * 1.01 WHERE id % 50 = " + std::to_string(part));
  }
}

double seconds(Settings& settings) {
  const std::string path = "workload-" + std::to_string(getpid()) + ".db";
  const auto clean = [&] {
    for (const char* suffix : {"", "-wal", "-shm", "-journal"})
      std::remove((path + suffix).c_str());
  };
  clean();
  const auto started = std::chrono::steady_clock::now();
  {
    Database database(path);
    apply(database, settings);
    work(database);
  }
  const std::chrono::duration<double> elapsed = std::chrono::steady_clock::now() - started;
  clean();
  return elapsed.count();
}

}  // namespace

int main(int argc, char** argv) {
  Settings settings;
  for (int i = 1; i < argc; ++i) {
    const std::string word = argv[i];
    const std::size_t equals = word.find('=');
    if (equals == std::string::npos || !settings.values.contains(word.substr(0, equals))) {
      std::fprintf(stderr, "sqlite_workload: unknown setting %s\n", argv[i]);
      return 2;
    }
    settings.values[word.substr(0, equals)] = word.substr(equals + 1);
  }
  try {
    std::vector<double> runs;
    for (int i = 0; i < 3; ++i) runs.push_back(seconds(settings));
    std::nth_element(runs.begin(), runs.begin() + 1, runs.end());
    std::printf("%.5f\n", runs[1]);
  } catch (const std::exception& error) {
    std::fprintf(stderr, "sqlite_workload: %s\n", error.what());
    return 1;
  }
}
