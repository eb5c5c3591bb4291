// The contract again for solvers whose initial design is longer than the suite's studies, with a
// short design, so that their models are held to it too.
#include <gtest/gtest.h>

#include <asktell/tests/conformance/contract.hpp>

namespace asktell::conformance {
namespace {

std::vector<std::string> violations_with(const std::string& solver, const Assignment& options) {
  SolverInfo info = Registry::global().at(solver);
  info.name = "test." + solver;
  for (OptionSpec& spec : info.options) {
    if (options.contains(spec.name)) spec.default_value = options.at(spec.name);
  }
  info.make = [make = info.make, options](const Problem& problem, const Assignment& given) {
    Assignment all = options;
    for (const auto& [name, value] : given) all[name] = value;
    return make(problem, all);
  };
  Registry::global().replace(info);
  return violations(info.name);
}

TEST(EarlyModels, Tpe) {
  EXPECT_EQ(violations_with("tpe", {{"n_startup", 3}}), std::vector<std::string>());
}

TEST(EarlyModels, SmacRf) {
  EXPECT_EQ(violations_with("smac_rf", {{"n_initial", 3}, {"challengers", 100}}),
            std::vector<std::string>());
}

}  // namespace
}  // namespace asktell::conformance
