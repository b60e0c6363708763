#include "app/config_site.hpp"

#include <algorithm>
#include <array>
#include <fstream>
#include <iterator>

#include "app/config_chat.hpp"
#include "base/limits.hpp"

namespace beckon::app {
namespace {

using json::Type;
using json::Value;
using Presence = ConfigChecker::Key::Presence;

constexpr std::size_t kMaxPathBytes = 4096;
constexpr std::size_t kMaxLanguages = 100;
constexpr std::size_t kMaxTexts = 200;          // of one language
constexpr std::size_t kMaxTextBytes = 1024;
constexpr std::size_t kMaxHolidays = 1000;
constexpr std::size_t kMaxSpans = 12;           // opening hours of one day
constexpr std::size_t kMinSecretBytes = 16;     // of an identity key
constexpr std::size_t kMaxSecretBytes = 1024;
constexpr std::array<std::string_view, 7> kDays{"mon", "tue", "wed", "thu", "fri", "sat", "sun"};

bool is_host_character(char c) {
  return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '.' || c == '-' || c == '[' || c == ']' || c == ':';
}

bool is_port(std::string_view text) {
  return !text.empty() && text.size() <= 5 && text.front() != '0' &&
         std::all_of(text.begin(), text.end(), [](char c) { return c >= '0' && c <= '9'; });
}

bool is_language(std::string_view tag) {
  return !tag.empty() && tag.size() <= 35 && tag.front() != '-' && tag.back() != '-' &&
         std::all_of(tag.begin(), tag.end(), [](char c) {
           return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-';
         });
}

bool is_color(std::string_view text) {
  return text.size() == 7 && text.front() == '#' && std::all_of(text.begin() + 1, text.end(), [](char c) {
    return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F');
  });
}

std::optional<base::OpenSpan> parse_span(std::string_view text) {
  if (text.size() != 11 || text[5] != '-') return std::nullopt;
  const auto from = base::parse_minute_of_day(text.substr(0, 5)), to = base::parse_minute_of_day(text.substr(6));
  if (!from || !to) return std::nullopt;
  return base::OpenSpan{*from, *to};
}

// "mon" or "mon-fri": the first and last day.
std::optional<std::pair<std::size_t, std::size_t>> parse_days(std::string_view name) {
  const auto index = [](std::string_view day) {
    return static_cast<std::size_t>(std::find(kDays.begin(), kDays.end(), day) - kDays.begin());
  };
  const std::size_t dash = name.find('-');
  const std::size_t first = index(name.substr(0, dash));
  const std::size_t last = dash == name.npos ? first : index(name.substr(dash + 1));
  if (first >= kDays.size() || last >= kDays.size() || last < first) return std::nullopt;
  return std::pair(first, last);
}

// One site being read.
class SiteReader {
 public:
  SiteReader(const ConfigSurroundings& surroundings, ConfigChecker& check)
      : surroundings_(surroundings), check_(check) {}

  SiteConfig read(const Value& value) {
    check_.object(value, "a site",
                  {
                      {"id", [this](const Value& v) { read_id(v); }, Presence::kRequired},
                      {"origins", [this](const Value& v) { read_origins(v); }, Presence::kRequired},
                      {"rules",
                       [this](const Value& v) {
                         if (auto path = check_.text(v, kMaxPathBytes)) site_.rules = surroundings_.dir / *path;
                       }},
                      {"consent",
                       [this](const Value& v) {
                         check_.choice<core::ConsentMode>(
                             v, {{"required", core::ConsentMode::kRequired}, {"granted", core::ConsentMode::kGranted}},
                             site_.consent);
                       }},
                      {"visit_timeout",
                       [this](const Value& v) {
                         check_.duration(v, std::chrono::minutes(1), std::chrono::hours(24), site_.visit_timeout);
                       }},
                      {"time_zone", [this](const Value& v) { read_time_zone(v); }},
                      {"hours", [this](const Value& v) { read_hours(v); }},
                      {"identity_key", [this](const Value& v) { read_identity_key(v); }},
                      {"languages", [this](const Value& v) { read_languages(v); }},
                      {"texts", [this](const Value& v) { read_texts(v); }},
                      {"theme", [this](const Value& v) { read_theme(v); }},
                      {"chat", [this](const Value& v) { site_.chat = read_chat(v, check_); }},
                      {"retention", [this](const Value& v) { read_retention(v); }},
                  });
    return std::move(site_);
  }

