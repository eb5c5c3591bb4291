// What all model-based solvers do alike: an initial design, then suggestions of a model, and a
// reasoned fallback where a model has nothing to say. A solver of this family says how large its
// design is and suggests points from observations.
#pragma once

#include <algorithm>
#include <optional>
#include <string>
#include <vector>

#include <asktell/acquisition/maximize/maximize.hpp>
#include <asktell/solvers/bayesian/belief.hpp>
#include <asktell/solvers/bayesian/observations.hpp>
#include <asktell/solvers/design/feasible.hpp>

namespace asktell {

// Size of a design: `given` if above 0, else clamp(d + 1, 4, min(20, budget / 5)); budget 0: no
// limit. Throws OptionError when the given size leaves nothing of the budget for the model.
std::size_t design_size(const Problem& problem, std::int64_t given, std::string_view solver);

// Everything a suggestion depends on, and what was proposed so far (design points of the same ask
// included).
struct Ask {
  const History& history;
  const Observations& observations;
  const Request& request;
  Noise noise;  // as noise_of says
  Visited& visited;
  std::vector<Proposal>& out;

  std::size_t missing() const { return request.count - out.size(); }
  Eigen::MatrixXd pending() const { return pending_points(history, out); }  // d x p
  bool allowed(const Point& point) const;    // known constraints hold; new unless answers are noisy
  void add(Point point, Proposal proposal);  // the proposal's query becomes the point's evaluation
  std::uint64_t slot_seed() const;           // differs for every proposal of the study
  MaximizeRequest search() const;  // around the best observations, for an allowed point; the ask
                                   // must outlive it
};

class BayesianSolver : public Solver {
 public:
  std::vector<Proposal> propose(const History& history, const Request& request) final;

 protected:
  struct Settings {
    std::size_t design = 4;           // told, failed and pending trials before the model is asked
    bool centre = true;               // the middle of the space first, then scrambled Sobol points
    std::size_t least_values = 2;     // told, before a model is asked
    std::size_t max_points = 500;     // of observations
    bool scattered_failures = false;  // keep failures in the observations that no place explains
    // Where nobody said whether answers are noisy, one evaluation more of the best point of the
    // design shows it; not in budgets below 60 trials, nor in finite spaces.
    bool replicate = false;
    std::size_t max_pending = 64;  // beyond, believed values say more than the data do
  };
  explicit BayesianSolver(Settings settings) : settings_(settings) {}

  // Appends up to ask.missing() proposals; fewer when nothing is left.
  virtual void suggest(Ask& ask) = 0;

  // A uniform allowed point, marked as a fallback (or what it is instead) with a reason; false when
  // none is left.
  bool fall_back(Ask& ask, const std::string& reason, Origin origin = Origin::kFallback);

  // Proposals wanted of the model, within max_pending.
  std::size_t model_slots(const Ask& ask) const {
    const std::size_t waiting = ask.history.pending().size() + ask.out.size();
    return std::min(ask.missing(),
                    settings_.max_pending - std::min(settings_.max_pending, waiting));
  }

  const Settings& settings() const { return settings_; }

  // What is believed of the optimum, at this slot of an ask; nothing without beliefs.
  std::optional<Guidance> guidance(const Ask& ask) const;

  // What an ask would see.
  Observations observations(const History& history) const;

 private:
  std::string crowded() const;
  void replicate(Ask& ask) const;
  bool design(Ask& ask, std::size_t number, const std::string& note);
  bool design_from_list(Ask& ask, std::size_t number) const;

  Settings settings_;
  FeasibleSampler sampler_;
};

}  // namespace asktell
