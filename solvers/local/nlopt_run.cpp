// NLopt's callbacks on top of a bridge; see nlopt_run.hpp. NLopt is C: no exception may cross it,
// so a run is ended by nlopt_force_stop from inside the callback. No time limit is ever set (it
// would count the time spent waiting for answers).
#include <asktell/solvers/local/nlopt_run.hpp>

#include <algorithm>
#include <cmath>
#include <limits>
#include <memory>
#include <utility>

namespace asktell {
namespace {

struct Optimizer {
  explicit Optimizer(nlopt_opt made) : opt(made) {}
  ~Optimizer() { nlopt_destroy(opt); }
  Optimizer(const Optimizer&) = delete;
  Optimizer& operator=(const Optimizer&) = delete;
  nlopt_opt opt;
};

// Everything the callbacks need. The last reply is kept, because objective and constraints are
// called separately for the same point.
struct Session {
  const CallbackBridge::Call& call;
  nlopt_opt opt;
  std::size_t dimension;  // of the space, without the dummy coordinate
  std::size_t constraints;
  bool gradients;
  std::vector<double> last = {};
  const CallbackBridge::Reply* reply = nullptr;

  const CallbackBridge::Reply* ask(const double* x) {
    if (reply && std::equal(last.begin(), last.end(), x)) return reply;
    last.assign(x, x + dimension);
    const bool broken =
        std::any_of(last.begin(), last.end(), [](double v) { return std::isnan(v); });
    reply = broken ? nullptr : call({.point = last, .gradient = gradients});
    if (!reply) nlopt_force_stop(opt);
    return reply;
  }
};

// Gradients are (rows x dimension) here and (rows x n) in NLopt, n with the dummy coordinate.
void copy_gradient(const std::vector<double>& from, std::size_t first, std::size_t dimension,
                   unsigned n, double* to) {
  std::fill_n(to, n, 0.0);
  for (std::size_t i = 0; i < dimension; ++i) to[i] = from[first + i];
}

double objective(unsigned n, const double* x, double* gradient, void* data) {
  auto& session = *static_cast<Session*>(data);
  const auto* reply = session.ask(x);
  if (gradient) std::fill_n(gradient, n, 0.0);
  if (!reply) return std::numeric_limits<double>::max();
  if (gradient) copy_gradient(reply->gradient, 0, session.dimension, n, gradient);
  return reply->value;
}

void constraint(unsigned m, double* result, unsigned n, const double* x, double* gradient,
                void* data) {
  auto& session = *static_cast<Session*>(data);
  const auto* reply = session.ask(x);
  if (gradient) std::fill_n(gradient, std::size_t{m} * n, 0.0);
  for (unsigned i = 0; i < m; ++i) {
    result[i] = reply ? reply->constraints[i] : 0.0;
    if (!gradient || !reply) continue;
    copy_gradient(reply->gradient, (i + 1) * session.dimension, session.dimension, n,
                  gradient + std::size_t{i} * n);
  }
}

std::string in_words(nlopt_result result) {
  switch (result) {
    case NLOPT_XTOL_REACHED:
    case NLOPT_FTOL_REACHED:
    case NLOPT_SUCCESS:
      return "converged";
    case NLOPT_ROUNDOFF_LIMITED:
      return "ended at the limit of rounding errors";
    default:
      return std::string("ended with ") + nlopt_result_to_string(result);
  }
}

std::string run(const NloptSetup& setup, const CallbackBridge::Call& call) {
  const NloptMethod& method = setup.method;
  const std::size_t dimension = setup.start.size();
  const auto n = static_cast<unsigned>(std::max(dimension, method.min_dimension));
  nlopt_srand(setup.seed);
  const Optimizer optimizer(nlopt_create(method.algorithm, n));
  if (!optimizer.opt) return "could not be started: NLopt has no such method in this build";
  Session session{call, optimizer.opt, dimension, setup.constraints, method.gradients};
  nlopt_set_lower_bounds1(optimizer.opt, 0);
  nlopt_set_upper_bounds1(optimizer.opt, 1);
  nlopt_set_min_objective(optimizer.opt, objective, &session);
  if (setup.constraints > 0) {
    const auto m = static_cast<unsigned>(setup.constraints);
    // A constraint told as exactly 0 is feasible, so none of them is loosened.
    const std::vector<double> tolerances(setup.constraints, 0.0);
    nlopt_add_inequality_mconstraint(optimizer.opt, m, constraint, &session, tolerances.data());
  }
  nlopt_set_initial_step1(optimizer.opt, setup.initial_step);
  if (setup.population > 0) {
    nlopt_set_population(optimizer.opt, static_cast<unsigned>(setup.population));
  }
  if (method.inner != NLOPT_NUM_ALGORITHMS) {
    const Optimizer inner(nlopt_create(method.inner, n));
    nlopt_set_xtol_abs1(inner.opt, setup.tolerance);
    nlopt_set_initial_step1(inner.opt, setup.initial_step);
    nlopt_set_local_optimizer(optimizer.opt, inner.opt);  // copies it
  }
  if (method.local) nlopt_set_xtol_abs1(optimizer.opt, setup.tolerance);
  std::vector<double> x = setup.start;
  x.resize(n, 0.5);
  double value = 0;
  return in_words(nlopt_optimize(optimizer.opt, x.data(), &value));
}

}  // namespace

CallbackBridge::Body nlopt_body(NloptSetup setup) {
  return [setup = std::move(setup)](const CallbackBridge::Call& call) { return run(setup, call); };
}

}  // namespace asktell