 private:
  void read_id(const Value& value) {
    if (!check_.is(value, Type::kString)) return;
    if (base::is_plain_name(value.string())) site_.id = base::SiteId(value.string());
    else check_.error(value, "bad-id", "a site's id is 1 to 64 characters: letters, digits, '-' and '_'");
  }

  void read_origins(const Value& value) {
    check_.array(value, base::kMaxOriginsPerSite, [this](const Value& element) {
      if (!check_.is(element, Type::kString)) return;
      if (std::string wrong = complaint_about_origin(element.string()); !wrong.empty())
        check_.error(element, "bad-origin", std::move(wrong));
      else site_.origins.emplace_back(element.string());
    });
    if (value.is(Type::kArray) && value.size() == 0) {
      check_.error(value, "no-origin", "without an origin no page may use this site",
                   "list it as in [\"https://shop.example\"]");
    }
  }

  void read_time_zone(const Value& value) {
    if (!check_.is(value, Type::kString)) return;
    if (base::is_time_zone(value.string())) site_.time_zone = value.string();
    else
      check_.error(value, "unknown-time-zone", "this machine knows no time zone of that name",
                   "names are like \"Europe/Paris\"");
  }

  void read_hours(const Value& value) {
    check_.members(value, 32, [this](const Value& member) {
      if (member.name() == "holidays") {
        read_holidays(member);
        return;
      }
      const auto days = parse_days(member.name());
      if (!days) {
        check_.error_at_name(member, "unknown-key", "opening hours have no key \"" + std::string(member.name()) + "\"",
                             "days are \"mon\" to \"sun\", runs of them \"mon-fri\"; and there is \"holidays\"");
        return;
      }
      site_.hours.always = false;
      const std::vector<base::OpenSpan> spans = read_spans(member);
      for (std::size_t day = days->first; day <= days->second; ++day) {
        if (said_[day])
          check_.error_at_name(member, "day-twice", "the hours of \"" + std::string(kDays[day]) + "\" are said twice");
        said_[day] = true;
        site_.hours.days[day] = spans;
      }
    });
  }

  std::vector<base::OpenSpan> read_spans(const Value& value) {
    std::vector<base::OpenSpan> spans;
    check_.array(value, kMaxSpans, [&](const Value& element) {
      if (!check_.is(element, Type::kString)) return;
      const auto span = parse_span(element.string());
      if (!span) {
        check_.error(element, "bad-hours", "expected hours like \"09:00-12:30\"");
      } else if (span->from >= span->to) {
        check_.error(element, "bad-hours", "these hours end before they begin",
                     "hours beyond midnight are two: until \"24:00\", and from \"00:00\" on the next day");
      } else if (!spans.empty() && span->from < spans.back().to) {
        check_.error(element, "bad-hours", "these hours begin before the ones in front of them end");
      } else {
        spans.push_back(*span);
      }
    });
    return spans;
  }

  void read_holidays(const Value& value) {
    check_.array(value, kMaxHolidays, [this](const Value& element) {
      if (!check_.is(element, Type::kString)) return;
      if (const auto date = base::parse_date(element.string())) site_.hours.holidays.insert(*date);
      else check_.error(element, "bad-date", "expected a day like \"2026-12-25\"");
    });
  }

  void read_identity_key(const Value& value) {
    if (value.is(Type::kString)) {
      check_.error(value, "secret-in-file", "a secret does not stand in the configuration",
                   "name where it is: {\"file\": \"identity.key\"} or {\"env\": \"SHOP_IDENTITY_KEY\"}");
      return;
    }
    if (value.is(Type::kObject) && value.size() != 1) {
      check_.error(value, "bad-secret", "expected one of {\"file\": …} and {\"env\": …}");
      return;
    }
    check_.object(value, "an identity key",
                  {
                      {"file",
                       [this](const Value& v) {
                         if (auto path = check_.text(v, kMaxPathBytes))
                           take_secret(v, secret_of_file(*path), "cannot read " + *path);
                       }},
                      {"env",
                       [this](const Value& v) {
                         if (auto name = check_.text(v, 256))
                           take_secret(v, surroundings_.environment(*name), "the environment has no variable " + *name);
                       }},
                  });
  }

