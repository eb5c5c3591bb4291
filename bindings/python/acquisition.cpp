// Acquisition functions of a fitted GaussianProcess for Python: thin functions; names, defaults and
// checks are in asktell/acquisition.py. Each is evaluated under every model that the process
// averages, then averaged: logarithms as what they are logarithms of.
#include "gaussian_process.hpp"

#include <asktell/acquisition/batch.hpp>
#include <asktell/acquisition/confidence_bound.hpp>
#include <asktell/acquisition/entropy_search.hpp>
#include <asktell/acquisition/expected_improvement.hpp>
#include <asktell/acquisition/hybrid_knowledge_gradient.hpp>
#include <asktell/acquisition/improvement.hpp>
#include <asktell/acquisition/integrated_knowledge_gradient.hpp>
#include <asktell/acquisition/log_mean_exp.hpp>
#include <asktell/acquisition/noisy_expected_improvement.hpp>
#include <asktell/acquisition/pure_exploration.hpp>
#include <asktell/acquisition/q_log_expected_improvement.hpp>
#include <asktell/acquisition/risk_bound.hpp>
#include <asktell/acquisition/spread_points.hpp>
#include <asktell/acquisition/thompson.hpp>
#include <asktell/core/errors.hpp>
#include <asktell/solvers/bayesian/model_choice.hpp>
#include <cmath>
#include <optional>

namespace asktell::python {
namespace {

using Eigen::Index;
using Eigen::MatrixXd;
using Eigen::VectorXd;

constexpr Index kSpread = 1024;  // points that stand for the whole cube

// What an evaluation works with besides points: the process, and what it shares among members.
struct Context {
  const GaussianProcess& process;
  MatrixXd unit;     // d x q, the points
  MatrixXd pending;  // d x p

