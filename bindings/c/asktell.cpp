// The C interface over Study; no exception leaves it. See asktell.h.
#include <asktell/bindings/c/asktell.h>

#include <cstdlib>
#include <cstring>
#include <memory>
#include <nlohmann/json.hpp>

#include <asktell/asktell.hpp>
#include <asktell/core/registry.hpp>
#include <asktell/core/value_json.hpp>
#include <asktell/core/version.hpp>

struct asktell_study {
  explicit asktell_study(asktell::Study opened) : study(std::move(opened)) {}
  asktell::Study study;
};

namespace {

using Json = nlohmann::ordered_json;

thread_local std::string last_message;
thread_local std::string last_id;

asktell_status failed(asktell_status status, std::string id, std::string message) {
  last_id = std::move(id);
  last_message = std::move(message);
  return status;
}

template <typename Body>
asktell_status guarded(Body body) {
  try {
    return body();
  } catch (const asktell::ToldTwiceError& error) {
    return failed(ASKTELL_TOLD_TWICE, error.id(), error.what());
  } catch (const asktell::Error& error) {
    return failed(ASKTELL_ERROR, error.id(), error.what());
  } catch (const std::exception& error) {
    return failed(ASKTELL_ERROR, "unexpected", error.what());
  }
}

asktell_status nothing(const char* message) {
  return failed(ASKTELL_EXHAUSTED, "study.exhausted", message);
}

char* copied(const std::string& text) {
  auto* out = static_cast<char*>(std::malloc(text.size() + 1));
  if (out) std::memcpy(out, text.c_str(), text.size() + 1);
  return out;
}

const char* required(const void* pointer, const char* name) {
  if (pointer) return static_cast<const char*>(pointer);
  throw asktell::StudyError("study.null", std::string(name) + " is NULL; pass a value");
}

void read_study_option(asktell::StudyOptions& options, const std::string& name, const Json& value) {
  if (name == "space") {
    options.space = asktell::Space::from_json(value.dump());
  } else if (name == "file") {
    options.file = value;
  } else if (name == "seed") {
    options.seed = value.get<std::uint64_t>();
  } else if (name == "solver") {
    options.solver = value;
  } else if (name == "options") {
    options.options = asktell::assignment_from_json(value.dump());
  } else if (name == "direction") {
    options.direction = value;
  } else if (name == "constraints") {
    options.constraints = value;
  } else if (name == "noise") {
    options.noise = value.get<double>();
  } else if (name == "n_trials") {
    options.n_trials = value;
  } else if (name == "lease") {
    options.lease = value;
  } else {
    const std::vector<std::string> known = {"space",    "file",      "seed",        "solver",
                                            "options",  "direction", "constraints", "noise",
                                            "n_trials", "lease"};
    const std::string near = asktell::nearest_name(name, known);
    throw asktell::OptionError("option.unknown",
                               "asktell_open takes no \"" + name + "\"" +
                                   (near.empty() ? "; see asktell.h for what it takes"
                                                 : "; did you mean \"" + near + "\"?"));
  }
}

asktell::StudyOptions study_options(const char* text) {
  const Json json = asktell::parse_json(required(text, "options"));
  asktell::StudyOptions options;
  for (const auto& [name, value] : json.items()) {
    try {
      read_study_option(options, name, value);
    } catch (const nlohmann::json::exception& error) {
      throw asktell::OptionError("option.value", "option \"" + name + "\" of asktell_open is " +
                                                     value.dump() + ", which has the wrong type (" +
                                                     error.what() + ")");
    }
  }
  return options;
}

asktell::Study& study_of(asktell_study* study) {
  required(study, "study");
  return study->study;
}

}  // namespace

const char* asktell_version(void) {
  return ASKTELL_VERSION;
}
const char* asktell_error(void) {
  return last_message.c_str();
}
const char* asktell_error_id(void) {
  return last_id.c_str();
}
void asktell_free(char* text) {
  std::free(text);
}

asktell_status asktell_open(const char* options, asktell_study** study) {
  return guarded([&] {
    required(study, "study");
    *study = nullptr;
    auto opened = std::make_unique<asktell_study>(asktell::Study(study_options(options)));
    *study = opened.release();  // asktell_close takes it back
    return ASKTELL_OK;
  });
}

void asktell_close(asktell_study* study) {
  const std::unique_ptr<asktell_study> last(study);
}

asktell_status asktell_ask(asktell_study* study, int64_t* trial, char** query) {
  return guarded([&] {
    required(trial, "trial");
    required(query, "query");
    const asktell::Trial asked = study_of(study).ask();
    if (!asked) return nothing("nothing left to ask: the study is exhausted or stopped");
    *trial = asked.number();
    const bool point = std::holds_alternative<asktell::Evaluate>(asked.query());
    *query = copied(point ? asked.point().to_json() : asktell::to_json(asked.query()));
    return ASKTELL_OK;
  });
}

asktell_status asktell_tell(asktell_study* study, int64_t trial, double value) {
  return guarded([&] {
    study_of(study).tell(trial, asktell::Values{.objectives = {value}});
    return ASKTELL_OK;
  });
}

asktell_status asktell_tell_json(asktell_study* study, int64_t trial, const char* answer) {
  return guarded([&] {
    study_of(study).tell(trial, asktell::answer_from_json(required(answer, "answer")));
    return ASKTELL_OK;
  });
}

asktell_status asktell_fail(asktell_study* study, int64_t trial, const char* reason) {
  return guarded([&] {
    study_of(study).fail(trial, reason ? reason : "");
    return ASKTELL_OK;
  });
}

asktell_status asktell_tell_point(asktell_study* study, const char* point, double value) {
  return guarded([&] {
    study_of(study).tell_point(asktell::assignment_from_json(required(point, "point")),
                               asktell::Values{.objectives = {value}});
    return ASKTELL_OK;
  });
}

asktell_status asktell_enqueue(asktell_study* study, const char* point) {
  return guarded([&] {
    study_of(study).enqueue(asktell::assignment_from_json(required(point, "point")));
    return ASKTELL_OK;
  });
}

asktell_status asktell_amend(asktell_study* study, int64_t trial, const char* answer) {
  return guarded([&] {
    study_of(study).amend(trial, asktell::answer_from_json(required(answer, "answer")));
    return ASKTELL_OK;
  });
}

asktell_status asktell_best(asktell_study* study, int64_t* trial, double* value, char** point) {
  return guarded([&] {
    const asktell::Trial best = study_of(study).best();
    if (!best) return nothing("nothing feasible was told yet");
    if (trial) *trial = best.number();
    if (value) *value = best.value();
    if (point) *point = copied(best.point().to_json());
    return ASKTELL_OK;
  });
}

int64_t asktell_told(asktell_study* study) {
  std::int64_t told = -1;
  guarded([&] {
    told = static_cast<std::int64_t>(study_of(study).told());
    return ASKTELL_OK;
  });
  return told;
}
