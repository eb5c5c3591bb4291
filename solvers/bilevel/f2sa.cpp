// bilevel.f2sa: minimize F(x, y) over x where y minimizes f(x, y), from first derivatives alone
// (Kwon, Kwon, Wright, Nowak 2023, "A fully first-order method for stochastic bilevel
// optimization", algorithm 1, F2SA). With a multiplier lambda that grows,
//
//   repeat `inner_steps` times   z <- P(z - gamma f_y(x, z))
//                                y <- P(y - alpha (F_y(x, y) + lambda f_y(x, y)))
//   then                         x <- P(x - ratio alpha (F_x(x, y) + lambda (f_x(x, y) - f_x(x,
//   z))))
//
// F is "upper", f is "lower"; P projects onto the boxes of space (x, n) and lower_space (y, m); all
// vectors are in the user's units and start at the defaults of the parameters, else in the middle.
// alpha never exceeds gamma / (2 lambda): with a fixed alpha and a growing lambda y would diverge.
//
// One ask is a group of three queries with one seed: lower at (x, z), upper at (x, y), lower at
// (x, y). While some of a group are unanswered an ask repeats just those (origin replicate, the
// first answer counts), so that a lost worker blocks nothing. When a query fails the whole group is
// asked again half-way back to the last good one, with another seed; after eight halvings that
// point itself. The iterates are the recorded queries; the memo says where in the loop they belong.
// recommend() is the newest answered upper query, whose x and y are the iterate.
#include <algorithm>
#include <array>
#include <cmath>
#include <optional>
#include <string>

#include <asktell/core/errors.hpp>
#include <asktell/core/registry.hpp>

