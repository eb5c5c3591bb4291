// Kills a process that asks and tells at random moments: nothing acknowledged is lost, the file
// opens, and the trials asked equal those of an unbroken run. Rounds: ASKTELL_CRASH_ROUNDS.
#include <fcntl.h>
#include <gtest/gtest.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <chrono>
#include <cstdlib>
#include <filesystem>
#include <thread>

#include <asktell/asktell.hpp>
#include <asktell/core/random.hpp>

namespace asktell {
namespace {

constexpr int kTrials = 60;

Space square() {
  return Space().real("x", -5, 10).real("y", 0, 15);
}
double value(const Trial& trial) {
  return trial["x"].number() * 2 - trial["y"].number();
}

void work(const std::string& path, const std::string& solver, int acknowledge) {
  Study study({.space = square(), .file = path, .seed = 5, .solver = solver, .n_trials = kTrials});
  const auto tell = [&](const Trial& trial) {
    study.tell(trial, value(trial));
    const std::int64_t number = trial.number();
    if (write(acknowledge, &number, sizeof number) != sizeof number) _exit(1);
  };
  for (const Trial& trial : study.adopt()) tell(trial);
  while (const Trial trial = study.ask()) tell(trial);
}

// Starts the worker, kills it after `delay` and adds what it acknowledged. True when it came to its
// end.
bool round(const std::string& path, const std::string& solver, double delay,
           std::vector<std::int64_t>& acknowledged) {
  int ends[2];
  if (pipe(ends) != 0) throw std::runtime_error("no pipe");
  const pid_t child = fork();
  if (child == 0) {
    close(ends[0]);
    work(path, solver, ends[1]);
    _exit(0);
  }
  close(ends[1]);
  std::this_thread::sleep_for(std::chrono::duration<double>(delay));
  kill(child, SIGKILL);
  int status = 0;
  waitpid(child, &status, 0);
  for (std::int64_t number; read(ends[0], &number, sizeof number) == sizeof number;) {
    acknowledged.push_back(number);
  }
  close(ends[0]);
  return WIFEXITED(status) && WEXITSTATUS(status) == 0;
}

void remove_study(const std::string& path) {
  for (const char* suffix : {"", "-wal", "-shm"}) std::filesystem::remove(path + suffix);
}

std::vector<std::string> asked_points(const std::string& path) {
  std::vector<std::string> points;
  Study study({.file = path});
  for (const Trial& trial : study.trials()) points.push_back(trial.point().to_json());
  return points;
}

TEST(Crash, NothingAcknowledgedIsLostAndTheRunGoesOn) {
  const char* text = std::getenv("ASKTELL_CRASH_ROUNDS");
  const int rounds = text ? std::atoi(text) : 200;
  const auto folder = std::filesystem::temp_directory_path();
  const std::string path = (folder / ("crash-" + std::to_string(getpid()) + ".db")).string();
  RandomStream delays(17, Purpose::kUser);
  int killed = 0;
  for (int done = 0; done < rounds;) {
    const std::string solver = done % 3 == 0 ? "gp_bo" : done % 3 == 1 ? "random" : "sobol";
    remove_study(path);
    std::vector<std::int64_t> acknowledged;
    bool finished = false;
    for (int attempt = 0; !finished; ++attempt) {
      // The first kills may come before the file is complete; later ones leave time to get on.
      finished = round(path, solver, delays.uniform() * (attempt < 12 ? 0.02 : 5.0), acknowledged);
      ++done;
      killed += !finished;
      if (!std::filesystem::exists(path) || std::filesystem::file_size(path) == 0) continue;
      Study study(
          {.space = square(), .file = path, .seed = 5, .solver = solver, .n_trials = kTrials});
      for (std::int64_t number : acknowledged) {
        ASSERT_EQ(study.trial(number).state(), TrialState::kTold) << solver << " trial " << number;
      }
    }
    const std::string unbroken = path + ".unbroken";
    remove_study(unbroken);
    const int nowhere = open("/dev/null", O_WRONLY);
    work(unbroken, solver, nowhere);
    close(nowhere);
    ASSERT_EQ(asked_points(path), asked_points(unbroken)) << solver;
    remove_study(unbroken);
  }
  remove_study(path);
  EXPECT_GT(killed, rounds / 4);
}

}  // namespace
}  // namespace asktell
