// Bayesian optimization in nested subspaces (Papenmeier, Nardi & Poloczek 2022, "Increasing the
// scope as you learn: adaptive Bayesian optimization in nested subspaces", section 3, BAxUS): a
// trust region in a sparse random subspace of few dimensions. When it has shrunk to nothing, each
// dimension is split and the region opens again in the larger subspace, with all observations.
// Proposals are those of turbo1 (region_samples.hpp).
#include <algorithm>
#include <cmath>
#include <optional>

#include <asktell/core/registry.hpp>
#include <asktell/core/sobol.hpp>
#include <asktell/solvers/bayesian/bayesian_solver.hpp>
#include <asktell/solvers/bayesian/model_choice.hpp>
#include <asktell/solvers/bayesian/region_geometry.hpp>
#include <asktell/solvers/bayesian/region_log.hpp>
#include <asktell/solvers/bayesian/region_samples.hpp>
#include <asktell/solvers/note_numbers.hpp>
#include <asktell/surrogates/embedding/baxus.hpp>
#include <asktell/surrogates/gp/space_kernel.hpp>

namespace asktell {
namespace {

using Eigen::Index;
using Eigen::MatrixXd;
using Eigen::VectorXd;

constexpr std::int64_t kBudget = 500;  // evaluations, where the study has no limit
constexpr double kFitWork = 5e6;       // observations^2 dimensions; beyond, one model is fitted
constexpr double kInside = 1e-6;       // a point of the subspace differs less from its image
constexpr std::uint32_t kStream = 1;   // of Purpose::kDesign: bins, signs and splits

struct BaxusOptions {
  std::int64_t n_initial = 0;
  std::int64_t new_bins = 3;
  std::string tolerance = "authors";
  std::int64_t max_points = 600;
};

Schema<BaxusOptions> schema() {
  return Schema<BaxusOptions>()
      .field("n_initial", &BaxusOptions::n_initial,
             "trials of the design in the first subspace; 0: 10, at most a fifth of the budget", 0,
             1e6)
      .field("new_bins", &BaxusOptions::new_bins,
             "dimensions that each dimension brings forth when it is split", 1, 100)
      .field("tolerance", &BaxusOptions::tolerance,
             "how many failures in a row halve the region: the rule of the authors' code or of "
             "BoTorch's tutorial",
             {"authors", "botorch"})
      .field("max_points", &BaxusOptions::max_points,
             "points of the model: those nearest to the best one", 10, 5000);
}

std::size_t design_of(const Problem& problem, std::int64_t given) {
  if (given > 0) return design_size(problem, given, "baxus");
  const std::int64_t share = problem.n_trials > 0 ? problem.n_trials / 5 : 10;
  return static_cast<std::size_t>(std::clamp<std::int64_t>(share, 2, 10));
}

BaxusSchedule schedule_of(const Problem& problem, const BaxusOptions& options) {
  const std::int64_t budget = problem.n_trials > 0 ? problem.n_trials : kBudget;
  const auto design = static_cast<std::int64_t>(design_of(problem, options.n_initial));
  return {static_cast<Index>(problem.space.dimension()),
          static_cast<Index>(std::max<std::int64_t>(1, budget - design)),
          {.new_bins = static_cast<Index>(options.new_bins),
           .tolerance = options.tolerance == "botorch" ? FailureTolerance::kBotorch
                                                       : FailureTolerance::kAuthors}};
}

Space cube(Index dimension) {
  ParameterOptions many;
  many.size = static_cast<std::size_t>(dimension);
  return Space().real("t", 0, 1, many);
}

// The subspace of a level: the first one, split as often.
class Subspace {
 public:
  Subspace(const Space& space, const BaxusSchedule& schedule, Index new_bins, std::size_t level,
           std::uint64_t seed)
      : space_(space),
        stream_(seed, Purpose::kDesign, kStream),
        embedding_(static_cast<Index>(space.dimension()), schedule.first_targets(), stream_) {
    for (std::size_t i = 0; i < level; ++i) {
      MatrixXd none(embedding_.targets(), 0);
      embedding_.split(new_bins + 1, {}, stream_, none);
    }
    low_ = cube(embedding_.targets());
  }

