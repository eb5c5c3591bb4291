// See preset_model.hpp.
#include <asktell/solvers/bayesian/preset_model.hpp>

#include <algorithm>
#include <cmath>
#include <limits>

#include <asktell/solvers/bayesian/fit_memory.hpp>
#include <asktell/solvers/bayesian/model_choice.hpp>
#include <asktell/surrogates/gp/refit_schedule.hpp>
#include <asktell/surrogates/gp/space_kernel.hpp>

namespace asktell {
namespace {

using Eigen::Index;
using Eigen::MatrixXd;
using Eigen::VectorXd;

// The likeliest of a fit from `warm`, where there is one, and a cold fit, where it is wanted.
VectorXd likeliest(const Kernel& kernel, const GpData& data, const GpPreset& preset,
                   const VectorXd& warm, bool cold) {
  std::vector<GpPreset> members;
  std::vector<VectorXd> starts;
  if (warm.size() > 0) {
    members.push_back(preset);
    starts.push_back(warm);
  }
  if (cold) {
    members.push_back(preset);
    starts.emplace_back();
  }
  const std::vector<FitReport> fits = fit_members(kernel, data, members, starts);
  return std::max_element(
             fits.begin(), fits.end(),
             [](const FitReport& a, const FitReport& b) { return a.objective < b.objective; })
      ->theta;
}

}  // namespace

PresetModel::PresetModel(const Space& space, KernelPtr kernel, GpPreset preset,
                         TransformKind transform)
    : space_(space),
      kernel_(std::move(kernel)),
      preset_(std::move(preset)),
      transform_(transform) {}

GpPosterior PresetModel::fit(const Observations& data, std::span<const double> memo,
                             std::vector<double>& next_memo) const {
  VectorXd y = data.y;
  for (Index i = 0; i < data.size(); ++i) {
    if (data.failed[static_cast<std::size_t>(i)]) y[i] = std::numeric_limits<double>::quiet_NaN();
  }
  GpData learned;
  learned.x = model_points(space_, data.x);
  OutputTransform transform(transform_, y);
  // Where a power does not fit, one value of 1e30 among ordinary ones for instance, ranks do.
  if (!transform.fallback().empty()) transform = OutputTransform(TransformKind::kHalfRank, y);
  learned.z = transform.apply(y);
  const RefitSchedule schedule;
  FitMemory memory = FitMemory::read(memo, kernel_->parameter_count() + 1);
  const bool known = !memory.thetas.empty();
  if (!known || schedule.due(data.total, memory.fitted, {})) {
    const bool cold = !known || schedule.cold(data.total, memory.cold);
    const VectorXd warm = known ? memory.thetas.front() : VectorXd();
    memory.thetas = {likeliest(*kernel_, learned, preset_, warm, cold)};
    memory.fitted = data.total;
    if (cold) memory.cold = data.total;
  }
  next_memo = memory.write();
  return GpPosterior(kernel_, std::move(learned), memory.thetas.front(), preset_.mean);
}

std::int64_t PresetModel::recommend(const History& history, const Observations& data,
                                    std::span<const double> memo) const {
  if (data.size() < 3 || noise_of(history.problem(), data) != Noise::kSome) return history.best();
  std::vector<double> unused;
  return lowest_mean_trial(history, data, fit(data, memo, unused));
}

Index parameter_count(const Space& space) {
  Index count = 0;
  for (const Parameter& parameter : space.parameters()) {
    count += static_cast<Index>(std::max<std::size_t>(1, parameter.size));
  }
  return count;
}

double noise_variance(const GpPosterior& model) {
  return std::exp(*model.log_noise());
}

}  // namespace asktell
