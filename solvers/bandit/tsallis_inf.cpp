// bandit.tsallis_inf: Tsallis-INF with alpha = 1/2 (Zimmert, Seldin 2021), optimal up to constants
// for arms with fixed means and for costs that an adversary moves. The arms are the points of a
// finite space. For one parameter tuned over a stream of tasks, as the relaxation of a linear
// solver (Khodak, Chow, Balcan, Talwalkar 2024, "Learning to relax"), where regret over the whole
// stream counts and not the last point.
//
// Each trial's note holds the probability with which its arm was drawn; the answer is weighted by
// that one, however late it comes. Trials that were enqueued or told from outside have none: they
// count for the scale of losses and for recommend(), never for the estimates, which they would
// bias. A failure counts as a loss a tenth of the range above the worst one. Coordinates held by
// the user (fixed, context) restrict the arms, and each such set of arms learns at its own rate.
#include <algorithm>
#include <cmath>
#include <limits>
#include <map>
#include <numeric>
#include <optional>
#include <string>

#include <asktell/core/errors.hpp>
#include <asktell/core/registry.hpp>
#include <asktell/solvers/bandit/tsallis.hpp>
#include <asktell/solvers/note_numbers.hpp>

namespace asktell {
namespace {

constexpr std::size_t kMaxArms = 10000;         // an ask stays below a millisecond
constexpr std::size_t kMaxBaselineArms = 1000;  // the memo of an ask holds a number for each arm

struct TsallisInfOptions {
  std::string estimator = "auto";  // reduced variance halves the leading constant of the regret
  std::string scaling = "mean";    // as the authors of "Learning to relax" do: without a scale
};

Schema<TsallisInfOptions> schema() {
  return Schema<TsallisInfOptions>()
      .field("estimator", &TsallisInfOptions::estimator,
             "of the losses: importance_weighted, reduced_variance (up to 1000 arms), or auto: "
             "reduced_variance where possible",
             {"auto", "reduced_variance", "importance_weighted"})
      .field("scaling", &TsallisInfOptions::scaling,
             "losses are counted from the least one seen in units of their mean or range so far; "
             "none: they lie in [0, 1] as told",
             {"mean", "range", "none"});
}

TsallisScaling scaling_of(const std::string& name) {
  if (name == "range") return TsallisScaling::kRange;
  return name == "none" ? TsallisScaling::kNone : TsallisScaling::kMean;
}

// What the estimates need to know of a drawn trial.
struct Draw {
  std::size_t arm;
  double probability;
  bool baseline;
};

class TsallisInf : public Solver {
 public:
  TsallisInf(const Problem& problem, TsallisInfOptions options) : options_(std::move(options)) {
    list_arms(problem.space);
  }

  std::vector<Proposal> propose(const History& history, const Request& request) override {
    absorb(history);
    const std::vector<std::size_t> arms = allowed(request);
    std::vector<double> estimates(arms.size());
    const std::vector<double> all = estimates_->losses(baselines_);
    double rounds = 1;
    for (std::size_t i = 0; i < arms.size(); ++i) {
      estimates[i] = all[arms[i]];
      rounds += played_[arms[i]];
    }
    const double eta = tsallis_rate(estimator_, rounds);
    const std::vector<double> weights = tsallis_weights(estimates, eta);
    const bool reduced = estimator_ == TsallisEstimator::kReducedVariance;
    std::vector<double> baselines = baselines_;
    std::vector<Proposal> proposals;
    for (std::size_t draw = 0; draw < request.count; ++draw) {
      for (std::size_t i = 0; reduced && i < arms.size(); ++i) {
        if (weights[i] >= eta * eta) baselines[arms[i]] += 1;
      }
      RandomStream stream = request.stream(Purpose::kChoice, draw);
      const std::size_t i = drawn(weights, stream.uniform());
      Proposal proposal;
      proposal.query = Evaluate{history.space().point_from_slots(arms_[arms[i]])};
      proposal.note = "p = " + number_text(weights[i]);
      if (reduced && weights[i] >= eta * eta) proposal.note += ", baseline";
      if (reduced) proposal.memo = baselines_memo(baselines);
      proposals.push_back(std::move(proposal));
    }
    return proposals;
  }

