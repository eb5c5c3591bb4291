// See arms.hpp.
#include <asktell/solvers/bayesian/arms.hpp>

#include <algorithm>
#include <cmath>

namespace asktell {
namespace {

constexpr double kDiscount = 0.9;      // of older proposals, for each later one of the same arm
constexpr std::size_t kMostOpen = 64;  // answers awaited; the oldest are given up beyond

}  // namespace

void Arms::propose(std::int64_t trial, std::size_t arm, double incumbent) {
  if (open_.size() >= kMostOpen) open_.erase(open_.begin());
  open_.push_back({trial, arm, incumbent});
}

void Arms::settle(const History& history) {
  std::erase_if(open_, [&](const Open& open) {
    const auto trial = static_cast<std::size_t>(open.trial);
    if (trial >= history.size() || history.state(trial) == TrialState::kPending) return false;
    const double value = history.objectives()(0, open.trial);  // NaN when it failed
    wins_[open.arm] = kDiscount * wins_[open.arm] + (value < open.incumbent ? 1 : 0);
    tries_[open.arm] = kDiscount * tries_[open.arm] + 1;
    return true;
  });
}

std::vector<double> Arms::shares(const std::vector<bool>& usable, double least) const {
  std::vector<double> out(wins_.size(), 0.0);
  double sum = 0;
  for (std::size_t i = 0; i < out.size(); ++i) {
    if (usable[i]) sum += out[i] = rate(i);
  }
  double total = 0;
  for (std::size_t i = 0; i < out.size(); ++i) {
    if (usable[i]) total += out[i] = std::max(least, sum > 0 ? out[i] / sum : 1);
  }
  for (double& share : out) share /= total;
  return out;
}

void Arms::write(std::vector<double>& memo) const {
  memo.push_back(static_cast<double>(wins_.size()));
  memo.insert(memo.end(), wins_.begin(), wins_.end());
  memo.insert(memo.end(), tries_.begin(), tries_.end());
  memo.push_back(static_cast<double>(open_.size()));
  for (const Open& open : open_) {
    memo.insert(memo.end(),
                {static_cast<double>(open.trial), static_cast<double>(open.arm), open.incumbent});
  }
}

std::size_t Arms::read(std::span<const double> memo) {
  const std::size_t count = wins_.size();
  const std::size_t head = 2 * count + 2;
  if (memo.size() < head || memo[0] != static_cast<double>(count)) return 0;
  const auto open = static_cast<std::size_t>(memo[head - 1]);
  if (open > kMostOpen || memo.size() < head + 3 * open) return 0;
  std::copy_n(memo.begin() + 1, count, wins_.begin());
  std::copy_n(memo.begin() + 1 + static_cast<std::ptrdiff_t>(count), count, tries_.begin());
  open_.clear();
  for (std::size_t i = 0; i < open; ++i) {
    const auto at = memo.subspan(head + 3 * i, 3);
    open_.push_back({static_cast<std::int64_t>(at[0]),
                     std::min(static_cast<std::size_t>(at[1]), count - 1), at[2]});
  }
  return head + 3 * open;
}

}  // namespace asktell
