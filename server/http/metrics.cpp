#include "http/metrics.hpp"

#include <prometheus/metric_family.h>
#include <prometheus/text_serializer.h>

#include <array>

#include "beckon/rules/decision.hpp"

namespace beckon::http {
namespace {

using prometheus::ClientMetric;
using prometheus::MetricFamily;
using prometheus::MetricType;

ClientMetric metric(MetricType type, double value, std::vector<ClientMetric::Label> labels) {
  ClientMetric out;
  out.label = std::move(labels);
  (type == MetricType::Gauge ? out.gauge.value : out.counter.value) = value;
  return out;
}

// One number of a shard: where it stands and what it is called.
template <class Counts>
struct Row {
  const char* name;
  const char* help;
  MetricType type;
  std::uint64_t Counts::* value;
};

constexpr auto kGauge = MetricType::Gauge;
constexpr auto kCounter = MetricType::Counter;

constexpr Row<net::NetCounters> kNetRows[] = {
    {"beckon_http_connections", "HTTP connections open", kGauge, &net::NetCounters::http_connections},
    {"beckon_websockets", "WebSockets open", kGauge, &net::NetCounters::websockets},
    {"beckon_accepted_total", "Connections accepted", kCounter, &net::NetCounters::accepted},
    {"beckon_accept_errors_total", "Times that a connection could not be accepted", kCounter,
     &net::NetCounters::accept_errors},
    {"beckon_refused_per_address_total", "Connections refused because their address has too many", kCounter,
     &net::NetCounters::refused_per_address},
    {"beckon_http_requests_total", "Requests answered", kCounter, &net::NetCounters::requests},
    {"beckon_http_bad_requests_total", "Requests refused as malformed, too long or too slow", kCounter,
     &net::NetCounters::bad_requests},
    {"beckon_upgrades_refused_total", "WebSocket upgrades refused", kCounter, &net::NetCounters::refused_upgrades},
    {"beckon_upgrades_handed_over_total", "Upgrades passed to their visitor's shard", kCounter,
     &net::NetCounters::handed_over},
    {"beckon_upgrades_total", "WebSockets opened", kCounter, &net::NetCounters::upgraded},
    {"beckon_messages_received_total", "WebSocket messages received", kCounter, &net::NetCounters::messages_in},
    {"beckon_messages_sent_total", "WebSocket messages sent", kCounter, &net::NetCounters::messages_out},
    {"beckon_received_bytes_total", "Bytes of messages received", kCounter, &net::NetCounters::bytes_in},
    {"beckon_sent_bytes_total", "Bytes of messages sent", kCounter, &net::NetCounters::bytes_out},
    {"beckon_slow_consumers_total", "Connections closed because their outbox was full", kCounter,
     &net::NetCounters::slow_consumers},
    {"beckon_limited_total", "Connections closed for their frames' size, number or rate", kCounter,
     &net::NetCounters::limited},
    {"beckon_wakeups_total", "Times that a shard's alarm rang", kCounter, &net::NetCounters::wakeups},
};

constexpr Row<core::Counters> kCoreRows[] = {
    {"beckon_visitors", "Visitors in memory", kGauge, &core::Counters::visitors},
    {"beckon_visitors_online", "Visitors with a connection", kGauge, &core::Counters::visitors_online},
    {"beckon_visitors_loading", "Visitors whose record is being read", kGauge, &core::Counters::visitors_loading},
    {"beckon_timers", "Timers set", kGauge, &core::Counters::timers},
    {"beckon_consoles", "Consoles of operators with a connection", kGauge, &core::Counters::consoles},
    {"beckon_console_frames_total", "Frames of consoles", kCounter, &core::Counters::console_frames},
    {"beckon_hellos_total", "Pages that said hello", kCounter, &core::Counters::hellos},
    {"beckon_resumes_total", "Connections that were resumed", kCounter, &core::Counters::resumes},
    {"beckon_reidentified_total", "Visitors whose token was not good", kCounter, &core::Counters::reidentified},
    {"beckon_frames_total", "Frames applied", kCounter, &core::Counters::frames},
    {"beckon_events_total", "Events applied", kCounter, &core::Counters::events},
    {"beckon_duplicate_frames_total", "Frames sent again after a reconnect and dropped", kCounter,
     &core::Counters::duplicate_frames},
    {"beckon_chat_messages_total", "Messages of visitors that were written", kCounter, &core::Counters::messages},
    {"beckon_decisions_total", "Decisions of the rules", kCounter, &core::Counters::decisions},
    {"beckon_refused_frames_total", "Connections closed for a frame", kCounter, &core::Counters::refused_frames},
    {"beckon_refused_requests_total", "Frames answered with an error", kCounter, &core::Counters::refused_requests},
    {"beckon_throttled_total", "Connections closed for their rate or number", kCounter, &core::Counters::throttled},
    {"beckon_leaves_by_timeout_total", "Pages taken as left because their connection was gone", kCounter,
     &core::Counters::leaves_by_timeout},
    {"beckon_journal_lines_total", "Journal lines written", kCounter, &core::Counters::journal_lines},
    {"beckon_journal_gaps_total", "Gaps in the journal", kCounter, &core::Counters::journal_gaps},
    {"beckon_store_errors_total", "Calls of the store that failed", kCounter, &core::Counters::store_errors},
    {"beckon_deadlines_total", "Deadlines of rules that were passed", kCounter, &core::Counters::deadlines},
    {"beckon_deadline_late_milliseconds_total", "Lateness of deadlines, summed", kCounter,
     &core::Counters::deadline_late_ms},
    {"beckon_deadline_late_milliseconds_max", "The latest that a deadline was", kGauge,
     &core::Counters::deadline_late_max_ms},
};

struct OfferRow {
  const char* stage;
  std::uint64_t core::Counters::* value;
};
constexpr OfferRow kOfferRows[] = {
    {"fired", &core::Counters::offers_fired},         {"shown", &core::Counters::offers_shown},
    {"accepted", &core::Counters::offers_accepted},   {"dismissed", &core::Counters::offers_dismissed},
    {"ignored", &core::Counters::offers_ignored},     {"withdrawn", &core::Counters::offers_withdrawn},
};

class Families {
 public:
  explicit Families(const MetricsInput& input) : input_(input) {}

