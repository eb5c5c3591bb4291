// HEBO (Cowen-Rivers et al. 2022, "HEBO: pushing the limits of sample-efficient hyperparameter
// optimisation"; constants from its release 0.3.6): power-transformed values, a rough kernel, and
// random picks from the Pareto front of three acquisitions. It differs where noted: pending trials
// are believed at their posterior mean (HEBO has none), log EI and log PI are exact in the tails,
// hyper-parameters are optimized and not sampled, failures count as the worst value, and values
// that no power makes normal are transformed by rank and not left as they are.
#include <algorithm>
#include <cmath>
#include <cstdio>

#include <asktell/acquisition/confidence_bound.hpp>
#include <asktell/acquisition/maximize/pareto_front.hpp>
#include <asktell/core/registry.hpp>
#include <asktell/solvers/bayesian/bayesian_solver.hpp>
#include <asktell/solvers/bayesian/mace.hpp>
#include <asktell/solvers/bayesian/model_choice.hpp>
#include <asktell/solvers/bayesian/preset_model.hpp>
#include <asktell/surrogates/gp/space_kernel.hpp>

namespace asktell {
namespace {

using Eigen::Index;
using Eigen::MatrixXd;
using Eigen::VectorXd;

constexpr double kSame = 1e-7;  // largest difference of coordinates of points that count as equal

struct HeboOptions {
  std::int64_t n_initial = 0;      // 0: one more than parameters
  std::int64_t max_points = 1000;  // an exact fit of more costs seconds
  std::string model = "gp";
  std::int64_t generations = 100;
};

Schema<HeboOptions> schema() {
  return Schema<HeboOptions>()
      .field("n_initial", &HeboOptions::n_initial,
             "Sobol points before the model; 0: one more than there are parameters, at most half "
             "of the "
             "budget",
             0, 1e6)
      .field("max_points", &HeboOptions::max_points,
             "points of the model at most; beyond, the better half and the latest are kept", 10,
             5000)
      .field("model", &HeboOptions::model,
             "gp: Matern-3/2; warped: linear plus Matern-3/2 of warped inputs, which won the 2020 "
             "black-box optimization challenge",
             {"gp", "warped"})
      .field("generations", &HeboOptions::generations,
             "of 100 points, in the search for the Pareto front", 2, 10000);
}

// Of the parameters that are always there, without categories.
std::vector<Index> numeric_columns(const Space& space) {
  std::vector<Index> out;
  for (std::size_t i = 0; i < space.dimension(); ++i) {
    const Coordinate& coordinate = space.coordinates()[i];
    if (coordinate.ordered && space.parameters()[coordinate.parameter].when.empty()) {
      out.push_back(static_cast<Index>(i));
    }
  }
  return out;
}

PresetModel make_model(const Space& space, bool warped) {
  GpPreset preset = gp_preset("hebo", static_cast<Index>(space.dimension()));
  if (!warped) {
    // HEBO takes 100 small steps from the median distance of the data, 0.293 for uniform points:
    // length-scales stay within a factor of about three. A fit to the end would need this prior to
    // stay there, and without it believes that few data are noise.
    preset.lengthscale.prior = Prior::log_normal(std::log(0.293), 0.5);
    return PresetModel(space, space_kernel(space, {.form = preset.form}), preset,
                       TransformKind::kHebo);
  }
  // gpy_wgp.py; the exponents' prior as in Vizier's port of it.
  preset.outputscale = {Prior::gamma(0.5, 1), 1e-4, 1e3, 0.5};
  preset.noise = {Prior::log_normal(-4.63, 0.5), 1e-6, 10, std::exp(-4.63)};
  preset.variance = {Prior{}};
  preset.warp = {Prior::log_normal(0, 0.75)};
  preset.mean = {.kind = GpMean::Kind::kFixed};
  kernels::StationaryOptions matern = space_metrics(space, {.form = preset.form});
  matern.warp = true;
  std::vector<KernelPtr> terms = {kernels::scaled(kernels::stationary(std::move(matern)))};
  const std::vector<Index> columns = numeric_columns(space);
  if (!columns.empty()) terms.push_back(kernels::linear(columns));
  return PresetModel(space, kernels::sum(std::move(terms)), preset, TransformKind::kHebo);
}

std::size_t initial_points(const Problem& problem, std::int64_t given) {
  if (given > 0) return design_size(problem, given, "hebo");
  const auto own = static_cast<std::int64_t>(parameter_count(problem.space)) + 1;
  const std::int64_t half = std::max<std::int64_t>(2, problem.n_trials / 2);
  return static_cast<std::size_t>(problem.n_trials > 0 ? std::min(own, half) : own);
}

class HeboSolver final : public BayesianSolver {
 public:
  HeboSolver(const Problem& problem, const HeboOptions& options)
      : BayesianSolver({.design = initial_points(problem, options.n_initial),
                        .centre = false,
                        .max_points = static_cast<std::size_t>(options.max_points)}),
        options_(options),
        model_(make_model(problem.space, options.model == "warped")) {}

