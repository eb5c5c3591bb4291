// Bayesian optimization with a Gaussian process and log expected improvement: Matern-5/2 with a
// length-scale for each coordinate under dimension-scaled priors (Hvarfner et al. 2024), half-rank
// warp of the bad half (Song et al. 2024), the better of a fixed and a fitted nugget by
// leave-one-out density, pending trials believed at their posterior mean (Ginsbourger et al. 2010,
// section 3).
#include <algorithm>
#include <cmath>
#include <cstdio>
#include <numeric>

#include <asktell/acquisition/expected_improvement.hpp>
#include <asktell/acquisition/maximize/maximize.hpp>
#include <asktell/core/registry.hpp>
#include <asktell/core/sobol.hpp>
#include <asktell/solvers/design/feasible.hpp>
#include <asktell/surrogates/gp/fit.hpp>
#include <asktell/surrogates/transforms/output_transform.hpp>

namespace asktell {
namespace {

using Eigen::Index;
using Eigen::MatrixXd;
using Eigen::VectorXd;

struct GpBoOptions {
  std::int64_t n_initial = 0;     // 0: clamp(d + 1, 4, min(20, budget / 5))
  std::int64_t max_points = 500;  // an exact fit of more costs seconds
  bool warp = true;               // squeezes the bad half; off for values already well behaved
  std::int64_t candidates = 512;  // times ceil(sqrt(d))
};

Schema<GpBoOptions> schema() {
  return Schema<GpBoOptions>()
      .field("n_initial", &GpBoOptions::n_initial,
             "trials of the initial design; 0: clamp(d + 1, 4, min(20, budget / 5))", 0, 1e6)
      .field("max_points", &GpBoOptions::max_points,
             "points of the model at most; beyond, the better half and the latest are kept", 10,
             5000)
      .field("warp", &GpBoOptions::warp, "squeeze values above the median to normal quantiles")
      .field("candidates", &GpBoOptions::candidates,
             "Sobol candidates of the acquisition, times ceil(sqrt(d))", 16, 4096);
}

// Beyond this many pending trials their believed values say more than the data do: space is filled
// instead.
constexpr std::size_t kMostPending = 64;
constexpr const char* kCrowded = "space-filling: 64 trials or more are pending";

// What the model learns from: d x n points, n values to be minimized.
struct Data {
  MatrixXd x;
  VectorXd y;
  std::vector<std::int64_t> trials;
};

class GpBoSolver final : public Solver {
 public:
  GpBoSolver(const Problem& problem, GpBoOptions options) : options_(options) {
    const auto d = static_cast<double>(problem.space.dimension());
    const double share = problem.n_trials > 0 ? static_cast<double>(problem.n_trials) / 5 : 20;
    n_initial_ = options.n_initial > 0 ? static_cast<std::size_t>(options.n_initial)
                                       : static_cast<std::size_t>(std::clamp(
                                             d + 1, 4.0, std::max(4.0, std::min(20.0, share))));
  }

  std::vector<Proposal> propose(const History& history, const Request& request) override {
    std::vector<Proposal> out;
    Visited visited(history);
    const std::size_t known = history.told().size() + history.failed().size();
    std::size_t designed = known + history.pending().size();
    while (out.size() < request.count && designed < n_initial_) {
      auto proposal = design(history, visited, request, out.size(), designed++);
      if (!proposal) return out;
      out.push_back(std::move(*proposal));
    }
    if (out.size() == request.count) return out;
    const Data data = collect(history);
    if (data.trials.size() < 2) {
      fill_with_design(history, visited, request, out, designed, "too few values for a model");
      return out;
    }
    if (history.pending().size() >= kMostPending) {
      fill_with_design(history, visited, request, out, designed, kCrowded);
      return out;
    }
    model_based(history, data, visited, request, out);
    return out;
  }

  // Lowest posterior mean among the trials told.
  std::int64_t recommend(const History& history) override {
    const Data data = collect(history);
    if (data.trials.size() < 3 || history.problem().noise_variance == 0) return history.best();
    const GpPosterior model = fitted(history, data).model;
    VectorXd mean, variance;
    model.predict(data.x, mean, variance);
    std::int64_t best = -1;
    double lowest = HUGE_VAL;
    for (std::size_t i = 0; i < data.trials.size(); ++i) {
      const bool told = history.feasible(static_cast<std::size_t>(data.trials[i]));
      if (told && mean[static_cast<Index>(i)] < lowest) {
        lowest = mean[static_cast<Index>(i)];
        best = data.trials[i];
      }
    }
    return best < 0 ? history.best() : best;
  }

 private:
  struct Fitted {
    GpPosterior model;
    std::vector<double> memo;  // both variants' parameters
  };

