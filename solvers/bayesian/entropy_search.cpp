// Solvers that evaluate where most is learnt about the minimum: about its value (Wang & Jegelka
// 2017, "Max-value entropy search for efficient Bayesian optimization"; under noise or with trials
// pending Moss et al. 2021, "GIBBON"), and about place and value together (Hvarfner et al. 2022,
// "Joint entropy search for maximally-informed Bayesian optimization").
#include <asktell/acquisition/entropy_search.hpp>

#include <cmath>

#include <asktell/core/registry.hpp>
#include <asktell/solvers/bayesian/acquisition_solver.hpp>
#include <asktell/solvers/bayesian/space_points.hpp>

namespace asktell {
namespace {

using Eigen::Index;
using Eigen::MatrixXd;
using Eigen::VectorXd;

constexpr Index kCandidates = 1000;  // where minima are looked for, besides the data
constexpr double kBelow = 5;  // deviations of the noise between lowest mean and highest minimum

struct EntropyOptions : AcquisitionOptions {
  std::int64_t samples = 16;
};

Schema<EntropyOptions> schema(const std::string& of_what) {
  auto out = acquisition_schema<EntropyOptions>();
  out.field("samples", &EntropyOptions::samples, "samples of " + of_what, 1, 1024);
  return out;
}

OptimumSamples optima_of(const Slot& slot, const GpPosterior& model, const MatrixXd& candidates,
                         Index count) {
  RandomStream stream = slot.stream(Purpose::kChoice);
  return sampled_optima(slot.space(), slot.search, model, candidates, count, stream);
}

class MesSolver final : public AcquisitionSolver {
 public:
  MesSolver(const Problem& problem, const EntropyOptions& options)
      : AcquisitionSolver(problem, options,
                          {.name = "mes",
                           .score = "nats",
                           .variants = model_variants(Index(problem.space.dimension()))}),
        samples_(options.samples) {}

 protected:
  std::optional<Maximum> maximum(const Slot& slot) const override {
    const double noise = observation_noise(slot.told);
    const MatrixXd candidates = points_and_data(slot, slot.told, kCandidates);
    VectorXd means;
    slot.told.predict_mean(candidates, means);
    const double ceiling = means.minCoeff() - kBelow * std::sqrt(noise);
    const VectorXd minima =
        optima_of(slot, slot.told, candidates, samples_).values.cwiseMin(ceiling);
    const bool waiting = slot.pending.cols() > 0;
    if (!slot.noisy() && !waiting) {
      return maximum_of(MaxValueEntropySearch(slot.told, minima), slot);
    }
    return maximum_of(Gibbon(slot.told, minima, noise, waiting ? &slot.believed : nullptr), slot);
  }

 private:
  Index samples_;
};

class JesSolver final : public AcquisitionSolver {
 public:
  JesSolver(const Problem& problem, const EntropyOptions& options)
      : AcquisitionSolver(problem, options,
                          {.name = "jes",
                           .score = "nats",
                           .variants = model_variants(Index(problem.space.dimension()))}),
        samples_(options.samples) {}

 protected:
  std::optional<Maximum> maximum(const Slot& slot) const override {
    const MatrixXd candidates = points_and_data(slot, slot.believed, kCandidates);
    return maximum_of(
        JointEntropySearch(slot.believed, optima_of(slot, slot.believed, candidates, samples_)),
        slot);
  }

 private:
  Index samples_;
};

}  // namespace
}  // namespace asktell

ASKTELL_REGISTER_SOLVERS(entropy_search) {
  asktell::Capabilities capabilities;
  capabilities.max_dimension = 1000;
  capabilities.candidates = true;
  registry.add<asktell::MesSolver>(
      {.name = "mes",
       .summary = "Max-value entropy search: learns how low the minimum is; GIBBON under noise and "
                  "with trials pending.",
       .reference = "Wang & Jegelka 2017; Moss et al. 2021",
       .capabilities = capabilities},
      asktell::schema("the minimum's value"));
  registry.add<asktell::JesSolver>(
      {.name = "jes",
       .summary = "Joint entropy search: learns where the minimum lies and how low it is.",
       .reference = "Hvarfner et al. 2022; Tu et al. 2022",
       .capabilities = capabilities},
      asktell::schema("the minimum's place and value"));
}
