#include "app/config.hpp"

#include <arpa/inet.h>

#include <algorithm>
#include <charconv>
#include <cstdlib>
#include <fstream>
#include <iterator>
#include <map>

#include "app/config_check.hpp"
#include "app/config_site.hpp"
#include "base/limits.hpp"
#include "beckon/json/writer.hpp"
#include "beckon/rules/limits.hpp"

namespace beckon::app {
namespace {

using json::Type;
using json::Value;

constexpr std::size_t kMaxPathBytes = 4096;
constexpr std::size_t kMaxProxies = 1000;

bool is_address(const std::string& text) {
  in_addr v4{};
  in6_addr v6{};
  return inet_pton(AF_INET, text.c_str(), &v4) == 1 || inet_pton(AF_INET6, text.c_str(), &v6) == 1;
}

std::optional<std::string> read_environment(const std::string& name) {
  const char* value = std::getenv(name.c_str());
  return value ? std::optional<std::string>(value) : std::nullopt;
}

// The file being read.
class FileReader {
 public:
  explicit FileReader(const ConfigSurroundings& surroundings) : surroundings_(surroundings) {}

  ConfigCheck read(const Value& root) {
    config_.data = surroundings_.dir / config_.data;
    check_.object(root, "the configuration",
                  {
                      {"$schema", [](const Value&) {}},
                      {"listen", [this](const Value& v) { read_listen(v); }},
                      {"data", [this](const Value& v) { read_path(v, config_.data); }},
                      {"shards",
                       [this](const Value& v) {
                         check_.integer(v, 0, base::kMaxShards,
                                        [this](std::int64_t n) { config_.shards = static_cast<std::uint32_t>(n); });
                       }},
                      {"log", [this](const Value& v) { read_log(v); }},
                      {"country_database", [this](const Value& v) { read_path(v, config_.country_database); }},
                      {"trusted_proxies", [this](const Value& v) { read_proxies(v); }},
                      {"limits", [this](const Value& v) { read_limits(v); }},
                      {"console", [this](const Value& v) { read_console(v); }},
                      {"demo", [this](const Value& v) { check_.boolean(v, config_.demo); }},
                      {"sites", [this](const Value& v) { read_sites(v); }},
                  });
    ConfigCheck result;
    result.diagnostics = check_.take();
    if (!rules::has_errors(result.diagnostics)) result.config = std::move(config_);
    return result;
  }

 private:
  void read_listen(const Value& value) {
    if (!check_.is(value, Type::kString)) return;
    if (const auto listen = parse_listen(value.string())) config_.listen = *listen;
    else
      check_.error(value, "bad-address", "expected an address and a port",
                   "write \"127.0.0.1:8080\", \"0.0.0.0:8080\" or \"[::]:8080\"");
  }

  void read_path(const Value& value, std::filesystem::path& out) {
    if (auto path = check_.text(value, kMaxPathBytes)) out = surroundings_.dir / *path;
  }

  void read_log(const Value& value) {
    using base::LogFormat, base::LogLevel;
    check_.object(value, "the log", {
      {"level", [this](const Value& v) {
         check_.choice<LogLevel>(v, {{"debug", LogLevel::kDebug}, {"info", LogLevel::kInfo}, {"warn", LogLevel::kWarn},
                                     {"error", LogLevel::kError}, {"off", LogLevel::kOff}}, config_.log_level);
       }},
      {"format", [this](const Value& v) {
         check_.choice<LogFormat>(v, {{"text", LogFormat::kText}, {"json", LogFormat::kJson}}, config_.log_format);
       }},
    });
  }

  void read_proxies(const Value& value) {
    check_.array(value, kMaxProxies, [this](const Value& element) {
      if (!check_.is(element, Type::kString)) return;
      std::string address(element.string());
      if (is_address(address)) config_.trusted_proxies.push_back(std::move(address));
      else check_.error(element, "bad-address", "expected an address like \"10.0.0.1\" or \"::1\"");
    });
  }

  void read_console(const Value& value) {
    check_.object(value, "the console",
                  {
                      {"origins",
                       [this](const Value& v) {
                         check_.array(v, base::kMaxOriginsPerSite, [this](const Value& element) {
                           if (!check_.is(element, Type::kString)) return;
                           if (std::string wrong = complaint_about_origin(element.string()); !wrong.empty())
                             check_.error(element, "bad-origin", std::move(wrong));
                           else config_.console.origins.emplace_back(element.string());
                         });
                       }},
                      {"secure", [this](const Value& v) { check_.boolean(v, config_.console.secure); }},
                  });
  }

