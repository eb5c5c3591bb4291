// See full_additive.hpp. Elementary symmetric polynomials grow by one variable at a time,
// e_r <- e_r + k_i e_(r-1); without one variable they are b_r = e_r - k_i b_(r-1), and
// de_r/dk_i = b_(r-1). Everything is done for one column of the covariance at a time.
#include <asktell/surrogates/gp/kernels/full_additive.hpp>

#include <cmath>

#include <asktell/core/errors.hpp>
#include <asktell/surrogates/gp/kernels/waves.hpp>

namespace asktell::kernels {
namespace {

using Eigen::ArrayXd;
using Eigen::ArrayXXd;
using Eigen::Index;
using Eigen::MatrixXd;
using Eigen::VectorXd;

constexpr double kCentre = 0.5;  // of the unit cube; also where a missing value counts

class FullAdditive final : public Kernel {
 public:
  FullAdditive(std::vector<Index> columns, Index orders, Form form)
      : columns_(std::move(columns)), orders_(orders), form_(form) {
    for (Index i = 0; i < dimension(); ++i) {
      parameters_.push_back(
          {"lengthscale[" + std::to_string(i) + "]", HyperRole::kLengthscale, 0.005, 1e3, 0.5});
    }
    double sets = 1;  // d choose r
    for (Index r = 1; r <= orders; ++r) {
      sets *= static_cast<double>(dimension() - r + 1) / static_cast<double>(r);
      sets_.push_back(sets);
      parameters_.push_back({"outputscale[" + std::to_string(r) + "]", HyperRole::kOutputscale,
                             1e-4, 1e4, 1 / static_cast<double>(orders)});
    }
  }

  const std::vector<HyperParameter>& parameters() const override { return parameters_; }
  std::unique_ptr<KernelEvaluation> evaluation() const override;
  void diagonal(const MatrixXd& x, const double* theta, VectorXd& k) const override {
    double sum = 0;
    for (Index r = 1; r <= orders_; ++r) sum += variance(r, theta);
    k.setConstant(x.cols(), sum);
  }
  void diagonal_gradient(const MatrixXd&, const double*, const VectorXd&,
                         MatrixXd&) const override {}
  // Coordinates do not covary at z = x, where each k_i is flat.
  bool gradient_covariance(const VectorXd&, const double* theta, MatrixXd& out) const override {
    if (form_ == Form::kMatern12) return false;
    double k = 0, slope = 0, share = 0;
    const double zero = 0;
    dense::stationary(form_, 1, &zero, 1, &k, &slope);
    for (Index r = 1; r <= orders_; ++r) share += variance(r, theta) * static_cast<double>(r);
    share /= static_cast<double>(dimension());
    for (Index i = 0; i < dimension(); ++i) {
      out(column(i), column(i)) += -2 * slope * share * std::exp(-2 * theta[i]);
    }
    return true;
  }
  std::unique_ptr<FeatureMap> features(const double* theta, Index count,
                                       RandomStream& stream) const override;

  Index dimension() const { return static_cast<Index>(columns_.size()); }
  Index orders() const { return orders_; }
  Form form() const { return form_; }
  Index column(Index i) const { return columns_[static_cast<std::size_t>(i)]; }
  double variance(Index r, const double* theta) const {
    return std::exp(theta[dimension() + r - 1]);
  }
  // Of e_r.
  double weight(Index r, const double* theta) const {
    return variance(r, theta) / sets_[static_cast<std::size_t>(r - 1)];
  }
  // u(j, i) = coordinate i of x_j over its length-scale; n x d.
  void scale(const MatrixXd& x, const double* theta, ArrayXXd& u) const {
    u.resize(x.cols(), dimension());
    for (Index i = 0; i < dimension(); ++i) {
      const double inverse = std::exp(-theta[i]);
      for (Index j = 0; j < x.cols(); ++j) {
        const double value = x(column(i), j);
        u(j, i) = std::isnan(value) ? 0 : (value - kCentre) * inverse;
      }
    }
  }

 private:
  std::vector<Index> columns_;
  Index orders_;
  Form form_;
  std::vector<double> sets_;
  std::vector<HyperParameter> parameters_;
};

class FullAdditiveEvaluation final : public KernelEvaluation {
 public:
  explicit FullAdditiveEvaluation(const FullAdditive& kernel) : kernel_(kernel) {}

