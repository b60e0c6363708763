#include "lc_rules.hpp"

#include <algorithm>

#include "lc_random.hpp"
#include "lc_traffic.hpp"

namespace beckon::bench {
namespace {

const std::vector<int> kDwells = {5, 10, 15, 20, 30, 45, 60, 90, 120, 180},
                       kSites = {30, 60, 120, 180, 300, 600, 900, 1800}, kCounts = {1, 2, 3, 5, 10};

enum Kind { kUrl, kCart, kDwell, kGeo, kPages, kEv, kDevice, kUtm, kRef, kAttr, kSite, kRet, kKinds };
constexpr double kChance[kKinds] = {.70, .40, .50, .20, .25, .30, .20, .12, .10, .18, .15, .10};

bool has(const std::vector<Kind>& kinds, Kind kind) {
  return std::find(kinds.begin(), kinds.end(), kind) != kinds.end();
}
bool is_selective(Kind kind) { return kind == kUtm || kind == kRef || kind == kAttr; }

class RuleMaker {
 public:
  explicit RuleMaker(std::uint64_t seed) : random_(seed) {}

  BenchRule rule() {
    std::vector<Kind> kinds;
    for (int k = 0; k < kKinds; ++k) {
      if (random_.chance(kChance[k])) kinds.push_back(static_cast<Kind>(k));
    }
    const std::vector<Kind> selective = {kUtm, kRef, kAttr};
    if (!has(kinds, kUrl) && std::none_of(kinds.begin(), kinds.end(), is_selective))
      kinds.push_back(random_.pick(selective));
    while (kinds.size() < 2) {
      const Kind kind = any_but_url();
      if (!has(kinds, kind)) kinds.push_back(kind);
    }
    const auto key_of = [&] {
      if (has(kinds, kUrl)) return kUrl;
      return *std::find_if(kinds.begin(), kinds.end(), is_selective);
    };
    while (kinds.size() > 5) {
      const Kind keep = key_of(), drop = random_.pick(kinds);
      if (drop != keep) kinds.erase(std::find(kinds.begin(), kinds.end(), drop));
    }
    const Kind key = key_of();
    BenchRule rule;
    for (const Kind kind : kinds) rule.parts.push_back({{leaf(kind)}, false});
    if (random_.chance(.20)) {
      std::vector<int> others;
      for (std::size_t i = 0; i < kinds.size(); ++i) {
        if (kinds[i] != key) others.push_back(static_cast<int>(i));
      }
      const int place = random_.pick(others);
      std::vector<Kind> unused;
      for (int k = kUrl + 1; k < kKinds; ++k) {
        if (!has(kinds, static_cast<Kind>(k))) unused.push_back(static_cast<Kind>(k));
      }
      const Kind second = random_.pick(unused);
      rule.parts[static_cast<std::size_t>(place)].leaves.push_back(leaf(second));
      kinds.push_back(second);
    }
    if (random_.chance(.10)) {
      std::vector<Kind> free;
      for (const Kind kind : {kGeo, kDevice, kUtm, kRet}) {
        if (!has(kinds, kind)) free.push_back(kind);
      }
      if (!free.empty()) rule.parts.push_back({{leaf(random_.pick(free))}, true});
    }
    return rule;
  }

 private:
  Kind any_but_url() { return static_cast<Kind>(1 + random_.below(kKinds - 1)); }

  Leaf leaf(Kind kind) {
    const auto at_least = [](const char* fact, std::int64_t number) { return Leaf{fact, ">=", "", number, {}}; };
    const auto equal = [](const char* fact, const std::string& text) { return Leaf{fact, "=", text, 0, {}}; };
    switch (kind) {
      case kUrl: {
        if (random_.chance(.20)) return {"url", "prefix", numbered("/s%02d/", section_(random_)), 0, {}};
        const int section = section_(random_);
        return {"url", "prefix", numbered("/s%02d/c%02d/", section, category_(random_)), 0, {}};
      }
      case kCart:
        return at_least("cart", 1000 * (1 + random_.below(50)));
      case kDwell:
        return at_least("dwell", random_.pick(kDwells));
      case kSite:
        return at_least("site", random_.pick(kSites));
      case kGeo: {
        const bool country = random_.chance(.5);
        std::vector<std::string> set =
            country ? random_.sample(kCountries, 1 + random_.below(5)) : random_.sample(kLangs, 1 + random_.below(3));
        std::sort(set.begin(), set.end());
        return {country ? "country" : "lang", "in", "", 0, set};
      }
      case kPages:
        return at_least("pages", 2 + random_.below(11));
      case kEv: {
        const std::string name = numbered("e%02d", random_.below(kEventNames));
        return {name, ">=", "", random_.pick(kCounts), {}};
      }
      case kDevice:
        return equal("device", random_.pick(kDevices));
      case kUtm:
        return equal("utm", random_.pick(kUtms));
      case kRef:
        return equal("ref", random_.pick(kRefs));
      case kAttr: {
        const std::string name = numbered("a%d", random_.below(kAttributes));
        return {name, "=", "", random_.below(kValues), {}};
      }
      default:
        return {"ret", "=", "", 1, {}};
    }
  }

