// Test functions that the literature of Bayesian optimization and of global optimization reports
// on, all minimized in a box: Branin, Hartmann, Ackley, Rosenbrock and many more (table.cpp), with
// formulas and boxes as collected by Surjanovic & Bingham, "Virtual library of simulation
// experiments".
//
//   asktell::benchmarks::Classic ackley("ackley", 5);
//   double regret = ackley(x) - ackley.optimum();      // x: span of 5 doubles in the box
//   auto wide = Classic("hartmann6").embedded(50);     // 44 coordinates more, without effect
//   double value = wide.at_unit(u);                    // u: span of 50 doubles in [0, 1]
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace asktell::benchmarks {

class Classic {
 public:
  // dimension 0: the function's own (branin 2, hartmann3 3, hartmann6 6); the others exist in any
  // (rosenbrock from 2, powell in multiples of 4) and must be told. std::invalid_argument for what
  // does not exist.
  explicit Classic(std::string_view name, int dimension = 0);
  static std::vector<std::string_view> names();

  // The same function of `dimension` coordinates, the i-th old one at active[i] (empty: the first);
  // the rest are without effect, with the boxes of the old ones in turn. std::invalid_argument for
  // fewer coordinates, or positions that are not distinct and inside.
  Classic embedded(int dimension, std::span<const int> active = {}) const;

  // Safe to call from many threads. std::invalid_argument unless x has dimension() entries. Defined
  // outside of the box too.
  double operator()(std::span<const double> x) const;
  // At x = lower + u (upper - lower).
  double at_unit(std::span<const double> u) const;
  std::vector<double> from_unit(std::span<const double> u) const;
  std::vector<double> to_unit(std::span<const double> x) const;

  // "ackley-5", embedded "hartmann6-in-50".
  const std::string& name() const { return name_; }
  int dimension() const { return static_cast<int>(lower_.size()); }
  const std::vector<int>& active() const { return active_; }
  const std::vector<double>& lower() const { return lower_; }
  const std::vector<double>& upper() const { return upper_; }
  double optimum() const { return optimum_; }  // the least value in the box
  // Points that attain it (of an embedded function: with the rest at the box's centre): all, or one
  // where there are very many.
  const std::vector<std::vector<double>>& argmins() const { return argmins_; }

 private:
  using Formula = double (*)(std::span<const double> x);
  std::string name_;
  Formula formula_;
  std::vector<int> active_;
  std::vector<double> lower_, upper_;
  double optimum_;
  std::vector<std::vector<double>> argmins_;
};

}  // namespace asktell::benchmarks
