// Kernels of a scalar product, k = b0 + b1 S(x)' S(z), with S a scaling (linear) or the inverse
// stereographic projection (spherical linear); and the constant kernel.
#include <cmath>

#include <asktell/surrogates/gp/kernels/kernels.hpp>

namespace asktell::kernels {
namespace {

using Eigen::Index;
using Eigen::MatrixXd;
using Eigen::VectorXd;

constexpr double kCentre = 0.5;  // of the unit cube

double sigmoid(double x) {
  return 1 / (1 + std::exp(-x));
}

// The map S, its parameters and the two weights.
class Lift {
 public:
  explicit Lift(std::vector<Index> columns) : columns_(std::move(columns)) {}
  virtual ~Lift() = default;
  virtual std::vector<HyperParameter> parameters() const = 0;
  virtual Index rows() const = 0;
  virtual void apply(const MatrixXd& x, const double* theta, MatrixXd& s) const = 0;
  // Given g = dL/ds: gradient[p] += factor dL/dtheta_p, out.col(j) += factor dL/dx_j.
  virtual void hyper_gradient(const MatrixXd& x, const double* theta, const MatrixXd& s,
                              const MatrixXd& g, double factor, double* gradient) const = 0;
  virtual void input_gradient(const MatrixXd& x, const double* theta, const MatrixXd& g,
                              double factor, MatrixXd& out) const = 0;
  // Share b1 of the product, 1 - b1 of the constant; 1 and no constant for the linear kernel.
  virtual double share(const double*) const { return 1; }
  virtual Index share_parameter() const { return -1; }

 protected:
  std::vector<Index> columns_;
};

class Scaling final : public Lift {
 public:
  using Lift::Lift;
  std::vector<HyperParameter> parameters() const override {
    std::vector<HyperParameter> out;
    for (std::size_t i = 0; i < columns_.size(); ++i) {
      out.push_back({"variance[" + std::to_string(i) + "]", HyperRole::kVariance, 1e-6, 1e3, 1});
    }
    return out;
  }
  Index rows() const override { return static_cast<Index>(columns_.size()); }
  void apply(const MatrixXd& x, const double* theta, MatrixXd& s) const override {
    s.resize(rows(), x.cols());
    for (Index k = 0; k < rows(); ++k) {
      s.row(k) = std::exp(0.5 * theta[k]) *
                 (x.row(columns_[static_cast<std::size_t>(k)]).array() - kCentre).matrix();
    }
  }
  void hyper_gradient(const MatrixXd&, const double*, const MatrixXd& s, const MatrixXd& g,
                      double factor, double* gradient) const override {
    for (Index k = 0; k < rows(); ++k) gradient[k] += 0.5 * factor * g.row(k).dot(s.row(k));
  }
  void input_gradient(const MatrixXd&, const double* theta, const MatrixXd& g, double factor,
                      MatrixXd& out) const override {
    for (Index k = 0; k < rows(); ++k) {
      out.row(columns_[static_cast<std::size_t>(k)]) +=
          factor * std::exp(0.5 * theta[k]) * g.row(k);
    }
  }
};

// u = (x - 1/2) / l shrunk by c = (sigmoid(w) sum_k 1 / (4 l_k^2))^(-1/2), then
// S(q) = [2q, |q|^2 - 1] / (1 + |q|^2). theta: log l, w, logit of b1.
class Sphere final : public Lift {
 public:
  using Lift::Lift;
  std::vector<HyperParameter> parameters() const override {
    std::vector<HyperParameter> out;
    for (std::size_t i = 0; i < columns_.size(); ++i) {
      out.push_back(
          {"lengthscale[" + std::to_string(i) + "]", HyperRole::kLengthscale, 0.025, 1e3, 1});
    }
    out.push_back({"radius", HyperRole::kMix, -6, 6, 0, false});
    out.push_back({"share", HyperRole::kMix, -6, 6, 0, false});
    return out;
  }
  Index rows() const override { return dimension() + 1; }
  double share(const double* theta) const override { return sigmoid(theta[dimension() + 1]); }
  Index share_parameter() const override { return dimension() + 1; }

  void apply(const MatrixXd& x, const double* theta, MatrixXd& s) const override {
    const double c = shrink(theta);
    s.resize(rows(), x.cols());
    for (Index k = 0; k < dimension(); ++k) {
      s.row(k) = c * std::exp(-theta[k]) *
                 (x.row(columns_[static_cast<std::size_t>(k)]).array() - kCentre).matrix();
    }
    for (Index j = 0; j < x.cols(); ++j) {
      const double r = s.col(j).head(dimension()).squaredNorm();
      s.col(j).head(dimension()) *= 2 / (1 + r);
      s(dimension(), j) = (r - 1) / (1 + r);
    }
  }

