// A program that uses the installed package as a reader of the README would: minimizes a bowl, with
// a solver by name and with the default, and opens its file again.
#include <asktell/asktell.hpp>

#include <cmath>
#include <cstdio>
#include <iostream>
#include <string>

namespace {

// Smallest value 2 at x = 1, choice "b".
double bowl(double x, const std::string& choice) {
  return 2 + (x - 1) * (x - 1) + (choice == "b" ? 0 : 1);
}

double best_of(const std::string& solver, const std::string& file) {
  asktell::Study study(
      {.space = asktell::Space().real("x", -4, 4).categorical("choice", {"a", "b", "c"}),
       .file = file,
       .seed = 7,
       .solver = solver});
  for (int i = 0; i < 30; ++i) {
    asktell::Trial trial = study.ask();
    study.tell(trial, bowl(trial["x"], trial["choice"]));
  }
  std::cout << solver << ": " << study.best() << '\n';
  return study.best().value();
}

}  // namespace

int main() {
  const std::string file = "consumer.db";
  std::remove(file.c_str());
  // Thirty uniform points of 8 x 3: the chance of none within 1 of x = 1 at "b" is (1 - 1/12)^30,
  // 7 %, and the seed is fixed.
  const double found = best_of("random", file);
  if (!(found >= 2 && found < 3)) return 1;
  if (!(best_of("auto", "") < 3)) return 2;
  // The file alone is enough to go on.
  asktell::Study again({.file = file});
  if (again.told() != 30 || again.best().value() != found) return 3;
  return 0;
}