  void read_limits(const Value& value) {
    core::ShardLimits& limits = config_.limits;
    const auto count = [this](std::size_t& out) {
      return [this, &out](const Value& v) {
        check_.integer(v, 0, 1'000'000'000, [&out](std::int64_t n) { out = static_cast<std::size_t>(n); });
      };
    };
    const auto rate = [this](double& out) {
      return [this, &out](const Value& v) {
        check_.integer(v, 0, 1'000'000'000, [&out](std::int64_t n) { out = static_cast<double>(n); });
      };
    };
    check_.object(value, "limits", {{"visitors", count(limits.visitors)},
                                    {"connections_per_visitor", count(limits.connections_per_visitor)},
                                    {"connections_per_address", count(limits.connections_per_address)},
                                    {"frames_per_second", rate(limits.frames_per_second)},
                                    {"frames_burst", rate(limits.frames_burst)},
                                    {"bytes_per_second", rate(limits.bytes_per_second)},
                                    {"bytes_burst", rate(limits.bytes_burst)}});
  }

  void read_sites(const Value& value) {
    std::map<base::SiteId, const Value*> seen;
    check_.array(value, base::kMaxSites, [&](const Value& element) {
      SiteConfig site = read_site(element, surroundings_, check_);
      if (!site.id.empty() && !seen.emplace(site.id, &element).second) {
        check_.error(*element.find("id"), "site-twice", "another site has the id \"" + site.id.text() + "\"");
      }
      config_.sites.push_back(std::move(site));
    });
  }

  const ConfigSurroundings& surroundings_;
  ConfigChecker check_;
  Config config_;
};

rules::Diagnostic syntax_error(const json::Error& error, std::size_t size) {
  rules::Diagnostic diagnostic;
  diagnostic.code = "syntax";
  diagnostic.where = {std::min(error.offset, size), std::min(error.offset + 1, size)};
  diagnostic.message = error.message;
  return diagnostic;
}

}  // namespace

std::optional<ListenAddress> parse_listen(std::string_view text) {
  const std::size_t colon = text.rfind(':');
  if (colon == text.npos) return std::nullopt;
  std::string_view address = text.substr(0, colon);
  const std::string_view port = text.substr(colon + 1);
  const bool brackets = address.size() >= 2 && address.front() == '[' && address.back() == ']';
  if (brackets) address = address.substr(1, address.size() - 2);
  ListenAddress listen;
  listen.address = address;
  const bool is_v6 = listen.address.find(':') != std::string::npos;
  if (!is_address(listen.address) || is_v6 != brackets) return std::nullopt;
  const auto [end, code] = std::from_chars(port.data(), port.data() + port.size(), listen.port);
  if (code != std::errc() || end != port.data() + port.size() || port.empty()) return std::nullopt;
  return listen;
}

std::string to_text(const ListenAddress& listen) {
  const bool is_v6 = listen.address.find(':') != std::string::npos;
  return (is_v6 ? "[" + listen.address + "]" : listen.address) + ":" + std::to_string(listen.port);
}

std::string to_json(const Theme& theme) {
  std::string text;
  json::Writer out(text);
  out.begin_object().key("accent").string(theme.accent);
  out.key("side").string(theme.side == Side::kLeft ? "left" : "right").end_object();
  return text;
}

ConfigCheck check_config(std::string_view text, const ConfigSurroundings& surroundings) {
  json::ParseResult parsed = json::parse(text, {.dialect = json::Dialect::kCommented});
  if (!parsed.document) return {std::nullopt, {syntax_error(*parsed.error, text.size())}};
  return FileReader(surroundings).read(parsed.document->root());
}

LoadedConfig load_config(const std::filesystem::path& file, rules::Color color) {
  std::error_code code;
  const bool regular = std::filesystem::is_regular_file(file, code);
  std::ifstream in(file, std::ios::binary);
  if (!regular || !in) {
    const std::string why = code ? code.message() : regular ? "it cannot be opened" : "it is not a file";
    return {std::nullopt, "cannot read " + file.string() + ": " + why + "\n"};
  }
  const std::string text((std::istreambuf_iterator<char>(in)), std::istreambuf_iterator<char>());
  ConfigCheck checked = check_config(text, {file.parent_path(), read_environment});
  LoadedConfig loaded;
  loaded.config = std::move(checked.config);
  const std::size_t shown = std::min(checked.diagnostics.size(), rules::kMaxDiagnostics);
  for (std::size_t i = 0; i < shown; ++i) loaded.report += render(checked.diagnostics[i], file.string(), text, color);
  if (shown < checked.diagnostics.size()) {
    loaded.report += "and " + std::to_string(checked.diagnostics.size() - shown) + " more\n";
  }
  return loaded;
}

SiteConfig demo_site(const ListenAddress& listen) {
  SiteConfig site;
  site.id = base::SiteId("shop");
  site.consent = core::ConsentMode::kGranted;
  site.theme.accent = "#a3461f";  // the shop's own
  const std::string port = listen.port == 80 ? "" : ":" + std::to_string(listen.port);
  const bool any = listen.address == "0.0.0.0" || listen.address == "::";
  const bool loopback = listen.address.starts_with("127.") || listen.address == "::1";
  if (any || loopback) {
    for (const char* host : {"127.0.0.1", "localhost", "[::1]"}) site.origins.push_back("http://" + (host + port));
  }
  if (!any) {
    const std::string own = "http://" + to_text({listen.address, 0});
    const std::string origin = own.substr(0, own.rfind(':')) + port;
    if (std::find(site.origins.begin(), site.origins.end(), origin) == site.origins.end())
      site.origins.push_back(origin);
  }
  return site;
}

}  // namespace beckon::app
