// Which answers fit which query. What is not finite becomes a failure, because a model cannot use
// it.
#include <algorithm>
#include <cmath>
#include <filesystem>

#include <asktell/core/errors.hpp>
#include <asktell/core/study_core.hpp>

namespace asktell {
namespace {

[[noreturn]] void wrong(const std::string& message) {
  throw StudyError("study.wrong-answer", message);
}

bool all_finite(const std::vector<double>& values) {
  return std::all_of(values.begin(), values.end(), [](double v) { return std::isfinite(v); });
}

void check_size(std::string_view what, std::size_t given, std::size_t wanted,
                const std::string& way_out) {
  if (given == wanted) return;
  wrong("the answer has " + std::to_string(given) + " " + std::string(what) + ", the query wants " +
        std::to_string(wanted) + "; " + way_out);
}

Answer check_values(Values values, const Problem& problem) {
  check_size("objective value(s)", values.objectives.size(), problem.objectives.size(),
             "give one number for each objective of the study");
  if (values.constraints.size() != problem.constraints.size()) {
    check_size("constraint value(s)", values.constraints.size(), problem.constraints.size(),
               "name the constraints when the study is created, and tell each of them (<= 0 is "
               "feasible)");
  }
  if (!values.gradient.empty()) {
    check_size("gradient component(s)", values.gradient.size(), problem.space.slots(),
               "give one for each number of Trial::vector()");
  }
  if (values.noise_variance && !(*values.noise_variance >= 0)) {
    wrong("noise_variance is " + Value(*values.noise_variance).text() +
          "; it must be 0 (exact) or positive");
  }
  if (values.cost && !std::isfinite(*values.cost)) {
    wrong("cost is " + Value(*values.cost).text() + "; it must be finite");
  }
  for (std::size_t i = 0; i < values.objectives.size(); ++i) {
    const double value = values.objectives[i];
    if (!std::isfinite(value))
      return Failure{problem.objectives[i].name + " is " + Value(value).text()};
  }
  for (std::size_t i = 0; i < values.constraints.size(); ++i) {
    const double value = values.constraints[i];
    if (!std::isfinite(value))
      return Failure{problem.constraints[i] + " is " + Value(value).text()};
  }
  if (!all_finite(values.gradient)) values.gradient.clear();  // the value itself is sound
  return values;
}

Answer check_ranking(const Ranking& ranking, const Compare& query) {
  check_size("ranked point(s)", ranking.order.size(), std::min(query.best, query.points.size()),
             "list the indices of the best points, best first");
  std::vector<bool> seen(query.points.size(), false);
  for (std::size_t index : ranking.order) {
    if (index >= seen.size() || seen[index]) {
      wrong("the ranking names point " + std::to_string(index) + " " +
            (index >= seen.size() ? "of only " + std::to_string(seen.size()) : "twice") +
            "; list different indices from 0 to " + std::to_string(seen.size() - 1));
    }
    seen[index] = true;
  }
  return ranking;
}

Answer check_consulted(const Consulted& answer, const Consult& query) {
  const auto wanted = [&](Want want, std::size_t size) {
    return (query.wants & want) ? size : std::size_t{0};
  };
  if (answer.value.has_value() != ((query.wants & kWantValue) != 0)) {
    wrong("the value of \"" + query.function + "\" is " +
          (answer.value ? "given but was not wanted" : "wanted but missing") +
          "; answer exactly what Consult::wants names");
  }
  const std::string way = "answer exactly what Consult::wants names";
  check_size("component(s) of grad_x", answer.grad_x.size(), wanted(kWantGradX, query.x.size()),
             way);
  check_size("component(s) of grad_y", answer.grad_y.size(), wanted(kWantGradY, query.y.size()),
             way);
  if (!(query.wants & kWantConstraints)) {
    check_size("constraint value(s)", answer.constraints.size(), 0, way);
  }
  if (!(query.wants & kWantJacobians)) {
    check_size("jacobian entries", answer.jacobian_x.size() + answer.jacobian_y.size(), 0, way);
  }
  check_size("component(s) of product", answer.product.size(),
             wanted(kWantProduct, query.direction.size()), way);
  const bool finite = (!answer.value || std::isfinite(*answer.value)) &&
                      all_finite(answer.grad_x) && all_finite(answer.grad_y) &&
                      all_finite(answer.constraints) && all_finite(answer.jacobian_x) &&
                      all_finite(answer.jacobian_y) && all_finite(answer.product);
  if (!finite) return Failure{"the answer of \"" + query.function + "\" is not finite"};
  return answer;
}

}  // namespace

Answer checked_answer(const Query& query, Answer answer, const Problem& problem) {
  if (std::holds_alternative<Failure>(answer)) return answer;
  if (answer.index() != query.index()) {  // the variants stand in the same order
    wrong("a query of kind \"" + std::string(name_of(oracle_of(query))) +
          "\" wants another kind of answer (evaluate: Values, compare: Ranking, perturb: Losses, "
          "consult: Consulted, any: Failure)");
  }
  if (auto* values = std::get_if<Values>(&answer)) return check_values(std::move(*values), problem);
  if (const auto* ranking = std::get_if<Ranking>(&answer)) {
    return check_ranking(*ranking, std::get<Compare>(query));
  }
  if (const auto* losses = std::get_if<Losses>(&answer)) {
    if (std::isfinite(losses->plus) && std::isfinite(losses->minus)) return answer;
    return Failure{"losses are " + Value(losses->plus).text() + " and " +
                   Value(losses->minus).text()};
  }
  return check_consulted(std::get<Consulted>(answer), std::get<Consult>(query));
}

void set_answer(Event& event, Answer answer) {
  const auto* values = std::get_if<Values>(&answer);
  const bool plain = values && values->objectives.size() == 1 && !values->noise_variance &&
                     values->constraints.empty() && values->gradient.empty() && !values->cost;
  if (values) event.value = values->objectives.front();
  if (!plain) event.answer = std::make_shared<const Answer>(std::move(answer));
}

bool file_has_study(const std::string& path) {
  std::error_code error;
  return std::filesystem::exists(path, error) && std::filesystem::file_size(path, error) > 0;
}

}  // namespace asktell
