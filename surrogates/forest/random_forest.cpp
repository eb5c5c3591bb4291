// See random_forest.hpp.
#include <asktell/surrogates/forest/random_forest.hpp>

#include <algorithm>
#include <cmath>
#include <numeric>

#include <asktell/core/errors.hpp>
#include <asktell/core/random.hpp>
#include <asktell/core/threads.hpp>

namespace asktell {
namespace {

using Eigen::Index;
using Eigen::MatrixXd;
using Eigen::VectorXd;

constexpr std::size_t kBlock = 512;  // points of one piece of work

std::size_t category_of(double unit, double categories) {
  return static_cast<std::size_t>(std::clamp(unit * categories, 0.0, categories - 1));
}

bool in_mask(const std::uint64_t* mask, std::size_t category) {
  return (mask[category / 64] >> (category % 64) & 1) != 0;
}

// The points themselves, or in `storage` with the middle in the place of NaN.
const MatrixXd& imputed(const MatrixXd& points, MatrixXd& storage) {
  if (!points.hasNaN()) return points;
  storage = points.array().isNaN().select(0.5, points);
  return storage;
}

}  // namespace

// Grows one tree. The points of a node are a range of rows_; splitting a node partitions its range.
class RandomForest::Grower {
 public:
  Grower(const MatrixXd& x, const VectorXd& y, const std::vector<double>& categories,
         const ForestOptions& options, RandomStream stream)
      : x_(x), y_(y), categories_(categories), options_(options), stream_(stream) {
    // Scaled, so that squares of the largest values stay finite.
    const double low = y.minCoeff();
    const double range = y.maxCoeff() / 2 - low / 2;
    z_ = range > 0 ? VectorXd((y.array() / 2 - low / 2) / range) : VectorXd::Zero(y.size());
    const auto d = static_cast<std::size_t>(x.rows());
    low_.resize(d);
    high_.resize(d);
    cut_.resize(d);
    left_weight_.resize(d);
    left_sum_.resize(d);
    left_count_.resize(d);
  }

  Tree grow() {
    draw_rows();
    tree_.nodes.emplace_back();
    std::vector<Range> open{{0, static_cast<std::int32_t>(tree_.rows.size()), 0}};
    while (!open.empty()) {
      const Range range = open.back();
      open.pop_back();
      if (!find_split(range)) {
        make_leaf(range);
        continue;
      }
      const std::int32_t middle = partition(range);
      Node& node = tree_.nodes[static_cast<std::size_t>(range.node)];
      node = best_.node;
      node.left = static_cast<std::int32_t>(tree_.nodes.size());
      const std::int32_t left = node.left;
      tree_.nodes.resize(tree_.nodes.size() + 2);
      open.push_back({middle, range.end, left + 1});
      open.push_back({range.begin, middle, left});  // first: leaves are numbered along rows
    }
    tree_.leaf_begin.push_back(static_cast<std::int32_t>(tree_.rows.size()));
    for (std::int32_t row : tree_.rows) tree_.draws.push_back(weight_[row]);
    return std::move(tree_);
  }

 private:
  struct Range {
    std::int32_t begin, end, node;
  };
  struct Best {
    double score = 0;
    std::uint64_t ties = 1;
    Node node = {};
    std::vector<std::size_t> left_categories = {};
  };
  struct Category {
    double weight = 0, sum = 0, count = 0;
    std::size_t code = 0;
  };

  void draw_rows() {
    const Index n = y_.size();
    weight_ = options_.bootstrap ? VectorXd::Zero(n) : VectorXd::Ones(n);
    for (Index i = 0; options_.bootstrap && i < n; ++i) {
      weight_[static_cast<Index>(stream_.integer(static_cast<std::uint64_t>(n)))] += 1;
    }
    for (Index i = 0; i < n; ++i) {
      if (weight_[i] > 0) tree_.rows.push_back(static_cast<std::int32_t>(i));
    }
  }

  std::span<const std::int32_t> rows(const Range& range) const {
    return {tree_.rows.data() + range.begin, static_cast<std::size_t>(range.end - range.begin)};
  }

  bool find_split(const Range& range) {
    const auto members = rows(range);
    if (members.size() < static_cast<std::size_t>(std::max(2, options_.min_split))) return false;
    double sum = 0;
    node_weight_ = 0;
    double least = HUGE_VAL, most = -HUGE_VAL;
    for (std::int32_t row : members) {
      node_weight_ += weight_[row];
      sum += weight_[row] * z_[row];
      least = std::min(least, y_[row]);
      most = std::max(most, y_[row]);
    }
    if (least == most) return false;
    node_mean_ = sum / node_weight_;
    best_ = {};
    best_.node.feature = -1;
    find_bounds(members);
    choose_features();
    if (options_.best_splits) {
      for (Index f : features_) best_cut(f, members);
    } else {
      random_cuts(members);
    }
    return best_.node.feature >= 0;
  }

