#include "core/recorder.hpp"

#include <utility>

namespace beckon::core {

SiteRecorder::SiteRecorder(base::SiteId site, rules::ShardOf shard, store::Store& store, Timers& timers,
                           Counters& counters, std::uint64_t& seq, BatchListener& listener)
    : site_(std::move(site)), shard_(shard), store_(store), timers_(timers), counters_(counters), seq_(seq),
      listener_(listener) {}

void SiteRecorder::event(base::Instant t, const base::VisitorId& visitor, const rules::Event& event) {
  constexpr std::size_t kUsualLineBytes = 256;
  std::string text;
  text.reserve(kUsualLineBytes);
  rules::write_event(text, t, visitor.text(), event);
  line(t, visitor, std::move(text));
}

void SiteRecorder::visitor(base::Instant t, const base::VisitorId& visitor, const rules::VisitorSnapshot& snapshot) {
  std::string text;
  rules::write_visitor(text, t, visitor.text(), snapshot);
  line(t, visitor, std::move(text));
}

void SiteRecorder::gap(base::Instant t) {
  std::string text;
  rules::write_gap(text, t, shard_);
  line(t, {}, std::move(text));
  ++counters_.journal_gaps;
}

void SiteRecorder::rule_file(base::Instant t, const SiteRules& rules, std::string_view time_zone) {
  std::string text;
  rules::write_rules(text, t, {rules.text, rules.hash, site_.text(), time_zone}, shard_);
  line(t, {}, std::move(text));
}

void SiteRecorder::operators(base::Instant t, const rules::SiteState& state) {
  std::string text;
  rules::write_operators(text, t, state, shard_);
  line(t, {}, std::move(text));
}

void SiteRecorder::hours(base::Instant t, bool open) {
  std::string text;
  rules::write_hours(text, t, open, shard_);
  line(t, {}, std::move(text));
}

void SiteRecorder::line(base::Instant t, const base::VisitorId& visitor, std::string text) {
  if (batch_.journal.empty()) batch_.journal.reserve(last_lines_);
  batch_.journal.push_back({++seq_, t, visitor, std::move(text)});
  ++counters_.journal_lines;
  added(t);
}

void SiteRecorder::decision(store::DecisionRow row) {
  const base::Instant t = row.t;
  batch_.decisions.push_back(std::move(row));
  added(t);
}

void SiteRecorder::offer(store::OfferRow row) {
  const base::Instant t = row.t;
  batch_.offers.push_back(std::move(row));
  added(t);
}

// Between an input and its decisions no batch ends: only the alarm and flush() hand over.
void SiteRecorder::added(base::Instant t) {
  const bool full = batch_.journal.size() + batch_.decisions.size() + batch_.offers.size() >= kBatchRows;
  if (full || !is_set()) timers_.set(*this, full ? t : t + kBatchWithin);
}

void SiteRecorder::flush() {
  timers_.cancel(*this);
  if (batch_.empty()) return;
  batch_.shard = shard_.shard;
  last_lines_ = batch_.journal.size();
  store_.record(site_, std::exchange(batch_, {}));
  listener_.batch_recorded();
}

void SiteRecorder::ring(base::Instant) { flush(); }

}  // namespace beckon::core
