#include "clips_run.hpp"

#include <algorithm>

#include "beckon/rules/timers.hpp"
#include "clips_rules.hpp"
#include "support/measure.hpp"

namespace beckon::bench {

using namespace clips;

namespace {

constexpr std::int64_t kEpoch = 1'000'000'000'000;  // instants of the workload begin before 0; timers do not

}  // namespace

struct ClipsRun::Impl {
  struct Visitor {
    int index = 0;
    std::int64_t page_t = 0, session_t = 0;
    Session known;
    fact* now = nullptr;
    Bits held;
    rules::Timer timer;
    Visitor() : timer(this) {}
  };

  Impl(const Workload& w, int rules, Order order, std::vector<Edge>& edges_out, std::uint64_t& wakes_out)
      : workload(w), edges(edges_out), wakes(wakes_out) {
    environment.build(template_text());
    visitor_template = EnvFindDeftemplate(environment.get(), "visitor");
    for (int rule = 0; rule < rules; ++rule) {
      for (const Alternative& alternative : alternatives_of(workload.rules[static_cast<std::size_t>(rule)], order)) {
        for (const Condition& condition : alternative) thresholds.add(condition);
        environment.build(rule_text(alternative, rule_of.size()));
        rule_of.push_back(rule);
      }
    }
    thresholds.sort();
    words = static_cast<std::size_t>(rules) / 64 + 1;
  }

  // -- facts

  [[nodiscard]] field* slots_of(fact* one) const { return one->theProposition.theFields; }
  void put(fact* one, int slot, std::int64_t number) {
    slots_of(one)[slot].type = INTEGER;
    slots_of(one)[slot].value = EnvAddLong(environment.get(), number);
  }
  void put(fact* one, int slot, const std::string& text) {
    slots_of(one)[slot].type = SYMBOL;
    slots_of(one)[slot].value = EnvAddSymbol(environment.get(), text.empty() ? "none" : text.c_str());
  }

  void put_url(fact* one, const std::string& url) {
    put(one, kUrl1, prefix_of(url, kUrl1));
    put(one, kUrl2, prefix_of(url, kUrl2));
  }

  // A fact like the one that is there.
  fact* changed(const Visitor& v) {
    fact* made = EnvCreateFact(environment.get(), visitor_template);
    if (v.now) std::copy_n(slots_of(v.now), kSlots, slots_of(made));
    return made;
  }

  void replace(Visitor& v, fact* by) {
    auto* there = static_cast<fact*>(EnvAssert(environment.get(), by));
    if (!there) fail("CLIPS does not take a fact");
    if (v.now) EnvRetract(environment.get(), v.now);
    v.now = there;
  }

  static std::int64_t passed(const std::vector<std::int64_t>& thresholds, std::int64_t since, std::int64_t t) {
    const auto next = std::upper_bound(thresholds.begin(), thresholds.end(), t - since);
    return next == thresholds.begin() ? 0 : *(next - 1) / 1000;
  }

  void put_time(fact* one, const Visitor& v, std::int64_t t) {
    put(one, kDwell, passed(thresholds.dwells, v.page_t, t));
    put(one, kSite, passed(thresholds.sites, v.session_t, t));
  }

  void load(Visitor& v, const Session& session, std::int64_t t) {
    v.known = session;
    v.page_t = session.page_t;
    v.session_t = session.session_t;
    fact* made = changed(v);
    put(made, kVisitorSlot, std::int64_t{v.index});
    put_url(made, session.url);
    put(made, kUtm, session.utm);
    put(made, kRef, session.ref);
    put(made, kCountry, session.country);
    put(made, kLang, session.lang);
    put(made, kDevice, session.device);
    put(made, kRet, std::int64_t{session.returning});
    put(made, kPages, std::int64_t{session.pages});
    put(made, kCart, session.cart);
    for (int i = 0; i < kAttributes; ++i)
      put(made, kAttr + i, std::int64_t{session.attributes[static_cast<std::size_t>(i)]});
    for (int i = 0; i < kEventNames; ++i)
      put(made, kEvent + i, std::int64_t{session.events[static_cast<std::size_t>(i)]});
    put_time(made, v, t);
    replace(v, made);
  }

  // -- rules

  enum class Page { kStarts, kGoesOn };

