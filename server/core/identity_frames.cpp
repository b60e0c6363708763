// Who a visitor is changes: consent, signed identities, starting over.
#include <algorithm>
#include <utility>

#include "core/identity.hpp"
#include "core/panel.hpp"
#include "core/shard_core.hpp"
#include "core/token.hpp"

namespace beckon::core {

namespace {

// A page as it was last told, to be told again to another visitor's rules.
ToldPage page_of(const rules::VisitorSnapshot& known, const std::string& tab) {
  const auto found = std::find_if(known.tabs.begin(), known.tabs.end(), [&](const auto& each) { return each.id == tab; });
  if (found == known.tabs.end()) return {};
  return {found->page.url, found->page.title, found->page.referrer, found->hidden};
}

}  // namespace

void ShardCore::on_consent(Link& link, const protocol::Consent& frame) {
  Visitor& visitor = *link.visitor;
  if (!frame.value) return forget(link, frame.id);
  // The browser's own signal counts more than what the page says.
  if (link.upgrade.privacy == PrivacySignal::kRefuses) return;
  switch (visitor.keep) {
    case Keep::kNothing: replace(visitor, Keep::kStored, TakeChat::kYes); return;
    case Keep::kMemory:
      grant(visitor);
      for (const auto& load : visitor.loads) {
        if (load->link != nullptr) welcome(*load->link, PageStart::kResumed);
      }
      return;
    case Keep::kStored:
      if (visitor.consents()) return;
      rules::Event yes;
      yes.type = rules::EventType::kConsent;
      yes.tab = link.load->tab;
      apply(visitor, yes);
      return;
  }
}

// From memory to the store: what this page load knows is kept.
void ShardCore::grant(Visitor& visitor) {
  visitor.keep = Keep::kStored;
  visitor.site.recorder.visitor(now, visitor.id, visitor.site.engine->snapshot(visitor.state));
  rules::Event yes;
  yes.type = rules::EventType::kConsent;
  const std::string tab = visitor.loads.empty() ? "0" : visitor.loads.back()->tab;
  yes.tab = tab;
  apply(visitor, yes);
  save(visitor);
}

// Consent was refused: everything is erased, the page goes on with a visitor of whom nothing is kept.
void ShardCore::erase_visitor(const base::SiteId& site_id, const base::VisitorId& id,
                              std::function<void(base::Status)> done) {
  base::ConversationId conversation;
  Site* const site = find_site(site_id);
  const auto found = site == nullptr ? decltype(site->visitors.find({})){} : site->visitors.find(id.text());
  if (site != nullptr && found != site->visitors.end()) {
    Visitor& visitor = *found->second;
    if (visitor.chat && visitor.chat->row) conversation = visitor.chat->row->id;
    // What the visitor leaves behind goes to the store before the erasure, which takes it away again.
    replace(visitor, visitor.keep, TakeChat::kNo);
    site->recorder.flush();
    erase_from_memory(visitor);
  }
  store.erase(site_id, id, post, [this, site_id, id, conversation, done = std::move(done)](base::Status erased) {
    enter();
    Site* const here = find_site(site_id);
    if (erased && !conversation.empty() && here != nullptr && here->chat) here->chat->erased(conversation, id);
    done(std::move(erased));
  });
}

void ShardCore::forget(Link& link, std::int64_t frame) {
  Visitor& visitor = *link.visitor;
  Site& site = visitor.site;
  if (visitor.keep == Keep::kNothing) return;
  if (visitor.keep == Keep::kStored || SiteChat::must_erase(visitor)) {
    site.recorder.flush();
    const bool has_one = visitor.chat && visitor.chat->row;
    const base::ConversationId conversation = has_one ? visitor.chat->row->id : base::ConversationId();
    store.erase(site.id(), visitor.id, post,
                [this, load = begin_frame(link, frame), frame, conversation, id = visitor.id,
                 site_id = site.id()](base::Status erased) {
                  enter();
                  finish_frame(load, frame, erased);
                  Site* const here = find_site(site_id);
                  if (erased && !conversation.empty() && here != nullptr) here->chat->erased(conversation, id);
                });
  }
  replace(visitor, Keep::kNothing, TakeChat::kNo);
  erase_from_memory(visitor);
}

void ShardCore::start_over(Visitor& visitor) {
  Visitor& fresh = replace(visitor, visitor.keep, TakeChat::kNo);
  save(fresh);
}

Visitor& ShardCore::replace(Visitor& old, Keep keep, TakeChat take) {
  Site& site = old.site;
  const bool was_online = old.online();
  const bool erased = old.keep == Keep::kStored && keep == Keep::kNothing;
  const rules::VisitorSnapshot known = site.engine->snapshot(old.state);
  Visitor& fresh = create(site, keep, new_id());
  fresh.language = old.language;
  fresh.country = old.country;
  fresh.browser = old.browser;

  // The old visitor leaves its pages; one that is being erased must not be written about again.
  std::vector<std::shared_ptr<PageLoad>> moved;
  for (const auto& load : std::exchange(old.loads, {})) {
    if (load->link != nullptr) moved.push_back(load);
    else if (site.by_session.contains(load->session)) moved.push_back(load);
    else old.loads.push_back(load);
  }
  if (!erased) {
    for (const auto& load : moved) {
      if (!old.shows_page(load->tab)) continue;
      rules::Event leaves;
      leaves.type = rules::EventType::kLeave;
      leaves.tab = load->tab;
      apply(old, leaves);
    }
  }
  bool online = false;
  for (const auto& load : moved) {
    if (old.offer && load->link != nullptr) {
      auto text = std::make_shared<std::string>();
      protocol::encode_withdraw(*text, old.offer->id.text(), "withdrawn");
      send(*load->link, std::move(text), WhileOpening::kDrop);
    }
    fresh.loads.push_back(load);
    if (keep == Keep::kStored) site.by_session.erase(load->session);
    else site.by_session[load->session] = &fresh;
    if (load->link == nullptr) continue;
    load->link->visitor = &fresh;
    load->link->phase = Link::Phase::kOpening;
    online = true;
  }
  if (online && !was_online) ++counters.visitors_online;

  if (keep == Keep::kStored && !fresh.consents() && !fresh.loads.empty()) {
    rules::Event yes;
    yes.type = rules::EventType::kConsent;
    yes.tab = fresh.loads.back()->tab;
    apply(fresh, yes);
  }
  for (const auto& load : fresh.loads) {
    if (load->link == nullptr) continue;
    const ToldPage told = load->told ? *load->told : page_of(known, load->tab);
    load->told.reset();
    protocol::Page page{told.url, told.title, {}, told.hidden};
    if (told.referrer) page.referrer = *told.referrer;
    apply_page(fresh, *load, page, PageFacts::kBrowser);
  }
  if (site.chat && take == TakeChat::kYes) site.chat->move(old, fresh);
  for (const auto& load : fresh.loads) {
    if (load->link != nullptr) welcome(*load->link, PageStart::kAnew);
  }
  if (site.chat && take == TakeChat::kNo) site.chat->show_anew(fresh);
  if (keep == Keep::kStored) save(fresh);
  schedule(old);
  schedule(fresh);
  return fresh;
}

void ShardCore::on_identify(Link& link, const protocol::Identify& frame) {
  Visitor& visitor = *link.visitor;
  Site& site = visitor.site;
  if (visitor.keep == Keep::kNothing) return;
  const auto identity = verify_identity(frame.jwt, site.settings->identity_key, site.id(), now);
  if (!identity) return refuse(link, frame.id, "bad_identity", "the identity was not accepted");
  if (visitor.keep == Keep::kMemory || visitor.identity == *identity) return set_identified(visitor, *identity);

  store.find_identity(site.id(), *identity, post,
                      [this, site_id = site.id(), id = visitor.id.text(), load = begin_frame(link, frame.id),
                       frame_id = frame.id, who = *identity](base::Result<std::optional<base::VisitorId>> found) {
                        enter();
                        Site* const here = find_site(site_id);
                        const auto still = here == nullptr ? decltype(here->visitors.find(id)){} : here->visitors.find(id);
                        if (found && here != nullptr && still != here->visitors.end()) identify(*still->second, who, *found);
                        finish_frame(load, frame_id, found ? base::Status() : found.error());
                      });
}

void ShardCore::set_identified(Visitor& visitor, const std::string& identity) {
  const bool same = visitor.identity == identity;
  visitor.identity = identity;
  if (same || visitor.loads.empty()) return;
  const std::string tab = visitor.loads.back()->tab;
  rules::Event event;
  event.type = rules::EventType::kIdentified;
  event.tab = tab;
  apply(visitor, event);
  save(visitor);
}

void ShardCore::identify(Visitor& visitor, const std::string& identity, const std::optional<base::VisitorId>& known_as) {
  if (known_as && *known_as != visitor.id) return become(visitor, *known_as);
  if (visitor.identity.empty()) return set_identified(visitor, identity);
  // Somebody else signed in on this browser: what was known is not theirs.
  if (visitor.identity != identity) set_identified(replace(visitor, Keep::kStored, TakeChat::kNo), identity);
}

// The person is known as another visitor, on whichever shard: the browser gets that visitor's token and comes back with it.
// The conversation goes along first, so that it is there when the browser comes.
void ShardCore::become(Visitor& visitor, const base::VisitorId& other) {
  if (!visitor.site.chat) return become_now(visitor, other);
  visitor.site.chat->hand_over(visitor, other, [this, site_id = visitor.site.id(), id = visitor.id.text(), other] {
    Site* const site = find_site(site_id);
    if (site == nullptr) return;
    const auto still = site->visitors.find(id);
    if (still != site->visitors.end()) become_now(*still->second, other);
  });
}

void ShardCore::become_now(Visitor& visitor, const base::VisitorId& other) {
  const std::string token = make_token(options.key, visitor.site.id(), other, now);
  protocol::Welcome frame;
  frame.visitor = other.text();
  frame.token = token;
  frame.consent = visitor.consents();
  frame.demo = visitor.site.settings->demo == DemoPanel::kOn;
  frame.theme = visitor.site.settings->theme;
  for (const auto& load : visitor.loads) {
    if (load->link == nullptr) continue;
    // What was applied here is not to be sent to the other visitor again.
    frame.last = load->last;
    auto text = std::make_shared<std::string>();
    protocol::encode_welcome(*text, frame);
    send(*load->link, std::move(text));
    close(*load->link, protocol::CloseCode::kStartOver, "signed in: come back with the new token");
    leave(visitor, *load);
  }
  schedule(visitor);
}

}  // namespace beckon::core
