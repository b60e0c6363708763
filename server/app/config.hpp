// The configuration, `beckon.json`: checked like a rule file, all errors at once, each with its place. Everything has a
// default:
// without a file the server runs with no site. docs/configuration.md describes every key.
//
//   app::LoadedConfig loaded = app::load_config("beckon.json");
//   if (!loaded.config) fail(loaded.report);              // "beckon.json:4:17: error: …" with line and caret
//
// Secrets are read from the files or environment variables that the configuration names; they never stand in it.
//
// Thread safety: free functions, values; any thread.
#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/calendar.hpp"
#include "base/clock.hpp"
#include "base/ids.hpp"
#include "base/log.hpp"
#include "beckon/rules/diagnostic.hpp"
#include "core/limits.hpp"
#include "core/site.hpp"
#include "store/records.hpp"

namespace beckon::app {

// Where the server listens.
struct ListenAddress {
  std::string address = "127.0.0.1";  // IPv4 or IPv6, without brackets
  std::uint16_t port = 8080;          // 0: any that is free
  friend bool operator==(const ListenAddress&, const ListenAddress&) = default;
};
// "127.0.0.1:8080", "[::1]:8080"; nullopt for anything else.
[[nodiscard]] std::optional<ListenAddress> parse_listen(std::string_view text);
// The same back: "[::1]:8080".
[[nodiscard]] std::string to_text(const ListenAddress& listen);

enum class Side : std::uint8_t { kRight, kLeft };

struct Theme {
  std::string accent = "#0b5fff";     // #rrggbb
  Side side = Side::kRight;
};
// As SiteSettings::theme and welcome frames carry it: {"accent":"#0b5fff","side":"right"}.
[[nodiscard]] std::string to_json(const Theme& theme);

struct SiteConfig {
  base::SiteId id;
  // At least one; `scheme://host[:port]` as browsers say it: lower case, no default port.
  std::vector<std::string> origins;
  std::filesystem::path rules;        // empty: none
  core::ConsentMode consent = core::ConsentMode::kRequired;
  base::Duration visit_timeout = std::chrono::minutes(30);
  std::string time_zone = "UTC";      // one that this machine knows
  base::OpeningHours hours;
  std::string identity_key;           // the secret itself; empty: no signed identities
  std::vector<std::string> languages; // BCP 47, the preferred one first; empty: whatever `texts` and the widget have
  core::WidgetTexts texts;
  Theme theme;
  std::shared_ptr<const core::ChatSettings> chat = std::make_shared<const core::ChatSettings>();  // nullptr: no chat
  store::Retention retention;
};

// How operators' browsers reach the console.
struct ConsoleConfig {
  std::vector<std::string> origins;  // beside the address that a request names itself
  bool secure = false;               // through https, whatever this server sees of it
  friend bool operator==(const ConsoleConfig&, const ConsoleConfig&) = default;
};

struct Config {
  ListenAddress listen;
  std::filesystem::path data = "beckon-data";
  std::uint32_t shards = 0;           // 0: one for each core
  base::LogLevel log_level = base::LogLevel::kInfo;
  base::LogFormat log_format = base::LogFormat::kText;
  std::filesystem::path country_database;    // empty: none
  std::vector<std::string> trusted_proxies;  // addresses whose X-Forwarded-For is believed
  core::ShardLimits limits;
  ConsoleConfig console;
  bool demo = false;                  // serve the demo shop, with its site
  std::vector<SiteConfig> sites;      // ids differ
};

// What a text means. Paths in it are relative to `dir`, secrets come from `environment` (std::getenv) and files.
struct ConfigSurroundings {
  std::filesystem::path dir;
  std::function<std::optional<std::string>(const std::string& name)> environment;
};

struct ConfigCheck {
  std::optional<Config> config;               // there when no diagnostic is an error
  // By place; the first error of syntax, or all errors of meaning and warnings.
  std::vector<rules::Diagnostic> diagnostics;
};
[[nodiscard]] ConfigCheck check_config(std::string_view text, const ConfigSurroundings& surroundings);

struct LoadedConfig {
  std::optional<Config> config;       // there when the report holds no errors
  std::string report;  // every finding, rendered; one line when the file cannot be read; empty: nothing to say
};
[[nodiscard]] LoadedConfig load_config(const std::filesystem::path& file, rules::Color color = rules::Color::kNone);

// The site of the demo shop, for pages that this server serves itself at `listen` (also as localhost when that is a
// loopback address): consent granted, no rule file of its own.
[[nodiscard]] SiteConfig demo_site(const ListenAddress& listen);

}  // namespace beckon::app
