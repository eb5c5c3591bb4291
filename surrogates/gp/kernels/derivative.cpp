// See derivative.hpp. With u = (x - z) / l, r2 = |u|^2, s_i = unit_i / l_i and k, g, h, t the form
// and its derivatives by r2,
//
//   cov(f, f) = k + constant                  cov(f_i, f) = 2 g s_i u_i = -cov(f, f_i)
//   cov(f_i, f_j) = s_i s_j (-2 g [i = j] - 4 h u_i u_j).
#include <asktell/surrogates/gp/kernels/derivative.hpp>

#include <algorithm>
#include <cmath>

#include <asktell/core/errors.hpp>
#include <asktell/surrogates/gp/kernels/waves.hpp>

namespace asktell::kernels {
namespace {

using Eigen::Index;
using Eigen::MatrixXd;
using Eigen::VectorXd;

constexpr double kCentre = 0.5;  // of the unit cube

// From the slope g: h = dg/d(r2) and t = dh/d(r2). They are singular at 0 for Matern kernels, where
// the differences that they are multiplied with vanish faster.
struct Curvature {
  double h = 0, t = 0;
};
Curvature curvature(Form form, double shape, double r2, double g) {
  Curvature out;
  if (form == Form::kRbf) {
    out.h = -g / 2;
    out.t = -out.h / 2;
  } else if (form == Form::kRationalQuadratic) {
    const double base = 1 + r2 / (2 * shape);
    out.h = -g * (1 + 1 / shape) / (2 * base);
    out.t = -out.h * (1 + 2 / shape) / (2 * base);
  } else if (form == Form::kMatern32) {
    const double s = std::sqrt(3 * r2);
    if (!(s > 0)) return out;
    out.h = -1.5 * g / s;
    out.t = -1.5 * out.h * (1 + s) / (s * s);
  } else {
    const double s = std::sqrt(5 * r2);
    out.h = -2.5 * g / (1 + s);
    out.t = s > 0 ? -2.5 * out.h / s : 0;
  }
  return out;
}

// Logarithmic derivatives of k, g and h by the logarithm of the rational quadratic's shape.
struct ShapeSlopes {
  double k, g, h;
};
ShapeSlopes shape_slopes(double shape, double r2) {
  const double base = 1 + r2 / (2 * shape), share = (base - 1) / base;
  const double k = shape * (share - std::log(base));
  return {k, k + share, k + 2 * share - 1 / (shape + 1)};
}

// Coordinate by which column j is a partial derivative; -1: it is a value.
Index partial_at(const MatrixXd& x, Index dimension, Index j) {
  return static_cast<Index>(x(dimension, j)) - 1;
}

class Derivative final : public Kernel {
 public:
  Derivative(Index dimension, const DerivativeOptions& options)
      : options_(options), dimension_(dimension), values_(stationary(options.form, dimension)) {
    if (options_.unit.size() == 0) options_.unit.setOnes(dimension);
    // -2 g at r2 = 0: the variance of unit-free partial derivatives.
    double k = 0, g = 0;
    const double zero = 0;
    dense::stationary(options_.form, 1, &zero, 1, &k, &g);
    slope_variance_ = -2 * g;
  }

  const std::vector<HyperParameter>& parameters() const override { return values_->parameters(); }
  std::unique_ptr<KernelEvaluation> evaluation() const override;
  void diagonal(const MatrixXd& x, const double* theta, VectorXd& k) const override {
    k.resize(x.cols());
    for (Index j = 0; j < x.cols(); ++j) {
      const Index i = partial(x, j);
      const double s = i < 0 ? 0 : scale(i, theta);
      k[j] = i < 0 ? 1 + options_.constant : slope_variance_ * s * s;
    }
  }
  void diagonal_gradient(const MatrixXd&, const double*, const VectorXd&,
                         MatrixXd&) const override {}
  std::unique_ptr<FeatureMap> features(const double* theta, Index count,
                                       RandomStream& stream) const override;