namespace asktell {
namespace {

constexpr std::size_t kGroup = 3;
constexpr int kHalvings = 8;  // a step 256 times shorter is as good as none

struct F2saOptions {
  double lower_step = 0.1;       // gamma_0: 1 / L of the lower gradient, unknown; 0.1 is cautious
  double step = 1e9;             // alpha is gamma / (2 lambda) unless this is smaller
  double ratio = 1;              // xi: as published
  std::int64_t inner_steps = 5;  // enough without noise; 10 with
  double lambda = 1;             // lambda_0
  // Without noise lambda ~ k^(1/3); the exponents are those of the paper's theorem.
  std::string schedule = "deterministic";
  double lambda_growth = 0.01;  // of the linear schedule
};

Schema<F2saOptions> schema() {
  return Schema<F2saOptions>()
      .field("lower_step", &F2saOptions::lower_step,
             "step of the lower level; at most 1 / Lipschitz constant of its gradient", 1e-300,
             1e300)
      .field("step", &F2saOptions::step,
             "largest step of y; alpha = min(step, lower_step / (2 lambda))", 1e-300, 1e300)
      .field("ratio", &F2saOptions::ratio, "step of x as a multiple of that of y", 1e-300, 1e300)
      .field("inner_steps", &F2saOptions::inner_steps, "steps of y and z for each step of x", 1,
             100000)
      .field("lambda", &F2saOptions::lambda, "multiplier at the start", 1e-300, 1e300)
      .field("schedule", &F2saOptions::schedule,
             "how lambda grows and lower_step shrinks: for exact gradients, noise in the upper "
             "level, noise in both, or lambda by lambda_growth a step",
             {"deterministic", "noisy_upper", "noisy", "linear"})
      .field("lambda_growth", &F2saOptions::lambda_growth,
             "what the linear schedule adds to lambda at each step of x", 0, 1e300);
}

struct Steps {
  double lambda, gamma, alpha;
};

// Of outer step k = 0, 1, ...: exponents (a, c) = (1/3, 0), (3/5, 2/5), (5/7, 4/7) with
// gamma ~ k^-c and lambda ~ k^(a - c).
Steps steps_of(const F2saOptions& options, double k) {
  double growth = 0, decay = 0;
  if (options.schedule == "deterministic") growth = 1.0 / 3;
  if (options.schedule == "noisy_upper") growth = 1.0 / 5, decay = 2.0 / 5;
  if (options.schedule == "noisy") growth = 1.0 / 7, decay = 4.0 / 7;
  Steps steps;
  steps.lambda = options.lambda * std::pow(k + 1, growth);
  if (options.schedule == "linear") steps.lambda += options.lambda_growth * k;
  steps.gamma = options.lower_step * std::pow(k + 1, -decay);
  steps.alpha = std::min(options.step, steps.gamma / (2 * steps.lambda));
  return steps;
}

using Vector = std::vector<double>;

struct Box {
  Vector low, high, start;
};

Box box_of(const Space& space) {
  Box box;
  box.start = space.point_from_unit(Vector(space.dimension(), 0.5)).vector();
  for (std::size_t i = 0; i < space.parameters().size(); ++i) {
    const Parameter& parameter = space.parameters()[i];
    box.low.insert(box.low.end(), parameter.slots(), parameter.low);
    box.high.insert(box.high.end(), parameter.slots(), parameter.high);
    if (parameter.default_value.absent()) continue;
    const Vector given = parameter.default_value.list();
    for (std::size_t j = 0; j < parameter.slots(); ++j) {
      box.start[space.slot_offset(i) + j] = given.size() == 1 ? given[0] : given.at(j);
    }
  }
  return box;
}

// Coordinates that the user holds; each real has one slot and one coordinate.
void hold_fixed(const Space& space, const Vector& fixed, Vector& x) {
  if (fixed.empty()) return;
  Vector unit(space.dimension(), 0.5);
  for (std::size_t i = 0; i < unit.size(); ++i) {
    if (!std::isnan(fixed[i])) unit[i] = fixed[i];
  }
  Vector slots(space.slots());
  space.from_unit(unit, slots);
  for (std::size_t i = 0; i < unit.size(); ++i) {
    if (!std::isnan(fixed[i])) x[i] = slots[i];
  }
}

// Gradient steps leave any grid.
void check_continuous(const Space& space, std::string_view name) {
  for (const Parameter& parameter : space.parameters()) {
    if (parameter.kind == Kind::kReal && parameter.when.empty() && parameter.step == 0) continue;
    throw SolverError("solver.capability",
                      "solver \"bilevel.f2sa\" takes real parameters without "
                      "step and conditions only, and \"" +
                          parameter.name + "\" of " + std::string(name) +
                          " is not; declare it real or remove it");
  }
}

// v - step * direction, back into the box.
Vector stepped(const Vector& v, double step, const Vector& direction, const Box& box) {
  Vector out(v.size());
  for (std::size_t i = 0; i < v.size(); ++i) {
    const double moved = v[i] - step * direction[i];
    out[i] = std::isnan(moved) ? v[i] : std::clamp(moved, box.low[i], box.high[i]);
  }
  return out;
}

Vector middle(const Vector& a, const Vector& b) {
  Vector out(a.size());
  for (std::size_t i = 0; i < a.size(); ++i) out[i] = 0.5 * a[i] + 0.5 * b[i];
  return out;
}

bool same(const Consult& a, const Consult& b) {
  return a.function == b.function && a.wants == b.wants && a.x == b.x && a.y == b.y &&
         a.seed == b.seed;
}

// The memo: where in the loop the newest group belongs.
struct Place {
  double outer = 0;        // k
  double inner = 0;        // steps of y and z done at this x; inner_steps: the group moves x
  double failures = 0;     // groups that failed since the last good one
  double first = 0;        // trial of the group's first query
  double good_first = -1;  // of the last good group; -1: none

  Vector memo() const { return {outer, inner, failures, first, good_first}; }
};

struct Iterate {
  Vector x, y, z;
};

class F2sa : public Solver {
 public:
  F2sa(const Problem& problem, F2saOptions options) : options_(std::move(options)) {
    sign_ = problem.objectives[0].sign();
    check_continuous(problem.space, "space");
    check_continuous(problem.lower_space, "lower_space");
    if (!problem.lower_space.constraints().empty()) {
      throw SolverError("solver.capability",
                        "solver \"bilevel.f2sa\" takes no known constraints in lower_space (\"" +
                            problem.lower_space.constraints()[0].name +
                            "\"); put them into the lower function as a penalty");
    }
  }

