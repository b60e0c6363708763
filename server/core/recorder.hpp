// What a shard writes down: journal lines, decisions and the lives of offers, gathered into batches for the store. Within a
// site everything is in the order in which it happened, an input before its decisions.
//
// Thread safety: none; it belongs to the shard's thread.
#pragma once

#include <chrono>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.hpp"
#include "base/ids.hpp"
#include "beckon/rules/event.hpp"
#include "beckon/rules/journal.hpp"
#include "core/counters.hpp"
#include "core/site.hpp"
#include "core/timers.hpp"
#include "store/store.hpp"

namespace beckon::core {

inline constexpr std::size_t kBatchRows = 128;                // then a batch goes to the store at once
inline constexpr std::chrono::milliseconds kBatchWithin{5};   // else this long after its first row

// Told whenever a batch has gone to the store.
class BatchListener {
 public:
  virtual ~BatchListener() = default;
  virtual void batch_recorded() = 0;
};

// The batch of one site.
class SiteRecorder final : public Alarm {
 public:
  SiteRecorder(base::SiteId site, rules::ShardOf shard, store::Store& store, Timers& timers, Counters& counters,
               std::uint64_t& seq, BatchListener& listener);

  // Journal lines. `t` must not be before that of the line before.
  void event(base::Instant t, const base::VisitorId& visitor, const rules::Event& event);
  void visitor(base::Instant t, const base::VisitorId& visitor, const rules::VisitorSnapshot& snapshot);
  void gap(base::Instant t);
  void rule_file(base::Instant t, const SiteRules& rules, std::string_view time_zone);
  void operators(base::Instant t, const rules::SiteState& state);
  void hours(base::Instant t, bool open);

  void decision(store::DecisionRow row);
  void offer(store::OfferRow row);

  // Hands over what has been gathered. `t` is now.
  void flush();

  void ring(base::Instant due) override;

 private:
  void line(base::Instant t, const base::VisitorId& visitor, std::string text);
  void added(base::Instant t);

  const base::SiteId site_;
  const rules::ShardOf shard_;
  store::Store& store_;
  Timers& timers_;
  Counters& counters_;
  std::uint64_t& seq_;  // of the shard
  BatchListener& listener_;
  store::Batch batch_;
  std::size_t last_lines_ = 1;  // of the batch before: what the next one will have
};

}  // namespace beckon::core
