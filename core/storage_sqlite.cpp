// The journal as an SQLite file: one row an event, numbers in columns, other queries and answers as
// JSON.
#include <unistd.h>

#include <cmath>
#include <map>
#include <mutex>

#include <asktell/core/errors.hpp>
#include <asktell/core/query.hpp>
#include <asktell/core/sqlite.hpp>
#include <asktell/core/storage.hpp>
#include <asktell/core/value_json.hpp>

namespace asktell {
namespace {

constexpr const char* kSchema = R"sql(
  CREATE TABLE words(id INTEGER PRIMARY KEY, text TEXT NOT NULL UNIQUE);
  CREATE TABLE events(
    id INTEGER PRIMARY KEY AUTOINCREMENT, kind INTEGER NOT NULL, trial INTEGER, time REAL,
    step REAL, value REAL, text TEXT, answer TEXT,
    point BLOB, query TEXT, origin INTEGER, based_on INTEGER, lease REAL, memo BLOB,
    solver INTEGER, version INTEGER, kernel INTEGER, owner INTEGER, note TEXT);
  CREATE TABLE trials(
    number INTEGER PRIMARY KEY, state INTEGER NOT NULL, origin INTEGER NOT NULL, asked INTEGER NOT NULL,
    value REAL, feasible INTEGER NOT NULL DEFAULT 1, note TEXT NOT NULL DEFAULT '');
  CREATE INDEX trials_by_value ON trials(state, feasible, value, number);
)sql";

constexpr const char* kInsertEvent = R"sql(
  INSERT INTO events(kind, trial, time, step, value, text, answer, point, query, origin, based_on, lease,
                     memo, solver, version, kernel, owner, note)
  VALUES(?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16, ?17, ?18))sql";

constexpr const char* kSelectEvents = R"sql(
  SELECT id, kind, trial, time, step, value, text, answer, point, query, origin, based_on, lease, memo,
         solver, version, kernel, owner, note FROM events WHERE id > ?1 ORDER BY id)sql";

// A connection with its statements; made anew after a fork.
struct Connection {
  Connection(const std::string& path, Durability durability)
      : database(path, Sqlite::Mode::kReadWrite) {
    prepare_file(durability);
    insert.emplace(database, kInsertEvent);
    select.emplace(database, kSelectEvents);
    add_word.emplace(database, "INSERT OR IGNORE INTO words(text) VALUES(?1)");
    find_word.emplace(database, "SELECT id FROM words WHERE text = ?1");
    get_word.emplace(database, "SELECT text FROM words WHERE id = ?1");
    add_trial.emplace(
        database,
        "INSERT INTO trials(number, state, origin, asked, note) VALUES(?1, 0, ?2, ?3, ?4)");
    settle.emplace(database,
                   "UPDATE trials SET state = ?2, value = ?3, feasible = ?4 WHERE number = ?1");
    set_state.emplace(database, "UPDATE trials SET state = ?2 WHERE number = ?1");
    append_note.emplace(
        database,
        "UPDATE trials SET note = CASE note WHEN '' THEN ?2 ELSE note || '; ' || ?2 END "
        "WHERE number = ?1");
  }

  void prepare_file(Durability durability) {
    const bool fresh = database.number("SELECT count(*) FROM sqlite_master") == 0 &&
                       database.number("PRAGMA application_id") == 0;
    if (!fresh) check_schema(database);
    database.execute("PRAGMA journal_mode = WAL");
    database.execute(durability == Durability::kPower ? "PRAGMA synchronous = FULL"
                                                      : "PRAGMA synchronous = NORMAL");
    if (!fresh) return;
    database.execute("BEGIN IMMEDIATE");
    if (database.number("PRAGMA application_id") == 0) {  // nobody was faster
      database.execute(kSchema);
      database.execute(("PRAGMA application_id = " + std::to_string(kApplicationId)).c_str());
      database.execute(("PRAGMA user_version = " + std::to_string(kSchemaVersion)).c_str());
    }
    database.execute("COMMIT");
  }

  Sqlite database;
  std::optional<Statement> insert, select, add_word, find_word, get_word, add_trial, settle,
      set_state, append_note;
  std::map<std::string, std::int64_t> word_ids;
  std::map<std::int64_t, std::string> words;
};

