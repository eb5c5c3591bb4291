// Which Gaussian-process model predicts best from few data? Eight noise-free functions, two design
// sizes each (16 cells), scrambled Sobol designs, 400 uniform test points.
//
//   build/release/bin/bench_gp_models                          # one seed, seconds
//   build/release/bin/bench_gp_models --full --out DIR         # seeds 0 to 5, the reported table
//   build/release/bin/bench_gp_models --models all --seeds 100-123   # with what was tried besides
//
// Prints a table of means over the cells, and with --out also writes DIR/models.md, DIR/cells.csv.
// NLPD is the negative log predictive density of a value in units of the test values' deviation,
// at most 50 a point; with an output transform, of the raw value: the density of the transformed
// one times the transform's slope. A mixture counts by its mean and variance (what GpMixture
// predicts), and in a further column by the mean of its members' densities. RMSE is in the same
// units; Spearman's rank correlation is that of predicted means and values.
#include <algorithm>
#include <array>
#include <cmath>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <map>
#include <numbers>
#include <numeric>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

#include <asktell/benchmarks/problems/classic/classic.hpp>
#include <asktell/benchmarks/statistics.hpp>
#include <asktell/core/random.hpp>
#include <asktell/core/sobol.hpp>
#include <asktell/core/threads.hpp>
#include <asktell/surrogates/gp/fit.hpp>
#include <asktell/surrogates/gp/gaussian_process.hpp>
#include <asktell/surrogates/transforms/output_transform.hpp>
#include <asktell/surrogates/transforms/robust.hpp>

namespace {

using asktell::GpPreset;
using asktell::OutputTransform;
using asktell::TransformKind;
using asktell::benchmarks::Classic;
using asktell::benchmarks::spearman;
using asktell::benchmarks::standard_error;
using Eigen::Index;
using Eigen::MatrixXd;
using Eigen::VectorXd;

constexpr Index kTestPoints = 400;
constexpr double kWorst = 50;  // NLPD of a point at most

struct Cell {
  Classic function;
  int points;
  std::string name() const { return function.name() + " n=" + std::to_string(points); }
};

std::vector<Cell> all_cells() {
  const Classic hartmann("hartmann6");
  const std::vector<std::pair<Classic, std::array<int, 2>>> functions = {
      {Classic("branin"), {8, 16}},         {hartmann, {18, 48}},
      {Classic("ackley", 5), {15, 40}},     {Classic("levy", 4), {12, 32}},
      {Classic("rosenbrock", 4), {12, 32}}, {Classic("styblinski-tang", 6), {18, 48}},
      {hartmann.embedded(20), {24, 64}},    {hartmann.embedded(50), {36, 96}}};
  std::vector<Cell> cells;
  for (const auto& [function, sizes] : functions) {
    for (int points : sizes) cells.push_back({function, points});
  }
  return cells;
}

struct DataSet {
  MatrixXd x, test_x;  // d x n, d x 400, unit cube
  VectorXd y, test_y;
  double unit;  // deviation of test_y
};

VectorXd values(const Classic& function, const MatrixXd& x) {
  VectorXd y(x.cols());
  for (Index j = 0; j < x.cols(); ++j) {
    y[j] = function.at_unit({x.col(j).data(), static_cast<std::size_t>(x.rows())});
  }
  return y;
}

DataSet make_data(const Cell& cell, std::uint64_t seed) {
  const Index d = cell.function.dimension();
  DataSet data;
  data.x.resize(d, cell.points);
  const asktell::SobolPoints sobol(static_cast<std::size_t>(d), asktell::spread_seed(seed));
  for (Index j = 0; j < data.x.cols(); ++j) {
    sobol.point(static_cast<std::uint64_t>(j), {data.x.col(j).data(), static_cast<std::size_t>(d)});
  }
  data.test_x.resize(d, kTestPoints);
  asktell::RandomStream stream(seed, asktell::Purpose::kUser);
  stream.fill_uniform({data.test_x.data(), static_cast<std::size_t>(data.test_x.size())});
  data.y = values(cell.function, data.x);
  data.test_y = values(cell.function, data.test_x);
  data.unit = std::sqrt((data.test_y.array() - data.test_y.mean()).square().mean());
  return data;
}

double median(VectorXd v) {
  std::sort(v.begin(), v.end());
  return asktell::median_of_sorted({v.data(), static_cast<std::size_t>(v.size())});
}

// The affine map before a transform: powers have no units of their own. kRobust: from the median,
// in median absolute deviations (scaled to 1 for a large normal sample).
enum class Units { kRaw, kDeviations, kCentred, kRobust };

// A transform fitted to (y - centre) / unit.
class Output {
 public:
  Output(TransformKind kind, Units units, const VectorXd& y) {
    const double mean = y.mean();
    if (units == Units::kCentred) centre_ = mean;
    if (units == Units::kRobust) centre_ = median(y);
    if (units == Units::kRobust) {
      unit_ = 1.4826 * median((y.array() - centre_).abs());
    } else if (units != Units::kRaw) {
      unit_ = std::sqrt((y.array() - mean).square().mean());
    }
    const VectorXd scaled = (y.array() - centre_) / unit_;
    transform_ = OutputTransform(kind, scaled);
    z_ = transform_.apply(scaled);
  }
  const VectorXd& z() const { return z_; }
  double apply(double y) const { return transform_.apply(scaled(y)); }
  double log_slope(double y) const { return std::log(transform_.slope(scaled(y)) / unit_); }
  double inverse(double z) const { return centre_ + unit_ * transform_.inverse(z); }
  // Box-Cox has no density at or below 0.
  bool defined(double y) const {
    return transform_.applied() != TransformKind::kBoxCox || scaled(y) > 0;
  }