  void find_bounds(std::span<const std::int32_t> members) {
    const double* first = x_.col(members[0]).data();
    std::copy(first, first + x_.rows(), low_.begin());
    std::copy(first, first + x_.rows(), high_.begin());
    for (std::int32_t row : members.subspan(1)) {
      const double* x = x_.col(row).data();
      for (std::size_t f = 0; f < low_.size(); ++f) {
        low_[f] = std::min(low_[f], x[f]);
        high_[f] = std::max(high_[f], x[f]);
      }
    }
  }

  // Coordinates that vary in the node, as many of them as the share allows, drawn at random.
  void choose_features() {
    features_.clear();
    for (std::size_t f = 0; f < low_.size(); ++f) {
      if (low_[f] < high_[f]) features_.push_back(static_cast<Index>(f));
    }
    const auto wanted = std::max<std::size_t>(
        1, static_cast<std::size_t>(options_.feature_share * static_cast<double>(low_.size())));
    if (wanted >= features_.size()) return;
    for (std::size_t i = 0; i < wanted; ++i) {
      std::swap(features_[i], features_[i + stream_.integer(features_.size() - i)]);
    }
    features_.resize(wanted);
  }

  // One random threshold for each ordered coordinate, all of them scored in one pass.
  void random_cuts(std::span<const std::int32_t> members) {
    for (Index f : features_) {
      const auto i = static_cast<std::size_t>(f);
      // Below high_, so that no side is empty.
      cut_[i] = low_[i] + stream_.uniform() * (high_[i] - low_[i]);
      if (cut_[i] >= high_[i]) cut_[i] = low_[i];
    }
    std::fill(left_weight_.begin(), left_weight_.end(), 0.0);
    std::fill(left_sum_.begin(), left_sum_.end(), 0.0);
    std::fill(left_count_.begin(), left_count_.end(), 0.0);
    for (std::int32_t row : members) {
      const double* x = x_.col(row).data();
      const double weight = weight_[row];
      const double part = weight * (z_[row] - node_mean_);
      for (std::size_t f = 0; f < cut_.size(); ++f) {
        const double goes_left = x[f] <= cut_[f] ? 1.0 : 0.0;
        left_weight_[f] += goes_left * weight;
        left_sum_[f] += goes_left * part;
        left_count_[f] += goes_left;
      }
    }
    for (Index f : features_) {
      const auto i = static_cast<std::size_t>(f);
      if (categories_[i] > 0) {
        const std::vector<Category> present = categories_by_mean(f, members);
        if (present.size() < 2) continue;
        offer_categories(f, present, 1 + stream_.integer(present.size() - 1), members.size());
      } else {
        offer(f, cut_[i], left_weight_[i], left_sum_[i], left_count_[i], members.size());
      }
    }
  }

  void best_cut(Index f, std::span<const std::int32_t> members) {
    if (categories_[static_cast<std::size_t>(f)] > 0) {
      const std::vector<Category> present = categories_by_mean(f, members);
      for (std::size_t cut = 1; cut < present.size(); ++cut) {
        offer_categories(f, present, cut, members.size());
      }
      return;
    }
    sorted_.clear();
    for (std::int32_t row : members) sorted_.emplace_back(x_(f, row), row);
    std::sort(sorted_.begin(), sorted_.end());
    double weight = 0, sum = 0;
    for (std::size_t i = 0; i + 1 < sorted_.size(); ++i) {
      const auto [here, row] = sorted_[i];
      weight += weight_[row];
      sum += weight_[row] * (z_[row] - node_mean_);
      const double next = sorted_[i + 1].first;
      if (here == next) continue;
      const double middle = here / 2 + next / 2;
      offer(f, middle < next ? middle : here, weight, sum, static_cast<double>(i + 1),
            members.size());
    }
  }

  // Larger where the variance left is smaller; equal scores have equal chances. `sum` is that of
  // the deviations from the node's mean on the left: those on the right sum to its negative.
  bool offer(Index f, double cut, double weight, double sum, double count, std::size_t members) {
    const double least = std::max(1, options_.min_leaf);
    if (count < least || static_cast<double>(members) - count < least) return false;
    const double score = sum * sum / (weight * (node_weight_ - weight));
    const bool first = best_.node.feature < 0;
    if (!first && score < best_.score * (1 - kTie)) return false;
    const bool better = first || score > best_.score * (1 + kTie);
    best_.ties = better ? 1 : best_.ties + 1;
    if (!better && stream_.integer(best_.ties) != 0) return false;
    best_.score = score;
    best_.node = {.threshold = cut, .feature = static_cast<std::int32_t>(f)};
    best_.left_categories.clear();
    return true;
  }

