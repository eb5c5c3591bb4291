// One step of zo.sgd on a vector of floats: its time in passes over the vector, and its memory
// beyond it.
//
//   bench_zo_step [floats = 1e8] [steps = 5] [threads = 1]
//
// A pass is x *= a in place, as fast as the compiler makes it: reads and writes the vector once. A
// step is ask, the moves to both sides and back, two losses that cost nothing, and tell.
#include <sys/resource.h>

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <span>
#include <vector>

#include <asktell/asktell.hpp>
#include <asktell/core/threads.hpp>

namespace {

double seconds() {
  using Clock = std::chrono::steady_clock;
  return std::chrono::duration<double>(Clock::now().time_since_epoch()).count();
}

// The most the process ever held, in megabytes.
double peak_megabytes() {
  rusage usage{};
  getrusage(RUSAGE_SELF, &usage);
  return static_cast<double>(usage.ru_maxrss) * 1024 / 1e6;
}

double median(std::vector<double> values) {
  std::sort(values.begin(), values.end());
  return values[values.size() / 2];
}

// Alternates the signs of the exponent so that the numbers stay where they are.
double time_pass(std::span<float> x, bool grow) {
  const float factor = grow ? 2.0f : 0.5f;
  const double start = seconds();
  asktell::parallel_for(x.size(), std::size_t{1} << 20, [&](std::size_t begin, std::size_t end) {
    float* __restrict data = x.data();
    for (std::size_t i = begin; i < end; ++i) data[i] *= factor;
  });
  return seconds() - start;
}

double time_step(asktell::Study& study, std::span<float> x) {
  const double start = seconds();
  const asktell::Trial trial = study.ask();
  // A loss of almost no cost that is read from the vector.
  const auto loss = [&] { return static_cast<double>(x[0]) * x[0]; };
  study.tell(trial, asktell::measure(x, std::get<asktell::Perturb>(trial.query()), loss));
  return seconds() - start;
}

}  // namespace

int main(int argc, char** argv) {
  const double floats = argc > 1 ? std::atof(argv[1]) : 1e8;
  const int steps = argc > 2 ? std::atoi(argv[2]) : 5;
  const int threads = argc > 3 ? std::atoi(argv[3]) : 1;
  if (!(floats >= 1) || steps < 1 || threads < 1) {
    std::fprintf(stderr, "usage: bench_zo_step [floats >= 1] [steps >= 1] [threads >= 1]\n");
    return 2;
  }
  asktell::set_threads(threads);
  std::vector<float> x(static_cast<std::size_t>(floats), 1.0f);
  asktell::Study study({.seed = 7, .solver = "zo.sgd"});
  const double before = peak_megabytes();
  time_pass(x, true);
  time_pass(x, false);
  time_step(study, x);  // the first step has no move to make

  std::vector<double> passes;
  std::vector<double> measured;
  for (int i = 0; i < steps; ++i) {
    passes.push_back(time_pass(x, true));
    passes.push_back(time_pass(x, false));
    measured.push_back(time_step(study, x));
  }
  const double pass = median(passes);
  const double step = median(measured);
  std::printf("zo.sgd on %.3g floats (%.0f MB), %d thread(s), medians of %d\n", floats,
              floats * sizeof(float) / 1e6, threads, steps);
  std::printf("  one pass in place        %8.2f ms\n", pass * 1e3);
  std::printf("  one step                 %8.2f ms = %.1f passes\n", step * 1e3, step / pass);
  std::printf("  memory beyond the vector %8.2f MB\n", peak_megabytes() - before);
  return 0;
}
