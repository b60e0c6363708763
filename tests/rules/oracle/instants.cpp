// The instants after `now` at which something could change while no line comes. More than the needed ones does no harm:
// a look at an instant at which nothing has changed changes nothing.
#include "rules/oracle/life.hpp"

namespace beckon::oracle {
namespace {

constexpr Time kHour = 3'600'000;

}  // namespace

std::set<Time> Life::instants(Time now) const {
  std::set<Time> out;
  if (visitor_.visit) out.insert(*visitor_.last_event + options_.visit_timeout);
  if (visitor_.offer && visitor_.offer->until) out.insert(*visitor_.offer->until);
  out.insert((now / kHour + 1) * kHour);

  for (const Rule& rule : file_->rules) {
    if (auto record = visitor_.records.find(rule.id); record != visitor_.records.end()) {
      limit_instants(rule.limit, record->second, out);
    }
  }
  limit_instants(file_->limit, visitor_.all, out);

  for (const auto& [id, tab] : visitor_.tabs) {
    if (tab.page) page_instants(*tab.page, now, out);
    for (const Condition& held : file_->held) {
      if (auto since = tab.held.find(held.held_name); since != tab.held.end()) out.insert(since->second + held.held_ms);
    }
  }
  for (Time threshold : file_->fact_thresholds) {
    for (Time more : {0, 1}) {
      if (visitor_.visit) out.insert(visitor_.visit->started + threshold + more);
      if (visitor_.cart_at) out.insert(*visitor_.cart_at + threshold + more);
      if (visitor_.chat_ended) out.insert(*visitor_.chat_ended + threshold + more);
    }
  }
  for (Time window : file_->windows) {
    for (const Remembered& event : visitor_.events) out.insert(event.t + window);
  }
  pressure_instants(now, out);
  return out;
}

void Life::page_instants(const Page& page, Time now, std::set<Time>& out) const {
  for (Time threshold : file_->fact_thresholds) {
    for (Time more : {0, 1}) {
      out.insert(page.started + threshold + more);
      out.insert(page.idle_since + threshold + more);
      bool is_hidden = page.hidden.back().second;
      if (!is_hidden) out.insert(now + threshold - visible_time(page, now) + more);
    }
  }
}

void Life::limit_instants(const Limit& limit, const Record& record, std::set<Time>& out) const {
  if (limit.every && record.last) out.insert(*record.last + *limit.every);
  if (limit.after_dismiss && record.dismissed) out.insert(*record.dismissed + *limit.after_dismiss);
  if (limit.after_accept && record.accepted) out.insert(*record.accepted + *limit.after_accept);
}

// Pressure falls between additions: for each threshold, the first milliseconds at which it is no longer above, and
// below.
void Life::pressure_instants(Time now, std::set<Time>& out) const {
  auto first = [&](auto&& has_happened) {
    if (has_happened(now)) return;
    Time before = now, after = now + 1;
    while (!has_happened(after)) {
      after += after - before;
      if (after - now > 1100 * file_->pressure.half_life) return;
    }
    while (after - before > 1) {
      Time middle = before + (after - before) / 2;
      (has_happened(middle) ? after : before) = middle;
    }
    out.insert(after);
  };
  for (double threshold : file_->pressure_thresholds) {
    first([&](Time t) { return pressure_at(*file_, visitor_, t) <= threshold; });
    first([&](Time t) { return pressure_at(*file_, visitor_, t) < threshold; });
  }
}

}  // namespace beckon::oracle
