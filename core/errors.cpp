// Error messages end with their identifier; see errors.hpp.
#include <asktell/core/errors.hpp>

#include <utility>

namespace asktell {

Error::Error(std::string_view id, const std::string& message)
    : std::runtime_error(message + " [asktell:" + std::string(id) + "]"), id_(id) {}

ToldTwiceError::ToldTwiceError(const std::string& message, std::string stored)
    : StudyError("told-twice", message), stored_(std::move(stored)) {}

}  // namespace asktell