  Form form() const { return options_.form; }
  Index dimension() const { return dimension_; }
  double constant() const { return options_.constant; }
  double unit(Index i) const { return options_.unit[i]; }
  double shape(const double* theta) const {
    return form() == Form::kRationalQuadratic ? std::exp(theta[dimension_]) : 1;
  }
  double scale(Index i, const double* theta) const {
    return options_.unit[i] * std::exp(-theta[i]);
  }
  Index partial(const MatrixXd& x, Index j) const { return partial_at(x, dimension_, j); }

 private:
  DerivativeOptions options_;
  Index dimension_;
  KernelPtr values_;
  double slope_variance_;
};

class DerivativeEvaluation final : public KernelEvaluation {
 public:
  explicit DerivativeEvaluation(const Derivative& kernel) : kernel_(kernel) {}

  void symmetric(const MatrixXd& x, const double* theta, bool slopes, MatrixXd& k) override {
    prepare(x, theta, a_);
    evaluate(a_, a_, theta, slopes, true, k);
    dense::mirror_lower(k);
    if (!slopes) return;
    dense::mirror_lower(by_r2_);
    dense::mirror_lower(moved_);
    if (by_shape_.size() > 0) dense::mirror_lower(by_shape_);
  }

  void cross(const MatrixXd& a, const MatrixXd& b, const double* theta, bool slopes,
             MatrixXd& k) override {
    prepare(a, theta, a_);
    prepare(b, theta, b_);
    evaluate(a_, b_, theta, slopes, false, k);
  }

  void hyper_gradient(const MatrixXd& w, double factor, double* gradient) override {
    const Index d = kernel_.dimension();
    t_ = w.cwiseProduct(by_r2_);
    ut_.resize(d, t_.cols());
    dense::multiply(false, false, 1, a_.u, t_, 0, ut_);
    sums_ = t_.colwise().sum();
    for (Index m = 0; m < d; ++m) {
      double sum = 0;
      for (Index j = 0; j < t_.cols(); ++j) {
        sum += a_.u(m, j) * (sums_[j] * a_.u(m, j) - ut_(m, j));
      }
      gradient[m] -= 4 * factor * sum;
    }
    for (Index i = 0; i < w.cols(); ++i) {
      const Index by = a_.partial[static_cast<std::size_t>(i)];
      if (by >= 0) gradient[by] -= 2 * factor * w.col(i).dot(moved_.col(i));
    }
    if (by_shape_.size() > 0) gradient[d] += factor * w.cwiseProduct(by_shape_).sum();
  }

  void input_gradient(const MatrixXd& w, double factor, MatrixXd& out) override {
    const Index d = kernel_.dimension();
    t_ = w.cwiseProduct(by_r2_);
    ut_.resize(d, t_.cols());
    dense::multiply(false, false, 1, a_.u, t_, 0, ut_);
    sums_ = t_.colwise().sum();
    for (Index j = 0; j < w.cols(); ++j) {
      for (Index m = 0; m < d; ++m) {
        const double by_u = 2 * (ut_(m, j) - sums_[j] * b_.u(m, j));
        out(m, j) -= factor * b_.inverse[m] * by_u;
      }
      for (Index i = 0; i < w.rows(); ++i) move_difference(i, j, factor * w(i, j), out);
    }
  }

 private:
  struct Side {
    MatrixXd u;                  // d x n, points over length-scales
    std::vector<Index> partial;  // n; -1: a value
    VectorXd inverse, scale;     // d; 1 / l and unit / l
  };

  void prepare(const MatrixXd& x, const double* theta, Side& side) const {
    const Index d = kernel_.dimension();
    side.u.resize(d, x.cols());
    side.inverse.resize(d);
    side.scale.resize(d);
    side.partial.resize(static_cast<std::size_t>(x.cols()));
    for (Index m = 0; m < d; ++m) {
      side.inverse[m] = std::exp(-theta[m]);
      side.scale[m] = kernel_.scale(m, theta);
      side.u.row(m) = side.inverse[m] * (x.row(m).array() - kCentre).matrix();
    }
    for (Index j = 0; j < x.cols(); ++j) {
      side.partial[static_cast<std::size_t>(j)] = kernel_.partial(x, j);
    }
  }

