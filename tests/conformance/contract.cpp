// What all checks share; see contract.hpp.
#include <asktell/tests/conformance/contract.hpp>

#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <cmath>
#include <filesystem>

#include <asktell/core/errors.hpp>

namespace asktell::conformance {

std::vector<Case> contract() {
  std::vector<Case> out;
  for (const auto part : {fit_cases(), replay_cases(), survival_cases(), lifecycle_cases()}) {
    out.insert(out.end(), part.begin(), part.end());
  }
  return out;
}

std::vector<Subject> subjects(const SolverInfo& info) {
  std::vector<Subject> out;
  for (Oracle oracle : info.capabilities.oracles) out.push_back({info, oracle});
  return out;
}

std::vector<std::string> violations(std::string_view solver,
                                    const std::vector<std::string>& names) {
  std::vector<std::string> out;
  for (const Subject& subject : subjects(Registry::global().at(solver))) {
    for (const Case& one : contract()) {
      if (!names.empty() && std::find(names.begin(), names.end(), one.name) == names.end()) {
        continue;
      }
      try {
        one.check(subject);
      } catch (const std::exception& error) {
        out.push_back(std::string(one.name) + " (" + std::string(name_of(subject.oracle)) +
                      "): " + error.what());
      }
    }
  }
  return out;
}

void require(bool kept, const std::string& what) {
  if (!kept) throw Violation(what);
}

namespace {

void require_in_space(const Point& point, const Space& space) {
  const auto slots = point.slots();
  require(slots.size() == space.slots(), "a point has another number of values than the space");
  for (std::size_t i = 0; i < space.parameters().size(); ++i) {
    const Parameter& parameter = space.parameters()[i];
    const Value value = point[parameter.name];
    bool active = true;
    for (const Condition& condition : parameter.when) {
      const Value parent = point[condition.parent];
      active &= !parent.absent() &&
                std::any_of(condition.values.begin(), condition.values.end(),
                            [&](const Value& wanted) { return same_value(wanted, parent); });
    }
    require(active != value.absent(), parameter.name + " is present while inactive, or absent");
    for (std::size_t part = 0; active && part < parameter.slots(); ++part) {
      const double slot = slots[space.slot_offset(i) + part];
      require(std::isfinite(slot), parameter.name + " is not finite");
      const bool numeric = parameter.kind == Kind::kReal || parameter.kind == Kind::kInteger;
      if (numeric) {
        require(slot >= parameter.low && slot <= parameter.high,
                parameter.name + " = " + std::to_string(slot) + " is out of bounds");
      }
      if (parameter.kind != Kind::kReal && parameter.kind != Kind::kSimplex) {
        require(slot == std::floor(slot), parameter.name + " is not integral");
      }
    }
  }
  require(space.satisfies_constraints(slots), "a known constraint is broken");
  space.point_from_slots({slots.begin(), slots.end()});  // PointError says what else is wrong
}

void require_in_box(const std::vector<double>& vector, const Space& space,
                    const std::string& name) {
  require(vector.size() == space.slots(), name + " has another number of values than its space");
  std::size_t slot = 0;
  for (const Parameter& parameter : space.parameters()) {
    for (std::size_t part = 0; part < parameter.slots(); ++part, ++slot) {
      require(vector[slot] >= parameter.low && vector[slot] <= parameter.high,
              name + " is out of bounds: " + std::to_string(vector[slot]));
    }
  }
}

}  // namespace

void require_fit(const Query& query, const Problem& problem) {
  require(oracle_of(query) == problem.oracle, "a query is of another kind than the problem");
  if (const auto* evaluate = std::get_if<Evaluate>(&query)) {
    require_in_space(evaluate->point, problem.space);
  } else if (const auto* compare = std::get_if<Compare>(&query)) {
    require(compare->points.size() >= 2, "fewer than two points are compared");
    require(compare->best >= 1, "no best point is wanted");
    for (const Point& point : compare->points) require_in_space(point, problem.space);
  } else if (const auto* perturb = std::get_if<Perturb>(&query)) {
    require(std::isfinite(perturb->scale) && perturb->scale != 0, "the scale is 0 or not finite");
    for (const Move& move : perturb->moves) {
      require(std::isfinite(move.scale), "a move is not finite");
    }
  } else {
    const auto& consult = std::get<Consult>(query);
    require(consult.wants != 0, "a query wants nothing");
    require_in_box(consult.x, problem.space, "x");
    require_in_box(consult.y, problem.lower_space, "y");
    for (double component : consult.direction) {
      require(std::isfinite(component), "a direction is not finite");
    }
  }
}

std::vector<std::string> play(Study& study, World& world, std::size_t rounds, const Tell& tell) {
  std::vector<std::string> out;
  for (std::size_t round = 0; round < rounds; ++round) {
    const std::vector<Trial> group = study.ask(1);
    if (group.empty()) break;
    for (const Trial& trial : group) {
      require_fit(trial.query(), study.problem());
      out.push_back(fingerprint(trial.query()));
      Answer truth = world.answer(trial.query());
      study.tell(trial, tell ? tell(trial, std::move(truth)) : std::move(truth));
    }
  }
  return out;
}

std::vector<std::string> fresh_proposals(const Study& study, const Subject& subject) {
  std::vector<std::string> out;
  study.inspect([&](const History& history) {
    const auto solver = subject.info.make(history.problem(), {});
    Request request;
    request.ask = static_cast<std::int64_t>(history.size());
    request.seed = history.problem().seed;
    for (const Proposal& proposal : solver->propose(history, request)) {
      out.push_back(fingerprint(proposal.query));
    }
  });
  return out;
}

void require_equal(const std::vector<std::string>& a, const std::vector<std::string>& b,
                   const std::string& what) {
  for (std::size_t i = 0; i < std::min(a.size(), b.size()); ++i) {
    require(a[i] == b[i],
            what + ": query " + std::to_string(i) + " differs: " + a[i] + " and " + b[i]);
  }
  require(a.size() == b.size(),
          what + ": " + std::to_string(a.size()) + " queries and " + std::to_string(b.size()));
}

TemporaryFile::TemporaryFile() {
  static std::atomic<int> count = 0;
  path_ = (std::filesystem::temp_directory_path() /
           ("asktell-contract-" + std::to_string(getpid()) + "-" + std::to_string(count++) + ".db"))
              .string();
}

TemporaryFile::~TemporaryFile() {
  std::error_code ignored;
  for (const char* tail : {"", "-wal", "-shm", "-journal"}) {
    std::filesystem::remove(path_ + tail, ignored);
  }
}

}  // namespace asktell::conformance
