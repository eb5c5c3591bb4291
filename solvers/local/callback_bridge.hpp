// Turns a library that calls back ("minimize this function") inside out, so that it can be asked
// and told: the library runs on a thread of its own, and exactly one of the two sides runs at any
// time.
#pragma once

#include <condition_variable>
#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

namespace asktell {

class CallbackBridge {
 public:
  struct Request {
    std::vector<double> point = {};
    bool gradient = false;
  };
  struct Reply {
    double value = 0;
    std::vector<double> gradient = {};     // when wanted
    std::vector<double> constraints = {};  // <= 0 feasible
  };
  // The library's side. Returns null once the run is to end; the body then returns soon.
  using Call = std::function<const Reply*(Request)>;
  // Runs the library to its end; returns why it ended. Must not throw.
  using Body = std::function<std::string(const Call&)>;

  explicit CallbackBridge(Body body);
  ~CallbackBridge();  // makes every further call return null, and waits for the body to end
  CallbackBridge(const CallbackBridge&) = delete;
  CallbackBridge& operator=(const CallbackBridge&) = delete;

  // What the library wants to know, the same until it is answered; null when the body has ended.
  // Starts the body at the first call.
  const Request* next();
  void answer(Reply reply);                                // of the request that next() returned
  const std::string& outcome() const { return outcome_; }  // after next() returned null

 private:
  enum class Turn { kOurs, kBody };

  const Reply* call(Request request);  // on the body's thread
  void run_body();

  Body body_;
  std::mutex mutex_;
  std::condition_variable changed_;
  Turn turn_ = Turn::kOurs;
  bool started_ = false, answered_ = true, ended_ = false, stopping_ = false;
  Request request_;
  Reply reply_;
  std::string outcome_;
  std::thread thread_;
};

}  // namespace asktell
