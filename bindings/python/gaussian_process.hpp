// GaussianProcess as the Python module shares it between threads, and arrays to and from it. Points
// are rows in NumPy (n x d, one row after the other) and columns in the library (d x n, one column
// after the other): the same numbers in the same order.
#pragma once

#include "casters.hpp"

#include <asktell/surrogates/gp/gaussian_process.hpp>
#include <mutex>
#include <shared_mutex>

namespace asktell::python {

using Numbers = py::array_t<double, py::array::c_style | py::array::forcecast>;

Eigen::MatrixXd columns_from(const Numbers& rows);  // throws PointError unless n x d
Eigen::VectorXd vector_from(const Numbers& numbers);
py::array_t<double> rows_from(const Eigen::MatrixXd& columns);
py::array_t<double> numbers_from(const Eigen::VectorXd& vector);

// Predictions work at the same time on several threads; what changes the model waits for them and
// they for it. The interpreter is released before either waits.
class SharedProcess {
 public:
  explicit SharedProcess(GaussianProcessOptions options) : process_(std::move(options)) {}

  template <typename Body>
  auto read(Body body) const {
    py::gil_scoped_release unlocked;
    const std::shared_lock guard(mutex_);
    return body(process_);
  }
  template <typename Body>
  auto change(Body body) {
    py::gil_scoped_release unlocked;
    const std::unique_lock guard(mutex_);
    return body(process_);
  }

 private:
  GaussianProcess process_;
  mutable std::shared_mutex mutex_;
};

}  // namespace asktell::python
