// See nuts.hpp.
#include <asktell/surrogates/sampling/nuts.hpp>

#include <algorithm>
#include <cmath>
#include <limits>
#include <vector>

#include <asktell/core/dense.hpp>
#include <asktell/core/errors.hpp>

namespace asktell {
namespace {

using Eigen::Index;
using Eigen::MatrixXd;
using Eigen::VectorXd;

constexpr double kInfinity = std::numeric_limits<double>::infinity();
constexpr double kDivergence = 1000;  // rise of the energy at which a path is given up

double log_add(double a, double b) {
  const double high = std::max(a, b);
  return high == -kInfinity ? high : high + std::log1p(std::exp(std::min(a, b) - high));
}

// Kinetic energy p' C p / 2 with C an estimate of the covariance of the draws.
class Metric {
 public:
  // covariance: as in NutsState.
  void set(const MatrixXd& covariance, Index size) {
    covariance_ = covariance.size() > 0 ? covariance : MatrixXd::Ones(size, 1);
    if (covariance_.cols() == 1) return;
    factor_ = covariance_;
    if (dense::cholesky(factor_) >= 0) covariance_ = VectorXd(covariance.diagonal());
  }
  const MatrixXd& covariance() const { return covariance_; }

  void velocity(const VectorXd& momentum, VectorXd& out) const {
    if (diagonal()) {
      out = covariance_.col(0).cwiseProduct(momentum);
    } else {
      out.noalias() = covariance_ * momentum;
    }
  }
  // p ~ N(0, C^-1).
  void draw(RandomStream& stream, VectorXd& momentum) const {
    stream.fill_normal({momentum.data(), static_cast<std::size_t>(momentum.size())});
    if (diagonal()) {
      momentum.array() /= covariance_.col(0).array().sqrt();
    } else {
      dense::solve_lower_transposed(factor_, momentum);
    }
  }

 private:
  bool diagonal() const { return covariance_.cols() == 1; }
  MatrixXd covariance_, factor_;
};

struct Point {
  VectorXd position, gradient;
  double log_density = -kInfinity;
};

struct Phase {
  Point point;
  VectorXd momentum, velocity;
};

// A piece of a path, with what the test for a turn and the choice among its states need.
struct Segment {
  VectorXd first_momentum, last_momentum, first_velocity, last_velocity;
  VectorXd momenta;                // their sum over the states
  double log_weight = -kInfinity;  // log sum of exp(-energy)
  Point chosen;

  // The path now grows at its other end.
  void reverse() {
    first_momentum.swap(last_momentum);
    first_velocity.swap(last_velocity);
  }
};

// Step size by dual averaging of the acceptance (Hoffman & Gelman 2014, section 3.2).
class StepSize {
 public:
  explicit StepSize(double target) : target_(target) {}
  void restart(double step) {
    centre_ = std::log(10 * step);
    log_step_ = std::log(step);
    error_ = average_ = 0;
    count_ = 0;
  }
  void learn(double acceptance) {
    ++count_;
    const double weight = 1 / (count_ + kDelay);
    error_ += weight * (target_ - acceptance - error_);
    log_step_ = std::clamp(centre_ - std::sqrt(count_) / kShrinkage * error_, kLowest, kHighest);
    average_ += std::pow(count_, -kForgetting) * (log_step_ - average_);
  }
  double step() const { return std::exp(log_step_); }
  double averaged() const { return count_ > 0 ? std::exp(average_) : step(); }

 private:
  static constexpr double kShrinkage = 0.05, kDelay = 10, kForgetting = 0.75;
  static constexpr double kLowest = -30, kHighest = 10;  // of the logarithm
  const double target_;
  double centre_ = 0, log_step_ = 0, error_ = 0, average_ = 0, count_ = 0;
};

class Path {
 public:
  Path(const LogDensity& density, Index size, int max_depth, RandomStream& stream)
      : density_(density),
        max_depth_(max_depth),
        stream_(stream),
        branches_(static_cast<std::size_t>(max_depth) + 1) {
    metric.set({}, size);
    here_.position.resize(size);
    here_.gradient.resize(size);
  }

  bool start(const VectorXd& position) {
    here_.position = position;
    return evaluate(here_);
  }
  const Point& here() const { return here_; }

  // A new state; returns the mean acceptance of the states met.
  double step(double size);
  // The step size at which the acceptance of one leap crosses one half, from `size` on.
  double reasonable_step(double size);

  Metric metric;
  bool diverged = false, full_depth = false;  // of the last step
  long evaluations = 0;

