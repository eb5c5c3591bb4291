// One exception hierarchy. Every error carries a stable identifier ("told-twice", "space.bounds",
// ...) that also ends its message as "[asktell:told-twice]", so that it can be searched for and
// tested. A message names the thing, the value and the way out.
#pragma once

#include <stdexcept>
#include <string>
#include <string_view>

namespace asktell {

class Error : public std::runtime_error {
 public:
  Error(std::string_view id, const std::string& message);
  const std::string& id() const { return id_; }

 private:
  std::string id_;
};

// A parameter, constraint or space that cannot be: ids "space.*".
class SpaceError : public Error {
 public:
  using Error::Error;
};

// A point that does not belong to the space: ids "point.*".
class PointError : public Error {
 public:
  using Error::Error;
};

// A solver or study option with an unknown name or a value out of range: ids "option.*".
class OptionError : public Error {
 public:
  using Error::Error;
};

// A solver that cannot take the problem, or an unknown solver: ids "solver.*".
class SolverError : public Error {
 public:
  using Error::Error;
};

// A call the study's state does not allow (unknown trial, wrong answer, ...): ids "study.*".
class StudyError : public Error {
 public:
  using Error::Error;
};

// A surrogate model asked for what it cannot give: ids "model.*".
class ModelError : public Error {
 public:
  using Error::Error;
};

// A trial told for the second time. `stored` is the answer already recorded, as JSON; nothing
// changed.
class ToldTwiceError : public StudyError {
 public:
  ToldTwiceError(const std::string& message, std::string stored);
  const std::string& stored() const { return stored_; }

 private:
  std::string stored_;
};

// A file that cannot be read, written or understood: ids "storage.*".
class StorageError : public Error {
 public:
  using Error::Error;
};

}  // namespace asktell
