// Strange answers: whatever is told, the next proposal fits the problem, and a fresh instance makes
// the same one.
#include <array>
#include <cmath>
#include <limits>

#include <asktell/core/errors.hpp>
#include <asktell/tests/conformance/contract.hpp>

namespace asktell::conformance {
namespace {

constexpr std::size_t kRounds = 16;
constexpr double kInfinity = std::numeric_limits<double>::infinity();

// Plays, then compares with a fresh instance, so that no cache hides what the answers did.
void survive(const Subject& subject, const Tell& tell, StudyOptions options) {
  Study study(options);
  World world(study.problem());
  play(study, world, kRounds, tell);
  const auto fresh = fresh_proposals(study, subject);
  const auto asked = play(study, world, 1);
  if (!asked.empty()) require_equal(asked, fresh, "a fresh instance afterwards");
  study.recommend();
}

void survive(const Subject& subject, const Tell& tell) {
  survive(subject, tell, sample(subject));
}

Tell numbers(std::function<double(double)> change) {
  return [change = std::move(change)](const Trial&, Answer truth) {
    return replaced(std::move(truth), change);
  };
}

void failures_only(const Subject& subject) {
  survive(subject, [](const Trial&, Answer) -> Answer { return Failure{"it crashed"}; });
}

void failures_now_and_then(const Subject& subject) {
  for (int offset : {0, 1}) {
    survive(subject, [offset](const Trial& trial, Answer truth) -> Answer {
      if (trial.number() % 3 == offset) return Failure{"it crashed"};
      return truth;
    });
  }
}

void constant_values(const Subject& subject) {
  survive(subject, numbers([](double) { return 3.25; }));
  survive(subject, numbers([](double) { return 0.0; }));
}

void huge_and_tiny_values(const Subject& subject) {
  for (double scale : {1e300, -1e300, 1e-300, 1e150}) {
    survive(subject, numbers([scale](double value) { return std::tanh(value) * scale; }));
  }
  int count = 0;  // all scales in one study
  survive(subject, numbers([&](double value) {
            return std::ldexp(std::tanh(value), (count++ * 397) % 1900 - 950);
          }));
}

void nan_and_infinities(const Subject& subject) {
  if (subject.oracle == Oracle::kCompare) return;  // rankings hold no numbers
  for (double strange : {std::nan(""), kInfinity, -kInfinity}) {
    StudyOptions options = sample(subject);
    Study study(options);
    World world(study.problem());
    std::size_t told = 0;
    play(study, world, 9, [&](const Trial& trial, Answer truth) {
      if (trial.number() % 2 == 0) {
        return replaced(std::move(truth), [&](double) { return strange; });
      }
      ++told;
      return truth;
    });
    require(study.told() == told, "what is not finite was not recorded as a failure");
  }
}

void infinite_noise(const Subject& subject) {
  if (subject.oracle != Oracle::kEvaluate) return;
  for (int every : {1, 2}) {
    survive(subject, [every](const Trial& trial, Answer truth) {
      if (trial.number() % every == 0) std::get<Values>(truth).noise_variance = kInfinity;
      return truth;
    });
  }
}

void known_noise(const Subject& subject) {
  if (subject.oracle != Oracle::kEvaluate || !subject.info.capabilities.noise) return;
  StudyOptions options = sample(subject);
  options.noise = 0.5;
  survive(subject, {}, options);
}

void duplicates(const Subject& subject) {
  if (subject.oracle != Oracle::kEvaluate) return;
  for (double step : {0.0, 0.3}) {
    Study study(sample(subject));
    World world(study.problem());
    play(study, world, 3);
    const Assignment point = study.trial(0).point().values();
    for (int i = 0; i < 25; ++i) study.tell_point(point, Values{{1.5 + step * i}});
    const auto fresh = fresh_proposals(study, subject);
    const auto asked = play(study, world, 1);
    if (!asked.empty()) require_equal(asked, fresh, "after duplicates");
    play(study, world, 8);
  }
}

void tiny_spaces(const Subject& subject) {
  if (subject.oracle == Oracle::kPerturb) return;
  const StudyOptions options = tiny_sample(subject);
  if (options.space.empty() && subject.oracle != Oracle::kPerturb) return;  // takes none of them
  require(!options.space.empty(), "no tiny space was found for the solver");
  Study study(options);
  World world(study.problem());
  const std::size_t asked = play(study, world, 6).size();
  require(asked > 0, "nothing was asked of a tiny space");
  if (subject.oracle == Oracle::kEvaluate && !subject.info.capabilities.repeats) {
    require(asked <= 2, "points of a tiny space were evaluated again");
    require(study.exhausted(), "a visited space is not exhausted");
  }
}

void narrow_bounds(const Subject& subject) {
  StudyOptions options = sample(subject);
  if (subject.oracle == Oracle::kPerturb) return;
  options.space = Space().real("x", 1, 1 + 1e-12);
  Problem problem;
  problem.space = options.space;
  problem.lower_space = options.lower_space;
  problem.oracle = subject.oracle;
  if (!Registry::mismatch(subject.info, problem).empty()) return;
  Study study(options);
  World world(study.problem());
  play(study, world, 10);
}

void empty_history(const Subject& subject) {
  Study study(sample(subject));
  require(!study.best(), "an empty study has a best trial");
  require(!study.recommend(), "an empty study recommends a trial");
  const auto fresh = fresh_proposals(study, subject);
  World world(study.problem());
  require_equal(play(study, world, 1), fresh, "the first ask");
}

constexpr std::array kCases = {
    Case{"FailuresOnly", "nothing but failures", failures_only},
    Case{"FailuresNowAndThen", "some failures", failures_now_and_then},
    Case{"ConstantValues", "a flat function", constant_values},
    Case{"HugeAndTinyValues", "values of 1e300 and 1e-300", huge_and_tiny_values},
    Case{"NanAndInfinities", "what is not finite is a failure", nan_and_infinities},
    Case{"InfiniteNoise", "answers that say nothing", infinite_noise},
    Case{"KnownNoise", "a noisy function", known_noise},
    Case{"Duplicates", "one point told many times", duplicates},
    Case{"TinySpaces", "one point is a space", tiny_spaces},
    Case{"NarrowBounds", "a space a few rounding errors wide", narrow_bounds},
    Case{"EmptyHistory", "the first ask needs no data", empty_history},
};

}  // namespace

std::span<const Case> survival_cases() {
  return kCases;
}

}  // namespace asktell::conformance