  template <class Counts>
  void per_shard(const Row<Counts>& row, Counts net::ShardCounts::* part) {
    MetricFamily& family = add(row.name, row.help, row.type);
    for (std::size_t i = 0; i < input_.shards.size(); ++i) {
      const auto value = static_cast<double>(input_.shards[i].*part.*row.value);
      family.metric.push_back(metric(row.type, value, {{"shard", std::to_string(i)}}));
    }
  }

  void one(const char* name, const char* help, MetricType type, double value,
           std::vector<ClientMetric::Label> labels = {}) {
    add(name, help, type).metric.push_back(metric(type, value, std::move(labels)));
  }

  template <std::size_t kCount>
  void by_result(const char* name, const char* help, const std::array<std::string_view, kCount>& results,
                 const std::array<std::uint64_t, kCount>& counts) {
    MetricFamily& family = add(name, help, kCounter);
    for (std::size_t i = 0; i < kCount; ++i) {
      family.metric.push_back(
          metric(kCounter, static_cast<double>(counts[i]), {{"result", std::string(results[i])}}));
    }
  }

  void offers() {
    MetricFamily& family = add("beckon_offers_total", "Offers by what became of them", kCounter);
    for (const OfferRow& row : kOfferRows) {
      family.metric.push_back(metric(kCounter, sum([&](const core::Counters& c) { return c.*row.value; }),
                                     {{"stage", row.stage}}));
    }
  }

  void verdicts() {
    MetricFamily& family = add("beckon_verdicts_total", "Decisions by verdict", kCounter);
    for (std::size_t i = 0; i < core::Counters{}.verdicts.size(); ++i) {
      const auto name = rules::name_of(static_cast<rules::Verdict>(i));
      family.metric.push_back(metric(kCounter, sum([&](const core::Counters& c) { return c.verdicts[i]; }),
                                     {{"verdict", std::string(name)}}));
    }
  }

  [[nodiscard]] std::string text() const { return prometheus::TextSerializer().Serialize(families_); }

 private:
  MetricFamily& add(const char* name, const char* help, MetricType type) {
    families_.push_back({name, help, type, {}});
    return families_.back();
  }

  template <class Of>
  [[nodiscard]] double sum(Of of) const {
    std::uint64_t total = 0;
    for (const net::ShardCounts& shard : input_.shards) total += of(shard.core);
    return static_cast<double>(total);
  }

  const MetricsInput& input_;
  std::vector<MetricFamily> families_;
};

}  // namespace

std::string exposition(const MetricsInput& input) {
  Families families(input);
  for (const auto& row : kNetRows) families.per_shard(row, &net::ShardCounts::net);
  for (const auto& row : kCoreRows) families.per_shard(row, &net::ShardCounts::core);
  families.offers();
  families.verdicts();
  families.by_result("beckon_logins_total", "Logins of operators by what became of them", operators::kLoginResults,
                     input.logins);
  families.by_result("beckon_uploads_total", "Files sent in chats by what became of them", kUploadResults,
                     input.uploads.files);
  families.one("beckon_uploaded_bytes_total", "Bytes of the files that were kept", kCounter,
               static_cast<double>(input.uploads.kept_bytes));
  const store::Health& store = input.store;
  families.one("beckon_store_writable", "1 when the last commit succeeded", kGauge, store.writable ? 1 : 0);
  families.one("beckon_store_commits_total", "Commits", kCounter, static_cast<double>(store.commits));
  families.one("beckon_store_failed_commits_total", "Commits that failed", kCounter,
               static_cast<double>(store.failed_commits));
  families.one("beckon_store_rows_total", "Rows written", kCounter, static_cast<double>(store.rows));
  families.one("beckon_store_dropped_lines_total", "Journal lines that could not be kept", kCounter,
               static_cast<double>(store.dropped_lines));
  families.one("beckon_store_dropped_visitors_total", "Visitors' records that could not be kept", kCounter,
               static_cast<double>(store.dropped_visitors));
  families.one("beckon_store_dropped_marks_total", "What was read, contexts and sessions' ends that could not be kept",
               kCounter, static_cast<double>(store.dropped_marks));
  families.one("beckon_store_refused_total", "Calls refused because too many waited", kCounter,
               static_cast<double>(store.refused));
  families.one("beckon_store_pending_bytes", "Bytes that wait to be written", kGauge,
               static_cast<double>(store.pending_bytes));
  families.one("beckon_store_wal_bytes", "Size of the write-ahead log", kGauge, static_cast<double>(store.wal_bytes));
  families.one("beckon_problems", "Problems that /readyz lists", kGauge, static_cast<double>(input.problems));
  families.one("beckon_build_info", "Always 1; which version this is", kGauge, 1, {{"version", input.version}});
  return families.text();
}

}  // namespace beckon::http
