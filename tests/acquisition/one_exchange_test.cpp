// Local search in the one-exchange neighbourhood, on functions whose maximum is known.
#include <gtest/gtest.h>

#include <cmath>

#include <asktell/acquisition/maximize/one_exchange.hpp>

namespace asktell {
namespace {

using Eigen::Index;
using Eigen::MatrixXd;
using Eigen::VectorXd;

class Given final : public Acquisition {
 public:
  explicit Given(std::function<double(const VectorXd&)> f) : f_(std::move(f)) {}
  void evaluate(const MatrixXd& points, VectorXd& values, MatrixXd*) const override {
    values.resize(points.cols());
    for (Index j = 0; j < points.cols(); ++j) values[j] = f_(points.col(j));
    evaluated += points.cols();
  }
  mutable Index evaluated = 0;

 private:
  std::function<double(const VectorXd&)> f_;
};

MaximizeRequest anything(const Space& space) {
  MaximizeRequest request;
  request.incumbents = MatrixXd(static_cast<Index>(space.dimension()), 0);
  request.allowed = [space](const Point& point) {
    return space.satisfies_constraints(point.slots());
  };
  return request;
}

RandomStream stream() {
  return {7, Purpose::kCandidates};
}

TEST(OneExchange, ClimbsFarAboveTheRandomPoints) {
  const Space space = Space().real("x", 0, 1, {.size = 6});
  const Given bowl([](const VectorXd& x) { return -(x.array() - 0.3).square().sum(); });
  const auto found = one_exchange_search(bowl, space, anything(space), stream(),
                                         {.random_points = 200, .random_starts = 4});
  ASSERT_EQ(found.size(), 204u);
  EXPECT_GT(found[0].value, -1e-3) << "random points alone come to about -0.1";
  EXPECT_GT(found[0].value, 20 * found[4].value) << "the best random point follows the searches";
  for (std::size_t i = 5; i < found.size(); ++i) EXPECT_GE(found[i - 1].value, found[i].value);
}

TEST(OneExchange, FindsTheBestOfDiscreteParameters) {
  const Space space = Space()
                          .categorical("c", {"a", "b", "c", "d", "e", "f", "g", "h"})
                          .integer("k", 0, 40)
                          .permutation("p", 4)
                          .subset("s", 6);
  const auto score = [&](const VectorXd& x) {
    std::vector<double> slots(space.slots());
    space.from_unit({x.data(), space.dimension()}, slots);
    double value = slots[0] == 5 ? 0 : -1;
    value -= std::abs(slots[1] - 17);
    for (std::size_t i = 0; i < 4; ++i)
      value -= std::abs(slots[2 + i] - static_cast<double>(3 - i));
    for (std::size_t i = 0; i < 6; ++i) value -= slots[6 + i] != static_cast<double>(i % 2);
    return value;
  };
  const auto found = one_exchange_search(Given(score), space, anything(space), stream(),
                                         {.random_points = 50, .random_starts = 5});
  EXPECT_EQ(found[0].value, 0);
}

TEST(OneExchange, StaysWithinConstraintsAndFixedValues) {
  Space space = Space().real("x", 0, 1).real("y", 0, 1);
  space.constraint("x + y <= 0.5");
  MaximizeRequest request = anything(space);
  const Given sum([](const VectorXd& x) { return x.sum(); });
  const auto found = one_exchange_search(sum, space, request, stream(), {.random_points = 100});
  EXPECT_GT(found[0].value, 0.49);
  EXPECT_LE(found[0].value, 0.5 + 1e-15);
  request.fixed = {0.25, std::nan("")};
  for (const Found& one : one_exchange_search(sum, space, request, stream(), {})) {
    EXPECT_EQ(one.unit[0], 0.25);
  }
}

TEST(OneExchange, StartsFromIncumbents) {
  // A needle that no random point finds.
  const Space space = Space().real("x", 0, 1, {.size = 8});
  const VectorXd needle = VectorXd::Constant(8, 0.9);
  const Given near([&](const VectorXd& x) { return (x - needle).norm() < 0.3 ? 1 - x[0] : 0.0; });
  MaximizeRequest request = anything(space);
  request.incumbents = needle;
  const auto found = one_exchange_search(near, space, request, stream(), {.random_points = 100});
  EXPECT_GT(found[0].value, 0.3);
}

TEST(OneExchange, EndsOnAPlateau) {
  const Space space = Space().real("x", 0, 1, {.size = 3});
  const Given flat([](const VectorXd&) { return 1.0; });
  one_exchange_search(flat, space, anything(space), stream(),
                      {.random_points = 10, .random_starts = 2, .plateau_sweeps = 10});
  EXPECT_LE(flat.evaluated, 10 + 2 * 10 * 12) << "ten sweeps of four neighbours a coordinate";
  EXPECT_GT(flat.evaluated, 10 + 2 * 5 * 12);
}

TEST(OneExchange, OnlyActiveParametersMove) {
  const Space space = [] {
    ParameterOptions when;
    when.when = {{.parent = "on", .values = {true}}};
    return Space().boolean("on").real("x", 0, 1, when);
  }();
  const Given f([](const VectorXd& x) { return x[0] > 0.5 ? -std::abs(x[1] - 0.8) : -0.1; });
  const auto found =
      one_exchange_search(f, space, anything(space), stream(), {.random_points = 20});
  EXPECT_GT(found[0].value, -0.02);
  for (const Found& one : found) {
    if (one.unit[0] < 0.5) {
      EXPECT_EQ(one.unit[1], 0.5);
    }
  }
}

}  // namespace
}  // namespace asktell
