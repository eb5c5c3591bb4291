// A model of a pump's measured efficiency over speed and valve opening, without any study: fitted,
// checked by leaving one out, improved by measuring where the model is least sure. The pump is
// played by a function here.
#include <cmath>
#include <iostream>

#include <asktell/surrogates/gp/gaussian_process.hpp>

// Percent, at a speed in revolutions per minute and a valve opening from 0 to 1. One column a
// point.
Eigen::VectorXd measure(const Eigen::MatrixXd& points) {
  const Eigen::ArrayXd speed = points.row(0).transpose().array() / 3000;
  const Eigen::ArrayXd opening = points.row(1).transpose().array();
  return 80 * (-4 * (speed - 0.7).square() - 3 * (opening - 0.4 - 0.3 * speed).square()).exp();
}

int main() {
  Eigen::MatrixXd grid(2, 400);  // every setting of interest
  for (int i = 0; i < 20; ++i) {
    for (int j = 0; j < 20; ++j) grid.col(20 * i + j) << 500 + 125 * i, 0.05 * (j + 1);
  }
  Eigen::MatrixXd points(2, 9);                                 // what was measured already
  points << 600, 600, 600, 1700, 1700, 1700, 2800, 2800, 2800,  //
      0.1, 0.5, 0.9, 0.1, 0.5, 0.9, 0.1, 0.5, 0.9;

  asktell::GaussianProcess gp(
      {.noise = "deterministic", .bounds = Eigen::MatrixXd{{500, 2875}, {0.05, 1}}});
  gp.fit(points, measure(points));
  const Eigen::VectorXd truth = measure(grid);
  for (int more = 0; more <= 12; ++more) {
    const asktell::Prediction at = gp.predict(grid);
    if (more % 4 == 0) {
      const double error = std::sqrt((at.mean - truth).squaredNorm() / 400);
      std::cout << gp.observations() << " measurements: error " << error << " %, largest deviation "
                << at.deviation.maxCoeff() << " %\n";
    }
    Eigen::Index next = 0;
    at.deviation.maxCoeff(&next);
    gp.update(grid.col(next), measure(grid.col(next)));
  }
  const asktell::LeaveOneOutReport loo = gp.leave_one_out();
  std::cout << "left out one by one, " << (loo.z.array().abs() < 2).count() << " of "
            << loo.z.size() << " lie within two deviations\n";
  const asktell::GaussianProcessDiagnostics diagnostics = gp.diagnostics();
  std::cout << diagnostics.model << " model, " << diagnostics.members << " members, transform "
            << diagnostics.transform << "\n";
  for (const std::string& fallback : diagnostics.fallbacks) std::cout << fallback << "\n";
}
