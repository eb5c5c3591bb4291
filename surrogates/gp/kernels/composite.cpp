// Kernels made of kernels: an output scale, sums and products. Derivatives pass through: to a
// factor of a product with the weights times the other factors, to the terms of a sum unchanged.
#include <cmath>

#include <asktell/surrogates/gp/kernels/kernels.hpp>
#include <asktell/surrogates/gp/kernels/waves.hpp>

namespace asktell::kernels {
namespace {

using Eigen::Index;
using Eigen::MatrixXd;
using Eigen::VectorXd;

class Scaled final : public Kernel {
 public:
  explicit Scaled(KernelPtr inner) : inner_(std::move(inner)), parameters_(inner_->parameters()) {
    parameters_.push_back({"outputscale", HyperRole::kOutputscale, 1e-4, 1e4, 1});
  }
  const std::vector<HyperParameter>& parameters() const override { return parameters_; }
  std::unique_ptr<KernelEvaluation> evaluation() const override;
  void diagonal(const MatrixXd& x, const double* theta, VectorXd& k) const override {
    inner_->diagonal(x, theta, k);
    k *= scale(theta);
  }
  void diagonal_gradient(const MatrixXd& x, const double* theta, const VectorXd& w,
                         MatrixXd& out) const override {
    inner_->diagonal_gradient(x, theta, scale(theta) * w, out);
  }
  std::unique_ptr<FeatureMap> features(const double* theta, Index count,
                                       RandomStream& stream) const override;

  double scale(const double* theta) const { return std::exp(theta[parameter_count() - 1]); }

  const KernelPtr inner_;

 private:
  std::vector<HyperParameter> parameters_;
};

class ScaledEvaluation final : public KernelEvaluation {
 public:
  explicit ScaledEvaluation(const Scaled& kernel)
      : kernel_(kernel), inner_(kernel.inner_->evaluation()) {}
  void symmetric(const MatrixXd& x, const double* theta, bool slopes, MatrixXd& k) override {
    inner_->symmetric(x, theta, slopes, k);
    scale_ = kernel_.scale(theta);
    if (slopes) value_ = k;
    k *= scale_;
  }
  void lower(const MatrixXd& x, const double* theta, bool slopes, MatrixXd& k) override {
    inner_->lower(x, theta, slopes, k);
    scale_ = kernel_.scale(theta);
    if (slopes) {
      value_.resize(k.rows(), k.cols());
      dense::copy_scale_lower(scale_, k, value_);
    } else if (scale_ != 1) {
      k *= scale_;
    }
  }
  void cross(const MatrixXd& a, const MatrixXd& b, const double* theta, bool slopes,
             MatrixXd& k) override {
    inner_->cross(a, b, theta, slopes, k);
    scale_ = kernel_.scale(theta);
    if (scale_ != 1) k *= scale_;
  }
  void hyper_gradient(const MatrixXd& w, double factor, double* gradient) override {
    inner_->hyper_gradient(w, factor * scale_, gradient);
    by_scale(w, factor, gradient);
  }
  void hyper_gradient_lower(MatrixXd& w, double factor, double* gradient) override {
    inner_->hyper_gradient_lower(w, factor * scale_, gradient);
    by_scale(w, factor, gradient);
  }
  void input_gradient(const MatrixXd& w, double factor, MatrixXd& out) override {
    inner_->input_gradient(w, factor * scale_, out);
  }

 private:
  void by_scale(const MatrixXd& w, double factor, double* gradient) const {
    gradient[kernel_.parameter_count() - 1] += factor * scale_ * dense::dot_lower(w, value_);
  }

