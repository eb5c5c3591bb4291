// asktell run: evaluates trials with a program. Placeholders {x} become parameter values; {trial},
// {seed} and {params} (JSON) are there too; {{ and }} are braces.
#include <cmath>
#include <cstdio>
#include <iostream>
#include <mutex>
#include <thread>

#include <asktell/bindings/cli/child.hpp>
#include <asktell/bindings/cli/cli.hpp>
#include <asktell/bindings/cli/output.hpp>

namespace asktell::cli {
namespace {

struct RunArguments {
  std::string file;
  std::int64_t trials = 0;
  std::size_t parallel = 1;
  double timeout = 0;
  bool quiet = false;
  std::vector<std::string> program;
};

std::string placeholder(const std::string& name, const Trial& trial) {
  if (name == "trial") return std::to_string(trial.number());
  if (name == "seed") return std::to_string(trial.seed());
  if (name == "params") return trial.point().to_json();
  const Value value = trial[name];
  return value.absent() ? "" : value.text();
}

std::string filled(const std::string& word,
                   const std::function<std::string(const std::string&)>& look) {
  std::string out;
  for (std::size_t i = 0; i < word.size(); ++i) {
    const bool doubled = i + 1 < word.size() && word[i + 1] == word[i];
    if ((word[i] == '{' || word[i] == '}') && doubled) {
      out += word[i++];
    } else if (word[i] == '{' && word.find('}', i) != std::string::npos) {
      const std::size_t end = word.find('}', i);
      out += look(word.substr(i + 1, end - i - 1));
      i = end;
    } else {
      out += word[i];
    }
  }
  return out;
}

// Every placeholder must name a parameter before anything runs.
void check_placeholders(const Space& space, const std::vector<std::string>& program) {
  for (const std::string& word : program) {
    filled(word, [&](const std::string& name) -> std::string {
      if (name == "trial" || name == "seed" || name == "params" || space.find(name)) return "";
      throw OptionError("option.placeholder",
                        "the program has a placeholder {" + name +
                            "}, which is no parameter of the study (also known: "
                            "{trial}, {seed}, {params}; {{ is a brace)");
    });
  }
}

class Runner {
 public:
  Runner(Study& study, const RunArguments& arguments) : study_(study), arguments_(arguments) {}

  void run() {
    adopted_ = study_.adopt();  // what a dead process left behind is evaluated first
    std::vector<std::thread> workers;
    for (std::size_t i = 0; i < arguments_.parallel; ++i) {
      workers.emplace_back([this] { work(); });
    }
    for (std::thread& worker : workers) worker.join();
    if (error_) std::rethrow_exception(error_);
    if (interrupted) std::cerr << "asktell: interrupted; run the same command again to go on\n";
  }

 private:
  void work() {
    try {
      while (!interrupted && !error_) {
        const Trial trial = next();
        if (!trial) return;
        evaluate(trial);
      }
    } catch (...) {
      const std::lock_guard lock(mutex_);
      if (!error_) error_ = std::current_exception();
    }
  }

  Trial next() {
    {
      const std::lock_guard lock(mutex_);
      if (!adopted_.empty()) {
        const Trial trial = adopted_.back();
        adopted_.pop_back();
        return trial;
      }
    }
    return study_.ask();
  }

  void evaluate(const Trial& trial) {
    std::vector<std::string> words;
    for (const std::string& word : arguments_.program) {
      words.push_back(
          filled(word, [&](const std::string& name) { return placeholder(name, trial); }));
    }
    const ChildResult result = run_child(words, arguments_.timeout);
    if (result.interrupted) return;  // stays pending and is adopted by the next run
    Answer answer = answer_of(result);
    const auto* failure = std::get_if<Failure>(&answer);
    if (failure) refuse_endless_failure(*failure, result);
    const auto* values = std::get_if<Values>(&answer);
    const double value = values ? values->objectives.front() : NAN;
    const std::string reason = failure ? failure->reason : "";
    study_.tell(trial, std::move(answer));
    report(trial, value, reason);
  }

