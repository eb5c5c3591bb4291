// Names of origins and states, as people and tables read them.
#include <asktell/core/event.hpp>

#include <array>

namespace asktell {

std::string_view name_of(Origin origin) {
  constexpr std::array<std::string_view, 6> kNames = {"design",   "model",     "fallback",
                                                      "enqueued", "replicate", "outside"};
  return kNames[static_cast<std::size_t>(origin)];
}

std::string_view name_of(TrialState state) {
  constexpr std::array<std::string_view, 5> kNames = {"pending", "told", "failed", "lapsed",
                                                      "stopped"};
  return kNames[static_cast<std::size_t>(state)];
}

}  // namespace asktell
