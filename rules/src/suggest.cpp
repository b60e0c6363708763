#include "beckon/rules/suggest.hpp"

#include <algorithm>
#include <utility>
#include <vector>

#include "beckon/rules/facts.hpp"

namespace beckon::rules {
namespace {

constexpr std::size_t kMaxSuggestedBytes = 64;  // longer names are not compared

using Synonym = std::pair<std::string_view, std::string_view>;

// Words of other rule engines and of everyday speech.
constexpr Synonym kSynonyms[] = {
    {"and", "all"},
    {"or", "any"},
    {"not", "none"},
    {"not_any", "none"},
    {"if", "when"},
    {"condition", "when"},
    {"conditions", "when"},
    {"trigger", "when"},
    {"action", "then"},
    {"actions", "then"},
    {"do", "then"},
    {"name", "id"},
    {"description", "about"},
    {"comment", "about"},
    {"enabled", "mode"},
    {"disabled", "mode"},
    {"frequency", "limit"},
    {"limits", "limit"},
    {"cooldown", "limit"},
    {"duration", "for"},
    {"window", "within"},
    {"control", "holdout"},
    {"control_group", "holdout"},
    {"per_user", "per_visitor"},
    {"per_session", "per_visit"},
    {"message", "text"},
    {"question", "text"},
    {"kind", "type"},
    {"url", "link"},
    {"href", "link"},
    {"label", "text"},
    {"avatar", "picture"},
    {"tel", "phone"},
    {"number", "phone"},
    {"replies", "quick_replies"},
    {"buttons", "quick_replies"},
    {"==", "eq"},
    {"=", "eq"},
    {"equal", "eq"},
    {"equals", "eq"},
    {"is", "eq"},
    {"!=", "ne"},
    {"<>", "ne"},
    {"not_eq", "ne"},
    {"not_equal", "ne"},
    {"not_equals", "ne"},
    {"neq", "ne"},
    {"<", "lt"},
    {"less_than", "lt"},
    {"max", "lte"},
    {"<=", "lte"},
    {"le", "lte"},
    {">", "gt"},
    {"more_than", "gt"},
    {"greater_than", "gt"},
    {">=", "gte"},
    {"ge", "gte"},
    {"min", "gte"},
    {"at_least", "gte"},
    {"at_most", "lte"},
    {"range", "between"},
    {"one_of", "in"},
    {"nin", "not_in"},
    {"starts_with", "prefix"},
    {"startsWith", "prefix"},
    {"ends_with", "suffix"},
    {"endsWith", "suffix"},
    {"includes", "contains"},
    {"like", "glob"},
    {"matches", "regex"},
    {"match", "regex"},
    {"regexp", "regex"},
    {"pattern", "regex"},
    {"exist", "exists"},
    {"present", "exists"},
    {"delay", "within"},
    {"phone", "mobile"},
    {"smartphone", "mobile"},
    {"computer", "desktop"},
    {"pc", "desktop"},
    {"low", "under"},
    {"high", "over"},
    {"normal", "balanced"},
};

constexpr Synonym kFactSynonyms[] = {
    {"cart.total", "cart.value"},
    {"cart.amount", "cart.value"},
    {"cart.price", "cart.value"},
    {"cart.subtotal", "cart.value"},
    {"cart.count", "cart.items"},
    {"cart.size", "cart.items"},
    {"cart.quantity", "cart.items"},
    {"page.time", "page.dwell"},
    {"page.duration", "page.dwell"},
    {"page.time_on_page", "page.dwell"},
    {"page.address", "page.url"},
    {"page.uri", "page.url"},
    {"page.domain", "page.host"},
    {"page.hostname", "page.host"},
    {"page.pathname", "page.path"},
    {"page.inactive", "page.idle"},
    {"page.scroll_depth", "page.scroll"},
    {"page.exit", "page.exit_intent"},
    {"visit.page_count", "visit.pages"},
    {"visit.page_views", "visit.pages"},
    {"visit.pageviews", "visit.pages"},
    {"visit.count", "visit.number"},
    {"visitor.visits", "visit.number"},
    {"visit.time", "visit.duration"},
    {"visit.landing", "visit.entry"},
    {"visit.landing_page", "visit.entry"},
    {"visit.source", "visit.utm.source"},
    {"visit.campaign", "visit.utm.campaign"},
    {"visitor.new", "visitor.returning"},
    {"visitor.logged_in", "visitor.identified"},
    {"visitor.lang", "visitor.language"},
    {"visitor.locale", "visitor.language"},
    {"visitor.geo", "visitor.country"},
    {"visitor.ltv", "visitor.lifetime_value"},
    {"visitor.revenue", "visitor.lifetime_value"},
    {"visitor.purchases", "visitor.orders"},
    {"chat.open", "chat.active"},
    {"chat.chats", "chat.count"},
    {"site.agents", "site.operators"},
    {"site.online", "site.operators"},
    {"site.waiting", "site.queue"},
    {"site.day", "site.weekday"},
    {"site.time", "site.hour"},
};

std::string lower(std::string_view text) {
  std::string out(text);
  for (char& c : out) {
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  }
  return out;
}

template <std::size_t N>
std::string_view find_synonym(const Synonym (&table)[N], std::string_view name) {
  for (const auto& [from, to] : table) {
    if (from == name) return to;
  }
  return {};
}

}  // namespace

std::size_t edit_distance(std::string_view a, std::string_view b) {
  std::vector<std::size_t> before(b.size() + 1), last(b.size() + 1), row(b.size() + 1);
  for (std::size_t j = 0; j <= b.size(); ++j) last[j] = j;
  for (std::size_t i = 1; i <= a.size(); ++i) {
    row[0] = i;
    for (std::size_t j = 1; j <= b.size(); ++j) {
      row[j] = std::min({last[j] + 1, row[j - 1] + 1, last[j - 1] + (a[i - 1] == b[j - 1] ? 0 : 1)});
      if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1]) row[j] = std::min(row[j], before[j - 2] + 1);
    }
    std::swap(before, last);
    std::swap(last, row);
  }
  return last[b.size()];
}

