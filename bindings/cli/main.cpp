// asktell: create, run, ask, tell, fail, enqueue, best, trials, solvers, problems, report, copy.
#include <exception>
#include <iostream>

#include <asktell/bindings/cli/cli.hpp>
#include <asktell/core/version.hpp>

int main(int argc, char** argv) {
  CLI::App app("Optimize whatever can be evaluated: ask for a trial, tell what came out.",
               "asktell");
  app.set_version_flag("--version", std::string("asktell ") + asktell::library_version());
  app.require_subcommand(1);
  app.footer("Exit codes: 0 done, 1 error, 3 nothing left to ask, 100 and above wrong usage.");
  asktell::cli::add_create(app);
  asktell::cli::add_run(app);
  asktell::cli::add_trial(app);
  asktell::cli::add_show(app);
  asktell::cli::add_solvers(app);
  asktell::cli::add_problems(app);
  asktell::cli::add_report(app);
  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& error) {  // RuntimeError is one: the exit code of a command
    return app.exit(error);
  } catch (const std::exception& error) {
    std::cerr << "asktell: " << error.what() << '\n';
    return asktell::cli::kError;
  }
  return 0;
}
