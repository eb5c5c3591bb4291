// See fit.hpp.
#include <asktell/surrogates/gp/fit.hpp>

#include <algorithm>
#include <cmath>
#include <functional>
#include <limits>
#include <numeric>

#include <asktell/core/lbfgsb.hpp>
#include <asktell/core/threads.hpp>
#include <asktell/core/workspace_pool.hpp>
#include <asktell/surrogates/mixture.hpp>

namespace asktell {
namespace {

using Eigen::Index;
using Eigen::MatrixXd;
using Eigen::VectorXd;

constexpr Index kWorthThreads = 150;  // points: smaller evaluations cost less than a thread

// A preset's part of a fit of several.
struct Member {
  Member(const Kernel& kernel, const GpData& data, const std::vector<HyperParameter>& parameters,
         const GpPreset& preset, FitCriterion criterion)
      : box(parameters, preset), make([&kernel, &data, &preset, criterion] {
          return std::make_unique<MarginalLikelihood>(kernel, data, preset.mean, criterion,
                                                      preset.profile_scale);
        }) {}

  double objective(const Eigen::Ref<const VectorXd>& theta, double* gradient) {
    double value = 0;
    workspaces.with(make, [&](MarginalLikelihood& likelihood) {
      value = likelihood.evaluate(theta, gradient);
    });
    return value + box.log_prior(theta, gradient);
  }

  HyperBox box;
  // Each holds a few n x n matrices, so there are no more of them than threads.
  std::function<std::unique_ptr<MarginalLikelihood>()> make;
  WorkspacePool<MarginalLikelihood> workspaces;
  MatrixXd starts;  // of theta, one column each
};

// Prior mode, half the diagonal of the cube, and draws between a tenth and twice the diagonal.
MatrixXd cold_starts(const std::vector<HyperParameter>& parameters, const HyperBox& box,
                     Index dimension, const FitOptions& options) {
  const Index count = 2 + options.drawn_starts;
  MatrixXd starts = box.start.replicate(1, count);
  const double diagonal = std::sqrt(static_cast<double>(dimension));
  RandomStream stream(options.seed, Purpose::kFit);
  for (Index j = 1; j < count; ++j) {
    for (Index i = 0; i < starts.rows(); ++i) {
      const HyperRole role = parameters[static_cast<std::size_t>(i)].role;
      if (role == HyperRole::kLengthscale) {
        starts(i, j) = j == 1 ? std::log(0.5 * diagonal)
                              : std::log(0.1 * diagonal) + stream.uniform() * std::log(20.0);
      } else if (role == HyperRole::kNoise) {
        const double lowest = std::max(box.low[i], std::log(1e-6));
        starts(i, j) =
            j == 1 ? std::log(1e-2) : lowest + stream.uniform() * (std::log(0.1) - lowest);
      }
    }
    starts.col(j) = starts.col(j).cwiseMax(box.low).cwiseMin(box.high);
  }
  return starts;
}

// The columns of `starts` with the highest objective.
MatrixXd best_starts(Member& member, const MatrixXd& starts, int kept) {
  std::vector<double> values(static_cast<std::size_t>(starts.cols()));
  for (Index j = 0; j < starts.cols(); ++j) {
    const double value = member.objective(starts.col(j), nullptr);
    values[static_cast<std::size_t>(j)] =
        std::isfinite(value) ? value : -std::numeric_limits<double>::infinity();
  }
  std::vector<Index> order(values.size());
  std::iota(order.begin(), order.end(), Index{0});
  std::stable_sort(order.begin(), order.end(), [&](Index a, Index b) {
    return values[static_cast<std::size_t>(a)] > values[static_cast<std::size_t>(b)];
  });
  order.resize(std::min(order.size(), static_cast<std::size_t>(std::max(1, kept))));
  return starts(Eigen::all, order);
}

bool usable(const VectorXd& warm, const HyperBox& box) {
  return warm.size() == box.low.size() && warm.allFinite();
}

// With the scale profiled out, the model that it stands for: an explicit scale, noise in its units.
void put_scale(const std::vector<HyperParameter>& parameters, double scale, VectorXd& theta) {
  for (Index i = 0; i < theta.size(); ++i) {
    const HyperRole role = parameters[static_cast<std::size_t>(i)].role;
    if (role == HyperRole::kOutputscale || role == HyperRole::kNoise) theta[i] += std::log(scale);
  }
}

FitReport report(Member& member, const std::vector<HyperParameter>& parameters,
                 const GpPreset& preset, const VectorXd& theta) {
  FitReport out;
  out.theta = theta;
  out.objective = member.objective(theta, nullptr);
  out.likelihood = out.objective - member.box.log_prior(theta, nullptr);
  for (Index i = 0; i < theta.size(); ++i) {
    if (member.box.low[i] < member.box.high[i] &&
        (theta[i] <= member.box.low[i] || theta[i] >= member.box.high[i])) {
      ++out.active_bounds;
    }
  }
  if (preset.profile_scale) {
    member.workspaces.with(member.make, [&](MarginalLikelihood& likelihood) {
      likelihood.evaluate(theta, nullptr);
      put_scale(parameters, likelihood.scale(), out.theta);
    });
  }
  return out;
}

// All starts of all members as columns of one lockstep run.
class Batch {
 public:
  Batch(std::vector<std::unique_ptr<Member>>& members, Index points)
      : members_(members), points_(points), evaluations_(members.size(), 0) {
    Index width = 0;
    for (const auto& member : members) width += member->starts.cols();
    const Index rows = members[0]->box.low.size();
    starts_.resize(rows, width);
    low_.resize(rows, width);
    high_.resize(rows, width);
    for (std::size_t m = 0; m < members.size(); ++m) {
      for (Index j = 0; j < members[m]->starts.cols(); ++j) {
        const auto column = static_cast<Index>(owner_.size());
        starts_.col(column) = members[m]->starts.col(j);
        low_.col(column) = members[m]->box.low;
        high_.col(column) = members[m]->box.high;
        owner_.push_back(m);
      }
    }
  }