class SqliteStorage : public FileStorage {
 public:
  SqliteStorage(std::string path, Durability durability)
      : path_(std::move(path)), durability_(durability) {
    connect();
  }
  ~SqliteStorage() override {
    if (pid_ != getpid()) leave_to_parent();
  }

  const std::string& path() const override { return path_; }

  void exclusively(const std::function<void()>& body) override {
    connect();
    Sqlite& database = connection_->database;
    database.execute("BEGIN IMMEDIATE");
    const Space before = space_;
    try {
      body();
      database.execute("COMMIT");
    } catch (...) {
      if (!sqlite3_get_autocommit(database.handle())) {
        sqlite3_exec(database.handle(), "ROLLBACK", nullptr, nullptr, nullptr);
      }
      space_ = before;
      connection_->word_ids.clear();
      connection_->words.clear();
      throw;
    }
  }

  std::int64_t append(const Event& event) override;
  std::vector<Event> read_after(std::int64_t after) override;

 private:
  void connect() {
    if (connection_ && pid_ == getpid()) return;
    if (connection_) leave_to_parent();
    connection_ = std::make_unique<Connection>(path_, durability_);
    pid_ = getpid();
  }
  // A connection must not be used, nor closed, in a child process: that would drop the parent's
  // locks.
  void leave_to_parent() {
    connection_->database.abandon();
    connection_.release();  // leaked on purpose
  }

  std::int64_t word_id(const std::string& word);
  const std::string& word(std::int64_t id);
  void bind_ask(const AskRecord& ask);
  void project(const Event& event, std::int64_t id);
  void follow_space(const Event& event);
  Event read_row();
  std::shared_ptr<const AskRecord> read_ask();

  std::string path_;
  Durability durability_;
  pid_t pid_ = 0;
  std::unique_ptr<Connection> connection_;
  Space space_;  // in force at the last event written or read
};

std::int64_t SqliteStorage::word_id(const std::string& word) {
  const auto known = connection_->word_ids.find(word);
  if (known != connection_->word_ids.end()) return known->second;
  connection_->add_word->bind(1, std::string_view(word)).run();
  Statement& find = *connection_->find_word;
  find.bind(1, std::string_view(word)).step();
  const std::int64_t id = find.integer(0);
  find.reset();
  connection_->word_ids[word] = id;
  return id;
}

const std::string& SqliteStorage::word(std::int64_t id) {
  const auto known = connection_->words.find(id);
  if (known != connection_->words.end()) return known->second;
  Statement& get = *connection_->get_word;
  std::string text = get.bind(1, id).step() ? get.text(0) : std::string();
  get.reset();
  return connection_->words[id] = std::move(text);
}

void SqliteStorage::bind_ask(const AskRecord& ask) {
  Statement& insert = *connection_->insert;
  if (const auto* evaluate = std::get_if<Evaluate>(&ask.query)) {
    insert.bind(8, evaluate->point.slots());
  } else {
    insert.bind(9, std::string_view(to_json(ask.query)));
  }
  insert.bind(10, static_cast<std::int64_t>(ask.origin)).bind(11, ask.based_on);
  if (ask.lease_until > 0) insert.bind(12, ask.lease_until);
  if (!ask.memo.empty()) insert.bind(13, std::span<const double>(ask.memo));
  insert.bind(14, word_id(ask.solver)).bind(15, word_id(ask.version));
  insert.bind(16, word_id(ask.kernel)).bind(17, word_id(ask.owner));
  if (!ask.note.empty()) insert.bind(18, std::string_view(ask.note));
}

std::int64_t SqliteStorage::append(const Event& event) {
  Statement& insert = *connection_->insert;
  for (int at = 1; at <= 18; ++at) insert.bind_null(at);
  insert.bind(1, static_cast<std::int64_t>(event.kind)).bind(3, event.time);
  if (event.trial >= 0) insert.bind(2, event.trial);
  const bool steps = event.kind == EventKind::kReported || event.kind == EventKind::kBudget;
  if (steps) insert.bind(4, event.step);
  const bool valued = event.kind == EventKind::kReported || event.kind == EventKind::kTold ||
                      event.kind == EventKind::kAmended;
  if (valued) insert.bind(5, event.value);
  if (!event.text.empty()) insert.bind(6, std::string_view(event.text));
  if (event.answer) insert.bind(7, std::string_view(to_json(*event.answer)));
  if (event.ask) bind_ask(*event.ask);
  insert.run();
  const std::int64_t id = sqlite3_last_insert_rowid(connection_->database.handle());
  project(event, id);
  follow_space(event);
  return id;
}