 private:
  bool evaluate(Point& point) {
    ++evaluations;
    point.log_density = density_(point.position, &point.gradient);
    return std::isfinite(point.log_density) && point.gradient.allFinite();
  }
  double energy(const Phase& phase) const {
    return 0.5 * phase.momentum.dot(phase.velocity) - phase.point.log_density;
  }
  void launch(Phase& phase) {
    phase.point = here_;
    phase.momentum.resize(here_.position.size());
    metric.draw(stream_, phase.momentum);
    metric.velocity(phase.momentum, phase.velocity);
  }
  bool leap(Phase& phase, double size);
  bool leaf(Phase& end, double size, Segment& out);
  bool grow(Phase& end, double size, int depth, Segment& out);
  bool join(Segment& path, Segment& more, bool towards_more);

  const LogDensity& density_;
  const int max_depth_;
  RandomStream& stream_;
  Point here_;
  Phase ends_[2];
  Segment path_;
  std::vector<Segment> branches_;  // second halves, by depth
  double initial_energy_ = 0, acceptances_ = 0;
  int states_ = 0;
};

// One step of the leapfrog integrator; false when it left where the density is finite.
bool Path::leap(Phase& phase, double size) {
  phase.momentum += 0.5 * size * phase.point.gradient;
  metric.velocity(phase.momentum, phase.velocity);
  phase.point.position += size * phase.velocity;
  if (!evaluate(phase.point)) return false;
  phase.momentum += 0.5 * size * phase.point.gradient;
  metric.velocity(phase.momentum, phase.velocity);
  return true;
}

bool Path::leaf(Phase& end, double size, Segment& out) {
  ++states_;
  const bool inside = leap(end, size);
  const double change = inside ? energy(end) - initial_energy_ : kInfinity;
  if (!(change < kDivergence)) {
    diverged = true;
    return false;
  }
  acceptances_ += std::min(1.0, std::exp(-change));
  out.log_weight = -change;
  out.chosen = end.point;
  out.momenta = out.first_momentum = out.last_momentum = end.momentum;
  out.first_velocity = out.last_velocity = end.velocity;
  return true;
}

// 2^depth states on from `end`; false when the piece turns back or diverges.
bool Path::grow(Phase& end, double size, int depth, Segment& out) {
  if (depth == 0) return leaf(end, size, out);
  Segment& second = branches_[static_cast<std::size_t>(depth)];
  return grow(end, size, depth - 1, out) && grow(end, size, depth - 1, second) &&
         join(out, second, false);
}

// Appends `more` to `path` and chooses one of their states: by weight, or, for the whole path, with
// a preference for the newer half, which is as valid and moves farther (Betancourt 2017, A.3.2).
// False when the joined path turns back, as a whole or about the joint.
bool Path::join(Segment& path, Segment& more, bool towards_more) {
  const auto straight = [](const VectorXd& first, const VectorXd& last, const auto& momenta) {
    return first.dot(momenta) > 0 && last.dot(momenta) > 0;
  };
  const double total = log_add(path.log_weight, more.log_weight);
  const double rival = towards_more ? path.log_weight : total;
  if (std::log(stream_.uniform()) < more.log_weight - rival) std::swap(path.chosen, more.chosen);
  path.log_weight = total;
  const bool on =
      straight(path.first_velocity, more.last_velocity, path.momenta + more.momenta) &&
      straight(path.first_velocity, more.first_velocity, path.momenta + more.first_momentum) &&
      straight(path.last_velocity, more.last_velocity, more.momenta + path.last_momentum);
  path.momenta += more.momenta;
  path.last_momentum.swap(more.last_momentum);
  path.last_velocity.swap(more.last_velocity);
  return on;
}

double Path::step(double size) {
  diverged = full_depth = false;
  acceptances_ = 0;
  states_ = 0;
  launch(ends_[0]);
  ends_[1] = ends_[0];
  initial_energy_ = energy(ends_[0]);
  path_.log_weight = 0;
  path_.chosen = here_;
  path_.momenta = path_.first_momentum = path_.last_momentum = ends_[0].momentum;
  path_.first_velocity = path_.last_velocity = ends_[0].velocity;
  Segment& more = branches_[0];
  int end = 1, depth = 0;
  for (; depth < max_depth_; ++depth) {
    const int grown = stream_.uniform() < 0.5 ? 0 : 1;
    if (grown != end) path_.reverse();
    end = grown;
    if (!grow(ends_[end], end == 1 ? size : -size, depth, more)) break;
    if (!join(path_, more, true)) break;
  }
  full_depth = depth == max_depth_;
  std::swap(here_, path_.chosen);
  return states_ > 0 ? acceptances_ / states_ : 0;
}

double Path::reasonable_step(double size) {
  constexpr int kMaxTries = 60;
  const double log_half = std::log(0.5);
  int direction = 0;
  for (int tries = 0; tries < kMaxTries; ++tries) {
    launch(ends_[0]);
    const double before = energy(ends_[0]);
    const double gain = leap(ends_[0], size) ? before - energy(ends_[0]) : -kInfinity;
    const int wanted = gain > log_half ? 1 : -1;  // also -1 for NaN
    if (direction == 0) direction = wanted;
    if (wanted != direction) break;
    size *= direction > 0 ? 2 : 0.5;
  }
  return size;
}

// The warm-up in three parts, as Stan divides it: the step size alone, the metric in windows that
// double in length, the step size alone.
class Windows {
 public:
  explicit Windows(int steps) : steps_(steps) {
    if (steps < 20) {  // too short to learn a metric
      first_ = steps;
      last_ = steps;
    } else if (steps < 150) {
      first_ = (15 * steps) / 100;
      last_ = steps - steps / 10;
      width_ = last_ - first_;
    } else {
      first_ = 75;
      last_ = steps - 50;
      width_ = 25;
    }
    end_ = first_;
    widen();
  }
  bool learns(int step) const { return step >= first_ && step < last_; }
  // Whether a window ends with this step.
  bool ends(int step) {
    if (!learns(step) || step + 1 != end_) return false;
    width_ *= 2;
    widen();
    return true;
  }

