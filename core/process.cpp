// Which process this is, and whether another one still lives: pending trials of the dead are
// adopted.
#include <signal.h>
#include <unistd.h>

#include <cerrno>
#include <fstream>
#include <sstream>
#include <string>

#include <asktell/core/storage.hpp>

namespace asktell {
namespace {

// Start of a process in clock ticks since boot (field 22 of /proc/<pid>/stat), so that a reused
// number is not taken for the same process; "0" where there is no /proc.
std::string start_of(long pid) {
  std::ifstream in("/proc/" + std::to_string(pid) + "/stat");
  std::string line;
  if (!std::getline(in, line)) return "0";
  std::istringstream fields(line.substr(line.rfind(')') + 1));  // the name may hold spaces
  std::string field;
  for (int i = 3; i <= 22; ++i) fields >> field;
  return field;
}

std::string host() {
  char name[256] = {};
  gethostname(name, sizeof name - 1);
  return name;
}

}  // namespace

std::string this_process() {
  const long pid = getpid();
  return host() + ":" + std::to_string(pid) + ":" + start_of(pid);
}

bool owner_alive(const std::string& owner) {
  const std::size_t second = owner.rfind(':');
  const std::size_t first = second == std::string::npos ? second : owner.rfind(':', second - 1);
  if (first == std::string::npos || owner.substr(0, first) != host()) return true;
  const long pid = std::stol(owner.substr(first + 1, second - first - 1));
  if (kill(static_cast<pid_t>(pid), 0) != 0 && errno == ESRCH) return false;
  return start_of(pid) == owner.substr(second + 1);
}

}  // namespace asktell
