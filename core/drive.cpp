// The loop of ask and tell from callbacks; see study.hpp.
#include <exception>

#include <asktell/core/errors.hpp>
#include <asktell/core/study.hpp>

namespace asktell {
namespace {

template <typename Callback>
const Callback& required(const Callback& callback, std::string_view name) {
  if (callback) return callback;
  throw StudyError("study.no-oracle", "the study asks \"" + std::string(name) +
                                          "\" queries and drive() was given no such callback; set "
                                          "Oracles::" +
                                          std::string(name));
}

const void* require_callback(const Oracles& oracles, Oracle oracle) {
  switch (oracle) {
    case Oracle::kEvaluate:
      return &required(oracles.evaluate, "evaluate");
    case Oracle::kCompare:
      return &required(oracles.compare, "compare");
    case Oracle::kPerturb:
      return &required(oracles.perturb, "perturb");
    case Oracle::kConsult:
      return &required(oracles.consult, "consult");
  }
  return nullptr;
}

Answer answer_of(const Oracles& oracles, const Trial& trial) {
  try {
    const Query& query = trial.query();
    if (const auto* compare = std::get_if<Compare>(&query)) return oracles.compare(*compare);
    if (const auto* perturb = std::get_if<Perturb>(&query)) return oracles.perturb(*perturb);
    if (const auto* consult = std::get_if<Consult>(&query)) return oracles.consult(*consult);
    return oracles.evaluate(trial);
  } catch (const std::exception& error) {
    return Failure{error.what()};
  }
}

}  // namespace

std::size_t drive(Study& study, const Oracles& oracles, std::size_t n_trials) {
  require_callback(oracles, study.problem().oracle);
  std::size_t told = 0;
  while (told < n_trials) {
    const std::vector<Trial> group = study.ask(1);
    if (group.empty()) break;
    for (const Trial& trial : group) {
      study.tell(trial, answer_of(oracles, trial));
      ++told;
    }
  }
  return told;
}

}  // namespace asktell
