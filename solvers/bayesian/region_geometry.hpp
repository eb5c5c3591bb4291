// Trust regions of model-based solvers (Eriksson, Pearce, Gardner, Turner & Poloczek 2019,
// "Scalable global optimization via local Bayesian optimization", section 2): when a region grows
// and shrinks, the box it stands for, and candidates inside of it.
#pragma once

#include <algorithm>
#include <cstdint>
#include <vector>

#include <Eigen/Core>

#include <asktell/core/random.hpp>
#include <asktell/core/space.hpp>
#include <asktell/surrogates/gp/kernels/kernel.hpp>

namespace asktell {

// Successes and failures in a row, and what they mean for a region.
class StreakCounter {
 public:
  enum class Change { kNone, kGrow, kShrink };
  StreakCounter(double successes, double failures) : grow_at_(successes), shrink_at_(failures) {}

  // A success counts once; a failure as much as it weighs (1, or the points of the batch).
  Change judge(bool success, double weight = 1);

 private:
  double grow_at_, shrink_at_;
  double successes_ = 0, failures_ = 0;
};

// Side length of a region, by the batches it was judged by.
class RegionLength {
 public:
  struct Rule {
    double length_start = 0.8;
    double length_end = 1.0 / 128;  // a shorter region has collapsed
    double length_most = 1.6;
    double successes = 3;  // batches in a row that double the length
    double failures = 4;   // points in a row, in whole batches, that halve it
  };
  explicit RegionLength(const Rule& rule)
      : rule_(rule), streak_(rule.successes, rule.failures), length_(rule.length_start) {}

  void judge(bool success, std::size_t points);
  double length() const { return length_; }
  bool collapsed() const { return length_ < rule_.length_end; }

 private:
  Rule rule_;
  StreakCounter streak_;
  double length_;
};

// Radii of a region of numbers and categories (Wan, Nguyen, Ha, Ru, Lu & Osborne 2021, "Think
// global and act local: Bayesian optimisation over high-dimensional categorical and mixed search
// spaces", section 3.2; constants of Dreczkowski, Grosnit & Bou Ammar 2023, "Framework and
// benchmarks for combinatorial and mixed-variable Bayesian optimization"): a side length for
// numbers, a number of categories that may differ from the centre.
class MixedRadii {
 public:
  MixedRadii(Eigen::Index numbers, Eigen::Index categories);

  void judge(bool success);  // a batch
  double length() const { return length_; }
  Eigen::Index categories() const { return hamming_; }
  bool collapsed() const;

 private:
  Eigen::Index numbers_, all_categories_;
  StreakCounter streak_;
  double length_;
  Eigen::Index hamming_;
};

// Lower than `before` by more than a thousandth of its size.
bool is_improvement(double value, double before);

struct RegionBox {
  Eigen::VectorXd low, high;  // d, within the unit cube
};

// The coordinates of a space as a region sees them: numbers have an interval around the centre,
// categories have no distance.
class RegionGeometry {
 public:
  explicit RegionGeometry(const Space& space);

  Eigen::Index dimension() const { return static_cast<Eigen::Index>(category_.size()); }
  bool is_category(Eigen::Index coordinate) const {
    return category_[static_cast<std::size_t>(coordinate)];
  }

  Eigen::Index categories() const {
    return static_cast<Eigen::Index>(std::count(category_.begin(), category_.end(), true));
  }

  // Length-scales of the numbers over their geometric mean, from the theta of a space_kernel; 1
  // elsewhere.
  Eigen::VectorXd side_weights(const Kernel& kernel, const Eigen::VectorXd& theta) const;

  // centre +- weights length / 2 for numbers, at least as far as the next cell of discrete ones;
  // [0, 1] for categories.
  RegionBox box(const Eigen::VectorXd& centre, const Eigen::VectorXd& weights, double length) const;

  struct Candidates {
    Eigen::VectorXd centre;  // d, unit cube
    RegionBox box;
    double length = 0.8;
    std::vector<double> fixed;  // held, NaN where free; empty when all are free
    std::uint64_t seed = 0;     // of the scrambled Sobol points
    // Categories that may differ from the centre; -1: as many as `length` lets.
    Eigen::Index categories = -1;
  };
  // The box of `weights` and `length` around `centre`, nothing held.
  Candidates around(const Eigen::VectorXd& centre, const Eigen::VectorXd& weights, double length,
                    RandomStream& stream) const;
  // d x count points of the space (as they would be evaluated): the centre with about 20
  // coordinates, at least one, replaced by those of a Sobol point of the box. A category that is
  // chosen is drawn anew with probability `length`, the share of its range that a number's interval
  // has; or from none to `categories` of them are.
  Eigen::MatrixXd draw(const Candidates& region, Eigen::Index count, RandomStream& stream) const;

 private:
  std::vector<bool> drawn_anew(const Candidates& region, const std::vector<Eigen::Index>& free,
                               RandomStream& stream) const;
  void move(const Candidates& region, const std::vector<Eigen::Index>& free, Eigen::VectorXd& x,
            RandomStream& stream) const;

  Space space_;
  std::vector<bool> category_;             // of each coordinate
  std::vector<Eigen::Index> lengthscale_;  // of each number, among the kernel's; -1: none
};

}  // namespace asktell