  // Fills k and, with slopes, its derivatives; on and below the diagonal only when `lower`.
  void evaluate(const Side& a, const Side& b, const double* theta, bool slopes, bool lower,
                MatrixXd& k) {
    const Index n = a.u.cols(), m = b.u.cols();
    k.resize(n, m);
    r2_.resize(n, m);
    slope_.resize(n, m);
    if (slopes) {
      by_r2_.resize(n, m);
      moved_.resize(n, m);
      curvature_.resize(n, m);
      if (kernel_.form() == Form::kRationalQuadratic) by_shape_.resize(n, m);
    }
    if (lower) {
      dense::squared_distances_symmetric(a.u, r2_);
    } else {
      dense::squared_distances(a.u, b.u, r2_);
    }
    const double shape = kernel_.shape(theta);
    for (Index j = 0; j < m; ++j) {
      const Index first = lower ? j : 0;
      dense::stationary(kernel_.form(), shape, r2_.col(j).data() + first,
                        static_cast<std::size_t>(n - first), k.col(j).data() + first,
                        slope_.col(j).data() + first);
      for (Index i = first; i < n; ++i) entry(a, b, i, j, shape, slopes, k);
    }
  }

  // k(i, j) holds the form's value, and becomes the covariance.
  void entry(const Side& a, const Side& b, Index i, Index j, double shape, bool slopes,
             MatrixXd& k) {
    const Index p = a.partial[static_cast<std::size_t>(i)];
    const Index q = b.partial[static_cast<std::size_t>(j)];
    const double r2 = r2_(i, j), g = slope_(i, j), value = k(i, j);
    const bool both = p >= 0 && q >= 0;
    const Curvature c = slopes || both ? curvature(kernel_.form(), shape, r2, g) : Curvature();
    // k = by_g g + by_h h, the latter of degree 2 in u, or by_g g of degree 1.
    double by_g = 0, by_h = 0;
    if (both) {
      const double s = a.scale[p] * b.scale[q];
      by_g = p == q ? -2 * s : 0;
      by_h = -4 * s * (a.u(p, i) - b.u(p, j)) * (a.u(q, i) - b.u(q, j));
    } else if (p >= 0) {
      by_g = 2 * a.scale[p] * (a.u(p, i) - b.u(p, j));
    } else if (q >= 0) {
      by_g = -2 * b.scale[q] * (a.u(q, i) - b.u(q, j));
    }
    const bool values = p < 0 && q < 0;
    k(i, j) = values ? value + kernel_.constant() : by_g * g + by_h * c.h;
    if (!slopes) return;
    curvature_(i, j) = c.h;
    by_r2_(i, j) = values ? g : by_g * c.h + by_h * c.t;
    // Besides through r2: halves of what a log length-scale changes in u and in the scales.
    moved_(i, j) = values ? 0 : both ? by_g * g + 2 * by_h * c.h : 2 * by_g * g;
    if (by_shape_.size() == 0) return;
    const ShapeSlopes by = shape_slopes(shape, r2);
    by_shape_(i, j) = values ? value * by.k : by_g * g * by.g + by_h * c.h * by.h;
  }

  // out.col(j) += w times what b_j moves in the entry (i, j) by u, r2 held.
  void move_difference(Index i, Index j, double w, MatrixXd& out) const {
    const Index p = a_.partial[static_cast<std::size_t>(i)];
    const Index q = b_.partial[static_cast<std::size_t>(j)];
    if (p >= 0 && q >= 0) {
      const double c = 4 * w * a_.scale[p] * b_.scale[q] * curvature_(i, j);
      out(p, j) += c * b_.inverse[p] * (a_.u(q, i) - b_.u(q, j));
      out(q, j) += c * b_.inverse[q] * (a_.u(p, i) - b_.u(p, j));
    } else if (p >= 0) {
      out(p, j) -= 2 * w * slope_(i, j) * a_.scale[p] * b_.inverse[p];
    } else if (q >= 0) {
      out(q, j) += 2 * w * slope_(i, j) * b_.scale[q] * b_.inverse[q];
    }
  }

