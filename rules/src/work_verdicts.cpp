// Verdicts: rules.md, section 5, in its order.
#include <algorithm>

#include "work.hpp"

namespace beckon::rules::detail {

const RuleRecord* Work::find_record(std::uint32_t rule) const {
  if (!v_.extra) return nullptr;
  const auto& records = v_.extra->records;
  const auto* place = std::lower_bound(records.begin(), records.end(), rule,
                                       [](const RuleRecord& record, std::uint32_t wanted) { return record.rule < wanted; });
  return place != records.end() && place->rule == rule ? place : nullptr;
}

RuleRecord& Work::record_of(std::uint32_t rule) {
  auto& records = extra().records;
  const auto* place = std::lower_bound(records.begin(), records.end(), rule,
                                       [](const RuleRecord& record, std::uint32_t wanted) { return record.rule < wanted; });
  const std::uint32_t at = static_cast<std::uint32_t>(place - records.begin());
  if (place == records.end() || place->rule != rule) {
    RuleRecord record;
    record.rule = rule;
    records.insert(at, record);
  }
  return records[at];
}

bool Work::limited(const Limit& limit, std::uint32_t rule, const Tab& tab, Why& why) const {
  why.of_file = rule == kFileFires;
  const auto reached = [&](Why::Kind kind, const std::optional<std::uint32_t>& bound, std::uint32_t count) {
    if (!bound || count < *bound) return false;
    why.kind = kind;
    why.number = count;
    why.bound = *bound;
    return true;
  };
  const auto quiet = [&](Why::Kind kind, const std::optional<Duration>& time, Instant from) {
    if (!time || from == kNever || from + *time <= v_.now) return false;
    why.kind = kind;
    why.bound = static_cast<double>(time->count());
    why.ends = from + *time;
    return true;
  };
  if (limit.per_page) {
    std::uint32_t on_page = 0;
    if (tab.extra) {
      for (const PageFires& fires : tab.extra->fires) on_page += fires.rule == rule ? fires.count : 0;
    }
    if (reached(Why::Kind::kPerPage, limit.per_page, on_page)) return true;
  }
  const RuleRecord* record = find_record(rule);
  if (!record) return false;
  return reached(Why::Kind::kPerVisit, limit.per_visit, record->visit_count) ||
         reached(Why::Kind::kPerVisitor, limit.per_visitor, record->count) ||
         quiet(Why::Kind::kEvery, limit.every, record->last) ||
         quiet(Why::Kind::kAfterDismiss, limit.after_dismiss, record->dismissed) ||
         quiet(Why::Kind::kAfterAccept, limit.after_accept, record->accepted);
}

bool Work::somebody_can_answer(bool needs_operator, const std::string& skill, Why& why) const {
  if (needs_operator && e_.site.free_slots == 0) {
    why.kind = Why::Kind::kNoFreeSlot;
    return false;
  }
  if (skill.empty()) return true;
  const auto found = e_.site.skills.find(skill);
  const std::uint32_t free = !e_.site.skills_known                  ? e_.site.free_slots
                             : found == e_.site.skills.end() ? 0
                                                                    : found->second;
  if (free > 0) return true;
  why.kind = Why::Kind::kNoSkill;
  return false;
}

bool Work::in_holdout(const Rule& rule, Why& why) const {
  const RuleFile& file = e_.rules->file();
  const auto falls = [&](double bound, std::string_view id, Why::Kind kind) {
    if (bound <= 0) return false;
    const double hashed = share(e_.rules->salt(), id, v_.id(), ShareOf::kHoldout);
    if (hashed >= bound) return false;
    why.kind = kind;
    why.number = hashed;
    why.bound = bound;
    return true;
  };
  return falls(file.holdout, "", Why::Kind::kFileHoldout) || falls(rule.holdout, rule.id, Why::Kind::kHoldout);
}

// The verdict when nothing holds the rule back.
Verdict Work::by_mode(const RankedRule& ranked, Why& why) {
  if (ranked.mode != Mode::kShadow) return Verdict::kFire;
  why.kind = Why::Kind::kShadowMode;
  return Verdict::kShadow;
}

Verdict Work::judge(std::uint32_t rank, const Tab& tab, Why& why) const {
  const RankedRule& ranked = p_.ranks[rank];
  if (ranked.mode == Mode::kOff) {
    why.kind = Why::Kind::kModeOff;
    return Verdict::kOff;
  }
  if (ranked.free) return by_mode(ranked, why);
  const Rule& rule = rule_at(rank);
  if (ranked.limited && limited(rule.limit, ranked.rule, tab, why)) return Verdict::kLimit;
  if (p_.has_file_limit && limited(e_.rules->file().limit, kFileFires, tab, why)) return Verdict::kLimit;
  why.of_file = false;
  if (ranked.offer && v_.chat_active) {
    why.kind = Why::Kind::kChatActive;
    return Verdict::kChatActive;
  }
  if (ranked.waits) {
    if (rule.needs.consent && !(v_.consent_said ? v_.consent : e_.options.consent)) {
      why.kind = Why::Kind::kNoConsent;
      return Verdict::kNoConsent;
    }
    if (ranked.offer && !rule.ignore_pressure && v_.extra) {
      const Pressure& settings = e_.rules->file().pressure;
      const double pressure = pressure_at(v_, settings, v_.now);
      if (pressure >= settings.over) {
        why.kind = Why::Kind::kPressure;
        why.number = pressure;
        why.bound = settings.over;
        return Verdict::kPressure;
      }
    }
    if (!somebody_can_answer(rule.needs.operator_free, rule.needs.skill, why)) return Verdict::kNoOperator;
    if (ranked.offer && tab.hidden) {
      why.kind = Why::Kind::kTabHidden;
      return Verdict::kHidden;
    }
    if (ranked.offer && v_.extra && v_.extra->screen) {
      why.kind = Why::Kind::kOnScreen;
      why.rule = v_.extra->screen->index;
      return Verdict::kOutranked;
    }
  }
  if (ranked.held_out && in_holdout(rule, why)) return Verdict::kControl;
  return by_mode(ranked, why);
}

std::uint8_t Work::variant_of(const Rule& rule) const {
  if (rule.variants.size() < 2) return 0;
  double sum = 0;
  for (const Variant& variant : rule.variants) sum += variant.weight;
  const double hashed = share(e_.rules->salt(), rule.id, v_.id(), ShareOf::kVariant);
  double reached = 0;
  for (std::size_t i = 0; i < rule.variants.size(); ++i) {
    reached += rule.variants[i].weight;
    if (hashed < reached / sum) return static_cast<std::uint8_t>(i);
  }
  return static_cast<std::uint8_t>(rule.variants.size() - 1);
}

void Work::count_fire(std::uint32_t rule, Tab& tab) {
  RuleRecord& record = record_of(rule);
  ++record.count;
  ++record.visit_count;
  record.last = v_.now;
  auto& fires = extra(tab).fires;
  for (PageFires& on_page : fires) {
    if (on_page.rule == rule) {
      ++on_page.count;
      return;
    }
  }
  fires.push_back({rule, 1});
}

void Work::apply_pressure(double amount) {
  const double now = pressure_at(v_, e_.rules->file().pressure, v_.now);
  extra().pressure = std::max(0.0, now + amount);
  extra().pressure_at = v_.now;
  refresh_pressure();
}

}  // namespace beckon::rules::detail
