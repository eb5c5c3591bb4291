// Kernels of a distance: k = form(|e(x) - e(z)|^2 + mismatches), e the embedding of embedding.hpp.
// Values and slopes g = dk/d(r^2) come from one pass; with T = W .* G the derivative of
// sum W .* K by e(x) is sums with T and no n x n x d tensor. Of what is symmetric only the lower
// triangle is computed.
#include <cmath>
#include <limits>

#include <asktell/core/errors.hpp>
#include <asktell/surrogates/gp/kernels/embedding.hpp>
#include <asktell/surrogates/gp/kernels/waves.hpp>

namespace asktell::kernels {
namespace {

using Eigen::Index;
using Eigen::MatrixXd;
using Eigen::VectorXd;

class Stationary final : public Kernel {
 public:
  explicit Stationary(const StationaryOptions& options)
      : form_(options.form), embedding_(options), parameters_(embedding_.parameters()) {
    if (form_ == Form::kRationalQuadratic) {
      shape_ = static_cast<Index>(parameters_.size());
      parameters_.push_back({"shape", HyperRole::kShape, 0.05, 100, 1});
    }
  }

  const std::vector<HyperParameter>& parameters() const override { return parameters_; }
  std::unique_ptr<KernelEvaluation> evaluation() const override;
  void diagonal(const MatrixXd& x, const double*, VectorXd& k) const override {
    k.setOnes(x.cols());
  }
  void diagonal_gradient(const MatrixXd&, const double*, const VectorXd&,
                         MatrixXd&) const override {}
  std::unique_ptr<FeatureMap> features(const double* theta, Index count,
                                       RandomStream& stream) const override {
    return std::make_unique<WaveMap>(form_, shape(theta), embedding_,
                                     VectorXd::Map(theta, parameter_count()), count, stream);
  }

  double shape(const double* theta) const { return shape_ < 0 ? 1 : std::exp(theta[shape_]); }

  const Form form_;
  const Embedding embedding_;
  std::vector<HyperParameter> parameters_;
  Index shape_ = -1;
};

class StationaryEvaluation final : public KernelEvaluation {
 public:
  explicit StationaryEvaluation(const Stationary& kernel) : kernel_(kernel) {}

  void symmetric(const MatrixXd& x, const double* theta, bool slopes, MatrixXd& k) override {
    lower(x, theta, slopes, k);
    dense::mirror_lower(k);
  }

  // Of the slopes the lower triangle is enough in either case.
  void lower(const MatrixXd& x, const double* theta, bool slopes, MatrixXd& k) override {
    a_ = b_ = &x;
    theta_ = theta;
    kernel_.embedding_.apply(x, theta, ua_);
    k.resize(x.cols(), x.cols());
    const double shape = kernel_.shape(theta);
    if (!kernel_.embedding_.categorical()) {
      dense::covariance_symmetric(kernel_.form_, shape, ua_, k, slopes ? &slope_ : nullptr);
    } else {
      dense::squared_distances_symmetric(ua_, k);
      kernel_.embedding_.add_mismatches_lower(x, theta, k);
      if (slopes) slope_.resize(k.rows(), k.cols());
      for (Index j = 0; j < k.cols(); ++j) {
        dense::stationary(kernel_.form_, shape, &k(j, j), static_cast<std::size_t>(k.rows() - j),
                          &k(j, j), slopes ? &slope_(j, j) : nullptr);
      }
    }
    if (slopes && kernel_.shape_ >= 0) value_ = k;
  }

  void cross(const MatrixXd& a, const MatrixXd& b, const double* theta, bool slopes,
             MatrixXd& k) override {
    a_ = &a;
    b_ = &b;
    theta_ = theta;
    kernel_.embedding_.apply(a, theta, ua_);
    kernel_.embedding_.apply(b, theta, ub_);
    k.resize(a.cols(), b.cols());
    const double shape = kernel_.shape(theta);
    if (!kernel_.embedding_.categorical()) {
      dense::covariance(kernel_.form_, shape, ua_, ub_, k, slopes ? &slope_ : nullptr);
      return;
    }
    dense::squared_distances(ua_, ub_, k);
    kernel_.embedding_.add_mismatches(a, b, theta, k);
    if (slopes) slope_.resize(k.rows(), k.cols());
    dense::stationary(kernel_.form_, shape, k.data(), static_cast<std::size_t>(k.size()), k.data(),
                      slopes ? slope_.data() : nullptr);
  }

