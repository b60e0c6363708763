// What clients send once they are welcome.
#include <algorithm>
#include <utility>

#include "core/form_answers.hpp"
#include "core/panel.hpp"
#include "core/shard_core.hpp"

namespace beckon::core {

void ShardCore::on_frame(Link& link, std::string_view text) {
  const protocol::Decoded decoded = decoder.decode(text);
  if (const auto* const refusal = std::get_if<protocol::Refusal>(&decoded)) {
    ++counters.refused_frames;
    return close(link, refusal->code, refusal->reason);
  }
  const auto& frame = std::get<protocol::ClientFrame>(decoded);
  const auto* const hello = std::get_if<protocol::Hello>(&frame);
  if (link.phase == Link::Phase::kHello) {
    if (hello != nullptr) return on_hello(link, *hello, text);
    ++counters.refused_frames;
    return close(link, protocol::CloseCode::kNoHello, "the first frame must be a hello");
  }
  if (hello != nullptr) {
    ++counters.refused_frames;
    return close(link, protocol::CloseCode::kForbidden, "a second hello");
  }

  PageLoad& load = *link.load;
  const std::int64_t id = protocol::id_of(frame);
  if (id <= load.last) {
    ++counters.duplicate_frames;
    return queue_ack(link);
  }
  load.last = id;
  if (const auto* const events = std::get_if<protocol::Events>(&frame)) on_events(link, *events);
  else if (const auto* const outcome = std::get_if<protocol::OfferOutcome>(&frame)) on_outcome(link, *outcome);
  else if (const auto* const callback = std::get_if<protocol::Callback>(&frame)) on_callback(link, *callback);
  else if (const auto* const survey = std::get_if<protocol::Survey>(&frame)) on_survey(link, *survey);
  else if (const auto* const consent = std::get_if<protocol::Consent>(&frame)) on_consent(link, *consent);
  else if (const auto* const identify = std::get_if<protocol::Identify>(&frame)) on_identify(link, *identify);
  else if (const auto* const panel = std::get_if<protocol::Panel>(&frame)) on_panel(link, *panel);
  else if (!link.visitor->site.has_chat()) refuse(link, id, "not_allowed", "this site has no chat");
  else link.visitor->site.chat->take(link, frame);
  if (link.phase == Link::Phase::kOpen) queue_ack(link);
}

void ShardCore::on_events(Link& link, const protocol::Events& frame) {
  counters.events += frame.events.size();
  // One frame has been paid for; its events cost a tenth each.
  const ShardLimits& limits = options.limits;
  if (!link.frames.take(static_cast<double>(frame.events.size()) / 10, limits.frames_per_second, limits.frames_burst, now)) {
    ++counters.throttled;
    // Not applied: a client that comes back sends it again.
    link.load->last = frame.id - 1;
    return close(link, protocol::CloseCode::kThrottled, "more events than allowed");
  }
  Visitor& visitor = *link.visitor;
  for (const protocol::ClientEvent& event : frame.events) apply_client_event(visitor, *link.load, frame, event);
}

void ShardCore::refuse(Link& link, std::int64_t id, std::string_view code, std::string_view message) {
  ++counters.refused_requests;
  auto text = std::make_shared<std::string>();
  protocol::encode_error(*text, {id, code, message});
  send(link, std::move(text));
}

void ShardCore::on_outcome(Link& link, const protocol::OfferOutcome& frame) {
  Visitor& visitor = *link.visitor;
  if (!visitor.offer || visitor.offer->id.text() != frame.offer) {
    return refuse(link, frame.id, "unknown_offer", "no such offer on this visitor's screen");
  }
  if (frame.outcome == protocol::Outcome::kShown) {
    if (visitor.offer->shown) return;
    visitor.offer->shown = true;
    ++counters.offers_shown;
    return offer_reached(visitor, store::OfferStage::kShown, now);
  }
  take_outcome(link, frame.outcome == protocol::Outcome::kAccepted ? rules::OfferOutcome::kAccepted
                                                                   : rules::OfferOutcome::kDismissed);
}

void ShardCore::take_outcome(Link& link, rules::OfferOutcome outcome) {
  const std::string rule = link.visitor->offer->rule.text();
  rules::Event event;
  event.type = rules::EventType::kOutcome;
  event.tab = link.load->tab;
  event.name = rule;
  event.outcome = outcome;
  outcome_from = &link;
  apply(*link.visitor, event);
  outcome_from = nullptr;
}

// The offer that a form is about: on screen, which counts as accepting it, or one that has just left the screen.
const PastOffer* ShardCore::known_offer(Link& link, std::string_view id) {
  Visitor& visitor = *link.visitor;
  if (visitor.offer && visitor.offer->id.text() == id) take_outcome(link, rules::OfferOutcome::kAccepted);
  const auto found = std::find_if(visitor.past_offers.rbegin(), visitor.past_offers.rend(),
                                  [&](const PastOffer& each) { return each.id.text() == id; });
  return found == visitor.past_offers.rend() ? nullptr : &*found;
}

void ShardCore::on_callback(Link& link, const protocol::Callback& frame) {
  if (!looks_like_phone(frame.phone)) return refuse(link, frame.id, "bad_phone", "no telephone number");
  if (frame.offer.empty()) {
    if (!link.visitor->site.has_chat()) return refuse(link, frame.id, "not_allowed", "this site has no chat");
    return link.visitor->site.chat->on_callback(link, frame);
  }
  const PastOffer* const offer = known_offer(link, frame.offer);
  if (offer == nullptr) return refuse(link, frame.id, "unknown_offer", "no such offer on this visitor's screen");
  store::TaskRow row;
  row.id = base::new_task_id();
  row.kind = store::TaskKind::kCallback;
  row.key = frame.key.empty() ? link.load->session + ":" + std::to_string(frame.id) : std::string(frame.key);
  row.offer = offer->id;
  row.rule = offer->rule;
  row.visitor = link.visitor->id;
  row.t = now;
  row.phone = frame.phone;
  row.name = frame.name;
  row.page_path = offer->path;
  store.add_task(link.visitor->site.id(), std::move(row), post,
                 [this, load = begin_frame(link, frame.id), id = frame.id](base::Result<store::Added> added) {
                   enter();
                   finish_frame(load, id, added ? base::Status() : added.error());
                 });
}

void ShardCore::on_survey(Link& link, const protocol::Survey& frame) {
  const PastOffer* const offer = known_offer(link, frame.offer);
  if (offer == nullptr) return refuse(link, frame.id, "unknown_offer", "no such offer on this visitor's screen");
  store::SurveyRow row;
  row.key = link.load->session + ":" + std::to_string(frame.id);
  row.offer = offer->id;
  row.rule = offer->rule;
  row.visitor = link.visitor->id;
  row.t = now;
  row.score = frame.score;
  row.comment = frame.comment;
  store.add_survey(link.visitor->site.id(), std::move(row), post,
                   [this, load = begin_frame(link, frame.id), id = frame.id](base::Result<store::Added> added) {
                     enter();
                     finish_frame(load, id, added ? base::Status() : added.error());
                   });
}

std::weak_ptr<PageLoad> ShardCore::begin_frame(const Link& link, std::int64_t id) {
  link.load->under_way.push_back(id);
  const auto& loads = link.visitor->loads;
  return *std::find_if(loads.begin(), loads.end(), [&](const auto& each) { return each.get() == link.load; });
}

void ShardCore::answer_frame(const std::weak_ptr<PageLoad>& weak, std::int64_t id, const FrameError& error) {
  const std::shared_ptr<PageLoad> load = weak.lock();
  if (!load) return;
  std::erase(load->under_way, id);
  if (load->link == nullptr) return load->failed.push_back(id);
  refuse(*load->link, id, error.code, error.message);
  queue_ack(*load->link);
}

void ShardCore::finish_frame(const std::weak_ptr<PageLoad>& weak, std::int64_t id, const base::Status& written) {
  if (!written) {
    ++counters.store_errors;
    unwritten_frame.tell(written.error().message, now);
  }
  const std::shared_ptr<PageLoad> load = weak.lock();
  if (!load) return;
  std::erase(load->under_way, id);
  if (load->link == nullptr) {
    if (!written) load->failed.push_back(id);
    return;
  }
  if (!written) refuse(*load->link, id, "store_unavailable", "could not be written: send it again under a new id");
  queue_ack(*load->link);
}

void ShardCore::on_panel(Link& link, const protocol::Panel& frame) {
  Site& site = link.visitor->site;
  if (site.settings->demo != DemoPanel::kOn) return refuse(link, frame.id, "not_allowed", "this site has no panel");
  if (frame.on == true && !link.panel) link.panel = std::make_unique<PanelFeed>(link);
  if (frame.on == false) link.panel.reset();
  if (frame.start_over) start_over(*link.visitor);
  if (link.panel) link.panel->changed();
}

}  // namespace beckon::core
