// Confidence bounds and Thompson sampling. Schedules: numbers computed from the formulas in the
// sources named in confidence_bound.hpp, with HEBO 0.3.6 and SMAC3 2.4.1 for theirs.
#include <asktell/acquisition/confidence_bound.hpp>

#include <asktell/acquisition/thompson.hpp>

#include "acquisition_samples.hpp"

namespace asktell {
namespace {

using samples::row;
using samples::value_at;

TEST(ConfidenceBound, PosteriorExampleIsReproduced) {
  const GpPosterior model = samples::w1();
  EXPECT_NEAR(value_at(LowerConfidenceBound(model, 2), row({.75})), 2.0534328688373, 1e-12);
}

TEST(ConfidenceBound, SchedulesMatchTheirSources) {
  EXPECT_NEAR(hebo_deviations(2, 1, 1), 2.6257627382699473, 1e-14);
  EXPECT_NEAR(hebo_deviations(6, 50, 1), 5.143417636633022, 1e-14);
  EXPECT_NEAR(hebo_deviations(10, 100, 8), 4.928384776597998, 1e-14);
  EXPECT_DOUBLE_EQ(hebo_deviations(2, 3, 8), hebo_deviations(2, 1, 1));
  EXPECT_NEAR(std::pow(smac_deviations(2, 10), 2), 10.596634733096073, 1e-13);
  EXPECT_NEAR(std::pow(srinivas_deviations(1000, 50, .1), 2), 35.06417337060644, 1e-13);
  EXPECT_NEAR(std::pow(kandasamy_deviations(6, 100), 2), 6.357980839857644, 1e-13);
}

TEST(ConfidenceBound, GradientsMatchDifferences) {
  const GpPosterior model = samples::smooth2();
  samples::expect_gradients(LowerConfidenceBound(model), samples::probes(model));
}

TEST(Thompson, IsTheNegativeOfItsPathWithItsGradient) {
  const GpPosterior model = samples::smooth2();
  RandomStream stream(3, Purpose::kCandidates);
  const SamplePaths paths(model, 3, stream);
  const ThompsonSample acquisition(paths, 1);
  const Eigen::MatrixXd points = samples::probes(model);
  Eigen::MatrixXd all;
  Eigen::VectorXd values;
  paths.evaluate(points, all);
  acquisition.evaluate(points, values);
  EXPECT_LT((values + all.col(1)).norm(), 1e-12);
  samples::expect_gradients(acquisition, points);
}

}  // namespace
}  // namespace asktell
