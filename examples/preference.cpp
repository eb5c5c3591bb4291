// Finds the colour that somebody has in mind, from answers to "which three of these eight come
// closest, in order?" No number is ever asked for (solver zo.rank_sgd, Tang et al. 2024). The
// somebody is played by a function here; put your own question in its place.
#include <algorithm>
#include <cmath>
#include <iostream>
#include <numeric>
#include <vector>

#include <asktell/asktell.hpp>

// How different two colours look: red, green and blue weigh differently ("redmean" approximation).
double difference(const std::vector<double>& a, const std::vector<double>& b) {
  const double red = (a[0] + b[0]) / 2;
  return std::sqrt((2 + red / 256) * std::pow(a[0] - b[0], 2) + 4 * std::pow(a[1] - b[1], 2) +
                   (2 + (255 - red) / 256) * std::pow(a[2] - b[2], 2));
}

const std::vector<double> kInMind = {208, 94, 44};  // a terracotta

asktell::Ranking answer(const asktell::Compare& question) {
  std::vector<std::size_t> order(question.points.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::sort(order.begin(), order.end(), [&](std::size_t i, std::size_t j) {
    return difference(question.points[i].vector(), kInMind) <
           difference(question.points[j].vector(), kInMind);
  });
  order.resize(question.best);
  return {order};
}

int main() {
  asktell::Study study(
      {.space = asktell::Space().real("red", 0, 255).real("green", 0, 255).real("blue", 0, 255),
       .seed = 7,
       .solver = "zo.rank_sgd",
       .options = {{"samples", 8}, {"best", 3}}});
  for (int question = 0; question < 40; ++question) {
    const asktell::Trial trial = study.ask();
    study.tell(trial, answer(std::get<asktell::Compare>(trial.query())));
  }
  // The recommended trial is the question whose winner is the solver's choice.
  const asktell::Trial trial = study.recommend();
  const auto& points = std::get<asktell::Compare>(trial.query()).points;
  const asktell::Point& found = points[std::get<asktell::Ranking>(*trial.answer()).order.front()];
  const double left = difference(found.vector(), kInMind);
  std::cout << "found: " << found << "\nstill off by " << left << " of 765\n";
  return left < 10 ? 0 : 1;
}
