// Sample problems; see sample.hpp.
#include <asktell/tests/conformance/sample.hpp>

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>
#include <sstream>

#include <asktell/core/errors.hpp>

namespace asktell::conformance {
namespace {

constexpr double kFiniteLimit = 64;  // arms are few

std::string named(std::string name, Names names) {
  if (names == Names::kPlain) return name;
  for (char& letter : name) {
    if (letter >= 'a' && letter <= 'z') letter = static_cast<char>('a' + ('z' - letter));
  }
  return name;
}

ParameterOptions logarithmic() {
  ParameterOptions options;
  options.log = true;
  return options;
}

ParameterOptions sized(std::size_t size) {
  ParameterOptions options;
  options.size = size;
  return options;
}

ParameterOptions believed(double low, double high) {
  ParameterOptions options;
  options.likely = {low, high};
  return options;
}

ParameterOptions only_when(const std::string& parent, Value value) {
  ParameterOptions options;
  options.when = {{.parent = parent, .values = {std::move(value)}}};
  return options;
}

using Step = std::function<void(Space&)>;

// One step a parameter or constraint, so that those a solver refuses can be left out.
std::vector<Step> steps(Names names, Extent extent) {
  const auto n = [names](const char* name) { return named(name, names); };
  const bool wider = extent == Extent::kWider;
  std::vector<Value> choices = {"red", "green", "blue"};
  if (wider) choices.push_back("white");
  return {
      [=](Space& s) { s.real(n("ra"), -5, wider ? 12 : 10); },
      [=](Space& s) { s.real(n("rb"), 1e-3, 10, logarithmic()); },
      [=](Space& s) { s.integer(n("ia"), 1, wider ? 4 : 3); },
      [=](Space& s) { s.categorical(n("ca"), choices); },
      [=](Space& s) { s.boolean(n("ba")); },
      [=](Space& s) {
        s.ordinal(n("oa"), {0.1, 1.0, 10.0});
      },
      [=](Space& s) { s.permutation(n("pa"), 3); },
      [=](Space& s) { s.subset(n("sa"), 3, 1, 2); },
      [=](Space& s) { s.simplex(n("xa"), 3); },
      [=](Space& s) { s.real(n("va"), 0, 1, sized(2)); },
      [=](Space& s) { s.real(n("rc"), 0, 4, only_when(n("ba"), true)); },
      [=](Space& s) { s.integer(n("ib"), 0, 5, only_when(n("ca"), "green")); },
      [=](Space& s) {
        s.linear_constraint({{n("ra"), 1}, {n("ia"), 2}}, 12, "sum");
      },
      [=](Space& s) {
        s.linear_constraint({{n("ra"), 1}, {n("rb"), 1}}, 12, "reals");
      },
  };
}

// Whether the solver takes the problem, by its registration and by its own word (`auto` asks
// others).
bool fits(const Subject& subject, const Problem& problem) {
  if (!Registry::mismatch(subject.info, problem).empty()) return false;
  try {
    subject.info.make(problem, {});
    return true;
  } catch (const SolverError&) {
    return false;
  }
}

double points_of(const Space& space) {
  double points = 1;
  for (const Coordinate& coordinate : space.coordinates()) {
    points *= coordinate.cells > 0 ? coordinate.cells : 1;
  }
  return points;
}

Space space_for(const Subject& subject, Names names, Extent extent) {
  Problem problem;
  problem.oracle = subject.oracle;
  if (problem.oracle == Oracle::kConsult) problem.lower_space = Space().real("y", -2, 2);
  std::vector<Step> all = steps(names, extent);
  // `auto` knows no solver for constraints or several objectives together with beliefs.
  const Capabilities& can = subject.info.capabilities;
  if (!can.told_constraints && can.max_objectives == 1) {
    all.push_back([=](Space& s) { s.real(named("rd", names), 0, 1, believed(0.1, 0.3)); });
  }
  for (const Step& step : all) {
    Problem next = problem;
    try {
      step(next.space);
    } catch (const SpaceError&) {
      continue;  // it names a parameter that was left out
    }
    if (!fits(subject, next)) continue;
    if (subject.info.capabilities.needs_finite_space &&
        points_of(next.space) > kFiniteLimit * (extent == Extent::kWider ? 4 : 1)) {
      continue;
    }
    problem = std::move(next);
  }
  return problem.space;
}

StudyOptions bare(const Subject& subject) {
  StudyOptions options;
  options.solver = subject.info.name;
  options.oracle = subject.oracle;
  options.seed = 11;
  if (subject.oracle == Oracle::kConsult) {
    options.lower_space = Space().real("ya", -2, 2).real("yb", -2, 2, sized(2));
  }
  return options;
}

double target(std::size_t coordinate) {
  return 0.2 + 0.6 * std::fmod(static_cast<double>(coordinate) * 0.6180339887498949, 1.0);
}

}  // namespace

StudyOptions sample(const Subject& subject, Names names, Extent extent) {
  StudyOptions options = bare(subject);
  if (subject.oracle != Oracle::kPerturb) options.space = space_for(subject, names, extent);
  return options;
}

StudyOptions tiny_sample(const Subject& subject) {
  StudyOptions options = bare(subject);
  if (subject.oracle == Oracle::kPerturb) return options;
  ParameterOptions whole;
  whole.step = 1;
  const std::vector<Space> spaces = {
      Space().categorical("only", {"one"}),
      Space().ordinal("only", {1.0}),
      Space().permutation("only", 1),
      Space().subset("only", 2, 2, 2),
      Space().boolean("two"),
      Space().real("two", 0, 1, whole),
  };
  for (const Space& space : spaces) {
    Problem problem;
    problem.oracle = subject.oracle;
    problem.lower_space = options.lower_space;
    problem.space = space;
    if (!fits(subject, problem)) continue;
    options.space = space;
    break;
  }
  return options;
}

double World::value(const Point& point) {
  const std::vector<double> unit = point.unit();
  double sum = 1;
  for (std::size_t i = 0; i < unit.size(); ++i) {
    sum += (1 + 0.1 * static_cast<double>(i)) * (unit[i] - target(i)) * (unit[i] - target(i));
  }
  return sum;
}

std::vector<double> World::gradient(const Point& point) {
  const std::vector<double> unit = point.unit();
  std::vector<double> out;
  for (const Parameter& parameter : point.space().parameters()) {
    for (std::size_t part = 0; part < parameter.slots(); ++part) {
      const std::size_t i = out.size();
      double scale = 1 / (parameter.high - parameter.low);
      if (parameter.log) {
        scale = 1 / (point.slots()[i] * std::log(parameter.high / parameter.low));
      }
      out.push_back(2 * (1 + 0.1 * static_cast<double>(i)) * (unit[i] - target(i)) * scale);
    }
  }
  return out;
}

// Lower level 1/2 sum_j (y_j - x_{j mod n})^2, upper level 1/2 sum_j (y_j - 1)^2 + 1/20 |x|^2.
Consulted World::consulted(const Consult& query) const {
  const std::size_t n = query.x.size();
  const bool lower = query.function == "lower";
  std::vector<double> grad_x(n, 0.0), grad_y(query.y.size(), 0.0);
  double value = 0;
  for (std::size_t j = 0; j < query.y.size(); ++j) {
    const double away = query.y[j] - (lower ? query.x[j % n] : 1.0);
    value += away * away / 2;
    grad_y[j] = away;
    if (lower) grad_x[j % n] -= away;
  }
  for (std::size_t i = 0; !lower && i < n; ++i) {
    value += query.x[i] * query.x[i] / 20;
    grad_x[i] = query.x[i] / 10;
  }
  Consulted out;
  if (query.wants & kWantValue) out.value = value;
  if (query.wants & kWantGradX) out.grad_x = std::move(grad_x);
  if (query.wants & kWantGradY) out.grad_y = std::move(grad_y);
  if (query.wants & kWantProduct) out.product = query.direction;  // the Hessian in y is 1
  return out;
}

Answer World::answer(const Query& query) {
  if (const auto* evaluate = std::get_if<Evaluate>(&query)) {
    Values values;
    values.objectives.assign(problem_.objectives.size(), value(evaluate->point));
    values.constraints.assign(problem_.constraints.size(), evaluate->point.unit()[0] - 0.6);
    return values;
  }
  if (const auto* compare = std::get_if<Compare>(&query)) {
    std::vector<double> values;
    for (const Point& point : compare->points) values.push_back(value(point));
    Ranking ranking;
    ranking.order.resize(values.size());
    std::iota(ranking.order.begin(), ranking.order.end(), std::size_t{0});
    std::stable_sort(ranking.order.begin(), ranking.order.end(),
                     [&](std::size_t a, std::size_t b) { return values[a] < values[b]; });
    ranking.order.resize(std::min(compare->best, values.size()));
    return ranking;
  }
  if (const auto* perturb = std::get_if<Perturb>(&query)) {
    const std::lock_guard lock(mutex_);
    return measure(std::span<double>(vector_), *perturb, [&] {
      return std::inner_product(vector_.begin(), vector_.end(), vector_.begin(), 0.0);
    });
  }
  return consulted(std::get<Consult>(query));
}

Answer replaced(Answer answer, const std::function<double(double)>& number) {
  const auto all = [&](std::vector<double>& values) {
    for (double& value : values) value = number(value);
  };
  if (auto* values = std::get_if<Values>(&answer)) {
    all(values->objectives);
  } else if (auto* losses = std::get_if<Losses>(&answer)) {
    losses->plus = number(losses->plus);
    losses->minus = number(losses->minus);
  } else if (auto* consulted = std::get_if<Consulted>(&answer)) {
    if (consulted->value) consulted->value = number(*consulted->value);
    all(consulted->grad_x);
    all(consulted->grad_y);
    all(consulted->product);
  }
  return answer;
}

std::string fingerprint(const Query& query) {
  std::ostringstream out;
  out.precision(17);
  const auto write = [&](const Point& point) {
    for (double slot : point.slots()) out << slot << ' ';
    out << "| ";
  };
  if (const auto* evaluate = std::get_if<Evaluate>(&query)) {
    write(evaluate->point);
  } else if (const auto* compare = std::get_if<Compare>(&query)) {
    out << "best " << compare->best << " of ";
    for (const Point& point : compare->points) write(point);
  } else {
    out << to_json(query);
  }
  return out.str();
}

}  // namespace asktell::conformance