  std::optional<Proposal> design(const History& history, Visited& visited, const Request& request,
                                 std::size_t offset, std::size_t number) {
    const Space& space = history.space();
    std::vector<double> unit(space.dimension(), 0.5);
    const bool sobol = space.dimension() <= SobolPoints::kMaxDimension;
    if (number > 0 && sobol) SobolPoints(space.dimension(), request.seed).point(number - 1, unit);
    put_fixed(request.fixed, unit);
    Point point = space.point_from_unit(unit);
    Proposal proposal{.origin = Origin::kDesign};
    const bool usable = (number == 0 || sobol) && space.satisfies_constraints(point.slots()) &&
                        !visited.contains(point.slots());
    if (!usable) {
      RandomStream stream = request.stream(Purpose::kDesign, offset);
      auto draw = sampler_.draw(history, visited, request.fixed, stream);
      if (!draw) return std::nullopt;
      point = std::move(draw->point);
      proposal.note = std::move(draw->note);
    }
    visited.add(point);
    proposal.query = Evaluate{std::move(point)};
    return proposal;
  }

  void fill_with_design(const History& history, Visited& visited, const Request& request,
                        std::vector<Proposal>& out, std::size_t designed,
                        const std::string& reason) {
    while (out.size() < request.count) {
      auto proposal = design(history, visited, request, out.size(), designed++);
      if (!proposal) return;
      proposal->note = reason;
      out.push_back(std::move(*proposal));
    }
  }

  // Told values, failures at the worst value seen (that keeps the model away from them); infinite
  // noise says nothing. Beyond max_points: the better half and the latest.
  Data collect(const History& history) const {
    const auto objectives = history.objectives();
    std::vector<std::int64_t> trials;
    double worst = -HUGE_VAL;
    for (std::int64_t trial : history.told()) {
      if (std::isinf(history.noise_variance(static_cast<std::size_t>(trial)))) continue;
      trials.push_back(trial);
      worst = std::max(worst, objectives(0, trial));
    }
    if (!trials.empty()) {
      trials.insert(trials.end(), history.failed().begin(), history.failed().end());
    }
    const auto value = [&](std::int64_t trial) {
      const double told = objectives(0, trial);
      return std::isnan(told) ? worst : told;
    };
    std::sort(trials.begin(), trials.end());  // the order of arrival does not matter
    const auto limit = static_cast<std::size_t>(options_.max_points);
    if (trials.size() > limit) {
      const auto half = trials.begin() + static_cast<std::ptrdiff_t>(limit / 2);
      std::stable_sort(trials.begin(), trials.end(),
                       [&](auto a, auto b) { return value(a) < value(b); });
      std::sort(half, trials.end(), std::greater<>());
      trials.resize(limit);
      std::sort(trials.begin(), trials.end());
    }
    Data data;
    data.trials = trials;
    data.x.resize(static_cast<Index>(history.dimension()), static_cast<Index>(trials.size()));
    data.y.resize(static_cast<Index>(trials.size()));
    const auto points = history.points();
    for (std::size_t i = 0; i < trials.size(); ++i) {
      data.x.col(static_cast<Index>(i)) = points.col(trials[i]);
      data.y[static_cast<Index>(i)] = value(trials[i]);
    }
    return data;
  }

  Fitted fitted(const History& history, const Data& data) const {
    const auto d = static_cast<Index>(history.dimension());
    GpData learned;
    learned.x = data.x;
    const auto kind = options_.warp ? TransformKind::kHalfRank : TransformKind::kStandardize;
    learned.z = OutputTransform(kind, data.y).apply(data.y);
    const GpPreset smooth = gp_preset("regret", d);
    GpPreset exact = smooth;
    exact.noise = {.prior = {}, .start = smooth.noise.low, .fixed = true};
    // Noise known to be there leaves the fitted nugget only.
    std::vector<GpPreset> variants{smooth};
    if (history.problem().noise_variance == 0) variants.push_back(exact);
    std::vector<VectorXd> warm;
    const auto memo = history.memo();
    const auto size = static_cast<std::size_t>(d + 2);
    for (std::size_t at = 0; at + size <= memo.size(); at += size) {
      warm.emplace_back(VectorXd::Map(memo.data() + at, d + 2));
    }
    const KernelPtr kernel = preset_kernel(smooth, d);
    std::vector<double> next_memo;
    std::optional<GpPosterior> best;
    double best_density = -HUGE_VAL;
    for (const FitReport& fit : fit_members(*kernel, learned, variants, warm)) {
      next_memo.insert(next_memo.end(), fit.theta.begin(), fit.theta.end());
      GpPosterior model(kernel, learned, fit.theta);
      const double density = better_half_density(model);
      if (!best || density >= best_density) {
        best = std::move(model);
        best_density = density;
      }
    }
    return {std::move(*best), std::move(next_memo)};
  }

  // Mean leave-one-out log density over the better half of the data.
  static double better_half_density(const GpPosterior& model) {
    const VectorXd& z = model.data().z;
    const VectorXd density = model.leave_one_out().log_density;
    std::vector<double> sorted(z.begin(), z.end());
    std::sort(sorted.begin(), sorted.end());
    const double median = sorted[sorted.size() / 2];
    double sum = 0;
    double count = 0;
    for (Index i = 0; i < z.size(); ++i) {
      if (z[i] > median) continue;
      sum += density[i];
      ++count;
    }
    return sum / count;
  }