  void run(const LbfgsbOptions& options) {
    const BatchedFunction function =
        [this](const Eigen::Ref<const MatrixXd>& x, std::span<const Index> which,
               Eigen::Ref<VectorXd> values, Eigen::Ref<MatrixXd> gradients) {
          const auto some = [&](std::size_t begin, std::size_t end) {
            for (std::size_t k = begin; k < end; ++k) {
              const auto column = static_cast<Index>(k);
              Member& member = *members_[owner_[static_cast<std::size_t>(which[k])]];
              values[column] = -member.objective(x.col(column), gradients.col(column).data());
              gradients.col(column) *= -1;
            }
          };
          for (Index start : which) ++evaluations_[owner_[static_cast<std::size_t>(start)]];
          if (points_ < kWorthThreads) {
            some(0, which.size());
          } else {
            parallel_for(which.size(), 1, some);
          }
        };
    result_ = minimize_lockstep(function, starts_, low_, high_, options);
  }

  // Best column of a member; -1 when none was ever finite.
  Index best(std::size_t m) const {
    Index best = -1;
    for (Index j = 0; j < starts_.cols(); ++j) {
      if (owner_[static_cast<std::size_t>(j)] != m || !std::isfinite(result_.values[j])) continue;
      if (best < 0 || result_.values[j] < result_.values[best]) best = j;
    }
    return best;
  }
  VectorXd theta(Index column) const { return result_.x.col(column); }
  int evaluations(std::size_t m) const { return evaluations_[m]; }

 private:
  std::vector<std::unique_ptr<Member>>& members_;
  const Index points_;
  MatrixXd starts_, low_, high_;
  std::vector<std::size_t> owner_;  // of each column
  std::vector<int> evaluations_;
  LbfgsbResult result_;
};

}  // namespace

std::vector<FitReport> fit_members(const Kernel& kernel, const GpData& data,
                                   const std::vector<GpPreset>& presets,
                                   std::span<const VectorXd> warm, const FitOptions& options) {
  const std::vector<HyperParameter> parameters = model_parameters(kernel, data);
  const bool flat = data.size() < 3 || data.z.maxCoeff() == data.z.minCoeff();
  std::vector<std::unique_ptr<Member>> members;
  bool all_warm = true;
  for (std::size_t m = 0; m < presets.size(); ++m) {
    members.push_back(
        std::make_unique<Member>(kernel, data, parameters, presets[m], options.criterion));
    Member& member = *members.back();
    if (flat) continue;
    if (m < warm.size() && usable(warm[m], member.box)) {
      member.starts = warm[m].cwiseMax(member.box.low).cwiseMin(member.box.high);
      continue;
    }
    all_warm = false;
    const MatrixXd starts = cold_starts(parameters, member.box, data.dimension(), options);
    member.starts = best_starts(member, starts, options.kept_starts);
  }
  std::vector<FitReport> reports;
  if (flat || members.empty()) {
    for (std::size_t m = 0; m < members.size(); ++m) {
      reports.push_back(report(*members[m], parameters, presets[m], members[m]->box.start));
    }
    return reports;
  }
  Batch batch(members, data.size());
  batch.run({.rounds = all_warm ? options.warm_rounds : options.cold_rounds,
             .memory = 10,
             .gradient_tolerance = options.gradient_tolerance,
             .value_tolerance = options.value_tolerance});
  for (std::size_t m = 0; m < members.size(); ++m) {
    const Index best = batch.best(m);
    const VectorXd theta = best < 0 ? members[m]->box.start : batch.theta(best);
    reports.push_back(report(*members[m], parameters, presets[m], theta));
    reports.back().evaluations = batch.evaluations(m);
    reports.back().optimized = best >= 0;
    reports.back().degraded = best < 0;
  }
  return reports;
}

KernelPtr preset_kernel(const GpPreset& preset, Index dimension) {
  return kernels::scaled(kernels::stationary(preset.form, dimension));
}

void GpMixture::predict(const MatrixXd& points, VectorXd& mean, VectorXd& variance,
                        MatrixXd* mean_gradient, MatrixXd* variance_gradient) const {
  std::vector<const Surrogate*> views;
  for (const GpPosterior& member : members_) views.push_back(&member);
  mixture_moments(views, points, mean, variance, mean_gradient, variance_gradient);
}

void GpMixture::joint(const MatrixXd& points, VectorXd& mean, MatrixXd& covariance) const {
  const double share = 1 / static_cast<double>(members_.size());
  covariance.setZero(points.cols(), points.cols());
  MatrixXd means(points.cols(), static_cast<Index>(members_.size())), c;
  VectorXd m;
  for (std::size_t i = 0; i < members_.size(); ++i) {
    members_[i].joint(points, m, c);
    means.col(static_cast<Index>(i)) = m;
    covariance += share * c;
  }
  mean = means.rowwise().mean();
  means.colwise() -= mean;
  covariance += share * means * means.transpose();
}

}  // namespace asktell