  void hyper_gradient(const MatrixXd& x, const double* theta, const MatrixXd&, const MatrixXd& g,
                      double factor, double* gradient) const override {
    const double c = shrink(theta);
    double total = 0;  // of the squared half-widths, in length-scales
    for (Index k = 0; k < dimension(); ++k) total += 0.25 * std::exp(-2 * theta[k]);
    double by_shrink = 0;  // c dL/dc
    for (Index j = 0; j < x.cols(); ++j) {
      const VectorXd q = scaled(x, theta, c, j);
      const VectorXd gq = by_scaled(q, g.col(j));
      by_shrink += gq.dot(q);
      for (Index k = 0; k < dimension(); ++k) gradient[k] -= factor * gq[k] * q[k];
    }
    for (Index k = 0; k < dimension(); ++k) {
      gradient[k] += factor * by_shrink * 0.25 * std::exp(-2 * theta[k]) / total;
    }
    gradient[dimension()] -= factor * by_shrink * 0.5 * (1 - sigmoid(theta[dimension()]));
  }

  void input_gradient(const MatrixXd& x, const double* theta, const MatrixXd& g, double factor,
                      MatrixXd& out) const override {
    const double c = shrink(theta);
    for (Index j = 0; j < x.cols(); ++j) {
      const VectorXd gq = by_scaled(scaled(x, theta, c, j), g.col(j));
      for (Index k = 0; k < dimension(); ++k) {
        out(columns_[static_cast<std::size_t>(k)], j) += factor * c * std::exp(-theta[k]) * gq[k];
      }
    }
  }

 private:
  Index dimension() const { return static_cast<Index>(columns_.size()); }
  double shrink(const double* theta) const {
    double total = 0;
    for (Index k = 0; k < dimension(); ++k) total += 0.25 * std::exp(-2 * theta[k]);
    return 1 / std::sqrt(sigmoid(theta[dimension()]) * total);
  }
  VectorXd scaled(const MatrixXd& x, const double* theta, double c, Index j) const {
    VectorXd q(dimension());
    for (Index k = 0; k < dimension(); ++k) {
      q[k] = c * std::exp(-theta[k]) * (x(columns_[static_cast<std::size_t>(k)], j) - kCentre);
    }
    return q;
  }
  VectorXd by_scaled(const VectorXd& q, const VectorXd& g) const {
    const double denominator = 1 + q.squaredNorm();
    const auto head = g.head(dimension());
    return 2 * head / denominator +
           4 * (g[dimension()] - head.dot(q)) / (denominator * denominator) * q;
  }
};

class LiftMap final : public FeatureMap {
 public:
  LiftMap(std::shared_ptr<const Lift> lift, VectorXd theta)
      : lift_(std::move(lift)), theta_(std::move(theta)) {
    weight_ = std::sqrt(lift_->share(theta_.data()));
    constant_ = std::sqrt(1 - weight_ * weight_);
  }
  Index size() const override { return lift_->rows() + 1; }
  void map(const MatrixXd& x, MatrixXd& phi) const override {
    MatrixXd s;
    lift_->apply(x, theta_.data(), s);
    phi.resize(size(), x.cols());
    phi.topRows(lift_->rows()) = weight_ * s;
    phi.bottomRows(1).setConstant(constant_);
  }
  void input_gradient(const MatrixXd& x, const MatrixXd& weights, MatrixXd& out) const override {
    lift_->input_gradient(x, theta_.data(), weights.topRows(lift_->rows()), weight_, out);
  }

 private:
  std::shared_ptr<const Lift> lift_;
  VectorXd theta_;
  double weight_, constant_;
};

class DotProduct final : public Kernel {
 public:
  explicit DotProduct(std::shared_ptr<const Lift> lift)
      : lift_(std::move(lift)), parameters_(lift_->parameters()) {}

  const std::vector<HyperParameter>& parameters() const override { return parameters_; }
  std::unique_ptr<KernelEvaluation> evaluation() const override;

  void diagonal(const MatrixXd& x, const double* theta, VectorXd& k) const override {
    MatrixXd s;
    lift_->apply(x, theta, s);
    const double share = lift_->share(theta);
    k = (1 - share) + share * s.colwise().squaredNorm().transpose().array();
  }
  void diagonal_gradient(const MatrixXd& x, const double* theta, const VectorXd& w,
                         MatrixXd& out) const override {
    MatrixXd s;
    lift_->apply(x, theta, s);
    lift_->input_gradient(x, theta, s * w.asDiagonal(), 2 * lift_->share(theta), out);
  }
  bool gradient_covariance(const VectorXd& x, const double* theta, MatrixXd& out) const override {
    const Index rows = lift_->rows();
    MatrixXd jacobian = MatrixXd::Zero(x.size(), rows);  // of S, transposed
    lift_->input_gradient(x.replicate(1, rows), theta, MatrixXd::Identity(rows, rows), 1, jacobian);
    out.noalias() += lift_->share(theta) * jacobian * jacobian.transpose();
    return true;
  }
  std::unique_ptr<FeatureMap> features(const double* theta, Index, RandomStream&) const override {
    return std::make_unique<LiftMap>(lift_, VectorXd::Map(theta, parameter_count()));
  }

