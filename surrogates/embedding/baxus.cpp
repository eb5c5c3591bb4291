// See baxus.hpp.
#include <asktell/surrogates/embedding/baxus.hpp>

#include <algorithm>
#include <cmath>
#include <numeric>
#include <string>

#include <asktell/core/errors.hpp>
#include <asktell/surrogates/embedding/shuffle.hpp>

namespace asktell {
namespace {

using Eigen::Index;
using Eigen::MatrixXd;
using Eigen::VectorXd;

// Target dimensions, short length-scales first.
std::vector<Index> by_lengthscale(Index targets, const VectorXd& lengthscales) {
  std::vector<Index> order(static_cast<std::size_t>(targets));
  std::iota(order.begin(), order.end(), Index{0});
  if (lengthscales.size() == 0) return order;
  std::stable_sort(order.begin(), order.end(),
                   [&](Index a, Index b) { return lengthscales[a] < lengthscales[b]; });
  return order;
}

}  // namespace

SparseEmbedding::SparseEmbedding(Index inputs, Index targets, RandomStream& stream, Bins bins)
    : targets_(targets) {
  if (targets < 1 || targets > inputs) {
    throw OptionError("option.value", "an embedding of " + std::to_string(inputs) +
                                          " inputs has from 1 to as many target dimensions, not " +
                                          std::to_string(targets));
  }
  const auto count = static_cast<std::size_t>(inputs);
  bin_.resize(count);
  if (bins == Bins::kBalanced) {
    const std::vector<Index> order = shuffled(inputs, stream);
    for (std::size_t i = 0; i < count; ++i) {
      bin_[static_cast<std::size_t>(order[i])] = static_cast<Index>(i) % targets;
    }
  } else {
    for (Index& bin : bin_) {
      bin = static_cast<Index>(stream.integer(static_cast<std::uint64_t>(targets)));
    }
  }
  mirrored_.resize(count);
  for (std::size_t i = 0; i < count; ++i) mirrored_[i] = stream.integer(2) == 1;
}

std::vector<Index> SparseEmbedding::members(Index target) const {
  std::vector<Index> out;
  for (Index i = 0; i < inputs(); ++i) {
    if (bin(i) == target) out.push_back(i);
  }
  return out;
}

MatrixXd SparseEmbedding::up(const MatrixXd& low) const {
  MatrixXd out(inputs(), low.cols());
  for (Index j = 0; j < low.cols(); ++j) {
    for (Index i = 0; i < inputs(); ++i) {
      const double u = low(bin(i), j);
      out(i, j) = mirrored(i) ? 1 - u : u;
    }
  }
  return out;
}

bool SparseEmbedding::split(Index parts, const VectorXd& lengthscales, RandomStream& stream,
                            MatrixXd& low) {
  std::vector<std::vector<Index>> inputs_of(static_cast<std::size_t>(targets_));
  for (Index i = 0; i < inputs(); ++i) inputs_of[static_cast<std::size_t>(bin(i))].push_back(i);
  std::vector<Index> parent(static_cast<std::size_t>(targets_));
  std::iota(parent.begin(), parent.end(), Index{0});
  for (Index target : by_lengthscale(targets_, lengthscales)) {
    const auto& own = inputs_of[static_cast<std::size_t>(target)];
    const auto count = static_cast<Index>(own.size());
    const Index dealt = std::min(parts, count);
    if (dealt < 2) continue;
    const auto next = static_cast<Index>(parent.size());
    const std::vector<Index> order = shuffled(count, stream);
    for (Index i = 0; i < count; ++i) {
      const Index input = own[static_cast<std::size_t>(order[static_cast<std::size_t>(i)])];
      const Index part = i % dealt;
      bin_[static_cast<std::size_t>(input)] = part == 0 ? target : next + part - 1;
    }
    parent.insert(parent.end(), static_cast<std::size_t>(dealt - 1), target);
  }
  const bool any = static_cast<Index>(parent.size()) > targets_;
  targets_ = static_cast<Index>(parent.size());
  low = low(parent, Eigen::all).eval();
  return any;
}

BaxusSchedule::BaxusSchedule(Index inputs, Index budget)
    : BaxusSchedule(inputs, budget, Options()) {}

// The d0 whose dimensions after s splits come nearest to the inputs.
BaxusSchedule::BaxusSchedule(Index inputs, Index budget, Options options)
    : inputs_(inputs), budget_(std::max<Index>(1, budget)), options_(options) {
  if (inputs < 1 || options.new_bins < 1) {
    throw OptionError("option.value", "a schedule of " + std::to_string(inputs) + " inputs and " +
                                          std::to_string(options.new_bins) +
                                          " new bins a split cannot be; both must be at least 1");
  }
  const double d = static_cast<double>(inputs), factor = static_cast<double>(options.new_bins + 1);
  double nearest = HUGE_VAL;
  for (Index first = 1; first <= std::min(options.new_bins, inputs); ++first) {
    const double splits = std::round(std::log(d / static_cast<double>(first)) / std::log(factor));
    const double off =
        std::abs(std::round(std::pow(factor, splits) * static_cast<double>(first)) - d);
    if (off >= nearest) continue;
    nearest = off;
    first_ = first;
    splits_ = static_cast<Index>(splits);
  }
}

std::vector<Index> BaxusSchedule::targets() const {
  std::vector<Index> out;
  for (Index d = first_; d < inputs_; d *= options_.new_bins + 1) out.push_back(d);
  out.push_back(inputs_);
  return out;
}

double BaxusSchedule::evaluations(Index targets) const {
  const auto factor = static_cast<double>(options_.new_bins + 1);
  const double all = static_cast<double>(first_) *
                     (1 - std::pow(factor, static_cast<double>(splits_ + 1))) / (1 - factor);
  return static_cast<double>(budget_) * static_cast<double>(targets) / all;
}

double BaxusSchedule::halvings() const {
  return 2 * std::log2(options_.length_start / options_.length_end);
}

Index BaxusSchedule::failure_tolerance(Index targets) const {
  if (options_.tolerance == FailureTolerance::kBotorch) {
    if (targets >= inputs_) return targets;
    const double whole = std::floor(halvings() / 2);
    const auto wanted = static_cast<Index>(std::floor(std::round(evaluations(targets)) / whole));
    return std::clamp<Index>(wanted, 1, targets);
  }
  const Index most = std::max<Index>(4, targets);
  if (targets >= inputs_) return most;
  const auto wanted = static_cast<Index>(std::ceil(evaluations(targets) / halvings()));
  return std::clamp<Index>(wanted, 1, most);
}

}  // namespace asktell