  const Space& low() const { return low_; }
  Index targets() const { return embedding_.targets(); }

  Point up(const std::vector<double>& low, std::span<const double> fixed) const {
    VectorXd unit = embedding_.up(VectorXd::Map(low.data(), targets()));
    put_fixed(fixed, {unit.data(), space_.dimension()});
    return space_.point_from_unit({unit.data(), space_.dimension()});
  }

  // Observations in target coordinates; those outside of the subspace say nothing about it.
  Observations down(const Observations& data) const {
    MatrixXd low = MatrixXd::Zero(targets(), data.size());
    VectorXd members = VectorXd::Zero(targets());
    for (Index i = 0; i < data.x.rows(); ++i) {
      const auto row = data.x.row(i).array();
      if (embedding_.mirrored(i)) {
        low.row(embedding_.bin(i)).array() += 1 - row;
      } else {
        low.row(embedding_.bin(i)).array() += row;
      }
      members[embedding_.bin(i)] += 1;
    }
    low.array().colwise() /= members.array();
    const MatrixXd off = (embedding_.up(low) - data.x).cwiseAbs();
    std::vector<Index> inside;
    for (Index j = 0; j < data.size(); ++j) {
      bool near = true;
      for (Index i = 0; i < off.rows() && near; ++i) {
        const double cells = space_.coordinates()[static_cast<std::size_t>(i)].cells;
        near = off(i, j) <= std::max(kInside, cells > 0 ? 0.5 / cells : 0);
      }
      if (near) inside.push_back(j);
    }
    Observations out = data.subset(inside);
    out.x = low(Eigen::all, inside);
    out.total = out.size();
    return out;
  }

 private:
  Space space_, low_;
  RandomStream stream_;
  SparseEmbedding embedding_;
};

class BaxusSolver final : public BayesianSolver {
 public:
  BaxusSolver(const Problem& problem, const BaxusOptions& options)
      : BayesianSolver(
            {.design = 0, .least_values = 0, .max_points = SIZE_MAX, .max_pending = 128}),
        options_(options),
        design_(design_of(problem, options.n_initial)),
        schedule_(schedule_of(problem, options)),
        targets_(schedule_.targets()) {}

 protected:
  void suggest(Ask& ask) override {
    RegionLog log = read_region_logs(ask.history, 1, design_).front();
    RegionLength region = length_of(ask, log);
    if (region.collapsed()) {
      log = next_start(log);
      region = RegionLength(rule(log));
    }
    const Subspace subspace(ask.history.space(), schedule_, options_.new_bins, level(log),
                            ask.request.seed);
    const Observations data =
        region_observations(subspace.down(ask.observations), trials_of(log), options_.max_points);
    const bool anew = log.start == 0 || !grows(log);
    while (ask.missing() > 0 && ((anew && log.design < design_) || data.size() < 2)) {
      if (!begin(ask, log, subspace)) return;
    }
    if (ask.missing() > 0) search(ask, log, region, subspace, data);
  }

 private:
  // The first starts each split the subspace and keep what is known; when it is the whole space,
  // further ones begin with nothing.
  bool grows(const RegionLog& log) const {
    return log.start < static_cast<std::int64_t>(targets_.size());
  }
  std::size_t level(const RegionLog& log) const {
    return grows(log) ? static_cast<std::size_t>(log.start) : targets_.size() - 1;
  }
  std::vector<std::int64_t> trials_of(const RegionLog& log) const {
    std::vector<std::int64_t> trials = log.trials;
    if (grows(log)) trials.insert(trials.end(), log.earlier.begin(), log.earlier.end());
    std::sort(trials.begin(), trials.end());
    return trials;
  }
  RegionLength::Rule rule(const RegionLog& log) const {
    return {.failures = static_cast<double>(schedule_.failure_tolerance(targets_[level(log)]))};
  }

  RegionLength length_of(const Ask& ask, const RegionLog& log) const {
    double known = HUGE_VAL;
    for (std::int64_t trial : log.earlier) {
      const double value = ask.history.objectives()(0, trial);
      if (grows(log) && value < known) known = value;
    }
    RegionLength region(rule(log));
    for (const RegionBatch& batch : log.batches) {
      region.judge(is_improvement(batch.best, std::min(batch.before, known)), batch.points);
    }
    return region;
  }