  void offer_categories(Index f, const std::vector<Category>& present, std::size_t cut,
                        std::size_t members) {
    Category left;
    for (std::size_t i = 0; i < cut; ++i) {
      left.weight += present[i].weight;
      left.sum += present[i].sum;
      left.count += present[i].count;
    }
    if (!offer(f, 0, left.weight, left.sum, left.count, members)) return;
    for (std::size_t i = 0; i < cut; ++i) best_.left_categories.push_back(present[i].code);
    if (2 * left.weight < node_weight_) return;
    // Categories that no point of the node has go where most points go.
    const auto known = [&](std::size_t code) {
      return std::any_of(present.begin(), present.end(),
                         [&](const Category& one) { return one.code == code; });
    };
    const auto all = static_cast<std::size_t>(categories_[static_cast<std::size_t>(f)]);
    for (std::size_t code = 0; code < all; ++code) {
      if (!known(code)) best_.left_categories.push_back(code);
    }
  }

  std::vector<Category> categories_by_mean(Index f, std::span<const std::int32_t> members) const {
    const double count = categories_[static_cast<std::size_t>(f)];
    std::vector<Category> all(static_cast<std::size_t>(count));
    for (std::int32_t row : members) {
      Category& one = all[category_of(x_(f, row), count)];
      one.weight += weight_[row];
      one.sum += weight_[row] * (z_[row] - node_mean_);
      one.count += 1;
    }
    for (std::size_t code = 0; code < all.size(); ++code) all[code].code = code;
    std::erase_if(all, [](const Category& one) { return one.count == 0; });
    std::stable_sort(all.begin(), all.end(), [](const Category& a, const Category& b) {
      return a.sum * b.weight < b.sum * a.weight;
    });
    return all;
  }

  // Moves the rows that go left to the front of the range; returns where the others begin.
  std::int32_t partition(const Range& range) {
    const auto f = static_cast<std::size_t>(best_.node.feature);
    if (categories_[f] > 0) {
      best_.node.mask = static_cast<std::int32_t>(tree_.masks.size());
      const auto words = static_cast<std::size_t>(std::ceil(categories_[f] / 64));
      tree_.masks.resize(tree_.masks.size() + words, 0);
      std::uint64_t* mask = tree_.masks.data() + best_.node.mask;
      for (std::size_t code : best_.left_categories)
        mask[code / 64] |= std::uint64_t{1} << code % 64;
    }
    const auto goes_left = [&](std::int32_t row) {
      const double x = x_(best_.node.feature, row);
      if (best_.node.mask < 0) return x <= best_.node.threshold;
      return in_mask(tree_.masks.data() + best_.node.mask, category_of(x, categories_[f]));
    };
    const auto begin = tree_.rows.begin();
    const auto middle = std::partition(begin + range.begin, begin + range.end, goes_left);
    return static_cast<std::int32_t>(middle - begin);
  }

  void make_leaf(const Range& range) {
    const auto members = rows(range);
    double top = y_[members[0]];
    for (std::int32_t row : members) top = std::max(top, y_[row]);
    // A running mean, by halves: exact where all values are equal, finite where their sum or
    // difference is not.
    double mean = options_.log_values ? 1 : y_[members[0]];
    double weight = 0;
    for (std::int32_t row : members) {
      weight += weight_[row];
      const double value = options_.log_values ? std::exp(y_[row] - top) : y_[row];
      mean += 2 * (weight_[row] / weight) * (value / 2 - mean / 2);
    }
    Node& node = tree_.nodes[static_cast<std::size_t>(range.node)];
    node.threshold = options_.log_values ? top + std::log(mean) : mean;
    node.left = ~static_cast<std::int32_t>(tree_.leaf_begin.size());
    tree_.leaf_begin.push_back(range.begin);
  }

  static constexpr double kTie = 1e-12;  // relative: scores that differ by rounding only

