// The table of the classic test functions. Minimizers without a closed form: Newton's method in 40
// digits.
#include <asktell/benchmarks/problems/classic/formulas.hpp>

#include <numbers>

namespace asktell::benchmarks::classic {
namespace {

using std::numbers::pi;
using Points = std::vector<Point>;

constexpr std::string_view kSurvey =
    "Jamil, Yang (2013), A literature survey of benchmark functions for global optimisation "
    "problems";
constexpr std::string_view kDixonSzego =
    "Dixon, Szego (1978), The global optimization problem: an introduction";
constexpr std::string_view kPicheny =
    "Picheny, Wagner, Ginsbourger (2013), A benchmark of kriging-based infill criteria for noisy "
    "optimization";
constexpr std::string_view kForrester =
    "Forrester, Sobester, Keane (2008), Engineering design via surrogate modelling";
constexpr std::string_view kHimmelblau = "Himmelblau (1972), Applied nonlinear programming";

Point all(int dimension, double value) {
  return Point(static_cast<std::size_t>(dimension), value);
}
Points zeros(int dimension) {
  return {all(dimension, 0)};
}
Points ones(int dimension) {
  return {all(dimension, 1)};
}
Points mirrored(double x, double y) {
  return {{x, y}, {-x, y}, {x, -y}, {-x, -y}};
}

Points branin_argmins(int) {
  return {{-pi, 12.275}, {pi, 2.275}, {3 * pi, 2.475}};
}
Points hartmann3_argmins(int) {
  return {{0.114588876655069, 0.555648894616930, 0.852546984686677}};
}
Points hartmann4_argmins(int) {
  return {{0.187395272973466686, 0.194151529302440721, 0.557917780062568997, 0.264779624170397145}};
}
Points hartmann6_argmins(int) {
  return {{0.201689511006705, 0.150010691823458, 0.476873974221897, 0.275332430494056,
           0.311651616600113, 0.657300534065620}};
}
Points shekel5_argmins(int) {
  return {{4.00003715281967623, 4.00013327659156009, 4.00003715281967623, 4.00013327659156009}};
}
Points shekel7_argmins(int) {
  return {{4.00057291618582335, 4.00068936618530425, 3.99948970885915061, 3.99960615885863151}};
}
Points shekel10_argmins(int) {
  return {{4.00074653159204672, 4.000592934138532, 3.9996633980403223, 3.99950980058680758}};
}
Points langermann_argmins(int) {
  return {{2.79340220864503685, 1.59723250132836003}};
}
Points beale_argmins(int) {
  return {{3, 0.5}};
}
Points booth_argmins(int) {
  return {{1, 3}};
}
Points bukin6_argmins(int) {
  return {{-10, 1}};
}
Points cross_in_tray_argmins(int) {
  return mirrored(1.34940661715391079, 1.34940661715391079);
}
Points easom_argmins(int) {
  return {{pi, pi}};
}
Points eggholder_argmins(int) {
  return {{512, 404.231805113757811}};
}
Points forrester_argmins(int) {
  return {{0.75724875784185587}};
}
Points goldstein_price_argmins(int) {
  return {{0, -1}};
}
Points gramacy_lee_argmins(int) {
  return {{0.548563444527605184}};
}
Points himmelblau_argmins(int) {
  return {{3, 2},
          {-2.80511808695274485, 3.13131251825057297},
          {-3.77931025337774689, -3.28318599128616941},
          {3.58442834033049174, -1.84812652696440355}};
}
Points holder_table_argmins(int) {
  return mirrored(8.05502347573656342, 9.66459001924127289);
}
Points mccormick_argmins(int) {
  return {{0.5 - pi / 3, -0.5 - pi / 3}};
}
Points six_hump_camel_argmins(int) {
  return {{0.0898420131003180624, -0.712656403020739633},
          {-0.0898420131003180624, 0.712656403020739633}};
}
Points schwefel_argmins(int dimension) {
  return {all(dimension, 420.968746359982027)};
}
Points styblinski_tang_argmins(int dimension) {
  return {all(dimension, -2.9035340277711771)};
}

constexpr Box cube(double lower, double upper) {
  return {{lower, lower}, {upper, upper}};
}

// Name, title, formula, own dimension (0: any), box, minimizers, limits of the dimension, source.
const Entry kEntries[] = {
    {"branin", "Branin", branin, 2, Box{{-5, 0}, {10, 15}}, branin_argmins, {}, kDixonSzego},
    {"hartmann3",
     "Hartmann, 4 wells",
     hartmann3,
     3,
     cube(0, 1),
     hartmann3_argmins,
     {},
     kDixonSzego},
    {"hartmann4",
     "Hartmann, 4 wells, rescaled",
     hartmann4,
     4,
     cube(0, 1),
     hartmann4_argmins,
     {},
     kPicheny},
    {"hartmann6",
     "Hartmann, 4 wells",
     hartmann6,
     6,
     cube(0, 1),
     hartmann6_argmins,
     {},
     kDixonSzego},
    {"shekel5", "Shekel, 5 wells", shekel5, 4, cube(0, 10), shekel5_argmins, {}, kDixonSzego},
    {"shekel7", "Shekel, 7 wells", shekel7, 4, cube(0, 10), shekel7_argmins, {}, kDixonSzego},
    {"shekel10", "Shekel, 10 wells", shekel10, 4, cube(0, 10), shekel10_argmins, {}, kDixonSzego},
    {"langermann", "Langermann, 5 waves", langermann, 2, cube(0, 10), langermann_argmins},
    {"beale", "Beale, steep walls and a flat valley", beale, 2, cube(-4.5, 4.5), beale_argmins},
    {"bohachevsky", "Bohachevsky 1, a bowl with ripples", bohachevsky, 2, cube(-100, 100), zeros},
    {"booth", "Booth, a quadratic", booth, 2, cube(-10, 10), booth_argmins},
    {"bukin6", "Bukin 6, a ridge along a parabola", bukin6, 2, Box{{-15, -3}, {-5, 3}},
     bukin6_argmins},
    {"cross-in-tray", "Cross-in-tray", cross_in_tray, 2, cube(-10, 10), cross_in_tray_argmins},
    {"drop-wave", "Drop-wave, rings", drop_wave, 2, cube(-5.12, 5.12), zeros},
    {"easom", "Easom, a needle on a plateau", easom, 2, cube(-100, 100), easom_argmins},
    {"eggholder", "Eggholder, optimum on the boundary", eggholder, 2, cube(-512, 512),
     eggholder_argmins},
    {"forrester",
     "Forrester, one coordinate",
     forrester,
     1,
     cube(0, 1),
     forrester_argmins,
     {},
     kForrester},
    {"goldstein-price", "Goldstein-Price", goldstein_price, 2, cube(-2, 2),
     goldstein_price_argmins},
    {"gramacy-lee", "Gramacy-Lee, one coordinate", gramacy_lee, 1, cube(0.5, 2.5),
     gramacy_lee_argmins},
    {"himmelblau",
     "Himmelblau, four equal minima",
     himmelblau,
     2,
     cube(-5, 5),
     himmelblau_argmins,
     {},
     kHimmelblau},
    {"holder-table", "Holder table", holder_table, 2, cube(-10, 10), holder_table_argmins},
    {"levy13", "Levy 13", levy13, 2, cube(-10, 10), ones},
    {"matyas", "Matyas, a quadratic", matyas, 2, cube(-10, 10), zeros},
    {"mccormick", "McCormick", mccormick, 2, Box{{-1.5, -3}, {4, 4}}, mccormick_argmins},
    {"schaffer2", "Schaffer 2, rings", schaffer2, 2, cube(-100, 100), zeros},
    {"shubert", "Shubert, 18 equal minima", shubert, 2, cube(-10, 10), shubert_argmins},
    {"six-hump-camel", "Six-hump camel", six_hump_camel, 2, Box{{-3, -2}, {3, 2}},
     six_hump_camel_argmins},
    {"three-hump-camel", "Three-hump camel", three_hump_camel, 2, cube(-5, 5), zeros},
    {"colville", "Colville, two linked valleys", colville, 4, cube(-10, 10), ones},
    {"ackley", "Ackley, a funnel with ripples", ackley, 0, cube(-32.768, 32.768), zeros},
    {"ackley-off-centre", "Ackley in a box whose centre is not the optimum", ackley, 0,
     cube(-32.768, 32.232), zeros},
    {"alpine", "Alpine 1", alpine, 0, cube(-10, 10), zeros, {}, kSurvey},
    {"dixon-price", "Dixon-Price, a curved valley", dixon_price, 0, cube(-10, 10),
     dixon_price_argmins},
    {"griewank", "Griewank, a bowl with ripples", griewank, 0, cube(-600, 600), zeros},
    {"levy", "Levy", levy, 0, cube(-10, 10), ones},
    {"michalewicz", "Michalewicz, steep ridges", michalewicz, 0, cube(0, pi), michalewicz_argmins},
    {"perm",
     "Perm 0, ill-conditioned powers",
     perm,
     0,
     cube(-1, 1),
     perm_argmins,
     {.most = 50, .growth = 1}},
    {"powell",
     "Powell, a singular Hessian",
     powell,
     0,
     cube(-4, 5),
     zeros,
     {.least = 4, .multiple = 4}},
    {"rastrigin", "Rastrigin, a bowl with a grid of minima", rastrigin, 0, cube(-5.12, 5.12),
     zeros},
    {"rosenbrock", "Rosenbrock, a curved valley", rosenbrock, 0, cube(-5, 10), ones, {.least = 2}},
    {"rotated-hyper-ellipsoid", "Rotated hyper-ellipsoid", rotated_hyper_ellipsoid, 0,
     cube(-65.536, 65.536), zeros},
    {"salomon", "Salomon, rings", salomon, 0, cube(-100, 100), zeros, {}, kSurvey},
    {"schwefel", "Schwefel, the second-best minimum far away", schwefel, 0, cube(-500, 500),
     schwefel_argmins},
    {"sphere", "Sphere", sphere, 0, cube(-5.12, 5.12), zeros},
    {"styblinski-tang", "Styblinski-Tang", styblinski_tang, 0, cube(-5, 5),
     styblinski_tang_argmins},
    {"sum-of-powers", "Sum of different powers", sum_of_powers, 0, cube(-1, 1), zeros},
    {"sum-of-squares", "Sum of weighted squares", sum_of_squares, 0, cube(-10, 10), zeros},
    {"trid",
     "Trid, a quadratic off centre",
     trid,
     0,
     cube(-1, 1),
     trid_argmins,
     {.least = 2, .most = 1000, .growth = 2}},
    {"zakharov", "Zakharov, a plate-shaped valley", zakharov, 0, cube(-5, 10), zeros},
};

}  // namespace

std::span<const Entry> entries() {
  return kEntries;
}

}  // namespace asktell::benchmarks::classic