  void hyper_gradient(const MatrixXd& w, double factor, double* gradient) override {
    // Both arguments of k move: twice the derivative by the second.
    dense::pull(w, slope_, ua_, ubt_);
    kernel_.embedding_.hyper_gradient(*a_, theta_, ua_, ubt_, 4 * factor, gradient);
    kernel_.embedding_.mismatch_gradient(*a_, theta_, w, slope_, factor, gradient);
    if (kernel_.shape_ >= 0) gradient[kernel_.shape_] += factor * by_shape(w);
  }

  void hyper_gradient_lower(MatrixXd& w, double factor, double* gradient) override {
    hyper_gradient(w, factor, gradient);
  }

  void input_gradient(const MatrixXd& w, double factor, MatrixXd& out) override {
    t_.resize(w.rows(), w.cols());
    t_.noalias() = w.cwiseProduct(slope_);
    ubt_.resize(ub_.rows(), ub_.cols());
    dense::multiply(false, false, -2, ua_, t_, 0, ubt_);
    sums_.noalias() = t_.colwise().sum();
    for (Index j = 0; j < ub_.cols(); ++j) ubt_.col(j) += 2 * sums_[j] * ub_.col(j);
    kernel_.embedding_.input_gradient(*b_, theta_, ubt_, factor, out);
  }

 private:
  // dk/dlog A = A k ((B - 1) / B - log B) with B = 1 + r^2 / (2A) = k / (-2 g).
  double by_shape(const MatrixXd& w) const {
    const double shape = kernel_.shape(theta_);
    double sum = 0;  // below the diagonal, on which it is 0
    for (Index j = 0; j < w.cols(); ++j) {
      for (Index i = j + 1; i < w.rows(); ++i) {
        const double k = value_(i, j), g = slope_(i, j);
        if (!(k > 0) || !(g < 0)) continue;
        const double base = k / (-2 * g);
        sum += w(i, j) * shape * k * ((base - 1) / base - std::log(base));
      }
    }
    return 2 * sum;
  }

  const Stationary& kernel_;
  const MatrixXd *a_ = nullptr, *b_ = nullptr;
  const double* theta_ = nullptr;
  MatrixXd ua_, ub_;         // embedded points
  MatrixXd value_, slope_;   // k (for the shape's derivative only) and dk/d(r^2)
  MatrixXd t_, ubt_;         // w .* slope, and the derivative by the embedded points
  Eigen::RowVectorXd sums_;  // of the columns of t
};

std::unique_ptr<KernelEvaluation> Stationary::evaluation() const {
  return std::make_unique<StationaryEvaluation>(*this);
}

constexpr std::pair<std::string_view, Form> kForms[] = {
    {"matern52", Form::kMatern52},
    {"matern32", Form::kMatern32},
    {"matern12", Form::kMatern12},
    {"rbf", Form::kRbf},
    {"rational_quadratic", Form::kRationalQuadratic}};

}  // namespace

KernelPtr stationary(StationaryOptions options) {
  return std::make_shared<Stationary>(options);
}

KernelPtr stationary(Form form, Index dimension) {
  return stationary({.form = form, .columns = all_columns(dimension)});
}

KernelPtr matern52(Index dimension) {
  return stationary(Form::kMatern52, dimension);
}

KernelPtr additive(const std::vector<std::vector<Index>>& groups, Form form) {
  std::vector<KernelPtr> terms;
  for (const auto& group : groups) {
    terms.push_back(scaled(stationary({.form = form, .columns = group})));
  }
  return sum(std::move(terms));
}

std::string_view name(Form form) {
  for (const auto& [name, known] : kForms) {
    if (known == form) return name;
  }
  return "";
}

Form form(std::string_view name) {
  std::string names;
  for (const auto& [known, form] : kForms) {
    if (known == name) return form;
    names += (names.empty() ? "\"" : ", \"") + std::string(known) + "\"";
  }
  throw OptionError("option.value",
                    "kernel is \"" + std::string(name) + "\"; it must be one of " + names);
}

std::vector<Index> all_columns(Index dimension) {
  std::vector<Index> columns;
  for (Index i = 0; i < dimension; ++i) columns.push_back(i);
  return columns;
}

}  // namespace asktell::kernels
