#include <algorithm>
#include <tuple>

#include "rules/oracle/hash.hpp"
#include "rules/oracle/life.hpp"

namespace beckon::oracle {
namespace {

const std::string kNul(1, '\0');

bool reached(const std::optional<double>& limit, double count) { return limit && count >= *limit; }

bool quiet(const std::optional<Time>& length, const std::optional<Time>& from, Time t) {
  return length && from && t < *from + *length;
}

bool is_over_limit(const Limit& limit, const Record& record, double on_page, Time t) {
  return reached(limit.per_page, on_page) || reached(limit.per_visit, record.visit_count) ||
         reached(limit.per_visitor, record.count) || quiet(limit.every, record.last, t) ||
         quiet(limit.after_dismiss, record.dismissed, t) || quiet(limit.after_accept, record.accepted, t);
}

}  // namespace

// What ends at t before anything is looked at: the visit, and the offer on screen.
void Life::settle(Time t) {
  now_ = t;
  if (visitor_.visit && t >= *visitor_.last_event + options_.visit_timeout) {
    if (visitor_.offer) offer_ignored(t);
    visitor_.visit.reset();
    for (auto& [id, tab] : visitor_.tabs) {
      if (tab.page) tab.closed_with_visit = tab.page;
      tab.page.reset();
      tab.held.clear();
    }
  }
  if (visitor_.offer && visitor_.offer->until && t >= *visitor_.offer->until) offer_ignored(t);
}

void Life::pass(Time t) {
  // Without a visit there is no page to look at and no offer to end.
  while (visitor_.visit) {
    std::set<Time> due = instants(now_);
    auto next = due.upper_bound(now_);
    if (next == due.end() || *next > t) break;
    settle(*next);
    look(*next);
  }
  settle(t);
  look(t);
}

void Life::look(Time t) {
  do {
    follow_held(t);
  } while (consider_all(candidates(t), t));
}

void Life::follow_held(Time t) {
  for (auto& [id, tab] : visitor_.tabs) {
    if (!tab.page) continue;
    std::map<std::string, Time> before = std::move(tab.held);
    tab.held.clear();
    for (const Condition& held : file_->held) {
      if (!is_true({*file_, visitor_, site_, id, t}, held.children[0])) continue;
      std::string key = held.held_name;
      auto since = before.find(key);
      tab.held.emplace(key, since == before.end() ? t : since->second);
    }
  }
}

// Arms what is to be armed; gives what is armed and true, in the order of section 5.
std::vector<Life::Candidate> Life::candidates(Time t) {
  std::vector<Candidate> found;
  for (const Rule& rule : file_->rules) {
    for (auto& [id, tab] : visitor_.tabs) {
      if (!tab.page) continue;
      if (!is_true({*file_, visitor_, site_, id, t}, rule.when)) {
        tab.page->disarmed.erase(rule.id);
      } else if (!tab.page->disarmed.contains(rule.id)) {
        found.push_back({&rule, id});
      }
    }
  }
  auto order = [&](const Candidate& candidate) {
    const Tab& tab = visitor_.tabs.at(candidate.tab);
    return std::tuple(-candidate.rule->priority, candidate.rule - file_->rules.data(), tab.hidden, -tab.page->started,
                      candidate.tab);
  };
  std::sort(found.begin(), found.end(), [&](const auto& a, const auto& b) { return order(a) < order(b); });
  return found;
}

// One round. True when another must follow: after a fire all is looked at again; after control and shadow too, so that
// a look leaves nothing to be recorded by the next one (the rule may wait on another page, and that is its verdict
// then).
bool Life::consider_all(const std::vector<Candidate>& candidates, Time t) {
  std::set<std::string> waiting;  // rules whose verdict of this round is known
  for (const Candidate& candidate : candidates) {
    const Rule& rule = *candidate.rule;
    std::string found = verdict(rule, candidate.tab, t);
    bool waits = found != "fire" && found != "control" && found != "shadow";
    if (!waits) {
      decide(rule, candidate.tab, found, t);
      count(rule, candidate.tab, t);
      if (found == "fire") fire(rule, candidate.tab, t);
      return true;
    }
    if (waiting.insert(rule.id).second && visitor_.visit->verdicts[rule.id] != found) {
      decide(rule, candidate.tab, found, t);
    }
  }
  return false;
}

std::string Life::verdict(const Rule& rule, const std::string& tab_id, Time t) const {
  const Tab& tab = visitor_.tabs.at(tab_id);
  bool offer = rule.is_offer();
  if (rule.mode == "off") return "off";
  if (is_limited(rule, *tab.page, t)) return "limit";
  if (offer && visitor_.chat_active) return "chat_active";
  if (rule.needs.consent && !visitor_.consent.value_or(options_.consent)) return "no_consent";
  if (offer && !rule.ignore_pressure && pressure_at(*file_, visitor_, t) >= file_->pressure.over) return "pressure";
  if (!somebody_can_answer(rule.needs)) return "no_operator";
  if (offer && tab.hidden) return "hidden";
  if (offer && visitor_.offer) return "outranked";
  if (in_control(rule)) return "control";
  return rule.mode == "shadow" ? "shadow" : "fire";
}

bool Life::is_limited(const Rule& rule, const Page& page, Time t) const {
  auto own = visitor_.records.find(rule.id);
  Record record = own == visitor_.records.end() ? Record{} : own->second;
  auto on_page = page.fired.find(rule.id);
  double page_count = on_page == page.fired.end() ? 0 : on_page->second;
  return is_over_limit(rule.limit, record, page_count, t) ||
         is_over_limit(file_->limit, visitor_.all, page.all_fired, t);
}

bool Life::in_control(const Rule& rule) const {
  std::string salt = file_->salt.value_or(options_.site) + kNul;
  return share_of(salt + kNul + visitor_.id) < file_->holdout ||
         share_of(salt + rule.id + kNul + visitor_.id) < rule.holdout;
}

bool Life::somebody_can_answer(const Needs& needs) const {
  if (needs.operator_free && site_.free_slots <= 0) return false;
  if (needs.skill.empty()) return true;
  if (!site_.skills) return site_.free_slots > 0;
  auto skill = site_.skills->find(needs.skill);
  return skill != site_.skills->end() && skill->second > 0;
}

std::size_t Life::variant_of(const Rule& rule) const {
  double sum = 0;
  for (const Variant& variant : rule.variants) sum += variant.weight;
  double share = share_of(file_->salt.value_or(options_.site) + kNul + rule.id + kNul + "variant" + kNul + visitor_.id);
  double cumulated = 0;
  for (std::size_t i = 0; i < rule.variants.size(); ++i) {
    cumulated += rule.variants[i].weight;
    if (cumulated / sum > share) return i;
  }
  return rule.variants.size() - 1;
}

// What fire, control and shadow have in common.
void Life::count(const Rule& rule, const std::string& tab, Time t) {
  Page& page = *visitor_.tabs.at(tab).page;
  page.disarmed.insert(rule.id);
  if (rule.limit.is_none) return;
  page.fired[rule.id] += 1;
  Record& own = visitor_.records[rule.id];
  own.count += 1;
  own.visit_count += 1;
  own.last = t;
}

void Life::fire(const Rule& rule, const std::string& tab, Time t) {
  visitor_.tabs.at(tab).page->all_fired += 1;
  visitor_.all.count += 1;
  visitor_.all.visit_count += 1;
  visitor_.all.last = t;
  const Variant& variant = rule.variants[variant_of(rule)];
  visitor_.tags.insert(variant.tags.begin(), variant.tags.end());
  if (!variant.is_offer) return;
  add_pressure(file_->pressure.shown, t);
  Offer offer;
  offer.rule = rule.id;
  offer.tab = tab;
  offer.until_page = rule.until == "page";
  if (!offer.until_page && rule.until != "visit") offer.until = t + milliseconds(rule.until);
  offer.needs = rule.needs;
  visitor_.offer = offer;
}

void Life::decide(const Rule& rule, const std::string& tab, const std::string& verdict, Time t) {
  bool assigned = verdict == "fire" || verdict == "control" || verdict == "shadow";
  int variant = assigned && rule.has_variants ? static_cast<int>(variant_of(rule)) + 1 : 0;
  decisions_.push_back({t, visitor_.id, tab, rule.id, verdict, variant});
  visitor_.visit->verdicts[rule.id] = verdict;
}

void Life::add_pressure(double amount, Time t) {
  visitor_.pressure = std::max(0.0, pressure_at(*file_, visitor_, t) + amount);
  visitor_.pressure_at = t;
}

void Life::offer_ignored(Time t) {
  visitor_.offer.reset();
  add_pressure(file_->pressure.ignored, t);
}

}  // namespace beckon::oracle
