// See lbfgsb.hpp.
#include <asktell/core/lbfgsb.hpp>

#include <algorithm>
#include <cmath>
#include <limits>
#include <vector>

namespace asktell {
namespace {

using Eigen::Index;
using Eigen::MatrixXd;
using Eigen::VectorXd;

constexpr double kArmijo = 1e-4;  // sufficient decrease (Nocedal & Wright 2006, section 3.1)
constexpr double kSmallestStep = 1e-10;
constexpr double kCurvature = 1e-10;  // pairs with less curvature than this are left out

// The last pairs of steps and changes of the gradient, as a ring of columns.
class Pairs {
 public:
  Pairs(Index dimension, int memory)
      : s_(dimension, memory), y_(dimension, memory), rho_(memory), a_(memory) {}

  bool empty() const { return count_ == 0; }
  void clear() { count_ = 0; }

  template <typename Step, typename Change>
  void add(const Step& s, const Change& y) {
    s_.col(next_) = s;
    y_.col(next_) = y;
    const double curvature = s_.col(next_).dot(y_.col(next_));
    if (!(curvature > kCurvature * s_.col(next_).norm() * y_.col(next_).norm())) return;
    rho_[next_] = 1 / curvature;
    next_ = (next_ + 1) % s_.cols();
    count_ = std::min<Index>(count_ + 1, s_.cols());
  }

  // q := (approximate inverse Hessian) q, by the two-loop recursion.
  void precondition(VectorXd& q) {
    for (Index i = 0; i < count_; ++i) {
      const Index at = newest(i);
      a_[at] = rho_[at] * s_.col(at).dot(q);
      q -= a_[at] * y_.col(at);
    }
    if (count_ > 0) q /= rho_[newest(0)] * y_.col(newest(0)).squaredNorm();
    for (Index i = count_; i-- > 0;) {
      const Index at = newest(i);
      q += (a_[at] - rho_[at] * y_.col(at).dot(q)) * s_.col(at);
    }
  }

 private:
  Index newest(Index i) const { return (next_ - 1 - i + 2 * s_.cols()) % s_.cols(); }

  MatrixXd s_, y_;  // d x memory
  VectorXd rho_, a_;
  Index next_ = 0, count_ = 0;
};

// One start: where it is, what it remembers, and the step it tries now.
class Run {
 public:
  Run(const VectorXd& start, const VectorXd& low, const VectorXd& high,
      const LbfgsbOptions& options)
      : x_(start.cwiseMax(low).cwiseMin(high)),
        trial_(x_),
        gradient_(start.size()),
        direction_(start.size()),
        low_(low),
        high_(high),
        options_(options),
        pairs_(start.size(), options.memory) {}

  bool done() const { return done_; }
  const VectorXd& trial() const { return trial_; }
  const VectorXd& best() const { return x_; }
  double value() const { return value_; }

  // Takes the value and gradient at trial(), and sets the next trial.
  void absorb(double value, const Eigen::Ref<const VectorXd>& gradient) {
    const bool finite = std::isfinite(value) && gradient.allFinite();
    if (!started_) {
      if (!finite) {
        done_ = true;
        return;
      }
      started_ = true;
      value_ = value;
      gradient_ = gradient;
      begin_step();
      return;
    }
    const double decrease = gradient_.dot(trial_ - x_);
    if (finite && value <= value_ + kArmijo * std::min(0.0, decrease)) {
      accept(value, gradient);
    } else {
      shorten(finite, value, decrease);
    }
  }

 private:
  bool blocked(Index i) const {
    return (x_[i] <= low_[i] && gradient_[i] > 0) || (x_[i] >= high_[i] && gradient_[i] < 0);
  }

  void free_gradient(VectorXd& out) const {
    out = gradient_;
    for (Index i = 0; i < x_.size(); ++i) {
      if (blocked(i)) out[i] = 0;
    }
  }

