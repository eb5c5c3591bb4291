// asktell ask, tell, fail, enqueue: one trial by hand.
#include <cmath>
#include <iostream>

#include <asktell/bindings/cli/cli.hpp>
#include <asktell/bindings/cli/output.hpp>

namespace asktell::cli {
namespace {

struct AskArguments {
  std::string file;
  std::size_t count = 1;
  std::vector<std::string> fixed;
  std::vector<std::string> context;
};

void ask(const AskArguments& arguments) {
  Study study = open_study(arguments.file);
  const Space space = study.space();
  const std::vector<Trial> trials =
      study.ask(arguments.count, {.fixed = assignment_from_words(space, arguments.fixed),
                                  .context = assignment_from_words(space, arguments.context),
                                  .detached = true});
  for (const Trial& trial : trials) {
    const bool point = std::holds_alternative<Evaluate>(trial.query());
    std::cout << "{\"trial\": " << trial.number() << ", "
              << (point ? "\"params\": " + trial.point().to_json()
                        : "\"query\": " + to_json(trial.query()))
              << "}\n";
  }
  if (!trials.empty()) return;
  std::cerr << "asktell: nothing left to ask: the study is "
            << (study.stopped() ? "stopped" : "exhausted") << '\n';
  throw CLI::RuntimeError(kExhausted);
}

struct TellArguments {
  std::string file;
  std::int64_t trial = -1;
  std::vector<std::string> words;
  std::string answer;
  std::string reason;
  bool amend = false;
};

// Telling the same again is how a worker finds out that its first tell had arrived.
bool repeats_stored(const ToldTwiceError& error, const Answer& answer) {
  return error.stored() == to_json(answer);
}

void tell(const TellArguments& arguments) {
  Study study = open_study(arguments.file);
  const Answer answer = arguments.answer.empty()
                            ? values_from_output(study.problem(), arguments.words)
                            : answer_from_json(arguments.answer);
  if (arguments.amend) {
    study.amend(arguments.trial, answer);
    return;
  }
  try {
    study.tell(arguments.trial, answer);
  } catch (const ToldTwiceError& error) {
    if (!repeats_stored(error, answer)) throw;
    std::cerr << "asktell: trial " << arguments.trial << " had this answer already\n";
  }
}

}  // namespace

void add_trial(CLI::App& app) {
  auto asked = std::make_shared<AskArguments>();
  CLI::App* ask_command = app.add_subcommand("ask", "Print the next trial as JSON");
  ask_command->add_option("file", asked->file, "The study's file")->required();
  ask_command->add_option("-n,--count", asked->count, "How many")->capture_default_str();
  ask_command->add_option("--fixed", asked->fixed, "name=value to hold")->expected(1)->take_all();
  ask_command->add_option("--context", asked->context, "name=value of a context parameter")
      ->expected(1)
      ->take_all();
  ask_command->callback([asked] { ask(*asked); });

  auto told = std::make_shared<TellArguments>();
  CLI::App* tell_command = app.add_subcommand("tell", "Record what came out of a trial");
  tell_command->add_option("file", told->file, "The study's file")->required();
  tell_command->add_option("trial", told->trial, "Its number")->required();
  tell_command->add_option("values", told->words, "The value, then name=value for further ones")
      ->allow_extra_args();
  tell_command->add_option("--answer", told->answer, "The whole answer as JSON instead");
  tell_command->add_flag("--amend", told->amend, "Replace the recorded answer");
  tell_command->callback([told] { tell(*told); });

  auto failed = std::make_shared<TellArguments>();
  CLI::App* fail_command = app.add_subcommand("fail", "Record that a trial failed");
  fail_command->add_option("file", failed->file, "The study's file")->required();
  fail_command->add_option("trial", failed->trial, "Its number")->required();
  fail_command->add_option("reason", failed->reason, "What went wrong")->required();
  fail_command->callback(
      [failed] { open_study(failed->file).fail(failed->trial, failed->reason); });

  auto queued = std::make_shared<TellArguments>();
  CLI::App* enqueue_command = app.add_subcommand("enqueue", "Have a point asked next");
  enqueue_command->add_option("file", queued->file, "The study's file")->required();
  enqueue_command->add_option("values", queued->words, "name=value; the rest is at its default")
      ->required();
  enqueue_command->callback([queued] {
    Study study = open_study(queued->file);
    study.enqueue(assignment_from_words(study.space(), queued->words));
  });
}

}  // namespace asktell::cli
