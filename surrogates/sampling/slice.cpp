// See slice.hpp.
#include <asktell/surrogates/sampling/slice.hpp>

#include <cmath>
#include <limits>
#include <numeric>
#include <string>
#include <vector>

#include <asktell/core/errors.hpp>

namespace asktell {
namespace {

using Eigen::Index;
using Eigen::VectorXd;

constexpr int kMaxShrinks = 100;  // halving on average, so the bracket is far below rounding then

class Chain {
 public:
  Chain(const LogDensity& density, const VectorXd& start, const SliceOptions& options,
        RandomStream& stream)
      : density_(density), options_(options), stream_(stream), at_(start) {
    order_.resize(static_cast<std::size_t>(start.size()));
    std::iota(order_.begin(), order_.end(), Index{0});
    log_density_ = value();
  }

  void sweep() {
    for (std::size_t i = order_.size(); i > 1; --i) {
      std::swap(order_[i - 1], order_[stream_.integer(i)]);
    }
    for (Index coordinate : order_) move(coordinate);
  }
  const VectorXd& at() const { return at_; }
  double log_density() const { return log_density_; }

  int stuck = 0;
  long evaluations = 0;

 private:
  // Not a number counts as outside.
  double value() {
    ++evaluations;
    const double value = density_(at_, nullptr);
    return std::isnan(value) ? -std::numeric_limits<double>::infinity() : value;
  }
  double value(Index coordinate, double x) {
    at_[coordinate] = x;
    return value();
  }

  void move(Index coordinate) {
    const double from = at_[coordinate];
    const double level = log_density_ + std::log(stream_.uniform());
    double low = from - options_.width * stream_.uniform();
    double high = low + options_.width;
    // The budget of steps is divided between the ends at random, or the move would not be
    // reversible.
    int down =
        static_cast<int>(stream_.integer(static_cast<std::uint64_t>(options_.steps_out) + 1));
    int up = options_.steps_out - down;
    while (down-- > 0 && value(coordinate, low) > level) low -= options_.width;
    while (up-- > 0 && value(coordinate, high) > level) high += options_.width;
    for (int shrinks = 0; shrinks < kMaxShrinks; ++shrinks) {
      const double x = low + stream_.uniform() * (high - low);
      const double here = value(coordinate, x);
      if (here > level) {
        log_density_ = here;
        stuck += x == from ? 1 : 0;
        return;
      }
      (x < from ? low : high) = x;
    }
    at_[coordinate] = from;
    ++stuck;
  }

  const LogDensity& density_;
  const SliceOptions& options_;
  RandomStream& stream_;
  VectorXd at_;
  double log_density_;
  std::vector<Index> order_;
};

void check(const SliceOptions& options) {
  const auto require = [](bool good, const char* name, const std::string& value,
                          const char* range) {
    if (!good) throw OptionError("option.value", std::string(name) + " is " + value + "; " + range);
  };
  require(options.warm_up >= 0, "warm_up", std::to_string(options.warm_up), "it must be 0 or more");
  require(options.draws >= 0, "draws", std::to_string(options.draws), "it must be 0 or more");
  require(options.steps_out >= 0, "steps_out", std::to_string(options.steps_out),
          "it must be 0 or more");
  require(options.width > 0 && std::isfinite(options.width), "width", std::to_string(options.width),
          "it must be positive and finite");
}

}  // namespace

SliceDraws slice_sample(const LogDensity& density, const VectorXd& start,
                        const SliceOptions& options, RandomStream& stream) {
  check(options);
  Chain chain(density, start, options, stream);
  SliceDraws out;
  out.failed = !std::isfinite(chain.log_density());
  const int draws = out.failed ? 0 : options.draws;
  out.draws.resize(start.size(), draws);
  out.log_density.resize(draws);
  for (int i = 0; i < options.warm_up && !out.failed; ++i) chain.sweep();
  for (int i = 0; i < draws; ++i) {
    chain.sweep();
    out.draws.col(i) = chain.at();
    out.log_density[i] = chain.log_density();
  }
  out.position = chain.at();
  out.stuck = chain.stuck;
  out.evaluations = chain.evaluations;
  return out;
}

}  // namespace asktell