  // The best told trial of the arm with the lowest mean plus standard error (of all arms' pooled
  // variance), so that one lucky draw does not win.
  std::int64_t recommend(const History& history) override {
    if (history.problem().noise_variance == 0) return history.best();
    struct Arm {
      double count = 0, mean = 0, squares = 0, best = 0;
      std::int64_t trial = -1;
    };
    std::map<std::vector<double>, Arm> seen;
    const auto objectives = history.objectives();
    double squares = 0, told = 0;
    for (const std::int64_t trial : history.told()) {
      const double loss = objectives(0, trial);
      Arm& arm = seen[key_of(history, static_cast<std::size_t>(trial))];
      told += 1;
      arm.count += 1;
      const double before = loss - arm.mean;
      arm.mean += before / arm.count;
      squares += before * (loss - arm.mean);
      if (arm.trial < 0 || loss < arm.best) arm.best = loss, arm.trial = trial;
    }
    if (!std::isfinite(squares)) return history.best();  // losses of 1e300 have no variance
    const double freedom = told - static_cast<double>(seen.size());
    const double deviation = freedom > 0 ? std::sqrt(squares / freedom) : 0;
    std::int64_t choice = -1;
    double least = std::numeric_limits<double>::infinity();
    for (const auto& [slots, arm] : seen) {
      const double bound = arm.mean + deviation / std::sqrt(arm.count);
      if (choice < 0 || bound < least) least = bound, choice = arm.trial;
    }
    return choice;
  }

 private:
  // Inactive slots (NaN) as a number, so that keys compare.
  static std::vector<double> key_of(std::vector<double> slots) {
    for (double& slot : slots) {
      if (std::isnan(slot)) slot = std::numeric_limits<double>::infinity();
    }
    return slots;
  }
  static std::vector<double> key_of(const History& history, std::size_t trial) {
    const auto column = history.slots().col(static_cast<Eigen::Index>(trial));
    return key_of(std::vector<double>(column.begin(), column.end()));
  }

  void list_arms(const Space& space) {
    auto points = space.enumerate(kMaxArms);
    if (!points || points->empty()) {
      throw SolverError("solver.arms",
                        "solver \"bandit.tsallis_inf\" takes a finite space of 1 to " +
                            std::to_string(kMaxArms) + " points, and this one has " +
                            (points ? "none" : "more") +
                            "; give reals a coarser step, or use solver \"auto\"");
    }
    arms_ = std::move(*points);
    const bool many = arms_.size() > kMaxBaselineArms;
    if (options_.estimator == "reduced_variance" && many) {
      throw SolverError("solver.arms", "option estimator = \"reduced_variance\" takes at most " +
                                           std::to_string(kMaxBaselineArms) + " points, not " +
                                           std::to_string(arms_.size()) +
                                           "; use \"importance_weighted\"");
    }
    estimator_ = options_.estimator == "importance_weighted" || many
                     ? TsallisEstimator::kImportanceWeighted
                     : TsallisEstimator::kReducedVariance;
    index_.clear();
    units_.clear();
    for (std::size_t arm = 0; arm < arms_.size(); ++arm) {
      index_[key_of(arms_[arm])] = arm;
      units_.emplace_back(space.dimension());
      space.to_unit(arms_[arm], units_.back());
    }
    estimates_.reset();
  }

  // Arms at the held coordinates; all of them when none is there (the study then holds them).
  std::vector<std::size_t> allowed(const Request& request) const {
    std::vector<std::size_t> all(arms_.size());
    std::iota(all.begin(), all.end(), std::size_t{0});
    if (request.fixed.empty()) return all;
    std::vector<std::size_t> some;
    for (std::size_t arm : all) {
      bool fits = true;
      for (std::size_t i = 0; i < request.fixed.size(); ++i) {
        fits &= std::isnan(request.fixed[i]) || std::abs(request.fixed[i] - units_[arm][i]) < 1e-9;
      }
      if (fits) some.push_back(arm);
    }
    return some.empty() ? all : some;
  }

  static std::size_t drawn(const std::vector<double>& weights, double uniform) {
    for (std::size_t i = 0; i + 1 < weights.size(); ++i) {
      uniform -= weights[i];
      if (uniform < 0) return i;
    }
    return weights.size() - 1;
  }

