// The 24 noiseless functions of the black-box optimization benchmarking suite (BBOB), any dimension
// from 2 and any instance; all are minimized over [-5, 5]^d and defined outside of it too.
// Hansen, Finck, Ros, Auger (2009), "Real-parameter black-box optimization benchmarking: noiseless
// functions definitions", INRIA RR-6829, with the constants of the COCO reference code.
//
//   asktell::benchmarks::Bbob problem(8, 5, 1);       // f8 Rosenbrock, d = 5, instance 1
//   double regret = problem(x) - problem.optimum();   // x: span of 5 doubles
#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <string_view>
#include <vector>

namespace asktell::benchmarks {

class Bbob {
 public:
  // function 1..24, dimension >= 2, instance >= 1; std::invalid_argument otherwise.
  Bbob(int function, int dimension, std::int64_t instance = 1);

  // Safe to call from many threads. std::invalid_argument unless x has dimension() entries.
  double operator()(std::span<const double> x) const;

  int function() const { return function_; }
  int dimension() const { return dimension_; }
  std::int64_t instance() const { return instance_; }
  std::string_view name() const { return name_; }  // "rosenbrock"
  double optimum() const { return optimum_; }      // the least value
  const std::vector<double>& argmin() const { return argmin_; }
  double lower() const { return -5; }  // of every coordinate
  double upper() const { return 5; }

 private:
  struct Excess;  // f - optimum, with its matrices

  int function_;
  int dimension_;
  std::int64_t instance_;
  std::string_view name_;
  double optimum_;
  std::vector<double> argmin_;
  std::shared_ptr<const Excess> excess_;
};

}  // namespace asktell::benchmarks
