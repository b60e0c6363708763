// `beckon`: the server and everything else, one command each.
#include <CLI/CLI.hpp>
#include <iostream>

#include "cli/commands.hpp"

int main(int argc, char** argv) {
  CLI::App app{"Beckon: live chat that knows when to speak"};
  app.require_subcommand(1);
  app.set_version_flag("--version", BECKON_VERSION);
  int exit_code = 0;
  beckon::cli::add_serve(app, exit_code);
  beckon::cli::add_rules(app, exit_code);
  beckon::cli::add_report(app, exit_code);
  beckon::cli::add_journal(app, exit_code);
  beckon::cli::add_visitors(app, exit_code);
  beckon::cli::add_backup(app, exit_code);
  beckon::cli::add_doctor(app, exit_code);
  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& error) {
    constexpr int kUsage = 2;
    return app.exit(error) == 0 ? 0 : kUsage;
  } catch (const std::exception& error) {
    std::cerr << "beckon: " << error.what() << '\n';
    return 1;
  }
  return exit_code;
}
