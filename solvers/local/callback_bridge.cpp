// The rendezvous of two threads; see callback_bridge.hpp.
#include <asktell/solvers/local/callback_bridge.hpp>

#include <utility>

namespace asktell {

CallbackBridge::CallbackBridge(Body body) : body_(std::move(body)) {}

CallbackBridge::~CallbackBridge() {
  if (!started_) return;
  {
    const std::lock_guard lock(mutex_);
    stopping_ = true;
    turn_ = Turn::kBody;
  }
  changed_.notify_all();
  thread_.join();
}

const CallbackBridge::Request* CallbackBridge::next() {
  std::unique_lock lock(mutex_);
  if (!ended_ && answered_) {
    answered_ = false;
    turn_ = Turn::kBody;
    if (!std::exchange(started_, true)) {
      thread_ = std::thread([this] { run_body(); });
    } else {
      changed_.notify_all();
    }
    changed_.wait(lock, [&] { return turn_ == Turn::kOurs; });
  }
  return ended_ ? nullptr : &request_;
}

void CallbackBridge::answer(Reply reply) {
  const std::lock_guard lock(mutex_);
  reply_ = std::move(reply);
  answered_ = true;
}

const CallbackBridge::Reply* CallbackBridge::call(Request request) {
  std::unique_lock lock(mutex_);
  if (stopping_) return nullptr;
  request_ = std::move(request);
  turn_ = Turn::kOurs;
  changed_.notify_all();
  changed_.wait(lock, [&] { return turn_ == Turn::kBody; });
  return stopping_ ? nullptr : &reply_;
}

void CallbackBridge::run_body() {
  std::string outcome = body_([this](Request request) { return call(std::move(request)); });
  const std::lock_guard lock(mutex_);
  outcome_ = std::move(outcome);
  ended_ = true;
  turn_ = Turn::kOurs;
  changed_.notify_all();
}

}  // namespace asktell
