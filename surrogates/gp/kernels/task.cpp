// The covariance of tasks, B = F F' + diag(v) (Bonilla et al. 2007), read off by the number that a
// coordinate holds.
#include <cmath>
#include <numbers>

#include <asktell/surrogates/gp/kernels/kernels.hpp>

namespace asktell::kernels {
namespace {

using Eigen::Index;
using Eigen::MatrixXd;
using Eigen::VectorXd;

class Task final : public Kernel {
 public:
  Task(Index column, Index tasks, Index rank) : column_(column), tasks_(tasks), rank_(rank) {
    // Tasks begin alike, at correlation 0.87: F = sqrt(0.65 / rank), v = 0.1.
    const double factor = std::sqrt(0.65 / static_cast<double>(rank));
    for (Index r = 0; r < rank; ++r) {
      for (Index t = 0; t < tasks; ++t) {
        const std::string index = "[" + std::to_string(t) + "," + std::to_string(r) + "]";
        // Columns begin orthogonal and smaller: parallel ones have parallel gradients and would
        // stay so, which is rank one.
        const double wave = std::cos(std::numbers::pi * static_cast<double>(r) *
                                     (static_cast<double>(t) + 0.5) / static_cast<double>(tasks));
        const double start = factor * wave / static_cast<double>(r + 1);
        parameters_.push_back({"task_factor" + index, HyperRole::kFactor, -10, 10, start, false});
      }
    }
    for (Index t = 0; t < tasks; ++t) {
      const std::string index = "[" + std::to_string(t) + "]";
      parameters_.push_back({"task_variance" + index, HyperRole::kTask, 1e-6, 100, 0.1});
    }
  }

  const std::vector<HyperParameter>& parameters() const override { return parameters_; }
  std::unique_ptr<KernelEvaluation> evaluation() const override;
  void diagonal(const MatrixXd& x, const double* theta, VectorXd& k) const override {
    const MatrixXd b = covariance(theta);
    k.resize(x.cols());
    for (Index j = 0; j < x.cols(); ++j) k[j] = b(number(x, j), number(x, j));
  }
  void diagonal_gradient(const MatrixXd&, const double*, const VectorXd&,
                         MatrixXd&) const override {}
  std::unique_ptr<FeatureMap> features(const double* theta, Index, RandomStream&) const override;

  Index number(const MatrixXd& x, Index j) const {
    return std::clamp<Index>(std::lround(x(column_, j)), 0, tasks_ - 1);
  }
  Eigen::Map<const MatrixXd> factor(const double* theta) const { return {theta, tasks_, rank_}; }
  VectorXd variances(const double* theta) const {
    return VectorXd::Map(theta + tasks_ * rank_, tasks_).array().exp();
  }
  MatrixXd covariance(const double* theta) const {
    const auto f = factor(theta);
    MatrixXd b = f * f.transpose();
    b.diagonal() += variances(theta);
    return b;
  }

  const Index column_, tasks_, rank_;

 private:
  std::vector<HyperParameter> parameters_;
};

class TaskEvaluation final : public KernelEvaluation {
 public:
  explicit TaskEvaluation(const Task& kernel) : kernel_(kernel) {}
  void symmetric(const MatrixXd& x, const double* theta, bool slopes, MatrixXd& k) override {
    cross(x, x, theta, slopes, k);
  }
  void cross(const MatrixXd& a, const MatrixXd& b, const double* theta, bool,
             MatrixXd& k) override {
    theta_ = theta;
    number(a, rows_);
    number(b, columns_);
    const MatrixXd covariance = kernel_.covariance(theta);
    k.resize(a.cols(), b.cols());
    for (Index j = 0; j < b.cols(); ++j) {
      for (Index i = 0; i < a.cols(); ++i) k(i, j) = covariance(rows_[i], columns_[j]);
    }
  }
  void hyper_gradient(const MatrixXd& w, double factor, double* gradient) override {
    const Index tasks = kernel_.tasks_, rank = kernel_.rank_;
    MatrixXd sums = MatrixXd::Zero(tasks, tasks);
    for (Index j = 0; j < w.cols(); ++j) {
      for (Index i = 0; i < w.rows(); ++i) sums(rows_[i], columns_[j]) += w(i, j);
    }
    Eigen::Map<MatrixXd> by_factor(gradient, tasks, rank);
    by_factor += factor * (sums + sums.transpose()) * kernel_.factor(theta_);
    const VectorXd variances = kernel_.variances(theta_);
    for (Index t = 0; t < tasks; ++t) {
      gradient[tasks * rank + t] += factor * variances[t] * sums(t, t);
    }
  }
  void input_gradient(const MatrixXd&, double, MatrixXd&) override {}

 private:
  void number(const MatrixXd& x, std::vector<Index>& out) const {
    out.resize(static_cast<std::size_t>(x.cols()));
    for (Index j = 0; j < x.cols(); ++j) out[static_cast<std::size_t>(j)] = kernel_.number(x, j);
  }

  const Task& kernel_;
  const double* theta_ = nullptr;
  std::vector<Index> rows_, columns_;
};

// phi of a task: its row of [F, diag(sqrt v)].
class TaskMap final : public FeatureMap {
 public:
  TaskMap(const Task& kernel, const double* theta)
      : kernel_(kernel.column_, kernel.tasks_, kernel.rank_),
        table_(kernel.rank_ + kernel.tasks_, kernel.tasks_) {
    table_.topRows(kernel.rank_) = kernel.factor(theta).transpose();
    table_.bottomRows(kernel.tasks_) = kernel.variances(theta).cwiseSqrt().asDiagonal();
  }
  Index size() const override { return table_.rows(); }
  void map(const MatrixXd& x, MatrixXd& phi) const override {
    phi.resize(size(), x.cols());
    for (Index j = 0; j < x.cols(); ++j) phi.col(j) = table_.col(kernel_.number(x, j));
  }
  void input_gradient(const MatrixXd&, const MatrixXd&, MatrixXd&) const override {}

 private:
  Task kernel_;
  MatrixXd table_;
};

std::unique_ptr<KernelEvaluation> Task::evaluation() const {
  return std::make_unique<TaskEvaluation>(*this);
}
std::unique_ptr<FeatureMap> Task::features(const double* theta, Index, RandomStream&) const {
  return std::make_unique<TaskMap>(*this, theta);
}

}  // namespace

KernelPtr task(Index column, Index tasks, Index rank) {
  return std::make_shared<Task>(column, tasks, rank);
}

}  // namespace asktell::kernels
