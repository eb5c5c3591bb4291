// See waves.hpp.
#include <asktell/surrogates/gp/kernels/waves.hpp>

#include <algorithm>
#include <bit>
#include <boost/math/special_functions/gamma.hpp>
#include <cmath>
#include <numbers>

namespace asktell::kernels {
namespace {

using Eigen::Index;
using Eigen::MatrixXd;
using Eigen::VectorXd;

// The scale t of a wave's normal frequencies, k(r2) = E[exp(-t r2 / 2)]: inverse gamma for Matern
// kernels, gamma for the rational quadratic, 1 for the squared exponential.
double draw_scale(Form form, double shape, RandomStream& stream) {
  const auto gamma = [&](double a) { return boost::math::gamma_p_inv(a, stream.uniform()) / a; };
  switch (form) {
    case Form::kRbf:
      return 1;
    case Form::kMatern12:
      return 1 / gamma(0.5);
    case Form::kMatern32:
      return 1 / gamma(1.5);
    case Form::kMatern52:
      return 1 / gamma(2.5);
    case Form::kRationalQuadratic:
      return gamma(shape);
  }
  return 1;
}

}  // namespace

WavePhases::WavePhases(Form form, double shape, const Embedding& embedding, VectorXd theta,
                       Index waves, RandomStream& stream)
    : embedding_(embedding),
      theta_(std::move(theta)),
      frequencies_(waves, embedding.rows()),
      scales_(waves) {
  for (Index i = 0; i < waves; ++i) {
    scales_[i] = draw_scale(form, shape, stream);
    for (Index k = 0; k < frequencies_.cols(); ++k) {
      frequencies_(i, k) = std::sqrt(scales_[i]) * stream.normal();
    }
  }
  seed_ = stream.seed();
  turning_.resize(embedding_.categories().size());
  for (std::size_t c = 0; c < turning_.size(); ++c) {
    for (Index i = 0; i < waves; ++i) {
      if (turns(i, c)) turning_[c].push_back(i);
    }
  }
}

// One choice a wave, one angle a wave and category.
bool WavePhases::turns(Index wave, std::size_t category) const {
  const Embedding::Category& about = embedding_.categories()[category];
  const double kept = std::exp(-0.5 * scales_[wave] * embedding_.mismatch(about, theta_.data()));
  const std::uint64_t seed = spread_seed(seed_ + static_cast<std::uint64_t>(wave)) + category;
  return RandomStream(seed, Purpose::kChoice).uniform() >= kept;
}

double WavePhases::angle(Index wave, std::size_t category, double value) const {
  const Embedding::Category& about = embedding_.categories()[category];
  const auto code = std::isnan(value)                   ? ~std::uint64_t{0}
                    : about.metric == Metric::kActivity ? std::uint64_t{0}
                                                        : std::bit_cast<std::uint64_t>(value);
  const std::uint64_t seed = spread_seed(seed_ + static_cast<std::uint64_t>(wave)) + category;
  return 2 * std::numbers::pi * RandomStream(spread_seed(seed) ^ code, Purpose::kChoice).uniform();
}

// Points share few values, so that angles are drawn once for each.
void WavePhases::add_angles(std::size_t category, const MatrixXd& x, MatrixXd& phases) const {
  const std::vector<Index>& waves = turning_[category];
  const Index column = embedding_.categories()[category].column;
  std::vector<std::uint64_t> known;
  std::vector<VectorXd> angles;
  for (Index j = 0; j < x.cols(); ++j) {
    const double value = x(column, j);
    const auto code = std::bit_cast<std::uint64_t>(value);
    const auto at =
        static_cast<std::size_t>(std::find(known.begin(), known.end(), code) - known.begin());
    if (at == known.size()) {
      known.push_back(code);
      angles.emplace_back(static_cast<Index>(waves.size()));
      for (std::size_t k = 0; k < waves.size(); ++k) {
        angles.back()[static_cast<Index>(k)] = angle(waves[k], category, value);
      }
    }
    for (std::size_t k = 0; k < waves.size(); ++k) {
      phases(waves[k], j) += angles[at][static_cast<Index>(k)];
    }
  }
}

void WavePhases::set(const MatrixXd& x, bool add, MatrixXd& phases) const {
  MatrixXd u;
  embedding_.apply(x, theta_.data(), u);
  dense::multiply(false, false, 1, frequencies_, u, add ? 1 : 0, phases);
  for (std::size_t c = 0; c < turning_.size(); ++c) add_angles(c, x, phases);
}

void WavePhases::input_gradient(const MatrixXd& x, const MatrixXd& weights, MatrixXd& out) const {
  MatrixXd g(embedding_.rows(), x.cols());
  dense::multiply(true, false, 1, frequencies_, weights, 0, g);
  embedding_.input_gradient(x, theta_.data(), g, 1, out);
}

WaveMap::WaveMap(Form form, double shape, const Embedding& embedding, VectorXd theta, Index count,
                 RandomStream& stream)
    : waves_(std::max<Index>(1, count / 2)) {
  parts_.emplace_back(form, shape, embedding, std::move(theta), waves_, stream);
}

std::unique_ptr<WaveMap> WaveMap::product(const WaveMap& a, const WaveMap& b) {
  std::unique_ptr<WaveMap> both(new WaveMap(a));
  both->parts_.insert(both->parts_.end(), b.parts_.begin(), b.parts_.end());
  return both;
}

MatrixXd WaveMap::phases(const MatrixXd& x) const {
  MatrixXd phases(waves_, x.cols());
  for (std::size_t i = 0; i < parts_.size(); ++i) parts_[i].set(x, i > 0, phases);
  return phases;
}

void WaveMap::map(const MatrixXd& x, MatrixXd& phi) const {
  const MatrixXd p = phases(x);
  const double norm = 1 / std::sqrt(static_cast<double>(waves_));
  phi.resize(size(), x.cols());
  for (Index j = 0; j < x.cols(); ++j) {
    dense::sine_cosine(p.col(j).data(), static_cast<std::size_t>(waves_), norm, phi.col(j).data(),
                       phi.col(j).data() + waves_);
  }
}

void WaveMap::input_gradient(const MatrixXd& x, const MatrixXd& weights, MatrixXd& out) const {
  MatrixXd by_phase = phases(x);
  VectorXd sine(waves_), cosine(waves_);
  const double norm = 1 / std::sqrt(static_cast<double>(waves_));
  for (Index j = 0; j < x.cols(); ++j) {
    dense::sine_cosine(by_phase.col(j).data(), static_cast<std::size_t>(waves_), norm, sine.data(),
                       cosine.data());
    by_phase.col(j) = weights.col(j).head(waves_).cwiseProduct(cosine) -
                      weights.col(j).tail(waves_).cwiseProduct(sine);
  }
  for (const WavePhases& part : parts_) part.input_gradient(x, by_phase, out);
}

}  // namespace asktell::kernels
