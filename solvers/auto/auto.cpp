// The default: looks at the kind of query, the space, the noise and the constraints, and hands the
// study to the registered solver that fits. The choice depends on nothing that changes while a
// study runs but its space, so a reopened study makes the same one.
#include <algorithm>
#include <string>
#include <utility>

#include <asktell/core/errors.hpp>
#include <asktell/core/registry.hpp>
#include <asktell/solvers/design/feasible.hpp>

namespace asktell {
namespace {

constexpr std::size_t kArms = 64;             // noisy: more arms need a model between them
constexpr std::size_t kCells = 32;            // exact: few enough to evaluate them all
constexpr std::size_t kLocalDimension = 60;   // beyond, local models go first when trials are many
constexpr std::size_t kModelDimension = 300;  // within, models ask in a third of a second,
constexpr std::size_t kSlowDimension = 1000;  // within, in two seconds, if all is continuous:
constexpr std::int64_t kFewTrials = 500;      // that is for so few
constexpr std::int64_t kManyTrials = 5000;    // so many evaluations must be cheap

struct AutoOptions {};

struct Choice {
  std::string solver = {};
  std::string reason = {};
};

std::string shape_of(const Problem& problem) {
  const std::size_t dimension = problem.space.dimension();
  return std::to_string(dimension) + (dimension == 1 ? " dimension" : " dimensions") +
         (is_finite(problem.space) ? ", finite" : ", continuous") +
         (problem.noise_variance > 0 ? ", noisy" : "");
}

bool worth_a_model(const Problem& problem) {
  const std::size_t dimension = problem.space.dimension();
  if (dimension <= kModelDimension) return true;
  const auto coordinates = problem.space.coordinates();
  const bool continuous = std::all_of(coordinates.begin(), coordinates.end(),
                                      [](const Coordinate& c) { return c.cells == 0; });
  return continuous && dimension <= kSlowDimension && problem.n_trials < kFewTrials;
}

// Beyond the dimensions of models.
void many_parameters(const std::string& shape, std::vector<Choice>& out) {
  out.push_back({"baxus", "a trust region in growing subspaces (" + shape + ")"});
  out.push_back({"tpe", "densities of good points scale to many parameters (" + shape + ")"});
  out.push_back({"portfolio", "beliefs about the optimum are heeded by models (" + shape + ")"});
}

// In order of preference; the first that is registered and fits is taken.
std::vector<Choice> evaluate_choices(const Problem& problem) {
  std::vector<Choice> out;
  const auto points = problem.space.enumerate(kArms);
  const std::size_t dimension = problem.space.dimension();
  const std::string shape = shape_of(problem);
  const bool noisy = problem.noise_variance > 0;
  if (points && noisy) {
    out.push_back({"bandit.tsallis_inf",
                   std::to_string(points->size()) + " points under noise are arms of a bandit"});
  }
  if (points && !noisy && points->size() <= kCells) {
    out.push_back({"grid", std::to_string(points->size()) + " points can all be evaluated"});
  }
  const std::int64_t trials = problem.n_trials;
  if (trials >= kManyTrials && !noisy && dimension <= kLocalDimension) {
    out.push_back({"nlopt.mlsl", std::to_string(trials) +
                                     " evaluations are for local searches from many starts, which "
                                     "ask in microseconds (" +
                                     shape + ")"});
  }
  // A quadratic model in d dimensions begins with 2 d + 1 evaluations.
  if (dimension > kLocalDimension && trials >= 4 * static_cast<std::int64_t>(dimension)) {
    out.push_back({"nlopt.bobyqa", "local quadratic models scale to many parameters and " +
                                       std::to_string(trials) + " trials (" + shape + ")"});
  }
  if (worth_a_model(problem)) {
    out.push_back(
        {"portfolio",
         "Gaussian processes, global and local, need the fewest evaluations (" + shape + ")"});
  }
  if (!problem.constraints.empty()) {
    out.push_back(
        {"nlopt.cobyla", "told constraints are followed by linear models (" + shape + ")"});
    out.push_back({"nlopt.isres", "told constraints are ranked by an evolution strategy"});
  }
  if (dimension > kModelDimension) many_parameters(shape, out);
  out.push_back({"sobol", "no model fits the problem (" + shape + "); even coverage"});
  out.push_back({"random", "no model fits the problem (" + shape + "); uniform points"});
  return out;
}

std::vector<Choice> choices(const Problem& problem) {
  switch (problem.oracle) {
    case Oracle::kEvaluate:
      return evaluate_choices(problem);
    case Oracle::kCompare:
      return {{"zo.rank_sgd", "answers are rankings"}};
    case Oracle::kPerturb:
      return {{"zo.sgd", "answers are losses on both sides of a perturbation"}};
    case Oracle::kConsult:
      return {{"bilevel.f2sa", "answers are gradients of two levels"}};
  }
  return {};
}

Choice choose(const Problem& problem) {
  Registry& registry = Registry::global();
  const std::vector<std::string> names = registry.names();
  std::string obstacles;
  for (Choice& choice : choices(problem)) {
    if (std::find(names.begin(), names.end(), choice.solver) == names.end()) continue;
    const std::string lacking = Registry::mismatch(registry.at(choice.solver), problem);
    if (lacking.empty()) return std::move(choice);
    obstacles += "; " + choice.solver + " " + lacking;
  }
  throw SolverError("solver.capability",
                    "solver \"auto\" knows none that takes this problem" + obstacles);
}

// Both keep no memo; the second takes whatever is evaluated.
std::unique_ptr<Solver> chooser_from_lists(const Problem& problem) {
  Registry& registry = Registry::global();
  const bool fits = Registry::mismatch(registry.at("tpe"), problem).empty();
  return registry.make(fits ? "tpe" : "random", problem, {});
}

class AutoSolver final : public Solver {
 public:
  AutoSolver(const Problem& problem, AutoOptions) : choice_(choose(problem)) {
    inner_ = Registry::global().make(choice_.solver, problem, {});
  }

