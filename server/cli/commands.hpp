// The commands of `beckon`, each registered on the command line by one function of its own file.
//
// A command runs in its subcommand's callback and sets `exit_code`, which must outlive the parsing: 0 fine, 1 it found
// or met something wrong, 2 it was called wrongly (CLI11 says that itself).
#pragma once

namespace CLI {
class App;
}

namespace beckon::cli {

void add_serve(CLI::App& app, int& exit_code);     // serve.cpp
void add_rules(CLI::App& app, int& exit_code);     // rules.cpp: check, replay…
void add_report(CLI::App& app, int& exit_code);    // report.cpp
void add_journal(CLI::App& app, int& exit_code);   // journal.cpp: export
void add_visitors(CLI::App& app, int& exit_code);  // visitors.cpp: export, erase
void add_operators(CLI::App& app, int& exit_code);  // operators.cpp: list, add, password, disable, enable
void add_backup(CLI::App& app, int& exit_code);    // backup.cpp
void add_doctor(CLI::App& app, int& exit_code);    // doctor.cpp

// The places that every command takes by default, relative to where it is started.
inline constexpr const char* kDefaultDataDir = "beckon-data";
inline constexpr const char* kDefaultConfigFile = "beckon.json";

}  // namespace beckon::cli
