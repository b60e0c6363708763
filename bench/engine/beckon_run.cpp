#include "beckon_run.hpp"

#include <algorithm>

namespace beckon::bench {
namespace {

constexpr std::int64_t kEpoch = 1'000'000'000'000;

rules::Instant at(std::int64_t t) { return rules::at_ms(kEpoch + t); }

}  // namespace

BeckonRun::BeckonRun(const Workload& workload, std::shared_ptr<const rules::RuleSet> set)
    : workload_(workload),
      engine_(std::move(set), {.visit_timeout = std::chrono::hours(24 * 365), .consent = true, .calendar = nullptr}) {
  for (int i = 0; i < kEventNames; ++i) event_names_.push_back((i < 10 ? "e0" : "e") + std::to_string(i));
  for (int i = 0; i < kAttributes; ++i) attr_names_.push_back("a" + std::to_string(i));
  for (const BenchEvent& event : workload.events) {
    Prepared one{.t = at(event.t), .visitor = event.visitor, .kind = event.kind};
    switch (event.kind) {
      case BenchEvent::Kind::kSession: {
        one.url = url(event.session.url, event.session.utm);
        one.newcomer = static_cast<std::uint32_t>(newcomers_.size());
        Newcomer& newcomer = newcomers_.emplace_back("v" + std::to_string(event.visitor), rules::VisitorSnapshot(), &event.session);
        for (int i = 0; i < kAttributes; ++i) {
          newcomer.known.attributes.emplace_back(attr_names_[static_cast<std::size_t>(i)],
                                                 static_cast<double>(event.session.attributes[static_cast<std::size_t>(i)]));
        }
        if (event.session.returning) {
          newcomer.known.visits = 1;
          newcomer.known.last_event = at(0) - std::chrono::hours(24);
        }
        break;
      }
      case BenchEvent::Kind::kPage:
        one.url = url(event.url, "");
        break;
      case BenchEvent::Kind::kCart:
        one.number = static_cast<double>(event.cart);
        break;
      case BenchEvent::Kind::kEvent:
        one.name = event_names_[static_cast<std::size_t>(event.which)];
        break;
      case BenchEvent::Kind::kAttr:
        one.name = attr_names_[static_cast<std::size_t>(event.which)];
        one.number = static_cast<double>(event.value);
        break;
    }
    prepared_.push_back(one);
  }
}

// Into event_, of which nothing but what is of its type is looked at.
void BeckonRun::read(const Prepared& prepared) {
  switch (prepared.kind) {
    case BenchEvent::Kind::kSession: {
      const Session& session = *newcomers_[prepared.newcomer].session;
      event_.type = rules::EventType::kPage;
      event_.url = prepared.url;
      event_.country = session.country;
      event_.language = session.lang;
      event_.device = session.device;
      if (!session.ref.empty()) event_.referrer = session.ref;
      break;
    }
    case BenchEvent::Kind::kPage:
      event_.type = rules::EventType::kPage;
      event_.url = prepared.url;
      break;
    case BenchEvent::Kind::kCart:
      event_.type = rules::EventType::kCart;
      event_.value = prepared.number;
      break;
    case BenchEvent::Kind::kEvent:
      event_.type = rules::EventType::kEvent;
      event_.name = prepared.name;
      break;
    case BenchEvent::Kind::kAttr:
      event_.type = rules::EventType::kAttr;
      event_.name = prepared.name;
      event_.scalar = prepared.number;
      break;
  }
}

rules::PageUrl* BeckonRun::url(const std::string& path, const std::string& campaign) {
  auto made = std::make_unique<rules::PageUrl>();
  rules::parse_page_url(path + (campaign.empty() ? "" : "?utm_campaign=" + campaign), {}, *made);
  urls_.push_back(std::move(made));
  return urls_.back().get();
}

rules::VisitorSnapshot BeckonRun::snapshot(const Session& session) const {
  rules::VisitorSnapshot s;
  s.visits = session.returning ? 2 : 1;
  s.now = s.last_event = at(0);
  s.country = session.country;
  s.language = session.lang;
  s.device = session.device;
  s.cart_value = static_cast<double>(session.cart);
  s.cart_at = at(0);
  for (int i = 0; i < kAttributes; ++i) {
    s.attributes.emplace_back(attr_names_[static_cast<std::size_t>(i)],
                              static_cast<double>(session.attributes[static_cast<std::size_t>(i)]));
  }
  rules::VisitSnapshot& visit = s.visit.emplace();
  visit.started = at(session.session_t);
  visit.pages = static_cast<std::uint32_t>(session.pages);
  if (!session.utm.empty()) visit.utm_campaign = session.utm;
  if (!session.ref.empty()) visit.referrer = session.ref;
  for (int i = 0; i < kEventNames; ++i) {
    for (int n = 0; n < session.events[static_cast<std::size_t>(i)]; ++n) {
      s.events.push_back({at(session.session_t), "0", false, event_names_[static_cast<std::size_t>(i)], {}});
    }
  }
  rules::TabSnapshot tab;
  tab.id = "0";
  tab.open = true;
  tab.page.url = session.url;
  tab.page.started = tab.page.idle_since = tab.page.seen = at(session.page_t);
  s.tabs.push_back(std::move(tab));
  return s;
}

void BeckonRun::start() {
  guests_.clear();
  wheel_ = std::make_unique<rules::TimerWheel>(at(0));
  for (std::size_t v = 0; v < workload_.visitors.size(); ++v) {
    auto guest = std::make_unique<Guest>(engine_.import("v" + std::to_string(v), snapshot(workload_.visitors[v])));
    guest->index = static_cast<int>(v);
    wheel_->set(guest->timer, guest->visitor.next_deadline());
    guests_.push_back(std::move(guest));
  }
}

void BeckonRun::tell(const Guest& guest) {
  decisions += out_.decisions.size();
  if (edges) {
    for (const rules::Decision& decision : out_.decisions) {
      edges->push_back({rules::to_ms(decision.t) - kEpoch, guest.index, static_cast<int>(decision.rule)});
    }
  }
  out_.clear();
}

void BeckonRun::apply(std::size_t place) {
  const Prepared& prepared = prepared_[place];
  while (rules::Timer* timer = wheel_->take_due(prepared.t)) {
    Guest& guest = *static_cast<Guest*>(timer->owner());
    engine_.pass(guest.visitor, timer->due(), out_);
    ++wakes;
    tell(guest);
    wheel_->set(guest.timer, guest.visitor.next_deadline());
  }
  Guest& guest = *guests_[static_cast<std::size_t>(prepared.visitor)];
  read(prepared);
  const bool is_new = prepared.kind == BenchEvent::Kind::kSession;
  if (is_new) {
    const Newcomer& newcomer = newcomers_[prepared.newcomer];
    guest.visitor = engine_.import(newcomer.id, newcomer.known);
  }
  engine_.apply(guest.visitor, prepared.t, event_, out_);
  if (is_new) event_ = rules::Event();
  tell(guest);
  wheel_->set(guest.timer, guest.visitor.next_deadline());
}

double BeckonRun::bytes_per_visitor() const {
  double sum = 0;
  for (const auto& guest : guests_) sum += static_cast<double>(guest->visitor.memory_bytes());
  return sum / static_cast<double>(guests_.size());
}

}  // namespace beckon::bench
