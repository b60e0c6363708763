// From hello to welcome: who is this, and what does it know already?
#include <algorithm>
#include <utility>

#include "core/localize.hpp"
#include "core/shard_core.hpp"
#include "core/token.hpp"

namespace beckon::core {

namespace {

// Headers that have been read take no memory any more.
void forget_headers(Upgrade& upgrade) {
  for (std::string* const each : {&upgrade.user_agent, &upgrade.accept_language, &upgrade.ch_ua, &upgrade.ch_ua_mobile,
                                  &upgrade.ch_ua_platform, &upgrade.country}) {
    std::string().swap(*each);
  }
}

bool refused(const Link& link, const protocol::Hello& hello) {
  return link.upgrade.privacy == PrivacySignal::kRefuses || hello.consent == false;
}

Keep keep_of(const Link& link, const protocol::Hello& hello, const SiteSettings& settings) {
  if (refused(link, hello)) return Keep::kNothing;
  return settings.consent == ConsentMode::kGranted || hello.consent == true ? Keep::kStored : Keep::kMemory;
}

}  // namespace

void ShardCore::on_hello(Link& link, const protocol::Hello& hello, std::string_view text) {
  Site* const site = find_site(link.upgrade.site);
  if (site == nullptr || hello.site != site->id().text()) {
    ++counters.refused_frames;
    return close(link, protocol::CloseCode::kForbidden, "hello: not this connection's site");
  }
  ++counters.hellos;
  // Of those who refuse a token proves whose conversation it is, and nothing else.
  if (hello.token.empty() || (refused(link, hello) && !site->has_chat())) return open_unknown(link, *site, hello);

  // Another shard's visitor is as good as a wrong token: its connections are led there by the routing hint.
  const auto known = check_token(options.key, site->id(), hello.token, now);
  if (!known || rules::shard_of(known->text(), options.count) != options.index) {
    ++counters.reidentified;
    if (addresses.bad_token(link.upgrade.address, now) == Addresses::Answer::kTooMany) {
      ++counters.throttled;
      return close(link, protocol::CloseCode::kThrottled, "too many hellos from this address");
    }
    return open_unknown(link, *site, hello);
  }
  const auto found = site->visitors.find(known->text());
  if (found == site->visitors.end()) return load(link, *site, *known, text);
  readmit(link, *found->second, hello);
}

void ShardCore::readmit(Link& link, Visitor& known, const protocol::Hello& hello) {
  const Keep keep = keep_of(link, hello, *known.site.settings);
  if (known.keep == Keep::kStored) {
    // This page refuses what another one of the same visitor allows: it is nobody's.
    return keep == Keep::kNothing ? open_unknown(link, known.site, hello) : admit(link, known, hello);
  }
  if ((known.keep == Keep::kNothing) != (keep == Keep::kNothing)) {
    return admit(link, replace(known, keep, TakeChat::kYes), hello);
  }
  // Found by what the chat gave: the pages before this one are not remembered all the same.
  if (!known.online() && known.find_load(hello.tab, hello.session) == nullptr) forget_pages(known);
  admit(link, known, hello);
}

void ShardCore::load(Link& link, Site& site, const base::VisitorId& id, std::string_view text) {
  link.phase = Link::Phase::kLoading;
  link.pending = std::make_unique<Pending>();
  link.pending->visitor = id;
  link.pending->frames.emplace_back(text);
  timers.set(link, now + kLoadWithin);
  std::vector<Link*>& waiting = site.loading[id.text()];
  waiting.push_back(&link);
  if (waiting.size() > 1) return;
  ++counters.visitors_loading;
  // Reads are answered in the order asked: the last answer makes it complete.
  const auto known = std::make_shared<base::Result<KnownVisitor>>(KnownVisitor());
  const auto ready = [this, site_id = site.id(), id, known] {
    enter();
    loaded(site_id, id, *known);
  };
  store.load_visitor(site.id(), id, post, [known, ready, last = !site.has_chat()](auto result) {
    if (!result) *known = result.error();
    else (*known)->record = std::move(*result);
    if (last) ready();
  });
  if (!site.has_chat()) return;
  store.find_conversation(site.id(), id, post, [known, ready](auto result) {
    if (!result) *known = result.error();
    else if (*known) (*known)->conversation = std::move(*result);
    ready();
  });
}

void ShardCore::loaded(const base::SiteId& site_id, const base::VisitorId& id, base::Result<KnownVisitor> known) {
  --counters.visitors_loading;
  Site* const site = find_site(site_id);
  if (site == nullptr) return;
  const auto node = site->loading.extract(id.text());
  if (node.empty() || node.mapped().empty()) return;
  if (!known) {
    ++counters.store_errors;
    unread_record.tell(known.error().message, now);
    for (Link* const link : node.mapped()) {
      close(*link, protocol::CloseCode::kStoreUnavailable, "the visitor's record cannot be read");
    }
    return;
  }
  for (Link* const link : node.mapped()) open_pending(*link, id, *known);
}

// Somebody who is in the store comes into memory: with everything, or, without consent, with the conversation alone.
Visitor* ShardCore::bring_in(Site& site, const base::VisitorId& id, Keep keep, const KnownVisitor& known) {
  Visitor* visitor = known.record && keep != Keep::kNothing ? import(site, *known.record) : nullptr;
  if (!known.conversation || !site.chat) return visitor;
  if (visitor == nullptr) visitor = &create(site, keep, id);
  site.chat->adopt(*visitor, *known.conversation);
  return visitor;
}

void ShardCore::open_pending(Link& link, const base::VisitorId& id, const KnownVisitor& known) {
  const std::unique_ptr<Pending> pending = std::exchange(link.pending, nullptr);
  const protocol::Decoded decoded = decoder.decode(pending->frames.front());
  const auto& hello = std::get<protocol::Hello>(std::get<protocol::ClientFrame>(decoded));
  Site& site = *find_site(link.upgrade.site);
  if (const auto found = site.visitors.find(id.text()); found != site.visitors.end()) {
    readmit(link, *found->second, hello);
  } else if (Visitor* const visitor = bring_in(site, id, keep_of(link, hello, *site.settings), known)) {
    admit(link, *visitor, hello);
  } else {
    // Erased or purged: the token leads to nobody.
    ++counters.reidentified;
    open_unknown(link, site, hello);
  }
  for (std::size_t i = 1; i < pending->frames.size() && link.phase == Link::Phase::kOpen; ++i) {
    on_frame(link, pending->frames[i]);
  }
}

// Nobody that a token proves: somebody of this page load whom nothing was given to keep, or somebody new.
void ShardCore::open_unknown(Link& link, Site& site, const protocol::Hello& hello) {
  const Keep keep = keep_of(link, hello, *site.settings);
  if (const auto found = site.by_session.find(std::string(hello.session)); found != site.by_session.end()) {
    Visitor& known = *found->second;
    if (known.find_load(hello.tab, hello.session) != nullptr) {
      // A yes may have come since; a no, or a yes after a no, makes another visitor of it.
      if (known.keep == keep || (known.keep != Keep::kNothing && keep != Keep::kNothing)) return admit(link, known, hello);
      return admit(link, replace(known, keep, TakeChat::kYes), hello);
    }
  }
  if (options.limits.visitors > 0 && counters.visitors >= options.limits.visitors) {
    ++counters.throttled;
    return close(link, protocol::CloseCode::kThrottled, "too many visitors");
  }
  admit(link, create(site, keep, new_id()), hello);
}

void ShardCore::admit(Link& link, Visitor& visitor, const protocol::Hello& hello) {
  if (const std::size_t most = options.limits.connections_per_visitor; most > 0 && visitor.connections() >= most) {
    ++counters.throttled;
    return close(link, protocol::CloseCode::kThrottled, "too many connections of one visitor");
  }
  if (hello.resume == protocol::Resume::kResume) ++counters.resumes;
  visitor.browser = browser_facts(link.upgrade);
  visitor.country = link.upgrade.country;
  visitor.language = is_language_tag(hello.language) ? hello.language : preferred_language(link.upgrade.accept_language);
  forget_headers(link.upgrade);

  const PageLoad* const before = visitor.find_load(hello.tab, hello.session);
  const bool goes_on = hello.resume == protocol::Resume::kResume && before != nullptr &&
                       before == visitor.load_of(hello.tab) &&
                       (visitor.keep == Keep::kNothing || visitor.shows_page(hello.tab));
  const bool is_new = visitor.saved == base::Instant{};
  PageLoad& load = take_load(link, visitor, hello);

  if (visitor.keep == Keep::kMemory && hello.consent == true) grant(visitor);
  if (visitor.keep == Keep::kStored && hello.consent == true && !visitor.consents()) {
    rules::Event yes;
    yes.type = rules::EventType::kConsent;
    yes.tab = load.tab;
    apply(visitor, yes);
  }
  if (!goes_on) apply_page(visitor, load, hello.page, PageFacts::kBrowser);
  welcome(link, goes_on ? PageStart::kResumed : PageStart::kAnew);
  if (visitor.site.has_chat()) {
    visitor.site.chat->welcomed(link, hello);
    visitor.site.chat->presence_changed(visitor);
    if (!visitor.identity.empty()) visitor.site.chat->look_up(visitor);
  }
  if (is_new) save(visitor);
  schedule(visitor);
}

PageLoad& ShardCore::take_load(Link& link, Visitor& visitor, const protocol::Hello& hello) {
  if (const PageLoad* const latest = visitor.load_of(hello.tab); latest != nullptr && latest->link != nullptr) {
    close(*latest->link, protocol::CloseCode::kReplaced, "the same tab connected again");
  }
  if (const PageLoad* const same = visitor.find_load(hello.tab, hello.session); same != nullptr && same->link != nullptr) {
    close(*same->link, protocol::CloseCode::kReplaced, "the same tab connected again");
  }
  if (!visitor.online()) ++counters.visitors_online;

  auto place = std::find_if(visitor.loads.begin(), visitor.loads.end(), [&](const auto& each) {
    return each->tab == hello.tab && each->session == hello.session;
  });
  if (place == visitor.loads.end()) {
    if (visitor.loads.size() >= kMaxSessionsKept) {
      const auto idle = std::find_if(visitor.loads.begin(), visitor.loads.end(),
                                     [](const auto& each) { return each->link == nullptr; });
      if (idle != visitor.loads.end()) {
        if ((*idle)->gone != base::kNever && visitor.load_of((*idle)->tab) == idle->get()) leave(visitor, **idle);
        visitor.site.by_session.erase((*idle)->session);
        visitor.loads.erase(idle);
      }
    }
    auto fresh = std::make_shared<PageLoad>();
    fresh->tab = hello.tab;
    fresh->session = hello.session;
    visitor.loads.push_back(std::move(fresh));
    place = visitor.loads.end() - 1;
    if (visitor.keep != Keep::kStored) visitor.site.by_session[std::string(hello.session)] = &visitor;
  }
  std::rotate(place, place + 1, visitor.loads.end());
  PageLoad& load = *visitor.loads.back();
  // The tab shows this page now: what it showed before has nothing to leave any more.
  for (const auto& each : visitor.loads) {
    if (each->tab == load.tab) each->gone = base::kNever;
  }
  load.link = &link;
  link.load = &load;
  link.visitor = &visitor;
  link.phase = Link::Phase::kOpening;
  link.awaits_pong = false;
  timers.set(link, now + protocol::kPingEvery);
  return load;
}

void ShardCore::welcome(Link& link, PageStart start) {
  Visitor& visitor = *link.visitor;
  Site& site = visitor.site;
  protocol::Welcome frame;
  frame.visitor = visitor.id.text();
  const std::string token =
      visitor.keep == Keep::kStored || SiteChat::has_token(visitor) ? make_token(options.key, site.id(), visitor.id, now) : std::string();
  frame.token = token;
  frame.last = link.load->settled();
  frame.resumed = start == PageStart::kResumed;
  if (visitor.keep == Keep::kStored) frame.consent = visitor.consents();
  if (visitor.keep == Keep::kNothing) frame.consent = false;
  frame.tracking = visitor.keep != Keep::kNothing;
  frame.demo = site.settings->demo == DemoPanel::kOn;

  protocol::OfferFrame offer;
  if (visitor.offer) {
    // An offer that outlives its page shows where the visitor is now.
    const OpenOffer& open = *visitor.offer;
    const std::string& tab = open.until == rules::Until::Kind::kPage ? open.tab.text() : link.load->tab;
    offer = {open.id.text(), open.rule.text(), open.kind, tab, open.body};
    frame.offers = {&offer, 1};
  }
  auto texts = site.texts.find(visitor.language);
  if (texts == site.texts.end()) {
    constexpr std::size_t kMaxLanguagesKept = 256;
    if (site.texts.size() >= kMaxLanguagesKept) site.texts.clear();
    texts = site.texts.emplace(visitor.language, texts_json(site.settings->texts, spoken_language(*site.settings, visitor.language))).first;
  }
  frame.texts = texts->second;
  frame.theme = site.settings->theme;
  if (site.has_chat()) frame.chat = site.chat->welcome(visitor);

  constexpr std::size_t kUsualBytes = 512;
  auto text = std::make_shared<std::string>();
  text->reserve(kUsualBytes + frame.texts.size());
  protocol::encode_welcome(*text, frame);
  link.phase = Link::Phase::kOpen;
  link.connection.send(std::move(text));
  for (SharedFrame& each : std::exchange(link.early, {})) link.connection.send(std::move(each));
  for (const std::int64_t id : std::exchange(link.load->failed, {})) {
    refuse(link, id, "store_unavailable", "could not be written: send it again under a new id");
  }
}

}  // namespace beckon::core