  void model_based(const History& history, const Data& data, Visited& visited,
                   const Request& request, std::vector<Proposal>& out) {
    Fitted fit = fitted(history, data);
    const double best = incumbent_value(history, data, fit.model);
    MaximizeRequest search;
    search.incumbents = incumbents(data);
    search.fixed = request.fixed;
    const Space& space = history.space();
    search.allowed = [&](const Point& point) {
      return space.satisfies_constraints(point.slots()) && !visited.contains(point.slots());
    };
    believe(fit.model, pending_points(history, out));
    const std::size_t room = kMostPending - history.pending().size();
    while (out.size() < std::min(request.count, room)) {
      search.seed =
          spread_seed(request.seed + static_cast<std::uint64_t>(request.ask) + out.size());
      const LogExpectedImprovement acquisition(fit.model, best);
      MaximizeOptions options;
      options.sobol_blocks = static_cast<int>(options_.candidates);
      const auto maximum = maximize_acquisition(
          acquisition, space, search, request.stream(Purpose::kCandidates, out.size()), options);
      Proposal proposal;
      if (maximum) {
        proposal.query = Evaluate{maximum->point};
        char note[64];
        std::snprintf(note, sizeof note, "log_ei %.3g%s", maximum->value,
                      fit.model.jitter() > 0 ? ", jitter" : "");
        proposal.note = note;
      } else {
        RandomStream stream = request.stream(Purpose::kFallback, out.size());
        auto draw = sampler_.draw(history, visited, request.fixed, stream);
        if (!draw) return;
        proposal.query = Evaluate{std::move(draw->point)};
        proposal.origin = Origin::kFallback;
        proposal.note = "random: no allowed point among the candidates of the acquisition";
      }
      proposal.memo = fit.memo;
      const Point& point = std::get<Evaluate>(proposal.query).point;
      visited.add(point);
      const std::vector<double> unit = point.unit();
      out.push_back(std::move(proposal));
      if (out.size() < request.count) {
        believe(fit.model,
                Eigen::Map<const MatrixXd>(unit.data(), static_cast<Index>(unit.size()), 1));
      }
    }
  }

  // Adds points with their posterior mean as value: the mean stays, the variance shrinks.
  static void believe(GpPosterior& model, const MatrixXd& points) {
    VectorXd mean;
    model.predict_mean(points, mean);
    model.append(points, mean);
  }

  // Without noise the lowest value told; with it, the lowest posterior mean at the points told.
  static double incumbent_value(const History& history, const Data& data,
                                const GpPosterior& model) {
    VectorXd mean, variance;
    model.predict(data.x, mean, variance);
    if (history.problem().noise_variance > 0) return mean.minCoeff();
    Index best = 0;
    data.y.minCoeff(&best);
    return mean[best];
  }

  // The best twentieth of the points, at least one.
  static MatrixXd incumbents(const Data& data) {
    std::vector<Index> order(data.trials.size());
    std::iota(order.begin(), order.end(), Index{0});
    std::stable_sort(order.begin(), order.end(),
                     [&](Index a, Index b) { return data.y[a] < data.y[b]; });
    const std::size_t count = std::max<std::size_t>(1, order.size() / 20);
    MatrixXd out(data.x.rows(), static_cast<Index>(count));
    for (std::size_t i = 0; i < count; ++i) out.col(static_cast<Index>(i)) = data.x.col(order[i]);
    return out;
  }

  static MatrixXd pending_points(const History& history, const std::vector<Proposal>& proposed) {
    const auto pending = history.pending();
    MatrixXd out(static_cast<Index>(history.dimension()),
                 static_cast<Index>(pending.size() + proposed.size()));
    Index column = 0;
    for (std::int64_t trial : pending) out.col(column++) = history.points().col(trial);
    for (const Proposal& proposal : proposed) {
      const std::vector<double> unit = std::get<Evaluate>(proposal.query).point.unit();
      out.col(column++) = Eigen::Map<const VectorXd>(unit.data(), static_cast<Index>(unit.size()));
    }
    return out;
  }

  GpBoOptions options_;
  std::size_t n_initial_;
  FeasibleSampler sampler_;
};

}  // namespace
}  // namespace asktell

ASKTELL_REGISTER_SOLVERS(gp_bo) {
  asktell::Capabilities capabilities;
  capabilities.max_dimension = 1000;
  registry.add<GpBoSolver>(
      {.name = "gp_bo",
       .summary = "Bayesian optimization with a Gaussian process and log expected improvement: the "
                  "fewest evaluations when each takes seconds or more, up to about 60 dimensions.",
       .reference =
           "Hvarfner et al. 2024; Ament et al. 2023, section 4; Song et al. 2024, section 3.2",
       .capabilities = capabilities},
      schema());
}
