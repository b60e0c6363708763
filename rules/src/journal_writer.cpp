#include "beckon/rules/journal.hpp"
#include "journal_line.hpp"
#include "snapshot_fields.hpp"

namespace beckon::rules {
namespace {

constexpr std::string_view kDefaultTab = "0";

void write_scalar(json::Writer& out, const EventScalar& scalar) {
  if (const auto* const boolean = std::get_if<bool>(&scalar)) {
    out.boolean(*boolean);
  } else if (const auto* const number = std::get_if<double>(&scalar)) {
    out.number(*number);
  } else if (const auto* const text = std::get_if<std::string_view>(&scalar)) {
    out.string(*text);
  } else {
    out.null();
  }
}

void write_page(LineWriter& line, const Event& event) {
  line.string(Key::kUrl, event.url == nullptr ? std::string_view{} : event.url->url);
  line.string_if(Key::kTitle, event.title);
  if (event.referrer) line.string(Key::kReferrer, *event.referrer);
  if (event.hidden) line.boolean(Key::kHidden, true);
  line.string_if(Key::kCountry, event.country);
  line.string_if(Key::kLanguage, event.language);
  line.string_if(Key::kDevice, event.device);
  line.string_if(Key::kBrowser, event.browser);
  line.string_if(Key::kOs, event.os);
}

void write_data(LineWriter& line, std::span<const EventDatum> data) {
  if (data.empty()) return;
  line.key(Key::kData).begin_object();
  for (const EventDatum& datum : data) write_scalar(line.writer().key(datum.key), datum.value);
  line.writer().end_object();
}

void write_members(LineWriter& line, const Event& event) {
  switch (event.type) {
    case EventType::kPage: return write_page(line, event);
    case EventType::kCart:
      line.number_if(Key::kValue, event.value);
      line.number_if(Key::kItems, event.items);
      return line.string_if(Key::kCurrency, event.currency);
    case EventType::kOrder:
    case EventType::kRefund:
      line.number_if(Key::kValue, event.value);
      line.number_if(Key::kMargin, event.margin);
      return line.string_if(Key::kId, event.id);
    case EventType::kEvent: line.string(Key::kName, event.name); return write_data(line, event.data);
    case EventType::kScroll: line.key(Key::kPercent).number(event.percent); return;
    case EventType::kAttr:
      line.string(Key::kName, event.name);
      return write_scalar(line.key(Key::kValue), event.scalar);
    case EventType::kTag: line.string(Key::kName, event.name); return line.boolean(Key::kValue, event.on);
    case EventType::kConsent:
    case EventType::kIdentified: return line.boolean(Key::kValue, event.on);
    case EventType::kOutcome:
      line.string(Key::kRule, event.name);
      return line.string(Key::kOutcome, event.outcome == OfferOutcome::kAccepted ? "accepted" : "dismissed");
    case EventType::kChat: return line.string(Key::kState, event.on ? "started" : "ended");
    case EventType::kVisible:
    case EventType::kHidden:
    case EventType::kActivity:
    case EventType::kExitIntent:
    case EventType::kLeave: return;
  }
}

}  // namespace

std::string_view name_of(EventType type) { return kLineTypes[static_cast<std::size_t>(type)]; }

std::uint32_t shard_of(std::string_view visitor_id, std::uint32_t shards) {
  constexpr std::uint64_t kOffsetBasis = 14695981039346656037u, kPrime = 1099511628211u;
  std::uint64_t hash = kOffsetBasis;
  for (const char c : visitor_id) hash = (hash ^ static_cast<unsigned char>(c)) * kPrime;
  return shards <= 1 ? 0 : (static_cast<std::uint32_t>(hash) ^ static_cast<std::uint32_t>(hash >> 32)) % shards;
}

void write_event(std::string& out, Instant t, std::string_view visitor, const Event& event) {
  LineWriter line(out, t);
  line.string(Key::kVisitor, visitor);
  if (event.tab != kDefaultTab) line.string(Key::kTab, event.tab);
  line.string(Key::kType, name_of(event.type));
  write_members(line, event);
}

void write_visitor(std::string& out, Instant t, std::string_view visitor, const VisitorSnapshot& snapshot) {
  LineWriter line(out, t);
  line.string(Key::kVisitor, visitor);
  line.type(LineKind::kVisitor);
  write_members(line.writer(), snapshot);
}

void write_operators(std::string& out, Instant t, const SiteState& site, ShardOf shard) {
  LineWriter line(out, t);
  line.type(LineKind::kOperators);
  line.count(Key::kOnline, site.operators);
  line.count(Key::kFreeSlots, site.free_slots);
  line.count(Key::kQueue, site.queue);
  if (site.skills_known) {
    line.key(Key::kSkills).begin_object();
    for (const auto& [skill, slots] : site.skills) line.writer().key(skill).number(std::int64_t{slots});
    line.writer().end_object();
  }
  line.shard(shard);
}

void write_hours(std::string& out, Instant t, bool open, ShardOf shard) {
  LineWriter line(out, t);
  line.type(LineKind::kHours);
  line.boolean(Key::kOpen, open);
  line.shard(shard);
}

void write_rules(std::string& out, Instant t, const RulesLine& rules, ShardOf shard) {
  LineWriter line(out, t);
  line.type(LineKind::kRules);
  line.string_if(Key::kHash, rules.hash);
  line.string_if(Key::kSite, rules.site_id);
  line.string_if(Key::kTimeZone, rules.time_zone);
  line.shard(shard);
  line.string(Key::kText, rules.text);
}

void write_gap(std::string& out, Instant t, ShardOf shard) {
  LineWriter line(out, t);
  line.type(LineKind::kGap);
  line.shard(shard);
}

}  // namespace beckon::rules
