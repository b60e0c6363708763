#include "cli/backup.hpp"

#include <CLI/CLI.hpp>
#include <iostream>
#include <memory>
#include <system_error>

#include "cli/commands.hpp"

namespace beckon::cli {
namespace {

// Where the contents of sent files go.
std::string contents_of(const BackupOptions& options) { return options.file + ".files"; }

base::Status back_up(const BackupOptions& options) {
  const std::filesystem::path file(options.file), part(options.file + ".part"), contents(contents_of(options));
  std::error_code code;
  for (const auto& each : {file, contents}) {
    if (std::filesystem::exists(each, code)) {
      return base::Error{base::ErrorCode::kConflict, each.string() + " exists already"};
    }
  }
  auto reader = open_reader(options.source);
  if (!reader) return reader.error();
  std::filesystem::remove(part, code);  // of a backup that was broken off
  base::Status copied = (*reader)->copy_to(part);
  // After the rows: what is sent meanwhile is one file too many, which the server that gets the copy removes.
  if (copied) copied = (*reader)->copy_files_to(contents);
  if (copied) std::filesystem::rename(part, file, code);
  if (copied && !code) return {};
  std::error_code ignored;
  std::filesystem::remove(part, ignored);
  std::filesystem::remove_all(contents, ignored);
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
  if (std::filesystem::exists(contents_of(options), ignored)) {
    out << "Wrote " << contents_of(options) << ", the files that were sent\n";
  }
  return 0;
}

void add_backup(CLI::App& app, int& exit_code) {
  auto options = std::make_shared<BackupOptions>();
  CLI::App* command = app.add_subcommand("backup", "Copy the database and the files that were sent, also while the server runs");
  add_data_options(*command, options->source);
  command->add_option("FILE", options->file, "The copy; must not exist. Files that were sent go to FILE.files")->required();
  command->callback([options, &exit_code] { exit_code = run_backup(*options, std::cout, std::cerr); });
}

}  // namespace beckon::cli
