// Words of the command line into names and values.
#include <algorithm>
#include <filesystem>

#include <asktell/bindings/cli/cli.hpp>

namespace asktell::cli {

std::pair<std::string, std::string> split_assignment(const std::string& option,
                                                     const std::string& text) {
  const std::size_t at = text.find('=');
  if (at == std::string::npos || at == 0) {
    throw OptionError(
        "option.assignment",
        option + " got \"" + text + "\", which has no \"=\"; write name=..., as --help shows");
  }
  return {text.substr(0, at), text.substr(at + 1)};
}

std::vector<std::string> split(const std::string& text, char separator) {
  std::vector<std::string> parts(1);
  for (char c : text) {
    if (c == separator) {
      parts.emplace_back();
    } else {
      parts.back() += c;
    }
  }
  return parts;
}

Value value_from_word(const std::string& word) {
  const bool maybe_json = !word.empty() && (std::isdigit(static_cast<unsigned char>(word[0])) ||
                                            word[0] == '-' || word[0] == '[' || word[0] == '"' ||
                                            word == "true" || word == "false" || word == "null");
  if (!maybe_json) return word;
  try {
    return value_from_json(word);
  } catch (const Error&) {
    return word;  // "3d", "-x": a word after all
  }
}

Assignment assignment_from_words(const Space& space, const std::vector<std::string>& words) {
  Assignment values;
  for (const std::string& word : words) {
    const auto [name, text] = split_assignment("a value", word);
    Value value = value_from_word(text);
    if (const auto index = space.find(name)) {
      for (const Value& choice : space.parameters()[*index].choices) {
        if (choice.text() == text) value = choice;
      }
    }
    values[name] = value;
  }
  return values;
}

Study open_study(const std::string& file) {
  if (!std::filesystem::exists(file)) {
    throw StorageError("storage.no-study", "there is no file \"" + file +
                                               "\"; make a study with: asktell create " + file +
                                               " --real x=0:1");
  }
  return Study({.file = file});
}

std::string quoted(const std::string& text) {
  return to_json(Value(text));
}

}  // namespace asktell::cli
