// Rover trajectories of 60 and 100 coordinates: points that guide a curve from one corner of the
// unit square to the other, around 113 square obstacles. Wang, Gehring, Kohli, Jegelka (2018),
// "Batched large-scale Bayesian optimization in high-dimensional spaces", AISTATS, and its public
// code.
//
// The original fits a smoothing spline whose tolerance is never exceeded by points of the box, so
// that the curve always is the one cubic of least squares; here it is fitted directly. It also adds
// noise of deviation 1e-4 to the points, which is the option `noise` here.
#include <array>
#include <cmath>
#include <string>
#include <vector>

#include <Eigen/Core>
#include <Eigen/QR>

#include <asktell/benchmarks/problems/families.hpp>

namespace asktell::benchmarks {
namespace {

using Eigen::Index;
using Eigen::MatrixXd;
using Eigen::Vector2d;
using Eigen::VectorXd;
using Controls = Eigen::Matrix<double, 4, 2>;  // of a cubic in Bezier form, one row a point

constexpr std::array<std::array<double, 2>, 113> kObstacles = {
    {{0.43143755, 0.20876147}, {0.38485367, 0.39183579}, {0.02985961, 0.22328303},
     {0.7803707, 0.3447003},   {0.93685657, 0.56297285}, {0.04194252, 0.23598362},
     {0.28049582, 0.40984475}, {0.6756053, 0.70939481},  {0.01926493, 0.86972335},
     {0.5993437, 0.63347932},  {0.57807619, 0.40180792}, {0.56824287, 0.75486851},
     {0.35403502, 0.38591056}, {0.72492026, 0.59969313}, {0.27618746, 0.64322757},
     {0.54029566, 0.25492943}, {0.30903526, 0.60166842}, {0.2913432, 0.29636879},
     {0.78512072, 0.62340245}, {0.29592116, 0.08400595}, {0.87548394, 0.04877622},
     {0.21714791, 0.9607346},  {0.92624074, 0.53441687}, {0.53639253, 0.45127928},
     {0.99892031, 0.79537837}, {0.84621631, 0.41891986}, {0.39432819, 0.06768617},
     {0.92365693, 0.72217512}, {0.95520914, 0.73956575}, {0.820383, 0.53880139},
     {0.22378049, 0.9971974},  {0.34023233, 0.91014706}, {0.64960636, 0.35661133},
     {0.29976464, 0.33578931}, {0.43202238, 0.11563227}, {0.66764947, 0.52086962},
     {0.45431078, 0.94582745}, {0.12819915, 0.33555344}, {0.19287232, 0.8112075},
     {0.61214791, 0.71940626}, {0.4522542, 0.47352186},  {0.95623345, 0.74174186},
     {0.17340293, 0.89136853}, {0.04600255, 0.53040724}, {0.42493468, 0.41006649},
     {0.37631485, 0.88033853}, {0.66951947, 0.29905739}, {0.4151516, 0.77308712},
     {0.55762991, 0.26400156}, {0.6280609, 0.53201974},  {0.92727447, 0.61054975},
     {0.93206587, 0.42107549}, {0.63885574, 0.37540613}, {0.15303425, 0.57377797},
     {0.8208471, 0.16566631},  {0.14889043, 0.35157346}, {0.71724622, 0.57110725},
     {0.32866327, 0.8929578},  {0.74435871, 0.47464421}, {0.9252026, 0.21034329},
     {0.57039306, 0.54356078}, {0.56611551, 0.02531317}, {0.84830056, 0.01180542},
     {0.51282028, 0.73916524}, {0.58795481, 0.46527371}, {0.83259048, 0.98598188},
     {0.00242488, 0.83734691}, {0.72505789, 0.04846931}, {0.07312971, 0.30147979},
     {0.55250344, 0.23891255}, {0.51161315, 0.46466442}, {0.802125, 0.93440495},
     {0.9157825, 0.32441602},  {0.44927665, 0.53380074}, {0.67708372, 0.67527231},
     {0.81868924, 0.88356194}, {0.48228814, 0.88668497}, {0.39805433, 0.99341196},
     {0.86671752, 0.79016975}, {0.01115417, 0.6924913},  {0.34272199, 0.89543756},
     {0.40721675, 0.86164495}, {0.26317679, 0.37334193}, {0.74446787, 0.84782643},
     {0.55560143, 0.46405104}, {0.73567977, 0.12776233}, {0.28080322, 0.26036748},
     {0.17507419, 0.95540673}, {0.54233783, 0.1196808},  {0.76670967, 0.88396285},
     {0.61297539, 0.79057776}, {0.9344029, 0.86252764},  {0.48746839, 0.74942784},
     {0.18657635, 0.58127321}, {0.10377802, 0.71463978}, {0.7771771, 0.01463505},
     {0.7635042, 0.45498358},  {0.83345861, 0.34749363}, {0.38273809, 0.51890558},
     {0.33887574, 0.82842507}, {0.02073685, 0.41776737}, {0.68754547, 0.96430979},
     {0.4704215, 0.92717361},  {0.72666234, 0.63241306}, {0.48494401, 0.72003268},
     {0.52601215, 0.81641253}, {0.71426732, 0.47077212}, {0.00258906, 0.30377501},
     {0.35495269, 0.98585155}, {0.65507544, 0.03458909}, {0.10550588, 0.62032937},
     {0.60259145, 0.87110846}, {0.04959159, 0.535785}}};

const Vector2d kStart = {0.05, 0.05};
const Vector2d kGoal = {0.95, 0.95};
constexpr double kLower = -0.1, kUpper = 1.1;  // of the coordinates
constexpr double kBest = 5;                    // reward of a way that costs nothing

bool blocked(double x, double y) {
  constexpr double kHalfWidth = 0.025;
  if (!(x >= 0 && x < 1 && y >= 0 && y < 1)) return true;
  for (const auto& [cx, cy] : kObstacles) {
    if (x >= cx - kHalfWidth && x < cx + kHalfWidth && y >= cy - kHalfWidth && y < cy + kHalfWidth)
      return true;
  }
  return false;
}

// Cubic of least squares through points (m x 2) at their shares of the length of the polygon. A
// point that coincides with the one before is dropped: it has no share of its own.
Controls fit(const MatrixXd& points) {
  std::vector<double> length = {0};
  std::vector<Index> kept = {0};
  for (Index i = 1; i < points.rows(); ++i) {
    const double step = (points.row(i) - points.row(kept.back())).norm();
    if (step == 0) continue;
    length.push_back(length.back() + step);
    kept.push_back(i);
  }
  MatrixXd powers(static_cast<Index>(kept.size()), 4);
  for (std::size_t i = 0; i < kept.size(); ++i) {
    const double u = length[i] > 0 ? length[i] / length.back() : 0;
    powers.row(static_cast<Index>(i)) << 1, u, u * u, u * u * u;
  }
  const Controls c = powers.completeOrthogonalDecomposition().solve(points(kept, Eigen::all));
  Controls controls;
  controls.row(0) = c.row(0);
  controls.row(1) = c.row(0) + c.row(1) / 3;
  controls.row(2) = c.row(0) + (2 * c.row(1) + c.row(2)) / 3;
  controls.row(3) = c.colwise().sum();
  return controls;
}

Vector2d point_at(const Controls& curve, double t) {
  const double s = 1 - t;
  return curve.transpose() * Eigen::Vector4d(s * s * s, 3 * s * s * t, 3 * s * t * t, t * t * t);
}

// The integral of the cost density along the curve, by the trapezoidal rule.
double cost_along(const Controls& controls) {
  constexpr int kSamples = 1000;
  Vector2d before = {0, 0};
  double density_before = 0, total = 0;
  for (int i = 0; i < kSamples; ++i) {
    const Vector2d at = point_at(controls, static_cast<double>(i) / (kSamples - 1));
    const double density = 0.05 + (blocked(at[0], at[1]) ? 20 : 0);
    if (i > 0) total += 0.5 * (density_before + density) * (at - before).norm();
    before = at;
    density_before = density;
  }
  return total;
}

// Cost less 5, of interleaved coordinates x, y. `tied`: the curve begins at the start and ends at
// the goal; otherwise the distances to them are paid for.
double rover_cost(const VectorXd& x, bool tied) {
  MatrixXd points = x.reshaped<Eigen::RowMajor>(x.size() / 2, 2);
  if (!tied) {
    const Controls controls = fit(points);
    const double missed = (controls.row(0).transpose() - kStart).lpNorm<1>() +
                          (controls.row(3).transpose() - kGoal).lpNorm<1>();
    return cost_along(controls) + 10 * missed - kBest;
  }
  MatrixXd all(points.rows() + 2, 2);
  all << kStart.transpose(), points, kGoal.transpose();
  Controls controls = fit(all);
  controls.row(0) = kStart;
  controls.row(3) = kGoal;
  return cost_along(controls) - kBest;
}

// The best curves known: 40 runs of CMA-ES on the control points.
const Controls kBestFree{
    {0.051901, 0.110566}, {1.387634, 1.835566}, {0.525050, 0.129363}, {0.987527, 1.066227}};
const Controls kBestTied{{0.05, 0.05}, {1.418180, 1.867023}, {0.538479, 0.008013}, {0.95, 0.95}};

// Interleaved coordinates of points on a curve: from its one end to its other, or between them.
std::vector<double> points_on(const Controls& curve, int count, bool between) {
  std::vector<double> x;
  for (int i = 0; i < count; ++i) {
    const double t = between ? (i + 1.) / (count + 1.) : i / (count - 1.);
    const Vector2d at = point_at(curve, t).cwiseMax(kLower).cwiseMin(kUpper);
    x.insert(x.end(), {at[0], at[1]});
  }
  return x;
}

struct RoverOptions {
  bool noise = false;
};

TestProblem make_rover(int dimension, bool tied, const RoverOptions& options) {
  TestProblem problem;
  problem.space = box(dimension, kLower, kUpper);
  problem.budget = 200;
  const auto cost = [tied](const VectorXd& x) {
    return Values{.objectives = {rover_cost(x, tied)}};
  };
  problem.evaluate = [cost](TestProblem::Point x) {
    return cost(Eigen::Map<const VectorXd>(x.data(), static_cast<Index>(x.size())));
  };
  problem.argmins = {points_on(tied ? kBestTied : kBestFree, dimension / 2, tied)};
  problem.optimum = problem.evaluate(problem.argmins[0]).objectives[0];
  problem.proven = false;
  if (options.noise) {
    problem.observe = [cost](TestProblem::Point x, RandomStream& noise) {
      VectorXd moved = Eigen::Map<const VectorXd>(x.data(), static_cast<Index>(x.size()));
      for (double& coordinate : moved) coordinate += 1e-4 * noise.normal();
      return cost(moved);
    };
  }
  return problem;
}

}  // namespace

void register_control(ProblemRegistry& registry) {
  const auto schema = Schema<RoverOptions>().field(
      "noise", &RoverOptions::noise, "observations move the points by N(0, 1e-8) as the original");
  for (const auto& [dimension, tied] : {std::pair{60, false}, std::pair{100, true}}) {
    registry.add({.name = "control/rover-" + std::to_string(dimension),
                  .summary = tied ? "Rover trajectory of 50 points, tied to the start and the goal"
                                  : "Rover trajectory of 30 points with a free start and goal",
                  .reference = "Wang, Gehring, Kohli, Jegelka (2018), Batched large-scale Bayesian "
                               "optimization in high-dimensional spaces, AISTATS"},
                 schema, [dimension = dimension, tied = tied](const RoverOptions& options) {
                   return make_rover(dimension, tied, options);
                 });
  }
}

}  // namespace asktell::benchmarks