  Answer answer_of(const ChildResult& result) const {
    if (result.timed_out) {
      return Failure{"timed out after " + Value(arguments_.timeout).text() + " s"};
    }
    if (result.exit_code != 0) {
      const std::string what = result.exit_code < 0
                                   ? "killed by signal " + std::to_string(-result.exit_code)
                                   : "exit code " + std::to_string(result.exit_code);
      return Failure{what + (result.errors.empty() ? "" : ": " + result.errors)};
    }
    return values_from_output(study_.problem(), result.lines);
  }

  // Three failures and no success: the command is wrong, not the points.
  void refuse_endless_failure(const Failure& failure, const ChildResult& result) {
    const std::lock_guard lock(mutex_);
    ++failures_;
    if (failures_ < 3 || study_.told() > 0) return;
    std::string printed;
    for (const std::string& line : result.lines) printed += "  " + line + "\n";
    throw StudyError("study.program-fails",
                     "the first three trials failed (" + failure.reason +
                         "); the program printed:\n" + (printed.empty() ? "  nothing\n" : printed) +
                         "It must exit with 0 and print the value as its last number");
  }

  void report(const Trial& trial, double value, const std::string& reason) {
    if (arguments_.quiet) return;
    const std::lock_guard lock(mutex_);
    if (!reason.empty()) {
      std::cerr << "trial " << trial.number() << ": failed (" << reason << ")\n";
      return;
    }
    const Trial best = study_.best();
    if (best && best.number() == trial.number()) {
      std::cerr << best << '\n';
    } else if (std::isnan(value)) {
      std::cerr << "trial " << trial.number() << ": told\n";
    }
  }

  Study& study_;
  const RunArguments& arguments_;
  std::mutex mutex_;
  std::vector<Trial> adopted_;
  int failures_ = 0;
  std::exception_ptr error_;
};

void run(const RunArguments& arguments) {
  Study study = open_study(arguments.file);
  check_placeholders(study.space(), arguments.program);
  // The budget is the study's: any number of `run` commands share it exactly.
  if (arguments.trials > 0 && study.problem().n_trials != arguments.trials) {
    study.set_budget(arguments.trials);
  }
  if (study.problem().n_trials == 0) {
    throw OptionError("option.trials", "the study has no budget; give --trials N");
  }
  catch_interrupts();
  const Diagnostics before = study.diagnostics();
  if (!arguments.quiet && !before.description.empty()) std::cerr << before.description << '\n';
  Runner(study, arguments).run();
  if (interrupted) throw CLI::RuntimeError(kError);
  const Diagnostics after = study.diagnostics();
  if (!arguments.quiet) {
    std::cerr << after.told << " told, " << after.failed << " failed, " << after.pending
              << " pending of " << study.problem().n_trials << '\n';
  }
  std::cout << study.best() << '\n';
}

}  // namespace

void add_run(CLI::App& app) {
  auto arguments = std::make_shared<RunArguments>();
  CLI::App* command =
      app.add_subcommand("run", "Evaluate trials with a program until the budget is spent");
  command->add_option("file", arguments->file, "The study's file")->required();
  command->add_option("--trials", arguments->trials, "Trials of the study in all; sets its budget");
  command->add_option("--parallel", arguments->parallel, "Programs at the same time")
      ->check(CLI::Range(1, 1024))
      ->capture_default_str();
  command->add_option("--timeout", arguments->timeout, "Seconds for one evaluation; 0: unlimited");
  command->add_flag("-q,--quiet", arguments->quiet, "Print the best trial only");
  command
      ->add_option("program", arguments->program,
                   "After --: the program and its arguments, {x} filled in")
      ->required();
  command->callback([arguments] { run(*arguments); });
}

}  // namespace asktell::cli
