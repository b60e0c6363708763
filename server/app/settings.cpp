#include "app/settings.hpp"

#include <arpa/inet.h>
#include <ifaddrs.h>

#include <algorithm>

#include "app/rule_source.hpp"
#include "base/limits.hpp"
#include "http/shop.hpp"

namespace beckon::app {
namespace {

constexpr const char* kDemoSite = "shop";
constexpr const char* kNoRules = "{\"rules\": []}";

std::string first_line(const std::string& text) { return text.substr(0, text.find('\n')); }

// examples/shop/rules.json where the demo runs from a checkout: below the working directory or beside the binary's
// build.
std::filesystem::path find_demo_rules() {
  const std::filesystem::path inside = "examples/shop/rules.json";
  std::error_code error;
  if (std::filesystem::is_regular_file(inside, error)) return inside;
  std::filesystem::path dir = std::filesystem::read_symlink("/proc/self/exe", error).parent_path();
  constexpr int kMostLevels = 6;
  for (int i = 0; i < kMostLevels && dir.has_relative_path(); ++i, dir = dir.parent_path()) {
    if (std::filesystem::is_regular_file(dir / inside, error)) return dir / inside;
  }
  return {};
}

bool same(const base::OpeningHours& a, const base::OpeningHours& b) {
  return a.always == b.always && a.days == b.days && a.holidays == b.holidays;
}

// The addresses of this machine's networks.
std::vector<std::string> own_addresses() {
  std::vector<std::string> out;
  ifaddrs* all = nullptr;
  if (::getifaddrs(&all) != 0) return out;
  for (const ifaddrs* one = all; one; one = one->ifa_next) {
    char text[INET6_ADDRSTRLEN] = {};
    if (!one->ifa_addr) continue;
    if (one->ifa_addr->sa_family == AF_INET) {
      ::inet_ntop(AF_INET, &reinterpret_cast<const sockaddr_in*>(one->ifa_addr)->sin_addr, text, sizeof text);
    } else if (one->ifa_addr->sa_family == AF_INET6) {
      ::inet_ntop(AF_INET6, &reinterpret_cast<const sockaddr_in6*>(one->ifa_addr)->sin6_addr, text, sizeof text);
    }
    if (*text) out.emplace_back(text);
  }
  ::freeifaddrs(all);
  return out;
}

// A demo that listens on every address is opened by any of them.
SiteConfig demo_site_everywhere(const ListenAddress& listen) {
  SiteConfig site = demo_site(listen);
  if (listen.address != "0.0.0.0" && listen.address != "::") return site;
  for (const std::string& address : own_addresses()) {
    for (const std::string& origin : demo_site({address, listen.port}).origins) {
      const bool known = std::find(site.origins.begin(), site.origins.end(), origin) != site.origins.end();
      if (!known && site.origins.size() < base::kMaxOriginsPerSite) site.origins.push_back(origin);
    }
  }
  return site;
}

class Loader {
 public:
  Loader(const ServeOptions& options, const Settings* before) : options_(options), before_(before) {}

  Settings load() {
    load_config();
    if (!out_.config) return std::move(out_);
    for (const SiteConfig& site : out_.config->sites) load_site(site);
    return std::move(out_);
  }

 private:
  void load_config() {
    if (options_.config.empty()) {
      out_.config.emplace();
    } else {
      out_.files.push_back(options_.config);
      LoadedConfig loaded = app::load_config(options_.config);
      out_.findings += loaded.report;
      if (!loaded.config) {
        out_.problems.push_back({"config", "", first_line(loaded.report), options_.config});
        if (before_) out_.config = before_->config;
        demo_rules_again();
        return;
      }
      out_.config = std::move(loaded.config);
    }
    apply_options(*out_.config);
  }

  void apply_options(Config& config) {
    if (options_.listen) config.listen = *options_.listen;
    if (options_.data) config.data = *options_.data;
    if (options_.shards) config.shards = *options_.shards;
    if (options_.log_format) config.log_format = *options_.log_format;
    if (options_.demo == Demo::kYes) config.demo = true;
    if (!config.demo) return;
    const auto named_shop = [](const SiteConfig& site) { return site.id.text() == kDemoSite; };
    if (std::none_of(config.sites.begin(), config.sites.end(), named_shop))
      config.sites.push_back(demo_site_everywhere(config.listen));
    demo_rules_again();
  }

  // Looked for once: a file that is gone for a moment is still the one that the demo's rules come from.
  void demo_rules_again() { out_.demo_rules = before_ ? before_->demo_rules : find_demo_rules(); }

  CompiledRules rules_of(const SiteConfig& site) {
    std::filesystem::path file = site.rules;
    const bool of_demo = out_.config->demo && site.id.text() == kDemoSite;
    if (file.empty() && of_demo) file = out_.demo_rules;
    if (!file.empty()) {
      out_.files.push_back(file);
      return load_rules(site.id, file);
    }
    return compile_rules(site.id, of_demo ? std::string(http::shop_rules()) : kNoRules, "the built-in rules");
  }

  void load_site(const SiteConfig& config) {
    CompiledRules compiled = rules_of(config);
    out_.findings += compiled.report.rendered;
    const Site* const before = site_before(config.id);
    if (!compiled.rules) {
      out_.problems.push_back({"rules", config.id.text(), compiled.report.first, config.rules});
      if (!before) return;
    }
    // What is the same stays the same object: then the shards leave the site's visitors alone.
    const bool same_rules = before && (!compiled.rules || compiled.rules->hash == before->settings->rules->hash);
    const bool same_calendar =
        before && config.time_zone == before->config.time_zone && same(config.hours, before->config.hours);
    auto settings = std::make_shared<core::SiteSettings>();
    settings->id = config.id;
    settings->rules = same_rules ? before->settings->rules : std::move(compiled.rules);
    settings->consent = config.consent;
    settings->visit_timeout = config.visit_timeout;
    if (same_calendar) settings->calendar = before->settings->calendar;
    else settings->calendar = base::make_calendar(config.time_zone, config.hours);
    settings->time_zone = config.time_zone;
    settings->identity_key = config.identity_key;
    settings->demo = out_.config->demo && config.id.text() == kDemoSite ? core::DemoPanel::kOn : core::DemoPanel::kOff;
    settings->languages = config.languages;
    settings->texts = config.texts;
    settings->theme = to_json(config.theme);
    settings->chat = config.chat;
    out_.sites.push_back({std::move(settings), std::make_shared<const net::Origins>(config.origins), config});
  }

  const Site* site_before(const base::SiteId& id) const {
    if (!before_) return nullptr;
    for (const Site& site : before_->sites) {
      if (site.settings->id == id) return &site;
    }
    return nullptr;
  }

  const ServeOptions& options_;
  const Settings* before_;
  Settings out_;
};

}  // namespace

Settings load_settings(const ServeOptions& options, const Settings* before) { return Loader(options, before).load(); }

}  // namespace beckon::app