  // Where the solver of choice cannot choose from a list, one without a memo does, so that the
  // other's goes on.
  std::vector<Proposal> propose(const History& history, const Request& request) override {
    const bool able = Registry::global().at(choice_.solver).capabilities.candidates;
    if (request.candidates.empty() || able) return inner_->propose(history, request);
    if (!of_lists_) of_lists_ = chooser_from_lists(history.problem());
    std::vector<Proposal> out = of_lists_->propose(history, request);
    for (Proposal& proposal : out) {
      proposal.memo.assign(history.memo().begin(), history.memo().end());
    }
    return out;
  }
  std::int64_t recommend(const History& history) override { return inner_->recommend(history); }
  std::optional<Outlook> outlook(const History& history) override {
    return inner_->outlook(history);
  }
  std::string description() const override {
    const std::string more = inner_->description();
    return "auto chose " + choice_.solver + ": " + choice_.reason + (more.empty() ? "" : "; ") +
           more;
  }

 private:
  Choice choice_;
  std::unique_ptr<Solver> inner_;
  std::unique_ptr<Solver> of_lists_;
};

}  // namespace
}  // namespace asktell

ASKTELL_REGISTER_SOLVERS(auto_solver) {
  asktell::Capabilities capabilities;
  capabilities.oracles = {Oracle::kEvaluate, Oracle::kCompare, Oracle::kPerturb, Oracle::kConsult};
  capabilities.told_constraints = true;
  capabilities.candidates = true;
  capabilities.beliefs = true;
  capabilities.gradients = true;
  capabilities.max_objectives = SIZE_MAX;
  registry.add<AutoSolver>(
      {.name = "auto",
       .summary = "The default: chooses among the other solvers by the kind of query, the space, "
                  "the noise and the constraints, and says why.",
       .reference = "asktell",
       .capabilities = capabilities},
      Schema<AutoOptions>());
}
