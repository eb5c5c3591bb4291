// Which error a call ends with.
#pragma once

#include <string>

#include <asktell/core/errors.hpp>

namespace asktell {

// Id of the Error that `body` throws; "none" when it throws none.
template <typename Body>
std::string error_id(Body body) {
  try {
    body();
  } catch (const Error& error) {
    return error.id();
  }
  return "none";
}

}  // namespace asktell
