#include "cli/data_source.hpp"

#include <CLI/CLI.hpp>
#include <algorithm>
#include <utility>

#include "app/config.hpp"
#include "cli/commands.hpp"

namespace beckon::cli {

namespace {

// The configuration that counts: --config, or ./beckon.json when it is there; nullopt when there is none.
base::Result<std::optional<app::Config>> configuration(const DataSource& source) {
  std::error_code ignored;
  const bool has_default = std::filesystem::exists(kDefaultConfigFile, ignored);
  if (source.config.empty() && !has_default) return std::optional<app::Config>();
  app::LoadedConfig loaded = app::load_config(source.config.empty() ? kDefaultConfigFile : source.config);
  if (!loaded.config) return base::Error{base::ErrorCode::kInvalid, loaded.report};
  return std::move(loaded.config);
}

}  // namespace

void add_data_options(CLI::App& command, DataSource& source) {
  command
      .add_option("--data", source.data,
                  "Where the server keeps its data; default what the configuration says, or beckon-data")
      ->type_name("DIR");
  command.add_option("--config", source.config, "The configuration; default beckon.json, when it is there")
      ->type_name("FILE");
}

base::Result<std::filesystem::path> data_dir(const DataSource& source) {
  if (!source.data.empty()) return std::filesystem::path(source.data);
  const auto config = configuration(source);
  if (!config) return config.error();
  return *config ? (*config)->data : std::filesystem::path(kDefaultDataDir);
}

base::Result<std::optional<std::vector<base::SiteId>>> configured_sites(const DataSource& source) {
  using Sites = std::optional<std::vector<base::SiteId>>;
  // With --data alone the data is of a server that another file may configure.
  if (source.config.empty() && !source.data.empty()) return Sites();
  const auto config = configuration(source);
  if (!config) return config.error();
  // A demo has a site that is not in the file.
  if (!*config || (*config)->demo) return Sites();
  Sites sites(std::in_place);
  for (const app::SiteConfig& site : (*config)->sites) sites->push_back(site.id);
  return sites;
}

base::Result<std::unique_ptr<store::Reader>> open_reader(const DataSource& source) {
  auto dir = data_dir(source);
  if (!dir) return dir.error();
  return store::Reader::open(*dir);
}

base::Result<base::SiteId> choose_site(store::Reader& reader, const std::string& name) {
  auto sites = reader.sites();
  if (!sites) return sites.error();
  const base::SiteId wanted(name);
  if (!name.empty() && std::find(sites->begin(), sites->end(), wanted) != sites->end()) return wanted;
  if (name.empty() && sites->size() == 1) return sites->front();
  std::string known;
  for (const base::SiteId& site : *sites) known += (known.empty() ? "" : ", ") + site.text();
  if (known.empty()) return base::Error{base::ErrorCode::kNotFound, "nothing is known of any site yet"};
  if (name.empty()) return base::Error{base::ErrorCode::kInvalid, "say which site with --site: " + known};
  return base::Error{base::ErrorCode::kNotFound, "nothing is known of a site \"" + name + "\"; there is " + known};
}

base::Result<base::Instant> read_instant(const std::string& text, base::Instant otherwise) {
  if (text.empty()) return otherwise;
  if (const auto t = base::parse_utc(text)) return *t;
  return base::Error{base::ErrorCode::kInvalid,
                     "\"" + text + "\" is no instant: write 2026-11-21 or 2026-11-21T21:40:00Z (UTC)"};
}

base::Result<store::Span> read_span(const std::string& since, const std::string& until) {
  const auto from = read_instant(since, base::Instant::min());
  if (!from) return from.error();
  const auto to = read_instant(until, base::kNever);
  if (!to) return to.error();
  return store::Span{*from, *to};
}

}  // namespace beckon::cli