  bool begin(Ask& ask, RegionLog& log, const Subspace& subspace) {
    const std::string note = region_note({0, log.start});
    const std::size_t number = log.design++;
    std::vector<double> low(static_cast<std::size_t>(subspace.targets()));
    if (low.size() <= SobolPoints::kMaxDimension) {
      SobolPoints(low.size(), spread_seed(ask.request.seed + static_cast<std::uint64_t>(log.start)))
          .point(number, low);
    } else {
      ask.request.stream(Purpose::kDesign, ask.out.size()).fill_uniform(low);
    }
    Point point = subspace.up(low, ask.request.fixed);
    if (!ask.allowed(point)) return fall_back(ask, note, Origin::kDesign);
    ask.add(std::move(point), {.origin = Origin::kDesign, .note = note});
    return true;
  }

  void search(Ask& ask, const RegionLog& log, const RegionLength& region, const Subspace& subspace,
              const Observations& data) {
    const Index d = subspace.targets();
    std::vector<ModelVariant> variants = model_variants(d);
    const auto n = static_cast<double>(data.size());
    if (n * n * static_cast<double>(d) > kFitWork) variants.resize(1);
    for (ModelVariant& variant : variants) variant.fit = {.cold_rounds = 50, .kept_starts = 1};
    std::vector<double> memo;
    const ChosenModel model = ModelChoice(subspace.low(), std::move(variants))
                                  .fit(data, ask.noise == Noise::kSome,
                                       memo_of_start(ask.history.memo(), log.start), memo);
    memo.insert(memo.begin(), static_cast<double>(log.start));
    const RegionGeometry geometry(subspace.low());
    RandomStream draws = ask.request.stream(Purpose::kCandidates);
    RandomStream paths = ask.request.stream(Purpose::kChoice);
    const auto from =
        geometry.around(data.x.col(data.best()),
                        geometry.side_weights(model.posterior.kernel(), model.posterior.theta()),
                        region.length(), draws);
    const Index count = std::min<Index>(5000, std::max<Index>(2000, 200 * d));
    const auto slots = static_cast<Index>(model_slots(ask));
    RegionSamples samples(model.posterior, subspace.low(), from, geometry.draw(from, count, draws),
                          slots, paths);
    const std::string note = region_note({0, log.start, ask.request.ask}) + ", " +
                             std::to_string(d) + " dimensions, length " +
                             number_text(region.length());
    for (Index slot = 0; slot < slots; ++slot) {
      std::optional<Point> point = lowest(ask, subspace, samples, slot);
      if (point) {
        ask.add(std::move(*point), {.memo = memo, .note = note});
      } else if (!fall_back(ask, "random: no point of the region is allowed and new")) {
        return;
      }
    }
  }

  static std::optional<Point> lowest(const Ask& ask, const Subspace& subspace,
                                     RegionSamples& samples, Index slot) {
    for (Index best = samples.best(slot); best >= 0; best = samples.best(slot)) {
      samples.take(best);
      Point candidate = subspace.up(samples.point(best).unit(), ask.request.fixed);
      if (!ask.allowed(candidate)) continue;
      Point refined = subspace.up(samples.refined(best, slot).unit(), ask.request.fixed);
      return ask.allowed(refined) ? refined : candidate;
    }
    return std::nullopt;
  }

  BaxusOptions options_;
  std::size_t design_;
  BaxusSchedule schedule_;
  std::vector<Index> targets_;
};

}  // namespace
}  // namespace asktell

ASKTELL_REGISTER_SOLVERS(baxus) {
  asktell::Capabilities capabilities;
  capabilities.parameter_kinds = asktell::kRealOnly;
  capabilities.conditional = false;
  registry.add<asktell::BaxusSolver>(
      {.name = "baxus",
       .summary =
           "Bayesian optimization in subspaces that grow: for 100 to 1000 real parameters of "
           "which few matter.",
       .reference = "Papenmeier et al. 2022, section 3",
       .capabilities = capabilities},
      asktell::schema());
}
