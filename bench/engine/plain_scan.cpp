#include "plain_scan.hpp"

#include <algorithm>
#include <memory>

namespace beckon::bench {
namespace {

// Instants of the workload begin before 0; timers do not.
constexpr std::int64_t kEpoch = 1'000'000'000'000;

void sort_unique(std::vector<std::int64_t>& values) {
  std::sort(values.begin(), values.end());
  values.erase(std::unique(values.begin(), values.end()), values.end());
}

}  // namespace

std::int32_t PlainScan::id(const std::string& text) {
  if (text.empty()) return 0;
  return ids_.try_emplace(text, static_cast<std::int32_t>(ids_.size()) + 1).first->second;
}

PlainScan::PlainScan(const Workload& workload, int rules) : workload_(workload) {
  const std::unordered_map<std::string, Field> fields = {
      {"cart", kCart}, {"dwell", kDwell},   {"site", kSite}, {"pages", kPages}, {"country", kCountry},
      {"lang", kLang}, {"device", kDevice}, {"utm", kUtm},   {"ref", kRef},     {"ret", kRet}};
  // Sets are of at most 64 members: countries and languages are numbered on their own.
  for (int i = 0; i < rules; ++i) {
    Rule rule{static_cast<std::uint32_t>(clauses_.size()), 0};
    for (const Part& part : workload.rules[static_cast<std::size_t>(i)].parts) {
      Clause clause{static_cast<std::uint32_t>(tests_.size()), 0, part.negated};
      for (const Leaf& leaf : part.leaves) {
        Test test{0, Test::kEqual, leaf.number, 0};
        if (leaf.fact == "url") {
          const bool deep = std::count(leaf.text.begin(), leaf.text.end(), '/') == 3;
          test.field = deep ? kUrl2 : kUrl1;
          test.value = id(leaf.text);
        } else if (leaf.op == "in") {
          test.field = fields.at(leaf.fact);
          test.op = Test::kIn;
          for (const std::string& member : leaf.set) test.set |= std::uint64_t{1} << std::stoi(member.substr(1));
        } else if (leaf.op == ">=") {
          const auto found = fields.find(leaf.fact);
          test.field = found != fields.end() ? found->second : kEvents + std::stoi(leaf.fact.substr(1));
          test.op = Test::kAtLeast;
          if (leaf.fact == "dwell") dwells_.push_back(leaf.number * 1000);
          if (leaf.fact == "site") sites_.push_back(leaf.number * 1000);
          if (leaf.fact == "dwell" || leaf.fact == "site") test.value *= 1000;
        } else if (leaf.fact[0] == 'a') {
          test.field = kAttrs + std::stoi(leaf.fact.substr(1));
        } else {
          test.field = fields.at(leaf.fact);
          if (leaf.fact != "ret") test.value = id(leaf.text);
        }
        tests_.push_back(test);
      }
      clause.end = static_cast<std::uint32_t>(tests_.size());
      clauses_.push_back(clause);
    }
    rule.end = static_cast<std::uint32_t>(clauses_.size());
    rules_.push_back(rule);
  }
  sort_unique(dwells_);
  sort_unique(sites_);
}

void PlainScan::set_url(State& state, const std::string& url) {
  const auto found = [this](const std::string& text) {
    const auto place = ids_.find(text);
    return place == ids_.end() ? -1 : place->second;
  };
  const std::size_t second = url.find('/', 1), third = url.find('/', second + 1);
  state.fields[kUrl1] = found(url.substr(0, second + 1));
  state.fields[kUrl2] = found(url.substr(0, third + 1));
}

void PlainScan::load(State& state, const Session& session) {
  set_url(state, session.url);
  state.fields[kCart] = session.cart;
  state.fields[kPages] = session.pages;
  state.fields[kCountry] = std::stoi(session.country.substr(1));
  state.fields[kLang] = std::stoi(session.lang.substr(1));
  state.fields[kDevice] = id(session.device);
  state.fields[kUtm] = id(session.utm);
  state.fields[kRef] = id(session.ref);
  state.fields[kRet] = session.returning;
  for (int i = 0; i < kEventNames; ++i) state.fields[kEvents + i] = session.events[static_cast<std::size_t>(i)];
  for (int i = 0; i < kAttributes; ++i) state.fields[kAttrs + i] = session.attributes[static_cast<std::size_t>(i)];
  state.page_t = session.page_t;
  state.session_t = session.session_t;
}

void PlainScan::start() {
  states_.clear();
  wheel_ = std::make_unique<rules::TimerWheel>(rules::at_ms(kEpoch));
  for (std::size_t v = 0; v < workload_.visitors.size(); ++v) {
    auto state = std::make_unique<State>();
    state->index = static_cast<int>(v);
    state->held.assign((rules_.size() + 63) / 64, 0);
    load(*state, workload_.visitors[v]);
    const std::size_t before = edges.size();
    scan(*state, 0, Page::kGoesOn);
    edges.resize(before);  // what holds at the start has had its say
    schedule(*state, 0);
    states_.push_back(std::move(state));
  }
}

inline bool PlainScan::holds(const Rule& rule, const State& state) const {
  bool all = true;
  for (std::uint32_t c = rule.begin; all && c < rule.end; ++c) {
    const Clause& clause = clauses_[c];
    bool any = false;
    for (std::uint32_t i = clause.begin; !any && i < clause.end; ++i) {
      const Test& test = tests_[i];
      const std::int64_t value = state.fields[test.field];
      any = test.op == Test::kAtLeast ? value >= test.value
            : test.op == Test::kEqual ? value == test.value
                                      : test.set >> value & 1;
    }
    all = any != clause.negated;
  }
  return all;
}

std::vector<int> PlainScan::holding(const Session& session, std::int64_t t) {
  State state;
  load(state, session);
  state.fields[kDwell] = t - state.page_t;
  state.fields[kSite] = t - state.session_t;
  std::vector<int> found;
  for (std::size_t r = 0; r < rules_.size(); ++r) {
    if (holds(rules_[r], state)) found.push_back(static_cast<int>(r));
  }
  return found;
}

void PlainScan::scan(State& state, std::int64_t t, Page page) {
  state.fields[kDwell] = t - state.page_t;
  state.fields[kSite] = t - state.session_t;
  for (std::size_t r = 0; r < rules_.size(); ++r) {
    const bool all = holds(rules_[r], state);
    const std::uint64_t bit = std::uint64_t{1} << (r & 63);
    std::uint64_t& held = state.held[r >> 6];
    if (all && (page == Page::kStarts || !(held & bit))) edges.push_back({t, state.index, static_cast<int>(r)});
    held = all ? held | bit : held & ~bit;
  }
}

void PlainScan::schedule(State& state, std::int64_t t) {
  const auto next = [t](const std::vector<std::int64_t>& thresholds, std::int64_t since) {
    const auto place = std::upper_bound(thresholds.begin(), thresholds.end(), t - since);
    return place == thresholds.end() ? INT64_MAX : since + *place;
  };
  const std::int64_t due = std::min(next(dwells_, state.page_t), next(sites_, state.session_t));
  wheel_->set(state.timer, due == INT64_MAX ? rules::kNever : rules::at_ms(kEpoch + due));
}

void PlainScan::apply(const BenchEvent& event) {
  while (rules::Timer* timer = wheel_->take_due(rules::at_ms(kEpoch + event.t))) {
    State& state = *static_cast<State*>(timer->owner());
    const std::int64_t due = rules::to_ms(timer->due()) - kEpoch;
    scan(state, due, Page::kGoesOn);
    schedule(state, due);
    ++wakes;
  }
  State& state = *states_[static_cast<std::size_t>(event.visitor)];
  Page page = Page::kGoesOn;
  switch (event.kind) {
    case BenchEvent::Kind::kSession:
      load(state, event.session);
      page = Page::kStarts;
      break;
    case BenchEvent::Kind::kPage:
      set_url(state, event.url);
      ++state.fields[kPages];
      state.page_t = event.t;
      page = Page::kStarts;
      break;
    case BenchEvent::Kind::kCart:
      state.fields[kCart] = event.cart;
      break;
    case BenchEvent::Kind::kEvent:
      ++state.fields[kEvents + event.which];
      break;
    case BenchEvent::Kind::kAttr:
      state.fields[kAttrs + event.which] = event.value;
      break;
  }
  scan(state, event.t, page);
  if (page == Page::kStarts) schedule(state, event.t);
}

}  // namespace beckon::bench
