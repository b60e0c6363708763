#include "cli/visitors.hpp"

#include <CLI/CLI.hpp>
#include <chrono>
#include <iostream>
#include <memory>

#include "cli/commands.hpp"
#include "store/await.hpp"
#include "store/erase_request.hpp"
#include "store/sqlite_store.hpp"

namespace beckon::cli {
namespace {

// An erasure looks through the whole journal, and may have to wait for a reader.
constexpr std::chrono::seconds kWaitForServer{60};

base::Result<std::string> export_visitor(const VisitorOptions& options) {
  auto reader = open_reader(options.source);
  if (!reader) return reader.error();
  const auto site = choose_site(**reader, options.site);
  if (!site) return site.error();
  return (*reader)->export_visitor(*site, base::VisitorId(options.id));
}

// The site, when the visitor is known there.
base::Result<base::SiteId> find(const VisitorOptions& options, const std::filesystem::path& dir) {
  auto reader = store::Reader::open(dir);
  if (!reader) return reader.error();
  auto site = choose_site(**reader, options.site);
  if (!site) return site.error();
  if (auto known = (*reader)->export_visitor(*site, base::VisitorId(options.id)); !known) return known.error();
  return site;
}

base::Status erase_here(store::Store& store, const base::SiteId& site, const base::VisitorId& visitor) {
  return store::await<void>([&](const store::Poster& post, store::Callback<void> done) {
    store.erase(site, visitor, post, std::move(done));
  });
}

base::Status erase_visitor(const VisitorOptions& options) {
  const auto dir = data_dir(options.source);
  if (!dir) return dir.error();
  const auto site = find(options, *dir);  // closes what it read with: a reader would keep the log from being emptied
  if (!site) return site.error();
  const base::VisitorId visitor(options.id);
  store::SqliteOptions store_options;
  store_options.dir = *dir;
  auto store = store::open_sqlite_store(store_options);
  if (store) return erase_here(**store, *site, visitor);
  if (store.error().code != base::ErrorCode::kConflict) return store.error();
  return store::request_erase(*dir, *site, visitor, kWaitForServer);
}

void add_id(CLI::App& command, VisitorOptions& options) {
  add_data_options(command, options.source);
  command.add_option("--site", options.site, "Which site; not needed when there is one")->type_name("ID");
  command.add_option("ID", options.id, "The visitor's id: v_…")->required();
}

}  // namespace

int run_visitor_export(const VisitorOptions& options, std::ostream& out, std::ostream& err) {
  const auto text = export_visitor(options);
  if (text) {
    out << *text << '\n';
    return 0;
  }
  err << "beckon visitors export: " << text.error().message << '\n';
  return 1;
}

int run_visitor_erase(const VisitorOptions& options, std::ostream& out, std::ostream& err) {
  if (const base::Status done = erase_visitor(options); !done) {
    err << "beckon visitors erase: " << done.error().message << '\n';
    return 1;
  }
  out << "Erased " << options.id << '\n';
  return 0;
}

void add_visitors(CLI::App& app, int& exit_code) {
  CLI::App* visitors = app.add_subcommand("visitors", "What is known of a visitor: hand it out, erase it");
  visitors->require_subcommand(1);
  auto options = std::make_shared<VisitorOptions>();
  CLI::App* exported = visitors->add_subcommand("export", "Everything that is known of a visitor, as JSON");
  add_id(*exported, *options);
  exported->callback([options, &exit_code] { exit_code = run_visitor_export(*options, std::cout, std::cerr); });
  CLI::App* erased = visitors->add_subcommand("erase", "Erase a visitor from every file");
  add_id(*erased, *options);
  erased->callback([options, &exit_code] { exit_code = run_visitor_erase(*options, std::cout, std::cerr); });
}

}  // namespace beckon::cli
