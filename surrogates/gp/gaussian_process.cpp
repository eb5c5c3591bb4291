// See gaussian_process.hpp: options, and the calls that change the model. All build a new state or
// check first, so that a call that throws leaves the model as it was.
#include <asktell/surrogates/gp/gaussian_process.hpp>

#include <algorithm>
#include <cmath>

#include <asktell/core/errors.hpp>
#include <asktell/surrogates/gp/gaussian_process_state.hpp>

namespace asktell {
namespace {

using Eigen::Index;
using Eigen::MatrixXd;
using Eigen::VectorXd;

constexpr const char* kOwner = "GaussianProcess";

std::vector<std::string> kernel_names() {
  std::vector<std::string> names = {"auto"};
  for (const auto form :
       {kernels::Form::kMatern52, kernels::Form::kMatern32, kernels::Form::kMatern12,
        kernels::Form::kRbf, kernels::Form::kRationalQuadratic}) {
    names.emplace_back(kernels::name(form));
  }
  for (const char* name : {"periodic", "linear", "spherical_linear"}) names.emplace_back(name);
  return names;
}

std::vector<std::string> transform_choices() {
  std::vector<std::string> names = transform_names();
  names.insert(names.begin(), "auto");
  return names;
}

void check_texts(const GaussianProcessOptions& options) {
  const std::pair<const char*, std::string> texts[] = {
      {"kernel", options.kernel},       {"prior", options.prior},
      {"inference", options.inference}, {"output_transform", options.output_transform},
      {"noise", options.noise},         {"input_warp", options.input_warp}};
  for (const OptionSpec& spec : GaussianProcessOptions::schema().specs()) {
    for (const auto& [name, value] : texts) {
      if (spec.name == name) check_option(spec, kOwner, Value(value));
    }
  }
}

void check_positive(const char* name, double value, bool zero_allowed) {
  if (std::isnan(value) || (value > 0 && std::isfinite(value)) || (zero_allowed && value == 0)) {
    return;
  }
  throw OptionError("option.range", std::string(kOwner) + ": " + name + " is " + precise(value) +
                                        "; it must be a finite number " +
                                        (zero_allowed ? "of 0 or more" : "above 0") +
                                        ", or NaN to take the prior's");
}

void check_bounds(const MatrixXd& bounds) {
  if (bounds.size() == 0) return;
  if (bounds.cols() != 2) {
    throw OptionError("option.range", std::string(kOwner) + ": bounds has " +
                                          std::to_string(bounds.cols()) +
                                          " columns; it must have 2, low and high of each input");
  }
  for (Index i = 0; i < bounds.rows(); ++i) {
    if (std::isfinite(bounds(i, 0)) && std::isfinite(bounds(i, 1)) && bounds(i, 0) < bounds(i, 1)) {
      continue;
    }
    throw OptionError("option.range", std::string(kOwner) + ": bounds of input " +
                                          std::to_string(i) + " are " + precise(bounds(i, 0)) +
                                          " and " + precise(bounds(i, 1)) +
                                          "; low must be below high, both finite");
  }
}

void check_tree(const GaussianProcessOptions& options) {
  if (!options.kernel_tree) return;
  const char* other = options.kernel != "auto"              ? "kernel"
                      : options.input_warp == "kumaraswamy" ? "input_warp"
                      : !options.categorical.empty()        ? "categorical"
                      : options.tasks > 0                   ? "tasks"
                      : options.lengthscale.size() > 0      ? "lengthscale"
                      : !std::isnan(options.outputscale)    ? "outputscale"
                                                            : nullptr;
  if (!other) return;
  throw OptionError("option.conflict", std::string(kOwner) + ": kernel_tree and " + other +
                                           " are both given; the tree alone says what the kernel "
                                           "is, so leave " +
                                           other + " out");
}

void check_index(Index index, Index observations) {
  if (index >= 0 && index < observations) return;
  throw PointError("point.index", std::string(kOwner) + ": observation " + std::to_string(index) +
                                      " does not exist; there are " + std::to_string(observations) +
                                      ", numbered from 0");
}

}  // namespace

const Schema<GaussianProcessOptions>& GaussianProcessOptions::schema() {
  using O = GaussianProcessOptions;
  static const auto made =
      Schema<O>()
          .field("kernel", &O::kernel, "covariance function; auto: the prior's", kernel_names())
          .field("prior", &O::prior, "priors of the hyper-parameters", gp_preset_names())
          .field("inference", &O::inference,
                 "one model, an average of several, or samples of the hyper-parameters",
                 {"auto", "map", "ensemble", "map_saas", "saas", "nuts", "slice"})
          .field("output_transform", &O::output_transform,
                 "of the values, before they are standardized", transform_choices())
          .field("noise", &O::noise, "what is known about the noise of a value",
                 {"inferred", "deterministic", "given", "heteroscedastic", "robust"})
          .field("input_warp", &O::input_warp,
                 "Kumaraswamy warp: two more hyper-parameters an input",
                 {"auto", "none", "kumaraswamy"})
          .field("tasks", &O::tasks,
                 "above 0: the last input is a task's number, from 0; tasks are correlated", 0,
                 1000)
          .field("fit_hyperparameters", &O::fit_hyperparameters,
                 "false: the given ones are kept, others are those of the prior")
          .field("outputscale", &O::outputscale,
                 "variance of the function: where its fit starts, or kept; NaN: the prior's")
          .field("noise_variance", &O::noise_variance,
                 "variance of a value's noise: where its fit starts, or kept; NaN: the prior's")
          .field("mean", &O::mean, "far from all data; NaN: by generalized least squares")
          .field("exact_limit", &O::exact_limit,
                 "observations of an exact model at most; beyond, an approximation is chosen", 2,
                 20000)
          .field("seed", &O::seed, "of drawn starts, samplers and sample()");
  return made;
}

GaussianProcess::State::State(GaussianProcessOptions given) : options(std::move(given)) {
  check_texts(options);
  check_tree(options);
  check_bounds(options.bounds);
  check_positive("outputscale", options.outputscale, false);
  check_positive("noise_variance", options.noise_variance, true);
  for (Index i = 0; i < options.lengthscale.size(); ++i) {
    check_positive("lengthscale", options.lengthscale[i], false);
  }
  if (options.exact_limit < 2 || options.tasks < 0) {
    const bool limit = options.exact_limit < 2;
    throw OptionError("option.range",
                      std::string(kOwner) + ": " + (limit ? "exact_limit" : "tasks") + " is " +
                          std::to_string(limit ? options.exact_limit : options.tasks) +
                          "; it must be " + (limit ? "2" : "0") + " or more");
  }
}

GaussianProcess::GaussianProcess(GaussianProcessOptions options)
    : state_(std::make_unique<State>(std::move(options))) {}
GaussianProcess::~GaussianProcess() = default;
GaussianProcess::GaussianProcess(GaussianProcess&&) noexcept = default;
GaussianProcess& GaussianProcess::operator=(GaussianProcess&&) noexcept = default;

bool GaussianProcess::fitted() const {
  return state_->raw.size() > 0;
}
Index GaussianProcess::dimension() const {
  return state_->raw.x.rows();
}
Index GaussianProcess::observations() const {
  return state_->raw.size();
}
const GaussianProcessOptions& GaussianProcess::options() const {
  return state_->options;
}

void GaussianProcess::fit(const MatrixXd& x, const VectorXd& y, const VectorXd& noise_variance) {
  auto next = std::make_unique<State>(state_->options);
  next->raw = {x, y, noise_variance};
  next->check(next->raw, -1);
  next->fit(nullptr);
  state_ = std::move(next);
}

void GaussianProcess::append(const MatrixXd& x, const VectorXd& y, const VectorXd& noise_variance) {
  if (!fitted()) return fit(x, y, noise_variance);
  const RawData more{x, y, noise_variance};
  if (more.size() == 0) return;
  state_->check(more, dimension());
  if (!state_->members.empty()) return state_->append(more);
  RawData all = state_->raw;  // approximations are made anew
  all.append(more);
  refit(std::move(all));
}

bool GaussianProcess::update(const MatrixXd& x, const VectorXd& y, const VectorXd& noise_variance) {
  append(x, y, noise_variance);
  const RefitSchedule schedule;
  const Index n = observations();
  const VectorXd errors =
      VectorXd::Map(state_->errors.data(), static_cast<Index>(state_->errors.size()));
  if (n == state_->fitted_at) return y.size() > 0;  // append did it
  if (!schedule.due(n, state_->fitted_at, errors)) return false;
  auto next = std::make_unique<State>(state_->options);
  next->raw = state_->raw;
  next->box = state_->box;  // stays, so that the last optimum is a start
  const bool cold = schedule.cold(n, state_->cold_at);
  next->fit(cold ? nullptr : state_.get());
  state_ = std::move(next);
  return true;
}

void GaussianProcess::remove(Index index) {
  check_index(index, observations());
  if (observations() == 1) {
    throw PointError("point.index", std::string(kOwner) +
                                        ": the only observation cannot be removed; make a new "
                                        "model instead");
  }
  if (!state_->members.empty()) return state_->remove(index);
  RawData rest = state_->raw;
  rest.remove(index);
  refit(std::move(rest));
}

void GaussianProcess::amend(Index index, double y) {
  check_index(index, observations());
  if (!state_->members.empty()) return state_->amend(index, y);
  RawData other = state_->raw;
  other.y[index] = y;
  refit(std::move(other));
}

// From where the last fit ended, in its box.
void GaussianProcess::refit(RawData data) {
  auto next = std::make_unique<State>(state_->options);
  next->raw = std::move(data);
  next->box = state_->box;
  next->fit(state_.get());
  state_ = std::move(next);
}

}  // namespace asktell