  // Lets CLIPS fire all that holds, and tells what is new.
  void run(Visitor& v, std::int64_t t, Page page) {
    before = v.held;
    std::fill(v.held.begin(), v.held.end(), 0);
    for (const std::uint32_t number : environment.run()) {
      const auto rule = static_cast<std::size_t>(rule_of[number]);
      if (has(v.held, rule)) continue;  // by another alternative
      add(v.held, rule);
      if (page == Page::kStarts || !has(before, rule)) edges.push_back({t, v.index, rule_of[number]});
    }
  }

  void schedule(Visitor& v, std::int64_t t) {
    const auto next = [t](const std::vector<std::int64_t>& some, std::int64_t since) {
      const auto place = std::upper_bound(some.begin(), some.end(), t - since);
      return place == some.end() ? INT64_MAX : since + *place;
    };
    const std::int64_t due = std::min(next(thresholds.dwells, v.page_t), next(thresholds.sites, v.session_t));
    wheel->set(v.timer, due == INT64_MAX ? rules::kNever : rules::at_ms(kEpoch + due));
  }

  void start() {
    wheel = std::make_unique<rules::TimerWheel>(rules::at_ms(kEpoch));
    visitors.clear();
    EnvReset(environment.get());
    const double memory = environment.bytes();
    const std::size_t edges_before = edges.size();
    for (std::size_t i = 0; i < workload.visitors.size(); ++i) {
      auto v = std::make_unique<Visitor>();
      v->index = static_cast<int>(i);
      v->held.assign(words, 0);
      load(*v, workload.visitors[i], 0);
      run(*v, 0, Page::kGoesOn);
      schedule(*v, 0);
      visitors.push_back(std::move(v));
    }
    edges.resize(edges_before);  // what holds at the start has had its say
    if (bytes == 0) bytes = (environment.bytes() - memory) / static_cast<double>(visitors.size());
  }

  void wake_due(std::int64_t t) {
    while (rules::Timer* timer = wheel->take_due(rules::at_ms(kEpoch + t))) {
      Visitor& v = *static_cast<Visitor*>(timer->owner());
      const std::int64_t due = rules::to_ms(timer->due()) - kEpoch;
      fact* made = changed(v);
      put_time(made, v, due);
      replace(v, made);
      run(v, due, Page::kGoesOn);
      schedule(v, due);
      ++wakes;
    }
  }

  void apply(const BenchEvent& event) {
    wake_due(event.t);
    Visitor& v = *visitors[static_cast<std::size_t>(event.visitor)];
    const auto which = static_cast<std::size_t>(event.which);
    if (event.kind == BenchEvent::Kind::kSession) {
      load(v, event.session, event.t);
      run(v, event.t, Page::kStarts);
      return schedule(v, event.t);
    }
    fact* made = changed(v);
    Page page = Page::kGoesOn;
    switch (event.kind) {
      case BenchEvent::Kind::kPage:
        v.page_t = event.t;
        put_url(made, event.url);
        put(made, kPages, std::int64_t{++v.known.pages});
        put_time(made, v, event.t);
        page = Page::kStarts;
        break;
      case BenchEvent::Kind::kCart:
        put(made, kCart, event.cart);
        break;
      case BenchEvent::Kind::kEvent:
        put(made, kEvent + event.which, std::int64_t{++v.known.events[which]});
        break;
      default:
        put(made, kAttr + event.which, std::int64_t{event.value});
        break;
    }
    replace(v, made);
    run(v, event.t, page);
    if (page == Page::kStarts) schedule(v, event.t);
  }

  const Workload& workload;
  std::vector<Edge>& edges;
  std::uint64_t& wakes;
  Environment environment;
  void* visitor_template = nullptr;
  std::vector<int> rule_of;  // of each alternative
  Thresholds thresholds;
  std::size_t words = 0;
  std::vector<std::unique_ptr<Visitor>> visitors;
  std::unique_ptr<rules::TimerWheel> wheel;
  Bits before;
  double bytes = 0;
};

ClipsRun::ClipsRun(const Workload& workload, int rules, Order order)
    : impl_(std::make_unique<Impl>(workload, rules, order, edges, wakes)) {}
ClipsRun::~ClipsRun() = default;
void ClipsRun::start() { impl_->start(); }
void ClipsRun::apply(const BenchEvent& event) { impl_->apply(event); }
double ClipsRun::bytes_per_visitor() const { return impl_->bytes; }

}  // namespace beckon::bench
