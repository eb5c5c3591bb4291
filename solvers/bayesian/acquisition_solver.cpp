// See acquisition_solver.hpp.
#include <asktell/solvers/bayesian/acquisition_solver.hpp>

#include <algorithm>
#include <cmath>
#include <cstdio>

#include <asktell/solvers/bayesian/space_points.hpp>
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
  std::vector<double> memo;
  const ChosenModel model =
      choice_.fit(ask.observations, ask.noise == Noise::kSome, ask.history.memo(), memo,
                  RandomStream(ask.slot_seed(), Purpose::kChoice));
  const GpPosterior& told = model.posterior;
  const double incumbent = incumbent_value(ask.observations, ask.noise, told);
  std::optional<GpPosterior> believed;  // nothing while none is pending
  while (model_slots(ask) > 0) {
    if (method_.believe && ask.pending().cols() > 0) {
      if (!believed) believed = told;
      believe_pending(*believed, told.size(), ask);
    }
    const Slot slot = slot_of(ask, told, believed ? *believed : told, incumbent);
    auto found = maximum(slot);
    if (!found) {
      if (!fall_back(ask, kNoCandidate)) return;
      continue;
    }
    const auto lower = finish(slot, found->value);
    if (lower) found = lower;
    char note[80];
    std::snprintf(note, sizeof note, "%s %.3g, %s%s",
                  lower ? "lowest mean: log gain" : score(slot).c_str(), found->value,
                  choice_.variants()[model.variant].name.c_str(),
                  told.jitter() > 0 ? ", jitter" : "");
    ask.add(found->point, {.memo = memo, .note = note});
  }
}

Slot AcquisitionSolver::slot_of(const Ask& ask, const GpPosterior& told,
                                const GpPosterior& believed, double incumbent) const {
  Slot slot{ask,
            told,
            believed,
            incumbent,
            model_points(ask.history.space(), ask.pending()),
            ask.search(),
            maximize_options()};
  return slot;
}

std::optional<Maximum> maximum_of(const Acquisition& acquisition, const Slot& slot) {
  return maximize_acquisition(acquisition, slot.space(), slot.search,
                              slot.stream(Purpose::kCandidates), slot.options);
}

std::optional<Maximum> lower_than(double known, double value, const Acquisition& negative,
                                  const Slot& slot) {
  auto lowest = maximum_of(negative, slot);
  if (!lowest) return {};
  const double gain = known + lowest->value;
  lowest->value = gain > 0 ? std::log(gain) : -HUGE_VAL;
  return lowest->value > value ? lowest : std::nullopt;
}

MatrixXd points_and_data(const Slot& slot, const GpPosterior& model, Index count) {
  const MatrixXd spread =
      model_points(slot.space(), unit_points_of_space(slot.space(), slot.search, count));
  if (!slot.search.fixed.empty() || !slot.search.candidates.empty()) return spread;
  MatrixXd out(spread.rows(), spread.cols() + model.size());
  out << spread, model.data().x;
  return out;
}

}  // namespace asktell
