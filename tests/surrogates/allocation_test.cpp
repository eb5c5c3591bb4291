// Evaluations of the likelihood and rounds of the optimizer allocate nothing after the first. Every
// allocation of this program is counted: operator new and Eigen both end in these functions.
#include <gtest/gtest.h>

#include <cstdlib>
#include <vector>

#include <asktell/core/lbfgsb.hpp>
#include <asktell/core/threads.hpp>
#include <asktell/surrogates/gp/fit.hpp>

// The sanitizers bring their own functions, and other C libraries no names for the ones replaced.
#if defined(__GLIBC__) && !defined(__SANITIZE_ADDRESS__) && !defined(__SANITIZE_THREAD__)
#define ASKTELL_COUNTS_ALLOCATIONS 1

namespace {
thread_local long allocations = 0;
}

extern "C" {
void* __libc_malloc(std::size_t size);
void* __libc_realloc(void* memory, std::size_t size);
void* __libc_memalign(std::size_t alignment, std::size_t size);

void* malloc(std::size_t size) {
  ++allocations;
  return __libc_malloc(size);
}
void* realloc(void* memory, std::size_t size) {
  ++allocations;
  return __libc_realloc(memory, size);
}
void* aligned_alloc(std::size_t alignment, std::size_t size) {
  ++allocations;
  return __libc_memalign(alignment, size);
}
}
#endif

namespace asktell {
namespace {

#ifdef ASKTELL_COUNTS_ALLOCATIONS

using Eigen::Index;
using Eigen::MatrixXd;
using Eigen::VectorXd;

GpData some_data(Index d, Index n) {
  RandomStream stream(3, Purpose::kFit);
  GpData data;
  data.x.resize(d, n);
  stream.fill_uniform({data.x.data(), static_cast<std::size_t>(data.x.size())});
  data.z = (3 * data.x.row(0)).array().sin().matrix().transpose();
  for (Index i = 0; i < n; ++i) data.z[i] += 0.1 * stream.normal();
  return data;
}

TEST(Allocations, AreCounted) {
  const long before = allocations;
  MatrixXd eigen(100, 100);
  std::vector<double> standard(100);
  EXPECT_EQ(allocations, before + 2);
  eigen.setZero();
  EXPECT_EQ(eigen(0, 0) + standard[0], 0);
}

TEST(Allocations, LikelihoodAllocatesNothingAfterTheFirstEvaluation) {
  const KernelPtr kernels[] = {
      kernels::scaled(kernels::matern52(3)),
      kernels::sum({kernels::scaled(kernels::stationary(kernels::Form::kRbf, 3)),
                    kernels::product({kernels::matern52(3), kernels::matern52(3)})}),
      kernels::scaled(kernels::stationary(kernels::Form::kRationalQuadratic, 3))};
  for (const KernelPtr& kernel : kernels) {
    for (Index n : {5, 40, 150}) {
      for (FitCriterion criterion :
           {FitCriterion::kMarginalLikelihood, FitCriterion::kLeaveOneOut}) {
        for (GpMean::Kind kind : {GpMean::Kind::kFixed, GpMean::Kind::kNormal}) {
          const GpData data = some_data(3, n);
          GpMean mean;
          mean.kind = kind;
          MarginalLikelihood likelihood(*kernel, data, mean, criterion);
          VectorXd theta(likelihood.parameters()), gradient(theta.size());
          theta.head(kernel->parameter_count()) = starting_theta(*kernel);
          theta[theta.size() - 1] = -3;
          likelihood.evaluate(theta, gradient.data());
          const long before = allocations;
          for (int i = 0; i < 3; ++i) {
            theta.array() += 0.01;
            likelihood.evaluate(theta, gradient.data());
            likelihood.evaluate(theta, nullptr);
          }
          EXPECT_EQ(allocations, before) << n;
        }
      }
    }
  }
}

TEST(Allocations, RoundsOfTheOptimizerAllocateNothing) {
  std::vector<long> at_round;
  at_round.reserve(1000);
  const BatchedFunction rosenbrock = [&](const Eigen::Ref<const MatrixXd>& x, auto,
                                         Eigen::Ref<VectorXd> values,
                                         Eigen::Ref<MatrixXd> gradients) {
    at_round.push_back(allocations);
    for (Index j = 0; j < x.cols(); ++j) {
      const double a = x(0, j), b = x(1, j) - a * a;
      values[j] = (1 - a) * (1 - a) + 100 * b * b;
      gradients(0, j) = -2 * (1 - a) - 400 * a * b;
      gradients(1, j) = 200 * b;
    }
  };
  MatrixXd starts(2, 3), low(2, 1), high(2, 1);
  starts << -1.2, 0, 1.5, 1, 0, -1;
  low.setConstant(-2);
  high.setConstant(2);
  const LbfgsbResult result = minimize_lockstep(rosenbrock, starts, low, high, {.rounds = 200});
  EXPECT_LT(result.values.maxCoeff(), 1e-6);
  ASSERT_GT(at_round.size(), 20u);
  EXPECT_EQ(at_round.back(), at_round.front());
}

TEST(Allocations, FitsOfMoreRoundsAllocateNoMore) {
  set_threads(1);
  const GpData data = some_data(4, 60);
  const GpPreset preset = gp_preset("botorch", 4);
  const KernelPtr kernel = preset_kernel(preset, 4);
  long counts[2];
  const int rounds[2] = {3, 30};
  for (int i = 0; i < 2; ++i) {
    const long before = allocations;
    fit_members(*kernel, data, {preset}, {}, {.cold_rounds = rounds[i]});
    counts[i] = allocations - before;
  }
  set_threads(0);
  EXPECT_EQ(counts[0], counts[1]);
}

#else

TEST(Allocations, CannotBeCountedHere) {
  GTEST_SKIP() << "the sanitizers have an operator new of their own";
}

#endif

}  // namespace
}  // namespace asktell
