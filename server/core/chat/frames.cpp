// What visitors send.
#include <algorithm>
#include <utility>

#include "base/limits.hpp"
#include "beckon/json/reader.hpp"
#include "beckon/json/utf8.hpp"
#include "beckon/json/writer.hpp"
#include "core/chat/answered.hpp"
#include "core/chat/limits.hpp"
#include "core/chat/message_view.hpp"
#include "core/form_answers.hpp"
#include "core/localize.hpp"

namespace beckon::core {

namespace {

const rules::Rule* find_rule(const rules::RuleSet& rules, const base::RuleId& id) {
  const auto& all = rules.rules();
  const auto found =
      std::find_if(all.begin(), all.end(), [&](const rules::Rule& each) { return each.id == id.text(); });
  return found == all.end() ? nullptr : &*found;
}

// The name that an invitation's `from` gives, as long as one may be; empty when it gives none.
std::string speaker_of(const rules::Actions& invite) {
  const json::ParseResult parsed = json::parse(invite.offer_json);
  const json::Value* const from = parsed.document ? parsed.document->root().find("from") : nullptr;
  const json::Value* const name = from != nullptr ? from->find("name") : nullptr;
  return name == nullptr ? std::string() : std::string(json::cut_utf8(name->string(), base::kMaxPersonNameBytes));
}

}  // namespace

bool SiteChat::take(Link& link, const protocol::ClientFrame& frame) {
  if (const auto* const open = std::get_if<protocol::ChatOpen>(&frame)) on_open(link, *open);
  else if (const auto* const say = std::get_if<protocol::Say>(&frame)) on_say(link, *say);
  else if (const auto* const typing = std::get_if<protocol::Typing>(&frame)) on_typing(link, *typing);
  else if (const auto* const seen = std::get_if<protocol::Seen>(&frame)) on_seen(link, *seen);
  else if (const auto* const history = std::get_if<protocol::History>(&frame)) on_history(link, *history);
  else if (const auto* const close = std::get_if<protocol::ChatClose>(&frame)) on_close(link, *close);
  else if (const auto* const left = std::get_if<protocol::LeaveMessage>(&frame)) on_leave_message(link, *left);
  else return false;
  return true;
}

void SiteChat::on_open(Link& link, const protocol::ChatOpen& frame) {
  ensure(*link.visitor);
  accept(link, frame.offer);
  give_token(*link.visitor);
  follow(link, {});
}

// Opening the chat is what makes somebody without consent findable again: a token, and nothing else.
void SiteChat::give_token(Visitor& visitor) {
  if (visitor.keep == Keep::kStored || visitor.chat->has_token) return;
  visitor.chat->has_token = true;
  for (const auto& load : visitor.loads) {
    if (load->link != nullptr) shard_.welcome(*load->link, PageStart::kResumed);
  }
}

bool SiteChat::within_rate(VisitorChat& chat) {
  const ShardLimits& limits = shard_.options.limits;
  return chat.says.take(1, limits.messages_per_second, limits.messages_burst, shard_.now);
}

void SiteChat::on_say(Link& link, const protocol::Say& frame) {
  if (frame.form && !frame.form->email.empty() && !looks_like_email(frame.form->email)) {
    return shard_.refuse(link, frame.id, "bad_email", "no e-mail address");
  }
  VisitorChat& chat = ensure(*link.visitor);
  if (!within_rate(chat) || chat.waiting.size() >= kMaxWaitingSayings) {
    return shard_.refuse(link, frame.id, "too_many", "more messages than allowed: send it again in some seconds");
  }
  accept(link, frame.offer);
  if (frame.form) {
    chat.name = frame.form->name;
    chat.email = frame.form->email;
  }
  Saying saying;
  saying.load = shard_.begin_frame(link, frame.id);
  saying.frame = frame.id;
  saying.message.key = frame.key;
  saying.message.author = store::Author::kVisitor;
  saying.message.at = shard_.now;
  if (frame.file.empty()) {
    saying.message.body = frame.text;
  } else {
    saying.message.kind = store::MessageKind::kFile;
    saying.message.file = base::FileId(frame.file);
  }
  give_token(*link.visitor);
  if (link.chat.phase == LinkChat::Phase::kNot) follow(link, {});
  say(chat, std::move(saying));
}

// An invitation on screen, or one that has just left it. One that is not known changes nothing: what is said counts.
void SiteChat::accept(Link& link, std::string_view offer) {
  VisitorChat& chat = ensure(*link.visitor);
  if (offer.empty() || (chat.accepted && chat.accepted->offer.text() == offer)) return;
  const PastOffer* const known = shard_.known_offer(link, offer);
  if (known == nullptr) return;
  AcceptedOffer accepted{known->id, known->rule, {}, {}};
  const rules::Rule* const rule = find_rule(site_.rules(), known->rule);
  if (rule != nullptr && known->variant < rule->variants.size()) {
    const rules::Actions& then = rule->variants[known->variant].then;
    if (!then.route.empty()) chat.route = then.route;
    if (then.offer == rules::Actions::Offer::kInvite) {
      accepted.text = text_for(then.offer_text, spoken_language(*site_.settings, link.visitor->language));
      accepted.name = speaker_of(then);
    }
  }
  chat.accepted = std::move(accepted);
}

void SiteChat::on_typing(Link& link, const protocol::Typing& frame) {
  VisitorChat* const chat = link.visitor->chat.get();
  if (chat == nullptr || !chat->row) return;
  if (!chat->typings.take(1, kTypingsPerSecond, kTypingsBurst, shard_.now)) return;
  std::string body;
  json::Writer w(body);
  w.begin_object().key("c").string(chat->row->id.text()).key("who").string("visitor");
  w.key("name").string(chat->row->name).key("on").boolean(frame.on).end_object();
  shard_.bus.publish(site_.id(), "typing", body);
}

void SiteChat::on_seen(Link& link, const protocol::Seen& frame) {
  VisitorChat* const chat = link.visitor->chat.get();
  if (chat == nullptr || !chat->row) return;
  const auto within = [&](std::int64_t seq) { return std::min(static_cast<std::uint64_t>(seq), chat->row->last_seq); };
  const std::uint64_t read = within(frame.read), delivered = std::max(within(frame.delivered), read);
  if (read <= chat->row->visitor_read && delivered <= chat->row->visitor_delivered) return;
  chat->row->visitor_read = std::max(chat->row->visitor_read, read);
  chat->row->visitor_delivered = std::max(chat->row->visitor_delivered, delivered);
  store::Marks marks;
  marks.visitor_read = read;
  marks.visitor_delivered = delivered;
  shard_.store.mark(site_.id(), chat->row->id, marks);
  chat->publish_when_read = true;
  refresh(*chat);
}

void SiteChat::on_history(Link& link, const protocol::History& frame) {
  VisitorChat* const chat = link.visitor->chat.get();
  if (chat == nullptr || !chat->row) {
    return shard_.refuse(link, frame.id, "no_conversation", "there is no conversation yet");
  }
  store::MessageRange range;
  range.limit = protocol::kMaxMessagesPerFrame + 1;  // one more tells whether there are more
  range.order = frame.before ? store::MessageRange::From::kNewest : store::MessageRange::From::kOldest;
  if (frame.before) range.before = static_cast<std::uint64_t>(*frame.before);
  if (frame.after) range.after = static_cast<std::uint64_t>(*frame.after);
  const auto& loads = link.visitor->loads;
  const std::weak_ptr<PageLoad> load =
      *std::find_if(loads.begin(), loads.end(), [&](const auto& each) { return each.get() == link.load; });
  shard_.store.read_messages(
      site_.id(), chat->row->id, range, shard_.post,
      answered<std::vector<store::Message>>(
          *chat, [load, id = frame.id, order = range.order](SiteChat& self, VisitorChat*, auto result) {
            const auto still = load.lock();
            if (!still || still->link == nullptr) return;
            if (!result) {
              ++self.shard_.counters.store_errors;
              return self.shard_.refuse(*still->link, id, "store_unavailable", "could not be read: ask again");
            }
            self.shard_.send(*still->link, messages_frame(*result, order));
          }));
}

void SiteChat::on_close(Link& link, const protocol::ChatClose& frame) {
  VisitorChat* const chat = link.visitor->chat.get();
  if (chat == nullptr || !chat->is_open()) return;
  close(*chat, shard_.begin_frame(link, frame.id), frame.id, 0);
}

}  // namespace beckon::core
