// Bayesian optimization in a trust region of numbers and categories (Wan, Nguyen, Ha, Ru, Lu &
// Osborne 2021, "Think global and act local: Bayesian optimisation over high-dimensional
// categorical and mixed search spaces", section 3, CASMOPOLITAN): expected improvement in a box of
// the numbers and a Hamming ball of the categories around the best point. A region that shrank to
// nothing begins anew where the best points of the former ones leave hope.
//
// The model is that of gp_bo: one distance of numbers and categories where the authors have a sum
// and a product of two kernels.
#include <algorithm>
#include <cmath>
#include <cstdio>

#include <asktell/acquisition/expected_improvement.hpp>
#include <asktell/acquisition/maximize/maximize.hpp>
#include <asktell/core/registry.hpp>
#include <asktell/solvers/bayesian/bayesian_solver.hpp>
#include <asktell/solvers/bayesian/model_choice.hpp>
#include <asktell/solvers/bayesian/region_geometry.hpp>
#include <asktell/solvers/bayesian/region_log.hpp>
#include <asktell/surrogates/gp/space_kernel.hpp>

namespace asktell {
namespace {

using Eigen::Index;
using Eigen::MatrixXd;
using Eigen::VectorXd;

constexpr double kRestartWidth = 1.8;  // standard deviations below the mean, of restarts
constexpr double kSame = 1e-9;         // coordinates of one category differ less

struct CasmopolitanOptions {
  std::int64_t n_initial = 0;
  std::int64_t candidates = 0;
  std::int64_t max_points = 600;
};

Schema<CasmopolitanOptions> schema() {
  return Schema<CasmopolitanOptions>()
      .field("n_initial", &CasmopolitanOptions::n_initial,
             "trials that a region begins with; 0: clamp(d + 1, 4, min(20, budget / 5))", 0, 1e6)
      .field("candidates", &CasmopolitanOptions::candidates,
             "points of the region from which the acquisition is maximized; 0: min(2000, 100 d)", 0,
             100000)
      .field("max_points", &CasmopolitanOptions::max_points,
             "points of the model: those nearest to the best one", 10, 5000);
}

class CasmopolitanSolver final : public BayesianSolver {
 public:
  CasmopolitanSolver(const Problem& problem, const CasmopolitanOptions& options)
      : BayesianSolver({.design = design_size(problem, options.n_initial, "casmopolitan"),
                        .centre = false,
                        .max_points = SIZE_MAX,
                        .scattered_failures = true}),
        options_(options),
        geometry_(problem.space),
        kernel_(space_kernel(problem.space)),
        choice_(problem.space, model_variants(static_cast<Index>(problem.space.dimension()))) {}

  std::int64_t recommend(const History& history) override {
    const auto points = static_cast<std::size_t>(options_.max_points);
    return recommended(history, without_scattered_failures(collect_observations(history, points)),
                       choice_, {});
  }

 protected:
  void suggest(Ask& ask) override {
    RegionLog log = read_region_logs(ask.history, 1, settings().design).front();
    MixedRadii region = size_of(log);
    if (region.collapsed()) {
      log = next_start(log);
      region = size_of(log);
    }
    const bool waiting = log.told < settings().least_values;
    while (ask.missing() > 0 && (log.design < settings().design || waiting)) {
      if (!begin(ask, log, region)) return;
    }
    if (ask.missing() > 0) search(ask, log, region);
  }

 private:
  MixedRadii size_of(const RegionLog& log) const {
    const Index categories = geometry_.categories();
    MixedRadii region(geometry_.dimension() - categories, categories);
    for (const RegionBatch& batch : log.batches) region.judge(batch.best < batch.before);
    return region;
  }

  RegionGeometry::Candidates around(const Ask& ask, const VectorXd& centre, const VectorXd& weights,
                                    const MixedRadii& region, RandomStream& stream) const {
    auto from = geometry_.around(centre, weights, region.length(), stream);
    from.categories = std::max<Index>(1, region.categories());
    from.fixed = ask.request.fixed;
    return from;
  }

  Index count() const {
    return options_.candidates > 0 ? static_cast<Index>(options_.candidates)
                                   : std::min<Index>(2000, 100 * geometry_.dimension());
  }

  // The next point of those that a new start begins with: its centre, then points around it.
  bool begin(Ask& ask, RegionLog& log, const MixedRadii& region) {
    const RegionTag tag{0, log.start};
    RandomStream stream = ask.request.stream(Purpose::kDesign, ask.out.size());
    ++log.design;
    if (log.first < 0) {
      log.first = ask.request.ask + static_cast<std::int64_t>(ask.out.size());
      std::optional<Point> centre = promising(ask, log, stream);
      if (!centre) return fall_back(ask, region_note(tag), Origin::kDesign);
      ask.add(std::move(*centre), {.origin = Origin::kDesign, .note = region_note(tag)});
      return true;
    }
    const VectorXd centre = unit_of(ask, log.first);
    const auto from = around(ask, centre, VectorXd::Ones(centre.size()), region, stream);
    const MatrixXd points = geometry_.draw(from, count(), stream);
    for (Index j = 0; j < points.cols(); ++j) {
      Point point = point_at(ask, points.col(j));
      if (!ask.allowed(point)) continue;
      ask.add(std::move(point), {.origin = Origin::kDesign, .note = region_note(tag)});
      return true;
    }
    return fall_back(ask, region_note(tag), Origin::kDesign);
  }

