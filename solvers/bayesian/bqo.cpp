// Minimizes F(x), the mean of f(x, w) over an environment w or another measure of its risk, by
// evaluations of f at points (x, w) that are both chosen; w is uniform over the cells and the cube
// of its parameters. The mean: the next point is where its lowest posterior mean is expected to
// fall most (Bayesian quadrature optimization, Toscano-Palmerin & Frazier 2018, "Bayesian
// optimization with expensive integrands"). Value at risk and its conditional mean: x where the
// measure of the lower confidence bounds is lowest, w where f(x, w) is least known among those that
// may count (Nguyen et al. 2021, "Value-at-risk optimization with Gaussian processes" and
// "Optimizing conditional value-at-risk of black-box functions").
#include <algorithm>
#include <cmath>
#include <numeric>
#include <utility>

#include <asktell/acquisition/confidence_bound.hpp>
#include <asktell/acquisition/integrated_knowledge_gradient.hpp>
#include <asktell/acquisition/risk_bound.hpp>
#include <asktell/acquisition/spread_points.hpp>
#include <asktell/core/errors.hpp>
#include <asktell/core/registry.hpp>
#include <asktell/solvers/bayesian/acquisition_solver.hpp>
#include <asktell/solvers/bayesian/space_points.hpp>
#include <asktell/surrogates/gp/space_kernel.hpp>

namespace asktell {
namespace {

using Eigen::Index;
using Eigen::MatrixXd;
using Eigen::VectorXd;

struct BqoOptions : AcquisitionOptions {
  std::string environment = "";
  std::int64_t environments = 16;
  std::int64_t choices = 64;
  std::string risk = "mean";
  double level = 0.75;
};

Schema<BqoOptions> schema() {
  auto out = acquisition_schema<BqoOptions>();
  out.field("environment", &BqoOptions::environment,
            "names of the parameters to average over, as \"w1,w2\"; empty: the last of several "
            "parameters");
  out.field("environments", &BqoOptions::environments,
            "Sobol points of the environment that stand for all; fewer when it has fewer values", 1,
            256);
  out.field("choices", &BqoOptions::choices,
            "points among which the minimizer is looked for: half Sobol points, half the best told",
            8, 512);
  out.field("risk", &BqoOptions::risk,
            "what to minimize over the environment: its mean, the value that a share `level` of "
            "environments stays within, or the mean of those from there on",
            {"mean", "value_at_risk", "conditional_value_at_risk"});
  out.field("level", &BqoOptions::level,
            "of the two risks; near 1, the worst environment alone counts", 0.01, 0.999);
  return out;
}

RiskMeasure measure_of(const BqoOptions& options) {
  const Risk risk = options.risk == "value_at_risk" ? Risk::kValueAtRisk
                    : options.risk == "mean"        ? Risk::kMean
                                                    : Risk::kConditionalValueAtRisk;
  return {risk, options.level};
}

std::vector<std::string> names_in(const std::string& list) {
  std::vector<std::string> out;
  std::string name;
  for (const char letter : list + ",") {
    if (letter == ' ') continue;
    if (letter != ',') {
      name += letter;
    } else if (!name.empty()) {
      out.push_back(std::exchange(name, {}));
    }
  }
  return out;
}

// Coordinates of the environment.
std::vector<Index> environment_of(const Space& space, const std::string& list) {
  std::vector<std::string> names = names_in(list);
  const auto parameters = space.parameters();
  if (names.empty() && parameters.size() > 1) names.push_back(parameters.back().name);
  std::vector<Index> out;
  for (const std::string& name : names) {
    const auto found = space.find(name);
    if (!found) {
      throw OptionError("option.value", "solver \"bqo\": environment names \"" + name +
                                            "\", which the space does not have; name parameters "
                                            "of the space, separated by commas");
    }
    const auto begin = static_cast<Index>(space.coordinate_offset(*found));
    const auto count = static_cast<Index>(parameters[*found].coordinates());
    for (Index i = begin; i < begin + count; ++i) out.push_back(i);
  }
  std::sort(out.begin(), out.end());
  out.erase(std::unique(out.begin(), out.end()), out.end());
  if (!parameters.empty() && out.size() == space.dimension()) {
    throw OptionError("option.value",
                      "solver \"bqo\": environment = \"" + list +
                          "\" names every parameter; leave at least one to be chosen");
  }
  return out;
}

// Middles of all cells of `axes` in the order of an odometer.
MatrixXd all_cells(const std::vector<double>& cells, Index count) {
  MatrixXd out(static_cast<Index>(cells.size()), count);
  for (Index j = 0; j < count; ++j) {
    auto rest = static_cast<double>(j);
    for (std::size_t i = 0; i < cells.size(); ++i) {
      out(static_cast<Index>(i), j) = (std::fmod(rest, cells[i]) + 0.5) / cells[i];
      rest = std::floor(rest / cells[i]);
    }
  }
  return out;
}

// e x K: every value when there are at most `most`, else Sobol points.
MatrixXd environments(const Space& space, const std::vector<Index>& axes, Index most,
                      std::uint64_t seed) {
  std::vector<double> cells;
  double count = 1;
  for (const Index axis : axes) {
    const double of_axis = space.coordinates()[static_cast<std::size_t>(axis)].cells;
    cells.push_back(of_axis);
    count *= of_axis > 0 ? of_axis : HUGE_VAL;
  }
  if (count <= static_cast<double>(most)) return all_cells(cells, static_cast<Index>(count));
  return spread_points(static_cast<Index>(axes.size()), most, seed);
}

class BqoSolver final : public AcquisitionSolver {
 public:
  BqoSolver(const Problem& problem, const BqoOptions& options)
      : AcquisitionSolver(problem, options,
                          {.name = "bqo",
                           .score = options.risk == "mean" ? "log_kg" : "risk_bound",
                           .variants = affine_variants(Index(problem.space.dimension())),
                           .believe = options.risk != "mean"}),
        measure_(measure_of(options)),
        choices_(options.choices) {
    environments_.axes = environment_of(problem.space, options.environment);
    environments_.w =
        environments(problem.space, environments_.axes, options.environments, problem.seed);
  }

