// A network of sixteen tanh units learns a sine, in place and from losses alone: the library sends
// seeds, and never sees the weights. The same loop trains a vector of a billion numbers, as a step
// needs no memory beyond it (solver zo.sgd, Malladi et al. 2023).
#include <cmath>
#include <iostream>
#include <span>
#include <vector>

#include <asktell/asktell.hpp>

constexpr std::size_t kUnits = 16;  // weights: kUnits slopes, kUnits shifts, kUnits outputs

float network(std::span<const float> weights, float x) {
  float sum = 0;
  for (std::size_t i = 0; i < kUnits; ++i) {
    sum += weights[2 * kUnits + i] * std::tanh(weights[i] * x + weights[kUnits + i]);
  }
  return sum;
}

double mean_squared_error(std::span<const float> weights) {
  double sum = 0;
  for (int i = 0; i < 64; ++i) {
    const float x = -3 + 6 * static_cast<float>(i) / 63;
    sum += std::pow(network(weights, x) - std::sin(2 * x), 2);
  }
  return sum / 64;
}

int main() {
  std::vector<float> weights(3 * kUnits);
  asktell::apply(std::span<float>(weights),
                 asktell::Move{.seed = 1, .scale = 0.8});  // random start
  std::cout << "error before: " << mean_squared_error(weights) << '\n';

  asktell::Study study({.seed = 7, .solver = "zo.sgd", .options = {{"learning_rate", 0.01}}});
  for (int step = 0; step < 20000; ++step) {
    const asktell::Trial trial = study.ask();
    const auto& query = std::get<asktell::Perturb>(trial.query());
    // measure() makes the moves that earlier answers call for, then looks at both sides.
    study.tell(trial, asktell::measure(std::span<float>(weights), query,
                                       [&] { return mean_squared_error(weights); }));
  }
  const double error = mean_squared_error(weights);
  std::cout << "error after 40000 evaluations: " << error << '\n';
  return error < 0.05 ? 0 : 1;
}
