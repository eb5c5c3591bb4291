// What the BBOB functions are made of: the instance generator, the transformations of the search
// space, and one builder a function. Hansen et al. (2009), section 0.2; vectors are columns here
// where the report's code has rows, so that its "x B" is `rotation(seed, d) * x`.
#pragma once

#include <cstdint>
#include <functional>
#include <vector>

#include <Eigen/Core>

namespace asktell::benchmarks::bbob {

using Eigen::Index;
using Eigen::MatrixXd;
using Eigen::VectorXd;

// A function without its additive constant and its penalty: at `argmin` the excess is zero.
struct Landscape {
  VectorXd argmin;
  std::function<double(const VectorXd&)> excess;
  double penalty = 0;  // times outside(x), to be added
};

// Park-Miller minimal standard generator with a shuffle table of 32 entries.
VectorXd uniforms(Index count, std::int64_t seed);  // in (0, 1)
VectorXd normals(Index count, std::int64_t seed);   // Box-Muller, the cosine half

VectorXd draw_argmin(std::int64_t seed, Index d);           // in [-4, 4]^d, four decimals, never 0
double draw_optimum(std::int64_t seed);                     // in [-1000, 1000], two decimals
MatrixXd rotation(std::int64_t seed, Index d);              // orthogonal, d x d
inline constexpr std::int64_t kSecondRotation = 1'000'000;  // added to the seed

VectorXd ramp(Index d);                                        // 0, 1/(d-1), ..., 1
VectorXd powers(double condition, const VectorXd& exponents);  // condition ^ exponents
std::vector<Index> order(const VectorXd& values);              // the indices that sort them

VectorXd oscillate(VectorXd x);  // T_osz of the report
double oscillate(double x);
VectorXd asymmetrize(VectorXd x, double beta);  // T_asy
double outside(const VectorXd& x);              // squared distance to [-5, 5]^d

// Seeds are the function's number (f4: 3, f18: 17) + 10^4 instance.
using Builder = Landscape (*)(std::int64_t seed, Index d);
Landscape sphere(std::int64_t seed, Index d);                        // f1, separable.cpp
Landscape separable_ellipsoid(std::int64_t seed, Index d);           // f2
Landscape separable_rastrigin(std::int64_t seed, Index d);           // f3
Landscape bueche_rastrigin(std::int64_t seed, Index d);              // f4
Landscape linear_slope(std::int64_t seed, Index d);                  // f5
Landscape attractive_sector(std::int64_t seed, Index d);             // f6, moderate.cpp
Landscape step_ellipsoid(std::int64_t seed, Index d);                // f7
Landscape rosenbrock(std::int64_t seed, Index d);                    // f8
Landscape rotated_rosenbrock(std::int64_t seed, Index d);            // f9
Landscape ellipsoid(std::int64_t seed, Index d);                     // f10, ill_conditioned.cpp
Landscape discus(std::int64_t seed, Index d);                        // f11
Landscape bent_cigar(std::int64_t seed, Index d);                    // f12
Landscape sharp_ridge(std::int64_t seed, Index d);                   // f13
Landscape different_powers(std::int64_t seed, Index d);              // f14
Landscape rastrigin(std::int64_t seed, Index d);                     // f15, multimodal.cpp
Landscape weierstrass(std::int64_t seed, Index d);                   // f16
Landscape schaffers_f7(std::int64_t seed, Index d);                  // f17
Landscape ill_conditioned_schaffers_f7(std::int64_t seed, Index d);  // f18
Landscape griewank_rosenbrock(std::int64_t seed, Index d);           // f19
Landscape schwefel(std::int64_t seed, Index d);                      // f20, weak_structure.cpp
Landscape gallagher_101(std::int64_t seed, Index d);                 // f21
Landscape gallagher_21(std::int64_t seed, Index d);                  // f22
Landscape katsuura(std::int64_t seed, Index d);                      // f23
Landscape lunacek_bi_rastrigin(std::int64_t seed, Index d);          // f24
// Bases of noisy functions that differ from the noiseless ones.
Landscape mild_ellipsoid(std::int64_t seed, Index d);  // f116: f10 of condition 1e4
Landscape low_griewank_rosenbrock(std::int64_t seed,
                                  Index d);  // f125: f19 with a tenth of the height

}  // namespace asktell::benchmarks::bbob
