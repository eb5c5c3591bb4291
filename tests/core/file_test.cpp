// Files that cannot be used: each is refused with one clear error, and nothing is lost.
#include <gtest/gtest.h>
#include <signal.h>
#include <sqlite3.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>

#include <asktell/asktell.hpp>
#include <asktell/core/storage.hpp>

namespace asktell {
namespace {

namespace fs = std::filesystem;

// A folder of its own for each test, gone afterwards.
class FileTest : public testing::Test {
 protected:
  FileTest() {
    const auto* info = testing::UnitTest::GetInstance()->current_test_info();
    folder_ = fs::temp_directory_path() /
              ("asktell-" + std::string(info->name()) + "-" + std::to_string(getpid()));
    fs::create_directories(folder_);
  }
  ~FileTest() override {
    fs::permissions(folder_, fs::perms::owner_all);
    fs::remove_all(folder_);
  }
  std::string path(const std::string& name = "study.db") const { return folder_ / name; }

  // A study of `trials` told trials, closed again.
  void make_study(int trials = 5) const {
    Study study(options());
    for (int i = 0; i < trials; ++i) study.tell(study.ask(), i);
  }
  StudyOptions options() const {
    return {.space = Space().real("x", 0, 1).integer("n", 1, 9),
            .file = path(),
            .seed = 1,
            .solver = "random"};
  }

