// The journal: JSON Lines, what was seen. rules.md, section 8. Reading is as tolerant as that page says (unknown keys are
// ignored) and as strict as it must be (a line that cannot be meant is an error with its column).
//
// Thread safety: none; one reader serves one thread.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "beckon/json/reader.hpp"
#include "beckon/json/writer.hpp"
#include "beckon/rules/decision.hpp"
#include "beckon/rules/event.hpp"
#include "beckon/rules/snapshot.hpp"

namespace beckon::rules {

enum class LineKind : std::uint8_t {
  kEvent,      // an event of a visitor: `event`
  kVisitor,    // what was known from before: `snapshot`
  kOperators,  // site: `operators`, `free_slots`, `queue`, `skills`
  kHours,      // site: `open`
  kRules,      // `rules_text`, `rules_hash`, and `site`, `time_zone` when they are said
  kGap,        // lines are missing here
};

// One line, read. Views live until the reader's next line.
struct JournalLine {
  LineKind kind = LineKind::kEvent;
  Instant t{};
  std::string_view visitor;           // empty for site lines
  // A page event's `event.url` is not filled in: the reader does not know which parameters the rules allow. The host
  // filters raw_url and raw_referrer with the rules in force (parse_page_url, filter_url) before applying the event.
  Event event;
  std::string_view raw_url;
  std::optional<std::string_view> raw_referrer;
  std::string_view user_agent;        // key `ua` of a page line, from richer exports: used where device, browser, os are absent
  const VisitorSnapshot* snapshot = nullptr;
  SiteState site;                     // kOperators: the counts and skills; kHours: `open`
  std::string_view rules_text, rules_hash, site_id, time_zone;
  // A site line of one shard of a server that has several: it concerns the visitors of that shard only, which are those
  // with shard_of(visitor, shards) == shard. Keys `shard`, `shards`. 0 of 1 for journals of other origin.
  std::uint32_t shard = 0, shards = 1;
};

// The shard that a visitor belongs to, the same on every node and in every version (FNV-1a, 64 bits, folded).
[[nodiscard]] std::uint32_t shard_of(std::string_view visitor_id, std::uint32_t shards);

class JournalReader {
 public:
  JournalReader();
  ~JournalReader();

  // Reads one line (without its line break). On success `line` holds it; else an error with the column as byte offset.
  // A line of a `type` that is not known is an error; so are a missing `t`, `visitor` or required key, and a wrong type.
  [[nodiscard]] std::optional<json::Error> read(std::string_view text, JournalLine& line);

 private:
  struct State;
  std::unique_ptr<State> state_;
};

// Appends one line with its line break. `visitor` and `event` as given; a page's URL from event.url->url.
void write_event(std::string& out, Instant t, std::string_view visitor, const Event& event);
void write_visitor(std::string& out, Instant t, std::string_view visitor, const VisitorSnapshot& snapshot);
struct ShardOf {
  std::uint32_t shard = 0, shards = 1;
};
void write_operators(std::string& out, Instant t, const SiteState& site, ShardOf shard = {});
void write_hours(std::string& out, Instant t, bool open, ShardOf shard = {});
struct RulesLine {
  std::string_view text, hash, site_id, time_zone;
};
void write_rules(std::string& out, Instant t, const RulesLine& rules, ShardOf shard = {});
void write_gap(std::string& out, Instant t, ShardOf shard = {});

// A snapshot as one JSON object, the body of a `visitor` line: for a store that keeps it as text. Reading accepts what writing
// makes, and minimal objects.
void write_snapshot(json::Writer& out, const VisitorSnapshot& snapshot);
[[nodiscard]] std::optional<json::Error> read_snapshot(std::string_view text, VisitorSnapshot& out);

// One decision as replay prints it, with its line break.
void write_decision(std::string& out, std::string_view visitor, const Decision& decision, const class RuleSet& rules);

}  // namespace beckon::rules
