// zo.rank_sgd: descent from rankings alone (Tang, Rybin, Chang 2024, "Zeroth-order optimization
// meets human feedback: provable learning via ranking oracles", algorithms 1 and 2), for people or
// programs that say which points are better but not by how much.
//
// Two kinds of query alternate. "gradient": m points x + mu xi around the iterate x, of which the
// best k are ordered. "line": n points, of which the best is named: x - step shrink^j g / |g| along
// the average g of all gradients at x, the best sample so far, and x itself. When x wins it stays,
// and the next gradient joins the average. Points lie in the unit cube of the space.
//
// Ours: the step is doubled from the distance that won and shrunk when x stays, and mu follows it,
// so that the method also converges; samples are reflected at the walls, since clipping them would
// bias the estimate; shown in a random order, so that people do not learn it.
//
// State: the newest told line query decides where x is, and the notes of the queries say which x
// they belong to, so answers may come late, never, or be amended. While a line query is pending,
// further gradients at the same x are asked. recommend() is the trial whose winner is x:
// points[order[0]] of its query and answer.
#include <algorithm>
#include <cmath>
#include <map>
#include <optional>
#include <set>
#include <string>

#include <asktell/core/errors.hpp>
#include <asktell/core/registry.hpp>
#include <asktell/solvers/design/feasible.hpp>
#include <asktell/solvers/note_numbers.hpp>
#include <asktell/solvers/zeroth_order/ranking.hpp>

namespace asktell {
namespace {

struct RankSgdOptions {
  std::int64_t samples = 15;    // m: the paper's choice for test functions; 6 to 8 for people
  std::int64_t best = 0;        // k: a program ranks all as easily
  std::int64_t line = 8;        // n: six steps of the published line search, a sample and x
  double step = 0.5;            // reaches the walls from the middle of the cube
  double smoothing = 0.1;       // mu = 0.05 of the cube at first: the paper's 1e-2 to 1e-1
  double shrink = 0.5;          // gamma of the published line search
  double smallest_step = 1e-9;  // below it, doubles no longer tell points apart
};

Schema<RankSgdOptions> schema() {
  return Schema<RankSgdOptions>()
      .field("samples", &RankSgdOptions::samples, "points of a gradient query", 2, 1000)
      .field("best", &RankSgdOptions::best,
             "how many of them are ordered, best first; 0: all of them", 0, 1000)
      .field("line", &RankSgdOptions::line, "points of a line query, of which one is chosen", 3, 60)
      .field("step", &RankSgdOptions::step, "first length of a step, in the unit cube", 1e-6, 10)
      .field("smoothing", &RankSgdOptions::smoothing,
             "spread of the samples in each coordinate, as a part of the step", 1e-6, 1)
      .field("shrink", &RankSgdOptions::shrink, "ratio of a step to the one before", 0.01, 0.99)
      .field("smallest_step", &RankSgdOptions::smallest_step,
             "steps are never shorter, in the unit cube", 1e-12, 1);
}

// What a query was about; written into its note and read back from there.
struct Tag {
  bool line = false;
  std::int64_t base = -1;      // the line trial whose winner was the iterate; -1: the start
  std::int64_t gradients = 0;  // of a line query: how many were averaged
  double step = 0;
};

std::string to_note(const Tag& tag) {
  const std::string base = std::to_string(tag.base);
  const std::string step = ", step " + number_text(tag.step);
  if (!tag.line) return "gradient at trial " + base + step;
  return "line from trial " + base + " along " + std::to_string(tag.gradients) + " gradients" +
         step;
}

bool read_note(const std::string& note, Tag& tag) {
  tag.line = note.starts_with("line");
  const auto base = number_after(note, " trial ");
  const auto gradients = number_after(note, " along ");
  const auto step = number_after(note, ", step ");
  if (!base || !step || (tag.line && !gradients)) return false;
  tag.base = static_cast<std::int64_t>(*base);
  tag.gradients = static_cast<std::int64_t>(gradients.value_or(0));
  tag.step = *step;
  return true;
}

class RankSgd : public Solver {
 public:
  RankSgd(const Problem&, RankSgdOptions options) : options_(options) {
    options_.best = std::min(options_.best, options_.samples);
    if (options_.best == 0) options_.best = options_.samples;
  }

  std::vector<Proposal> propose(const History& history, const Request& request) override {
    absorb(history);
    const State state = current(history);
    std::vector<Proposal> proposals;
    for (std::size_t i = 0; i < request.count; ++i) {
      RandomStream stream = request.stream(Purpose::kCandidates, i);
      const bool line = i == 0 && state.gradients > 0 && !state.line_asked && state.g.norm() > 0;
      proposals.push_back(line ? line_query(history, state, request, stream)
                               : gradient_query(history, state, request, stream));
    }
    return proposals;
  }

