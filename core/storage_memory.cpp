// A journal that lives as long as its study.
#include <vector>

#include <asktell/core/storage.hpp>

namespace asktell {
namespace {

class MemoryStorage : public Storage {
 public:
  void exclusively(const std::function<void()>& body) override {
    const std::size_t before = events_.size();
    try {
      body();
    } catch (...) {
      events_.resize(before);
      throw;
    }
  }
  std::int64_t append(const Event& event) override {
    events_.push_back(event);
    events_.back().id = static_cast<std::int64_t>(events_.size());
    return events_.back().id;
  }
  std::vector<Event> read_after(std::int64_t after) override {
    return {events_.begin() + after, events_.end()};
  }

 private:
  std::vector<Event> events_;
};

}  // namespace

std::unique_ptr<Storage> make_memory_storage() {
  return std::make_unique<MemoryStorage>();
}

}  // namespace asktell
