// The registry of facts: the one table that the checker, the JSON Schema, the documentation and the console follow.
#pragma once

#include <cstdint>
#include <span>
#include <string_view>

namespace beckon::rules {

enum class FactId : std::uint8_t {
  kPageUrl, kPageHost, kPagePath, kPageQuery, kPageTitle, kPageReferrer,
  kPageDwell, kPageVisible, kPageIdle, kPageScroll, kPageExitIntent,
  kVisitPages, kVisitNumber, kVisitDuration, kVisitEntry, kVisitReferrer,
  kVisitUtmSource, kVisitUtmMedium, kVisitUtmCampaign, kVisitUtmTerm, kVisitUtmContent,
  kVisitorReturning, kVisitorIdentified, kVisitorSinceLastVisit,
  kVisitorCountry, kVisitorLanguage, kVisitorDevice, kVisitorBrowser, kVisitorOs,
  kVisitorOrders, kVisitorLifetimeValue, kVisitorAttr, kVisitorTag,
  kVisitorPressure, kVisitorPressureState,
  kCartValue, kCartItems, kCartCurrency, kCartIdle,
  kChatActive, kChatCount, kChatSinceLast,
  kSiteOperators, kSiteFreeSlots, kSiteQueue, kSiteOpen, kSiteHour, kSiteWeekday,
};

enum class FactType : std::uint8_t {
  kString,
  kNumber,
  kDuration,  // grows by itself, or is fixed when the visit starts; written "45s" in a test
  kBool,
  kScalar,    // string, number or bool, as the site sends it: custom attributes
};

// Whose the fact is: a tab's page, the visitor, or the site as a whole.
enum class FactScope : std::uint8_t { kPage, kVisitor, kSite };

struct FactInfo {
  FactId id;
  std::string_view name;  // "page.dwell"; of a family the prefix with its dot: "page.query."
  FactType type;
  FactScope scope;
  bool family;            // the name goes on with one of the admin's: page.query.NAME
  std::string_view unit;  // "", "percent", "pages"…
  std::string_view doc;   // one line of English, for schema, guide and console
  // The only values a string fact can have, separated by '|'; empty when any: "desktop|mobile|tablet".
  std::string_view values = {};
};

// All facts, in the order of FactId.
[[nodiscard]] std::span<const FactInfo> fact_registry();
[[nodiscard]] const FactInfo& fact_info(FactId id);

// A fact's name as a rule file writes it, resolved: the fact, and for a family the admin's part of the name.
struct FactName {
  FactId id;
  std::string_view member;  // points into the name that was looked up
};
// False when there is no such fact. Utm facts are no family: each of the five is a fact of its own.
[[nodiscard]] bool find_fact(std::string_view name, FactName& found);

}  // namespace beckon::rules