  Random random_;
  Zipf section_{kSections, .8}, category_{kCategories, .8};
};

// -- as a rule file ---------------------------------------------------------------------------------------------------

std::string list_of(const std::vector<std::string>& set) {
  std::string out = "[";
  for (const std::string& one : set) out += (out.size() > 1 ? ",\"" : "\"") + one + "\"";
  return out + "]";
}

std::string condition_text(const Leaf& leaf) {
  const std::string number = std::to_string(leaf.number);
  const auto at_least = [&](const char* fact, const char* unit) {
    const std::string value = *unit ? "\"" + number + unit + "\"" : number;
    return std::string("{\"") + fact + "\":{\"gte\":" + value + "}}";
  };
  if (leaf.fact == "url") return R"({"page.path":{"prefix":")" + leaf.text + "\"}}";
  if (leaf.fact == "cart") return at_least("cart.value", "");
  if (leaf.fact == "dwell") return at_least("page.dwell", "s");
  if (leaf.fact == "site") return at_least("visit.duration", "s");
  if (leaf.fact == "pages") return at_least("visit.pages", "");
  if (leaf.fact == "country") return R"({"visitor.country":)" + list_of(leaf.set) + "}";
  if (leaf.fact == "lang") return R"({"visitor.language":)" + list_of(leaf.set) + "}";
  if (leaf.fact == "device") return R"({"visitor.device":")" + leaf.text + "\"}";
  if (leaf.fact == "utm") return R"({"visit.utm.campaign":")" + leaf.text + "\"}";
  if (leaf.fact == "ref") return R"({"visit.referrer":")" + leaf.text + "\"}";
  if (leaf.fact == "ret") return R"({"visitor.returning":true})";
  if (leaf.fact[0] == 'e') return R"({"event":")" + leaf.fact + R"(","count":{"gte":)" + number + "}}";
  return R"({"visitor.attr.)" + leaf.fact + "\":" + number + "}";
}

std::string part_text(const Part& part) {
  if (part.leaves.size() == 1 && !part.negated) return condition_text(part.leaves.front());
  std::string out = part.negated ? R"({"none":[)" : R"({"any":[)";
  for (std::size_t i = 0; i < part.leaves.size(); ++i) out += (i ? "," : "") + condition_text(part.leaves[i]);
  return out + "]}";
}

}  // namespace

void follow(Session& session, const BenchEvent& event) {
  switch (event.kind) {
    case BenchEvent::Kind::kSession:
      session = event.session;
      break;
    case BenchEvent::Kind::kPage:
      session.url = event.url;
      ++session.pages;
      session.page_t = event.t;
      break;
    case BenchEvent::Kind::kCart:
      session.cart = event.cart;
      break;
    case BenchEvent::Kind::kEvent:
      ++session.events[static_cast<std::size_t>(event.which)];
      break;
    case BenchEvent::Kind::kAttr:
      session.attributes[static_cast<std::size_t>(event.which)] = event.value;
      break;
  }
}

Workload make_workload(std::uint64_t seed, WorkloadSize size) {
  Workload workload;
  RuleMaker rules(seed * 1000003 + 17);
  for (int i = 0; i < size.rules; ++i) workload.rules.push_back(rules.rule());
  Traffic traffic(seed, size.visitors);
  traffic.warm_up();
  workload.visitors = traffic.sessions();
  for (int i = 0; i < size.events; ++i) workload.events.push_back(traffic.step());
  return workload;
}

std::string rule_file_text(const Workload& workload, int count) {
  std::string out = R"({"defaults":{"mode":"shadow","limit":"none"},"rules":[)";
  for (int i = 0; i < count; ++i) {
    out += std::string(i ? ",\n" : "\n") + R"({"id":"r)" + std::to_string(i) + R"(","when":{"all":[)";
    const BenchRule& rule = workload.rules[static_cast<std::size_t>(i)];
    for (std::size_t p = 0; p < rule.parts.size(); ++p) out += (p ? "," : "") + part_text(rule.parts[p]);
    out += R"(]},"then":{"tag":"t"}})";
  }
  return out + "\n]}\n";
}

}  // namespace beckon::bench