  std::vector<Proposal> propose(const History& history, const Request& request) override {
    const Space& space = history.space();
    if (upper_box_.low.empty() || history.revision() != revision_) {
      upper_box_ = box_of(space);
      lower_box_ = box_of(history.problem().lower_space);
      revision_ = history.revision();
    }
    const std::optional<Place> place = newest_place(history);
    if (!place)
      return group({upper_box_.start, lower_box_.start, lower_box_.start}, {}, space, request);
    const auto first = static_cast<std::size_t>(place->first);
    std::array<std::shared_ptr<const Answer>, kGroup> answers;
    std::vector<Proposal> open;
    bool failed = false;
    for (std::size_t slot = 0; slot < kGroup; ++slot) {
      const auto wanted = std::get<Consult>(history.query(first + slot));
      bool waiting = false;
      answers[slot] = answer_to(history, wanted, first, waiting);
      if (answers[slot]) continue;
      failed |= !waiting;
      open.push_back({.query = wanted,
                      .origin = Origin::kReplicate,
                      .note = "still unanswered: trial " + std::to_string(first + slot)});
    }
    if (failed) return retried(history, *place, request);
    if (!open.empty()) return open;
    return advanced(iterate_at(history, first), answers, *place, space, request);
  }

  std::int64_t recommend(const History& history) override {
    std::int64_t newest = -1;
    for (const std::int64_t trial : history.told()) {
      const Query query = history.query(static_cast<std::size_t>(trial));
      const auto* consult = std::get_if<Consult>(&query);
      if (consult && (consult->function == "upper" || newest < 0)) newest = std::max(newest, trial);
    }
    return newest;
  }

 private:
  // Empty before the first group, and when the space got more parameters: then from the start.
  std::optional<Place> newest_place(const History& history) const {
    const auto memo = history.memo();
    if (memo.size() != Place{}.memo().size()) return std::nullopt;
    const Place place{memo[0], memo[1], memo[2], memo[3], memo[4]};
    const auto first = static_cast<std::size_t>(place.first);
    if (first + kGroup > history.size()) return std::nullopt;
    const Query query = history.query(first);
    const auto* consult = std::get_if<Consult>(&query);
    if (!consult || consult->x.size() != upper_box_.low.size()) return std::nullopt;
    return place;
  }

  static Iterate iterate_at(const History& history, std::size_t first) {
    const auto at_z = std::get<Consult>(history.query(first));
    const auto at_y = std::get<Consult>(history.query(first + 1));
    return {at_y.x, at_y.y, at_z.y};
  }

  // The first told answer to `wanted` among the group and its repetitions; `waiting`: one may come,
  // or none was tried to the end.
  static std::shared_ptr<const Answer> answer_to(const History& history, const Consult& wanted,
                                                 std::size_t first, bool& waiting) {
    bool failed = false;
    bool pending = false;
    for (std::size_t trial = first; trial < history.size(); ++trial) {
      const Query query = history.query(trial);
      const auto* consult = std::get_if<Consult>(&query);
      if (!consult || !same(*consult, wanted)) continue;
      const TrialState state = history.state(trial);
      if (state == TrialState::kTold) return history.answer(trial);
      failed |= state == TrialState::kFailed || state == TrialState::kStopped;
      pending |= state == TrialState::kPending;
    }
    waiting = pending || !failed;
    return nullptr;
  }