 private:
  // The next window; the last one takes what would be too short for another.
  void widen() {
    end_ += width_;
    if (end_ + 2 * width_ > last_) end_ = last_;
  }
  int steps_, first_ = 0, last_ = 0, width_ = 0, end_ = 0;
};

// Covariance of the columns, shrunk to its diagonal and that a little to a small multiple of one
// (the latter as Stan does), so that few draws give a usable metric.
MatrixXd regularized_covariance(const MatrixXd& draws, bool dense) {
  const auto n = static_cast<double>(draws.cols());
  const auto d = static_cast<double>(draws.rows());
  const MatrixXd centred = draws.colwise() - draws.rowwise().mean();
  VectorXd variances = centred.rowwise().squaredNorm() / (n - 1);
  variances = (n / (n + 5)) * variances.array() + 1e-3 * (5 / (n + 5));
  if (!dense) return variances;
  MatrixXd out = (n / (n + d)) / (n - 1) * centred * centred.transpose();
  out.diagonal() = variances;
  return out;
}

void check(const NutsState& start, const NutsOptions& options) {
  const auto require = [](bool good, const std::string& text) {
    if (!good) throw OptionError("option.value", text);
  };
  const Index d = start.position.size(), rows = start.covariance.rows();
  require(options.warm_up >= 0,
          "warm_up is " + std::to_string(options.warm_up) + "; it must be 0 or more");
  require(options.draws >= 0,
          "draws is " + std::to_string(options.draws) + "; it must be 0 or more");
  require(options.max_depth >= 1 && options.max_depth <= 20,
          "max_depth is " + std::to_string(options.max_depth) + "; it must be 1 to 20");
  require(options.acceptance > 0 && options.acceptance < 1,
          "acceptance is " + std::to_string(options.acceptance) + "; it must be between 0 and 1");
  require(start.covariance.size() == 0 ||
              (rows == d && (start.covariance.cols() == 1 || start.covariance.cols() == d)),
          "the state's covariance has " + std::to_string(rows) + " rows for " + std::to_string(d) +
              " parameters; give as many, or none");
}

// Leaves step size and metric adapted.
void warm_up(Path& path, StepSize& size, const NutsOptions& options, NutsDraws& out) {
  Windows windows(options.warm_up);
  MatrixXd seen(path.here().position.size(), options.warm_up);
  Index count = 0;
  for (int i = 0; i < options.warm_up; ++i) {
    size.learn(path.step(size.step()));
    out.warm_up_divergences += path.diverged ? 1 : 0;
    if (windows.learns(i)) seen.col(count++) = path.here().position;
    if (!windows.ends(i) || count < 2) continue;
    path.metric.set(regularized_covariance(seen.leftCols(count), options.dense), seen.rows());
    size.restart(path.reasonable_step(size.averaged()));
    count = 0;
  }
}

}  // namespace

NutsDraws nuts(const LogDensity& density, const NutsState& start, const NutsOptions& options,
               RandomStream& stream) {
  check(start, options);
  NutsDraws out;
  const Index d = start.position.size();
  Path path(density, d, options.max_depth, stream);
  path.metric.set(start.covariance, d);
  out.failed = !path.start(start.position);
  if (out.failed) {
    out.draws.resize(d, 0);
    out.state = start;
    out.evaluations = path.evaluations;
    return out;
  }
  StepSize size(options.acceptance);
  size.restart(start.step > 0 ? start.step : path.reasonable_step(1));
  warm_up(path, size, options, out);
  const double step = size.averaged();
  out.draws.resize(d, options.draws);
  out.log_density.resize(options.draws);
  for (int i = 0; i < options.draws; ++i) {
    out.acceptance += path.step(step) / options.draws;
    out.divergences += path.diverged ? 1 : 0;
    out.deepest += path.full_depth ? 1 : 0;
    out.draws.col(i) = path.here().position;
    out.log_density[i] = path.here().log_density;
  }
  out.state = {path.here().position, path.metric.covariance(), step};
  out.evaluations = path.evaluations;
  return out;
}

}  // namespace asktell
