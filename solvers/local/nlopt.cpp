// The registry's NLopt methods (Johnson, "The NLopt nonlinear-optimization package"). Left out:
// L-BFGS, variable-metric and truncated-Newton methods, which NLopt's permissive build lacks, and
// the methods of its C++ part (StoGO, AGS), which other builds lack; and newuoa_bound, which
// BOBYQA supersedes and whose inner search takes minutes to heed a stop.
#include <array>
#include <string>
#include <utility>

#include <asktell/core/registry.hpp>
#include <asktell/solvers/local/nlopt_solver.hpp>

namespace asktell {
namespace {

constexpr double kAny = std::numeric_limits<double>::infinity();
constexpr double kQuadratic = 300;  // models of 2d+1 points: 6 d^2 numbers, d^2 work a step
constexpr double kDirect = 64;      // limit of the original DIRECT code
constexpr nlopt_algorithm kNone = NLOPT_NUM_ALGORITHMS;
constexpr auto kInfinity = OnFailure::kInfinity;
constexpr auto kSpread = OnFailure::kSpread;

// name, algorithm, local, gradients, told constraints, population, on failure, least dimension,
// largest dimension, inner method, summary, reference
constexpr std::array kMethods = {
    NloptMethod{"nlopt.cobyla", NLOPT_LN_COBYLA, true, false, true, false, kSpread, 1, kQuadratic,
                kNone, "Local search by linear models, with told constraints; restarts.",
                "Powell 1994"},
    NloptMethod{"nlopt.bobyqa", NLOPT_LN_BOBYQA, true, false, false, false, kSpread, 2, kQuadratic,
                kNone,
                "Local search by quadratic models of 2d+1 points: the fewest evaluations on smooth "
                "exact functions; restarts.",
                "Powell 2009"},
    NloptMethod{"nlopt.neldermead", NLOPT_LN_NELDERMEAD, true, false, false, false, kInfinity, 1,
                kAny, kNone,
                "Local search by a simplex, comparing values only; tolerates failures and known "
                "constraints; restarts.",
                "Nelder and Mead 1965"},
    NloptMethod{"nlopt.sbplx", NLOPT_LN_SBPLX, true, false, false, false, kInfinity, 1, kAny, kNone,
                "Local search by simplices in subspaces: Nelder-Mead for more dimensions; "
                "restarts.",
                "Rowan 1990"},
    NloptMethod{"nlopt.praxis", NLOPT_LN_PRAXIS, true, false, false, false, kSpread, 2, kQuadratic,
                kNone, "Local search by line searches along principal axes; restarts.",
                "Brent 1972, chapter 7"},
    NloptMethod{"nlopt.auglag_bobyqa", NLOPT_AUGLAG, true, false, true, false, kSpread, 2,
                kQuadratic, NLOPT_LN_BOBYQA,
                "Local search with told constraints in an augmented Lagrangian over bobyqa.",
                "Birgin and Martinez 2008; Powell 2009"},
    NloptMethod{"nlopt.auglag_sbplx", NLOPT_AUGLAG, true, false, true, false, kSpread, 1, kAny,
                NLOPT_LN_SBPLX,
                "Local search with told constraints in an augmented Lagrangian over sbplx.",
                "Birgin and Martinez 2008; Rowan 1990"},
    NloptMethod{"nlopt.slsqp", NLOPT_LD_SLSQP, true, true, true, false, kSpread, 1, kQuadratic,
                kNone,
                "Local search by sequential quadratic programming, with told gradients or "
                "differences asked in parallel, and told constraints.",
                "Kraft 1988"},
    NloptMethod{"nlopt.mma", NLOPT_LD_MMA, true, true, true, false, kSpread, 1, kAny, kNone,
                "Local search by moving asymptotes, for many variables with told gradients, and "
                "told constraints.",
                "Svanberg 2002"},
    NloptMethod{"nlopt.ccsaq", NLOPT_LD_CCSAQ, true, true, true, false, kSpread, 1, kAny, kNone,
                "Local search by conservative separable quadratic models with told gradients, and "
                "told constraints.",
                "Svanberg 2002"},
    NloptMethod{"nlopt.direct", NLOPT_GN_DIRECT, false, false, false, false, kSpread, 1, kDirect,
                kNone, "Global search by dividing rectangles; deterministic.",
                "Jones, Perttunen and Stuckman 1993"},
    NloptMethod{"nlopt.direct_l", NLOPT_GN_DIRECT_L, false, false, false, false, kSpread, 1,
                kDirect, kNone,
                "Global search by dividing rectangles, biased to local search; deterministic.",
                "Gablonsky and Kelley 2001"},
    NloptMethod{"nlopt.direct_l_rand", NLOPT_GN_DIRECT_L_RAND, false, false, false, false, kSpread,
                1, kDirect, kNone,
                "Global search by dividing rectangles, biased to local search, ties at random.",
                "Gablonsky and Kelley 2001"},
    NloptMethod{"nlopt.crs2_lm", NLOPT_GN_CRS2_LM, false, false, false, true, kInfinity, 1, kAny,
                kNone, "Global search by random simplices of a population with local mutation.",
                "Kaelo and Ali 2006"},
    NloptMethod{"nlopt.isres", NLOPT_GN_ISRES, false, false, true, true, kInfinity, 1, kAny, kNone,
                "Global evolution strategy with stochastic ranking of told constraints.",
                "Runarsson and Yao 2005"},
    NloptMethod{"nlopt.esch", NLOPT_GN_ESCH, false, false, false, true, kInfinity, 1, kAny, kNone,
                "Global evolutionary search with Cauchy mutation.",
                "da Silva Santos, Goncalves and Hernandez-Figueroa 2010"},
    NloptMethod{"nlopt.mlsl", NLOPT_G_MLSL_LDS, false, false, false, true, kSpread, 2, kQuadratic,
                NLOPT_LN_BOBYQA,
                "Global search by bobyqa from low-discrepancy starts, one search a basin.",
                "Kucherenko and Sytsko 2005"},
    NloptMethod{"nlopt.mlsl_slsqp", NLOPT_G_MLSL_LDS, false, true, false, true, kSpread, 1,
                kQuadratic, NLOPT_LD_SLSQP,
                "Global search by slsqp from low-discrepancy starts, with told gradients or "
                "differences.",
                "Kucherenko and Sytsko 2005; Kraft 1988"},
};

Capabilities capabilities_of(const NloptMethod& method) {
  Capabilities out;
  // Rounding to cells leaves a global method's picture of the function sound; a local model or a
  // difference quotient would stand on a plateau.
  out.parameter_kinds = method.gradients ? kRealOnly : kinds({Kind::kReal, Kind::kSimplex});
  if (!method.local && method.inner == kNone) {
    out.parameter_kinds |= kinds({Kind::kInteger, Kind::kOrdinal, Kind::kBoolean});
  }
  out.conditional = false;
  out.known_constraints = method.on_failure == kInfinity;  // never evaluated, the worst value
  out.told_constraints = method.told;
  out.noise = false;
  out.gradients = method.gradients;
  out.max_dimension = method.max_dimension;
  return out;
}

Schema<NloptOptions> schema_of(const NloptMethod& method) {
  Schema<NloptOptions> schema;
  if (method.local) {
    schema.field("start", &NloptOptions::start,
                 "first start point, unless points were told or enqueued before",
                 {"middle", "random"});
  }
  if (method.local || method.inner != kNone) {
    schema.field("initial_step", &NloptOptions::initial_step,
                 "first step, as a share of each parameter's range", 1e-9, 0.5);
    schema.field("tolerance", &NloptOptions::tolerance,
                 "a local search ends when its steps fall below this share of the range", 1e-15,
                 0.1);
  }
  if (method.population) {
    schema.field("population", &NloptOptions::population,
                 "points kept; 0: the method's own rule for the dimension", 0, 1e6);
  }
  if (method.gradients) {
    schema.field("difference", &NloptOptions::difference,
                 "step of differences where no gradient is told, as a share of the range", 1e-12,
                 0.1);
  }
  return schema;
}

}  // namespace
}  // namespace asktell

ASKTELL_REGISTER_SOLVERS(nlopt) {
  for (const NloptMethod& method : kMethods) {
    const Schema<NloptOptions> schema = schema_of(method);
    SolverInfo info;
    info.name = method.name;
    info.summary = method.summary;
    info.reference = method.reference;
    info.capabilities = capabilities_of(method);
    info.options = schema.specs();
    info.make = [method, schema](const Problem& problem, const Assignment& options) {
      return std::make_unique<NloptSolver>(problem, schema.parse(method.name, options), method);
    };
    registry.add(std::move(info));
  }
}