  const std::shared_ptr<const Lift> lift_;

 private:
  std::vector<HyperParameter> parameters_;
};

class DotEvaluation final : public KernelEvaluation {
 public:
  explicit DotEvaluation(const DotProduct& kernel) : kernel_(kernel) {}

  void symmetric(const MatrixXd& x, const double* theta, bool, MatrixXd& k) override {
    cross(x, x, theta, false, k);
  }
  void cross(const MatrixXd& a, const MatrixXd& b, const double* theta, bool,
             MatrixXd& k) override {
    b_ = &b;
    theta_ = theta;
    kernel_.lift_->apply(a, theta, sa_);
    if (&a != &b) kernel_.lift_->apply(b, theta, sb_);
    const double share = kernel_.lift_->share(theta);
    k.resize(a.cols(), b.cols());
    dense::multiply(true, false, share, sa_, &a == &b ? sa_ : sb_, 0, k);
    if (share < 1) k.array() += 1 - share;
  }
  void hyper_gradient(const MatrixXd& w, double factor, double* gradient) override {
    const double share = kernel_.lift_->share(theta_);
    g_.resize(sa_.rows(), sa_.cols());
    dense::multiply(false, false, 2 * share, sa_, w, 0, g_);
    kernel_.lift_->hyper_gradient(*b_, theta_, sa_, g_, factor, gradient);
    const Index mix = kernel_.lift_->share_parameter();
    if (mix < 0) return;
    const double products = 0.5 / share * g_.cwiseProduct(sa_).sum();  // sum w .* S'S
    gradient[mix] += factor * share * (1 - share) * (products - w.sum());
  }
  void input_gradient(const MatrixXd& w, double factor, MatrixXd& out) override {
    g_.resize(sa_.rows(), w.cols());
    dense::multiply(false, false, kernel_.lift_->share(theta_), sa_, w, 0, g_);
    kernel_.lift_->input_gradient(*b_, theta_, g_, factor, out);
  }

 private:
  const DotProduct& kernel_;
  const MatrixXd* b_ = nullptr;
  const double* theta_ = nullptr;
  MatrixXd sa_, sb_, g_;
};

std::unique_ptr<KernelEvaluation> DotProduct::evaluation() const {
  return std::make_unique<DotEvaluation>(*this);
}

class Constant final : public Kernel {
 public:
  const std::vector<HyperParameter>& parameters() const override { return parameters_; }
  std::unique_ptr<KernelEvaluation> evaluation() const override;
  void diagonal(const MatrixXd& x, const double* theta, VectorXd& k) const override {
    k.setConstant(x.cols(), std::exp(theta[0]));
  }
  void diagonal_gradient(const MatrixXd&, const double*, const VectorXd&,
                         MatrixXd&) const override {}
  bool gradient_covariance(const VectorXd&, const double*, MatrixXd&) const override {
    return true;
  }
  std::unique_ptr<FeatureMap> features(const double* theta, Index, RandomStream&) const override;

 private:
  std::vector<HyperParameter> parameters_ = {{"variance", HyperRole::kVariance, 1e-6, 1e3, 1}};
};

class ConstantEvaluation final : public KernelEvaluation {
 public:
  void symmetric(const MatrixXd& x, const double* theta, bool slopes, MatrixXd& k) override {
    cross(x, x, theta, slopes, k);
  }
  void cross(const MatrixXd& a, const MatrixXd& b, const double* theta, bool,
             MatrixXd& k) override {
    value_ = std::exp(theta[0]);
    k.setConstant(a.cols(), b.cols(), value_);
  }
  void hyper_gradient(const MatrixXd& w, double factor, double* gradient) override {
    gradient[0] += factor * value_ * w.sum();
  }
  void input_gradient(const MatrixXd&, double, MatrixXd&) override {}

 private:
  double value_ = 0;
};

class ConstantMap final : public FeatureMap {
 public:
  explicit ConstantMap(double value) : value_(value) {}
  Index size() const override { return 1; }
  void map(const MatrixXd& x, MatrixXd& phi) const override {
    phi.setConstant(1, x.cols(), value_);
  }
  void input_gradient(const MatrixXd&, const MatrixXd&, MatrixXd&) const override {}

 private:
  double value_;
};

std::unique_ptr<KernelEvaluation> Constant::evaluation() const {
  return std::make_unique<ConstantEvaluation>();
}
std::unique_ptr<FeatureMap> Constant::features(const double* theta, Index, RandomStream&) const {
  return std::make_unique<ConstantMap>(std::exp(0.5 * theta[0]));
}

}  // namespace

KernelPtr linear(std::vector<Index> columns) {
  return std::make_shared<DotProduct>(std::make_shared<Scaling>(std::move(columns)));
}
KernelPtr spherical_linear(std::vector<Index> columns) {
  return std::make_shared<DotProduct>(std::make_shared<Sphere>(std::move(columns)));
}
KernelPtr constant() {
  return std::make_shared<Constant>();
}

}  // namespace asktell::kernels