  const Scaled& kernel_;
  std::unique_ptr<KernelEvaluation> inner_;
  double scale_ = 1;
  MatrixXd value_;  // of the inner kernel; the lower triangle at least
};

std::unique_ptr<KernelEvaluation> Scaled::evaluation() const {
  return std::make_unique<ScaledEvaluation>(*this);
}

// Sums and products share the bookkeeping of their parts.
class Parts : public Kernel {
 public:
  explicit Parts(std::vector<KernelPtr> parts) : parts_(std::move(parts)) {
    for (std::size_t i = 0; i < parts_.size(); ++i) {
      offsets_.push_back(static_cast<Index>(parameters_.size()));
      for (HyperParameter parameter : parts_[i]->parameters()) {
        parameter.name = std::to_string(i) + "." + parameter.name;
        parameters_.push_back(std::move(parameter));
      }
    }
  }
  const std::vector<HyperParameter>& parameters() const override { return parameters_; }
  std::size_t count() const { return parts_.size(); }
  const Kernel& part(std::size_t i) const { return *parts_[i]; }
  Index offset(std::size_t i) const { return offsets_[i]; }

 private:
  std::vector<KernelPtr> parts_;
  std::vector<Index> offsets_;
  std::vector<HyperParameter> parameters_;
};

class Sum final : public Parts {
 public:
  using Parts::Parts;
  std::unique_ptr<KernelEvaluation> evaluation() const override;
  void diagonal(const MatrixXd& x, const double* theta, VectorXd& k) const override {
    k.setZero(x.cols());
    VectorXd term;
    for (std::size_t i = 0; i < count(); ++i) {
      part(i).diagonal(x, theta + offset(i), term);
      k += term;
    }
  }
  void diagonal_gradient(const MatrixXd& x, const double* theta, const VectorXd& w,
                         MatrixXd& out) const override {
    for (std::size_t i = 0; i < count(); ++i) {
      part(i).diagonal_gradient(x, theta + offset(i), w, out);
    }
  }
  std::unique_ptr<FeatureMap> features(const double* theta, Index waves,
                                       RandomStream& stream) const override;
};

class Product final : public Parts {
 public:
  using Parts::Parts;
  std::unique_ptr<KernelEvaluation> evaluation() const override;
  void diagonal(const MatrixXd& x, const double* theta, VectorXd& k) const override {
    k.setOnes(x.cols());
    VectorXd factor;
    for (std::size_t i = 0; i < count(); ++i) {
      part(i).diagonal(x, theta + offset(i), factor);
      k = k.cwiseProduct(factor);
    }
  }
  void diagonal_gradient(const MatrixXd& x, const double* theta, const VectorXd& w,
                         MatrixXd& out) const override {
    std::vector<VectorXd> factors(count());
    for (std::size_t i = 0; i < count(); ++i) part(i).diagonal(x, theta + offset(i), factors[i]);
    for (std::size_t i = 0; i < count(); ++i) {
      VectorXd others = w;
      for (std::size_t j = 0; j < count(); ++j) {
        if (j != i) others = others.cwiseProduct(factors[j]);
      }
      part(i).diagonal_gradient(x, theta + offset(i), others, out);
    }
  }
  std::unique_ptr<FeatureMap> features(const double* theta, Index waves,
                                       RandomStream& stream) const override;
};

class PartsEvaluation : public KernelEvaluation {
 public:
  explicit PartsEvaluation(const Parts& kernel) : kernel_(kernel), values_(kernel.count()) {
    for (std::size_t i = 0; i < kernel.count(); ++i) {
      parts_.push_back(kernel.part(i).evaluation());
    }
  }
  void symmetric(const MatrixXd& x, const double* theta, bool slopes, MatrixXd& k) override {
    for (std::size_t i = 0; i < parts_.size(); ++i) {
      parts_[i]->symmetric(x, theta + kernel_.offset(i), slopes, values_[i]);
    }
    combine(k);
  }
  void lower(const MatrixXd& x, const double* theta, bool slopes, MatrixXd& k) override {
    for (std::size_t i = 0; i < parts_.size(); ++i) {
      parts_[i]->lower(x, theta + kernel_.offset(i), slopes, values_[i]);
    }
    combine(k);
  }
  void cross(const MatrixXd& a, const MatrixXd& b, const double* theta, bool slopes,
             MatrixXd& k) override {
    for (std::size_t i = 0; i < parts_.size(); ++i) {
      parts_[i]->cross(a, b, theta + kernel_.offset(i), slopes, values_[i]);
    }
    combine(k);
  }
  void hyper_gradient(const MatrixXd& w, double factor, double* gradient) override {
    for (std::size_t i = 0; i < parts_.size(); ++i) {
      parts_[i]->hyper_gradient(weights(w, i), factor, gradient + kernel_.offset(i));
    }
  }
  void hyper_gradient_lower(MatrixXd& w, double factor, double* gradient) override {
    for (std::size_t i = 0; i < parts_.size(); ++i) {
      parts_[i]->hyper_gradient_lower(weights(w, i), factor, gradient + kernel_.offset(i));
    }
  }
  void input_gradient(const MatrixXd& w, double factor, MatrixXd& out) override {
    for (std::size_t i = 0; i < parts_.size(); ++i) {
      parts_[i]->input_gradient(weights(w, i), factor, out);
    }
  }

