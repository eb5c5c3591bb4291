// Proposals fit the problem; what a solver cannot take is refused at construction.
#include <algorithm>
#include <array>
#include <cmath>
#include <vector>

#include <asktell/core/errors.hpp>
#include <asktell/tests/conformance/contract.hpp>

namespace asktell::conformance {
namespace {

// Creating the study must fail, name the solver, and name one that fits when there is one.
void require_refusal(const Subject& subject, const StudyOptions& options, const Problem& problem) {
  try {
    Study study(options);
  } catch (const SolverError& error) {
    const std::string message = error.what();
    require(error.id() == "solver.capability", "refused with id " + error.id());
    require(message.find("\"" + subject.info.name + "\"") != std::string::npos,
            "the refusal does not name the solver: " + message);
    bool any = false, named = false;
    for (const std::string& name : Registry::global().names()) {
      if (!Registry::mismatch(Registry::global().at(name), problem).empty()) continue;
      any = true;
      named |= message.find(name) != std::string::npos;
    }
    require(!any || named, "the refusal names no solver that fits: " + message);
    return;
  }
  throw Violation("a problem the solver cannot take was accepted: " + options.space.to_json());
}

void refuses_what_it_cannot_take(const Subject& subject) {
  const Capabilities& can = subject.info.capabilities;
  std::vector<StudyOptions> problems;
  const auto add = [&](auto change) {
    StudyOptions options = sample(subject);
    change(options);
    problems.push_back(std::move(options));
  };
  for (Oracle oracle : {Oracle::kEvaluate, Oracle::kCompare, Oracle::kPerturb, Oracle::kConsult}) {
    add([&](StudyOptions& options) {
      options.oracle = oracle;
      if (options.space.empty()) options.space.real("x", 0, 1);
      options.lower_space = Space().real("y", 0, 1);
    });
  }
  add([&](StudyOptions& o) { o.objectives = {{"a"}, {"b"}}; });
  add([&](StudyOptions& o) { o.constraints = {"c"}; });
  add([&](StudyOptions& o) { o.noise = 1.0; });
  if (subject.oracle != Oracle::kPerturb) {
    add([&](StudyOptions& o) { o.space.integer("more", 1, 3); });
    add([&](StudyOptions& o) { o.space.categorical("more", {"a", "b"}); });
    add([&](StudyOptions& o) { o.space.permutation("more", 3); });
    add([&](StudyOptions& o) { o.space.real("more", 0, 1); });
    add([&](StudyOptions& o) {
      ParameterOptions when;
      when.when = {{.parent = "flag", .values = {true}}};
      o.space.boolean("flag").boolean("more", when);
    });
    add([&](StudyOptions& o) {
      o.space.real("known", 0, 1);
      o.space.constraint("known <= 0.9");
    });
    if (std::isfinite(can.max_dimension)) {
      add([&](StudyOptions& o) {
        ParameterOptions many;
        many.size = static_cast<std::size_t>(can.max_dimension) + 1;
        o.space = Space().real("many", 0, 1, many);
      });
    }
  }
  for (const StudyOptions& options : problems) {
    Problem problem;
    problem.space = options.space;
    problem.lower_space = options.lower_space;
    problem.oracle = *options.oracle;
    if (!options.objectives.empty()) problem.objectives = options.objectives;
    problem.constraints = options.constraints;
    problem.noise_variance = options.noise.value_or(-1);
    if (Registry::mismatch(subject.info, problem).empty()) continue;
    require_refusal(subject, options, problem);
  }
}

void stays_inside_the_space(const Subject& subject) {
  StudyOptions options = sample(subject);
  Study study(options);
  World world(study.problem());
  require(!play(study, world, 40).empty(), "nothing was asked");  // play checks each query
}

void meets_told_constraints_interface(const Subject& subject) {
  const Capabilities& can = subject.info.capabilities;
  if (!can.told_constraints || subject.oracle != Oracle::kEvaluate) return;
  StudyOptions options = sample(subject);
  options.constraints = {"room"};
  Study study(options);
  World world(study.problem());
  play(study, world, 24);
  const Trial best = study.best();
  const Trial recommended = study.recommend();
  require(!best || best.point().unit()[0] <= 0.6 + 1e-12, "the best trial is infeasible");
  require(!best || static_cast<bool>(recommended), "nothing is recommended");
}

void takes_several_objectives(const Subject& subject) {
  if (subject.info.capabilities.max_objectives < 2 || subject.oracle != Oracle::kEvaluate) return;
  StudyOptions options = sample(subject);
  options.objectives = {{"cost"}, {"yield", Direction::kMaximize}};
  Study study(options);
  World world(study.problem());
  play(study, world, 16);
  require(!study.pareto().empty(), "the front is empty");
}

void takes_told_gradients(const Subject& subject) {
  if (!subject.info.capabilities.gradients || subject.oracle != Oracle::kEvaluate) return;
  StudyOptions options = sample(subject);
  for (const Parameter& parameter : options.space.parameters()) {
    if (parameter.kind != Kind::kReal) return;
  }
  Study study(options);
  World world(study.problem());
  play(study, world, 20, [](const Trial& trial, Answer truth) {
    std::get<Values>(truth).gradient = World::gradient(trial.point());
    return truth;
  });
  // 1 is the minimum of World::value; with exact gradients it is near after twenty values.
  require(study.best().value() < 1.1, "told gradients led nowhere");
}

void offers_its_options(const Subject& subject) {
  StudyOptions options = sample(subject);
  options.options = {{"no_such_option", 1}};
  try {
    Study study(options);
    throw Violation("an unknown option was accepted");
  } catch (const OptionError& error) {
    require(std::string(error.what()).find("no_such_option") != std::string::npos,
            "the refusal does not name the option");
  }
  options.options.clear();
  Study plain(options);
  for (const OptionSpec& spec : subject.info.options) {
    require(!spec.description.empty(), "option " + spec.name + " has no description");
    options.options[spec.name] = spec.default_value;
  }
  Study spelled(options);
  World one(plain.problem()), other(plain.problem());
  require_equal(play(plain, one, 8), play(spelled, other, 8), "defaults spelled out");
  for (const OptionSpec& spec : subject.info.options) {
    if (!std::isfinite(spec.low)) continue;
    StudyOptions wrong = sample(subject);
    wrong.options[spec.name] = spec.type == "integer"
                                   ? Value(static_cast<std::int64_t>(spec.low) - 1)
                                   : Value(spec.low - 1);
    bool refused = false;
    try {
      Study study(wrong);
    } catch (const OptionError&) {
      refused = true;
    }
    require(refused, "option " + spec.name + " below its least value was accepted");
  }
}

void keeps_fixed_values(const Subject& subject) {
  if (subject.oracle != Oracle::kEvaluate) return;
  const StudyOptions options = sample(subject);
  Study study(options);
  World world(study.problem());
  play(study, world, 6);
  const Parameter& first = options.space.parameters()[0];
  const Trial seen = study.trial(0);
  for (int i = 0; i < 6; ++i) {
    const Trial trial = study.ask({.fixed = {{first.name, seen[first.name]}}});
    if (!trial) break;
    require(same_value(trial[first.name], seen[first.name]), "a fixed value moved");
    require_fit(trial.query(), study.problem());
    study.tell(trial, world.answer(trial.query()));
  }
  play(study, world, 3);
}

// Different points of the space within its known constraints, without those of context.
std::vector<Assignment> listed(const Space& space, std::size_t count) {
  RandomStream stream(7, Purpose::kDesign);
  std::vector<double> unit(space.dimension());
  std::vector<Assignment> out;
  for (int i = 0; i < 1000 && out.size() < count; ++i) {
    stream.fill_uniform(unit);
    const Point point = space.point_from_unit(unit);
    const bool known = std::any_of(out.begin(), out.end(), [&](const Assignment& other) {
      return space.point(other) == point;
    });
    if (!known && space.satisfies_constraints(point.slots())) out.push_back(point.values());
  }
  return out;
}

// A list of points in a study without noise: each is asked once, exactly as given.
void chooses_from_lists(const Subject& subject) {
  if (subject.oracle != Oracle::kEvaluate) return;
  StudyOptions options = sample(subject);
  if (!subject.info.capabilities.repeats) options.noise = 0;
  Study study(options), twin(options);
  const std::vector<Assignment> list = listed(options.space, 24);
  if (!subject.info.capabilities.candidates) {
    try {
      study.ask_from(list);
    } catch (const SolverError& error) {
      require(error.id() == "solver.capability", "refused with id " + error.id());
      require(study.size() == 0, "a refused list left a trial");
      return;
    }
    throw Violation("a list was taken by a solver that cannot choose from lists");
  }
  World world(study.problem());
  std::vector<bool> asked(list.size(), false);
  std::size_t count = 0;
  while (count < list.size()) {
    const auto trials = study.ask_from(list, 1 + count % 3);
    const auto same = twin.ask_from(list, 1 + count % 3);
    require(!trials.empty(), "nothing was asked though candidates are left");
    require(trials.size() == same.size(), "the same study asked otherwise");
    for (std::size_t i = 0; i < trials.size(); ++i, ++count) {
      require(fingerprint(trials[i].query()) == fingerprint(same[i].query()),
              "the same study asked otherwise");
      const auto at = std::find_if(list.begin(), list.end(), [&](const Assignment& candidate) {
        return options.space.point(candidate) == trials[i].point();
      });
      require(at != list.end(), "a point was asked that is not in the list");
      const auto number = static_cast<std::size_t>(at - list.begin());
      require(!asked[number], "a candidate was asked twice");
      asked[number] = true;
      const Answer answer = world.answer(trials[i].query());
      study.tell(trials[i], answer);
      twin.tell(same[i], answer);
    }
  }
  require(study.ask_from(list, 2).empty(), "a candidate was asked twice");
}

constexpr std::array kCases = {
    Case{"RefusesWhatItCannotTake", "a misfit is refused, naming a solver that fits",
         refuses_what_it_cannot_take},
    Case{"StaysInsideTheSpace",
         "in bounds, integers integral, inactive parameters absent, known constraints respected",
         stays_inside_the_space},
    Case{"TakesToldConstraints", "told constraints decide what is best",
         meets_told_constraints_interface},
    Case{"TakesSeveralObjectives", "several objectives make a front", takes_several_objectives},
    Case{"TakesToldGradients", "told gradients are used", takes_told_gradients},
    Case{"OffersItsOptions", "unknown options are refused, defaults can be spelled out",
         offers_its_options},
    Case{"KeepsFixedValues", "values held by the user stay", keeps_fixed_values},
    Case{"ChoosesFromLists", "of a list of points each is asked once, or the list is refused",
         chooses_from_lists},
};

}  // namespace

std::span<const Case> fit_cases() {
  return kCases;
}

}  // namespace asktell::conformance
