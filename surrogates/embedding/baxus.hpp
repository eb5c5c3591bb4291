// Nested sparse embeddings of a high-dimensional cube (Papenmeier, Nardi & Poloczek 2022,
// "Increasing the scope as you learn: adaptive Bayesian optimization in nested subspaces", BAxUS):
// each of D inputs belongs to one of d bins and moves with it or against it. Splitting the bins
// gives an embedding of more dimensions in which every observation is kept, since its image in the
// D inputs stays what it was. Never split and of random bins, it is the count sketch of Nayebi,
// Munteanu & Poloczek 2019, "A framework for Bayesian optimization in embedded subspaces" (HeSBO).
// Points are columns in unit cubes; a sign turns a coordinate u into 1 - u.
#pragma once

#include <Eigen/Core>
#include <vector>

#include <asktell/core/random.hpp>

namespace asktell {

enum class Bins {
  kBalanced,  // sizes differ by 1 at most, no bin is empty (BAxUS)
  kHashed,    // each input's bin is drawn on its own (HeSBO)
};

class SparseEmbedding {
 public:
  // Bins and signs from the stream. 1 <= targets <= inputs, else OptionError.
  SparseEmbedding(Eigen::Index inputs, Eigen::Index targets, RandomStream& stream,
                  Bins bins = Bins::kBalanced);

  Eigen::Index inputs() const { return static_cast<Eigen::Index>(bin_.size()); }
  Eigen::Index targets() const { return targets_; }
  Eigen::Index bin(Eigen::Index input) const { return bin_[static_cast<std::size_t>(input)]; }
  bool mirrored(Eigen::Index input) const { return mirrored_[static_cast<std::size_t>(input)]; }
  // The inputs of a target dimension, in rising order.
  std::vector<Eigen::Index> members(Eigen::Index target) const;

  // low: targets x n. Result: inputs x n.
  Eigen::MatrixXd up(const Eigen::MatrixXd& low) const;

  // Deals the inputs of every target dimension that has several to min(parts, inputs) dimensions:
  // itself, and new ones behind the present ones, those of short length-scales first (lengthscales:
  // one a target dimension, or empty for the present order). Signs stay. low (targets x n, points
  // observed so far) gets the new dimensions' rows: copies, so that up(low) does not change in any
  // bit. False when nothing was left to split.
  bool split(Eigen::Index parts, const Eigen::VectorXd& lengthscales, RandomStream& stream,
             Eigen::MatrixXd& low);

 private:
  Eigen::Index targets_;
  std::vector<Eigen::Index> bin_;  // of each input
  std::vector<bool> mirrored_;     // of each input
};

// Failures in a row that halve a trust region, from the evaluations m that its size may take: as in
// the authors' code, or as in BoTorch's tutorial, which rounds m, takes whole halvings and never
// allows more than the target dimensions.
enum class FailureTolerance { kAuthors, kBotorch };

// When BAxUS splits: target dimensions d0, d0 (b + 1), d0 (b + 1)^2, ... up to the inputs, each
// with a share of the budget in proportion to its size.
class BaxusSchedule {
 public:
  struct Options {
    double length_start = 0.8;        // of the trust region
    double length_end = 1.0 / 128.0;  // where it is given up
    Eigen::Index new_bins = 3;        // b: what a bin brings forth when it is split
    FailureTolerance tolerance = FailureTolerance::kAuthors;
  };
  // budget: evaluations besides the initial design. OptionError for inputs < 1.
  BaxusSchedule(Eigen::Index inputs, Eigen::Index budget);
  BaxusSchedule(Eigen::Index inputs, Eigen::Index budget, Options options);

  Eigen::Index first_targets() const { return first_; }
  Eigen::Index splits() const { return splits_; }  // until the inputs are reached
  std::vector<Eigen::Index> targets() const;       // d0, ..., inputs
  double evaluations(Eigen::Index targets) const;  // the share of the budget
  double halvings() const;                         // gamma: of the length, twice
  Eigen::Index failure_tolerance(Eigen::Index targets) const;

 private:
  Eigen::Index inputs_, budget_, first_ = 1, splits_ = 0;
  Options options_;
};

}  // namespace asktell
