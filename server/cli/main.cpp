// `beckon`: the server and everything else, one command each.
#include <CLI/CLI.hpp>
#include <algorithm>
#include <iostream>
#include <string>
#include <vector>

#include "beckon/rules/suggest.hpp"
#include "cli/commands.hpp"

namespace {

// What is wrong where a word stands in the place of a command and is none; else empty.
std::string unknown_command(const CLI::App& app, int argc, char** argv) {
  const CLI::App* at = &app;
  std::string path = "beckon";
  for (int i = 1; i < argc && argv[i][0] != '-'; ++i) {
    const auto commands = at->get_subcommands([](const CLI::App*) { return true; });
    if (commands.empty()) break;
    std::vector<std::string_view> names;
    for (const CLI::App* command : commands) names.push_back(command->get_name());
    const auto found = std::find(names.begin(), names.end(), std::string_view(argv[i]));
    if (found == names.end()) {
      const std::string_view meant = beckon::rules::nearest(argv[i], names);
      const std::string message = '"' + path + "\" has no command \"" + argv[i] + '"';
      return meant.empty() ? message : message + "; " + beckon::rules::did_you_mean(meant);
    }
    at = commands[static_cast<std::size_t>(found - names.begin())];
    path += ' ' + at->get_name();
  }
  return {};
}

}  // namespace

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
  beckon::cli::add_operators(app, exit_code);
  beckon::cli::add_backup(app, exit_code);
  beckon::cli::add_doctor(app, exit_code);
  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& error) {
    constexpr int kUsage = 2;
    if (const std::string unknown = unknown_command(app, argc, argv); !unknown.empty() && error.get_exit_code() != 0) {
      std::cerr << unknown << "\nRun with --help for more information.\n";
      return kUsage;
    }
    return app.exit(error) == 0 ? 0 : kUsage;
  } catch (const std::exception& error) {
    std::cerr << "beckon: " << error.what() << '\n';
    return 1;
  }
  return exit_code;
}