  fs::path folder_;
};

template <typename Body>
void expect_error(const std::string& id, const std::string& words, Body body) {
  try {
    body();
    ADD_FAILURE() << "no error; expected " << id;
  } catch (const Error& error) {
    EXPECT_EQ(error.id(), id) << error.what();
    EXPECT_NE(std::string(error.what()).find(words), std::string::npos) << error.what();
  }
}

TEST_F(FileTest, OtherFilesAreNoStudies) {
  std::ofstream(path("text.db")) << std::string(5000, 'x');
  expect_error("storage.not-a-study", "text.db", [&] { Study({.file = path("text.db")}); });
  EXPECT_EQ(fs::file_size(path("text.db")), 5000u);  // as it was

  sqlite3* other = nullptr;  // somebody's database
  ASSERT_EQ(sqlite3_open(path("other.db").c_str(), &other), SQLITE_OK);
  sqlite3_exec(other, "CREATE TABLE t(a); INSERT INTO t VALUES(7);", nullptr, nullptr, nullptr);
  sqlite3_close(other);
  expect_error("storage.not-a-study", "other.db", [&] { Study({.file = path("other.db")}); });
  expect_error("storage.not-a-study", "other.db",
               [&] { Study({.space = Space().real("x", 0, 1), .file = path("other.db")}); });
}

TEST_F(FileTest, NewerSchemaIsRefused) {
  make_study();
  sqlite3* file = nullptr;
  ASSERT_EQ(sqlite3_open(path().c_str(), &file), SQLITE_OK);
  sqlite3_exec(file, "PRAGMA user_version = 99", nullptr, nullptr, nullptr);
  sqlite3_close(file);
  expect_error("storage.newer-schema", "99", [&] { Study({.file = path()}); });
  expect_error("storage.newer-schema", "99", [&] { StudyReader reader(path()); });
}

TEST_F(FileTest, TornJournalIsNamed) {
  make_study(200);
  fs::resize_file(path(), fs::file_size(path()) / 2);
  expect_error("storage.torn", "damaged", [&] {
    Study study({.file = path()});
    study.tell(study.ask(), 1);
  });
}

// SQLite drops what a killed process left half-written at the end of its write-ahead log.
TEST_F(FileTest, TornTailOfTheLogIsDroppedWhole) {
  const std::string copy = path("copy.db");
  {
    Study study(options());
    for (int i = 0; i < 20; ++i) study.tell(study.ask(), i);
    fs::copy_file(path(), copy);
    fs::copy_file(path() + "-wal", copy + "-wal");
  }
  fs::resize_file(copy + "-wal", fs::file_size(copy + "-wal") - 1000);
  Study study({.file = copy});
  EXPECT_GE(study.size(), 18u);
  Study unbroken({.file = path()});
  for (const Trial& trial : study.trials()) {
    EXPECT_EQ(trial.point(), unbroken.trial(trial.number()).point());
  }
  study.tell(study.ask(), 1);
}

TEST_F(FileTest, ReadOnlyFolderIsNamed) {
  if (geteuid() == 0) {  // root may write anywhere: ask as nobody, in a process of its own
    make_study();
    const pid_t child = fork();
    if (child == 0) {
      if (setuid(65534) != 0) _exit(2);
      try {
        Study study({.file = path()});
        study.ask();
        _exit(3);
      } catch (const StorageError& error) {
        _exit(error.id() == "storage.read-only" ? 0 : 4);
      } catch (...) {
        _exit(5);
      }
    }
    int status = 0;
    waitpid(child, &status, 0);
    ASSERT_TRUE(WIFEXITED(status));
    EXPECT_EQ(WEXITSTATUS(status), 0);
  } else {
    fs::permissions(folder_, fs::perms::owner_read | fs::perms::owner_exec);
    expect_error("storage.read-only", "written", [&] { Study study(options()); });
  }
}

// A limit on the size of files stands for a full disk: both end in a write that fails.
TEST_F(FileTest, FullDiskLosesNothing) {
  make_study(3);
  const pid_t child = fork();
  if (child == 0) {
    signal(SIGXFSZ, SIG_IGN);
    Study study({.file = path()});
    const rlimit limit = {60'000, 60'000};
    setrlimit(RLIMIT_FSIZE, &limit);
    std::int64_t told = 0;
    try {
      for (int i = 0; i < 10'000; ++i) {
        study.tell(study.ask(), i);
        ++told;
      }
      _exit(101);
    } catch (const StorageError& error) {
      const bool named = error.id() == "storage.full" || error.id() == "storage.io";
      const bool kept = study.told() == static_cast<std::size_t>(told) + 3;
      _exit(named && kept && told < 100 ? static_cast<int>(told) : 102);
    } catch (...) {
      _exit(103);
    }
  }
  int status = 0;
  waitpid(child, &status, 0);
  ASSERT_TRUE(WIFEXITED(status));
  const int told = WEXITSTATUS(status);
  ASSERT_LT(told, 100);
  Study study({.file = path()});
  EXPECT_EQ(study.told(), static_cast<std::size_t>(told) + 3);
  study.tell(study.ask(), 1);  // there is room again
}

TEST_F(FileTest, AFailedCallLeavesTheStudyAsItWas) {
  Study study(options());
  const Trial trial = study.ask();
  expect_error("study.wrong-answer", "", [&] { study.tell(trial, Values{{1.0, 2.0}}); });
  expect_error("point.bounds", "x", [&] { study.tell_point({{"x", 7.0}, {"n", 1}}, Values{{1}}); });
  expect_error("point.missing", "n", [&] { study.tell_point({{"x", 0.5}}, Values{{1}}); });
  EXPECT_EQ(study.size(), 1u);
  EXPECT_EQ(trial.state(), TrialState::kPending);
  const StudyReader reader(path());
  EXPECT_EQ(reader.rows().size(), 1u);
}

TEST_F(FileTest, CopiesAreWhole) {
  make_study(7);
  {
    Study study({.file = path()});
    study.copy_to(path("copy.db"));
    expect_error("storage.exists", "copy.db", [&] { study.copy_to(path("copy.db")); });
  }
  Study original({.file = path()}), copy({.file = path("copy.db")});
  EXPECT_EQ(copy.told(), 7u);
  EXPECT_EQ(copy.ask().point(), original.ask().point());
}

TEST_F(FileTest, PowerDurabilityFlushesEachCommit) {
  StudyOptions safe = options();
  safe.durability = Durability::kPower;
  Study study(safe);
  study.tell(study.ask(), 1);
  EXPECT_EQ(Study({.file = path()}).told(), 1u);
}

}  // namespace
}  // namespace asktell
