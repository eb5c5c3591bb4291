// The formulas behind class Classic and the table that describes them: boxes, dimensions, sources
// and minimizers.
#pragma once

#include <array>
#include <span>
#include <string_view>
#include <vector>

namespace asktell::benchmarks::classic {

using Point = std::vector<double>;
using Coordinates = std::span<const double>;
using Formula = double (*)(Coordinates x);

// Dimensions of a function that has no own one.
struct Limits {
  int least = 1;
  int most = 1'000'000;
  int multiple = 1;
  int growth = 0;  // the box is multiplied by dimension ^ growth
};

struct Box {  // of the first coordinate, of the others
  std::array<double, 2> lower, upper;
};

struct Entry {
  std::string_view name;
  std::string_view title;
  Formula formula;
  int own_dimension;  // 0: any within `limits`
  Box box;
  std::vector<Point> (*argmins)(int dimension);  // some of them where there are very many
  Limits limits = {};
  std::string_view source = "Surjanovic, Bingham, Virtual library of simulation experiments";
};

std::span<const Entry> entries();  // by name

// One or two coordinates, planar.cpp.
double beale(Coordinates x);
double bohachevsky(Coordinates x);
double booth(Coordinates x);
double branin(Coordinates x);
double bukin6(Coordinates x);
double cross_in_tray(Coordinates x);
double drop_wave(Coordinates x);
double easom(Coordinates x);
double eggholder(Coordinates x);
double forrester(Coordinates x);
double goldstein_price(Coordinates x);
double gramacy_lee(Coordinates x);
double himmelblau(Coordinates x);
double holder_table(Coordinates x);
double levy13(Coordinates x);
double matyas(Coordinates x);
double mccormick(Coordinates x);
double schaffer2(Coordinates x);
double shubert(Coordinates x);
double six_hump_camel(Coordinates x);
double three_hump_camel(Coordinates x);
std::vector<Point> shubert_argmins(int dimension);

// Sums of a few wells or waves, wells.cpp.
double hartmann3(Coordinates x);
double hartmann4(Coordinates x);
double hartmann6(Coordinates x);
double langermann(Coordinates x);
double shekel5(Coordinates x);
double shekel7(Coordinates x);
double shekel10(Coordinates x);

// Any dimension (colville: 4), scalable.cpp.
double ackley(Coordinates x);
double alpine(Coordinates x);
double colville(Coordinates x);
double dixon_price(Coordinates x);
double griewank(Coordinates x);
double levy(Coordinates x);
double michalewicz(Coordinates x);
double perm(Coordinates x);
double powell(Coordinates x);
double rastrigin(Coordinates x);
double rosenbrock(Coordinates x);
double rotated_hyper_ellipsoid(Coordinates x);
double salomon(Coordinates x);
double schwefel(Coordinates x);
double sphere(Coordinates x);
double styblinski_tang(Coordinates x);
double sum_of_powers(Coordinates x);
double sum_of_squares(Coordinates x);
double trid(Coordinates x);
double zakharov(Coordinates x);
std::vector<Point> dixon_price_argmins(int dimension);
std::vector<Point> michalewicz_argmins(int dimension);
std::vector<Point> perm_argmins(int dimension);
std::vector<Point> trid_argmins(int dimension);

inline double square(double x) {
  return x * x;
}

}  // namespace asktell::benchmarks::classic
