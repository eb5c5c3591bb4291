// zo.sgd: stochastic gradient descent from two losses a step, for vectors that the library never
// sees (Malladi et al. 2023, "Fine-tuning language models with just forward passes", algorithm 1;
// Zhang et al. 2024, arXiv 2402.11592, section 3). Trial t measures c = (plus - minus) / (2 eps)
// along z(seed); its answer asks for the move x += -eta c z(seed). A step is a seed and a scalar.
//
// What a vector went through is the moves of all recorded queries in order, whatever became of the
// trials: a process that takes over a copy of the vector makes the moves of the queries it missed.
// Every query brings what the answers so far call for less what earlier queries brought; so a late
// answer moves the vector when it arrives, a failure moves nothing, and an amended answer brings
// the difference. The last answer of a study is brought by an ask that was never made.
#include <algorithm>
#include <cmath>
#include <string>
#include <unordered_map>

#include <asktell/core/registry.hpp>

namespace asktell {
namespace {

struct ZoSgdOptions {
  // eta. 1e-6 is where fine-tuning of language models works (Malladi et al. 2023, table 15); the
  // optimum is about 1 / trace of the Hessian, so small problems want much more.
  double learning_rate = 1e-6;
  double perturbation = 1e-3;   // eps: the published choice for 32-bit weights
  std::int64_t directions = 1;  // averaged in one step; 1 is best a loss (Malladi et al. 2023)
  std::string step = "value";   // c itself
  double decay = 0;             // constant step, as published
  double clip = 0;              // never skip
};

Schema<ZoSgdOptions> schema() {
  return Schema<ZoSgdOptions>()
      .field("learning_rate", &ZoSgdOptions::learning_rate,
             "step length for each unit of the directional derivative; try powers of ten", 1e-300,
             1e300)
      .field("perturbation", &ZoSgdOptions::perturbation,
             "distance of both measurements from x, in units of the vector", 1e-300, 1e300)
      .field("directions", &ZoSgdOptions::directions,
             "answers averaged in one step; moves come with every so-many-th query", 1, 1e6)
      .field("step", &ZoSgdOptions::step,
             "move by the directional derivative (value) or by its sign (sign)", {"value", "sign"})
      .field("decay", &ZoSgdOptions::decay,
             "step number k is shortened by (1 + k) to this power; 0: constant", 0, 2)
      .field("clip", &ZoSgdOptions::clip,
             "answers whose losses differ by more than this are skipped; 0: none", 0);
}

class ZoSgd : public Solver {
 public:
  ZoSgd(const Problem& problem, ZoSgdOptions options) : options_(std::move(options)) {
    sign_ = problem.objectives[0].sign();
  }

  std::vector<Proposal> propose(const History& history, const Request& request) override {
    absorb(history);
    std::vector<Proposal> proposals(request.count);
    bool delivered = false;
    for (std::size_t i = 0; i < request.count; ++i) {
      RandomStream stream = request.stream(Purpose::kChoice, i);
      Perturb query{.seed = stream.integer(std::uint64_t{1} << 53),  // exact in JSON everywhere
                    .scale = options_.perturbation,
                    .moves = {}};
      // A group of `directions` queries is measured at one x.
      const std::int64_t ask = request.ask + static_cast<std::int64_t>(i);
      if (!delivered && ask % options_.directions == 0) {
        query.moves = outstanding();
        delivered = true;
      }
      proposals[i].query = std::move(query);
    }
    return proposals;
  }

  // The vector as it stands: the newest answer belongs to it.
  std::int64_t recommend(const History& history) override {
    return history.told().empty() ? -1 : history.told().back();
  }

 private:
  struct Due {
    std::size_t trial;  // whose answer asked for the move
    double wanted;
    double brought;
  };

