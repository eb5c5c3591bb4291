// What the library costs beside the objective: ask + tell in memory, with a journal file, and at
// 100 000 trials of 20 parameters. Google Benchmark; `Time` is per trial. Run by benchmarks/run.sh.
//
// Every run makes a fixed number of trials, since a study grows: the figures are means over it.
#include <benchmark/benchmark.h>
#include <unistd.h>

#include <cstdint>
#include <filesystem>
#include <fstream>
#include <memory>
#include <string>
#include <vector>

#include <asktell/asktell.hpp>
#include <asktell/core/threads.hpp>

namespace {

using asktell::Space;
using asktell::Study;
using asktell::Trial;

constexpr std::int64_t kTrials = 10'000;
constexpr std::int64_t kManyTrials = 100'000;
constexpr std::size_t kManyParameters = 20;

Space cube(std::size_t dimension) {
  Space space;
  for (std::size_t i = 0; i < dimension; ++i) space.real("x" + std::to_string(i), -5, 5);
  return space;
}

// A smooth objective of almost no cost.
double sphere(const Trial& trial) {
  double sum = 0;
  for (double x : trial.vector()) sum += (x - 1) * (x - 1);
  return sum;
}

void make_trial(Study& study) {
  const Trial trial = study.ask();
  study.tell(trial, sphere(trial));
}

double resident_megabytes() {
  std::ifstream file("/proc/self/statm");
  double total = 0;
  double resident = 0;
  file >> total >> resident;
  return resident * static_cast<double>(sysconf(_SC_PAGESIZE)) / 1e6;
}

// A file in the folder for temporary files, removed with all that SQLite puts beside it.
class TemporaryFile {
 public:
  TemporaryFile()
      : path_((std::filesystem::temp_directory_path() /
               ("asktell-overhead-" + std::to_string(getpid()) + ".db"))
                  .string()) {
    remove();
  }
  ~TemporaryFile() { remove(); }
  TemporaryFile(const TemporaryFile&) = delete;
  TemporaryFile& operator=(const TemporaryFile&) = delete;
  const std::string& path() const { return path_; }

 private:
  void remove() const {
    for (const char* end : {"", "-wal", "-shm"}) std::filesystem::remove(path_ + end);
  }
  std::string path_;
};

void in_memory(benchmark::State& state, const char* solver) {
  const auto dimension = static_cast<std::size_t>(state.range(0));
  Study study({.space = cube(dimension), .seed = 7, .solver = solver});
  for (auto _ : state) make_trial(study);
}
BENCHMARK_CAPTURE(in_memory, random, "random")->Arg(2)->Arg(20)->Iterations(kTrials);
BENCHMARK_CAPTURE(in_memory, sobol, "sobol")->Arg(2)->Arg(20)->Iterations(kTrials);

void with_file(benchmark::State& state, const char* solver, asktell::Durability durability) {
  const TemporaryFile file;
  Study study({.space = cube(static_cast<std::size_t>(state.range(0))),
               .file = file.path(),
               .seed = 7,
               .solver = solver,
               .durability = durability});
  for (auto _ : state) make_trial(study);
}
BENCHMARK_CAPTURE(with_file, random, "random", asktell::Durability::kProcess)
    ->Arg(2)
    ->Arg(20)
    ->Iterations(kTrials);
BENCHMARK_CAPTURE(with_file, random_power, "random", asktell::Durability::kPower)
    ->Arg(2)
    ->Iterations(kTrials / 10)
    ->UseRealTime();

// The next trials after 100 000; `MB` is what those added to the process.
void after_many(benchmark::State& state, const char* solver) {
  const double before = resident_megabytes();
  Study study({.space = cube(kManyParameters), .seed = 7, .solver = solver});
  for (std::int64_t i = 0; i < kManyTrials; ++i) make_trial(study);
  state.counters["MB"] = resident_megabytes() - before;
  for (auto _ : state) make_trial(study);
}
BENCHMARK_CAPTURE(after_many, random, "random")->Iterations(kTrials);
BENCHMARK_CAPTURE(after_many, sobol, "sobol")->Iterations(kTrials);

// Opening a file of 100 000 trials: all of them are read, no solver is run.
void open_many(benchmark::State& state) {
  const TemporaryFile file;
  {
    Study study(
        {.space = cube(kManyParameters), .file = file.path(), .seed = 7, .solver = "random"});
    for (std::int64_t i = 0; i < kManyTrials; ++i) make_trial(study);
  }
  for (auto _ : state) {
    const Study study({.file = file.path()});
    benchmark::DoNotOptimize(study.told());
  }
  state.counters["file_MB"] = static_cast<double>(std::filesystem::file_size(file.path())) / 1e6;
}
BENCHMARK(open_many)->Iterations(3)->Unit(benchmark::kMillisecond);

// Bayesian optimization: ask + tell at n told points of six parameters.
void gaussian_process(benchmark::State& state) {
  const std::int64_t n = state.range(0);
  Study study({.space = cube(6), .seed = 7, .solver = "gp_bo"});
  Study design({.space = cube(6), .seed = 8, .solver = "sobol"});
  for (std::int64_t i = 0; i < n; ++i) {
    const Trial trial = design.ask();
    asktell::Assignment point;
    for (const asktell::Parameter& parameter : study.space().parameters()) {
      point[parameter.name] = trial[parameter.name];
    }
    study.tell_point(point, asktell::Values{.objectives = {sphere(trial)}});
  }
  make_trial(study);  // the first fit starts from nothing
  for (auto _ : state) make_trial(study);
}
BENCHMARK(gaussian_process)
    ->Arg(20)
    ->Arg(100)
    ->Arg(500)
    ->Iterations(10)
    ->Unit(benchmark::kMillisecond);

}  // namespace

// One thread, so that figures compare with those of other machines and packages.
int main(int argc, char** argv) {
  asktell::set_threads(1);
  benchmark::Initialize(&argc, argv);
  if (benchmark::ReportUnrecognizedArguments(argc, argv)) return 1;
  benchmark::RunSpecifiedBenchmarks();
  benchmark::Shutdown();
  return 0;
}
