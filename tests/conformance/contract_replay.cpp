// Proposals depend on seed and history, and on nothing else.
#include <algorithm>
#include <array>
#include <memory>

#include <asktell/core/threads.hpp>
#include <asktell/tests/conformance/contract.hpp>

namespace asktell::conformance {
namespace {

constexpr std::size_t kRounds = 18;

std::vector<std::string> unbroken(const Subject& subject, std::size_t rounds = kRounds) {
  Study study(sample(subject));
  World world(study.problem());
  return play(study, world, rounds);
}

void same_seed_same_asks(const Subject& subject) {
  require_equal(unbroken(subject), unbroken(subject), "two studies with one seed");
}

void fresh_instance_same_ask(const Subject& subject) {
  Study study(sample(subject));
  World world(study.problem());
  for (std::size_t round = 0; round < kRounds; ++round) {
    const std::vector<std::string> fresh = fresh_proposals(study, subject);
    const std::vector<std::string> asked = play(study, world, 1);
    if (asked.empty()) break;  // the study knows that the space is visited
    require_equal(asked, fresh, "a fresh instance in round " + std::to_string(round));
  }
}

void reopened(const Subject& subject, std::size_t every) {
  const std::vector<std::string> whole = unbroken(subject);
  TemporaryFile file;
  StudyOptions options = sample(subject);
  World world(Study(options).problem());
  options.file = file.path();
  std::vector<std::string> broken;
  for (std::size_t round = 0; round < kRounds; round += every) {
    Study study(options);
    const auto asked = play(study, world, std::min(every, kRounds - round));
    broken.insert(broken.end(), asked.begin(), asked.end());
  }
  require_equal(whole, broken, "reopened every " + std::to_string(every) + " asks");
}

void reopened_at_each_ask(const Subject& subject) {
  reopened(subject, 1);
}

void reopened_now_and_then(const Subject& subject) {
  reopened(subject, 5);
}

void reopened_with_pending_trials(const Subject& subject) {
  const auto run = [&](bool reopen) {
    TemporaryFile file;
    StudyOptions options = sample(subject);
    World world(Study(options).problem());
    options.file = file.path();
    auto study = std::make_unique<Study>(options);
    std::vector<std::string> out = play(*study, world, 5);
    for (int i = 0; i < 3; ++i) {
      for (const Trial& trial : study->ask(2)) out.push_back(fingerprint(trial.query()));
      if (!reopen) continue;
      study.reset();
      study = std::make_unique<Study>(options);
    }
    return out;
  };
  require_equal(run(false), run(true), "reopened with pending trials");
}

void thread_counts_do_not_matter(const Subject& subject) {
  struct Restore {
    int before = threads();
    ~Restore() { set_threads(before); }
  } restore;
  set_threads(1);
  const std::vector<std::string> one = unbroken(subject);
  for (int count : {2, 8}) {
    set_threads(count);
    require_equal(one, unbroken(subject), std::to_string(count) + " threads");
  }
}

void clocks_do_not_matter(const Subject& subject) {
  const std::vector<std::string> plain = unbroken(subject);
  StudyOptions options = sample(subject);
  double now = 1e9;
  options.clock = [&] { return now += 12345.678; };
  Study study(options);
  World world(study.problem());
  require_equal(plain, play(study, world, kRounds), "a clock that runs fast");
}

void maximizing_the_negative_is_minimizing(const Subject& subject) {
  if (subject.oracle != Oracle::kEvaluate) return;
  StudyOptions options = sample(subject);
  options.direction = "maximize";
  Study study(options);
  World world(study.problem());
  const auto negated = play(study, world, kRounds, [](const Trial&, Answer truth) {
    return replaced(std::move(truth), [](double value) { return -value; });
  });
  require_equal(unbroken(subject), negated, "maximize");
}

void names_do_not_matter(const Subject& subject) {
  Study study(sample(subject, Names::kMirrored));
  World world(study.problem());
  require_equal(unbroken(subject), play(study, world, kRounds), "other names");
}

void order_of_answers_is_all_that_matters(const Subject& subject) {
  const auto run = [&] {
    Study study(sample(subject));
    World world(study.problem());
    std::vector<std::string> out;
    for (int round = 0; round < 3; ++round) {
      std::vector<Trial> batch = study.ask(5);
      for (const Trial& trial : batch) {
        require_fit(trial.query(), study.problem());
        out.push_back(fingerprint(trial.query()));
      }
      std::reverse(batch.begin(), batch.end());
      for (const Trial& trial : batch) study.tell(trial, world.answer(trial.query()));
      const auto fresh = fresh_proposals(study, subject);
      const auto asked = play(study, world, 1);
      if (!asked.empty()) require_equal(asked, fresh, "after answers out of order");
    }
    return out;
  };
  require_equal(run(), run(), "answers out of order");
}

constexpr std::array kCases = {
    Case{"SameSeedSameAsks", "same seed and history, same ask", same_seed_same_asks},
    Case{"FreshInstanceSameAsk", "no state but the history", fresh_instance_same_ask},
    Case{"ReopenedAtEachAsk", "a file reopened before each ask goes on exactly",
         reopened_at_each_ask},
    Case{"ReopenedNowAndThen", "a file reopened now and then goes on exactly",
         reopened_now_and_then},
    Case{"ReopenedWithPendingTrials", "pending trials are found again",
         reopened_with_pending_trials},
    Case{"ThreadCountsDoNotMatter", "1, 2 and 8 threads give the same asks",
         thread_counts_do_not_matter},
    Case{"ClocksDoNotMatter", "no solver reads a clock", clocks_do_not_matter},
    Case{"MaximizingIsMinimizingTheNegative", "the direction is a sign",
         maximizing_the_negative_is_minimizing},
    Case{"NamesDoNotMatter", "renaming parameters changes nothing but names", names_do_not_matter},
    Case{"AnswersOutOfOrder", "any order of answers, and the order alone decides",
         order_of_answers_is_all_that_matters},
};

}  // namespace

std::span<const Case> replay_cases() {
  return kCases;
}

}  // namespace asktell::conformance
