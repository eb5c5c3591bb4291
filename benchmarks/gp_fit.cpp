// One Gaussian process on request, for gp_peers.py: fits, the objective at given hyper-parameters,
// predictions, each timed here, on one thread. Commands are lines on standard input; each gets one
// line back. FILE: binary doubles d, n, then n rows of d coordinates and a value.
//
//   fit PRESET FILE                     -> seconds objective evaluations theta...
//   objective PRESET FILE MEAN THETA... -> log marginal likelihood + log priors with that mean
//   predict PRESET FILE QUERIES THETA.. -> seconds of the first call (with the factorization),
//                                          seconds of a later one, first mean, first variance
// THETA: natural values in the model's order: length-scales, output scale, noise variance.
#include <cmath>
#include <cstdio>
#include <ctime>
#include <fstream>
#include <iostream>
#include <sstream>
#include <stdexcept>
#include <string>
#include <vector>

#include <asktell/core/threads.hpp>
#include <asktell/surrogates/gp/fit.hpp>

namespace {

using asktell::GpData;
using asktell::GpMean;
using asktell::GpPreset;
using Eigen::Index;
using Eigen::MatrixXd;
using Eigen::VectorXd;

// Processor time of this process, which has one thread.
double now() {
  timespec time{};
  clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time);
  return static_cast<double>(time.tv_sec) + 1e-9 * static_cast<double>(time.tv_nsec);
}

GpData read_data(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  double sizes[2] = {0, 0};
  file.read(reinterpret_cast<char*>(sizes), sizeof sizes);
  const auto d = static_cast<Index>(sizes[0]);
  const auto n = static_cast<Index>(sizes[1]);
  MatrixXd rows(d + 1, n);
  file.read(reinterpret_cast<char*>(rows.data()),
            static_cast<std::streamsize>(sizeof(double)) * rows.size());
  if (!file) throw std::runtime_error("\"" + path + "\" is not a data set");
  GpData data;
  data.x = rows.topRows(d);
  data.z = rows.row(d).transpose();
  return data;
}

VectorXd read_theta(std::istream& words) {
  std::vector<double> theta;
  for (double value = 0; words >> value;) theta.push_back(std::log(value));
  return Eigen::Map<VectorXd>(theta.data(), static_cast<Index>(theta.size()));
}

std::string fit(const asktell::Kernel& kernel, const GpPreset& preset, const GpData& data) {
  const double began = now();
  const asktell::FitReport report = asktell::fit_members(kernel, data, {preset})[0];
  std::ostringstream out;
  out.precision(17);
  out << now() - began << ' ' << report.objective << ' ' << report.evaluations;
  for (double value : report.theta) out << ' ' << std::exp(value);
  return out.str();
}

std::string objective(const asktell::Kernel& kernel, const GpPreset& preset, const GpData& data,
                      double mean, const VectorXd& theta) {
  const GpMean given{.kind = GpMean::Kind::kFixed, .value = mean};
  asktell::MarginalLikelihood likelihood(kernel, data, given);
  const asktell::HyperBox box(asktell::model_parameters(kernel, data), preset);
  std::ostringstream out;
  out.precision(17);
  out << likelihood.evaluate(theta, nullptr) + box.log_prior(theta, nullptr);
  return out.str();
}

std::string predict(const asktell::KernelPtr& kernel, const GpPreset& preset, const GpData& data,
                    const MatrixXd& queries, const VectorXd& theta) {
  VectorXd mean, variance;
  const double began = now();
  const asktell::GpPosterior model(kernel, data, theta, preset.mean);
  model.predict(queries, mean, variance);
  const double first = now() - began;
  const double again = now();
  model.predict(queries, mean, variance);
  std::ostringstream out;
  out.precision(17);
  out << first << ' ' << now() - again << ' ' << mean[0] << ' ' << variance[0];
  return out.str();
}

std::string answer(std::istream& words) {
  std::string command, name, path;
  words >> command >> name >> path;
  const GpData data = read_data(path);
  const GpPreset preset = asktell::gp_preset(name, data.dimension());
  const asktell::KernelPtr kernel = asktell::preset_kernel(preset, data.dimension());
  if (command == "fit") return fit(*kernel, preset, data);
  if (command == "objective") {
    double mean = 0;
    words >> mean;
    return objective(*kernel, preset, data, mean, read_theta(words));
  }
  if (command == "predict") {
    std::string queries;
    words >> queries;
    return predict(kernel, preset, data, read_data(queries).x, read_theta(words));
  }
  throw std::runtime_error("no command \"" + command + "\"");
}

}  // namespace

int main() try {
  asktell::set_threads(1);
  for (std::string line; std::getline(std::cin, line);) {
    std::istringstream words(line);
    std::cout << answer(words) << std::endl;
  }
  return 0;
} catch (const std::exception& error) {
  std::fprintf(stderr, "%s\n", error.what());
  return 2;
}
