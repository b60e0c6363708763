// What is kept, as plain values. Every instant is engine time; every text is UTF-8.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "base/clock.hpp"
#include "base/ids.hpp"
#include "base/secret.hpp"
#include "beckon/rules/decision.hpp"

namespace beckon::store {

using base::Instant;

// A visitor between visits.
struct VisitorRecord {
  base::VisitorId id;
  std::string snapshot;                      // JSON: rules::write_snapshot
  // Of the token that proves to be this visitor; the token itself is kept nowhere.
  std::optional<base::TokenHash> token_hash;
  Instant first_seen{}, last_seen{};
  std::string identity;                      // the `sub` of a signed identity; empty: none
};

// One line of the journal. Order: t, then shard, then seq.
struct JournalRow {
  std::uint64_t seq = 0;    // counts up within a shard and a run of the server
  Instant t{};              // not before the shard's row before
  base::VisitorId visitor;  // empty: a line about the site
  std::string line;         // one JSON object, with or without its line break
};

// One decision, as the engine made it.
struct DecisionRow {
  Instant t{};
  base::VisitorId visitor;
  base::TabId tab;
  base::RuleId rule;
  rules::Verdict verdict = rules::Verdict::kFire;
  std::string variant;      // empty: the rule has none
  std::string why;          // in words, for verdicts other than fire, control and shadow
};

// The life of an offer: it begins with kEligible (the rule was true and its moment had come) and reaches further
// stages, each at most once. An offer in the control group or in shadow has no other stage: nobody saw it.
enum class OfferStage : std::uint8_t { kEligible, kShown, kAccepted, kDismissed, kWithdrawn, kIgnored };
enum class OfferGroup : std::uint8_t { kTreated, kControl, kShadow };
// As reports and exports write them: "accepted", "control".
[[nodiscard]] std::string_view name_of(OfferStage stage);
[[nodiscard]] std::string_view name_of(OfferGroup group);

// An offer reaches a stage. Each row says all there is to know, so that it is appended and nothing is looked up.
struct OfferRow {
  base::OfferId offer;
  OfferStage stage = OfferStage::kEligible;
  Instant t{};
  base::RuleId rule;
  std::string variant;
  OfferGroup group = OfferGroup::kTreated;
  base::VisitorId visitor;
  base::TabId tab;
  std::string page_path;    // where its rule fired
};

// What one shard has to record, in order. It is kept as a whole or not at all, and after the batches of that shard
// before it.
struct Batch {
  std::uint32_t shard = 0;
  std::vector<JournalRow> journal;
  std::vector<DecisionRow> decisions;
  std::vector<OfferRow> offers;
  [[nodiscard]] bool empty() const { return journal.empty() && decisions.empty() && offers.empty(); }
  void clear() { journal.clear(), decisions.clear(), offers.clear(); }
};

struct SurveyRow {
  std::string key;          // of the client, unique for this request (session and frame id): the same key is kept once
  base::OfferId offer;
  base::RuleId rule;
  base::VisitorId visitor;
  Instant t{};
  int score = 0;
  std::string comment;
};

// What became of a row with a key.
enum class Added : std::uint8_t { kNew, kDuplicate };

// One rule's offers in a span of time. Shadow offers are counted apart and in no other number.
struct RuleResult {
  base::RuleId rule;
  std::uint64_t eligible = 0;  // treated and control together
  std::uint64_t control = 0;   // of those, held out
  std::uint64_t shadow = 0;
  std::uint64_t shown = 0, accepted = 0, dismissed = 0, withdrawn = 0, ignored = 0;
  friend bool operator==(const RuleResult&, const RuleResult&) = default;
};

// Counts `rows` rows of an offer at that stage.
void count_offer(RuleResult& result, OfferStage stage, OfferGroup group, std::uint64_t rows);

// A half-open span [since, until).
struct Span {
  Instant since = base::Instant::min();
  Instant until = base::kNever;
};

// A stretch of the journal in its order, and where the next one begins.
struct JournalPage {
  std::vector<std::string> lines;      // without line breaks
  std::optional<std::int64_t> next;    // to be passed on; empty: that was all
};

// How long what is kept. A visitor's record goes when the visitor was not seen for so long.
struct Retention {
  base::Duration events = std::chrono::hours(24 * 30);     // journal and decisions
  base::Duration results = std::chrono::hours(24 * 180);   // offers, survey answers
  base::Duration visitors = std::chrono::hours(24 * 180);
  base::Duration conversations = std::chrono::hours(24 * 180);  // since the last message; with files; and tasks
  friend bool operator==(const Retention&, const Retention&) = default;
};

// One run of the server on this data.
struct Run {
  std::int64_t number = 0;
  Instant started{};
  std::optional<Instant> stopped;      // empty: still running, or it died
  std::string version;
};

}  // namespace beckon::store