  // The model's outlook is that of f, not of a measure over the environment.
  std::optional<Outlook> outlook(const History&) override { return {}; }

  // The trial whose x has the lowest measure of the posterior mean.
  std::int64_t recommend(const History& history) override {
    const Observations data = observations(history);
    if (data.size() < 3) return history.best();
    std::vector<double> unused;
    const bool noisy = noise_of(history.problem(), data) == Noise::kSome;
    const GpPosterior model = choice().fit(data, noisy, history.memo(), unused).posterior;
    const VectorXd risks = risks_of(model, history.space(), data.x);
    std::int64_t best = -1;
    double lowest = HUGE_VAL;
    for (Index i = 0; i < data.size(); ++i) {
      const std::int64_t trial = data.trials[static_cast<std::size_t>(i)];
      if (!history.feasible(static_cast<std::size_t>(trial)) || !(risks[i] < lowest)) continue;
      lowest = risks[i];
      best = trial;
    }
    return best < 0 ? history.best() : best;
  }

 protected:
  std::optional<Maximum> maximum(const Slot& slot) const override {
    if (measure_.risk != Risk::kMean) {
      return with_environment(
          maximum_of(RiskBound(slot.believed, environments_, measure_, kDeviations), slot), slot);
    }
    const Index count = environments_.w.cols();
    const VectorXd equal = VectorXd::Constant(count, 1 / static_cast<double>(count));
    const IntegratedKnowledgeGradient acquisition(slot.told,
                                                  {pairs(slot.space(), choices_of(slot)), equal},
                                                  slot.pending, {.seed = slot.seed()});
    return maximum_of(acquisition, slot);
  }

  std::optional<Maximum> finish(const Slot& slot, double value) const override {
    if (measure_.risk != Risk::kMean) return {};
    double known = HUGE_VAL;
    for (const MatrixXd& x : {slot.ask.observations.x, slot.ask.pending()}) {
      if (x.cols() > 0) known = std::min(known, risks_of(slot.told, slot.space(), x).minCoeff());
    }
    return with_environment(
        lower_than(known, value, RiskBound(slot.told, environments_, measure_), slot), slot);
  }

 private:
  static constexpr double kDeviations = kVizierDeviations;

