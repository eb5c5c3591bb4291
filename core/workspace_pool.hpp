// Scratch memory of work that is cut into pieces: each piece borrows a workspace and gives it back,
// so that there are as many as threads and repeated rounds allocate nothing.
#pragma once

#include <memory>
#include <mutex>
#include <vector>

namespace asktell {

template <typename Workspace>
class WorkspacePool {
 public:
  // Calls body(workspace) with one that nobody else holds; make() returns a std::unique_ptr to a
  // new one.
  template <typename Make, typename Body>
  void with(const Make& make, const Body& body) {
    std::unique_ptr<Workspace> own;
    {
      const std::lock_guard lock(mutex_);
      if (!idle_.empty()) {
        own = std::move(idle_.back());
        idle_.pop_back();
      }
    }
    if (!own) own = make();
    body(*own);
    const std::lock_guard lock(mutex_);
    idle_.push_back(std::move(own));
  }

 private:
  std::mutex mutex_;
  std::vector<std::unique_ptr<Workspace>> idle_;
};

}  // namespace asktell
