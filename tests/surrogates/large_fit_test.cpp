// The choice of a model for many points, and each model fitted on a function it can learn.
#include <gtest/gtest.h>

#include <asktell/core/errors.hpp>
#include <asktell/core/threads.hpp>
#include <asktell/surrogates/gp/large/fit_large.hpp>
#include <asktell/surrogates/gp/large/local.hpp>
#include <asktell/surrogates/gp/large/refine.hpp>
#include <asktell/surrogates/gp/large/select.hpp>
#include <asktell/tests/surrogates/large_samples.hpp>

namespace asktell {
namespace {

using Eigen::Index;
using Eigen::MatrixXd;
using Eigen::VectorXd;

const std::vector<LargeModel> kModels{LargeModel::kExact,       LargeModel::kSubsetExact,
                                      LargeModel::kVariational, LargeModel::kFitc,
                                      LargeModel::kLocal,       LargeModel::kVecchia};

// Small numbers, so that 200 points are many.
LargeOptions small(LargeModel model) {
  LargeOptions options;
  options.model = model;
  options.subset = 80;
  options.coarse = 40;
  options.inducing = 60;
  options.neighbours = 40;
  options.anchors = 20;
  options.predecessors = 10;
  return options;
}

TEST(FitLarge, ChoosesByNumberMemoryAndTime) {
  EXPECT_EQ(choose_model(100).model, LargeModel::kExact);
  EXPECT_EQ(choose_model(2000).model, LargeModel::kExact);
  EXPECT_EQ(choose_model(2001).model, LargeModel::kSubsetExact);
  EXPECT_EQ(choose_model(5000).model, LargeModel::kSubsetExact);
  EXPECT_EQ(choose_model(10000).model, LargeOptions().beyond);
  LargeOptions options;
  options.memory = 3e8;  // 5000^2 doubles are 200 MB, and two of them are needed
  EXPECT_EQ(choose_model(5000, options).model, LargeOptions().beyond);
  EXPECT_NE(choose_model(5000, options).reason.find("400 MB"), std::string::npos);
  options.memory = 2e9;
  options.seconds = 60;
  options.exact_limit = 0;
  EXPECT_EQ(choose_model(10000, options).model, LargeModel::kSubsetExact);
  options.model = LargeModel::kFitc;
  EXPECT_EQ(choose_model(10, options).model, LargeModel::kFitc);
  EXPECT_EQ(choose_model(10, options).reason, "asked for");
}

TEST(FitLarge, EveryModelLearnsASmoothFunction) {
  const GpData data = samples::observations(300, 2, 21);
  const MatrixXd points = samples::observations(50, 2, 22).x;
  const GpPreset preset = gp_preset("asktell", 2);
  const KernelPtr kernel = preset_kernel(preset, 2);
  const VectorXd truth = (5 * points.array()).sin().colwise().sum().transpose();
  for (const LargeModel model : kModels) {
    const LargeFit fit = fit_large(kernel, data, preset, {}, small(model));
    VectorXd mean, variance;
    fit.model->predict(points, mean, variance);
    const double rmse = std::sqrt((mean - truth).squaredNorm() / 50);
    EXPECT_LT(rmse, 0.06) << name(model);
    // Errors in units of the model's own deviation.
    const double z = ((mean - truth).array().square() / variance.array()).mean();
    EXPECT_GT(z, 0.1) << name(model);
    EXPECT_LT(z, 5) << name(model);
    EXPECT_EQ(fit.report.model, model);
    EXPECT_EQ(fit.report.points, 300) << name(model);
    EXPECT_FALSE(fit.report.degraded) << name(model);
    EXPECT_GT(fit.report.subset_evaluations, 0);
    EXPECT_EQ(fit.report.refinements > 0, model == LargeModel::kVariational ||
                                              model == LargeModel::kFitc ||
                                              model == LargeModel::kVecchia);
    samples::expect_input_gradients(*fit.model, points.leftCols(3), 1e-5);
  }
}

TEST(FitLarge, ExactIsTheFitOfAllPoints) {
  const GpData data = samples::observations(60, 2, 23);
  const GpPreset preset = gp_preset("asktell", 2);
  const KernelPtr kernel = preset_kernel(preset, 2);
  LargeOptions options;
  options.coarse = 60;  // no first fit
  const LargeFit fit = fit_large(kernel, data, preset, {}, options);
  EXPECT_EQ(fit.report.model, LargeModel::kExact);
  const FitReport exact = fit_members(*kernel, data, {preset})[0];
  EXPECT_NEAR(fit.report.objective, exact.objective, 1e-3);
  EXPECT_EQ(fit.report.fitted_on, 60);
}

TEST(FitLarge, DoesNotDependOnThreads) {
  const GpData data = samples::observations(300, 2, 24);
  const GpPreset preset = gp_preset("asktell", 2);
  const KernelPtr kernel = preset_kernel(preset, 2);
  const MatrixXd points = samples::observations(150, 2, 25).x;
  const int before = threads();
  for (const LargeModel model :
       {LargeModel::kVariational, LargeModel::kVecchia, LargeModel::kLocal}) {
    std::vector<VectorXd> means;
    for (int count : {1, 3}) {
      set_threads(count);
      VectorXd mean, variance;
      fit_large(kernel, data, preset, {}, small(model)).model->predict(points, mean, variance);
      means.push_back(mean);
    }
    EXPECT_EQ(means[0], means[1]) << name(model);
  }
  set_threads(before);
}

TEST(FitLarge, DuplicatesAndConstantValuesSurvive) {
  GpData data = samples::observations(200, 2, 26);
  data.x.rightCols(100) = data.x.leftCols(100);
  GpData constant = data;
  constant.z.setConstant(0.5);
  const GpPreset preset = gp_preset("asktell", 2, true);
  const KernelPtr kernel = preset_kernel(preset, 2);
  for (const LargeModel model : kModels) {
    VectorXd mean, variance;
    fit_large(kernel, data, preset, {}, small(model)).model->predict(data.x, mean, variance);
    EXPECT_TRUE(mean.allFinite()) << name(model);
    EXPECT_GT(variance.minCoeff(), 0) << name(model);
    const LargeFit fit = fit_large(kernel, constant, preset, {}, small(model));
    fit.model->predict(data.x, mean, variance);
    EXPECT_LT((mean.array() - 0.5).abs().maxCoeff(), 1e-6) << name(model);
    EXPECT_EQ(fit.report.refinements, 0) << name(model);
  }
}

TEST(FitLarge, ProfiledScaleIsTakenFromTheSubset) {
  GpData data = samples::observations(200, 2, 27);
  data.z *= 10;
  const GpPreset preset = gp_preset("profiled", 2);
  const KernelPtr kernel = preset_kernel(preset, 2);
  for (const LargeModel model : kModels) {
    const LargeFit fit = fit_large(kernel, data, preset, {}, small(model));
    VectorXd mean, variance;
    fit.model->predict(data.x, mean, variance);
    EXPECT_LT((mean - data.z).norm(), 0.4 * data.z.norm()) << name(model);
    EXPECT_GT(fit.report.theta[2], 1) << name(model);  // the scale: values are ten times ours
  }
}

TEST(FitLarge, RefinementRaisesTheBound) {
  const GpData data = samples::observations(300, 2, 28);
  const GpPreset preset = gp_preset("asktell", 2);
  const KernelPtr kernel = preset_kernel(preset, 2);
  const HyperBox box(model_parameters(*kernel, data), preset);
  const RefinedSparse refined =
      refine_sparse(*kernel, data, preset, SparseKind::kVariational, box.start, 40);
  const MatrixXd z = data.x(Eigen::all, select_by_variance(*kernel, box.start, data.x, 40).chosen);
  SparseLikelihood before(*kernel, data, z, SparseKind::kVariational);
  SparseLikelihood after(*kernel, data, refined.inducing, SparseKind::kVariational);
  EXPECT_GT(refined.objective,
            before.evaluate(box.start, nullptr) + box.log_prior(box.start, nullptr) + 10);
  EXPECT_NEAR(refined.objective,
              after.evaluate(refined.theta, nullptr) + box.log_prior(refined.theta, nullptr), 1e-6);
}

TEST(FitLarge, VecchiaLeavesTheNoiseAlone) {
  const GpData data = samples::observations(150, 2, 29);
  const GpPreset preset = gp_preset("asktell", 2);
  const KernelPtr kernel = preset_kernel(preset, 2);
  const HyperBox box(model_parameters(*kernel, data), preset);
  const Refined refined = refine_vecchia(*kernel, data, preset, box.start, 10);
  EXPECT_EQ(refined.theta[3], box.start[3]);
  EXPECT_NE(refined.theta[0], box.start[0]);
}

TEST(FitLarge, NamesAndBadOptions) {
  for (const LargeModel model : kModels) EXPECT_EQ(large_model(name(model)), model);
  EXPECT_THROW(large_model("svgp"), OptionError);
  const GpPreset preset = gp_preset("asktell", 2);
  LargeOptions options;
  options.inducing = 0;
  EXPECT_THROW(
      fit_large(preset_kernel(preset, 2), samples::observations(9, 2, 1), preset, {}, options),
      OptionError);
  options.inducing = 9;
  options.beyond = LargeModel::kAutomatic;
  EXPECT_THROW(
      fit_large(preset_kernel(preset, 2), samples::observations(9, 2, 1), preset, {}, options),
      OptionError);
}

TEST(FitLarge, OnePointIsEnough) {
  const GpPreset preset = gp_preset("asktell", 2);
  const GpData data = samples::observations(1, 2, 30);
  for (const LargeModel model : kModels) {
    VectorXd mean, variance;
    fit_large(preset_kernel(preset, 2), data, preset, {}, small(model))
        .model->predict(data.x, mean, variance);
    EXPECT_NEAR(mean[0], data.z[0], 1e-6) << name(model);
    EXPECT_GT(variance[0], 0) << name(model);
  }
}

TEST(FitLarge, QualityChoosesTheInducingPoints) {
  const GpData data = samples::observations(200, 2, 31);
  const GpPreset preset = gp_preset("asktell", 2);
  LargeOptions options = small(LargeModel::kVariational);
  options.inducing = 10;
  options.quality = VectorXd::Constant(200, 1e-3);
  options.quality.head(10).setOnes();
  options.rounds = 1;
  const LargeFit fit = fit_large(preset_kernel(preset, 2), data, preset, {}, options);
  const MatrixXd& z = dynamic_cast<const SparseGp&>(*fit.model).inducing();
  for (Index j = 0; j < 10; ++j) {
    EXPECT_EQ((data.x.leftCols(10).colwise() - z.col(j)).colwise().norm().minCoeff(), 0);
  }
}

}  // namespace
}  // namespace asktell
