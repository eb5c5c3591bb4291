// asktell create: a study file from a space described in words.
#include <fstream>
#include <iostream>
#include <sstream>

#include <asktell/bindings/cli/cli.hpp>

namespace asktell::cli {
namespace {

struct CreateArguments {
  std::string file;
  std::string space_file;
  std::vector<std::string> parameters;  // in the order of the command line: "real\nx=0:1"
  std::vector<std::string> linear;
  std::vector<std::string> when;
  std::vector<std::string> objectives;
  std::vector<std::string> constraints;
  std::vector<std::string> options;
  std::string direction = "minimize";
  std::string solver = "auto";
  std::optional<std::uint64_t> seed;
  std::optional<double> noise;
  std::int64_t trials = 0;
  double lease = 0;
};

double number(const std::string& name, const std::string& text) {
  std::size_t end = 0;
  double value = 0;
  try {
    value = std::stod(text, &end);
  } catch (const std::exception&) {
    end = std::string::npos;
  }
  if (end == text.size() && !text.empty()) return value;
  throw OptionError("option.number", "parameter \"" + name + "\": \"" + text +
                                         "\" is not a number; write name=low:high");
}

// "low:high[:log][:step=s][:size=n]"
void read_range(Parameter& parameter, const std::string& text) {
  const std::vector<std::string> parts = split(text, ':');
  if (parts.size() < 2) {
    throw OptionError("option.range", "parameter \"" + parameter.name + "\": \"" + text +
                                          "\" has no range; write " + parameter.name + "=low:high");
  }
  parameter.low = number(parameter.name, parts[0]);
  parameter.high = number(parameter.name, parts[1]);
  for (std::size_t i = 2; i < parts.size(); ++i) {
    if (parts[i] == "log") {
      parameter.log = true;
    } else if (parts[i].starts_with("step=")) {
      parameter.step = number(parameter.name, parts[i].substr(5));
    } else if (parts[i].starts_with("size=")) {
      parameter.size = static_cast<std::size_t>(number(parameter.name, parts[i].substr(5)));
    } else {
      throw OptionError("option.range", "parameter \"" + parameter.name + "\": \"" + parts[i] +
                                            "\" is unknown; after low:high may come log, step=..., "
                                            "size=...");
    }
  }
}

std::size_t count(const std::string& name, const std::string& text) {
  return static_cast<std::size_t>(number(name, text));
}

Parameter parameter_from(const std::string& kind, const std::string& text) {
  Parameter parameter;
  if (kind == "boolean") {
    parameter.kind = Kind::kBoolean;
    parameter.name = text;
    return parameter;
  }
  const auto [name, rest] = split_assignment("--" + kind, text);
  parameter.name = name;
  if (kind == "real" || kind == "integer") {
    parameter.kind = kind == "real" ? Kind::kReal : Kind::kInteger;
    read_range(parameter, rest);
  } else if (kind == "categorical" || kind == "ordinal") {
    parameter.kind = kind == "ordinal" ? Kind::kOrdinal : Kind::kCategorical;
    for (const std::string& word : split(rest, ',')) {
      parameter.choices.push_back(value_from_word(word));
    }
  } else {
    const std::vector<std::string> parts = split(rest, ':');
    parameter.items = count(name, parts[0]);
    parameter.max_items = parameter.items;
    parameter.kind = kind == "permutation" ? Kind::kPermutation
                     : kind == "subset"    ? Kind::kSubset
                                           : Kind::kSimplex;
    if (parts.size() == 3) {
      parameter.min_items = count(name, parts[1]);
      parameter.max_items = count(name, parts[2]);
    }
  }
  return parameter;
}

// "child: parent=value,value" or "child: parent=low..high"
void add_condition(std::vector<Parameter>& parameters, const std::string& text) {
  const std::size_t colon = text.find(':');
  const std::string child = text.substr(0, colon);
  for (Parameter& parameter : parameters) {
    if (parameter.name != child || colon == std::string::npos) continue;
    std::string rest = text.substr(colon + 1);
    rest.erase(0, rest.find_first_not_of(' '));
    const auto [parent, values] = split_assignment("--when", rest);
    Condition condition;
    condition.parent = parent;
    const std::size_t dots = values.find("..");
    if (dots != std::string::npos) {
      condition.low = number(child, values.substr(0, dots));
      condition.high = number(child, values.substr(dots + 2));
    } else {
      for (const std::string& word : split(values, ',')) {
        condition.values.push_back(value_from_word(word));
      }
    }
    parameter.when.push_back(condition);
    return;
  }
  throw OptionError("option.when", "--when got \"" + text +
                                       "\"; write child: parent=value,value with a declared child");
}

Space space_from(const CreateArguments& arguments) {
  if (!arguments.space_file.empty()) {
    std::ifstream in(arguments.space_file);
    if (!in) {
      throw StorageError("storage.space",
                         "cannot read \"" + arguments.space_file + "\"; check the path");
    }
    std::stringstream text;
    text << in.rdbuf();
    return Space::from_json(text.str());
  }
  std::vector<Parameter> parameters;
  for (const std::string& entry : arguments.parameters) {
    const std::size_t line = entry.find('\n');
    parameters.push_back(parameter_from(entry.substr(0, line), entry.substr(line + 1)));
  }
  for (const std::string& when : arguments.when) add_condition(parameters, when);
  Space space;
  for (Parameter& parameter : parameters) space.add(std::move(parameter));
  for (const std::string& linear : arguments.linear) space.constraint(linear);
  return space;
}

void create(const CreateArguments& arguments) {
  if (std::ifstream(arguments.file)) {
    throw StorageError("storage.exists",
                       "\"" + arguments.file +
                           "\" exists already; choose another name, or go on with: "
                           "asktell run " +
                           arguments.file);
  }
  StudyOptions options;
  options.space = space_from(arguments);
  options.file = arguments.file;
  options.seed = arguments.seed;
  options.solver = arguments.solver;
  options.direction = arguments.direction;
  options.constraints = arguments.constraints;
  options.noise = arguments.noise;
  options.n_trials = arguments.trials;
  options.lease = arguments.lease;
  for (const std::string& word : arguments.options) {
    const auto [name, text] = split_assignment("--option", word);
    options.options[name] = value_from_word(text);
  }
  for (const std::string& word : arguments.objectives) {
    const std::vector<std::string> parts = split(word, ':');
    const bool maximize = parts.size() > 1 && parts[1].starts_with("max");
    options.objectives.push_back(
        {parts[0], maximize ? Direction::kMaximize : Direction::kMinimize});
  }
  const Study study(std::move(options));
  std::cout << "created " << study.file() << ": " << study.space().parameters().size()
            << " parameter(s), solver " << study.solver() << ", seed " << study.seed() << '\n';
}

}  // namespace

void add_create(CLI::App& app) {
  auto arguments = std::make_shared<CreateArguments>();
  CLI::App* command = app.add_subcommand("create", "Create a study file");
  command->add_option("file", arguments->file, "The study's file")->required();
  const std::vector<std::pair<std::string, std::string>> kinds = {
      {"real", "name=low:high[:log][:step=s][:size=n]"},
      {"integer", "name=low:high[:log][:step=s][:size=n]"},
      {"categorical", "name=a,b,c (no order)"},
      {"ordinal", "name=1,2,4 (in order)"},
      {"boolean", "name"},
      {"permutation", "name=items"},
      {"subset", "name=items[:min:max]"},
      {"simplex", "name=items (parts that sum to 1)"}};
  for (const auto& [kind, format] : kinds) {
    command
        ->add_option_function<std::vector<std::string>>(
            "--" + kind,
            [arguments, kind = kind](const std::vector<std::string>& words) {
              for (const std::string& word : words) {
                arguments->parameters.push_back(kind + "\n" + word);
              }
            },
            format)
        ->expected(1)
        ->take_all()
        ->trigger_on_parse();
  }
  command->add_option("--space", arguments->space_file,
                      "Space as a JSON file, instead of the above");
  command->add_option("--constraint", arguments->linear, "Known constraint, as \"x + 2*y <= 3\"")
      ->expected(1)
      ->take_all();
  command->add_option("--when", arguments->when, "child: parent=value,value or parent=low..high")
      ->expected(1)
      ->take_all();
  command->add_option("--direction", arguments->direction, "minimize or maximize")
      ->check(CLI::IsMember({"minimize", "maximize"}))
      ->capture_default_str();
  command
      ->add_option("--objective", arguments->objectives, "name[:maximize], one for each of several")
      ->expected(1)
      ->take_all();
  command
      ->add_option("--told-constraint", arguments->constraints,
                   "Name of a constraint value that comes with the answer (<= 0 feasible)")
      ->expected(1)
      ->take_all();
  command->add_option("--solver", arguments->solver, "See: asktell solvers")->capture_default_str();
  command->add_option("--option", arguments->options, "name=value of the solver")
      ->expected(1)
      ->take_all();
  command->add_option("--seed", arguments->seed, "Drawn and recorded when not given");
  command->add_option("--noise", arguments->noise, "Variance of the noise; 0: deterministic");
  command->add_option("--trials", arguments->trials, "Budget shared by all workers; 0: unlimited");
  command->add_option("--lease", arguments->lease,
                      "Seconds until a pending trial is given up; 0: never");
  command->callback([arguments] { create(*arguments); });
}

}  // namespace asktell::cli
