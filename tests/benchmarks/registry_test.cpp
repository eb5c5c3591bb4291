// What holds for every registered problem, whatever its family.
#include <algorithm>
#include <cctype>
#include <cmath>
#include <functional>
#include <stdexcept>
#include <string>
#include <thread>
#include <vector>

#include <gtest/gtest.h>

#include <asktell/benchmarks/problems/problem.hpp>

namespace asktell::benchmarks {
namespace {

std::vector<double> random_point(const Space& space, RandomStream& stream) {
  std::vector<double> unit(space.dimension()), slots(space.slots());
  stream.fill_uniform(unit);
  space.from_unit(unit, slots);
  return slots;
}

bool all_finite(const Values& values) {
  const auto finite = [](double value) { return std::isfinite(value); };
  return std::ranges::all_of(values.objectives, finite) &&
         std::ranges::all_of(values.constraints, finite) && std::isfinite(values.cost.value_or(1));
}

bool same(const Values& a, const Values& b) {
  return a.objectives == b.objectives && a.constraints == b.constraints && a.cost == b.cost;
}

void set_fidelity(const TestProblem& problem, std::vector<double>& x) {
  std::size_t next = 0;
  const auto parameters = problem.space.parameters();
  for (std::size_t i = 0; i < parameters.size(); ++i) {
    if (parameters[i].role == Role::kFidelity)
      x[problem.space.slot_offset(i)] = problem.target[next++];
  }
}

// Up to 0.3 s an answer.
bool takes_long(const std::string& name) {
  return name.starts_with("lasso/") || name.starts_with("linear-solvers/");
}

class EveryProblem : public testing::TestWithParam<std::string> {
 protected:
  const TestProblem problem = make_problem(GetParam());
};

TEST_P(EveryProblem, IsDescribed) {
  const ProblemInfo& info = ProblemRegistry::global().at(GetParam());
  EXPECT_EQ(info.name, GetParam());
  EXPECT_FALSE(info.summary.empty());
  EXPECT_FALSE(info.reference.empty());
  for (const OptionSpec& option : info.options) EXPECT_FALSE(option.description.empty());
  EXPECT_GT(problem.space.slots(), 0);
  EXPECT_GT(problem.budget, 0);
}

TEST_P(EveryProblem, AttainsItsOptimumAtItsArgmins) {
  if (problem.objectives.size() != 1) {
    EXPECT_EQ(problem.reference_point.size(), problem.objectives.size());
    return;
  }
  for (const std::vector<double>& argmin : problem.argmins) {
    ASSERT_EQ(argmin.size(), problem.space.slots());
    EXPECT_NO_THROW(problem.space.point_from_slots(argmin));
    const Values values = problem.evaluate(argmin);
    EXPECT_NEAR(values.objectives[0], problem.optimum,
                1e-9 * std::max(1., std::abs(problem.optimum)));
    // Active ones are met up to the digits of the point.
    for (double constraint : values.constraints) EXPECT_LE(constraint, 1e-6);
  }
}

TEST_P(EveryProblem, AnswersAtRandomPointsAreFiniteAndNotBelowAProvenOptimum) {
  RandomStream stream(11, Purpose::kUser);
  const double slack = 1e-9 * std::max(1., std::abs(problem.optimum));
  for (int i = 0; i < 200; ++i) {
    std::vector<double> x = random_point(problem.space, stream);
    if (!problem.target.empty()) {
      EXPECT_TRUE(all_finite(problem.evaluate(x)));
      set_fidelity(problem, x);  // the optimum is that of full fidelity
    }
    const Values values = problem.evaluate(x);
    ASSERT_EQ(values.objectives.size(), problem.objectives.size());
    ASSERT_EQ(values.constraints.size(), problem.constraints.size());
    EXPECT_TRUE(all_finite(values));
    const bool feasible = std::ranges::all_of(values.constraints, [](double g) { return g <= 0; });
    if (feasible && problem.proven && std::isfinite(problem.optimum)) {
      EXPECT_GE(values.objectives[0], problem.optimum - slack);
    }
    if (i >= 2 && takes_long(GetParam())) break;
  }
}

TEST_P(EveryProblem, ThreadsGetTheSameAnswers) {
  RandomStream stream(12, Purpose::kUser);
  std::vector<std::vector<double>> points;
  std::vector<Values> expected;
  for (int i = 0; i < (takes_long(GetParam()) ? 1 : 4); ++i) {
    points.push_back(random_point(problem.space, stream));
    expected.push_back(problem.evaluate(points.back()));
  }
  std::vector<std::vector<Values>> answers(2);
  std::vector<std::thread> threads;
  for (std::vector<Values>& answer : answers) {
    threads.emplace_back([&] {
      for (const std::vector<double>& x : points) answer.push_back(problem.evaluate(x));
    });
  }
  for (std::thread& thread : threads) thread.join();
  const TestProblem again = make_problem(GetParam());
  for (std::size_t i = 0; i < points.size(); ++i) {
    EXPECT_TRUE(same(answers[0][i], expected[i]));
    EXPECT_TRUE(same(answers[1][i], expected[i]));
    EXPECT_TRUE(same(again.evaluate(points[i]), expected[i]));
  }
}

TEST_P(EveryProblem, NoiseRepeatsForEqualStreams) {
  if (!problem.observe) return;
  RandomStream points(13, Purpose::kUser);
  const std::vector<double> x = random_point(problem.space, points);
  RandomStream one(1, Purpose::kUser), same_one(1, Purpose::kUser), two(2, Purpose::kUser);
  bool differs = false;
  for (int i = 0; i < 50; ++i) {
    const Values first = problem.observe(x, one);
    EXPECT_TRUE(same(first, problem.observe(x, same_one)));
    differs = differs || !same(first, problem.observe(x, two));
  }
  EXPECT_TRUE(differs);
}

TEST_P(EveryProblem, RefusesPointsOfAnotherSize) {
  EXPECT_THROW(problem.evaluate(std::vector<double>(problem.space.slots() + 1)),
               std::invalid_argument);
}

INSTANTIATE_TEST_SUITE_P(Registry, EveryProblem,
                         testing::ValuesIn(ProblemRegistry::global().names()),
                         [](const auto& info) {
                           std::string name = info.param;
                           std::ranges::replace_if(
                               name, [](char c) { return !std::isalnum(c); }, '_');
                           return name;
                         });

std::string message_of(const std::function<void()>& action) {
  try {
    action();
  } catch (const std::exception& error) {
    return error.what();
  }
  return "";
}

TEST(ProblemRegistry, NamesTheNearestOfAnUnknownProblem) {
  EXPECT_EQ(message_of([] { make_problem("classic/brainin"); }),
            "problem \"classic/brainin\" is unknown; did you mean \"classic/branin\"?");
  EXPECT_THROW(make_problem("nothing of the kind at all"), std::invalid_argument);
}

TEST(ProblemRegistry, NamesUnknownOptionsAndValuesOutOfRange) {
  const std::string unknown = message_of([] { make_problem("bbob/f1", {{"dimensions", 3}}); });
  EXPECT_NE(unknown.find("\"bbob/f1\""), std::string::npos) << unknown;
  EXPECT_NE(unknown.find("dimensions"), std::string::npos) << unknown;
  const std::string outside = message_of([] { make_problem("bbob/f1", {{"dimension", 1}}); });
  EXPECT_NE(outside.find("dimension"), std::string::npos) << outside;
  EXPECT_NE(outside.find("from 2 to 10000"), std::string::npos) << outside;
}

TEST(ProblemRegistry, NamesTheSizeOfAPointThatDoesNotFit) {
  EXPECT_EQ(message_of([] { make_problem("classic/branin").evaluate(std::vector<double>(3)); }),
            "problem \"classic/branin\": the point has 3 entries; it takes 2");
}

TEST(ProblemRegistry, RefusesANameTwice) {
  ProblemRegistry registry;
  registry.add({.name = "a"});
  EXPECT_THROW(registry.add({.name = "a"}), std::logic_error);
}

}  // namespace
}  // namespace asktell::benchmarks
