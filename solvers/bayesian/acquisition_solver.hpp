// The loop that solvers of one acquisition share: the model of choice (model_choice.hpp) is fitted
// once an ask, then each slot is filled with the maximum of an acquisition that knows the pending
// trials and the slots before it. A solver says which acquisition.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include <asktell/acquisition/acquisition.hpp>
#include <asktell/acquisition/maximize/maximize.hpp>
#include <asktell/core/options.hpp>
#include <asktell/solvers/bayesian/bayesian_solver.hpp>
#include <asktell/solvers/bayesian/model_choice.hpp>
#include <asktell/solvers/bayesian/outlook.hpp>

namespace asktell {

struct AcquisitionOptions {
  std::int64_t n_initial = 0;      // 0: clamp(d + 1, 4, min(20, budget / 5))
  std::int64_t max_points = 1000;  // an exact fit of more costs seconds
  std::int64_t candidates = 512;   // times ceil(sqrt(d))
};

// Fields of AcquisitionOptions, for a struct that adds others.
template <typename Options>
Schema<Options> acquisition_schema() {
  Schema<Options> schema;
  schema.template field<std::int64_t>(
      "n_initial", &Options::n_initial,
      "trials of the initial design; 0: clamp(d + 1, 4, min(20, budget / 5))", 0, 1e6);
  schema.template field<std::int64_t>(
      "max_points", &Options::max_points,
      "points of the model at most; beyond, the better half and the latest are kept", 10, 5000);
  schema.template field<std::int64_t>("candidates", &Options::candidates,
                                      "Sobol candidates of the acquisition, times ceil(sqrt(d))",
                                      16, 4096);
  return schema;
}

// What the proposal of one slot is made from. Points are as model_points writes them.
struct Slot {
  const Ask& ask;
  const GpPosterior& told;      // the model of what was told
  const GpPosterior& believed;  // besides, the pending points at their means
  double incumbent;             // incumbent_value of told
  Eigen::MatrixXd pending;      // d x p
  MaximizeRequest search;
  MaximizeOptions options;

  const Space& space() const { return ask.history.space(); }
  bool noisy() const { return ask.noise == Noise::kSome; }
  std::uint64_t seed() const { return search.seed; }  // of this slot
  RandomStream stream(Purpose purpose) const { return ask.request.stream(purpose, ask.out.size()); }
};

class AcquisitionSolver : public BayesianSolver {
 public:
  std::int64_t recommend(const History& history) override {
    return recommended(history, observations(history), choice_, history.memo());
  }
  std::optional<Outlook> outlook(const History& history) override {
    return model_outlook(history, observations(history), choice_, history.memo());
  }

 protected:
  struct Method {
    std::string name;                    // of the solver
    std::string score = {};              // of the acquisition, in notes
    std::vector<ModelVariant> variants;  // of the model
    bool believe = true;                 // false: Slot::believed is Slot::told
    std::size_t max_pending = 64;        // see BayesianSolver::Settings
  };
  AcquisitionSolver(const Problem& problem, const AcquisitionOptions& options, Method method);

  // Where the acquisition of this slot is largest; nothing when no candidate is allowed.
  virtual std::optional<Maximum> maximum(const Slot& slot) const = 0;
  virtual std::string score(const Slot&) const { return method_.score; }
  // A point worth more than `value`, that of the maximum, for what is known of it: the answer of a
  // study is one of its trials, and where the mean is lowest may be none yet. Its value: log of how
  // much lower the mean is.
  virtual std::optional<Maximum> finish(const Slot&, double /*value*/) const { return {}; }
  static constexpr const char* kNoCandidate =
      "random: no allowed point among the candidates of the acquisition";

  void suggest(Ask& ask) override;
  const ModelChoice& choice() const { return choice_; }
  MaximizeOptions maximize_options() const { return {.sobol_blocks = candidates_}; }

 private:
  Slot slot_of(const Ask& ask, const GpPosterior& told, const GpPosterior& believed,
               double incumbent) const;

  Method method_;
  int candidates_;
  ModelChoice choice_;
};

// The maximum of an acquisition over the whole space, as the slot asks for it.
std::optional<Maximum> maximum_of(const Acquisition& acquisition, const Slot& slot);
// The lowest of what `negative` is the negative of, where that is below `known` by more than
// exp(value); as AcquisitionSolver::finish gives it.
std::optional<Maximum> lower_than(double known, double value, const Acquisition& negative,
                                  const Slot& slot);

// Points spread over what a slot may reach (space_points.hpp), as the model takes them, and after
// them, unless coordinates are fixed or candidates given, the points of `model`.
Eigen::MatrixXd points_and_data(const Slot& slot, const GpPosterior& model, Eigen::Index count);

}  // namespace asktell
