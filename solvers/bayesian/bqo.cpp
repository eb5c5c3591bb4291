// Bayesian quadrature optimization: minimizes F(x), the mean of f(x, w) over an environment w, by
// evaluations of f at points (x, w) that are both chosen (Toscano-Palmerin & Frazier 2018,
// "Bayesian optimization with expensive integrands"). The next one is where the lowest posterior
// mean of F is expected to fall most; w is uniform over the cells and the cube of its parameters.
#include <algorithm>
#include <cmath>
#include <numeric>
#include <utility>

#include <asktell/acquisition/integrated_knowledge_gradient.hpp>
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
  return out;
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
                           .score = "log_kg",
                           .variants = affine_variants(Index(problem.space.dimension())),
                           .believe = false}),
        axes_(environment_of(problem.space, options.environment)),
        w_(environments(problem.space, axes_, options.environments, problem.seed)),
        choices_(options.choices) {}

  // The model's outlook is that of f, not of its mean over the environment.
  std::optional<Outlook> outlook(const History&) override { return {}; }

  // The trial whose x has the lowest posterior mean of F.
  std::int64_t recommend(const History& history) override {
    const Observations data = observations(history);
    if (data.size() < 3) return history.best();
    std::vector<double> unused;
    const bool noisy = noise_of(history.problem(), data) == Noise::kSome;
    const GpPosterior model = choice().fit(data, noisy, history.memo(), unused).posterior;
    const VectorXd means = integrated_means(model, history.space(), data.x);
    std::int64_t best = -1;
    double lowest = HUGE_VAL;
    for (Index i = 0; i < data.size(); ++i) {
      const std::int64_t trial = data.trials[static_cast<std::size_t>(i)];
      if (!history.feasible(static_cast<std::size_t>(trial)) || !(means[i] < lowest)) continue;
      lowest = means[i];
      best = trial;
    }
    return best < 0 ? history.best() : best;
  }

 protected:
  std::optional<Maximum> maximum(const Slot& slot) const override {
    const IntegratedKnowledgeGradient acquisition(
        slot.told, {pairs(slot.space(), choices_of(slot)), weights()}, slot.pending,
        {.seed = slot.seed()});
    return maximum_of(acquisition, slot);
  }

 private:
  VectorXd weights() const {
    return VectorXd::Constant(w_.cols(), 1 / static_cast<double>(w_.cols()));
  }

  // Each column of x (unit cube) with every environment in place of its own, as the model takes it.
  MatrixXd pairs(const Space& space, const MatrixXd& x) const {
    MatrixXd out(x.rows(), x.cols() * w_.cols());
    for (Index i = 0; i < x.cols(); ++i) {
      auto block = out.middleCols(i * w_.cols(), w_.cols());
      block.colwise() = x.col(i);
      block(axes_, Eigen::all) = w_;
    }
    return model_points(space, out);
  }

  VectorXd integrated_means(const GpPosterior& model, const Space& space, const MatrixXd& x) const {
    VectorXd means;
    model.predict_mean(pairs(space, x), means);
    return means.reshaped(w_.cols(), x.cols()).transpose() * weights();
  }

  // Sobol points and those of the told x where the mean of F is lowest.
  MatrixXd choices_of(const Slot& slot) const {
    const MatrixXd& told = slot.ask.observations.x;
    const VectorXd means = integrated_means(slot.told, slot.space(), told);
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

  std::vector<Index> axes_;  // coordinates of the environment
  MatrixXd w_;               // e x K
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
       .summary = "Bayesian quadrature optimization: the minimizer of a mean over an environment, "
                  "whose values the solver picks, too.",
       .reference = "Toscano-Palmerin & Frazier 2018",
       .capabilities = capabilities},
      asktell::schema());
}
