// See child.hpp.
#include <asktell/bindings/cli/child.hpp>

#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <chrono>
#include <cstring>
#include <utility>

#include <asktell/core/errors.hpp>

extern char** environ;

namespace asktell::cli {

std::atomic<bool> interrupted = false;

void catch_interrupts() {
  struct sigaction action = {};
  action.sa_handler = [](int) { interrupted = true; };
  sigaction(SIGINT, &action, nullptr);
  sigaction(SIGTERM, &action, nullptr);
}

namespace {

using Clock = std::chrono::steady_clock;

struct Pipe {
  Pipe() {
    if (pipe2(ends.data(), O_CLOEXEC) != 0) {
      throw StudyError("study.program", std::string("cannot make a pipe: ") + std::strerror(errno) +
                                            "; lower --parallel");
    }
  }
  ~Pipe() {
    for (int end : ends) close(end);
  }
  std::array<int, 2> ends = {-1, -1};  // read, write
};

pid_t start(const std::vector<std::string>& words, const Pipe& out, const Pipe& err) {
  std::vector<char*> argv;
  for (const std::string& word : words) argv.push_back(const_cast<char*>(word.c_str()));
  argv.push_back(nullptr);
  posix_spawn_file_actions_t actions;
  posix_spawn_file_actions_init(&actions);
  posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0);
  posix_spawn_file_actions_adddup2(&actions, out.ends[1], 1);
  posix_spawn_file_actions_adddup2(&actions, err.ends[1], 2);
  posix_spawnattr_t attributes;
  posix_spawnattr_init(&attributes);
  posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETPGROUP);  // so that its children die with it
  pid_t pid = -1;
  const int code = posix_spawnp(&pid, argv[0], &actions, &attributes, argv.data(), environ);
  posix_spawn_file_actions_destroy(&actions);
  posix_spawnattr_destroy(&attributes);
  if (code == 0) return pid;
  throw StudyError("study.program", "cannot start \"" + words[0] + "\": " + std::strerror(code) +
                                        "; check the path and that it may be executed");
}

// Reads what is there; false at the end of the stream.
bool drain(int fd, std::string& text) {
  std::array<char, 4096> buffer;
  const ssize_t count = read(fd, buffer.data(), buffer.size());
  if (count > 0) text.append(buffer.data(), static_cast<std::size_t>(count));
  return count > 0 || (count < 0 && errno == EINTR);
}

std::vector<std::string> lines_of(const std::string& text) {
  std::vector<std::string> lines;
  std::size_t begin = 0;
  while (begin < text.size()) {
    const std::size_t end = std::min(text.find('\n', begin), text.size());
    lines.push_back(text.substr(begin, end - begin));
    begin = end + 1;
  }
  return lines;
}

// Waits for both streams to end, killing the group on time-out or interrupt.
void collect(pid_t pid, double timeout, Pipe& out, Pipe& err, std::string& printed,
             ChildResult& result) {
  const auto started = Clock::now();
  std::array<pollfd, 2> watched = {pollfd{out.ends[0], POLLIN, 0}, pollfd{err.ends[0], POLLIN, 0}};
  bool killed = false;
  while (watched[0].fd >= 0 || watched[1].fd >= 0) {
    poll(watched.data(), watched.size(), 100);
    if (watched[0].revents && !drain(watched[0].fd, printed)) watched[0].fd = -1;
    if (watched[1].revents && !drain(watched[1].fd, result.errors)) watched[1].fd = -1;
    for (pollfd& each : watched) each.revents = 0;
    const double seconds = std::chrono::duration<double>(Clock::now() - started).count();
    result.timed_out |= timeout > 0 && seconds > timeout && !killed;
    result.interrupted = interrupted;
    if ((result.timed_out || result.interrupted) && !killed) {
      kill(-pid, SIGKILL);
      killed = true;
    }
  }
}

}  // namespace

ChildResult run_child(const std::vector<std::string>& words, double timeout) {
  Pipe out, err;
  const pid_t pid = start(words, out, err);
  close(std::exchange(out.ends[1], -1));
  close(std::exchange(err.ends[1], -1));
  ChildResult result;
  std::string printed;
  collect(pid, timeout, out, err, printed, result);
  int status = 0;
  while (waitpid(pid, &status, 0) < 0 && errno == EINTR) {
  }
  result.exit_code = WIFEXITED(status) ? WEXITSTATUS(status) : -WTERMSIG(status);
  result.lines = lines_of(printed);
  if (result.errors.size() > 2000) result.errors.erase(0, result.errors.size() - 2000);
  return result;
}

}  // namespace asktell::cli
