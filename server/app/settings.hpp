// Everything that the files say, read and compiled: what a start needs, and what a reload replaces.
//
//   app::Settings settings = app::load_settings(options);
//   if (!settings.config) fail(settings.findings);
//   …
//   app::Settings next = app::load_settings(options, &settings);   // what is broken in it stays as it was
//
// Thread safety: values and free functions; any thread.
#pragma once

#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "app/config.hpp"
#include "http/readiness.hpp"
#include "net/upgrade.hpp"

namespace beckon::app {

enum class Demo { kNo, kYes };

// What the command line says; it goes before what the configuration file says.
struct ServeOptions {
  std::filesystem::path config;                // empty: no file
  Demo demo = Demo::kNo;
  std::optional<ListenAddress> listen;
  std::optional<std::filesystem::path> data;
  std::optional<std::uint32_t> shards;
  std::optional<base::LogFormat> log_format;
};

// A site as its shards and the door see it, and the configuration that it was made from.
struct Site {
  std::shared_ptr<const core::SiteSettings> settings;
  std::shared_ptr<const net::Origins> origins;
  SiteConfig config;
};

struct Settings {
  std::optional<Config> config;                // with the command line's say; empty when the file cannot be used at all
  std::vector<Site> sites;
  std::filesystem::path demo_rules;            // where the demo's rules come from; empty: the binary's copy, or no demo
  std::vector<http::Problem> problems;         // each file that was refused
  std::string findings;  // errors and warnings of all files as an admin reads them, with lines and carets
  std::vector<std::filesystem::path> files;    // all that were read or should have been
};

// Reads configuration and rules. With `before`, what is refused is replaced by what was in force then: the whole
// configuration, or one site's rules; without, its site is left out and `problems` says why.
[[nodiscard]] Settings load_settings(const ServeOptions& options, const Settings* before = nullptr);

}  // namespace beckon::app
