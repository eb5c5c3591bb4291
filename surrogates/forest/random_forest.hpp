// Random forest for regression (Breiman 2001) as a surrogate: mean and variance over the trees
// (Hutter et al. 2014, section 4.3), splits at random thresholds (Geurts et al. 2006) or at the
// best ones, quantiles of the values in the leaves (Meinshausen 2006). Categories are split into
// two sets in the order of their mean value (Fisher 1958), never by their codes. Piecewise
// constant: it has no gradients.
#pragma once

#include <Eigen/Core>
#include <cstdint>
#include <span>
#include <vector>

#include <asktell/core/space.hpp>
#include <asktell/surrogates/surrogate.hpp>

namespace asktell {

struct ForestOptions {
  int trees = 10;
  bool bootstrap = true;     // each tree learns from n draws with replacement
  bool best_splits = false;  // the best threshold of each coordinate; else one at random
  double feature_share = 1;  // of the coordinates, that a node looks at; at least one
  int min_split = 2;         // a node with fewer distinct points is a leaf
  int min_leaf = 1;          // a split that leaves fewer on a side is not made
  bool log_values = false;   // values are logarithms: a leaf predicts ln mean exp
  double min_variance = 1e-10;
};

class RandomForest final : public Surrogate {
 public:
  // x: d x n in the unit cube, NaN (inactive) read as the middle; y: n finite values; coordinates:
  // d, as of the space. Tree t draws from stream t of the seed.
  RandomForest(const Eigen::MatrixXd& x, const Eigen::VectorXd& y,
               std::span<const Coordinate> coordinates, const ForestOptions& options,
               std::uint64_t seed);

  // Throws ModelError "model.gradient" when gradients are wanted.
  void predict(const Eigen::MatrixXd& points, Eigen::VectorXd& mean, Eigen::VectorXd& variance,
               Eigen::MatrixXd* mean_gradient = nullptr,
               Eigen::MatrixXd* variance_gradient = nullptr) const override;
  Eigen::MatrixXd tree_predictions(const Eigen::MatrixXd& points) const;  // trees x q
  // The level-quantile (0 < level < 1) of the training values, each weighted by how often it shares
  // a leaf with the point.
  Eigen::VectorXd quantile(const Eigen::MatrixXd& points, double level) const;

 private:
  // Children are at `left` and left + 1. Of a leaf, left = ~number and threshold is its value.
  struct Node {
    double threshold = 0;
    std::int32_t feature = 0;
    std::int32_t left = 0;
    std::int32_t mask = -1;  // first word of the set of categories that go left; -1: ordered
  };
  struct Tree {
    std::vector<Node> nodes = {};
    std::vector<std::uint64_t> masks = {};
    std::vector<std::int32_t> rows = {};        // distinct training points, leaf by leaf
    std::vector<double> draws = {};             // how often each of them was drawn
    std::vector<std::int32_t> leaf_begin = {};  // in rows; one more than leaves
  };
  class Grower;

  const Node& leaf_of(const Tree& tree, const double* point) const;

  Eigen::VectorXd y_;
  std::vector<std::int32_t> by_value_;  // training points in the order of their values
  std::vector<double> categories_;      // of each coordinate; 0: ordered
  double min_variance_;
  std::vector<Tree> trees_;
};

}  // namespace asktell