  void symmetric(const MatrixXd& x, const double* theta, bool, MatrixXd& k) override {
    theta_ = theta;
    kernel_.scale(x, theta, ua_);
    k.resize(x.cols(), x.cols());
    for (Index j = 0; j < k.cols(); ++j) {
      pairs(ua_, j, j);
      k.col(j).tail(k.rows() - j) = sum();
    }
    dense::mirror_lower(k);
  }

  void cross(const MatrixXd& a, const MatrixXd& b, const double* theta, bool,
             MatrixXd& k) override {
    theta_ = theta;
    b_ = &b;
    kernel_.scale(a, theta, ua_);
    kernel_.scale(b, theta, ub_);
    k.resize(a.cols(), b.cols());
    for (Index j = 0; j < k.cols(); ++j) {
      pairs(ub_, j, 0);
      k.col(j) = sum();
    }
  }

  void hyper_gradient(const MatrixXd& w, double factor, double* gradient) override {
    const Index d = kernel_.dimension();
    for (Index j = 0; j < w.cols(); ++j) {
      pairs(ua_, j, j);
      weights_ = 2 * factor * w.col(j).tail(w.rows() - j).array();
      weights_[0] /= 2;
      for (Index r = 1; r <= kernel_.orders(); ++r) {
        gradient[d + r - 1] += kernel_.weight(r, theta_) * (weights_ * elementary_.col(r)).sum();
      }
      for (Index i = 0; i < d; ++i) {
        by_factor(i);
        gradient[i] -= 2 * (weights_ * share_ * slope_.col(i) * difference_.col(i).square()).sum();
      }
    }
  }

  void input_gradient(const MatrixXd& w, double factor, MatrixXd& out) override {
    for (Index j = 0; j < w.cols(); ++j) {
      pairs(ub_, j, 0);
      for (Index i = 0; i < kernel_.dimension(); ++i) {
        const Index column = kernel_.column(i);
        if (std::isnan((*b_)(column, j))) continue;
        by_factor(i);
        const double by_u = (w.col(j).array() * share_ * slope_.col(i) * difference_.col(i)).sum();
        out(column, j) -= 2 * factor * std::exp(-theta_[i]) * by_u;
      }
    }
  }

 private:
  // The pairs of points first, first + 1, ... and point j of b: k_i, their slopes, and e_r.
  void pairs(const ArrayXXd& b, Index j, Index first) {
    const Index n = ua_.rows() - first, d = kernel_.dimension();
    difference_.resize(n, d);
    factor_.resize(n, d);
    slope_.resize(n, d);
    r2_.resize(n);
    elementary_.setZero(n, kernel_.orders() + 1);
    elementary_.col(0).setOnes();
    for (Index i = 0; i < d; ++i) {
      difference_.col(i) = ua_.col(i).tail(n) - b(j, i);
      r2_ = difference_.col(i).square();
      dense::stationary(kernel_.form(), 1, r2_.data(), static_cast<std::size_t>(n),
                        factor_.col(i).data(), slope_.col(i).data());
      for (Index r = std::min(kernel_.orders(), i + 1); r >= 1; --r) {
        elementary_.col(r) += factor_.col(i) * elementary_.col(r - 1);
      }
    }
  }

  const VectorXd& sum() {
    sum_.setZero(elementary_.rows());
    for (Index r = 1; r <= kernel_.orders(); ++r) {
      sum_.array() += kernel_.weight(r, theta_) * elementary_.col(r);
    }
    return sum_;
  }

  // share_ = dk/dk_i.
  void by_factor(Index i) {
    without_.setOnes(elementary_.rows());
    share_.setZero(elementary_.rows());
    for (Index r = 1; r <= kernel_.orders(); ++r) {
      share_ += kernel_.weight(r, theta_) * without_;
      without_ = elementary_.col(r) - factor_.col(i) * without_;
    }
  }