  // Coordinates of a trial of the history or of this ask.
  static VectorXd unit_of(const Ask& ask, std::int64_t trial) {
    if (trial < static_cast<std::int64_t>(ask.history.size())) {
      return ask.history.points().col(trial);
    }
    const auto at = static_cast<std::size_t>(trial - ask.request.ask);
    const std::vector<double> unit = std::get<Evaluate>(ask.out[at].query).point.unit();
    return VectorXd::Map(unit.data(), static_cast<Index>(unit.size()));
  }

  static Point point_at(const Ask& ask, const VectorXd& unit) {
    return ask.history.space().point_from_unit({unit.data(), ask.history.dimension()});
  }

  // Where the mean less some deviations is lowest, of a model of the former starts' best trials.
  std::optional<Point> promising(const Ask& ask, const RegionLog& log, RandomStream& stream) const {
    std::vector<Index> columns;
    const auto& trials = ask.observations.trials;
    for (std::int64_t trial : log.former) {
      const auto at = std::lower_bound(trials.begin(), trials.end(), trial);
      if (at != trials.end() && *at == trial) columns.push_back(at - trials.begin());
    }
    if (columns.empty()) return std::nullopt;
    Observations data = ask.observations.subset(columns);
    data.total = data.size();
    std::vector<double> memo;
    const ChosenModel model = choice_.fit(data, false, {}, memo);
    MatrixXd points(static_cast<Index>(ask.history.dimension()), count());
    stream.fill_uniform({points.data(), static_cast<std::size_t>(points.size())});
    for (Index j = 0; j < points.cols(); ++j) {
      put_fixed(ask.request.fixed, {points.col(j).data(), ask.history.dimension()});
    }
    VectorXd mean, variance;
    model.posterior.predict(model_points(ask.history.space(), points), mean, variance);
    const VectorXd bound = mean - kRestartWidth * variance.cwiseSqrt();
    std::optional<Point> best;
    double lowest = HUGE_VAL;
    for (Index j = 0; j < points.cols(); ++j) {
      if (!(bound[j] < lowest)) continue;
      Point point = point_at(ask, points.col(j));
      if (!ask.allowed(point)) continue;
      best = std::move(point);
      lowest = bound[j];
    }
    return best;
  }

  void search(Ask& ask, const RegionLog& log, const MixedRadii& region) {
    const Space& space = ask.history.space();
    const Observations data =
        region_observations(ask.observations, log.trials, options_.max_points);
    std::vector<double> memo;
    ChosenModel model = choice_.fit(data, ask.noise == Noise::kSome,
                                    memo_of_start(ask.history.memo(), log.start), memo);
    memo.insert(memo.begin(), static_cast<double>(log.start));
    const double best = incumbent_value(data, ask.noise, model.posterior);
    const VectorXd weights = geometry_.side_weights(*kernel_, model.posterior.theta());
    const VectorXd centre = data.x.col(data.best());
    while (model_slots(ask) > 0) {
      believe_pending(model.posterior, data.size(), ask);
      const std::size_t i = ask.out.size();
      RandomStream stream = ask.request.stream(Purpose::kCandidates, i);
      const auto from = around(ask, centre, weights, region, stream);
      MaximizeRequest request;
      request.incumbents = centre;
      request.extra = geometry_.draw(from, count(), stream);
      request.low = from.box.low;
      request.high = from.box.high;
      request.fixed = ask.request.fixed;
      request.seed = from.seed;
      request.allowed = [&](const Point& point) {
        return inside(space, from, point) && ask.allowed(point);
      };
      const LogExpectedImprovement acquisition(model.posterior, best);
      const auto maximum =
          maximize_acquisition(acquisition, space, request, stream, {.sobol_blocks = 1});
      if (!maximum) {
        if (!fall_back(ask, "random: no point of the region is allowed and new")) return;
        continue;
      }
      char note[120];
      std::snprintf(note, sizeof note, ", length %.3g, %d categories, log_ei %.3g", region.length(),
                    static_cast<int>(region.categories()), maximum->value);
      ask.add(maximum->point,
              {.memo = memo, .note = region_note({0, log.start, ask.request.ask}) + note});
    }
  }

  // In the box, and in the Hamming ball; inactive coordinates do not count.
  bool inside(const Space& space, const RegionGeometry::Candidates& from,
              const Point& point) const {
    const std::vector<double> unit = point.unit();
    const MatrixXd x =
        model_points(space, VectorXd::Map(unit.data(), static_cast<Index>(unit.size())));
    Index differ = 0;
    for (Index i = 0; i < x.rows(); ++i) {
      if (geometry_.is_category(i)) {
        differ += std::abs(x(i, 0) - from.centre[i]) > kSame ? 1 : 0;
      } else if (x(i, 0) < from.box.low[i] - kSame || x(i, 0) > from.box.high[i] + kSame) {
        return false;
      }
    }
    return differ <= from.categories;
  }

  CasmopolitanOptions options_;
  RegionGeometry geometry_;
  KernelPtr kernel_;
  ModelChoice choice_;
};

}  // namespace
}  // namespace asktell

ASKTELL_REGISTER_SOLVERS(casmopolitan) {
  registry.add<asktell::CasmopolitanSolver>(
      {.name = "casmopolitan",
       .summary =
           "Bayesian optimization in a trust region of numbers and categories: for mixed and "
           "categorical spaces of 10 parameters and more.",
       .reference = "Wan et al. 2021, section 3; Dreczkowski et al. 2023"},
      asktell::schema());
}
