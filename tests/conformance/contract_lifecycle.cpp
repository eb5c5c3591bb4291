// Pending, lapsed, amended, enqueued and extended; budgets; many threads.
#include <array>
#include <atomic>
#include <mutex>
#include <set>
#include <thread>

#include <asktell/core/errors.hpp>
#include <asktell/tests/conformance/contract.hpp>

namespace asktell::conformance {
namespace {

void require_fresh_agrees(Study& study, World& world, const Subject& subject,
                          const std::string& what) {
  const auto fresh = fresh_proposals(study, subject);
  const auto asked = play(study, world, 1);
  if (!asked.empty()) require_equal(asked, fresh, what);
}

void told_twice(const Subject& subject) {
  Study study(sample(subject));
  World world(study.problem());
  play(study, world, 4);
  const Trial trial = study.trial(1);
  const std::string stored = to_json(*trial.answer());
  const auto before = fresh_proposals(study, subject);
  const std::size_t told = study.told();
  bool refused = false;
  try {
    study.tell(trial, Failure{"again"});
  } catch (const ToldTwiceError& error) {
    refused = true;
    require(error.stored() == stored, "the error carries " + error.stored() + ", not " + stored);
  }
  require(refused, "a second answer was accepted");
  require(study.told() == told && to_json(*study.trial(1).answer()) == stored,
          "a refused answer changed the study");
  require_equal(before, fresh_proposals(study, subject), "after a refused answer");
}

void amended(const Subject& subject) {
  Study study(sample(subject));
  World world(study.problem());
  play(study, world, 8);
  study.amend(2, Failure{"the mesh was wrong"});
  require_fresh_agrees(study, world, subject, "an answer amended to a failure");
  study.amend(2, replaced(world.answer(study.trial(2).query()), [](double v) { return v + 0.5; }));
  require_fresh_agrees(study, world, subject, "an amended answer");
  play(study, world, 4);
}

void thousand_pending(const Subject& subject) {
  Study study(sample(subject));
  World world(study.problem());
  play(study, world, 6);
  std::size_t pending = 0;
  while (pending < 1000) {
    const std::vector<Trial> batch = study.ask(1000 - pending);
    for (const Trial& trial : batch) require_fit(trial.query(), study.problem());
    pending += batch.size();
    if (batch.empty()) break;  // a finite space that has been visited
  }
  const bool finite = study.exhausted();
  require(pending >= 1000 || finite || subject.oracle == Oracle::kConsult,
          "only " + std::to_string(pending) + " of 1000 trials were proposed");
  const std::vector<Trial> waiting = study.pending();
  if (waiting.empty()) return;
  study.tell(waiting.back(), world.answer(waiting.back().query()));
  require_fresh_agrees(study, world, subject, "with a thousand pending trials");
}

void batches(const Subject& subject) {
  if (subject.oracle != Oracle::kEvaluate || subject.info.capabilities.repeats) return;
  Study study(sample(subject));
  World world(study.problem());
  play(study, world, 7);
  std::set<std::string> seen;
  for (const Trial& trial : study.ask(8)) {
    require_fit(trial.query(), study.problem());
    require(seen.insert(fingerprint(trial.query())).second, "a batch repeats a point");
  }
  require(seen.size() == 8, "a batch of 8 has " + std::to_string(seen.size()) + " trials");
}

void budget(const Subject& subject) {
  StudyOptions options = sample(subject);
  options.n_trials = 7;
  Study study(options);
  World world(study.problem());
  const std::size_t asked = play(study, world, 50).size();
  // A group of queries that belong together is not cut.
  const bool group = subject.oracle == Oracle::kConsult;
  require(group ? asked >= 7 && asked < 17 : asked == 7,
          "a budget of 7 gave " + std::to_string(asked) + " trials");
  require(study.exhausted() && study.ask(3).empty(), "a spent budget is not exhausted");
}

void lapsed_leases(const Subject& subject) {
  StudyOptions options = sample(subject);
  double now = 0;
  options.lease = 10;
  options.clock = [&] { return now; };
  Study study(options);
  World world(study.problem());
  play(study, world, 4);
  const std::vector<Trial> late = study.ask(2);
  now = 11;
  play(study, world, 3);
  require(study.diagnostics().lapsed > 0, "no lease lapsed");
  for (const Trial& trial : late) study.tell(trial, world.answer(trial.query()));
  require_fresh_agrees(study, world, subject, "after late answers");
}

void outside_and_enqueued(const Subject& subject) {
  if (subject.oracle != Oracle::kEvaluate) return;
  Study source(sample(subject));
  World world(source.problem());
  play(source, world, 8);
  Study study(sample(subject));
  for (const Trial& trial : source.trials()) {
    study.tell_point(trial.point().values(), world.answer(trial.query()));
  }
  require_fresh_agrees(study, world, subject, "after told points");
  study.enqueue(source.trial(3).point().values());
  const Trial queued = study.ask();
  require(queued.origin() == Origin::kEnqueued && queued.point() == source.trial(3).point(),
          "an enqueued point was not asked as given");
  study.tell(queued, world.answer(queued.query()));
  require_fresh_agrees(study, world, subject, "after an enqueued point");
  play(study, world, 6);
}

void stopped_trials(const Subject& subject) {
  Study study(sample(subject));
  World world(study.problem());
  play(study, world, 4);
  for (const Trial& trial : study.ask(1)) {
    trial.report(1, 2.5);
    trial.stop("hopeless");
  }
  play(study, world, 5);
  require_fresh_agrees(study, world, subject, "after a stopped trial");
}

void extended_space(const Subject& subject) {
  if (subject.oracle != Oracle::kEvaluate) return;
  TemporaryFile file;
  StudyOptions options = sample(subject);
  options.file = file.path();
  Study study(options);
  World world(study.problem());
  play(study, world, 10);
  study.extend(sample(subject, Names::kPlain, Extent::kWider).space);
  require_fresh_agrees(study, world, subject, "after an extension");
  play(study, world, 5);
  StudyOptions reopened;
  reopened.file = file.path();
  Study again(reopened);
  require_equal(fresh_proposals(study, subject), fresh_proposals(again, subject),
                "an extended study reopened");
}

void recommends_a_told_trial(const Subject& subject) {
  Study study(sample(subject));
  World world(study.problem());
  play(study, world, 10);
  const Trial trial = study.recommend();
  if (subject.oracle != Oracle::kEvaluate) return;
  require(static_cast<bool>(trial) && trial.answer() != nullptr,
          "what is recommended was not told");
}

void many_threads(const Subject& subject) {
  Study study(sample(subject));
  World world(study.problem());
  std::mutex mutex;
  std::set<std::int64_t> numbers;
  std::string problem;
  const auto work = [&] {
    try {
      for (int i = 0; i < 4; ++i) {
        for (const Trial& trial : study.ask(1)) {
          study.tell(trial, world.answer(trial.query()));
          const std::lock_guard lock(mutex);
          if (!numbers.insert(trial.number()).second) problem = "a trial was given out twice";
        }
      }
    } catch (const std::exception& error) {
      const std::lock_guard lock(mutex);
      problem = error.what();
    }
  };
  std::vector<std::thread> workers;
  for (int i = 0; i < 4; ++i) workers.emplace_back(work);
  for (std::thread& worker : workers) worker.join();
  require(problem.empty(), problem);
  require(numbers.size() == study.told(), "answers were lost");
  require_fresh_agrees(study, world, subject, "after four threads");
}

constexpr std::array kCases = {
    Case{"ToldTwice", "a second answer is an error that carries the first", told_twice},
    Case{"Amended", "a corrected answer counts as if told so at once", amended},
    Case{"ThousandPending", "a thousand pending trials", thousand_pending},
    Case{"Batches", "a batch holds different points", batches},
    Case{"Budget", "the budget belongs to the study", budget},
    Case{"LapsedLeases", "a lapsed trial's late answer counts", lapsed_leases},
    Case{"OutsideAndEnqueued", "past data and the user's own points", outside_and_enqueued},
    Case{"StoppedTrials", "a trial ended early is not waited for", stopped_trials},
    Case{"ExtendedSpace", "a space that grew keeps its trials", extended_space},
    Case{"RecommendsAToldTrial", "what is recommended was evaluated", recommends_a_told_trial},
    Case{"ManyThreads", "asked and told from four threads", many_threads},
};

}  // namespace

std::span<const Case> lifecycle_cases() {
  return kCases;
}

}  // namespace asktell::conformance
