// See isotopic.hpp.
#include <asktell/surrogates/gp/isotopic.hpp>

#include <algorithm>
#include <cmath>
#include <limits>
#include <map>
#include <numbers>

#include <asktell/core/dense.hpp>

namespace asktell {
namespace {

using Eigen::Index;
using Eigen::MatrixXd;
using Eigen::VectorXd;

constexpr double kVarianceFloor = 1e-12;  // relative to the prior variance
const double kLog2Pi = std::log(2 * std::numbers::pi);

Index task_of(const MatrixXd& x, Index j) {
  return std::lround(x(x.rows() - 1, j));
}

// B and the noise variances from theta behind the input kernel's parameters.
struct TaskPart {
  TaskPart(const double* theta, Index tasks, Index rank, bool task_noise)
      : factor(theta, tasks, rank),
        variances(VectorXd::Map(theta + tasks * rank, tasks).array().exp()),
        covariance(factor * factor.transpose()),
        noise(tasks) {
    covariance.diagonal() += variances;
    const double* log_noise = theta + tasks * (rank + 1);
    for (Index t = 0; t < tasks; ++t) noise[t] = std::exp(log_noise[task_noise ? t : 0]);
  }
  Eigen::Map<const MatrixXd> factor;
  VectorXd variances;
  MatrixXd covariance;
  VectorXd noise;
};

}  // namespace

std::vector<Index> places(const MatrixXd& x, Index dimension, Index& count) {
  std::map<std::vector<double>, Index> seen;
  std::vector<Index> out;
  for (Index j = 0; j < x.cols(); ++j) {
    std::vector<double> key(x.col(j).begin(), x.col(j).begin() + dimension);
    for (double& value : key) {
      if (std::isnan(value)) value = -HUGE_VAL;  // missing values are equal to each other
    }
    out.push_back(seen.emplace(std::move(key), static_cast<Index>(seen.size())).first->second);
  }
  count = static_cast<Index>(seen.size());
  return out;
}

std::optional<IsotopicData> isotopic(const GpData& data, Index tasks) {
  const bool plain = data.fitted_noise && data.given_noise.size() == 0 && data.count.size() == 0;
  if (!plain || data.size() == 0 || data.size() % tasks != 0) return std::nullopt;
  Index n = 0;
  IsotopicData out;
  out.place = places(data.x, data.dimension() - 1, n);
  if (n * tasks != data.size()) return std::nullopt;
  out.x.resize(data.dimension() - 1, n);
  out.z.setConstant(n, tasks, std::nan(""));
  out.task_noise = !data.noise_group.empty();
  for (Index j = 0; j < data.size(); ++j) {
    const Index t = task_of(data.x, j), at = out.place[static_cast<std::size_t>(j)];
    if (t < 0 || t >= tasks || !std::isnan(out.z(at, t))) return std::nullopt;
    if (out.task_noise && data.group(j) != t) return std::nullopt;
    out.x.col(at) = data.x.col(j).head(data.dimension() - 1);
    out.z(at, t) = data.z[j];
    out.task.push_back(t);
  }
  return out;
}

void KroneckerSystem::factorize(const MatrixXd& k, const MatrixXd& b, const VectorXd& noise) {
  of_inputs_.compute(k);
  q = of_inputs_.eigenvectors();
  input_values = of_inputs_.eigenvalues().cwiseMax(0);
  root_noise = noise.cwiseSqrt();
  const VectorXd whitening = root_noise.cwiseInverse();
  of_tasks_.compute(whitening.asDiagonal() * b * whitening.asDiagonal());
  task_values = of_tasks_.eigenvalues().cwiseMax(0);
  tasks = whitening.asDiagonal() * of_tasks_.eigenvectors();
  shrinkage = (1 + (input_values * task_values.transpose()).array()).inverse();
}

double KroneckerSystem::solve(const MatrixXd& z, const GpMean& mean) {
  const Index n = q.rows(), count = tasks.rows();
  scratch_.resize(n, count);
  scratch_.noalias() = z * tasks;
  rotated.resize(n, count);
  dense::multiply(true, false, 1, q, scratch_, 0, rotated);
  const MatrixXd ones = q.colwise().sum().transpose() * tasks.colwise().sum();
  precision = ones.cwiseAbs2().cwiseProduct(shrinkage).sum();
  mean_value = mean.value;
  if (mean.kind != GpMean::Kind::kFixed) {
    const bool normal = mean.kind == GpMean::Kind::kNormal;
    if (normal) precision += 1 / (mean.deviation * mean.deviation);
    mean_value = ones.cwiseProduct(rotated).cwiseProduct(shrinkage).sum() / precision;
  }
  rotated -= mean_value * ones;
  const double square = rotated.cwiseAbs2().cwiseProduct(shrinkage).sum();
  rotated = rotated.cwiseProduct(shrinkage);
  return square;
}

double KroneckerSystem::log_determinant() const {
  return 2 * static_cast<double>(q.rows()) * root_noise.array().log().sum() -
         shrinkage.array().log().sum();
}

IsotopicLikelihood::IsotopicLikelihood(const Kernel& input, const IsotopicData& data, Index rank,
                                       const GpMean& mean)
    : input_(input), data_(data), rank_(rank), mean_(mean), evaluation_(input.evaluation()) {}

Index IsotopicLikelihood::parameters() const {
  const Index tasks = data_.tasks();
  return input_.parameter_count() + tasks * (rank_ + 1) + (data_.task_noise ? tasks : 1);
}

double IsotopicLikelihood::evaluate(const VectorXd& theta, double* gradient) {
  ++evaluations_;
  const TaskPart part(theta.data() + input_.parameter_count(), data_.tasks(), rank_,
                      data_.task_noise);
  evaluation_->symmetric(data_.x, theta.data(), gradient != nullptr, k_);
  if (gradient) VectorXd::Map(gradient, theta.size()).setZero();
  if (!k_.allFinite() || !part.covariance.allFinite() || !(part.noise.minCoeff() > 0)) {
    return -std::numeric_limits<double>::infinity();
  }
  system_.factorize(k_, part.covariance, part.noise);
  const double square = system_.solve(data_.z, mean_);
  double value =
      -0.5 * (square + system_.log_determinant() + static_cast<double>(data_.z.size()) * kLog2Pi);
  if (mean_.kind == GpMean::Kind::kNormal) {
    value += Prior::normal(0, mean_.deviation).log_density(system_.mean_value);
  }
  if (gradient) add_gradient(theta, gradient);
  return value;
}

// Halved traces of (alpha alpha' - Sigma^-1) with the derivatives of B (x) K + D (x) I.
void IsotopicLikelihood::add_gradient(const VectorXd& theta, double* gradient) {
  const Index own = input_.parameter_count(), tasks = data_.tasks(), n = data_.points();
  const TaskPart part(theta.data() + own, tasks, rank_, data_.task_noise);
  const KroneckerSystem& s = system_;

  // By K: sum_st B_st (alpha_s alpha_t' - (Sigma^-1)_st), alpha = Q R (D^-1/2 V)'.
  const MatrixXd alpha = s.q * s.rotated * s.tasks.transpose();
  const VectorXd spent = s.shrinkage * s.task_values;
  scaled_.noalias() = s.q * spent.asDiagonal();
  dense::multiply(false, true, -1, scaled_, s.q, 0, k_);
  b_.noalias() = alpha * part.covariance;
  dense::multiply(false, true, 1, b_, alpha, 1, k_);
  evaluation_->hyper_gradient(k_, 0.5, gradient);

  // By B, then by F and log v.
  MatrixXd inner = s.rotated.transpose() * s.input_values.asDiagonal() * s.rotated;
  inner.diagonal() -= s.shrinkage.transpose() * s.input_values;
  const MatrixXd by_b = s.tasks * inner * s.tasks.transpose();
  Eigen::Map<MatrixXd>(gradient + own, tasks, rank_) += by_b * part.factor;
  VectorXd::Map(gradient + own + tasks * rank_, tasks) +=
      0.5 * part.variances.cwiseProduct(by_b.diagonal());

  // By log D.
  inner = s.rotated.transpose() * s.rotated;
  inner.diagonal() -= s.shrinkage.transpose() * VectorXd::Ones(n);
  const MatrixXd by_noise = s.tasks * inner * s.tasks.transpose();
  double* log_noise = gradient + own + tasks * (rank_ + 1);
  for (Index t = 0; t < tasks; ++t) {
    log_noise[data_.task_noise ? t : 0] += 0.5 * part.noise[t] * by_noise(t, t);
  }
}

IsotopicPosterior::IsotopicPosterior(KernelPtr input, IsotopicData data, Index rank, VectorXd theta,
                                     GpMean mean)
    : input_(std::move(input)), data_(std::move(data)), theta_(std::move(theta)) {
  const TaskPart part(theta_.data() + input_->parameter_count(), data_.tasks(), rank,
                      data_.task_noise);
  b_ = part.covariance;
  MatrixXd k;
  input_->evaluation()->symmetric(data_.x, theta_.data(), false, k);
  system_.factorize(k, b_, part.noise);
  const double square = system_.solve(data_.z, mean);
  likelihood_ =
      -0.5 * (square + system_.log_determinant() + static_cast<double>(data_.z.size()) * kLog2Pi);
  alpha_ = system_.q * system_.rotated * system_.tasks.transpose();
  pulls_ = alpha_ * b_;
  through_ = b_ * system_.tasks;
  losses_ = system_.shrinkage * through_.cwiseAbs2().transpose();
}

MatrixXd IsotopicPosterior::rotate(const MatrixXd& k) const {
  MatrixXd out(k.rows(), k.cols());
  dense::multiply(true, false, 1, system_.q, k, 0, out);
  return out;
}

void IsotopicPosterior::predict(const MatrixXd& points, VectorXd& mean, VectorXd& variance,
                                MatrixXd* mean_gradient, MatrixXd* variance_gradient) const {
  const Index count = points.cols(), d = data_.x.rows();
  const MatrixXd inputs = points.topRows(d);
  std::vector<Index> task(static_cast<std::size_t>(count));
  for (Index j = 0; j < count; ++j) task[static_cast<std::size_t>(j)] = task_of(points, j);
  const bool slopes = mean_gradient || variance_gradient;
  const auto evaluation = input_->evaluation();
  MatrixXd k;
  evaluation->cross(data_.x, inputs, theta_.data(), slopes, k);
  const MatrixXd pulls = pulls_(Eigen::all, task);
  mean = k.cwiseProduct(pulls).colwise().sum().transpose().array() + system_.mean_value;
  MatrixXd rotated = rotate(k);
  const MatrixXd losses = losses_(Eigen::all, task);
  const VectorXd scale = b_.diagonal()(task);
  input_->diagonal(inputs, theta_.data(), variance);
  variance = variance.cwiseProduct(scale);
  const VectorXd loss = rotated.cwiseAbs2().cwiseProduct(losses).colwise().sum().transpose();
  variance = (variance - loss).cwiseMax(kVarianceFloor * variance).eval();
  if (mean_gradient) {
    MatrixXd gradient = MatrixXd::Zero(d, count);
    evaluation->input_gradient(pulls, 1, gradient);
    mean_gradient->setZero(d + 1, count);
    mean_gradient->topRows(d) = gradient;
  }
  if (variance_gradient) {
    rotated = rotated.cwiseProduct(losses);
    dense::multiply(false, false, 1, system_.q, rotated, 0, k);
    MatrixXd gradient = MatrixXd::Zero(d, count);
    input_->diagonal_gradient(inputs, theta_.data(), scale, gradient);
    evaluation->input_gradient(k, -2, gradient);
    variance_gradient->setZero(d + 1, count);
    variance_gradient->topRows(d) = gradient;
  }
}

void IsotopicPosterior::predict_tasks(const MatrixXd& inputs, MatrixXd& mean,
                                      MatrixXd& variance) const {
  MatrixXd k;
  input_->evaluation()->cross(data_.x, inputs, theta_.data(), false, k);
  mean = (k.transpose() * pulls_).array() + system_.mean_value;
  VectorXd prior;
  input_->diagonal(inputs, theta_.data(), prior);
  variance = prior * b_.diagonal().transpose();
  const MatrixXd loss = rotate(k).cwiseAbs2().transpose() * losses_;
  variance = (variance - loss).cwiseMax(kVarianceFloor * variance).eval();
}

void IsotopicPosterior::joint(const MatrixXd& points, VectorXd& mean, MatrixXd& covariance) const {
  const Index count = points.cols(), n = data_.points(), tasks = data_.tasks();
  const MatrixXd inputs = points.topRows(data_.x.rows());
  const auto evaluation = input_->evaluation();
  MatrixXd k;
  evaluation->cross(data_.x, inputs, theta_.data(), false, k);
  const MatrixXd rotated = rotate(k), root = system_.shrinkage.cwiseSqrt();
  mean.resize(count);
  MatrixXd explained(n * tasks, count);  // column j: what the data know of point j
  for (Index j = 0; j < count; ++j) {
    const Index t = task_of(points, j);
    mean[j] = system_.mean_value + pulls_.col(t).dot(k.col(j));
    for (Index s = 0; s < tasks; ++s) {
      explained.col(j).segment(s * n, n) =
          through_(t, s) * root.col(s).cwiseProduct(rotated.col(j));
    }
  }
  evaluation->symmetric(inputs, theta_.data(), false, covariance);
  for (Index j = 0; j < count; ++j) {
    for (Index i = 0; i < count; ++i) {
      covariance(i, j) *= b_(task_of(points, i), task_of(points, j));
    }
  }
  const VectorXd prior = covariance.diagonal();
  dense::multiply(true, false, -1, explained, explained, 1, covariance);
  covariance.diagonal() = covariance.diagonal().cwiseMax(kVarianceFloor * prior);
}

MatrixXd IsotopicPosterior::precision_at(Index place) const {
  const VectorXd weight =
      system_.shrinkage.transpose() * system_.q.row(place).cwiseAbs2().transpose();
  return system_.tasks * weight.asDiagonal() * system_.tasks.transpose();
}

LeaveOneOut IsotopicPosterior::leave_one_out() const {
  const MatrixXd weight = system_.q.cwiseAbs2() * system_.shrinkage;
  const MatrixXd precision = weight * system_.tasks.cwiseAbs2().transpose();
  const auto n = static_cast<Index>(data_.task.size());
  LeaveOneOut out{VectorXd(n), VectorXd(n), VectorXd(n)};
  for (Index j = 0; j < n; ++j) {
    const Index at = data_.place[static_cast<std::size_t>(j)];
    const Index t = data_.task[static_cast<std::size_t>(j)];
    const double variance = 1 / precision(at, t), error = alpha_(at, t) * variance;
    out.mean[j] = data_.z(at, t) - error;
    out.variance[j] = variance;
    out.log_density[j] = -0.5 * (std::log(variance) + kLog2Pi + error * error / variance);
  }
  return out;
}

}  // namespace asktell
