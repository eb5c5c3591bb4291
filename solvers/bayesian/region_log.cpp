// See region_log.hpp.
#include <asktell/solvers/bayesian/region_log.hpp>

#include <algorithm>
#include <cmath>
#include <numeric>
#include <optional>

#include <asktell/solvers/note_numbers.hpp>

namespace asktell {

using Eigen::Index;
using Eigen::VectorXd;

namespace {

std::optional<RegionTag> read_tag(const std::string& note) {
  const auto region = number_after(note, "region ");
  const auto start = number_after(note, ", start ");
  if (!region || !start) return std::nullopt;
  const auto batch = number_after(note, ", batch ");
  return RegionTag{static_cast<std::int64_t>(*region), static_cast<std::int64_t>(*start),
                   batch ? static_cast<std::int64_t>(*batch) : -1};
}

// Follows one region through the trials.
class Reader {
 public:
  void add(const History& history, std::int64_t trial, const RegionTag& tag) {
    if (tag.start > log_.start) begin(tag.start);
    const auto at = static_cast<std::size_t>(trial);
    const TrialState state = history.state(at);
    if (tag.start < log_.start) {  // a straggler
      if (state != TrialState::kPending) log_.earlier.push_back(trial);
      return;
    }
    if (tag.batch != number_) close(tag.batch);
    if (log_.first < 0) log_.first = trial;
    if (state == TrialState::kPending) {
      ++batch_.pending;
    } else {
      ++batch_.points;
      log_.trials.push_back(trial);
    }
    if (tag.batch < 0) ++log_.design;
    const double value = history.objectives()(0, trial);
    if (state != TrialState::kTold || std::isinf(history.noise_variance(at))) return;
    ++log_.told;
    batch_.best = std::min(batch_.best, value);
    if (best_trial_ >= 0 && value >= history.objectives()(0, best_trial_)) return;
    best_trial_ = trial;
  }

  RegionLog finish() {
    close(-1);
    log_.best = best_trial_;
    return std::move(log_);
  }

 private:
  void begin(std::int64_t start) {
    RegionLog log = next_start(finish());
    log.start = start;
    *this = Reader();
    log_ = std::move(log);
  }

  // The design (number -1) is nothing to judge.
  void close(std::int64_t next) {
    if (number_ >= 0 && batch_.pending == 0) log_.batches.push_back(batch_);
    best_ = std::min(best_, batch_.best);
    batch_ = {.before = best_};
    number_ = next;
  }

  RegionLog log_;
  std::int64_t best_trial_ = -1;
  std::int64_t number_ = -1;
  RegionBatch batch_;
  double best_ = std::numeric_limits<double>::infinity();
};

}  // namespace

RegionLog next_start(const RegionLog& log) {
  RegionLog next{.start = log.start + 1, .former = log.former, .earlier = log.earlier};
  next.earlier.insert(next.earlier.end(), log.trials.begin(), log.trials.end());
  std::sort(next.earlier.begin(), next.earlier.end());
  if (log.best >= 0) next.former.push_back(log.best);
  return next;
}

std::string region_note(const RegionTag& tag) {
  return "region " + std::to_string(tag.region) + ", start " + std::to_string(tag.start) +
         (tag.batch < 0 ? ", design" : ", batch " + std::to_string(tag.batch));
}

std::vector<RegionLog> read_region_logs(const History& history, std::size_t regions,
                                        std::size_t design) {
  std::vector<Reader> readers(regions);
  std::vector<std::int64_t> starts(regions, 0);
  std::size_t untagged = 0;
  for (std::size_t trial = 0; trial < history.size(); ++trial) {
    const TrialState state = history.state(trial);
    if (state == TrialState::kLapsed || state == TrialState::kStopped) continue;
    std::optional<RegionTag> tag = read_tag(history.ask_note(trial));
    if (!tag || tag->region < 0 || tag->region >= static_cast<std::int64_t>(regions)) {
      const std::size_t region =
          untagged < design * regions ? untagged / design : untagged % regions;
      ++untagged;
      tag = RegionTag{static_cast<std::int64_t>(region), starts[region]};
    }
    const auto region = static_cast<std::size_t>(tag->region);
    starts[region] = std::max(starts[region], tag->start);
    readers[region].add(history, static_cast<std::int64_t>(trial), *tag);
  }
  std::vector<RegionLog> out;
  for (Reader& reader : readers) out.push_back(reader.finish());
  return out;
}

std::span<const double> memo_of_start(std::span<const double> memo, std::int64_t start) {
  if (memo.empty() || static_cast<std::int64_t>(memo[0]) != start) return {};
  return memo.subspan(1);
}

std::vector<Index> nearest_columns(const Observations& data, Index centre, Index count) {
  std::vector<Index> order(static_cast<std::size_t>(data.size()));
  std::iota(order.begin(), order.end(), Index{0});
  if (data.size() <= count) return order;
  const VectorXd distance = (data.x.colwise() - data.x.col(centre)).colwise().squaredNorm();
  std::stable_sort(order.begin(), order.end(),
                   [&](Index a, Index b) { return distance[a] < distance[b]; });
  order.resize(static_cast<std::size_t>(count));
  std::sort(order.begin(), order.end());
  return order;
}

Observations region_observations(const Observations& all, const std::vector<std::int64_t>& trials,
                                 Index max_points) {
  std::vector<Index> columns;
  for (std::int64_t trial : trials) {
    const auto at = std::lower_bound(all.trials.begin(), all.trials.end(), trial);
    if (at != all.trials.end() && *at == trial) {
      columns.push_back(static_cast<Index>(at - all.trials.begin()));
    }
  }
  Observations data = all.subset(columns);
  data.total = data.size();
  data = data.subset(nearest_columns(data, data.best(), max_points));
  return without_scattered_failures(data);
}

}  // namespace asktell