  std::int64_t recommend(const History& history) override {
    absorb(history);
    const std::int64_t line = newest_line(history);
    if (line >= 0) return line;
    std::int64_t newest = -1;
    for (std::int64_t trial : history.told()) newest = std::max(newest, trial);
    return newest;
  }

 private:
  struct State {
    std::int64_t base = -1;  // trial whose winner is x; -1: the start
    Point point = {};        // x
    Eigen::VectorXd x = {};  // d, unit cube
    Eigen::VectorXd g = {};  // d, average of the gradients at x
    std::int64_t gradients = 0;
    bool line_asked = false;  // along this very average
    Point sample = {};        // best of the newest gradient query at x
    double step = 0;
  };
  // What is known at one iterate, named by its base.
  struct Seen {
    Eigen::VectorXd sum = {};         // of the told gradients times mu; empty without any
    std::int64_t gradients = 0;       // how many
    Point sample = {};                // best of the newest of their queries
    std::int64_t line_gradients = 0;  // most that a line query averaged
  };

  static Eigen::VectorXd unit_of(const Point& point) {
    const std::vector<double> unit = point.unit();
    return Eigen::Map<const Eigen::VectorXd>(unit.data(), static_cast<Eigen::Index>(unit.size()));
  }

  // A recorded point in today's space, which may have been extended since.
  static Point adopted(const History& history, const Point& point) {
    if (history.revision() == 0) return point;
    return {history.space(), history.space().adopt(point.space(), point.slots())};
  }

  // The winner's point of a told trial.
  static Point winner(const History& history, std::size_t trial) {
    const auto query = std::get<Compare>(history.query(trial));
    const auto& order = std::get<Ranking>(*history.answer(trial)).order;
    return adopted(history, query.points[order.front()]);
  }

  static bool ranked(const History& history, std::size_t trial) {
    const auto answer = history.answer(trial);
    return answer && std::holds_alternative<Ranking>(*answer);
  }

  // Takes in new queries, then new answers.
  void absorb(const History& history) {
    if (history.revision() != revision_ || history.size() < asked_) {
      revision_ = history.revision();
      asked_ = told_ = 0;
      seen_.clear();
      tags_.clear();
      lines_.clear();
    }
    for (; asked_ < history.size(); ++asked_) {
      const AskRecord record = history.record(asked_);
      Tag tag;
      const bool ours =
          std::holds_alternative<Compare>(record.query) && read_note(record.note, tag);
      tags_.push_back(ours ? std::optional<Tag>(tag) : std::nullopt);
      if (!ours || !tag.line) continue;
      lines_.insert(static_cast<std::int64_t>(asked_));
      Seen& seen = seen_[tag.base];
      seen.line_gradients = std::max(seen.line_gradients, tag.gradients);
    }
    for (; told_ < history.told().size(); ++told_) {
      const auto trial = static_cast<std::size_t>(history.told()[told_]);
      if (tags_[trial] && !tags_[trial]->line) add_gradient(history, trial);
    }
  }

  void add_gradient(const History& history, std::size_t trial) {
    const Tag& tag = *tags_[trial];
    // The answer that made this x was amended to a failure: there is no x to measure from.
    if (tag.base >= 0 && !ranked(history, static_cast<std::size_t>(tag.base))) return;
    const auto query = std::get<Compare>(history.query(trial));
    const auto& order = std::get<Ranking>(*history.answer(trial)).order;
    const Eigen::VectorXd x = unit_of(point_of(history, tag.base));
    const double smoothing = options_.smoothing * tag.step;
    Eigen::MatrixXd directions(x.size(), static_cast<Eigen::Index>(query.points.size()));
    for (Eigen::Index i = 0; i < directions.cols(); ++i) {
      directions.col(i) =
          (unit_of(adopted(history, query.points[static_cast<std::size_t>(i)])) - x) / smoothing;
    }
    Seen& seen = seen_[tag.base];
    if (seen.gradients == 0) seen.sum = Eigen::VectorXd::Zero(x.size());
    // Gradients at different mu count alike once multiplied by it.
    seen.sum += smoothing * ranking_gradient(directions, order, smoothing);
    seen.sample = adopted(history, query.points[order.front()]);
    ++seen.gradients;
  }

  std::int64_t newest_line(const History& history) const {
    for (auto line = lines_.rbegin(); line != lines_.rend(); ++line) {
      if (ranked(history, static_cast<std::size_t>(*line))) return *line;
    }
    return -1;
  }

