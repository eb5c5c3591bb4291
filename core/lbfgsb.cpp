// See lbfgsb.hpp.
#include <asktell/core/lbfgsb.hpp>

#include <algorithm>
#include <cmath>
#include <deque>
#include <limits>
#include <vector>

namespace asktell {
namespace {

using Eigen::VectorXd;

constexpr double kArmijo = 1e-4;  // sufficient decrease (Nocedal & Wright 2006, section 3.1)
constexpr double kSmallestStep = 1e-10;
constexpr double kCurvature = 1e-10;  // pairs with less curvature than this are left out

struct Pair {
  VectorXd s, y;
  double rho;
};

// One start: where it is, what it remembers, and the step it tries now.
class Run {
 public:
  Run(const VectorXd& start, const VectorXd& low, const VectorXd& high,
      const LbfgsbOptions& options)
      : x_(start), trial_(start), low_(low), high_(high), options_(options) {}

  bool done() const { return done_; }
  const VectorXd& trial() const { return trial_; }
  const VectorXd& best() const { return x_; }
  double value() const { return value_; }

  // Takes the value and gradient at trial(), and sets the next trial.
  void absorb(double value, const VectorXd& gradient) {
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
  bool blocked(Eigen::Index i) const {
    return (x_[i] <= low_[i] && gradient_[i] > 0) || (x_[i] >= high_[i] && gradient_[i] < 0);
  }

  void begin_step() {
    VectorXd free_gradient = gradient_;
    for (Eigen::Index i = 0; i < x_.size(); ++i) {
      if (blocked(i)) free_gradient[i] = 0;
    }
    if (free_gradient.size() == 0 ||
        free_gradient.cwiseAbs().maxCoeff() < options_.gradient_tolerance) {
      done_ = true;
      return;
    }
    direction_ = -two_loop(free_gradient);
    for (Eigen::Index i = 0; i < x_.size(); ++i) {
      if (blocked(i)) direction_[i] = 0;
    }
    if (!(direction_.dot(gradient_) < 0)) {
      pairs_.clear();
      direction_ = -free_gradient;
    }
    // Without curvature yet, do not leave the neighbourhood: a tenth of the box in any coordinate.
    const double reach =
        (direction_.cwiseAbs().array() / (high_ - low_).array().max(1e-300)).maxCoeff();
    step_ = pairs_.empty() ? std::min(1.0, 0.1 / reach) : 1.0;
    place_trial();
  }

  VectorXd two_loop(VectorXd q) const {
    std::vector<double> a(pairs_.size());
    for (std::size_t i = pairs_.size(); i-- > 0;) {
      a[i] = pairs_[i].rho * pairs_[i].s.dot(q);
      q -= a[i] * pairs_[i].y;
    }
    if (!pairs_.empty()) q /= pairs_.back().rho * pairs_.back().y.squaredNorm();
    for (std::size_t i = 0; i < pairs_.size(); ++i) {
      q += (a[i] - pairs_[i].rho * pairs_[i].y.dot(q)) * pairs_[i].s;
    }
    return q;
  }

  void place_trial() {
    trial_ = (x_ + step_ * direction_).cwiseMax(low_).cwiseMin(high_);
    if (trial_ == x_) done_ = true;
  }

  void accept(double value, const VectorXd& gradient) {
    Pair pair{trial_ - x_, gradient - gradient_, 0};
    const double curvature = pair.s.dot(pair.y);
    if (curvature > kCurvature * pair.s.norm() * pair.y.norm()) {
      pair.rho = 1 / curvature;
      pairs_.push_back(std::move(pair));
      if (pairs_.size() > static_cast<std::size_t>(options_.memory)) pairs_.pop_front();
    }
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
  const VectorXd& low_;
  const VectorXd& high_;
  const LbfgsbOptions& options_;
  std::deque<Pair> pairs_;
  double value_ = std::numeric_limits<double>::infinity();
  double step_ = 1;
  int small_steps_ = 0;
  bool started_ = false;
  bool done_ = false;
};

}  // namespace

LbfgsbResult minimize_lockstep(const BatchedFunction& function, const Eigen::MatrixXd& starts,
                               const Eigen::VectorXd& low, const Eigen::VectorXd& high,
                               const LbfgsbOptions& options) {
  std::vector<Run> runs;
  for (Eigen::Index j = 0; j < starts.cols(); ++j) {
    runs.emplace_back(starts.col(j).cwiseMax(low).cwiseMin(high), low, high, options);
  }
  LbfgsbResult result;
  Eigen::VectorXd values;
  Eigen::MatrixXd gradients;
  for (; result.rounds < options.rounds; ++result.rounds) {
    std::vector<std::size_t> active;
    for (std::size_t j = 0; j < runs.size(); ++j) {
      if (!runs[j].done()) active.push_back(j);
    }
    if (active.empty()) break;
    Eigen::MatrixXd x(starts.rows(), static_cast<Eigen::Index>(active.size()));
    for (std::size_t k = 0; k < active.size(); ++k) {
      x.col(static_cast<Eigen::Index>(k)) = runs[active[k]].trial();
    }
    function(x, values, gradients);
    for (std::size_t k = 0; k < active.size(); ++k) {
      const auto column = static_cast<Eigen::Index>(k);
      runs[active[k]].absorb(values[column], gradients.col(column));
    }
  }
  result.x.resize(starts.rows(), starts.cols());
  result.values.resize(starts.cols());
  for (std::size_t j = 0; j < runs.size(); ++j) {
    result.x.col(static_cast<Eigen::Index>(j)) = runs[j].best();
    result.values[static_cast<Eigen::Index>(j)] = runs[j].value();
  }
  return result;
}

}  // namespace asktell
