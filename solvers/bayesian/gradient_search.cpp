// See gradient_search.hpp.
#include <asktell/solvers/bayesian/gradient_search.hpp>

#include <algorithm>
#include <cmath>
#include <limits>
#include <memory>
#include <numeric>

#include <asktell/acquisition/expected_improvement.hpp>
#include <asktell/solvers/bayesian/fit_memory.hpp>
#include <asktell/solvers/bayesian/model_choice.hpp>
#include <asktell/surrogates/gp/refit_schedule.hpp>
#include <asktell/surrogates/transforms/output_transform.hpp>

namespace asktell {
namespace {

using Eigen::Index;
using Eigen::MatrixXd;
using Eigen::VectorXd;

constexpr Index kTrials = 200;  // beyond so many the models of values alone go on
constexpr Index kRows = 400;    // values and partial derivatives that a model takes

// Values of smooth functions need no transform but an affine one, and derivatives allow no other.
GradientData model_data(const Observations& data) {
  const OutputTransform transform(TransformKind::kStandardize, data.y);
  const double unit = transform.unit() * transform.deviation();
  Index dropped = 0;
  return within_rows({data.x, transform.apply(data.y), data.gradient / unit}, kRows, dropped);
}

// A rough and a smooth form; exact answers have no noise but what rounding needs.
std::vector<GpPreset> forms(Index dimension, bool noisy) {
  GpPreset rough = gp_preset("regret", dimension);
  if (!noisy) rough.noise = {.prior = {}, .start = rough.noise.low, .fixed = true};
  GpPreset smooth = rough;
  smooth.form = kernels::Form::kRbf;
  return {rough, smooth};
}

// The likelier of the forms. The memo holds the last fit of each, followed by its objective.
GradientGp fitted(const GradientData& data, bool noisy, std::span<const double> memo,
                  std::vector<double>& next_memo) {
  const std::vector<GpPreset> presets = forms(data.dimension(), noisy);
  const Index size = data.dimension() + 2 + (data.partials() > 0 ? 1 : 0);  // of theta
  const RefitSchedule schedule;
  FitMemory memory = FitMemory::read(memo, size + 1);
  const bool known = memory.thetas.size() == presets.size();
  const bool cold = !known || schedule.cold(data.rows(), memory.cold);
  if (cold || schedule.due(data.rows(), memory.fitted, {})) {
    memory.thetas.resize(presets.size());
    for (std::size_t i = 0; i < presets.size(); ++i) {
      VectorXd& kept = memory.thetas[i];
      const VectorXd warm = cold ? VectorXd() : VectorXd(kept.head(size));
      const FitReport report = fit_gradient_gp(data, presets[i], warm, {}, kRows).report;
      kept.resize(size + 1);
      kept << report.theta, report.objective;
    }
    memory.fitted = data.rows();
    if (cold) memory.cold = data.rows();
  }
  next_memo = memory.write();
  const std::size_t best = memory.thetas[1][size] > memory.thetas[0][size] ? 1 : 0;
  return GradientGp::with_noise_floors(data, gradient_model(data, presets[best]),
                                       memory.thetas[best].head(size));
}

double lowest_mean(const GradientGp& model, const MatrixXd& points) {
  VectorXd mean, variance;
  model.predict(points, mean, variance);
  return mean.minCoeff();
}

}  // namespace

bool GradientSearch::worth(const Observations& data) {
  return data.gradient.cols() > 0 && data.size() <= kTrials && sound_columns(data).size() > 2;
}

GradientSearch::GradientSearch(const Ask& ask, std::span<const double> memo,
                               std::vector<double>& next_memo)
    : GradientSearch(ask.observations.subset(sound_columns(ask.observations)),
                     ask.noise == Noise::kSome, memo, next_memo) {
  std::vector<Index> others(ask.observations.trials.size());
  std::iota(others.begin(), others.end(), Index{0});
  const std::vector<Index> sound = sound_columns(ask.observations);
  std::erase_if(others, [&](Index i) { return std::binary_search(sound.begin(), sound.end(), i); });
  believe(model_, ask.observations.x(Eigen::all, others), incumbent_);
}

GradientSearch::GradientSearch(const Observations& sound, bool noisy, std::span<const double> memo,
                               std::vector<double>& next_memo)
    : model_(fitted(model_data(sound), noisy, memo, next_memo)),
      incumbent_(lowest_mean(model_, noisy ? sound.x : sound.x.col(sound.best()))) {}

std::optional<Maximum> GradientSearch::next(const Ask& ask, const Weights& weights,
                                            const MaximizeOptions& options) {
  const MatrixXd pending = ask.pending();
  believe(model_, pending.rightCols(pending.cols() - believed_));
  believed_ = pending.cols();
  const auto acquisition = weighed(std::make_unique<LogExpectedImprovement>(model_, incumbent_),
                                   weights, pending.rows());
  return maximize_acquisition(*acquisition, ask.history.space(), ask.search(),
                              ask.request.stream(Purpose::kCandidates, ask.out.size()), options);
}

std::string GradientSearch::name() const {
  return std::string("model of values and gradients, ") +
         std::string(kernels::name(model_.model().form));
}

}  // namespace asktell