// Keeps the table that people look at in step with the journal.
void SqliteStorage::project(const Event& event, std::int64_t id) {
  Connection& c = *connection_;
  switch (event.kind) {
    case EventKind::kAsked:
      c.add_trial->bind(1, event.trial)
          .bind(2, static_cast<std::int64_t>(event.ask->origin))
          .bind(3, id)
          .bind(4, std::string_view(event.ask->note))
          .run();
      break;
    case EventKind::kTold:
    case EventKind::kFailed:
    case EventKind::kAmended: {
      const auto* failure = event.answer ? std::get_if<Failure>(event.answer.get()) : nullptr;
      const auto* values = event.answer ? std::get_if<Values>(event.answer.get()) : nullptr;
      bool feasible = true;
      if (values) {
        for (double constraint : values->constraints) feasible &= constraint <= 0;
      }
      c.settle->bind(1, event.trial)
          .bind(2, static_cast<std::int64_t>(failure ? TrialState::kFailed : TrialState::kTold))
          .bind(4, static_cast<std::int64_t>(feasible));
      if (values || !event.answer) {
        c.settle->bind(3, event.value);
      } else {
        c.settle->bind_null(3);
      }
      c.settle->run();
      if (failure)
        c.append_note->bind(1, event.trial).bind(2, std::string_view(failure->reason)).run();
      break;
    }
    case EventKind::kLapsed:
    case EventKind::kStopped: {
      if (event.trial < 0) break;
      const auto state =
          event.kind == EventKind::kLapsed ? TrialState::kLapsed : TrialState::kStopped;
      c.set_state->bind(1, event.trial).bind(2, static_cast<std::int64_t>(state)).run();
      break;
    }
    default:
      break;
  }
}

void SqliteStorage::follow_space(const Event& event) {
  if (event.kind == EventKind::kCreated) {
    space_ = Space::from_json(parse_json(event.text).at("space").dump());
  } else if (event.kind == EventKind::kExtended) {
    space_ = Space::from_json(event.text);
  }
}

std::shared_ptr<const AskRecord> SqliteStorage::read_ask() {
  const Statement& row = *connection_->select;
  AskRecord ask;
  if (!row.null(8)) {
    ask.query = Evaluate{Point(space_, row.doubles(8))};
  } else {
    ask.query = query_from_json(row.text(9), space_);
  }
  ask.origin = static_cast<Origin>(row.integer(10));
  ask.based_on = row.integer(11);
  ask.lease_until = row.real(12);
  ask.memo = row.doubles(13);
  ask.solver = word(row.integer(14));
  ask.version = word(row.integer(15));
  ask.kernel = word(row.integer(16));
  ask.owner = word(row.integer(17));
  ask.note = row.text(18);
  return std::make_shared<const AskRecord>(std::move(ask));
}

Event SqliteStorage::read_row() {
  const Statement& row = *connection_->select;
  Event event;
  event.id = row.integer(0);
  event.kind = static_cast<EventKind>(row.integer(1));
  event.trial = row.null(2) ? -1 : row.integer(2);
  event.time = row.real(3);
  event.step = row.real(4);
  event.value = row.real(5);
  event.text = row.text(6);
  if (!row.null(7)) event.answer = std::make_shared<const Answer>(answer_from_json(row.text(7)));
  follow_space(event);
  if (!row.null(10)) event.ask = read_ask();
  return event;
}

std::vector<Event> SqliteStorage::read_after(std::int64_t after) {
  connect();
  std::vector<Event> events;
  Statement& select = *connection_->select;
  select.bind(1, after);
  try {
    while (select.step()) {
      events.push_back(read_row());
      if (events.back().id == after + static_cast<std::int64_t>(events.size())) continue;
      throw StorageError("storage.torn",
                         "the journal in \"" + path_ + "\" lacks event " +
                             std::to_string(after + static_cast<std::int64_t>(events.size())) +
                             "; restore the file from a copy");
    }
  } catch (...) {
    select.reset();
    throw;
  }
  return events;
}

}  // namespace

std::unique_ptr<FileStorage> FileStorage::open(const std::string& path, Durability durability) {
  return std::make_unique<SqliteStorage>(path, durability);
}

}  // namespace asktell
