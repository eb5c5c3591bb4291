// The class of the classic test functions and their registration; see table.cpp for the functions.
#include <asktell/benchmarks/problems/classic/classic.hpp>
#include <asktell/benchmarks/problems/classic/formulas.hpp>
#include <asktell/benchmarks/problems/families.hpp>

#include <algorithm>
#include <cmath>
#include <stdexcept>
#include <utility>

namespace asktell::benchmarks {
namespace {

using classic::Limits;
using classic::Point;

Point all(int dimension, double value) {
  return Point(static_cast<std::size_t>(dimension), value);
}

void require(bool valid, const std::string& message) {
  if (!valid) throw std::invalid_argument("classic " + message);
}

const classic::Entry& entry_of(const std::string& name) {
  const std::span<const classic::Entry> known = classic::entries();
  const auto at = std::ranges::find(known, name, &classic::Entry::name);
  require(at != known.end(), "function \"" + name + "\" is not known");
  return *at;
}

int checked_dimension(const classic::Entry& entry, int dimension) {
  const std::string function = "function \"" + std::string(entry.name) + "\"";
  const int own = entry.own_dimension;
  if (own > 0) {
    require(dimension == 0 || dimension == own,
            function + " has " + std::to_string(own) + " coordinates, not " +
                std::to_string(dimension) + "; embedded() adds some");
    return own;
  }
  const auto& [least, most, multiple, growth] = entry.limits;
  require(dimension >= least && dimension <= most && dimension % multiple == 0,
          function + " needs a dimension from " + std::to_string(least) + " to " +
              std::to_string(most) +
              (multiple > 1 ? ", a multiple of " + std::to_string(multiple) : "") + ", not " +
              std::to_string(dimension));
  return dimension;
}

}  // namespace

std::vector<std::string_view> Classic::names() {
  std::vector<std::string_view> names;
  for (const classic::Entry& entry : classic::entries()) names.push_back(entry.name);
  return names;
}

Classic::Classic(std::string_view name, int dimension) : name_(name) {
  const classic::Entry& entry = entry_of(name_);
  dimension = checked_dimension(entry, dimension);
  if (entry.own_dimension == 0) name_ += "-" + std::to_string(dimension);
  formula_ = entry.formula;
  const double scale = std::pow(dimension, entry.limits.growth);
  lower_ = all(dimension, scale * entry.box.lower[1]);
  upper_ = all(dimension, scale * entry.box.upper[1]);
  lower_[0] = scale * entry.box.lower[0];
  upper_[0] = scale * entry.box.upper[0];
  for (int i = 0; i < dimension; ++i) active_.push_back(i);
  argmins_ = entry.argmins(dimension);
  optimum_ = formula_(argmins_[0]);
}

Classic Classic::embedded(int dimension, std::span<const int> active) const {
  require(dimension >= this->dimension(), "function \"" + name_ + "\" cannot be embedded in " +
                                              std::to_string(dimension) + " coordinates");
  require(active.empty() || active.size() == lower_.size(),
          "function \"" + name_ + "\": " + std::to_string(active.size()) + " positions; expected " +
              std::to_string(lower_.size()));
  std::vector<bool> taken(static_cast<std::size_t>(dimension), false);
  for (int position : active) {
    require(position >= 0 && position < dimension && !taken[static_cast<std::size_t>(position)],
            "function \"" + name_ + "\": position " + std::to_string(position) +
                " is outside or there twice");
    taken[static_cast<std::size_t>(position)] = true;
  }
  const auto position = [&](std::size_t i) {
    return active.empty() ? i : static_cast<std::size_t>(active[i]);
  };
  Classic out = *this;
  out.name_ += "-in-" + std::to_string(dimension);
  out.lower_.clear();
  out.upper_.clear();
  for (std::size_t i = 0; i < taken.size(); ++i) {
    out.lower_.push_back(lower_[i % lower_.size()]);
    out.upper_.push_back(upper_[i % upper_.size()]);
  }
  for (std::size_t i = 0; i < lower_.size(); ++i) {
    out.lower_[position(i)] = lower_[i];
    out.upper_[position(i)] = upper_[i];
  }
  for (int& coordinate : out.active_) {
    coordinate = static_cast<int>(position(static_cast<std::size_t>(coordinate)));
  }
  for (std::size_t k = 0; k < argmins_.size(); ++k) {
    Point& argmin = out.argmins_[k];
    argmin.clear();
    for (std::size_t i = 0; i < taken.size(); ++i) {
      argmin.push_back(0.5 * (out.lower_[i] + out.upper_[i]));
    }
    for (std::size_t i = 0; i < lower_.size(); ++i) argmin[position(i)] = argmins_[k][i];
  }
  return out;
}

double Classic::operator()(std::span<const double> x) const {
  require(x.size() == lower_.size(), "function \"" + name_ + "\": the point has " +
                                         std::to_string(x.size()) + " coordinates; expected " +
                                         std::to_string(lower_.size()));
  if (active_.size() == lower_.size() && std::is_sorted(active_.begin(), active_.end())) {
    return formula_(x);
  }
  Point inner;
  inner.reserve(active_.size());
  for (int coordinate : active_) inner.push_back(x[static_cast<std::size_t>(coordinate)]);
  return formula_(inner);
}

double Classic::at_unit(std::span<const double> u) const {
  return (*this)(from_unit(u));
}

std::vector<double> Classic::from_unit(std::span<const double> u) const {
  Point x(u.begin(), u.end());
  for (std::size_t i = 0; i < std::min(x.size(), lower_.size()); ++i) {
    x[i] = lower_[i] + x[i] * (upper_[i] - lower_[i]);
  }
  return x;
}

std::vector<double> Classic::to_unit(std::span<const double> x) const {
  Point u(x.begin(), x.end());
  for (std::size_t i = 0; i < std::min(u.size(), lower_.size()); ++i) {
    u[i] = (u[i] - lower_[i]) / (upper_[i] - lower_[i]);
  }
  return u;
}

namespace {

struct ClassicOptions {
  std::int64_t dimension = 0;
  std::int64_t embedded = 0;
};

struct ScalableOptions {
  std::int64_t dimension = 4;
  std::int64_t embedded = 0;
};

template <typename Options>
TestProblem make_classic(std::string_view name, const Options& options) {
  Classic classic(name, static_cast<int>(options.dimension));
  if (options.embedded > 0) classic = classic.embedded(static_cast<int>(options.embedded));
  TestProblem problem;
  problem.space = box(classic.lower(), classic.upper());
  problem.optimum = classic.optimum();
  problem.argmins = classic.argmins();
  problem.budget = 20 * static_cast<std::int64_t>(classic.active().size()) + 10;
  problem.evaluate = [classic](TestProblem::Point x) { return Values{.objectives = {classic(x)}}; };
  return problem;
}

template <typename Options>
void register_entry(ProblemRegistry& registry, const classic::Entry& entry, Limits dimension,
                    std::string about) {
  const auto schema = Schema<Options>()
                          .field("dimension", &Options::dimension, std::move(about),
                                 dimension.least, dimension.most)
                          .field("embedded", &Options::embedded,
                                 "coordinates in all, those beyond `dimension` without effect; 0: "
                                 "none",
                                 0, 1'000'000);
  registry.add({.name = "classic/" + std::string(entry.name),
                .summary = std::string(entry.title),
                .reference = std::string(entry.source)},
               schema,
               [name = entry.name](const Options& options) { return make_classic(name, options); });
}

}  // namespace

void register_classic(ProblemRegistry& registry) {
  for (const classic::Entry& entry : classic::entries()) {
    if (entry.own_dimension > 0) {
      register_entry<ClassicOptions>(registry, entry, {.least = 0, .most = entry.own_dimension},
                                     "coordinates that count; 0: the function's own");
    } else {
      register_entry<ScalableOptions>(registry, entry, entry.limits, "coordinates that count");
    }
  }
}

}  // namespace asktell::benchmarks