  // Points all over the cube, codes at categories, and the data.
  MatrixXd candidates(std::uint64_t seed) const {
    const MatrixXd& x = process.model_data().x;
    MatrixXd out(x.rows(), kSpread + x.cols());
    out << spread_points(x.rows(), kSpread, seed), x;
    for (const auto i : process.options().categorical) {
      const double codes = x.row(i).maxCoeff() + 1;
      out.row(i).head(kSpread) = (out.row(i).head(kSpread).array() * codes).floor();
    }
    return out;
  }
};

struct Evaluated {
  VectorXd values;     // q
  MatrixXd gradients;  // d x q, by the unit cube; empty unless asked for
};

// The average over members; logs: of what the values are logarithms of.
Evaluated average(const std::vector<Evaluated>& members, bool logs) {
  const auto count = static_cast<Index>(members.size());
  Evaluated out = members.front();
  VectorXd of_point(count), weights = VectorXd::Constant(count, 1 / static_cast<double>(count));
  out.gradients.setZero();
  for (Index j = 0; j < out.values.size(); ++j) {
    for (Index m = 0; m < count; ++m) {
      of_point[m] = members[static_cast<std::size_t>(m)].values[j];
    }
    out.values[j] = logs ? log_mean_exp(of_point, &weights) : of_point.mean();
    for (Index m = 0; m < count && out.gradients.size() > 0; ++m) {
      out.gradients.col(j) += weights[m] * members[static_cast<std::size_t>(m)].gradients.col(j);
    }
  }
  return out;
}

Context context_of(const GaussianProcess& process, const MatrixXd& points,
                   const MatrixXd& pending) {
  if (process.options().tasks > 0) {
    throw ModelError("model.tasks",
                     "acquisition functions need a model of one task; this one has " +
                         std::to_string(process.options().tasks) + " (fit one without tasks)");
  }
  Context out{process, process.to_unit(points), MatrixXd(process.dimension(), 0)};
  if (pending.cols() > 0) out.pending = process.to_unit(pending);
  return out;
}

// models: of a process. body(model, context, evaluate), where evaluate(acquisition) takes what the
// acquisition says at the points.
template <typename Models, typename Body>
py::tuple evaluate_members(const SharedProcess& shared, const Numbers& x, const Numbers& pending,
                           bool logs, bool gradient, Models models, Body body) {
  const MatrixXd points = columns_from(x);
  const MatrixXd waiting = pending.size() > 0 ? columns_from(pending) : MatrixXd();
  Evaluated result = shared.read([&](const GaussianProcess& process) {
    const Context context = context_of(process, points, waiting);
    std::vector<Evaluated> all;
    for (const auto* model : models(process)) {
      Evaluated& one = all.emplace_back();
      body(*model, context, [&](const Acquisition& acquisition) {
        acquisition.evaluate(context.unit, one.values, gradient ? &one.gradients : nullptr);
      });
    }
    Evaluated out = average(all, logs);
    if (gradient) {  // by the inputs in their own units
      const Index d = points.rows();
      const VectorXd unit =
          process.to_unit(MatrixXd::Ones(d, 1)) - process.to_unit(MatrixXd::Zero(d, 1));
      out.gradients = unit.asDiagonal() * out.gradients;
    }
    return out;
  });
  return py::make_tuple(numbers_from(result.values), rows_from(result.gradients));
}

std::vector<const Surrogate*> all_members(const GaussianProcess& process) {
  return process.members();
}
std::vector<const GpPosterior*> exact_members(const GaussianProcess& process) {
  return process.posteriors();
}

// In model units; NaN stands for the lowest posterior mean at the data.
double incumbent(const Surrogate& model, const Context& context, double best) {
  return std::isnan(best) ? lowest_mean(model, context.process.model_data().x)
                          : context.process.to_model(best);
}

// Continuous searches of the cube move all coordinates.
void require_continuous(const Context& context, const char* name, const char* way_out) {
  if (context.process.options().categorical.empty()) return;
  throw OptionError("option.conflict", std::string(name) +
                                           " searches the inputs continuously, and some of this "
                                           "model's are categories; " +
                                           way_out);
}

VectorXd minima_of(const Surrogate& model, const Context& context, double noise, Index samples,
                   std::uint64_t seed) {
  RandomStream stream(seed, Purpose::kUser);
  const double ceiling = lowest_mean(model, context.process.model_data().x) - 5 * std::sqrt(noise);
  return sample_minima(model, context.candidates(seed), samples, stream, ceiling);
}

py::tuple log_ei(const SharedProcess& shared, const Numbers& x, double best, bool gradient) {
  return evaluate_members(
      shared, x, Numbers(), true, gradient, all_members,
      [&](const Surrogate& model, const Context& context, auto evaluate) {
        evaluate(LogExpectedImprovement(model, incumbent(model, context, best)));
      });
}

py::tuple log_pi(const SharedProcess& shared, const Numbers& x, double best, bool gradient) {
  return evaluate_members(
      shared, x, Numbers(), true, gradient, all_members,
      [&](const Surrogate& model, const Context& context, auto evaluate) {
        evaluate(LogProbabilityOfImprovement(model, incumbent(model, context, best)));
      });
}

py::tuple lower_bound(const SharedProcess& shared, const Numbers& x, double deviations,
                      bool gradient) {
  return evaluate_members(shared, x, Numbers(), false, gradient, all_members,
                          [&](const Surrogate& model, const Context&, auto evaluate) {
                            evaluate(LowerConfidenceBound(model, deviations));
                          });
}

py::tuple log_augmented_ei(const SharedProcess& shared, const Numbers& x, bool gradient) {
  return evaluate_members(
      shared, x, Numbers(), true, gradient, exact_members,
      [&](const GpPosterior& model, const Context&, auto evaluate) {
        evaluate(LogAugmentedExpectedImprovement(model, augmented_incumbent(model, model.data().x),
                                                 observation_noise(model)));
      });
}

py::tuple log_nei(const SharedProcess& shared, const Numbers& x, const Numbers& pending,
                  Index samples, std::uint64_t seed, bool gradient) {
  return evaluate_members(
      shared, x, pending, true, gradient, exact_members,
      [&](const GpPosterior& model, const Context& context, auto evaluate) {
        evaluate(LogNoisyExpectedImprovement(model, model.data().x, context.pending,
                                             {.samples = samples, .seed = seed}));
      });
}

// Of all points together.
double q_log_ei(const SharedProcess& shared, const Numbers& x, double best, Index samples,
                std::uint64_t seed) {
  const MatrixXd points = columns_from(x);
  return shared.read([&](const GaussianProcess& process) {
    const Context context = context_of(process, points, {});
    std::vector<Evaluated> all;
    for (const GpPosterior* model : process.posteriors()) {
      const QLogExpectedImprovement acquisition(*model, points.cols(),
                                                incumbent(*model, context, best),
                                                {.samples = samples, .seed = seed});
      acquisition.evaluate(context.unit.reshaped(), all.emplace_back().values);
    }
    return average(all, true).values[0];
  });
}

py::tuple log_posterior_mean_ei(const SharedProcess& shared, const Numbers& x,
                                const Numbers& pending, Index fantasies, std::uint64_t seed,
                                bool gradient) {
  return evaluate_members(shared, x, pending, true, gradient, exact_members,
                          [&](const GpPosterior& model, const Context& context, auto evaluate) {
                            evaluate(LogPosteriorMeanImprovement(
                                model, context.pending, {.fantasies = fantasies, .seed = seed}));
                          });
}

py::tuple log_kg(const SharedProcess& shared, const Numbers& x, const Numbers& choices,
                 const Numbers& pending, Index fantasies, std::uint64_t seed, bool gradient) {
  const MatrixXd given = columns_from(choices);
  return evaluate_members(
      shared, x, pending, true, gradient, exact_members,
      [&](const GpPosterior& model, const Context& context, auto evaluate) {
        evaluate(DiscreteKnowledgeGradient(model, context.process.to_unit(given), context.pending,
                                           {.fantasies = fantasies, .seed = seed}));
      });
}

// An Acquisition without gradients, for what evaluate_members takes.
class ValuesOnly final : public Acquisition {
 public:
  explicit ValuesOnly(const HybridKnowledgeGradient& of) : of_(of) {}
  void evaluate(const MatrixXd& points, VectorXd& values, MatrixXd*) const override {
    values = of_.values(points);
  }