  std::int64_t recommend(const History& history) override {
    return model_.recommend(history, observations(history), history.memo());
  }

 protected:
  void suggest(Ask& ask) override {
    std::vector<double> memo;
    GpPosterior model = model_.fit(ask.observations, ask.history.memo(), memo);
    believe_pending(model, model.size(), ask);
    const std::vector<Point> front = new_points(ask, search(ask, model).points);
    char note[64];
    std::snprintf(note, sizeof note, "one of %zu on the front of three acquisitions", front.size());
    for (std::size_t pick : picks(ask, model, front)) {
      ask.add(front[pick], {.memo = memo, .note = note});
    }
    while (ask.missing() > 0) {
      if (!fall_back(ask, "random: the front of the acquisitions has no other new point")) return;
    }
  }

 private:
  ParetoFront search(const Ask& ask, const GpPosterior& model) const {
    const Space& space = ask.history.space();
    const MatrixXd best = ask.observations.x.col(ask.observations.best());
    VectorXd incumbent;
    model.predict_mean(model_points(space, best), incumbent);
    const double deviations = hebo_deviations(static_cast<double>(parameter_count(space)),
                                              static_cast<double>(ask.observations.size()),
                                              static_cast<double>(ask.request.count));
    Mace mace(model,
              {.incumbent = incumbent[0],
               .deviations = deviations,
               .noise = noise_variance(model),
               .observations = options_.model == "warped"},
              ask.request.stream(Purpose::kChoice, ask.out.size()));
    RandomStream stream = ask.request.stream(Purpose::kCandidates, ask.out.size());
    return pareto_front(
        [&](const MatrixXd& points, MatrixXd& values) { mace.evaluate(points, values); }, space,
        {.initial = best, .fixed = ask.request.fixed}, stream,
        {.generations = static_cast<int>(options_.generations)});
  }

  // Those columns that may be proposed and are not told or pending yet.
  static std::vector<Point> new_points(const Ask& ask, const MatrixXd& front) {
    const MatrixXd pending = ask.pending();
    MatrixXd known(pending.rows(), ask.observations.size() + pending.cols());
    known << ask.observations.x, pending;
    std::vector<Point> out;
    for (const auto& x : front.colwise()) {
      if ((known.colwise() - x).cwiseAbs().colwise().maxCoeff().minCoeff() < kSame) continue;
      const std::vector<double> unit(x.begin(), x.end());
      Point point = ask.history.space().point_from_unit(unit);
      if (ask.allowed(point)) out.push_back(std::move(point));
    }
    return out;
  }

  // Random ones without repetition; a batch of three or more has the least known and the one of the
  // lowest mean in it.
  static std::vector<std::size_t> picks(const Ask& ask, const GpPosterior& model,
                                        const std::vector<Point>& front) {
    std::vector<std::size_t> order(front.size());
    for (std::size_t i = 0; i < order.size(); ++i) order[i] = i;
    RandomStream stream = ask.request.stream(Purpose::kDesign, ask.out.size());
    const std::size_t count = std::min(ask.missing(), front.size());
    for (std::size_t i = 0; i < count; ++i) {
      std::swap(order[i], order[i + stream.integer(order.size() - i)]);
    }
    order.resize(count);
    if (count <= 2) return order;
    MatrixXd unit(static_cast<Index>(ask.history.dimension()), static_cast<Index>(front.size()));
    for (std::size_t i = 0; i < front.size(); ++i) {
      const std::vector<double> one = front[i].unit();
      unit.col(static_cast<Index>(i)) = VectorXd::Map(one.data(), unit.rows());
    }
    VectorXd mean, variance;
    model.predict(model_points(ask.history.space(), unit), mean, variance);
    Index least_known, lowest;
    variance.maxCoeff(&least_known);
    mean.minCoeff(&lowest);
    const auto put = [&](std::size_t slot, Index index) {
      const auto wanted = static_cast<std::size_t>(index);
      const auto found = std::find(order.begin(), order.end(), wanted);
      if (found == order.end()) {
        order[slot] = wanted;
      } else if (found >= order.begin() + static_cast<std::ptrdiff_t>(slot)) {
        std::swap(order[slot], *found);
      }
    };
    put(0, least_known);
    put(1, lowest);
    return order;
  }

  HeboOptions options_;
  PresetModel model_;
};

}  // namespace
}  // namespace asktell

ASKTELL_REGISTER_SOLVERS(hebo) {
  asktell::Capabilities capabilities;
  capabilities.max_dimension = 1000;
  registry.add<asktell::HeboSolver>(
      {.name = "hebo",
       .summary = "HEBO: power-transformed values and the Pareto front of three acquisitions, for "
                  "noisy tuning of machine learning in batches.",
       .reference = "Cowen-Rivers et al. 2022; Lyu et al. 2018",
       .capabilities = capabilities},
      asktell::schema());
}
