// The handle of one trial; see study.hpp.
#include <cmath>
#include <cstdio>
#include <limits>
#include <ostream>

#include <asktell/core/errors.hpp>
#include <asktell/core/study_core.hpp>

namespace asktell {
namespace {

std::shared_ptr<StudyCore> locked(const std::weak_ptr<StudyCore>& study, std::int64_t number) {
  if (auto core = study.lock()) return core;
  throw StudyError(number < 0 ? "study.empty-trial" : "study.closed",
                   number < 0 ? "this trial is empty: the study is exhausted or nothing was told "
                                "yet; test the trial before using it"
                              : "the study of trial " + std::to_string(number) +
                                    " was closed; keep the Study alive while its trials are used");
}

}  // namespace

const Query& Trial::query() const {
  if (!record_) locked(study_, number_);
  return record_->query;
}

const Point& Trial::point() const {
  if (const auto* evaluate = std::get_if<Evaluate>(&query())) return evaluate->point;
  throw StudyError("study.no-point", "trial " + std::to_string(number_) + " asks \"" +
                                         std::string(name_of(oracle_of(query()))) +
                                         "\" and has no single point; read Trial::query()");
}

Value Trial::operator[](std::string_view name) const {
  return point()[name];
}
std::vector<double> Trial::vector() const {
  return point().vector();
}

TrialState Trial::state() const {
  return locked(study_, number_)->read([this](const History& history) {
    return history.state(static_cast<std::size_t>(number_));
  });
}

std::shared_ptr<const Answer> Trial::answer() const {
  return locked(study_, number_)->read([this](const History& history) {
    return history.answer(static_cast<std::size_t>(number_));
  });
}

double Trial::value() const {
  const auto stored = answer();
  const auto* values = stored ? std::get_if<Values>(stored.get()) : nullptr;
  return values ? values->objectives.front() : std::numeric_limits<double>::quiet_NaN();
}

std::uint64_t Trial::seed() const {
  const std::uint64_t study_seed = locked(study_, number_)->config().problem.seed;
  RandomStream stream(study_seed, Purpose::kUser, static_cast<std::uint64_t>(number_));
  return stream.integer(std::uint64_t{1} << 32);  // fits what other libraries take as a seed
}

std::string Trial::note() const {
  return locked(study_, number_)->read([this](const History& history) {
    return history.record(static_cast<std::size_t>(number_)).note;
  });
}

Assignment Trial::notes() const {
  return locked(study_, number_)->read([this](const History& history) {
    return history.notes(static_cast<std::size_t>(number_));
  });
}

void Trial::report(double step, double value) const {
  locked(study_, number_)->report(number_, step, value);
}
bool Trial::should_stop() const {
  return locked(study_, number_)->should_stop(number_);
}
void Trial::stop(std::string_view reason) const {
  locked(study_, number_)->stop_trial(number_, reason);
}
void Trial::note(std::string_view name, Value value) const {
  locked(study_, number_)->note(number_, name, value);
}

std::ostream& operator<<(std::ostream& out, const Trial& trial) {
  if (!trial) return out << "no trial yet";
  out << "trial " << trial.number() << ": ";
  const auto answer = trial.answer();
  if (!answer) {
    out << name_of(trial.state());
  } else if (const auto* values = std::get_if<Values>(answer.get())) {
    for (std::size_t i = 0; i < values->objectives.size(); ++i) {
      char text[32];
      std::snprintf(text, sizeof text, "%.4g", values->objectives[i]);
      out << (i > 0 ? ", " : "") << text;
    }
  } else if (const auto* failure = std::get_if<Failure>(answer.get())) {
    out << "failed (" << failure->reason << ")";
  } else {
    out << to_json(*answer);
  }
  if (const auto* evaluate = std::get_if<Evaluate>(&trial.query())) {
    out << " at " << evaluate->point;
  }
  return out;
}

}  // namespace asktell