  // What trial's answer calls for; 0: nothing.
  double wanted_scale(const History& history, std::size_t trial) const {
    const auto answer = history.answer(trial);
    const auto* losses = answer ? std::get_if<Losses>(answer.get()) : nullptr;
    if (!losses) return 0;
    const double difference = sign_ * (losses->plus - losses->minus);
    if (options_.clip > 0 && std::abs(difference) > options_.clip) return 0;
    double slope = difference / (2 * options_.perturbation);
    if (options_.step == "sign") slope = static_cast<double>((slope > 0) - (slope < 0));
    const auto group = static_cast<double>(static_cast<std::int64_t>(trial) / options_.directions);
    const double rate = options_.learning_rate * std::pow(1 + group, -options_.decay) /
                        static_cast<double>(options_.directions);
    const double scale = -rate * slope;
    return std::isfinite(scale) ? scale : 0;
  }

  // Takes in new answers, then what new queries have brought of them. In a fresh instance that is
  // the whole history, else a handful.
  void absorb(const History& history) {
    if (history.revision() != revision_ || history.told().size() < told_) {
      due_.clear();
      told_ = asked_ = 0;
      revision_ = history.revision();
    }
    for (; told_ < history.told().size(); ++told_) {
      const auto trial = static_cast<std::size_t>(history.told()[told_]);
      const Query query = history.query(trial);
      const auto* perturb = std::get_if<Perturb>(&query);
      const double scale = perturb ? wanted_scale(history, trial) : 0;
      if (scale != 0)
        due_.try_emplace(perturb->seed, Due{trial, 0, 0}).first->second.wanted = scale;
    }
    for (; asked_ < history.size(); ++asked_) {
      const Query query = history.query(asked_);
      const auto* perturb = std::get_if<Perturb>(&query);
      if (!perturb) continue;
      for (const Move& move : perturb->moves) {
        // A seed without an answer: it was amended to a failure, and the move must be undone.
        const auto found = due_.try_emplace(move.seed, Due{asked_, 0, 0}).first;
        found->second.brought += move.scale;
        if (settled(found->second)) due_.erase(found);
      }
    }
  }

  // Up to rounding, so that another machine's arithmetic does not send corrections of 1e-22.
  static bool settled(const Due& due) {
    return std::abs(due.wanted - due.brought) <=
           1e-12 * std::max(std::abs(due.wanted), std::abs(due.brought));
  }

  std::vector<Move> outstanding() const {
    std::vector<std::pair<std::size_t, Move>> sorted;
    for (const auto& [seed, due] : due_) {
      if (!settled(due)) sorted.push_back({due.trial, {seed, due.wanted - due.brought}});
    }
    std::sort(sorted.begin(), sorted.end(), [](const auto& a, const auto& b) {
      return a.first != b.first ? a.first < b.first : a.second.seed < b.second.seed;
    });
    std::vector<Move> moves;
    for (const auto& [trial, move] : sorted) moves.push_back(move);
    return moves;
  }

  ZoSgdOptions options_;
  double sign_ = 1;
  // Cache, rebuilt from the history when something told changed.
  std::unordered_map<std::uint64_t, Due> due_;  // by seed
  std::size_t told_ = 0;                        // answers taken in
  std::size_t asked_ = 0;                       // queries taken in
  std::uint64_t revision_ = 0;
};

}  // namespace
}  // namespace asktell

ASKTELL_REGISTER_SOLVERS(zo_sgd) {
  using namespace asktell;
  registry.add<ZoSgd>(
      {.name = "zo.sgd",
       .summary = "Gradient descent from two losses a step along random directions, in place: for "
                  "vectors of up to billions of numbers that stay with the user.",
       .reference = "Malladi et al. 2023, Fine-tuning language models with just forward passes, "
                    "algorithm 1 (MeZO)",
       .capabilities = {.oracles = {Oracle::kPerturb},
                        .parameter_kinds = 0,
                        .conditional = false,
                        .known_constraints = false,
                        .repeats = true,
                        .instant = true}},
      schema());
}
