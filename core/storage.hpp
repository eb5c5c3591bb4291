// Where a study's journal lives. Events are appended inside `exclusively`, which shuts out every
// other process and thread; all of them become durable together when it returns, or none does.
//
// SQLite file (WAL): table `events` is the journal and the truth; table `trials` repeats what
// people look at (state, value, feasibility) in indexed columns, so that `best` never loads a
// solver. The schema's version is in the file.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include <asktell/core/event.hpp>

namespace asktell {

// kProcess: survives the death of any process (SQLite WAL, synchronous NORMAL). kPower: also
// survives a power cut, for one disk flush a commit.
enum class Durability { kProcess, kPower };

class Storage {
 public:
  virtual ~Storage() = default;

  // Runs `body` alone; commits when it returns, rolls back when it throws.
  virtual void exclusively(const std::function<void()>& body) = 0;
  // Inside exclusively only. Returns the event's id. `slots` spaces are the caller's business.
  virtual std::int64_t append(const Event& event) = 0;
  // Events with id > after, in order. Cheap when there are none.
  virtual std::vector<Event> read_after(std::int64_t after) = 0;
};

std::unique_ptr<Storage> make_memory_storage();

// How SQLite rows turn into events needs the space and the sign of the first objective; the study
// sets them when it knows them (created, extended).
class FileStorage : public Storage {
 public:
  // Creates the file when missing (parent folder must exist). StorageError ids:
  // "storage.not-a-study", "storage.newer-schema", "storage.torn", "storage.read-only",
  // "storage.full", "storage.folder".
  static std::unique_ptr<FileStorage> open(const std::string& path,
                                           Durability durability = Durability::kProcess);
  virtual const std::string& path() const = 0;
};

// This process as "host:pid:start"; `owner_alive` is true for other hosts (their leases decide).
std::string this_process();
bool owner_alive(const std::string& owner);

// Columns people look at, straight from the indexed table; never loads a solver or the journal.
struct TrialRow {
  std::int64_t number = -1;
  TrialState state = TrialState::kPending;
  Origin origin = Origin::kModel;
  std::optional<double> value;  // first objective, user's sign
  bool feasible = true;
  std::string params;  // JSON
  std::string note;    // reason of a failure, provenance
};

class StudyReader {
 public:
  explicit StudyReader(const std::string& path);  // read-only; StorageError as FileStorage::open
  ~StudyReader();
  std::string configuration() const;     // JSON of the created event
  std::optional<TrialRow> best() const;  // best feasible told trial
  std::vector<TrialRow> rows(std::int64_t first = 0, std::size_t count = SIZE_MAX) const;
  std::size_t count(TrialState state) const;

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace asktell
