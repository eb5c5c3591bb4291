// See gradient_search.hpp.
#include <asktell/solvers/bayesian/gradient_search.hpp>

#include <algorithm>
#include <iterator>
#include <memory>
#include <numeric>
#include <utility>

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
  const bool due = cold || schedule.due(data.rows(), memory.fitted, {});
  memory.thetas.resize(presets.size());
  std::vector<GradientGp> fresh;  // of each form
  for (std::size_t i = 0; i < presets.size() && due; ++i) {
    VectorXd& kept = memory.thetas[i];
    GradientFit fit =
        fit_gradient_gp(data, presets[i], cold ? VectorXd() : VectorXd(kept.head(size)));
    kept.resize(size + 1);
    kept << fit.report.theta, fit.report.objective;
    fresh.push_back(std::move(fit.posterior));
  }
  if (due) memory.fitted = data.rows();
  if (cold) memory.cold = data.rows();
  next_memo = memory.write();
  const std::size_t best = memory.thetas[1][size] > memory.thetas[0][size] ? 1 : 0;
  if (due) return std::move(fresh[best]);
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
    : GradientSearch(ask, sound_columns(ask.observations), memo, next_memo) {}

GradientSearch::GradientSearch(const Ask& ask, const std::vector<Index>& sound,
                               std::span<const double> memo, std::vector<double>& next_memo)
    : model_(fitted(model_data(ask.observations.subset(sound)), ask.noise == Noise::kSome, memo,
                    next_memo)) {
  const Observations& data = ask.observations;
  const bool noisy = ask.noise == Noise::kSome;
  const std::vector<Index> rivals = noisy ? sound : std::vector<Index>{data.best()};
  incumbent_ = lowest_mean(model_, data.x(Eigen::all, rivals));
  std::vector<Index> all(data.trials.size()), others;
  std::iota(all.begin(), all.end(), Index{0});
  std::set_difference(all.begin(), all.end(), sound.begin(), sound.end(),
                      std::back_inserter(others));
  believe(model_, data.x(Eigen::all, others), incumbent_);
}

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
