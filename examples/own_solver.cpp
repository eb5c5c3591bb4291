// A program with a solver of its own, registered at run time and chosen by name like any other.
#include <asktell/asktell.hpp>
#include <iostream>

#include "own_solver.hpp"

int main() {
  asktell::registration::asktell_register_one_plus_one(asktell::Registry::global());
  asktell::Study study({.space = asktell::Space().real("x", -5, 10).real("y", 0, 15),
                        .seed = 7,
                        .solver = "one_plus_one",
                        .options = {{"step", 0.1}},
                        .n_trials = 300});
  while (const asktell::Trial trial = study.ask()) {
    const double x = trial["x"], y = trial["y"];
    study.tell(trial, (x - 3) * (x - 3) + 2 * (y - 4) * (y - 4));
  }
  std::cout << study.best() << '\n';
  return study.best().value() < 0.01 ? 0 : 1;
}