  Point point_of(const History& history, std::int64_t base) const {
    if (base >= 0 && ranked(history, static_cast<std::size_t>(base))) {
      return winner(history, static_cast<std::size_t>(base));
    }
    return history.space().point_from_unit(std::vector<double>(history.dimension(), 0.5));
  }

  State current(const History& history) {
    State state;
    state.step = options_.step;
    const std::int64_t line = newest_line(history);
    if (line >= 0) {
      const Tag& tag = *tags_[static_cast<std::size_t>(line)];
      state.point = point_of(history, line);
      const Point before = point_of(history, tag.base);
      const double moved = (unit_of(state.point) - unit_of(before)).norm();
      const bool stayed = state.point == before;
      state.base = stayed ? tag.base : line;
      state.step = stayed ? options_.shrink * tag.step : 2 * moved;
      state.step = std::clamp(state.step, options_.smallest_step, options_.step);
    } else {
      state.point = point_of(history, -1);
    }
    state.x = unit_of(state.point);
    const Seen& seen = seen_[state.base];
    state.gradients = seen.gradients;
    state.sample = seen.sample;
    state.line_asked = seen.line_gradients >= seen.gradients;
    if (seen.gradients > 0) state.g = seen.sum / static_cast<double>(seen.gradients);
    return state;
  }

  static Point point_at(const History& history, Eigen::VectorXd unit, const Request& request) {
    for (std::size_t i = 0; i < request.fixed.size(); ++i) {
      if (!std::isnan(request.fixed[i])) unit(static_cast<Eigen::Index>(i)) = request.fixed[i];
    }
    return history.space().point_from_unit({unit.data(), static_cast<std::size_t>(unit.size())});
  }

  Proposal gradient_query(const History& history, const State& state, const Request& request,
                          RandomStream& stream) const {
    Compare query;
    query.best = static_cast<std::size_t>(options_.best);
    const double smoothing = options_.smoothing * state.step;
    for (std::int64_t i = 0; i < options_.samples; ++i) {
      Eigen::VectorXd unit = state.x;
      for (double& u : unit) u = reflected(u + smoothing * stream.normal());
      query.points.push_back(point_at(history, std::move(unit), request));
    }
    Proposal proposal;
    proposal.query = std::move(query);
    proposal.note = to_note({.line = false, .base = state.base, .step = state.step});
    return proposal;
  }

  Proposal line_query(const History& history, const State& state, const Request& request,
                      RandomStream& stream) const {
    Compare query;
    query.best = 1;
    double length = state.step / state.g.norm();
    for (std::int64_t j = 0; j + 2 < options_.line; ++j, length *= options_.shrink) {
      Eigen::VectorXd unit = (state.x - length * state.g).cwiseMax(0).cwiseMin(1);
      query.points.push_back(point_at(history, std::move(unit), request));
    }
    const bool free = request.fixed.empty();
    for (const Point& point : {state.sample, state.point}) {
      query.points.push_back(free ? point : point_at(history, unit_of(point), request));
    }
    for (std::size_t left = query.points.size(); left > 1; --left) {  // Fisher-Yates
      std::swap(query.points[left - 1], query.points[stream.integer(left)]);
    }
    Proposal proposal;
    proposal.query = std::move(query);
    proposal.note = to_note(
        {.line = true, .base = state.base, .gradients = state.gradients, .step = state.step});
    return proposal;
  }

  RankSgdOptions options_;
  // Cache, rebuilt from the history when something told changed.
  std::map<std::int64_t, Seen> seen_;     // by base
  std::vector<std::optional<Tag>> tags_;  // of each trial; none: not one of ours
  std::set<std::int64_t> lines_;          // trials that are line queries
  std::size_t asked_ = 0;                 // trials taken in
  std::size_t told_ = 0;                  // answers taken in
  std::uint64_t revision_ = 0;
};

}  // namespace
}  // namespace asktell

ASKTELL_REGISTER_SOLVERS(zo_rank_sgd) {
  using namespace asktell;
  registry.add<RankSgd>(
      {.name = "zo.rank_sgd",
       .summary = "Descent from rankings alone: the best few of some points are ordered, by a "
                  "person or a program; no values are needed.",
       .reference = "Tang, Rybin, Chang 2024, Zeroth-order optimization meets human feedback, "
                    "algorithms 1 and 2",
       .capabilities = {.oracles = {Oracle::kCompare},
                        .parameter_kinds = kRealOnly,
                        .conditional = false,
                        .known_constraints = false,
                        .repeats = true,
                        .instant = true}},
      schema());
}
