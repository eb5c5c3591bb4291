// See acquisition_solver.hpp.
#include <asktell/solvers/bayesian/acquisition_solver.hpp>

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <set>

#include <asktell/acquisition/spread_points.hpp>
#include <asktell/surrogates/gp/space_kernel.hpp>

namespace asktell {

using Eigen::Index;
using Eigen::MatrixXd;

AcquisitionSolver::AcquisitionSolver(const Problem& problem, const AcquisitionOptions& options,
                                     Method method)
    : BayesianSolver({.design = design_size(problem, options.n_initial, method.name),
                      .max_points = static_cast<std::size_t>(options.max_points),
                      .replicate = true,
                      .max_pending = method.max_pending}),
      method_(std::move(method)),
      candidates_(static_cast<int>(options.candidates)),
      choice_(problem.space, method_.variants) {}

void AcquisitionSolver::suggest(Ask& ask) {
  const Space& space = ask.history.space();
  std::vector<double> memo;
  const ChosenModel model =
      choice_.fit(ask.observations, ask.noise == Noise::kSome, ask.history.memo(), memo);
  const GpPosterior& told = model.posterior;
  const double incumbent = incumbent_value(ask, told);
  std::optional<GpPosterior> believed;
  if (method_.believe) {
    believed = told;
    believe(*believed, model_points(space, ask.pending()));
  }
  while (ask.missing() > 0 &&
         ask.history.pending().size() + ask.out.size() < settings().max_pending) {
    const auto found = maximum(slot_of(ask, told, believed ? *believed : told, incumbent));
    if (!found) {
      if (!fall_back(ask, "random: no allowed point among the candidates of the acquisition")) {
        return;
      }
    } else {
      char note[80];
      std::snprintf(note, sizeof note, "%s %.3g, %s%s", method_.score.c_str(), found->value,
                    choice_.variants()[model.variant].name.c_str(),
                    told.jitter() > 0 ? ", jitter" : "");
      ask.add(found->point, {.memo = memo, .note = note});
    }
    if (ask.missing() == 0) return;
    if (believed) believe(*believed, model_points(space, ask.pending().rightCols(1)));
  }
}

Slot AcquisitionSolver::slot_of(const Ask& ask, const GpPosterior& told,
                                const GpPosterior& believed, double incumbent) const {
  Slot slot{ask,
            told,
            believed,
            incumbent,
            model_points(ask.history.space(), ask.pending()),
            {},
            {.sobol_blocks = candidates_}};
  slot.search.incumbents = ask.observations.incumbents();
  slot.search.fixed = ask.request.fixed;
  slot.search.allowed = [&ask](const Point& point) { return ask.allowed(point); };
  slot.search.seed =
      spread_seed(ask.request.seed + static_cast<std::uint64_t>(ask.request.ask) + ask.out.size());
  return slot;
}

std::optional<Maximum> maximum_of(const Acquisition& acquisition, const Slot& slot) {
  return maximize_acquisition(acquisition, slot.space(), slot.search,
                              slot.stream(Purpose::kCandidates), slot.options);
}

MatrixXd unit_points_of_space(const Space& space, std::span<const double> fixed, Index count,
                              std::uint64_t seed) {
  const auto d = static_cast<Index>(space.dimension());
  MatrixXd unit = spread_points(d, count, seed);
  std::set<std::vector<double>> seen;
  std::vector<double> slots(space.slots());
  Index kept = 0;
  for (Index j = 0; j < count; ++j) {
    std::vector<double> at(unit.col(j).begin(), unit.col(j).end());
    put_fixed(fixed, at);
    space.from_unit(at, slots);
    if (!space.satisfies_constraints(slots)) continue;
    space.to_unit(slots, at);
    if (!seen.insert(at).second) continue;
    unit.col(kept++) = Eigen::Map<const Eigen::VectorXd>(at.data(), d);
  }
  return unit.leftCols(kept);
}

MatrixXd points_and_data(const Slot& slot, const GpPosterior& model, Index count) {
  const auto& fixed = slot.ask.request.fixed;
  const MatrixXd spread =
      model_points(slot.space(), unit_points_of_space(slot.space(), fixed, count, slot.seed()));
  if (!fixed.empty()) return spread;
  MatrixXd out(spread.rows(), spread.cols() + model.size());
  out << spread, model.data().x;
  return out;
}

bool is_whole_cube(const Space& space, std::span<const double> fixed) {
  const auto free = [](double value) { return std::isnan(value); };
  const auto real = [](const Parameter& p) {
    return p.kind == Kind::kReal && p.step == 0 && p.when.empty();
  };
  return space.constraints().empty() && std::all_of(fixed.begin(), fixed.end(), free) &&
         std::all_of(space.parameters().begin(), space.parameters().end(), real);
}

}  // namespace asktell
