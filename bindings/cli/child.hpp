// Runs a program directly (never through a shell) and collects what it prints.
#pragma once

#include <atomic>
#include <string>
#include <vector>

namespace asktell::cli {

struct ChildResult {
  int exit_code = 0;  // -signal when killed by one
  bool timed_out = false;
  bool interrupted = false;
  std::vector<std::string> lines;  // of standard output
  std::string errors;              // the last 2000 characters of standard error
};

// Set by SIGINT and SIGTERM; running children are then killed.
extern std::atomic<bool> interrupted;
void catch_interrupts();

// timeout in seconds, 0: none; the whole process group is killed when it runs out. Throws
// StudyError "study.program" when the program cannot be started.
ChildResult run_child(const std::vector<std::string>& words, double timeout);

}  // namespace asktell::cli