  void begin_step() {
    free_gradient(direction_);
    if (direction_.size() == 0 || direction_.cwiseAbs().maxCoeff() < options_.gradient_tolerance) {
      done_ = true;
      return;
    }
    pairs_.precondition(direction_);
    direction_ = -direction_;
    for (Index i = 0; i < x_.size(); ++i) {
      if (blocked(i)) direction_[i] = 0;
    }
    if (!(direction_.dot(gradient_) < 0)) {
      pairs_.clear();
      free_gradient(direction_);
      direction_ = -direction_;
    }
    // Without curvature yet, do not leave the neighbourhood.
    const double reach =
        (direction_.cwiseAbs().array() / (high_ - low_).array().max(1e-300)).maxCoeff();
    step_ = pairs_.empty() ? std::min(1.0, options_.first_step / reach) : 1.0;
    place_trial();
  }

  void place_trial() {
    trial_ = (x_ + step_ * direction_).cwiseMax(low_).cwiseMin(high_);
    if (trial_ == x_) done_ = true;
  }

  void accept(double value, const Eigen::Ref<const VectorXd>& gradient) {
    pairs_.add(trial_ - x_, gradient - gradient_);
    const double gain = value_ - value;
    const bool settled =
        gain <= options_.value_tolerance * std::max({std::abs(value_), std::abs(value), 1.0});
    x_ = trial_;
    value_ = value;
    gradient_ = gradient;
    small_steps_ = settled ? small_steps_ + 1 : 0;
    if (small_steps_ >= 2) {  // one tiny gain may be an unlucky step
      done_ = true;
      return;
    }
    begin_step();
  }

  void shorten(bool finite, double value, double decrease) {
    // Minimum of the parabola through both values and the slope, kept within [0.1, 0.5] of the
    // step.
    double factor = 0.5;
    if (finite && decrease < 0) {
      factor = std::clamp(-0.5 * decrease / (value - value_ - decrease), 0.1, 0.5);
    }
    step_ *= factor;
    if (step_ < kSmallestStep) {
      if (pairs_.empty()) {
        done_ = true;
        return;
      }
      pairs_.clear();
      begin_step();
      return;
    }
    place_trial();
  }

  VectorXd x_, trial_, gradient_, direction_;
  const VectorXd low_, high_;
  const LbfgsbOptions& options_;
  Pairs pairs_;
  double value_ = std::numeric_limits<double>::infinity();
  double step_ = 1;
  int small_steps_ = 0;
  bool started_ = false;
  bool done_ = false;
};

}  // namespace

LbfgsbResult minimize_lockstep(const BatchedFunction& function, const MatrixXd& starts,
                               const MatrixXd& low, const MatrixXd& high,
                               const LbfgsbOptions& options) {
  const Index d = starts.rows(), count = starts.cols();
  std::vector<Run> runs;
  runs.reserve(static_cast<std::size_t>(count));
  for (Index j = 0; j < count; ++j) {
    const Index box = low.cols() == 1 ? 0 : j;
    runs.emplace_back(starts.col(j), low.col(box), high.col(box), options);
  }
  LbfgsbResult result;
  MatrixXd x(d, count), gradients(d, count);
  VectorXd values(count);
  std::vector<Index> active;
  active.reserve(runs.size());
  for (; result.rounds < options.rounds; ++result.rounds) {
    active.clear();
    for (Index j = 0; j < count; ++j) {
      const Run& run = runs[static_cast<std::size_t>(j)];
      if (run.done()) continue;
      x.col(static_cast<Index>(active.size())) = run.trial();
      active.push_back(j);
    }
    if (active.empty()) break;
    const auto width = static_cast<Index>(active.size());
    function(x.leftCols(width), active, values.head(width), gradients.leftCols(width));
    for (Index k = 0; k < width; ++k) {
      runs[static_cast<std::size_t>(active[static_cast<std::size_t>(k)])].absorb(values[k],
                                                                                 gradients.col(k));
    }
  }
  result.x.resize(d, count);
  result.values.resize(count);
  for (Index j = 0; j < count; ++j) {
    result.x.col(j) = runs[static_cast<std::size_t>(j)].best();
    result.values[j] = runs[static_cast<std::size_t>(j)].value();
  }
  return result;
}

}  // namespace asktell
