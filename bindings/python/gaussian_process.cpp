// GaussianProcess for Python: thin functions; names, defaults and checks of arrays are in
// asktell/_gaussian_process.py.
#include "gaussian_process.hpp"

#include <asktell/core/errors.hpp>

namespace asktell::python {

Eigen::MatrixXd columns_from(const Numbers& rows) {
  if (rows.ndim() != 2) {
    throw PointError("point.shape", "points have " + std::to_string(rows.ndim()) +
                                        " dimensions; give an array of n rows and d columns");
  }
  return Eigen::Map<const Eigen::MatrixXd>(rows.data(), rows.shape(1), rows.shape(0));
}

Eigen::VectorXd vector_from(const Numbers& numbers) {
  return Eigen::Map<const Eigen::VectorXd>(numbers.data(), numbers.size());
}

py::array_t<double> rows_from(const Eigen::MatrixXd& columns) {
  return py::array_t<double>({columns.cols(), columns.rows()}, columns.data());
}

py::array_t<double> numbers_from(const Eigen::VectorXd& vector) {
  return py::array_t<double>(vector.size(), vector.data());
}

namespace {

std::unique_ptr<SharedProcess> make_process(const Assignment& given, const Numbers& lengthscale,
                                            const Numbers& bounds,
                                            const std::vector<std::int64_t>& categorical) {
  auto options = GaussianProcessOptions::schema().parse("GaussianProcess", given);
  options.lengthscale = vector_from(lengthscale);
  if (bounds.size() > 0) options.bounds = columns_from(bounds).transpose();
  options.categorical = categorical;
  return std::make_unique<SharedProcess>(std::move(options));
}

// fit, append and update alike: f(process, x, y, noise variances).
template <typename Function>
auto observe(SharedProcess& shared, const Numbers& x, const Numbers& y,
             const Numbers& noise_variance, Function function) {
  const Eigen::MatrixXd points = columns_from(x);
  const Eigen::VectorXd values = vector_from(y), noise = vector_from(noise_variance);
  return shared.change(
      [&](GaussianProcess& process) { return function(process, points, values, noise); });
}

void fit_process(SharedProcess& shared, const Numbers& x, const Numbers& y,
                 const Numbers& noise_variance) {
  observe(shared, x, y, noise_variance,
          [](GaussianProcess& process, const auto&... data) { process.fit(data...); });
}

void append_to_process(SharedProcess& shared, const Numbers& x, const Numbers& y,
                       const Numbers& noise_variance) {
  observe(shared, x, y, noise_variance,
          [](GaussianProcess& process, const auto&... data) { process.append(data...); });
}

bool update_process(SharedProcess& shared, const Numbers& x, const Numbers& y,
                    const Numbers& noise_variance) {
  return observe(shared, x, y, noise_variance, [](GaussianProcess& process, const auto&... data) {
    return process.update(data...);
  });
}

void remove_from_process(SharedProcess& shared, Eigen::Index index) {
  shared.change([&](GaussianProcess& process) { process.remove(index); });
}

void amend_process(SharedProcess& shared, Eigen::Index index, double y) {
  shared.change([&](GaussianProcess& process) { process.amend(index, y); });
}

py::tuple predict_points(const SharedProcess& shared, const Numbers& x) {
  const Eigen::MatrixXd points = columns_from(x);
  const Prediction at = shared.read([&](const auto& process) { return process.predict(points); });
  return py::make_tuple(numbers_from(at.mean), numbers_from(at.deviation));
}

py::tuple predict_jointly(const SharedProcess& shared, const Numbers& x) {
  const Eigen::MatrixXd points = columns_from(x);
  const JointPrediction at =
      shared.read([&](const auto& process) { return process.predict_joint(points); });
  return py::make_tuple(numbers_from(at.mean), rows_from(at.covariance));
}

py::tuple predict_gradients(const SharedProcess& shared, const Numbers& x) {
  const Eigen::MatrixXd points = columns_from(x);
  const PredictionGradient at =
      shared.read([&](const auto& process) { return process.predict_gradient(points); });
  return py::make_tuple(rows_from(at.mean), rows_from(at.deviation));
}

py::array_t<double> predict_noise(const SharedProcess& shared, const Numbers& x) {
  const Eigen::MatrixXd points = columns_from(x);
  return numbers_from(
      shared.read([&](const auto& process) { return process.noise_variance(points); }));
}

// count x q: a function a row.
py::array_t<double> sample_functions(const SharedProcess& shared, const Numbers& x,
                                     Eigen::Index count, std::uint64_t seed) {
  const Eigen::MatrixXd points = columns_from(x);
  return rows_from(
      shared.read([&](const auto& process) { return process.sample(points, count, seed); }));
}

py::array_t<double> log_density(const SharedProcess& shared, const Numbers& x, const Numbers& y) {
  const Eigen::MatrixXd points = columns_from(x);
  const Eigen::VectorXd values = vector_from(y);
  return numbers_from(
      shared.read([&](const auto& process) { return process.log_density(points, values); }));
}

py::dict leave_one_out(const SharedProcess& shared) {
  const LeaveOneOutReport report =
      shared.read([](const auto& process) { return process.leave_one_out(); });
  py::dict out;
  out["index"] =
      py::array_t<Eigen::Index>(static_cast<py::ssize_t>(report.index.size()), report.index.data());
  out["mean"] = numbers_from(report.mean);
  out["deviation"] = numbers_from(report.deviation);
  out["z"] = numbers_from(report.z);
  out["log_density"] = numbers_from(report.log_density);
  return out;
}

py::tuple likelihood(const SharedProcess& shared, const Numbers& theta, bool with_gradient) {
  const Eigen::VectorXd at = vector_from(theta);
  Eigen::VectorXd gradient;
  const double value = shared.read([&](const auto& process) {
    return process.log_marginal_likelihood(at, with_gradient ? &gradient : nullptr);
  });
  return py::make_tuple(value, numbers_from(gradient));
}

py::list members(const SharedProcess& shared) {
  py::list list;
  for (const Hyperparameters& each :
       shared.read([](const auto& process) { return process.hyperparameters(); })) {
    py::dict out;
    out["names"] = each.names;
    out["theta"] = numbers_from(each.theta);
    out["lengthscale"] = numbers_from(each.lengthscale);
    out["outputscale"] = each.outputscale;
    out["noise_variance"] = each.noise_variance;
    out["mean"] = each.mean;
    out["log_likelihood"] = each.log_likelihood;
    out["log_posterior"] = each.log_posterior;
    list.append(out);
  }
  return list;
}

py::dict process_diagnostics(const SharedProcess& shared) {
  const GaussianProcessDiagnostics d =
      shared.read([](const auto& process) { return process.diagnostics(); });
  py::list suspects;
  for (const SuspectedValue& suspect : d.suspects) {
    py::dict one;
    one["index"] = suspect.index;
    one["z"] = suspect.z;
    suspects.append(one);
  }
  py::dict out;
  out["model"] = d.model;
  out["reason"] = d.reason;
  out["inference"] = d.inference;
  out["transform"] = d.transform;
  out["observations"] = d.observations;
  out["failed"] = d.failed;
  out["merged"] = d.merged;
  out["members"] = d.members;
  out["evaluations"] = d.evaluations;
  out["active_bounds"] = d.active_bounds;
  out["jitter"] = d.jitter;
  out["lifted_pivots"] = d.lifted_pivots;
  out["rhat"] = d.rhat;
  out["effective_samples"] = d.effective_samples;
  out["suspects"] = suspects;
  out["fallbacks"] = d.fallbacks;
  return out;
}

}  // namespace

void bind_gaussian_process(py::module_& module) {
  module.def("gaussian_process_options",
             [] { return options_to_python(GaussianProcessOptions::schema().specs()); });
  const py::arg x("x"), y("y"), noise_variance("noise_variance"), points("points");
  py::class_<SharedProcess>(module, "GaussianProcess")
      .def(py::init(&make_process), py::arg("options"), py::arg("lengthscale"), py::arg("bounds"),
           py::arg("categorical"))
      .def("fit", &fit_process, x, y, noise_variance)
      .def("append", &append_to_process, x, y, noise_variance)
      .def("update", &update_process, x, y, noise_variance)
      .def("remove", &remove_from_process, py::arg("index"))
      .def("amend", &amend_process, py::arg("index"), y)
      .def("predict", &predict_points, points)
      .def("predict_joint", &predict_jointly, points)
      .def("predict_gradient", &predict_gradients, points)
      .def("noise_variance", &predict_noise, points)
      .def("sample", &sample_functions, points, py::arg("count"), py::arg("seed"))
      .def("log_density", &log_density, points, y)
      .def("leave_one_out", &leave_one_out)
      .def("log_marginal_likelihood", &likelihood, py::arg("theta"), py::arg("gradient"))
      .def("hyperparameters", &members)
      .def("diagnostics", &process_diagnostics);
}

}  // namespace asktell::python
