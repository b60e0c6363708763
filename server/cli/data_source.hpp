// Which data a command works on: the options that the commands share.
#pragma once

#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "base/ids.hpp"
#include "base/result.hpp"
#include "store/reader.hpp"

namespace CLI {
class App;
}

namespace beckon::cli {

// As typed. Empty: not said.
struct DataSource {
  std::string data;    // --data
  std::string config;  // --config
};

// Adds --data and --config. `source` must outlive the parsing.
void add_data_options(CLI::App& command, DataSource& source);

// --data; else what the configuration says, --config or ./beckon.json when it is there; else ./beckon-data.
[[nodiscard]] base::Result<std::filesystem::path> data_dir(const DataSource& source);
// The sites of the configuration whose data it is; nullopt where none says.
[[nodiscard]] base::Result<std::optional<std::vector<base::SiteId>>> configured_sites(const DataSource& source);
[[nodiscard]] base::Result<std::unique_ptr<store::Reader>> open_reader(const DataSource& source);

// The named site, or the only one there is; an error that lists them when there are several, or none of that name.
[[nodiscard]] base::Result<base::SiteId> choose_site(store::Reader& reader, const std::string& name);

// "2026-11-21" or "2026-11-21T21:40:00Z"; kInvalid for anything else. An empty text gives `otherwise`.
[[nodiscard]] base::Result<base::Instant> read_instant(const std::string& text, base::Instant otherwise);
[[nodiscard]] base::Result<store::Span> read_span(const std::string& since, const std::string& until);

}  // namespace beckon::cli
