// Study and Trial: thin functions; defaults, loops and conveniences are in asktell/*.py.
#include "casters.hpp"

#include <array>
#include <asktell/core/errors.hpp>
#include <asktell/core/storage.hpp>
#include <cmath>
#include <optional>

namespace asktell::python {
namespace {

py::object answer_to_python(const Answer& answer) {
  return std::visit([](const auto& each) { return py::cast(each); }, answer);
}

Answer answer_from_python(const py::handle& object) {
  if (py::isinstance<Values>(object)) return object.cast<Values>();
  if (py::isinstance<Ranking>(object)) return object.cast<Ranking>();
  if (py::isinstance<Losses>(object)) return object.cast<Losses>();
  if (py::isinstance<Consulted>(object)) return object.cast<Consulted>();
  if (py::isinstance<Failure>(object)) return object.cast<Failure>();
  return Values{.objectives = {object.cast<double>()}};
}

py::object query_to_python(const Trial& trial) {
  const Query& query = trial.query();
  if (const auto* compare = std::get_if<Compare>(&query)) {
    py::list points;
    for (const Point& point : compare->points) points.append(params_of(point));
    return py::make_tuple(points, compare->best);
  }
  if (const auto* perturb = std::get_if<Perturb>(&query)) return py::cast(*perturb);
  if (const auto* consult = std::get_if<Consult>(&query)) return py::cast(*consult);
  return py::none();
}

StudyOptions options_from(const py::dict& fields) {
  StudyOptions options;
  if (fields.contains("space")) options.space = fields["space"].cast<Space>();
  if (fields.contains("lower_space")) options.lower_space = fields["lower_space"].cast<Space>();
  options.file = fields["file"].cast<std::string>();
  options.seed = fields["seed"].cast<std::optional<std::uint64_t>>();
  options.solver = fields["solver"].cast<std::string>();
  options.options = fields["options"].cast<Assignment>();
  for (const py::handle each : fields["objectives"]) {
    const auto [name, direction] = each.cast<std::pair<std::string, std::string>>();
    const bool maximize = direction == "maximize";
    if (!maximize && direction != "minimize") {
      throw OptionError("option.direction", "direction is \"" + direction +
                                                "\"; it must be \"minimize\" or \"maximize\"");
    }
    options.objectives.push_back({name, maximize ? Direction::kMaximize : Direction::kMinimize});
  }
  options.constraints = fields["constraints"].cast<std::vector<std::string>>();
  options.noise = fields["noise"].cast<std::optional<double>>();
  options.n_trials = fields["n_trials"].cast<std::int64_t>();
  options.lease = fields["lease"].cast<double>();
  if (!fields["oracle"].is_none()) {
    options.oracle = oracle_from_name(fields["oracle"].cast<std::string>());
  }
  return options;
}

AskOptions ask_options(Assignment fixed, Assignment context) {
  return {.fixed = std::move(fixed), .context = std::move(context)};
}

template <typename Body>
auto unlocked(Body body) {
  py::gil_scoped_release released;
  return body();
}

py::dict diagnostics_of(const Study& study) {
  const Diagnostics d = unlocked([&] { return study.diagnostics(); });
  py::dict out;
  out["solver"] = d.solver;
  out["description"] = d.description;
  out["asked"] = d.asked;
  out["told"] = d.told;
  out["failed"] = d.failed;
  out["pending"] = d.pending;
  out["lapsed"] = d.lapsed;
  out["stopped"] = d.stopped;
  out["fallbacks"] = d.fallbacks;
  out["replicates"] = d.duplicates;
  return out;
}

void bind_trial(py::module_& module) {
  py::class_<Trial>(module, "Trial")
      .def_property_readonly("number", &Trial::number)
      .def_property_readonly("params", [](const Trial& trial) { return params_of(trial.point()); })
      .def("vector", [](const Trial& trial) { return array_of(trial.vector()); })
      .def_property_readonly(
          "origin", [](const Trial& trial) { return std::string(name_of(trial.origin())); })
      .def_property_readonly("state",
                             [](const Trial& trial) {
                               return std::string(name_of(unlocked([&] { return trial.state(); })));
                             })
      .def_property_readonly("answer",
                             [](const Trial& trial) -> py::object {
                               const auto answer = unlocked([&] { return trial.answer(); });
                               return answer ? answer_to_python(*answer) : py::none();
                             })
      .def_property_readonly(
          "value", [](const Trial& trial) { return unlocked([&] { return trial.value(); }); })
      .def_property_readonly(
          "seed", [](const Trial& trial) { return unlocked([&] { return trial.seed(); }); })
      .def_property_readonly(
          "note", [](const Trial& trial) { return unlocked([&] { return trial.note(); }); })
      .def_property_readonly(
          "notes", [](const Trial& trial) { return unlocked([&] { return trial.notes(); }); })
      .def_property_readonly("query", &query_to_python)
      .def("report", &Trial::report, py::arg("step"), py::arg("value"), Unlocked())
      .def("should_stop", &Trial::should_stop, Unlocked())
      .def("stop", &Trial::stop, py::arg("reason") = "", Unlocked())
      .def(
          "add_note",
          [](const Trial& trial, const std::string& name, const Value& value) {
            unlocked([&] {
              trial.note(name, value);
              return 0;
            });
          },
          py::arg("name"), py::arg("value"));
}

std::optional<Trial> some(Trial trial) {
  if (trial) return trial;
  return std::nullopt;
}

// tell and amend: the answer is read under the interpreter lock, recorded without it.
template <void (Study::*Method)(std::int64_t, Answer)>
void with_answer(Study& study, std::int64_t trial, const py::object& answer) {
  Answer given = answer_from_python(answer);
  py::gil_scoped_release released;
  (study.*Method)(trial, std::move(given));
}

}  // namespace

void bind_study(py::module_& module) {
  bind_trial(module);
  py::class_<Study>(module, "Study")
      .def(py::init([](const py::dict& fields) {
             StudyOptions options = options_from(fields);
             py::gil_scoped_release released;
             return Study(std::move(options));
           }),
           py::arg("fields"))
      .def(
          "ask",
          [](Study& study, Assignment fixed, Assignment context) {
            return some(study.ask(ask_options(std::move(fixed), std::move(context))));
          },
          py::arg("fixed"), py::arg("context"), Unlocked())
      .def(
          "ask_many",
          [](Study& study, std::size_t n, Assignment fixed, Assignment context) {
            return study.ask(n, ask_options(std::move(fixed), std::move(context)));
          },
          py::arg("n"), py::arg("fixed"), py::arg("context"), Unlocked())
      .def(
          "ask_from",
          [](Study& study, const std::vector<Assignment>& candidates, std::size_t n,
             Assignment context) {
            return study.ask_from(candidates, n, ask_options({}, std::move(context)));
          },
          py::arg("candidates"), py::arg("n"), py::arg("context"), Unlocked())
      .def(
          "tell_value",
          [](Study& study, std::int64_t trial, double value) {
            study.tell(trial, Values{.objectives = {value}});
          },
          py::arg("trial"), py::arg("value"), Unlocked())
      .def("tell", &with_answer<&Study::tell>, py::arg("trial"), py::arg("answer"))
      .def("amend", &with_answer<&Study::amend>, py::arg("trial"), py::arg("answer"))
      .def(
          "tell_point",
          [](Study& study, const Assignment& point, const py::object& answer) {
            Answer given = answer_from_python(answer);
            py::gil_scoped_release released;
            return study.tell_point(point, std::move(given));
          },
          py::arg("point"), py::arg("answer"))
      .def("enqueue", &Study::enqueue, py::arg("point"), Unlocked())
      .def("extend", &Study::extend, py::arg("space"), Unlocked())
      .def("set_budget", &Study::set_budget, py::arg("n_trials"), Unlocked())
      .def("stop", &Study::stop, py::arg("reason") = "", Unlocked())
      .def("import_csv", &Study::import_csv, py::arg("path"), Unlocked())
      .def(
          "best", [](const Study& study) { return some(study.best()); }, Unlocked())
      .def(
          "recommend", [](const Study& study) { return some(study.recommend()); }, Unlocked())
      .def(
          "outlook",
          [](const Study& study) -> std::optional<std::array<double, 3>> {
            const std::optional<Outlook> outlook = study.outlook();
            if (!outlook) return {};
            return std::array<double, 3>{outlook->expected_gain, outlook->regret,
                                         outlook->regret_high};
          },
          Unlocked())
      .def("pareto", &Study::pareto, Unlocked())
      .def("trial", &Study::trial, py::arg("number"), Unlocked())
      .def("trials", &Study::trials, Unlocked())
      .def("pending", &Study::pending, Unlocked())
      .def("adopt", &Study::adopt, Unlocked())
      .def("size", &Study::size, Unlocked())
      .def("told", &Study::told, Unlocked())
      .def("finished_trials", &Study::finished_trials, Unlocked())
      .def("exhausted", &Study::exhausted, Unlocked())
      .def("stopped", &Study::stopped, Unlocked())
      .def("stop_reason", &Study::stop_reason, Unlocked())
      .def("seed", &Study::seed)
      .def("solver", &Study::solver)
      .def("file", &Study::file)
      .def("space", &Study::space, Unlocked())
      .def(
          "n_trials", [](const Study& study) { return study.problem().n_trials; }, Unlocked())
      .def(
          "noise", [](const Study& study) { return study.problem().noise_variance; }, Unlocked())
      .def(
          "oracle", [](const Study& study) { return std::string(name_of(study.problem().oracle)); },
          Unlocked())
      .def(
          "objectives",
          [](const Study& study) {
            std::vector<std::pair<std::string, std::string>> out;
            for (const Objective& objective : study.problem().objectives) {
              const bool maximize = objective.direction == Direction::kMaximize;
              out.emplace_back(objective.name, maximize ? "maximize" : "minimize");
            }
            return out;
          },
          Unlocked())
      .def(
          "constraints", [](const Study& study) { return study.problem().constraints; }, Unlocked())
      .def("diagnostics", &diagnostics_of)
      .def("refresh", &Study::refresh, Unlocked())
      .def("copy_to", &Study::copy_to, py::arg("path"), Unlocked());
}

}  // namespace asktell::python