 protected:
  virtual void combine(MatrixXd& k) = 0;
  virtual const MatrixXd& weights(const MatrixXd& w, std::size_t part) = 0;
  virtual MatrixXd& weights(MatrixXd& w, std::size_t part) = 0;  // that may be written

  const Parts& kernel_;
  std::vector<std::unique_ptr<KernelEvaluation>> parts_;
  std::vector<MatrixXd> values_;
};

class SumEvaluation final : public PartsEvaluation {
 public:
  using PartsEvaluation::PartsEvaluation;
  void combine(MatrixXd& k) override {
    k = values_[0];
    for (std::size_t i = 1; i < values_.size(); ++i) k += values_[i];
  }
  const MatrixXd& weights(const MatrixXd& w, std::size_t) override { return w; }
  MatrixXd& weights(MatrixXd& w, std::size_t) override { return w; }
};

class ProductEvaluation final : public PartsEvaluation {
 public:
  using PartsEvaluation::PartsEvaluation;
  void combine(MatrixXd& k) override {
    k = values_[0];
    for (std::size_t i = 1; i < values_.size(); ++i) k.array() *= values_[i].array();
  }
  const MatrixXd& weights(const MatrixXd& w, std::size_t part) override {
    return times_others(w, part);
  }
  MatrixXd& weights(MatrixXd& w, std::size_t part) override { return times_others(w, part); }

 private:
  MatrixXd& times_others(const MatrixXd& w, std::size_t part) {
    weights_ = w;
    for (std::size_t i = 0; i < values_.size(); ++i) {
      if (i != part) weights_.array() *= values_[i].array();
    }
    return weights_;
  }

  MatrixXd weights_;
};

std::unique_ptr<KernelEvaluation> Sum::evaluation() const {
  return std::make_unique<SumEvaluation>(*this);
}
std::unique_ptr<KernelEvaluation> Product::evaluation() const {
  return std::make_unique<ProductEvaluation>(*this);
}

class ScaledMap final : public FeatureMap {
 public:
  ScaledMap(std::unique_ptr<FeatureMap> inner, double factor)
      : inner_(std::move(inner)), factor_(factor) {}
  Index size() const override { return inner_->size(); }
  void map(const MatrixXd& x, MatrixXd& phi) const override {
    inner_->map(x, phi);
    if (factor_ != 1) phi *= factor_;
  }
  void input_gradient(const MatrixXd& x, const MatrixXd& weights, MatrixXd& out) const override {
    inner_->input_gradient(x, factor_ * weights, out);
  }

