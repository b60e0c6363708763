#include "beckon/rules/facts.hpp"

#include <algorithm>
#include <array>
#include <iterator>

namespace beckon::rules {
namespace {

using enum FactId;
using enum FactType;
using enum FactScope;

constexpr FactInfo kFacts[] = {
    {kPageUrl, "page.url", kString, kPage, false, "",
     "address of the page, without fragment; of the query only what rules name"},
    {kPageHost, "page.host", kString, kPage, false, "", "host of the page's address, in lower case"},
    {kPagePath, "page.path", kString, kPage, false, "",
     "path of the page's address, percent-encoded, without trailing /"},
    {kPageQuery, "page.query.", kString, kPage, true, "", "parameter NAME of the page's query, decoded"},
    {kPageTitle, "page.title", kString, kPage, false, "", "title of the page"},
    {kPageReferrer, "page.referrer", kString, kPage, false, "", "address that the page was reached from"},
    {kPageDwell, "page.dwell", kDuration, kPage, false, "", "time since this page started in this tab, hidden or not"},
    {kPageVisible, "page.visible", kDuration, kPage, false, "",
     "time since this page started that its tab was visible"},
    {kPageIdle, "page.idle", kDuration, kPage, false, "",
     "time since the last activity or scroll on this page, or its start"},
    {kPageScroll, "page.scroll", kNumber, kPage, false, "percent", "how far down the page was seen, 0 to 100"},
    {kPageExitIntent, "page.exit_intent", kBool, kPage, false, "",
     "the pointer has left towards the browser's bar since this page started"},
    {kVisitPages, "visit.pages", kNumber, kVisitor, false, "pages", "pages seen in this visit"},
    {kVisitNumber, "visit.number", kNumber, kVisitor, false, "visits", "1 in the first visit ever, 2 in the next"},
    {kVisitDuration, "visit.duration", kDuration, kVisitor, false, "", "time since this visit started"},
    {kVisitEntry, "visit.entry", kString, kVisitor, false, "", "path of this visit's first page"},
    {kVisitReferrer, "visit.referrer", kString, kVisitor, false, "", "address that this visit came from"},
    {kVisitUtmSource, "visit.utm.source", kString, kVisitor, false, "", "utm_source of this visit's first page"},
    {kVisitUtmMedium, "visit.utm.medium", kString, kVisitor, false, "", "utm_medium of this visit's first page"},
    {kVisitUtmCampaign, "visit.utm.campaign", kString, kVisitor, false, "", "utm_campaign of this visit's first page"},
    {kVisitUtmTerm, "visit.utm.term", kString, kVisitor, false, "", "utm_term of this visit's first page"},
    {kVisitUtmContent, "visit.utm.content", kString, kVisitor, false, "", "utm_content of this visit's first page"},
    {kVisitorReturning, "visitor.returning", kBool, kVisitor, false, "", "has been here in an earlier visit"},
    {kVisitorIdentified, "visitor.identified", kBool, kVisitor, false, "", "is known by a signed identity"},
    {kVisitorSinceLastVisit, "visitor.since_last_visit", kDuration, kVisitor, false, "",
     "time from the end of the visit before to the start of this one"},
    {kVisitorCountry, "visitor.country", kString, kVisitor, false, "", "country, two capital letters: FR"},
    {kVisitorLanguage, "visitor.language", kString, kVisitor, false, "", "language of the browser: en, pt-BR"},
    {kVisitorDevice, "visitor.device", kString, kVisitor, false, "", "kind of device", "desktop|mobile|tablet"},
    {kVisitorBrowser, "visitor.browser", kString, kVisitor, false, "", "browser's name in lower case: firefox"},
    {kVisitorOs, "visitor.os", kString, kVisitor, false, "", "operating system's name in lower case: android"},
    {kVisitorOrders, "visitor.orders", kNumber, kVisitor, false, "orders", "orders so far, less refunds"},
    {kVisitorLifetimeValue, "visitor.lifetime_value", kNumber, kVisitor, false, "",
     "value of all orders so far, or their margin where the site sends it"},
    {kVisitorAttr, "visitor.attr.", kScalar, kVisitor, true, "", "attribute NAME, as the site has set it"},
    {kVisitorTag, "visitor.tag.", kBool, kVisitor, true, "", "carries tag NAME, set by rules and operators"},
    {kVisitorPressure, "visitor.pressure", kNumber, kVisitor, false, "",
     "how much the visitor has been solicited lately"},
    {kVisitorPressureState, "visitor.pressure_state", kString, kVisitor, false, "",
     "over: too much to offer anything now", "under|balanced|over"},
    {kCartValue, "cart.value", kNumber, kVisitor, false, "", "value of the cart, 0 after an order"},
    {kCartItems, "cart.items", kNumber, kVisitor, false, "items", "items in the cart, 0 after an order"},
    {kCartCurrency, "cart.currency", kString, kVisitor, false, "", "currency of the cart as the site sends it: EUR"},
    {kCartIdle, "cart.idle", kDuration, kVisitor, false, "", "time since the cart last changed"},
    {kChatActive, "chat.active", kBool, kVisitor, false, "", "a chat is going on"},
    {kChatCount, "chat.count", kNumber, kVisitor, false, "chats", "chats started so far"},
    {kChatSinceLast, "chat.since_last", kDuration, kVisitor, false, "", "time since the last chat ended"},
    {kSiteOperators, "site.operators", kNumber, kSite, false, "operators", "operators online"},
    {kSiteFreeSlots, "site.free_slots", kNumber, kSite, false, "chats", "chats that operators could still take"},
    {kSiteQueue, "site.queue", kNumber, kSite, false, "visitors", "visitors waiting for an operator"},
    {kSiteOpen, "site.open", kBool, kSite, false, "", "the site is within its opening hours"},
    {kSiteHour, "site.hour", kNumber, kSite, false, "hour", "hour of the day where the site is, 0 to 23"},
    {kSiteWeekday, "site.weekday", kString, kSite, false, "", "day of the week where the site is",
     "mon|tue|wed|thu|fri|sat|sun"},
};
constexpr std::size_t kFactCount = std::size(kFacts);
static_assert(kFactCount == static_cast<std::size_t>(kSiteWeekday) + 1);
static_assert([] {
  for (std::size_t i = 0; i < kFactCount; ++i) {
    if (static_cast<std::size_t>(kFacts[i].id) != i) return false;
  }
  return true;
}());

// Indices of the facts by name, so that looking one up is a binary search.
constexpr auto kByName = [] {
  std::array<std::uint8_t, kFactCount> order{};
  for (std::size_t i = 0; i < kFactCount; ++i) order[i] = static_cast<std::uint8_t>(i);
  std::sort(order.begin(), order.end(), [](auto a, auto b) { return kFacts[a].name < kFacts[b].name; });
  return order;
}();

}  // namespace

std::span<const FactInfo> fact_registry() { return kFacts; }

const FactInfo& fact_info(FactId id) { return kFacts[static_cast<std::size_t>(id)]; }

bool find_fact(std::string_view name, FactName& found) {
  const auto after = std::upper_bound(kByName.begin(), kByName.end(), name,
                                      [](std::string_view n, auto i) { return n < kFacts[i].name; });
  if (after == kByName.begin()) return false;
  // A family's prefix sorts directly before its members: no other fact's name begins with it.
  const FactInfo& info = kFacts[*std::prev(after)];
  if (info.family) {
    if (name.size() <= info.name.size() || !name.starts_with(info.name)) return false;
    found = {info.id, name.substr(info.name.size())};
    return true;
  }
  if (info.name != name) return false;
  found = {info.id, {}};
  return true;
}

}  // namespace beckon::rules