  // The queries at `at`: gradients in y inside the loop, in x when the loop is done.
  std::vector<Proposal> group(Iterate at, Place place, const Space& space, const Request& request,
                              std::string note = {}) const {
    hold_fixed(space, request.fixed, at.x);
    place.first = static_cast<double>(request.ask);
    const bool outer = place.inner >= static_cast<double>(options_.inner_steps);
    RandomStream stream = request.stream(Purpose::kChoice);
    Consult query{.function = "lower",
                  .wants = outer ? kWantGradX : kWantGradY,
                  .x = std::move(at.x),
                  .y = std::move(at.z),
                  .direction = {},
                  .seed = stream.integer(std::uint64_t{1} << 53)};  // exact in JSON everywhere
    std::vector<Proposal> proposals(kGroup);
    proposals[0].query = query;
    query.y = std::move(at.y);
    proposals[2].query = query;
    query.function = "upper";
    proposals[1].query = std::move(query);
    proposals[0].memo = place.memo();
    const Origin origin = note.empty() ? Origin::kModel : Origin::kFallback;
    for (Proposal& proposal : proposals) {
      proposal.origin = origin;
      proposal.note = note;
    }
    return proposals;
  }

  std::vector<Proposal> retried(const History& history, Place place, const Request& request) const {
    const auto failing = iterate_at(history, static_cast<std::size_t>(place.first));
    place.failures += 1;
    if (place.good_first < 0) {
      return group(failing, place, history.space(), request,
                   "the group failed; again with another seed");
    }
    Iterate good = iterate_at(history, static_cast<std::size_t>(place.good_first));
    if (place.failures > kHalvings) {
      return group(good, place, history.space(), request,
                   "every shorter step failed; back where it went well");
    }
    const Iterate half{middle(good.x, failing.x), middle(good.y, failing.y),
                       middle(good.z, failing.z)};
    return group(half, place, history.space(), request,
                 "the group failed; half-way back to the last good one");
  }

  std::vector<Proposal> advanced(const Iterate& at,
                                 const std::array<std::shared_ptr<const Answer>, kGroup>& answers,
                                 Place place, const Space& space, const Request& request) const {
    const auto& lower_z = std::get<Consulted>(*answers[0]);
    const auto& upper = std::get<Consulted>(*answers[1]);
    const auto& lower_y = std::get<Consulted>(*answers[2]);
    const Steps steps = steps_of(options_, place.outer);
    place.good_first = place.first;
    place.failures = 0;
    Iterate next = at;
    if (place.inner < static_cast<double>(options_.inner_steps)) {
      Vector direction(at.y.size());
      for (std::size_t i = 0; i < direction.size(); ++i) {
        direction[i] = sign_ * upper.grad_y[i] + steps.lambda * lower_y.grad_y[i];
      }
      next.z = stepped(at.z, steps.gamma, lower_z.grad_y, lower_box_);
      next.y = stepped(at.y, steps.alpha, direction, lower_box_);
      place.inner += 1;
    } else {
      Vector direction(at.x.size());
      for (std::size_t i = 0; i < direction.size(); ++i) {
        direction[i] =
            sign_ * upper.grad_x[i] + steps.lambda * (lower_y.grad_x[i] - lower_z.grad_x[i]);
      }
      next.x = stepped(at.x, options_.ratio * steps.alpha, direction, upper_box_);
      place.inner = 0;
      place.outer += 1;
    }
    return group(std::move(next), place, space, request);
  }

  F2saOptions options_;
  double sign_ = 1;
  // Cache of the boxes, until the space is extended.
  Box upper_box_, lower_box_;
  std::uint64_t revision_ = 0;
};

}  // namespace
}  // namespace asktell

ASKTELL_REGISTER_SOLVERS(bilevel_f2sa) {
  using namespace asktell;
  registry.add<F2sa>(
      {.name = "bilevel.f2sa",
       .summary = "Bilevel optimization by a growing penalty on the lower level's optimality gap: "
                  "first derivatives of both levels only, exact or noisy.",
       .reference = "Kwon, Kwon, Wright, Nowak 2023, A fully first-order method for stochastic "
                    "bilevel optimization, algorithm 1",
       .capabilities = {.oracles = {Oracle::kConsult},
                        .parameter_kinds = kRealOnly,
                        .conditional = false,
                        .known_constraints = false,
                        .repeats = true,
                        .instant = true}},
      schema());
}
