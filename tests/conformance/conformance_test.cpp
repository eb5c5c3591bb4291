// Every registered solver under every check of the contract, for each of its oracles. One check of
// one solver: --gtest_filter='*gp_bo_evaluate_FailuresOnly'
#include <gtest/gtest.h>

#include <algorithm>
#include <string>
#include <vector>

#include <asktell/examples/own_solver.hpp>
#include <asktell/tests/conformance/contract.hpp>

namespace asktell::conformance {
namespace {

struct Parameter {
  Subject subject;
  Case one;
};

std::vector<Parameter> parameters() {
  registration::asktell_register_one_plus_one(Registry::global());  // the documentation's example
  std::vector<Parameter> out;
  for (const std::string& name : Registry::global().names()) {
    for (const Subject& subject : subjects(Registry::global().at(name))) {
      for (const Case& one : contract()) out.push_back({subject, one});
    }
  }
  return out;
}

std::string test_name(const testing::TestParamInfo<Parameter>& info) {
  std::string name = info.param.subject.info.name + "_" +
                     std::string(name_of(info.param.subject.oracle)) + "_" + info.param.one.name;
  std::replace_if(
      name.begin(), name.end(), [](char c) { return !std::isalnum(static_cast<unsigned char>(c)); },
      '_');
  return name;
}

class Contract : public testing::TestWithParam<Parameter> {};

TEST_P(Contract, Holds) {
  const auto& [subject, one] = GetParam();
  try {
    one.check(subject);
  } catch (const std::exception& error) {
    FAIL() << subject.info.name << " promises: " << one.promise << "\n" << error.what();
  }
}

INSTANTIATE_TEST_SUITE_P(Solvers, Contract, testing::ValuesIn(parameters()), test_name);

// The suite would be worth nothing if it let anything pass.
class Careless final : public Solver {
 public:
  Careless(const Problem&, int) {}
  std::vector<Proposal> propose(const History& history, const Request&) override {
    std::vector<double> slots(history.space().slots(), 0.5 + 0.01 * calls_++);
    return {{.query = Evaluate{Point(history.space(), slots)}}};
  }

 private:
  int calls_ = 0;  // hidden state: a fresh instance proposes otherwise
};

TEST(ContractItself, FindsHiddenStateAndPointsOutsideTheSpace) {
  SolverInfo info;
  info.name = "test.careless";
  info.make = [](const Problem& problem, const Assignment&) {
    return std::make_unique<Careless>(problem, 0);
  };
  Registry::global().replace(info);
  const auto found = violations("test.careless", {"StaysInsideTheSpace"});
  EXPECT_EQ(found.size(), 1u);  // 0.5 is no integer

  info.capabilities.parameter_kinds = kRealOnly;
  info.capabilities.known_constraints = false;
  Registry::global().replace(info);
  EXPECT_EQ(violations("test.careless", {"FreshInstanceSameAsk"}).size(), 1u);
  EXPECT_EQ(violations("test.careless", {"SameSeedSameAsks"}).size(), 0u);
  EXPECT_EQ(violations("test.careless", {"OffersItsOptions"}).size(), 1u);
}

}  // namespace
}  // namespace asktell::conformance
