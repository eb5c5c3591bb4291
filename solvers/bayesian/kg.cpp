// Knowledge gradient: evaluates where the lowest posterior mean is expected to fall most, which is
// what counts when the final answer is read off the model (Frazier, Powell & Dayanik 2009; Scott,
// Frazier & Powell 2011; over a continuum of choices Pearce et al. 2022). Pending trials are
// averaged over values drawn for them.
#include <algorithm>

#include <asktell/acquisition/confidence_bound.hpp>
#include <asktell/acquisition/expected_improvement.hpp>
#include <asktell/acquisition/hybrid_knowledge_gradient.hpp>
#include <asktell/core/registry.hpp>
#include <asktell/solvers/bayesian/acquisition_solver.hpp>
#include <asktell/solvers/bayesian/knowledge_gradient_search.hpp>
#include <asktell/solvers/bayesian/space_points.hpp>

namespace asktell {

using Eigen::Index;
using Eigen::MatrixXd;
using Eigen::VectorXd;

namespace {

constexpr Index kStarts = 3;     // of the joint search besides the discrete maximum
constexpr Index kFantasies = 8;  // of pending values
constexpr int kRounds = 25;      // of the joint search: a column costs six points

VectorXd unit_of(const Point& point) {
  const std::vector<double> unit = point.unit();
  return VectorXd::Map(unit.data(), static_cast<Index>(unit.size()));
}

// The discrete maximum, and the points that improve most by expectation.
MatrixXd joint_starts(const GpPosterior& model, const MatrixXd& choices, const Point& first) {
  VectorXd mean, improvement;
  model.predict_mean(model.data().x, mean);
  LogExpectedImprovement(model, mean.minCoeff()).evaluate(choices, improvement);
  const Index count = std::min(kStarts, choices.cols());
  MatrixXd out(choices.rows(), 1 + count);
  out.col(0) = unit_of(first);
  for (Index i = 0; i < count; ++i) {
    Index best;
    improvement.maxCoeff(&best);
    out.col(1 + i) = choices.col(best);
    improvement[best] = -HUGE_VAL;
  }
  return out;
}

}  // namespace

std::optional<Maximum> maximize_knowledge_gradient(
    const GpPosterior& model, const MatrixXd& choices, const MatrixXd& pending, const Space& space,
    const MaximizeRequest& request, RandomStream stream, const MaximizeOptions& options) {
  const KnowledgeGradientOptions fantasies{.fantasies = kFantasies, .seed = request.seed};
  const bool cube = is_whole_cube(space, request);
  MaximizeOptions first = options;
  first.gradients = !cube;  // the joint search refines
  const DiscreteKnowledgeGradient discrete(model, choices, pending, fantasies,
                                           DiscreteKnowledgeGradient::Candidate::kChoice);
  auto found = maximize_acquisition(discrete, space, request, stream, first);
  if (!found || !cube) return found;
  const HybridKnowledgeGradient hybrid(model, choices, pending, fantasies);
  const auto joint = hybrid.maximize(joint_starts(model, choices, found->point), {}, kRounds);
  Point point = space.point_from_unit({joint.x.data(), space.dimension()});
  if (!request.allowed(point)) return found;
  return Maximum{std::move(point), joint.value};
}

namespace {

struct KgOptions : AcquisitionOptions {
  std::int64_t choices = 64;
};

class KgSolver final : public AcquisitionSolver {
 public:
  KgSolver(const Problem& problem, const KgOptions& options)
      : AcquisitionSolver(problem, options,
                          {.name = "kg",
                           .score = "log_kg",
                           .variants = model_variants(Index(problem.space.dimension())),
                           .believe = false}),
        choices_(options.choices) {}

 protected:
  std::optional<Maximum> maximum(const Slot& slot) const override {
    return maximize_knowledge_gradient(slot.told, points_and_data(slot, slot.told, choices_),
                                       slot.pending, slot.space(), slot.search,
                                       slot.stream(Purpose::kCandidates), slot.options);
  }
  std::optional<Maximum> finish(const Slot& slot, double value) const override {
    double known = slot.incumbent;
    if (slot.pending.cols() > 0) {
      VectorXd means;
      slot.told.predict_mean(slot.pending, means);
      known = std::min(known, means.minCoeff());
    }
    return lower_than(known, value, LowerConfidenceBound(slot.told, 0), slot);
  }

 private:
  Index choices_;
};

}  // namespace
}  // namespace asktell

ASKTELL_REGISTER_SOLVERS(kg) {
  asktell::Capabilities capabilities;
  capabilities.max_dimension = 1000;
  capabilities.candidates = true;
  auto schema = asktell::acquisition_schema<asktell::KgOptions>();
  schema.field("choices", &asktell::KgOptions::choices,
               "Sobol points among which, besides those told, the best choice is looked for", 8,
               2048);
  registry.add<asktell::KgSolver>(
      {.name = "kg",
       .summary = "Knowledge gradient: noisy objectives and few evaluations, where the answer is "
                  "the lowest posterior mean.",
       .reference = "Frazier, Powell & Dayanik 2009; Pearce et al. 2022",
       .capabilities = capabilities},
      schema);
}