  const Derivative& kernel_;
  Side a_, b_;
  MatrixXd r2_, slope_, curvature_;    // g and h of the form
  MatrixXd by_r2_, moved_, by_shape_;  // derivatives of the covariance
  MatrixXd t_, ut_;                    // w .* by_r2, and its product with the points
  Eigen::RowVectorXd sums_;            // of the columns of t
};

std::unique_ptr<KernelEvaluation> Derivative::evaluation() const {
  return std::make_unique<DerivativeEvaluation>(*this);
}

// Waves sin(p), cos(p) and their partial derivatives f cos(p), -f sin(p), f a wave's frequency; a
// last feature is the constant.
class DerivativeMap final : public FeatureMap {
 public:
  DerivativeMap(const Derivative& kernel, const double* theta, Index waves, RandomStream& stream)
      : dimension_(kernel.dimension()),
        constant_(std::sqrt(kernel.constant())),
        phases_(kernel.form(), kernel.shape(theta),
                Embedding({.form = kernel.form(), .columns = all_columns(dimension_)}),
                VectorXd::Map(theta, kernel.parameter_count()), waves, stream),
        frequencies_(phases_.frequencies()) {
    for (Index i = 0; i < dimension_; ++i) frequencies_.col(i) *= kernel.scale(i, theta);
  }

  Index size() const override { return 2 * waves() + 1; }
  void map(const MatrixXd& x, MatrixXd& phi) const override {
    const MatrixXd p = phases(x);
    const double norm = 1 / std::sqrt(static_cast<double>(waves()));
    phi.setZero(size(), x.cols());
    for (Index j = 0; j < x.cols(); ++j) {
      const Index by = partial_at(x, dimension_, j);
      auto first = phi.col(j).head(waves()).array();
      auto second = phi.col(j).segment(waves(), waves()).array();
      first = norm * p.col(j).array().sin();
      second = norm * p.col(j).array().cos();
      if (by < 0) {
        phi(size() - 1, j) = constant_;
        continue;
      }
      first *= -frequencies_.col(by).array();
      second *= frequencies_.col(by).array();
      phi.col(j).head(waves()).swap(phi.col(j).segment(waves(), waves()));
    }
  }
  void input_gradient(const MatrixXd& x, const MatrixXd& weights, MatrixXd& out) const override {
    const MatrixXd p = phases(x);
    const double norm = 1 / std::sqrt(static_cast<double>(waves()));
    MatrixXd by_phase(waves(), x.cols());
    for (Index j = 0; j < x.cols(); ++j) {
      const Index by = partial_at(x, dimension_, j);
      const auto first = weights.col(j).head(waves()).array();
      const auto second = weights.col(j).segment(waves(), waves()).array();
      const Eigen::ArrayXd sine = norm * p.col(j).array().sin();
      const Eigen::ArrayXd cosine = norm * p.col(j).array().cos();
      if (by < 0) {
        by_phase.col(j) = (first * cosine - second * sine).matrix();
      } else {
        by_phase.col(j) =
            (-frequencies_.col(by).array() * (first * sine + second * cosine)).matrix();
      }
    }
    phases_.input_gradient(x, by_phase, out);
  }

 private:
  Index waves() const { return frequencies_.rows(); }
  MatrixXd phases(const MatrixXd& x) const {
    MatrixXd p = MatrixXd::Zero(waves(), x.cols());
    phases_.add(x, p);
    return p;
  }

  Index dimension_;
  double constant_;
  WavePhases phases_;
  MatrixXd frequencies_;  // waves x d, by x_i / unit_i
};

std::unique_ptr<FeatureMap> Derivative::features(const double* theta, Index count,
                                                 RandomStream& stream) const {
  return std::make_unique<DerivativeMap>(*this, theta, std::max<Index>(1, count / 2), stream);
}

}  // namespace

KernelPtr derivative(Index dimension, DerivativeOptions options) {
  if (options.form == Form::kMatern12) {
    throw OptionError("option.value",
                      "kernel is \"matern12\", whose functions have no derivatives; gradients need "
                      "\"matern32\", \"matern52\", \"rbf\" or \"rational_quadratic\"");
  }
  if (options.unit.size() != 0 && options.unit.size() != dimension) {
    throw OptionError("option.value", "derivative units are " +
                                          std::to_string(options.unit.size()) +
                                          " numbers; there must be one for each of " +
                                          std::to_string(dimension) + " coordinates, or none");
  }
  return std::make_shared<Derivative>(dimension, options);
}

}  // namespace asktell::kernels
