// Numbers inside a proposal's note: what a solver must know of each of many earlier trials (the
// memo reaches only one ask back) stands in its note, readable by people and read back exactly.
#pragma once

#include <charconv>
#include <optional>
#include <string>
#include <string_view>

namespace asktell {

// Shortest text that reads back equal, whatever the locale.
inline std::string number_text(double value) {
  char text[32];
  return {text, std::to_chars(text, text + sizeof text, value).ptr};
}

// The number that follows the first `words` in the note.
inline std::optional<double> number_after(std::string_view note, std::string_view words) {
  const std::size_t at = note.find(words);
  if (at == std::string_view::npos) return std::nullopt;
  double value = 0;
  const std::string_view rest = note.substr(at + words.size());
  const auto result = std::from_chars(rest.data(), rest.data() + rest.size(), value);
  if (result.ec != std::errc()) return std::nullopt;
  return value;
}

}  // namespace asktell
