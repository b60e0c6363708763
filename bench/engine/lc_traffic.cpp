#include "lc_traffic.hpp"

namespace beckon::bench {

Traffic::Traffic(std::uint64_t seed, int visitors) : random_(seed), visitors_(visitors) {
  for (int v = 0; v < visitors; ++v) sessions_.push_back(session(0));
}

BenchEvent Traffic::step() {
  time_ += random_.exponential(20000.0 / visitors_);
  BenchEvent event;
  event.t = static_cast<std::int64_t>(time_);
  event.visitor = random_.below(visitors_);
  Session& of = sessions_[static_cast<std::size_t>(event.visitor)];
  const double u = random_.unit();
  if (u < .03) {
    of = event.session = session(event.t);
    event.kind = BenchEvent::Kind::kSession;
  } else if (u < .45) {
    event.kind = BenchEvent::Kind::kPage;
    of.url = event.url = url();
    ++of.pages;
    of.page_t = event.t;
  } else if (u < .60) {
    event.kind = BenchEvent::Kind::kCart;
    of.cart = event.cart =
        random_.chance(.3)
            ? 0
            : std::min<std::int64_t>(99999,
                                     std::max<std::int64_t>(100, static_cast<std::int64_t>(random_.exponential(8000))));
  } else if (u < .90) {
    event.kind = BenchEvent::Kind::kEvent;
    event.which = event_(random_);
    ++of.events[static_cast<std::size_t>(event.which)];
  } else {
    event.kind = BenchEvent::Kind::kAttr;
    event.which = random_.below(kAttributes);
    event.value = random_.below(kValues);
    of.attributes[static_cast<std::size_t>(event.which)] = event.value;
  }
  return event;
}

void Traffic::warm_up() {
  for (int i = 0; i < 60 * visitors_; ++i) static_cast<void>(step());
  const std::int64_t base = static_cast<std::int64_t>(time_);
  for (Session& of : sessions_) {
    of.page_t -= base;
    of.session_t -= base;
  }
  time_ = 0;
}

std::string Traffic::url() {
  const int section = section_(random_), category = category_(random_);
  return numbered("/s%02d/c%02d/p%02d.html", section, category, random_.below(100));
}

Session Traffic::session(std::int64_t t) {
  Session of;
  const double u = random_.unit();
  of.url = url();
  of.country = kCountries[static_cast<std::size_t>(country_(random_))];
  of.lang = kLangs[static_cast<std::size_t>(lang_(random_))];
  of.device = kDevices[u < .55 ? 0 : u < .95 ? 1 : 2];
  if (random_.chance(.5)) of.utm = kUtms[static_cast<std::size_t>(utm_(random_))];
  if (random_.chance(.6)) of.ref = kRefs[static_cast<std::size_t>(ref_(random_))];
  of.returning = random_.chance(.35);
  for (int& value : of.attributes) value = random_.below(kValues);
  of.page_t = of.session_t = t;
  return of;
}

}  // namespace beckon::bench