 private:
  std::unique_ptr<FeatureMap> inner_;
  double factor_;
};

class SumMap final : public FeatureMap {
 public:
  explicit SumMap(std::vector<std::unique_ptr<FeatureMap>> parts) : parts_(std::move(parts)) {
    for (const auto& part : parts_) size_ += part->size();
  }
  Index size() const override { return size_; }
  void map(const MatrixXd& x, MatrixXd& phi) const override {
    phi.resize(size_, x.cols());
    MatrixXd part_phi;
    Index begin = 0;
    for (const auto& part : parts_) {
      part->map(x, part_phi);
      phi.middleRows(begin, part->size()) = part_phi;
      begin += part->size();
    }
  }
  void input_gradient(const MatrixXd& x, const MatrixXd& weights, MatrixXd& out) const override {
    Index begin = 0;
    for (const auto& part : parts_) {
      part->input_gradient(x, weights.middleRows(begin, part->size()), out);
      begin += part->size();
    }
  }

 private:
  std::vector<std::unique_ptr<FeatureMap>> parts_;
  Index size_ = 0;
};

// All products of a feature of one and a feature of the other.
class TensorMap final : public FeatureMap {
 public:
  TensorMap(std::unique_ptr<FeatureMap> a, std::unique_ptr<FeatureMap> b)
      : a_(std::move(a)), b_(std::move(b)) {}
  Index size() const override { return a_->size() * b_->size(); }
  void map(const MatrixXd& x, MatrixXd& phi) const override {
    MatrixXd a, b;
    a_->map(x, a);
    b_->map(x, b);
    phi.resize(size(), x.cols());
    for (Index j = 0; j < x.cols(); ++j) {
      Eigen::Map<MatrixXd>(phi.col(j).data(), b.rows(), a.rows()).noalias() =
          b.col(j) * a.col(j).transpose();
    }
  }
  void input_gradient(const MatrixXd& x, const MatrixXd& weights, MatrixXd& out) const override {
    MatrixXd a, b;
    a_->map(x, a);
    b_->map(x, b);
    MatrixXd wa(a.rows(), a.cols()), wb(b.rows(), b.cols());
    for (Index j = 0; j < x.cols(); ++j) {
      const Eigen::Map<const MatrixXd> w(weights.col(j).data(), b.rows(), a.rows());
      wa.col(j) = w.transpose() * b.col(j);
      wb.col(j) = w * a.col(j);
    }
    a_->input_gradient(x, wa, out);
    b_->input_gradient(x, wb, out);
  }

 private:
  std::unique_ptr<FeatureMap> a_, b_;
};

std::unique_ptr<FeatureMap> Scaled::features(const double* theta, Index waves,
                                             RandomStream& stream) const {
  return std::make_unique<ScaledMap>(inner_->features(theta, waves, stream),
                                     std::sqrt(scale(theta)));
}

std::unique_ptr<FeatureMap> Sum::features(const double* theta, Index waves,
                                          RandomStream& stream) const {
  std::vector<std::unique_ptr<FeatureMap>> parts;
  for (std::size_t i = 0; i < count(); ++i) {
    parts.push_back(part(i).features(theta + offset(i), waves, stream));
  }
  return std::make_unique<SumMap>(std::move(parts));
}

std::unique_ptr<FeatureMap> Product::features(const double* theta, Index waves,
                                              RandomStream& stream) const {
  std::unique_ptr<FeatureMap> all = part(0).features(theta, waves, stream);
  for (std::size_t i = 1; i < count(); ++i) {
    auto next = part(i).features(theta + offset(i), waves, stream);
    const auto* a = dynamic_cast<const WaveMap*>(all.get());
    const auto* b = dynamic_cast<const WaveMap*>(next.get());
    if (a && b) {
      all = WaveMap::product(*a, *b);
    } else {
      all = std::make_unique<TensorMap>(std::move(all), std::move(next));
    }
  }
  return all;
}

}  // namespace

KernelPtr scaled(KernelPtr kernel) {
  return std::make_shared<Scaled>(std::move(kernel));
}
KernelPtr sum(std::vector<KernelPtr> terms) {
  return std::make_shared<Sum>(std::move(terms));
}
KernelPtr product(std::vector<KernelPtr> factors) {
  return std::make_shared<Product>(std::move(factors));
}

}  // namespace asktell::kernels