  std::optional<std::string> secret_of_file(const std::string& path) const {
    std::ifstream in(surroundings_.dir / path, std::ios::binary);
    if (!in) return std::nullopt;
    std::string text(kMaxSecretBytes + 2, '\0');
    in.read(text.data(), static_cast<std::streamsize>(text.size()));
    if (in.bad()) return std::nullopt;
    text.resize(static_cast<std::size_t>(in.gcount()));
    return text;
  }

  void take_secret(const Value& value, std::optional<std::string> secret, std::string otherwise) {
    if (!secret) {
      check_.error(value, "no-secret", std::move(otherwise));
      return;
    }
    while (!secret->empty() && (secret->back() == '\n' || secret->back() == '\r')) secret->pop_back();
    if (secret->size() < kMinSecretBytes || secret->size() > kMaxSecretBytes) {
      check_.error(value, "bad-secret", "an identity key has " + std::to_string(kMinSecretBytes) + " to " +
                                            std::to_string(kMaxSecretBytes) + " bytes");
      return;
    }
    site_.identity_key = std::move(*secret);
  }

  void read_languages(const Value& value) {
    check_.array(value, kMaxLanguages, [this](const Value& element) {
      if (!check_.is(element, Type::kString)) return;
      if (is_language(element.string())) site_.languages.emplace_back(element.string());
      else check_.error(element, "bad-language", "expected a language like \"en\" or \"pt-BR\"");
    });
  }

  void read_texts(const Value& value) {
    check_.members(value, kMaxLanguages, [this](const Value& language) {
      if (!is_language(language.name())) {
        check_.error_at_name(language, "bad-language", "expected a language like \"en\" or \"pt-BR\"");
        return;
      }
      check_.members(language, kMaxTexts, [&](const Value& member) {
        if (member.name().size() > base::kMaxPersonNameBytes) {
          check_.error_at_name(member, "bad-text", "the name of this text is too long");
        } else if (auto text = check_.text(member, kMaxTextBytes)) {
          site_.texts[std::string(language.name())][std::string(member.name())] = std::move(*text);
        }
      });
    });
  }

  void read_theme(const Value& value) {
    check_.object(value, "a theme",
                  {
                      {"accent",
                       [this](const Value& v) {
                         if (!check_.is(v, Type::kString)) return;
                         if (is_color(v.string())) site_.theme.accent = v.string();
                         else check_.error(v, "bad-color", "expected a colour like \"#0b5fff\"");
                       }},
                      {"side",
                       [this](const Value& v) {
                         check_.choice<Side>(v, {{"right", Side::kRight}, {"left", Side::kLeft}}, site_.theme.side);
                       }},
                  });
  }

  void read_retention(const Value& value) {
    const auto keep = [this](base::Duration& out) {
      return [this, &out](const Value& v) {
        check_.duration(v, std::chrono::hours(1), std::chrono::hours(24 * 3650), out);
      };
    };
    check_.object(value, "retention", {{"events", keep(site_.retention.events)},
                                       {"results", keep(site_.retention.results)},
                                       {"visitors", keep(site_.retention.visitors)},
                                       {"conversations", keep(site_.retention.conversations)}});
  }

  const ConfigSurroundings& surroundings_;
  ConfigChecker& check_;
  SiteConfig site_;
  std::array<bool, 7> said_{};  // days whose hours were said
};

}  // namespace

std::string complaint_about_origin(std::string_view origin) {
  const bool secure = origin.starts_with("https://");
  if (!secure && !origin.starts_with("http://")) return "an origin begins with https:// or http://";
  const std::string_view host = origin.substr(secure ? 8 : 7);
  if (host.find('/') != host.npos) return "an origin has no path and no slash at its end";
  if (host.find('*') != host.npos) return "an origin names one host: list every host that shows the widget";
  if (host.empty() || !std::all_of(host.begin(), host.end(), is_host_character)) {
    return "an origin is a scheme, a host in lower case (punycode for other scripts) and, unless it is the usual one, "
           "a port";
  }
  const std::size_t bracket = host.rfind(']'), colon = host.rfind(':');
  if (colon == host.npos || (bracket != host.npos && colon < bracket)) return "";
  const std::string_view port = host.substr(colon + 1);
  if (!is_port(port)) return "the port is not a number";
  if (port == (secure ? "443" : "80")) return "browsers leave out the scheme's usual port";
  return "";
}

SiteConfig read_site(const Value& value, const ConfigSurroundings& surroundings, ConfigChecker& check) {
  return SiteReader(surroundings, check).read(value);
}

}  // namespace beckon::app