 private:
  const HybridKnowledgeGradient& of_;
};

py::tuple log_continuous_kg(const SharedProcess& shared, const Numbers& x, const Numbers& pending,
                            Index quantiles, Index fantasies, std::uint64_t seed) {
  return evaluate_members(shared, x, pending, true, false, exact_members,
                          [&](const GpPosterior& model, const Context& context, auto evaluate) {
                            require_continuous(context, "log_kg", "give choices");
                            const HybridKnowledgeGradient hybrid(
                                model, context.candidates(seed), context.pending,
                                {.fantasies = fantasies, .seed = seed}, quantiles);
                            evaluate(ValuesOnly(hybrid));
                          });
}

py::tuple mes(const SharedProcess& shared, const Numbers& x, Index samples, std::uint64_t seed,
              bool gradient) {
  return evaluate_members(
      shared, x, Numbers(), false, gradient, exact_members,
      [&](const GpPosterior& model, const Context& context, auto evaluate) {
        evaluate(MaxValueEntropySearch(
            model, minima_of(model, context, observation_noise(model), samples, seed)));
      });
}

py::tuple gibbon(const SharedProcess& shared, const Numbers& x, const Numbers& pending,
                 Index samples, std::uint64_t seed, bool gradient) {
  return evaluate_members(shared, x, pending, false, gradient, exact_members,
                          [&](const GpPosterior& model, const Context& context, auto evaluate) {
                            const double noise = observation_noise(model);
                            std::optional<Fantasy> believed;
                            if (context.pending.cols() > 0)
                              believed.emplace(model, context.pending);
                            evaluate(Gibbon(model, minima_of(model, context, noise, samples, seed),
                                            noise, believed ? &*believed : nullptr));
                          });
}

py::tuple jes(const SharedProcess& shared, const Numbers& x, Index samples, std::uint64_t seed,
              bool gradient) {
  return evaluate_members(
      shared, x, Numbers(), false, gradient, exact_members,
      [&](const GpPosterior& model, const Context& context, auto evaluate) {
        require_continuous(context, "jes", "use mes or gibbon");
        RandomStream stream(seed, Purpose::kUser);
        evaluate(JointEntropySearch(
            model, sample_optima(model, context.candidates(seed), samples, stream)));
      });
}

// One path of one member, both drawn by the seed.
py::tuple thompson(const SharedProcess& shared, const Numbers& x, std::uint64_t seed,
                   bool gradient) {
  RandomStream stream(seed, Purpose::kUser);
  const auto one_member = [&](const GaussianProcess& process) {
    const auto all = process.posteriors();
    return std::vector<const GpPosterior*>{all[stream.integer(all.size())]};
  };
  return evaluate_members(shared, x, Numbers(), false, gradient, one_member,
                          [&](const GpPosterior& model, const Context&, auto evaluate) {
                            const SamplePaths paths(model, 1, stream);
                            evaluate(ThompsonSample(paths, 0));
                          });
}

// given: K points whose coordinates `axes` are the environments.
Environments environments_of(const GaussianProcess& process, const std::vector<Index>& axes,
                             const MatrixXd& given) {
  return {axes, process.to_unit(given)(axes, Eigen::all)};
}

py::tuple risk_bound(const SharedProcess& shared, const Numbers& x, const std::vector<Index>& axes,
                     const Numbers& environments, const std::string& measure, double level,
                     double deviations, bool gradient) {
  const MatrixXd given = columns_from(environments);
  const Risk risk = measure == "mean"            ? Risk::kMean
                    : measure == "value_at_risk" ? Risk::kValueAtRisk
                                                 : Risk::kConditionalValueAtRisk;
  return evaluate_members(shared, x, Numbers(), false, gradient, all_members,
                          [&](const Surrogate& model, const Context& context, auto evaluate) {
                            const auto all = environments_of(context.process, axes, given);
                            evaluate(RiskBound(model, all, {risk, level}, deviations));
                          });
}

py::tuple log_integrated_kg(const SharedProcess& shared, const Numbers& x, const Numbers& choices,
                            const std::vector<Index>& axes, const Numbers& environments,
                            const Numbers& pending, Index fantasies, std::uint64_t seed,
                            bool gradient) {
  const MatrixXd some = columns_from(choices), given = columns_from(environments);
  const VectorXd equal = VectorXd::Constant(given.cols(), 1 / static_cast<double>(given.cols()));
  return evaluate_members(shared, x, pending, true, gradient, exact_members,
                          [&](const GpPosterior& model, const Context& context, auto evaluate) {
                            const auto all = environments_of(context.process, axes, given);
                            evaluate(IntegratedKnowledgeGradient(
                                model, {all.pairs(context.process.to_unit(some)), equal},
                                context.pending, {.fantasies = fantasies, .seed = seed}));
                          });
}

py::tuple log_penalized_ei(const SharedProcess& shared, const Numbers& x, const Numbers& pending,
                           double best, std::uint64_t seed, bool gradient) {
  return evaluate_members(
      shared, x, pending, true, gradient, exact_members,
      [&](const GpPosterior& model, const Context& context, auto evaluate) {
        require_continuous(context, "log_penalized_ei", "use log_nei or q_log_ei");
        const double lowest = incumbent(model, context, best);
        const LogExpectedImprovement base(model, lowest);
        evaluate(LocalPenalization(base, model, context.pending, lowest,
                                   lipschitz_constant(model, model.data().x, seed)));
      });
}

py::tuple exploration(const SharedProcess& shared, const Numbers& x, const Numbers& pending,
                      double coefficient, double penalty, bool gradient) {
  return evaluate_members(shared, x, pending, false, gradient, exact_members,
                          [&](const GpPosterior& model, const Context& context, auto evaluate) {
                            GpPosterior all = model;
                            believe(all, context.pending);
                            const double noise = observation_noise(model);
                            const PendingAware models{model, noise, all, noise};
                            const double level = promising_level(models, all.data().x, coefficient);
                            evaluate(PureExploration(models, level, {coefficient, penalty}));
                          });
}

}  // namespace

void bind_acquisition(py::module_& module) {
  const py::arg model("model"), x("x"), best("best"), pending("pending"), samples("samples"),
      seed("seed"), gradient("gradient"), fantasies("fantasies"), choices("choices"),
      quantiles("quantiles"), deviations("deviations"), environment("environment"),
      environments("environments"), measure("measure"), level("level"), coefficient("coefficient"),
      penalty("penalty");
  module.def("acquisition_log_ei", &log_ei, model, x, best, gradient);
  module.def("acquisition_log_pi", &log_pi, model, x, best, gradient);
  module.def("acquisition_lower_bound", &lower_bound, model, x, deviations, gradient);
  module.def("acquisition_log_augmented_ei", &log_augmented_ei, model, x, gradient);
  module.def("acquisition_log_nei", &log_nei, model, x, pending, samples, seed, gradient);
  module.def("acquisition_q_log_ei", &q_log_ei, model, x, best, samples, seed);
  module.def("acquisition_log_posterior_mean_ei", &log_posterior_mean_ei, model, x, pending,
             fantasies, seed, gradient);
  module.def("acquisition_log_kg", &log_kg, model, x, choices, pending, fantasies, seed, gradient);
  module.def("acquisition_log_continuous_kg", &log_continuous_kg, model, x, pending, quantiles,
             fantasies, seed);
  module.def("acquisition_risk_bound", &risk_bound, model, x, environment, environments, measure,
             level, deviations, gradient);
  module.def("acquisition_log_integrated_kg", &log_integrated_kg, model, x, choices, environment,
             environments, pending, fantasies, seed, gradient);
  module.def("acquisition_log_penalized_ei", &log_penalized_ei, model, x, pending, best, seed,
             gradient);
  module.def("acquisition_exploration", &exploration, model, x, pending, coefficient, penalty,
             gradient);
  module.def("acquisition_mes", &mes, model, x, samples, seed, gradient);
  module.def("acquisition_gibbon", &gibbon, model, x, pending, samples, seed, gradient);
  module.def("acquisition_jes", &jes, model, x, samples, seed, gradient);
  module.def("acquisition_thompson", &thompson, model, x, seed, gradient);
}

}  // namespace asktell::python
