#include "core/user_agent.hpp"

#include <charconv>
#include <span>

namespace beckon::core {

namespace {

// What is found in a text means a name; the first row that is found counts.
struct Row {
  std::string_view sign, name;
};

// Browsers that claim to be Chrome or Safari too come before these.
constexpr Row kBrowsers[] = {
    {"Edg/", "edge"},          {"EdgA/", "edge"},         {"EdgiOS/", "edge"},     {"Edge/", "edge"},
    {"OPR/", "opera"},         {"OPT/", "opera"},         {"OPiOS/", "opera"},     {"Opera Mini", "opera"},
    {"OPX/", "opera"},         {"Opera", "opera"},        {"SamsungBrowser/", "samsung"},
    {"YaBrowser/", "yandex"},  {"Vivaldi/", "vivaldi"},   {"UCBrowser/", "uc"},    {"DuckDuckGo/", "duckduckgo"},
    {"Ddg/", "duckduckgo"},    {"Brave/", "brave"},       {"MiuiBrowser/", "miui"}, {"HuaweiBrowser/", "huawei"},
    {"Silk/", "silk"},         {"Whale/", "whale"},       {"FxiOS/", "firefox"},   {"Focus/", "firefox"},
    {"Firefox/", "firefox"},   {"CriOS/", "chrome"},      {"HeadlessChrome/", "chrome"}, {"Chromium/", "chrome"},
    {"Chrome/", "chrome"},     {"MSIE ", "ie"},           {"Trident/", "ie"},      {"Android", "android"},
    {"Safari/", "safari"},     {"iPhone", "safari"},      {"iPad", "safari"},
};

constexpr Row kSystems[] = {
    {"Windows", "windows"}, {"iPhone", "ios"},  {"iPad", "ios"},      {"iPod", "ios"},      {"KAIOS", "kaios"},
    {"Tizen", "tizen"},     {"Android", "android"}, {"Adr ", "android"}, {"CrOS", "chromeos"}, {"Macintosh", "macos"},
    {"Mac OS X", "macos"},  {"FreeBSD", "freebsd"}, {"OpenBSD", "openbsd"}, {"Linux", "linux"}, {"X11", "linux"},
};

// What is none of these is a desktop.
constexpr Row kDevices[] = {
    {"iPad", "tablet"},    {"Tablet", "tablet"}, {"Kindle", "tablet"},  {"PlayBook", "tablet"}, {"Mobile", "mobile"},
    {"iPhone", "mobile"},  {"iPod", "mobile"},   {"Phone", "mobile"},   {"Opera Mini", "mobile"}, {"KAIOS", "mobile"},
    {"Android", "tablet"}, {"Silk/", "tablet"},
};

// In Sec-CH-UA a brand stands in quotes. Chromium is in every list of a browser made from it, so it comes last.
constexpr Row kBrands[] = {
    {"\"Microsoft Edge\"", "edge"},     {"\"Opera\"", "opera"},    {"\"Opera GX\"", "opera"}, {"\"Brave\"", "brave"},
    {"\"YaBrowser\"", "yandex"},        {"\"Yandex\"", "yandex"},  {"\"Samsung Internet\"", "samsung"},
    {"\"Vivaldi\"", "vivaldi"},         {"\"DuckDuckGo\"", "duckduckgo"}, {"\"Whale\"", "whale"},
    {"\"Google Chrome\"", "chrome"},    {"\"HeadlessChrome\"", "chrome"}, {"\"Chromium\"", "chrome"},
};

constexpr Row kPlatforms[] = {
    {"\"Windows\"", "windows"}, {"\"macOS\"", "macos"},        {"\"Linux\"", "linux"}, {"\"Android\"", "android"},
    {"\"iOS\"", "ios"},         {"\"Chrome OS\"", "chromeos"}, {"\"Chromium OS\"", "chromeos"},
};

std::string_view look_up(std::span<const Row> rows, std::string_view text) {
  for (const Row& row : rows) {
    if (text.find(row.sign) != std::string_view::npos) return row.name;
  }
  return {};
}

std::string_view trim(std::string_view text) {
  const std::size_t begin = text.find_first_not_of(" \t");
  if (begin == std::string_view::npos) return {};
  return text.substr(begin, text.find_last_not_of(" \t") - begin + 1);
}

// The q of "fr;q=0.8"; 1 when it does not say, 0 when it cannot be read.
double quality_of(std::string_view parameters) {
  const std::size_t at = parameters.find("q=");
  if (at == std::string_view::npos) return 1;
  const std::string_view digits = parameters.substr(at + 2);
  double q = 0;
  std::from_chars(digits.data(), digits.data() + digits.size(), q);
  return q;
}

}  // namespace

BrowserFacts read_user_agent(std::string_view user_agent) {
  if (user_agent.empty()) return {};
  BrowserFacts facts{look_up(kDevices, user_agent), look_up(kBrowsers, user_agent), look_up(kSystems, user_agent)};
  if (facts.device.empty() && !(facts.browser.empty() && facts.os.empty())) facts.device = "desktop";
  return facts;
}

BrowserFacts browser_facts(const Upgrade& upgrade) {
  BrowserFacts facts = read_user_agent(upgrade.user_agent);
  if (const std::string_view browser = look_up(kBrands, upgrade.ch_ua); !browser.empty()) facts.browser = browser;
  if (const std::string_view os = look_up(kPlatforms, upgrade.ch_ua_platform); !os.empty()) facts.os = os;
  if (upgrade.ch_ua_mobile == "?1") facts.device = "mobile";
  if (upgrade.ch_ua_mobile == "?0") facts.device = facts.os == "android" ? "tablet" : "desktop";
  return facts;
}

std::string_view preferred_language(std::string_view accept_language) {
  std::string_view best;
  double best_quality = 0;
  while (!accept_language.empty()) {
    const std::string_view part = accept_language.substr(0, accept_language.find(','));
    accept_language.remove_prefix(std::min(part.size() + 1, accept_language.size()));
    const std::size_t semicolon = std::min(part.find(';'), part.size());
    const std::string_view tag = trim(part.substr(0, semicolon));
    const double quality = quality_of(part.substr(semicolon));
    if (quality > best_quality && is_language_tag(tag)) {
      best = tag;
      best_quality = quality;
    }
  }
  return best;
}

bool is_language_tag(std::string_view text) {
  constexpr std::size_t kMaxBytes = 35;
  if (text.empty() || text.size() > kMaxBytes) return false;
  std::size_t length = 0;
  bool first = true;
  for (const char c : text) {
    const bool letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
    if (c == '-') {
      if (length == 0) return false;
      length = 0;
      first = false;
    } else if ((!letter && (first || c < '0' || c > '9')) || ++length > 8) {
      return false;
    }
  }
  return length > 0;
}

}  // namespace beckon::core