std::string_view nearest(std::string_view name, std::span<const std::string_view> known) {
  if (name.empty() || name.size() > kMaxSuggestedBytes) return {};
  const std::string wanted = lower(name);
  std::string_view best;
  // A third of the letters may differ: one of "all", three of "page.scroll".
  std::size_t best_distance = std::clamp<std::size_t>(name.size() / 3, 1, 3) + 1;
  for (const std::string_view candidate : known) {
    if (candidate.size() > name.size() + 3 || name.size() > candidate.size() + 3) continue;
    const std::size_t distance = edit_distance(wanted, lower(candidate));
    if (distance < best_distance && distance < std::max<std::size_t>(candidate.size(), 2)) {
      best = candidate;
      best_distance = distance;
    }
  }
  return best;
}

std::string_view synonym_of(std::string_view name) { return find_synonym(kSynonyms, name); }

std::string suggest_fact(std::string_view name) {
  const std::string wanted = lower(name);
  if (const std::string_view known = find_synonym(kFactSynonyms, wanted); !known.empty()) return std::string(known);
  std::vector<std::string_view> plain, families;
  for (const FactInfo& info : fact_registry()) {
    (info.family ? families : plain).push_back(info.name);
    // "dwell" alone: the first fact whose name ends so.
    if (info.name.ends_with("." + wanted)) return std::string(info.name);
  }
  if (const std::string_view near = nearest(name, plain); !near.empty()) return std::string(near);
  // "visitor.tags.vip", "page.querry.id": the family's part is compared, the member kept.
  const std::size_t first_dot = name.find('.');
  const std::size_t dot = first_dot == std::string_view::npos ? first_dot : name.find('.', first_dot + 1);
  if (dot == std::string_view::npos || dot + 1 >= name.size()) return {};
  const std::string_view family = nearest(name.substr(0, dot + 1), families);
  return family.empty() ? std::string() : std::string(family) + std::string(name.substr(dot + 1));
}

std::string did_you_mean(std::string_view suggestion) {
  if (suggestion.empty()) return {};
  return "did you mean \"" + std::string(suggestion) + "\"?";
}

}  // namespace beckon::rules
