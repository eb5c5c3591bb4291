// Configuration of a study as JSON, and the comparison when a file is opened again.
#include <charconv>
#include <nlohmann/json.hpp>
#include <random>

#include <asktell/core/errors.hpp>
#include <asktell/core/study_core.hpp>

namespace asktell {
namespace {

using Json = nlohmann::ordered_json;

std::string_view name_of(Direction direction) {
  return direction == Direction::kMaximize ? "maximize" : "minimize";
}

Direction direction_from_name(std::string_view name) {
  if (name == "minimize") return Direction::kMinimize;
  if (name == "maximize") return Direction::kMaximize;
  throw OptionError("option.direction", "direction is \"" + std::string(name) +
                                            "\"; it must be \"minimize\" or \"maximize\"");
}

std::uint64_t system_seed() {
  std::random_device device;
  return (static_cast<std::uint64_t>(device()) << 21) ^ device();  // below 2^53: exact in JSON
}

void check_problem(const Problem& problem) {
  if (problem.oracle != Oracle::kPerturb && problem.space.empty()) {
    throw SpaceError("space.empty",
                     "a new study needs a space with at least one parameter; add one, as in "
                     "Space().real(\"x\", 0, 1)");
  }
  if (problem.oracle == Oracle::kConsult && problem.lower_space.empty()) {
    throw SpaceError("space.empty",
                     "a study of \"consult\" queries needs the lower level's variables; set "
                     "lower_space");
  }
  if (problem.n_trials < 0) {
    throw OptionError("option.range", "n_trials is " + std::to_string(problem.n_trials) +
                                          "; it must be 0 (unlimited) or positive");
  }
  problem.space.check_feasible();
}

[[noreturn]] void changed(const std::string& path, const std::string& what) {
  throw StudyError("study.changed", "the study in \"" + path + "\" was created differently:\n" +
                                        what +
                                        "\nLeave these settings out, use another file, or widen "
                                        "the space with study.extend(space)");
}

}  // namespace

std::string to_json(const StudyConfig& config) {
  const Problem& problem = config.problem;
  Json json;
  json["space"] = Json::parse(problem.space.to_json());
  if (!problem.lower_space.empty())
    json["lower_space"] = Json::parse(problem.lower_space.to_json());
  json["oracle"] = name_of(problem.oracle);
  for (const Objective& objective : problem.objectives) {
    json["objectives"].push_back(
        {{"name", objective.name}, {"direction", name_of(objective.direction)}});
  }
  json["constraints"] = problem.constraints;
  if (problem.noise_variance >= 0) json["noise"] = problem.noise_variance;
  json["n_trials"] = problem.n_trials;
  json["seed"] = problem.seed;
  json["solver"] = config.solver;
  json["options"] = Json::parse(to_json(config.options));
  json["lease"] = config.lease;
  return json.dump();
}

StudyConfig config_from_json(std::string_view text) {
  try {
    const Json json = Json::parse(text);
    StudyConfig config;
    config.problem.space = Space::from_json(json.at("space").dump());
    if (json.contains("lower_space")) {
      config.problem.lower_space = Space::from_json(json.at("lower_space").dump());
    }
    config.problem.oracle = oracle_from_name(json.at("oracle").get<std::string>());
    config.problem.objectives.clear();
    for (const Json& objective : json.at("objectives")) {
      config.problem.objectives.push_back(
          {objective.at("name"),
           direction_from_name(objective.at("direction").get<std::string>())});
    }
    config.problem.constraints = json.at("constraints");
    config.problem.noise_variance = json.value("noise", -1.0);
    config.problem.n_trials = json.at("n_trials");
    config.problem.seed = json.at("seed");
    config.solver = json.at("solver");
    config.options = assignment_from_json(json.at("options").dump());
    config.lease = json.value("lease", 0.0);
    return config;
  } catch (const Json::exception& error) {
    throw StorageError("storage.torn", std::string("the study's configuration cannot be read (") +
                                           error.what() + "); restore the file from a copy");
  }
}

StudyConfig config_from_options(const StudyOptions& options) {
  StudyConfig config;
  Problem& problem = config.problem;
  problem.space = options.space;
  problem.lower_space = options.lower_space;
  const Capabilities& can = Registry::global().at(options.solver).capabilities;
  problem.oracle = options.oracle.value_or(can.oracles.front());
  problem.objectives = options.objectives;
  if (problem.objectives.empty()) {
    problem.objectives = {{"value", direction_from_name(options.direction)}};
  }
  problem.constraints = options.constraints;
  if (options.noise && !(*options.noise >= 0)) {
    throw OptionError("option.range", "noise is " + Value(*options.noise).text() +
                                          "; it is a variance: 0 (deterministic) or positive");
  }
  if (!std::isfinite(options.lease) || options.lease < 0) {
    throw OptionError("option.range", "lease is " + Value(options.lease).text() +
                                          "; it must be 0 (never lapses) or positive seconds");
  }
  problem.noise_variance = options.noise.value_or(-1);
  problem.n_trials = options.n_trials;
  problem.seed = options.seed ? *options.seed : system_seed();
  config.solver = options.solver;
  config.options = options.options;
  config.lease = options.lease;
  check_problem(problem);
  return config;
}

void reconcile(const StudyConfig& stored, const Space& current, const StudyOptions& wanted,
               const std::string& path) {
  const Problem& problem = stored.problem;
  std::string what;
  if (!wanted.space.empty()) what += wanted.space.difference(current);
  const auto line = [&](std::string_view name, const std::string& file, const std::string& given) {
    if (!what.empty() && what.back() != '\n') what += '\n';
    what += std::string(name) + ": the file has " + file + ", given is " + given;
  };
  if (wanted.seed && *wanted.seed != problem.seed) {
    line("seed", std::to_string(problem.seed), std::to_string(*wanted.seed));
  }
  if (wanted.solver != "auto" && wanted.solver != stored.solver) {
    line("solver", stored.solver, wanted.solver);
  }
  if (!wanted.options.empty() && to_json(wanted.options) != to_json(stored.options)) {
    line("options", to_json(stored.options), to_json(wanted.options));
  }
  std::vector<Objective> objectives = wanted.objectives;
  if (objectives.empty() && wanted.direction != "minimize") {
    objectives = {{"value", direction_from_name(wanted.direction)}};
  }
  const auto same = [](const Objective& a, const Objective& b) {
    return a.name == b.name && a.direction == b.direction;
  };
  if (!objectives.empty() &&
      !std::equal(objectives.begin(), objectives.end(), problem.objectives.begin(),
                  problem.objectives.end(), same)) {
    const auto text = [](const std::vector<Objective>& list) {
      std::string out;
      for (const Objective& objective : list) {
        out += objective.name + " (" + std::string(name_of(objective.direction)) + ") ";
      }
      return out;
    };
    line("objectives", text(problem.objectives), text(objectives));
  }
  if (!wanted.constraints.empty() && wanted.constraints != problem.constraints) {
    line("constraints", std::to_string(problem.constraints.size()) + " of other names",
         std::to_string(wanted.constraints.size()));
  }
  if (wanted.noise && *wanted.noise != problem.noise_variance) {
    line("noise", std::to_string(problem.noise_variance), std::to_string(*wanted.noise));
  }
  if (!what.empty()) changed(path, what);
}

}  // namespace asktell
