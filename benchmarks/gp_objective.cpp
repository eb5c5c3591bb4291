// What the Gaussian process costs: objective and gradient, factor, inverse, predictions, appends,
// sample paths and whole fits, on one thread, and beside them what LAPACK's dpotrf takes on the
// same machine in the same run, where a LAPACK can be loaded (not linked). Run by
// benchmarks/run.sh.
//
//   bench_gp_objective [--lapack libopenblas.so]...   figures are the least of several runs
#include <dlfcn.h>
#include <time.h>

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include <asktell/core/dense.hpp>
#include <asktell/core/threads.hpp>
#include <asktell/surrogates/gp/fit.hpp>
#include <asktell/surrogates/gp/pathwise.hpp>

namespace {

using asktell::GpData;
using asktell::GpPosterior;
using asktell::GpPreset;
using asktell::KernelPtr;
using Eigen::Index;
using Eigen::MatrixXd;
using Eigen::VectorXd;
namespace dense = asktell::dense;

// Milliseconds that this thread has computed: other programs on the machine do not count.
double milliseconds() {
  timespec now{};
  clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
  return static_cast<double>(now.tv_sec) * 1e3 + static_cast<double>(now.tv_nsec) * 1e-6;
}

// The least of runs over half a second, at least five.
double least(const std::function<void()>& body) {
  double best = HUGE_VAL, spent = 0;
  for (int run = 0; run < 5 || (spent < 500 && run < 2000); ++run) {
    const double begin = milliseconds();
    body();
    const double took = milliseconds() - begin;
    best = std::min(best, took);
    spent += took;
  }
  return best;
}

// A smooth function of noisy values at random points.
GpData make_data(Index dimension, Index n) {
  asktell::RandomStream stream(7, asktell::Purpose::kFit);
  GpData data;
  data.x.resize(dimension, n);
  data.z.resize(n);
  for (Index j = 0; j < n; ++j) {
    double value = 0;
    for (Index i = 0; i < dimension; ++i) {
      data.x(i, j) = stream.uniform();
      value += std::sin(3 * data.x(i, j) + static_cast<double>(i)) / (1.0 + static_cast<double>(i));
    }
    data.z[j] = value + 0.05 * stream.normal();
  }
  data.z.array() -= data.z.mean();
  data.z /= std::sqrt(data.z.squaredNorm() / static_cast<double>(n - 1));
  return data;
}

VectorXd theta_of(const asktell::Kernel& kernel, const GpData& data) {
  VectorXd theta(kernel.parameter_count() + 1);
  theta.setConstant(std::log(0.5 * std::sqrt(static_cast<double>(data.dimension()))));
  theta[kernel.parameter_count() - 1] = 0;
  theta[kernel.parameter_count()] = std::log(1e-2);
  return theta;
}

// dpotrf of the first library that loads, or null.
using Potrf = void (*)(const char*, const int*, double*, const int*, int*);

Potrf load_potrf(std::vector<std::string> libraries, std::string& name) {
  libraries.insert(libraries.end(), {"libopenblas.so.0", "libopenblas.so", "liblapack.so.3"});
  for (const std::string& library : libraries) {
    void* handle = dlopen(library.c_str(), RTLD_NOW | RTLD_LOCAL);
    if (!handle) continue;
    for (const char* symbol : {"dpotrf_", "scipy_dpotrf_", "scipy_dpotrf_64_"}) {
      void* function = dlsym(handle, symbol);
      if (!function) continue;
      for (const char* setter : {"openblas_set_num_threads", "scipy_openblas_set_num_threads"}) {
        if (void* set = dlsym(handle, setter)) reinterpret_cast<void (*)(int)>(set)(1);
      }
      name = library;
      return reinterpret_cast<Potrf>(function);
    }
  }
  return nullptr;
}

double time_potrf(Potrf potrf, const MatrixXd& sigma) {
  MatrixXd a = sigma;
  const double copy = least([&] { a = sigma; });
  const int n = static_cast<int>(sigma.rows());
  // A 64-bit interface reads the upper half of these as zero.
  const long size[2] = {n, 0};
  long info[2] = {0, 0};
  return least([&] {
           a = sigma;
           potrf("L", reinterpret_cast<const int*>(size), a.data(),
                 reinterpret_cast<const int*>(size), reinterpret_cast<int*>(info));
         }) -
         copy;
}

// Figures of the spec's machine, on which dpotrf took 16 ms at n = 1000.
double reference(Index n) {
  return n == 100 ? 0.24 : n == 500 ? 10 : n == 1000 ? 53 : n == 2000 ? 294 : 0;
}

void objective_table(double speed) {
  std::printf("\nMatern 5/2, d = 10, milliseconds\n");
  std::printf("%6s %12s %9s %9s %9s %9s %9s\n", "n", "value+grad", "value", "factor", "inverse",
              "target", "ratio");
  for (Index n : {20, 50, 100, 200, 500, 1000, 2000}) {
    const GpData data = make_data(10, n);
    const KernelPtr kernel = asktell::kernels::scaled(asktell::kernels::matern52(10));
    const VectorXd theta = theta_of(*kernel, data);
    const asktell::GpMean mean{};
    asktell::MarginalLikelihood likelihood(*kernel, data, mean);
    VectorXd gradient(theta.size());
    const double both = least([&] { likelihood.evaluate(theta, gradient.data()); });
    const double value = least([&] { likelihood.evaluate(theta, nullptr); });
    MatrixXd sigma, a(n, n), inverse(n, n);
    kernel->evaluation()->symmetric(data.x, theta.data(), false, sigma);
    sigma.diagonal().array() += 1e-2;
    const double copy = least([&] { a = sigma; });
    const double factor = least([&] {
                            a = sigma;
                            dense::cholesky(a);
                          }) -
                          copy;
    const double inverted = least([&] { dense::inverse_lower_from_cholesky(a, inverse); });
    std::printf("%6ld %12.4f %9.4f %9.4f %9.4f", static_cast<long>(n), both, value, factor,
                inverted);
    if (reference(n) > 0 && speed > 0) {
      std::printf(" %9.3f %9.2f", reference(n) * speed, both / (reference(n) * speed));
    }
    std::printf("\n");
  }
}

void posterior_table() {
  std::printf("\nposterior, d = 6, milliseconds\n%6s %14s %14s %12s %12s\n", "n", "10^4 mean+var",
              "64 with grad", "append", "leave-one-out");
  for (Index n : {100, 200, 500, 1000, 2000}) {
    const GpData data = make_data(6, n);
    const KernelPtr kernel = asktell::kernels::scaled(asktell::kernels::matern52(6));
    const GpPosterior posterior(kernel, data, theta_of(*kernel, data));
    const GpData queries = make_data(6, 10'000);
    VectorXd m, v;
    MatrixXd dm, dv;
    const double predict = least([&] { posterior.predict(queries.x, m, v); });
    const MatrixXd few = queries.x.leftCols(64);
    const double slopes = least([&] { posterior.predict(few, m, v, &dm, &dv); });
    GpPosterior growing = posterior;
    Index next = 0;
    double append = HUGE_VAL;
    for (; next < 40; ++next) {
      const MatrixXd x = queries.x.col(next);
      const VectorXd z = queries.z.segment(next, 1);
      const double begin = milliseconds();
      growing.append(x, z);
      append = std::min(append, milliseconds() - begin);
    }
    const double loo = least([&] { posterior.leave_one_out(); });
    std::printf("%6ld %14.3f %14.4f %12.4f %12.3f\n", static_cast<long>(n), predict, slopes, append,
                loo);
  }
  const GpData data = make_data(6, 200);
  const KernelPtr kernel = asktell::kernels::scaled(asktell::kernels::matern52(6));
  const GpPosterior posterior(kernel, data, theta_of(*kernel, data));
  asktell::RandomStream stream(1, asktell::Purpose::kFit);
  const asktell::SamplePaths paths(posterior, 1, stream, 1024);
  const MatrixXd queries = make_data(6, 10'000).x;
  MatrixXd values;
  std::printf("\none sample path at 10^4 points, n = 200, d = 6, 1024 features: %.2f ms\n",
              least([&] { paths.evaluate(queries, values); }));
}

void fit_table() {
  std::printf("\ncold fit, preset \"botorch\", milliseconds\n%4s %6s %10s %12s %14s\n", "d", "n",
              "time", "evaluations", "objective");
  for (Index d : {6, 10}) {
    for (Index n : {20, 100, 500}) {
      const GpData data = make_data(d, n);
      const GpPreset preset = asktell::gp_preset("botorch", d);
      const KernelPtr kernel = asktell::preset_kernel(preset, d);
      asktell::FitReport report;
      const double time =
          least([&] { report = asktell::fit_members(*kernel, data, {preset}).front(); });
      std::printf("%4ld %6ld %10.3f %12d %14.6f\n", static_cast<long>(d), static_cast<long>(n),
                  time, report.evaluations, report.objective);
    }
  }
}

}  // namespace

int main(int argc, char** argv) {
  std::vector<std::string> libraries;
  for (int i = 1; i + 1 < argc; i += 2) {
    if (std::string_view(argv[i]) == "--lapack") libraries.emplace_back(argv[i + 1]);
  }
  asktell::set_threads(1);
  const GpData data = make_data(10, 1000);
  const KernelPtr kernel = asktell::kernels::scaled(asktell::kernels::matern52(10));
  MatrixXd sigma, a;
  kernel->evaluation()->symmetric(data.x, theta_of(*kernel, data).data(), false, sigma);
  sigma.diagonal().array() += 1e-2;
  const double copy = least([&] { a = sigma; });
  const double own = least([&] {
                       a = sigma;
                       dense::cholesky(a);
                     }) -
                     copy;
  std::printf("kernels: %s\nCholesky factor at n = 1000: %.2f ms\n", dense::kernel_name().c_str(),
              own);
  std::string name;
  double speed = 0;
  if (const Potrf potrf = load_potrf(libraries, name)) {
    const double lapack = time_potrf(potrf, sigma);
    speed = lapack / 16;
    std::printf("dpotrf of %s, one thread: %.2f ms; targets are scaled by that / 16 ms\n",
                name.c_str(), lapack);
  } else {
    std::printf("no LAPACK could be loaded: no targets (--lapack <library>)\n");
  }
  objective_table(speed);
  posterior_table();
  fit_table();
}
