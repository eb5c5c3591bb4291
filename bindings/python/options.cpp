// Described options as Python sees them.
#include "casters.hpp"

namespace asktell::python {

py::list options_to_python(const std::vector<OptionSpec>& specs) {
  py::list options;
  for (const OptionSpec& option : specs) {
    py::dict fields;
    fields["name"] = option.name;
    fields["type"] = option.type;
    fields["default"] = option.default_value;
    fields["description"] = option.description;
    fields["low"] = option.low;
    fields["high"] = option.high;
    fields["choices"] = option.choices;
    options.append(fields);
  }
  return options;
}

}  // namespace asktell::python
