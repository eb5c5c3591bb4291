// One study used from many threads (built under the thread sanitizer), and one file from many
// processes.
#include <gtest/gtest.h>
#include <sys/wait.h>
#include <unistd.h>

#include <atomic>
#include <filesystem>
#include <set>
#include <thread>

#include <asktell/asktell.hpp>

namespace asktell {
namespace {

Space square() {
  return Space().real("x", -5, 10).real("y", 0, 15);
}

TEST(Threads, ShareOneBudgetExactly) {
  for (const std::string solver : {"random", "sobol", "gp_bo", "nlopt.cobyla"}) {
    Study study({.space = square(), .seed = 1, .solver = solver, .n_trials = 40});
    std::atomic<int> told = 0;
    std::vector<std::thread> threads;
    for (int i = 0; i < 6; ++i) {
      threads.emplace_back([&] {
        while (const Trial trial = study.ask()) {
          trial.report(1, trial["x"]);
          study.best();
          study.tell(trial, static_cast<double>(trial["x"]) * trial["y"].number());
          ++told;
        }
      });
    }
    for (std::thread& thread : threads) thread.join();
    EXPECT_EQ(told, 40) << solver;
    EXPECT_EQ(study.told(), 40u);
  }
}

#ifndef __SANITIZE_THREAD__
TEST(Processes, EightShareOneBudgetExactly) {
  const std::string path =
      (std::filesystem::temp_directory_path() / ("eight-" + std::to_string(getpid()) + ".db"))
          .string();
  {
    Study({.space = Space().integer("a", 0, 19).integer("b", 0, 19),
           .file = path,
           .seed = 1,
           .solver = "grid",
           .n_trials = 200});
  }
  std::vector<pid_t> children;
  for (int i = 0; i < 8; ++i) {
    const pid_t child = fork();
    if (child == 0) {
      Study study({.file = path});
      while (const Trial trial = study.ask()) study.tell(trial, trial["a"].number());
      _exit(0);
    }
    children.push_back(child);
  }
  for (pid_t child : children) {
    int status = 0;
    waitpid(child, &status, 0);
    EXPECT_EQ(status, 0);
  }
  Study study({.file = path});
  EXPECT_EQ(study.told(), 200u);
  std::set<std::string> points;
  for (const Trial& trial : study.trials()) points.insert(trial.point().to_json());
  EXPECT_EQ(points.size(), 200u);  // each cell once
  for (const char* suffix : {"", "-wal", "-shm"}) std::filesystem::remove(path + suffix);
}
#endif

}  // namespace
}  // namespace asktell
