// Values, described options and queries as JSON: what goes in comes out, and what does not fit is
// refused by name.
#include <gtest/gtest.h>

#include <cmath>
#include <limits>

#include <asktell/core/errors.hpp>
#include <asktell/core/options.hpp>
#include <asktell/core/query.hpp>

namespace asktell {
namespace {

struct Settings {
  double rate = 0.5;
  std::int64_t steps = 3;
  bool warm = true;
  std::string rule = "median";
};

Schema<Settings> schema() {
  return Schema<Settings>()
      .field("rate", &Settings::rate, "share a step", 0)
      .field("steps", &Settings::steps, "steps", 1, 9)
      .field("warm", &Settings::warm, "whether to start warm")
      .field("rule", &Settings::rule, "which rule", {"median", "none"});
}

std::string message(const Assignment& values) {
  try {
    schema().parse("solver", values);
  } catch (const OptionError& error) {
    return error.what();
  }
  return "";
}

bool says(const std::string& text, const std::string& words) {
  return text.find(words) != std::string::npos;
}

TEST(Options, DefaultsAreOverriddenByName) {
  const Settings settings =
      schema().parse("solver", {{"rate", 2}, {"steps", 9}, {"warm", false}, {"rule", "none"}});
  EXPECT_EQ(settings.rate, 2.0);
  EXPECT_EQ(settings.steps, 9);
  EXPECT_FALSE(settings.warm);
  EXPECT_EQ(settings.rule, "none");
  EXPECT_EQ(schema().parse("solver", {}).steps, 3);
}

TEST(Options, WhatDoesNotFitIsNamedWithWhatWould) {
  EXPECT_TRUE(says(message({{"rate", -1}}), "of at least 0")) << message({{"rate", -1}});
  EXPECT_TRUE(says(message({{"rate", "fast"}}), "a number"));
  EXPECT_TRUE(says(message({{"rate", std::numeric_limits<double>::infinity()}}), "at least 0"));
  EXPECT_TRUE(says(message({{"rate", std::nan("")}}), "a number"));
  EXPECT_TRUE(says(message({{"steps", 10}}), "from 1 to 9")) << message({{"steps", 10}});
  EXPECT_TRUE(says(message({{"steps", 2.5}}), "an integer"));
  EXPECT_TRUE(says(message({{"warm", 1}}), "true or false"));
  EXPECT_TRUE(says(message({{"rule", "mean"}}), "one of median, none"));
  EXPECT_TRUE(says(message({{"step", 2}}), "did you mean \"steps\"")) << message({{"step", 2}});
  EXPECT_TRUE(says(message({{"step", 2}}), "\"solver\""));
  EXPECT_TRUE(says(message({{"rat", 2}}), "did you mean \"rate\""));
}

TEST(Query, AnswersSurviveJson) {
  const std::vector<Answer> answers = {
      Values{.objectives = {1e-300, -0.1}, .noise_variance = 0.25, .constraints = {3}},
      Ranking{{2, 0, 1}},
      Losses{.plus = 0.1, .minus = 1.0 / 3},
      Failure{"said \"no\"\n"},
  };
  for (const Answer& answer : answers) {
    const Answer again = answer_from_json(to_json(answer));
    EXPECT_EQ(again.index(), answer.index());
    EXPECT_EQ(to_json(again), to_json(answer));
  }
  EXPECT_EQ(std::get<Values>(answer_from_json(to_json(answers[0]))).objectives,
            std::get<Values>(answers[0]).objectives);
  EXPECT_EQ(std::get<Losses>(answer_from_json(to_json(answers[2]))).minus, 1.0 / 3);
}

TEST(Query, AnswersThatAreNoneAreRefused) {
  for (const char* text : {"", "3", "{", "{\"objective\": [1]}", "{\"objectives\": \"one\"}",
                           "{\"objectives\": [1], \"plus\": 3}"}) {
    EXPECT_THROW(answer_from_json(text), Error) << text;
  }
}

}  // namespace
}  // namespace asktell
