// The asktell program: one file a group of subcommands, each adding itself to the command line.
#pragma once

#include <CLI/CLI.hpp>
#include <string>
#include <utility>
#include <vector>

#include <asktell/asktell.hpp>

namespace asktell::cli {

void add_create(CLI::App& app);    // create
void add_run(CLI::App& app);       // run
void add_trial(CLI::App& app);     // ask, tell, fail, enqueue
void add_show(CLI::App& app);      // best, trials, copy
void add_solvers(CLI::App& app);   // solvers
void add_problems(CLI::App& app);  // problems; benchmarks/problems/program/
void add_report(CLI::App& app);    // report

// Exit codes besides 0; CLI11 uses 100 and above for usage errors.
inline constexpr int kError = 1;
inline constexpr int kExhausted = 3;

// "name=rest" split at the first '='; throws OptionError naming `option` when there is none.
std::pair<std::string, std::string> split_assignment(const std::string& option,
                                                     const std::string& text);
std::vector<std::string> split(const std::string& text, char separator);
// A word of the command line as JSON would read it: number, true/false, [list], else the word
// itself.
Value value_from_word(const std::string& word);
// "x=1.5" words as values of parameters; words that a choice spells stay words.
Assignment assignment_from_words(const Space& space, const std::vector<std::string>& words);
// Opens an existing study; StorageError when there is none.
Study open_study(const std::string& file);
std::string quoted(const std::string& text);  // as JSON

}  // namespace asktell::cli
