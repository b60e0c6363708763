#include "cli/journal.hpp"

#include <CLI/CLI.hpp>
#include <iostream>
#include <memory>

#include "cli/commands.hpp"
#include "cli/line_sink.hpp"
#include "store/limits.hpp"

namespace beckon::cli {
namespace {

base::Status copy_lines(store::Reader& reader, const base::SiteId& site, const store::Span& span, LineSink& sink) {
  std::optional<std::int64_t> after;
  do {
    auto page = reader.read_journal(site, span, after, store::kReadStretch);
    if (!page) return page.error();
    for (const std::string& line : page->lines) {
      if (base::Status kept = sink.write(line); !kept) return kept;
    }
    after = page->next;
  } while (after);
  return sink.finish();
}

base::Status export_journal(const JournalExportOptions& options, std::ostream& out) {
  const auto span = read_span(options.since, options.until);
  if (!span) return span.error();
  auto reader = open_reader(options.source);
  if (!reader) return reader.error();
  const auto site = choose_site(**reader, options.site);
  if (!site) return site.error();
  if (options.output.empty()) return copy_lines(**reader, *site, *span, *sink_to(out));
  auto sink = sink_to(std::filesystem::path(options.output));
  if (!sink) return sink.error();
  return copy_lines(**reader, *site, *span, **sink);
}

}  // namespace

int run_journal_export(const JournalExportOptions& options, std::ostream& out, std::ostream& err) {
  const base::Status done = export_journal(options, out);
  if (done) return 0;
  err << "beckon journal export: " << done.error().message << '\n';
  return 1;
}

void add_journal(CLI::App& app, int& exit_code) {
  auto options = std::make_shared<JournalExportOptions>();
  CLI::App* journal = app.add_subcommand("journal", "What visitors did, line by line");
  journal->require_subcommand(1);
  CLI::App* command = journal->add_subcommand("export", "Write the lines as they were recorded, in order");
  add_data_options(*command, options->source);
  command->add_option("--site", options->site, "Which site; not needed when there is one")->type_name("ID");
  command->add_option("--since", options->since, "From this instant on, UTC: 2026-11-21 or 2026-11-21T21:40:00Z")
      ->type_name("WHEN");
  command->add_option("--until", options->until, "Before this instant")->type_name("WHEN");
  command->add_option("--output", options->output, "Write to a file, gzip when it ends in .gz; default standard output")
      ->type_name("FILE");
  command->callback([options, &exit_code] { exit_code = run_journal_export(*options, std::cout, std::cerr); });
}

}  // namespace beckon::cli
