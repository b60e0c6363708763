// A visitor in a shard's memory: what the rules know, the page loads that it has open, and the offer on its screen.
#pragma once

#include <algorithm>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "base/clock.hpp"
#include "base/ids.hpp"
#include "beckon/rules/rule_file.hpp"
#include "beckon/rules/visitor.hpp"
#include "core/chat/page_trail.hpp"
#include "core/chat/visitor_chat.hpp"
#include "core/timers.hpp"
#include "core/user_agent.hpp"

namespace beckon::core {

class Link;
struct Site;

// What may be kept of a visitor: quality.md, section 4.
enum class Keep : std::uint8_t {
  kStored,   // journaled and saved
  kMemory,   // nobody has been asked yet: rules work on this page load, nothing is written
  kNothing,  // refused: no event is applied
};

// A page as its browser told it: kept only where the rules keep none, for a visitor who may still say yes.
struct ToldPage {
  std::string url, title;
  std::optional<std::string> referrer;
  bool hidden = false;
};

// One page load of one tab: frame ids count within it. It outlives its connection, so that a reconnect doubles nothing.
struct PageLoad {
  std::string tab, session;
  std::int64_t last = 0;                // the highest frame id applied
  std::vector<std::int64_t> under_way;  // of these, the ones that the store has not answered yet
  std::vector<std::int64_t> failed;     // of these, the ones that it refused while nobody was there to hear
  Link* link = nullptr;                 // the connection; nullptr while there is none
  base::Instant gone = base::kNever;    // since when there is none; kNever when its leave has been applied
  std::string path;                     // of the page shown, for the lives of offers
  std::unique_ptr<ToldPage> told;       // of visitors with Keep::kNothing

  // The highest id up to which every frame is applied and, where it must be, on disk.
  [[nodiscard]] std::int64_t settled() const {
    std::int64_t id = last;
    for (const std::int64_t each : under_way) id = std::min(id, each - 1);
    return id;
  }
};

// The offer on screen, as the wire and the records need it. It is there exactly while the rules have one on screen.
struct OpenOffer {
  base::OfferId id;
  base::RuleId rule;
  std::string variant;  // empty: the rule has none
  std::uint8_t variant_index = 0;
  base::TabId tab;      // of which page it fired
  std::string path;
  std::string_view kind;
  rules::Until::Kind until = rules::Until::Kind::kPage;
  std::string body;
  bool shown = false;
};

// An offer that has left the screen: what a form that it opened may still be about.
struct PastOffer {
  base::OfferId id;
  base::RuleId rule;
  std::string path;
  std::uint8_t variant = 0;
};
inline constexpr std::size_t kMaxPastOffers = 4;  // then the oldest is forgotten

struct Visitor final : Alarm {
  Visitor(Site& s, base::VisitorId i, rules::Visitor known) : site(s), id(std::move(i)), state(std::move(known)) {}

  // The rules' next deadline, a page load gone for too long, a save or the end of its time in memory is due.
  void ring(base::Instant due) override;

  Site& site;
  const base::VisitorId id;
  rules::Visitor state;
  Keep keep = Keep::kStored;
  bool changed = false;                   // since it was saved
  std::vector<std::shared_ptr<PageLoad>> loads;  // the latest last; shared with answers of the store under way
  std::optional<OpenOffer> offer;
  std::vector<PastOffer> past_offers;     // the latest last
  base::Instant first_seen{}, last_event{}, saved{};
  std::string language, country;
  BrowserFacts browser;
  std::unique_ptr<PageTrail> trail;       // of visitors with Keep::kStored, where the site has chat
  std::unique_ptr<VisitorChat> chat;      // nullptr: there is nothing to keep
  std::string identity;                   // `sub` of a signed identity; empty: none

  [[nodiscard]] bool online() const { return connections() > 0; }
  // How many of its page loads are connected.
  [[nodiscard]] std::size_t connections() const;
  // The latest load of a tab; nullptr when there is none.
  [[nodiscard]] PageLoad* load_of(std::string_view tab) const;
  [[nodiscard]] PageLoad* find_load(std::string_view tab, std::string_view session) const;
  [[nodiscard]] bool shows_page(std::string_view tab) const;
  // What the visitor said, or the site's own ground.
  [[nodiscard]] bool consents() const;
};

}  // namespace beckon::core