  const MatrixXd& x_;
  const VectorXd& y_;
  const std::vector<double>& categories_;
  const ForestOptions& options_;
  RandomStream stream_;
  VectorXd z_, weight_;
  Tree tree_;
  double node_weight_ = 0, node_mean_ = 0;
  Best best_;
  std::vector<double> low_, high_, cut_, left_weight_, left_sum_, left_count_;  // by coordinate
  std::vector<Index> features_;
  std::vector<std::pair<double, std::int32_t>> sorted_;
};

RandomForest::RandomForest(const MatrixXd& x, const VectorXd& y,
                           std::span<const Coordinate> coordinates, const ForestOptions& options,
                           std::uint64_t seed)
    : y_(y), min_variance_(options.min_variance) {
  if (y.size() == 0 || x.cols() != y.size() || !y.allFinite()) {
    throw ModelError("model.data",
                     "a random forest needs at least one point and a finite value "
                     "for each; it got " +
                         std::to_string(x.cols()) + " points and " + std::to_string(y.size()) +
                         " values; leave out what is not finite");
  }
  for (const Coordinate& one : coordinates) categories_.push_back(one.ordered ? 0 : one.cells);
  by_value_.resize(static_cast<std::size_t>(y.size()));
  std::iota(by_value_.begin(), by_value_.end(), 0);
  std::stable_sort(by_value_.begin(), by_value_.end(), [&](auto a, auto b) { return y[a] < y[b]; });
  MatrixXd storage;
  const MatrixXd& known = imputed(x, storage);
  trees_.resize(static_cast<std::size_t>(options.trees));
  parallel_for(trees_.size(), 1, [&](std::size_t begin, std::size_t end) {
    for (std::size_t t = begin; t < end; ++t) {
      trees_[t] =
          Grower(known, y_, categories_, options, RandomStream(seed, Purpose::kFit, t)).grow();
    }
  });
}

const RandomForest::Node& RandomForest::leaf_of(const Tree& tree, const double* point) const {
  const Node* node = tree.nodes.data();
  while (node->left >= 0) {
    const double x = point[node->feature];
    const bool right =
        node->mask < 0
            ? x > node->threshold
            : !in_mask(tree.masks.data() + node->mask,
                       category_of(x, categories_[static_cast<std::size_t>(node->feature)]));
    node = tree.nodes.data() + node->left + (right ? 1 : 0);
  }
  return *node;
}

MatrixXd RandomForest::tree_predictions(const MatrixXd& points) const {
  MatrixXd storage;
  const MatrixXd& known = imputed(points, storage);
  MatrixXd out(static_cast<Index>(trees_.size()), points.cols());
  parallel_for(
      static_cast<std::size_t>(points.cols()), kBlock, [&](std::size_t begin, std::size_t end) {
        for (std::size_t t = 0; t < trees_.size(); ++t) {
          for (auto j = static_cast<Index>(begin); j < static_cast<Index>(end); ++j) {
            out(static_cast<Index>(t), j) = leaf_of(trees_[t], known.col(j).data()).threshold;
          }
        }
      });
  return out;
}

void RandomForest::predict(const MatrixXd& points, VectorXd& mean, VectorXd& variance,
                           MatrixXd* mean_gradient, MatrixXd* variance_gradient) const {
  if (mean_gradient || variance_gradient) {
    throw ModelError("model.gradient",
                     "a random forest is piecewise constant and has no gradients; maximize its "
                     "acquisition by local search, or use a Gaussian process");
  }
  const MatrixXd values = tree_predictions(points);
  mean = values.colwise().mean();
  variance = (values.rowwise() - mean.transpose())
                 .array()
                 .square()
                 .colwise()
                 .mean()
                 .max(min_variance_)
                 .transpose();
}

VectorXd RandomForest::quantile(const MatrixXd& points, double level) const {
  if (!(level > 0 && level < 1)) {
    throw ModelError("model.quantile", "the level of a quantile is " + std::to_string(level) +
                                           "; give one between 0 and 1");
  }
  MatrixXd storage;
  const MatrixXd& known = imputed(points, storage);
  VectorXd out(points.cols());
  VectorXd weight(y_.size());
  for (Index j = 0; j < points.cols(); ++j) {
    weight.setZero();
    for (const Tree& tree : trees_) {
      const auto leaf = static_cast<std::size_t>(~leaf_of(tree, known.col(j).data()).left);
      const auto begin = static_cast<std::size_t>(tree.leaf_begin[leaf]);
      const auto end = static_cast<std::size_t>(tree.leaf_begin[leaf + 1]);
      double draws = 0;
      for (std::size_t i = begin; i < end; ++i) draws += tree.draws[i];
      for (std::size_t i = begin; i < end; ++i) weight[tree.rows[i]] += tree.draws[i] / draws;
    }
    const double wanted = level * weight.sum() * (1 - 1e-12);
    double below = 0;
    for (std::int32_t row : by_value_) {
      out[j] = y_[row];
      if ((below += weight[row]) >= wanted) break;
    }
  }
  return out;
}

}  // namespace asktell