  // Each column of x (unit cube) with every environment in place of its own, as the model takes it.
  MatrixXd pairs(const Space& space, const MatrixXd& x) const {
    return model_points(space, environments_.pairs(x));
  }

  VectorXd risks_of(const GpPosterior& model, const Space& space, const MatrixXd& x) const {
    const Index count = environments_.w.cols();
    VectorXd means, out(x.cols());
    model.predict_mean(pairs(space, x), means);
    for (Index i = 0; i < x.cols(); ++i) out[i] = measure_(means.segment(i * count, count));
    return out;
  }

  // Sobol points and those of the told x where the mean of F is lowest.
  MatrixXd choices_of(const Slot& slot) const {
    const MatrixXd& told = slot.ask.observations.x;
    const VectorXd means = risks_of(slot.told, slot.space(), told);
    std::vector<Index> order(static_cast<std::size_t>(told.cols()));
    std::iota(order.begin(), order.end(), Index{0});
    std::stable_sort(order.begin(), order.end(),
                     [&](Index a, Index b) { return means[a] < means[b]; });
    const Index half = choices_ / 2;
    order.resize(std::min(order.size(), static_cast<std::size_t>(choices_ - half)));
    MatrixXd spread = unit_points_of_space(slot.space(), slot.search, half);
    MatrixXd out(told.rows(), spread.cols() + static_cast<Index>(order.size()));
    out << spread, told(Eigen::all, order);
    return out;
  }

  // Points that share the x of `point`: of a list, those of it; else one for each environment that
  // is not held. Unit cube.
  MatrixXd alike(const Slot& slot, const Point& point) const {
    const std::vector<double> unit = point.unit();
    VectorXd x = VectorXd::Map(unit.data(), static_cast<Index>(unit.size()));
    if (slot.search.candidates.empty()) {
      MatrixXd out = environments_.pairs(x);
      for (const Index axis : environments_.axes) {
        const auto at = static_cast<std::size_t>(axis);
        const bool held = at < slot.search.fixed.size() && !std::isnan(slot.search.fixed[at]);
        if (held) out.row(axis).setConstant(slot.search.fixed[at]);
      }
      return out;
    }
    MatrixXd out(x.size(), 0);
    for (const Point& candidate : slot.search.candidates) {
      const std::vector<double> other = candidate.unit();
      VectorXd same = VectorXd::Map(other.data(), x.size());
      same(environments_.axes) = x(environments_.axes);
      if (same != x) continue;
      out.conservativeResize(Eigen::NoChange, out.cols() + 1);
      out.rightCols(1) = VectorXd::Map(other.data(), x.size());
    }
    return out;
  }

  // The same x where f is least known, of the environments that may count for the measure.
  std::optional<Maximum> with_environment(std::optional<Maximum> found, const Slot& slot) const {
    if (!found) return {};
    const MatrixXd points = alike(slot, found->point);
    VectorXd mean, variance, of_low, of_high;
    slot.believed.predict(model_points(slot.space(), points), mean, variance);
    const VectorXd reach = kDeviations * variance.cwiseSqrt();
    measure_(mean - reach, &of_low);
    measure_(mean + reach, &of_high);
    std::optional<Maximum> out;
    double least_known = -1;
    for (Index i = 0; i < points.cols(); ++i) {
      if ((of_low[i] == 0 && of_high[i] == 0) || variance[i] <= least_known) continue;
      Point point = slot.space().point_from_unit({points.col(i).data(), slot.space().dimension()});
      if (!slot.search.allowed(point)) continue;
      least_known = variance[i];
      out = Maximum{std::move(point), found->value};
    }
    return out ? out : found;
  }

  Environments environments_;
  RiskMeasure measure_;
  Index choices_;
};

}  // namespace
}  // namespace asktell

ASKTELL_REGISTER_SOLVERS(bqo) {
  asktell::Capabilities capabilities;
  capabilities.max_dimension = 1000;
  capabilities.candidates = true;
  registry.add<asktell::BqoSolver>(
      {.name = "bqo",
       .summary =
           "Bayesian quadrature optimization: minimizes the mean over an environment, or its "
           "bad end, and picks the environments to look at, too.",
       .reference = "Toscano-Palmerin & Frazier 2018; Nguyen et al. 2021",
       .capabilities = capabilities},
      asktell::schema());
}