 private:
  double scaled(double y) const { return (y - centre_) / unit_; }

  double centre_ = 0, unit_ = 1;
  OutputTransform transform_;
  VectorXd z_;
};

struct Member {
  std::string preset;    // of gp_preset, or "0.35/0.75": log-normal length-scales, the centre a
                         // share of the cube's diagonal
  double warp_from = 0;  // input warp from this number of points per dimension; 0: never
  bool noise_free = false;
  bool linear = false;  // a linear kernel added
};

struct Model {
  std::string label;
  TransformKind transform = TransformKind::kStandardize;
  Units units = Units::kRaw;
  std::vector<Member> members = {};
  bool tempered = false;  // weights exp(leave-one-out / sqrt n) in place of equal ones
  bool shipped = false;   // asktell::GaussianProcess as it is; nothing above counts
};

std::vector<Member> four() {
  return {{"hvarfner"}, {"botorch_legacy"}, {"0.35/0.75"}, {"0.5/0.75"}};
}
std::vector<Member> three() {
  return {{"hvarfner"}, {"botorch_legacy"}, {"0.25/0.75"}};
}
std::vector<Member> warped(std::vector<Member> members, double from) {
  for (Member& member : members) member.warp_from = from;
  return members;
}
std::vector<Member> noise_free(std::vector<Member> members) {
  for (Member& member : members) member.noise_free = true;
  return members;
}
std::vector<Member> with_linear(std::vector<Member> members) {
  for (Member& member : members) member.linear = true;
  return members;
}

constexpr TransformKind kNone = TransformKind::kStandardize;
constexpr TransformKind kPower = TransformKind::kYeoJohnson;

std::vector<Model> reported_models() {
  return {{"RBF, a = 1, H24 priors (BoTorch's default)", kNone, Units::kRaw, {{"botorch"}}},
          {"Matern 5/2, a = 1, H24 priors", kNone, Units::kRaw, {{"hvarfner"}}},
          {"Matern 5/2, Gamma(3, 6)", kNone, Units::kRaw, {{"botorch_legacy"}}},
          {"Matern 5/2, LN(log(.25 sqrt d), .75)", kNone, Units::kRaw, {{"0.25/0.75"}}},
          {"Matern 5/2, LN(log(.35 sqrt d), .75)", kNone, Units::kRaw, {{"0.35/0.75"}}},
          {"Matern 5/2, LN(log(.5 sqrt d), 1)", kNone, Units::kRaw, {{"0.5/1"}}},
          {"Matern 5/2, LN(log(.7 sqrt d), .75)", kNone, Units::kRaw, {{"0.7/0.75"}}},
          {"mixture of four", kNone, Units::kRaw, four()},
          {"mixture, weights exp(LOO / sqrt n)", kNone, Units::kRaw, four(), true},
          {"Yeo-Johnson + LN(log(.35 sqrt d), .75)", kPower, Units::kCentred, {{"0.35/0.75"}}},
          {"Yeo-Johnson + mixture of four", kPower, Units::kCentred, four()},
          {"Yeo-Johnson of y / sd + mixture of four", kPower, Units::kDeviations, four()},
          {"HEBO's transform + mixture of four", TransformKind::kHebo, Units::kRaw, four()},
          {"robust Yeo-Johnson + mixture of four", kPower, Units::kRobust, four()},
          {"robust Yeo-Johnson + mixture of three", kPower, Units::kRobust, three()},
          {"the last with input warp from n = 3 d", kPower, Units::kRobust, warped(three(), 3)},
          {.label = "GaussianProcess, its defaults", .shipped = true}};
}

std::vector<Model> tried_models() {
  return {
      {"maximum likelihood", kNone, Units::kRaw, {{"none"}}},
      {"Vizier's priors", kNone, Units::kRaw, {{"vizier"}}},
      {"raw Yeo-Johnson + mixture of four", kPower, Units::kRaw, four()},
      {"robust Yeo-Johnson + BoTorch's default", kPower, Units::kRobust, {{"botorch"}}},
      {"robust Yeo-Johnson + one of three (H24)", kPower, Units::kRobust, {{"hvarfner"}}},
      {"robust Yeo-Johnson + one (Gamma)", kPower, Units::kRobust, {{"botorch_legacy"}}},
      {"robust Yeo-Johnson + one (.25)", kPower, Units::kRobust, {{"0.25/0.75"}}},
      {"robust Yeo-Johnson + one (.35)", kPower, Units::kRobust, {{"0.35/0.75"}}},
      {"robust Yeo-Johnson + three, exp(LOO / sqrt n)", kPower, Units::kRobust, three(), true},
      {"robust Yeo-Johnson + three, noise-free", kPower, Units::kRobust, noise_free(three())},
      {"robust Yeo-Johnson + three, linear", kPower, Units::kRobust, with_linear(three())},
      {"robust Yeo-Johnson + four, warp from 3 d", kPower, Units::kRobust, warped(four(), 3)},
      {"robust Yeo-Johnson + four, warp from 5 d", kPower, Units::kRobust, warped(four(), 5)},
      {"robust Yeo-Johnson + three, warp from 5 d", kPower, Units::kRobust, warped(three(), 5)},
      {"robust Yeo-Johnson + three, warp always", kPower, Units::kRobust, warped(three(), 1e-3)},
      {"no transform, three, warp from 3 d", kNone, Units::kRaw, warped(three(), 3)}};
}

GpPreset preset_of(const Member& member, Index d) {
  const std::size_t slash = member.preset.find('/');
  if (slash == std::string::npos) return asktell::gp_preset(member.preset, d, member.noise_free);
  GpPreset preset = asktell::gp_preset("asktell", d, member.noise_free);
  const double share = std::stod(member.preset.substr(0, slash));
  const double sigma = std::stod(member.preset.substr(slash + 1));
  const double mu = std::log(share * std::sqrt(static_cast<double>(d)));
  preset.lengthscale.prior = asktell::Prior::log_normal(mu, sigma);
  preset.lengthscale.start = std::exp(mu - sigma * sigma);
  return preset;
}

asktell::KernelPtr kernel_of(const Member& member, const GpPreset& preset, Index points, Index d) {
  namespace kernels = asktell::kernels;
  const bool warp = member.warp_from > 0 &&
                    static_cast<double>(points) >= member.warp_from * static_cast<double>(d);
  asktell::KernelPtr kernel = kernels::scaled(
      kernels::stationary({.form = preset.form, .columns = kernels::all_columns(d), .warp = warp}));
  if (!member.linear) return kernel;
  return kernels::sum({kernel, kernels::linear(kernels::all_columns(d))});
}

// What a member says about the test points.
struct Prediction {
  VectorXd mean, variance;  // of the observation: noise is in the variance
  double left_out = 0;      // sum of leave-one-out log densities
};

Prediction predict(const Member& member, const DataSet& data, const VectorXd& z,
                   std::uint64_t seed) {
  const Index d = data.x.rows();
  const GpPreset preset = preset_of(member, d);
  const asktell::KernelPtr kernel = kernel_of(member, preset, data.x.cols(), d);
  asktell::GpData observed;
  observed.x = data.x;
  observed.z = z;
  const auto fits = asktell::fit_members(*kernel, observed, {preset}, {}, {.seed = seed});
  const asktell::GpPosterior model(kernel, observed, fits[0].theta, preset.mean);
  Prediction out;
  model.predict(data.test_x, out.mean, out.variance);
  out.variance.array() += model.noise(0);
  out.left_out = model.leave_one_out().log_density.sum();
  return out;
}

VectorXd weights(const std::vector<const Prediction*>& members, bool tempered, Index points) {
  VectorXd w = VectorXd::Zero(static_cast<Index>(members.size()));
  if (tempered) {
    for (Index i = 0; i < w.size(); ++i) w[i] = members[static_cast<std::size_t>(i)]->left_out;
    w /= std::sqrt(static_cast<double>(points));
  }
  w = (w.array() - w.maxCoeff()).exp();
  return w / w.sum();
}

// Mean of means; variance within plus variance of the means.
Prediction mixture(const std::vector<const Prediction*>& members, const VectorXd& w) {
  const Index count = members[0]->mean.size();
  Prediction out{.mean = VectorXd::Zero(count), .variance = VectorXd::Zero(count)};
  for (Index i = 0; i < w.size(); ++i)
    out.mean += w[i] * members[static_cast<std::size_t>(i)]->mean;
  for (Index i = 0; i < w.size(); ++i) {
    const Prediction& member = *members[static_cast<std::size_t>(i)];
    out.variance += w[i] * (member.variance + (member.mean - out.mean).cwiseAbs2());
  }
  return out;
}

double log_normal_density(double z, double m, double v) {
  return -0.5 * (std::log(2 * std::numbers::pi * v) + (z - m) * (z - m) / v);
}

double capped(double log_density) {
  return std::isfinite(log_density) ? std::min(kWorst, -log_density) : kWorst;
}

// Of one model on one data set.
struct Score {
  double nlpd = 0;
  double nlpd_of_density = 0;  // of a mixture: by its members' mean density
  double rmse = 0;             // of medians; NaN with a transform, whose inverse has no bound
  double spearman = 0;
};

Score score(const Model& model, const DataSet& data, const Output& output,
            const std::vector<const Prediction*>& members) {
  const VectorXd w = weights(members, model.tempered, data.y.size());
  const Prediction all = mixture(members, w);
  const auto count = static_cast<double>(data.test_y.size());
  Score s;
  for (Index j = 0; j < data.test_y.size(); ++j) {
    const double y = data.test_y[j];
    if (!output.defined(y)) {
      s.nlpd += kWorst / count;
      s.nlpd_of_density += kWorst / count;
      continue;
    }
    const double z = output.apply(y);
    const double units = output.log_slope(y) + std::log(data.unit);
    s.nlpd += capped(log_normal_density(z, all.mean[j], all.variance[j]) + units) / count;
    double density = 0;
    for (Index i = 0; i < w.size(); ++i) {
      const Prediction& member = *members[static_cast<std::size_t>(i)];
      density += w[i] * std::exp(log_normal_density(z, member.mean[j], member.variance[j]));
    }
    s.nlpd_of_density += capped(std::log(density) + units) / count;
    s.rmse += std::pow((output.inverse(all.mean[j]) - y) / data.unit, 2) / count;
  }
  s.rmse = model.transform == kNone ? std::sqrt(s.rmse) : std::nan("");
  s.spearman = spearman(all.mean, data.test_y);
  return s;
}

Score score_shipped(const DataSet& data) {
  asktell::GaussianProcess gp;
  gp.fit(data.x, data.y);
  const asktell::Prediction at = gp.predict(data.test_x);
  const VectorXd density = gp.log_density(data.test_x, data.test_y).array() + std::log(data.unit);
  Score s;
  for (const double value : density) s.nlpd += capped(value) / static_cast<double>(density.size());
  s.nlpd_of_density = s.nlpd;
  s.rmse = std::sqrt((at.mean - data.test_y).squaredNorm() / static_cast<double>(density.size())) /
           data.unit;
  s.spearman = spearman(at.mean, data.test_y);
  return s;
}

// All models on one data set; members that several models share are fitted once.
std::vector<Score> run(const std::vector<Model>& models, const Cell& cell, std::uint64_t seed) {
  const DataSet data = make_data(cell, seed);
  std::map<std::pair<TransformKind, Units>, Output> outputs;
  std::map<std::string, Prediction> fitted;
  std::vector<Score> scores;
  for (const Model& model : models) {
    if (model.shipped) {
      scores.push_back(score_shipped(data));
      continue;
    }
    const Output& output =
        outputs.try_emplace({model.transform, model.units}, model.transform, model.units, data.y)
            .first->second;
    std::vector<const Prediction*> members;
    for (const Member& member : model.members) {
      const std::string key = std::to_string(static_cast<int>(model.transform)) + " " +
                              std::to_string(static_cast<int>(model.units)) + " " + member.preset +
                              " " + std::to_string(member.warp_from) +
                              (member.noise_free ? " noise-free" : "") +
                              (member.linear ? " linear" : "");
      auto at = fitted.find(key);
      if (at == fitted.end()) {
        at = fitted.emplace(key, predict(member, data, output.z(), seed)).first;
      }
      members.push_back(&at->second);
    }
    scores.push_back(score(model, data, output, members));
  }
  return scores;
}

struct Options {
  std::uint64_t first = 0, last = 0;  // seeds
  bool all = false;
  std::filesystem::path out;
};

Options read_options(int argc, char** argv) {
  Options options;
  const std::vector<std::string> words(argv + 1, argv + argc);
  for (std::size_t i = 0; i < words.size(); ++i) {
    const bool more = i + 1 < words.size();
    if (words[i] == "--full") {
      options.last = 5;
    } else if (words[i] == "--out" && more) {
      options.out = words[++i];
    } else if (words[i] == "--models" && more && words[i + 1] == "all") {
      options.all = true;
      ++i;
    } else if (words[i] == "--seeds" && more) {
      const std::string& range = words[++i];
      options.first = std::stoull(range);
      options.last = std::stoull(range.substr(range.find('-') + 1));
    } else {
      throw std::invalid_argument(
          "usage: bench_gp_models [--full] [--seeds FIRST-LAST] "
          "[--models all] [--out DIR]; not \"" +
          words[i] + "\"");
    }
  }
  return options;
}

using Results = std::vector<std::vector<Score>>;  // [cell * seeds + seed][model]

std::string table(const std::vector<Model>& models, const Results& results, std::size_t seeds) {
  std::string out =
      "| model | NLPD | +- | NLPD of density | RMSE | Spearman | Spearman, last cell |\n"
      "|---|---|---|---|---|---|---|\n";
  const std::size_t cells = results.size() / seeds;
  for (std::size_t m = 0; m < models.size(); ++m) {
    VectorXd nlpd = VectorXd::Zero(static_cast<Index>(seeds)), density = nlpd, rmse = nlpd,
             rank = nlpd, last = nlpd;
    for (std::size_t t = 0; t < results.size(); ++t) {
      const auto seed = static_cast<Index>(t % seeds);
      const auto share = 1 / static_cast<double>(cells);
      const Score& s = results[t][m];
      nlpd[seed] += share * s.nlpd;
      density[seed] += share * s.nlpd_of_density;
      rmse[seed] += share * s.rmse;
      rank[seed] += share * s.spearman;
      if (t / seeds + 1 == cells) last[seed] = s.spearman;
    }
    const std::string error =
        std::isnan(rmse.mean()) ? "-" : std::to_string(rmse.mean()).substr(0, 5);
    char line[256];
    std::snprintf(line, sizeof line, "| %s | %.3f | %.3f | %.3f | %s | %.3f | %.3f |\n",
                  models[m].label.c_str(), nlpd.mean(), standard_error(nlpd), density.mean(),
                  error.c_str(), rank.mean(), last.mean());
    out += line;
  }
  return out;
}

void write(const Options& options, const std::string& markdown, const std::vector<Model>& models,
           const std::vector<Cell>& cells, const Results& results) {
  std::filesystem::create_directories(options.out);
  std::ofstream(options.out / "models.md") << markdown;
  std::ofstream csv(options.out / "cells.csv");
  csv << "model,cell,seed,nlpd,nlpd_of_density,rmse,spearman\n";
  const std::size_t seeds = results.size() / cells.size();
  for (std::size_t t = 0; t < results.size(); ++t) {
    for (std::size_t m = 0; m < models.size(); ++m) {
      const Score& s = results[t][m];
      csv << '"' << models[m].label << "\"," << cells[t / seeds].name() << ','
          << options.first + t % seeds << ',' << s.nlpd << ',' << s.nlpd_of_density << ',' << s.rmse
          << ',' << s.spearman << '\n';
    }
  }
}

}  // namespace

int main(int argc, char** argv) try {
  const Options options = read_options(argc, argv);
  const std::vector<Cell> cells = all_cells();
  std::vector<Model> models = reported_models();
  if (options.all) {
    for (Model& model : tried_models()) models.push_back(std::move(model));
  }
  const std::size_t seeds = options.last - options.first + 1;
  Results results(cells.size() * seeds);
  asktell::parallel_for(results.size(), 1, [&](std::size_t begin, std::size_t end) {
    for (std::size_t t = begin; t < end; ++t) {
      results[t] = run(models, cells[t / seeds], options.first + t % seeds);
    }
  });
  const std::string markdown = table(models, results, seeds);
  std::fputs(markdown.c_str(), stdout);
  if (!options.out.empty()) write(options, markdown, models, cells, results);
  return 0;
} catch (const std::exception& error) {
  std::fprintf(stderr, "%s\n", error.what());
  return 2;
}