  const FullAdditive& kernel_;
  const double* theta_ = nullptr;
  const MatrixXd* b_ = nullptr;
  ArrayXXd ua_, ub_;                      // n x d
  ArrayXXd difference_, factor_, slope_;  // pairs x d
  ArrayXXd elementary_;                   // pairs x (orders + 1)
  ArrayXd r2_, share_, without_, weights_;
  VectorXd sum_;
};

std::unique_ptr<KernelEvaluation> FullAdditive::evaluation() const {
  return std::make_unique<FullAdditiveEvaluation>(*this);
}

// e_r over its number of sets is the mean over random sets of r coordinates, so a wave of order r
// sees such a set only.
class FullAdditiveMap final : public FeatureMap {
 public:
  FullAdditiveMap(const FullAdditive& kernel, const double* theta, Index waves,
                  RandomStream& stream)
      : kernel_(kernel), theta_(VectorXd::Map(theta, kernel.parameter_count())) {
    const Index d = kernel.dimension(), total = waves * kernel.orders();
    frequencies_.resize(total, d);
    norm_.resize(total);
    for (Index i = 0; i < d; ++i) {
      const Embedding one({.form = kernel.form(), .columns = {0}});
      frequencies_.col(i) =
          WavePhases(kernel.form(), 1, one, VectorXd::Zero(1), total, stream).frequencies();
    }
    for (Index m = 0; m < total; ++m) {
      const Index r = m / waves + 1;
      norm_[m] = std::sqrt(kernel.variance(r, theta) / static_cast<double>(waves));
      Index needed = r;  // selection sampling of r of d coordinates
      for (Index i = 0; i < d; ++i) {
        const auto left = static_cast<std::uint64_t>(d - i);
        const bool chosen = static_cast<Index>(stream.integer(left)) < needed;
        if (chosen) --needed;
        if (!chosen) frequencies_(m, i) = 0;
      }
    }
  }

  Index size() const override { return 2 * norm_.size(); }
  void map(const MatrixXd& x, MatrixXd& phi) const override {
    const ArrayXXd p = phases(x);
    phi.resize(size(), x.cols());
    phi.topRows(norm_.size()) = norm_.asDiagonal() * p.sin().matrix();
    phi.bottomRows(norm_.size()) = norm_.asDiagonal() * p.cos().matrix();
  }
  void input_gradient(const MatrixXd& x, const MatrixXd& weights, MatrixXd& out) const override {
    const ArrayXXd p = phases(x);
    const MatrixXd by_phase =
        norm_.asDiagonal() * (weights.topRows(norm_.size()).array() * p.cos() -
                              weights.bottomRows(norm_.size()).array() * p.sin())
                                 .matrix();
    const MatrixXd by_u = frequencies_.transpose() * by_phase;
    for (Index i = 0; i < kernel_.dimension(); ++i) {
      const Index column = kernel_.column(i);
      for (Index j = 0; j < x.cols(); ++j) {
        if (!std::isnan(x(column, j))) out(column, j) += std::exp(-theta_[i]) * by_u(i, j);
      }
    }
  }

 private:
  ArrayXXd phases(const MatrixXd& x) const {
    ArrayXXd u;
    kernel_.scale(x, theta_.data(), u);
    return (frequencies_ * u.matrix().transpose()).array();
  }

  const FullAdditive kernel_;
  VectorXd theta_;
  MatrixXd frequencies_;  // waves x d
  VectorXd norm_;         // of each wave
};

std::unique_ptr<FeatureMap> FullAdditive::features(const double* theta, Index count,
                                                   RandomStream& stream) const {
  const Index waves = std::max<Index>(1, count / (2 * orders_));
  return std::make_unique<FullAdditiveMap>(*this, theta, waves, stream);
}

}  // namespace

KernelPtr full_additive(std::vector<Index> columns, Index orders, Form form) {
  const auto d = static_cast<Index>(columns.size());
  if (orders < 1 || orders > d) {
    throw OptionError("option.value", "orders of an additive kernel of " + std::to_string(d) +
                                          " coordinates are from 1 to as many, not " +
                                          std::to_string(orders));
  }
  if (form == Form::kRationalQuadratic) {
    throw OptionError("option.value",
                      "kernel is \"rational_quadratic\"; a full additive kernel is of "
                      "\"matern52\", \"matern32\", \"matern12\" or \"rbf\"");
  }
  return std::make_shared<FullAdditive>(std::move(columns), orders, form);
}

}  // namespace asktell::kernels