  std::optional<Draw> draw_of(const History& history, std::size_t trial) const {
    const std::string note = history.record(trial).note;
    if (!note.starts_with("p = ")) return std::nullopt;
    const auto probability = number_after(note, "p = ");
    const auto arm = index_.find(key_of(history, trial));
    if (!probability || !(*probability > 0) || arm == index_.end()) return std::nullopt;
    // Baselines of before the space was extended are not in the memo any more.
    const bool baseline = note.find(", baseline") != std::string::npos &&
                          static_cast<std::int64_t>(trial) >= baselines_since_;
    return Draw{arm->second, *probability, baseline};
  }

  void absorb(const History& history) {
    const bool changed = history.revision() != revision_ || history.told().size() < told_ ||
                         history.failed().size() < failed_;
    if (changed) {
      revision_ = history.revision();
      list_arms(history.space());
    }
    read_memo(history);
    if (!estimates_) {
      estimates_.emplace(arms_.size(), scaling_of(options_.scaling));
      played_.assign(arms_.size(), 0);
      told_ = failed_ = 0;
    }
    const auto objectives = history.objectives();
    for (; told_ < history.told().size(); ++told_) {
      const auto trial = static_cast<std::size_t>(history.told()[told_]);
      const double loss = objectives(0, static_cast<Eigen::Index>(trial));
      if (const auto draw = draw_of(history, trial)) {
        estimates_->observe(draw->arm, draw->probability, draw->baseline, loss);
        played_[draw->arm] += 1;
      } else {
        estimates_->see(loss);
      }
    }
    for (; failed_ < history.failed().size(); ++failed_) {
      const auto draw = draw_of(history, static_cast<std::size_t>(history.failed()[failed_]));
      if (!draw) continue;
      estimates_->observe_failure(draw->arm, draw->probability, draw->baseline);
      played_[draw->arm] += 1;
    }
  }

  // Memo of the reduced-variance estimator: the first trial that these count, then for each arm how
  // many draws set a baseline for it (whether answered yet or not).
  std::vector<double> baselines_memo(const std::vector<double>& baselines) const {
    std::vector<double> memo = {static_cast<double>(baselines_since_)};
    memo.insert(memo.end(), baselines.begin(), baselines.end());
    return memo;
  }

  void read_memo(const History& history) {
    if (estimator_ != TsallisEstimator::kReducedVariance) return;
    const auto memo = history.memo();
    if (memo.size() == arms_.size() + 1) {
      baselines_since_ = static_cast<std::int64_t>(memo[0]);
      baselines_.assign(memo.begin() + 1, memo.end());
    } else {
      baselines_since_ = static_cast<std::int64_t>(history.size());
      baselines_.assign(arms_.size(), 0);
    }
  }

  TsallisInfOptions options_;
  std::vector<std::vector<double>> arms_;  // slots of each
  std::vector<std::vector<double>> units_;
  std::map<std::vector<double>, std::size_t> index_;
  TsallisEstimator estimator_ = TsallisEstimator::kImportanceWeighted;
  // Cache of what was told, rebuilt when something told changed.
  std::optional<TsallisEstimates> estimates_;
  std::vector<double> played_;     // answered draws of each arm
  std::vector<double> baselines_;  // of the memo
  std::int64_t baselines_since_ = 0;
  std::size_t told_ = 0, failed_ = 0;  // taken in
  std::uint64_t revision_ = 0;
};

}  // namespace
}  // namespace asktell

ASKTELL_REGISTER_SOLVERS(bandit_tsallis_inf) {
  using namespace asktell;
  registry.add<TsallisInf>(
      {.name = "bandit.tsallis_inf",
       .summary = "A bandit over the points of a small finite space, for costs that vary by chance "
                  "or on purpose: keeps the sum of all costs low.",
       .reference = "Zimmert, Seldin 2021, Tsallis-INF; Khodak, Chow, Balcan, Talwalkar 2024, "
                    "Learning to relax",
       .capabilities = {.needs_finite_space = true, .repeats = true, .instant = true}},
      schema());
}
