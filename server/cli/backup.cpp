#include "cli/backup.hpp"

#include <CLI/CLI.hpp>
#include <iostream>
#include <memory>
#include <system_error>

#include "cli/commands.hpp"

namespace beckon::cli {
namespace {

base::Status back_up(const BackupOptions& options) {
  const std::filesystem::path file(options.file), part(options.file + ".part");
  std::error_code code;
  if (std::filesystem::exists(file, code))
    return base::Error{base::ErrorCode::kConflict, options.file + " exists already"};
  auto reader = open_reader(options.source);
  if (!reader) return reader.error();
  std::filesystem::remove(part, code);  // of a backup that was broken off
  base::Status copied = (*reader)->copy_to(part);
  if (copied) std::filesystem::rename(part, file, code);
  if (copied && !code) return {};
  std::error_code ignored;
  std::filesystem::remove(part, ignored);
  if (!copied) return copied;
  return base::Error{base::ErrorCode::kUnavailable, "cannot write " + options.file + ": " + code.message()};
}

}  // namespace

int run_backup(const BackupOptions& options, std::ostream& out, std::ostream& err) {
  if (const base::Status done = back_up(options); !done) {
    err << "beckon backup: " << done.error().message << '\n';
    return 1;
  }
  std::error_code ignored;
  out << "Wrote " << options.file << ", " << std::filesystem::file_size(options.file, ignored) / 1024 << " KiB\n";
  return 0;
}

void add_backup(CLI::App& app, int& exit_code) {
  auto options = std::make_shared<BackupOptions>();
  CLI::App* command = app.add_subcommand("backup", "Copy the database, also while the server runs");
  add_data_options(*command, options->source);
  command->add_option("FILE", options->file, "The copy; must not exist")->required();
  command->callback([options, &exit_code] { exit_code = run_backup(*options, std::cout, std::cerr); });
}

}  // namespace beckon::cli
