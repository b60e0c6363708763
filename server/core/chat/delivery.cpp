// Messages and chat frames to connections.
#include <algorithm>
#include <map>
#include <span>
#include <utility>

#include "beckon/rules/journal.hpp"
#include "core/chat/answered.hpp"
#include "core/chat/limits.hpp"
#include "core/chat/message_view.hpp"

namespace beckon::core {

namespace {

using protocol::MessagesFrame;
using protocol::More;

SharedFrame shared(std::string text) { return std::make_shared<const std::string>(std::move(text)); }

bool add(MessagesFrame& frame, const store::Message& message) {
  return frame.add(MessageView(message, Reader::kVisitor).view());
}

// How many of the messages fit into one frame, taken from the given end; the frame has them.
std::size_t add_from(MessagesFrame& frame, std::span<const store::Message> messages, store::MessageRange::From end) {
  std::size_t count = 0;
  while (count < messages.size()) {
    const std::size_t at = end == store::MessageRange::From::kOldest ? count : messages.size() - 1 - count;
    if (!add(frame, messages[at])) break;
    ++count;
  }
  return count;
}

// The conversation once there is something in it; nullptr before.
const store::Conversation* begun(const VisitorChat* chat) {
  return chat != nullptr && chat->row && chat->row->last_seq > 0 ? &*chat->row : nullptr;
}

std::string_view state_of(const store::Conversation* row) {
  return row == nullptr ? "none" : store::name_of(row->state);
}

protocol::DeskFrame desk_frame(const DeskSight& sight) {
  protocol::DeskFrame frame;
  frame.state = name_of(sight.state);
  if (sight.position) frame.position = *sight.position;
  if (sight.wait) frame.wait = sight.wait->count();
  if (sight.opens) frame.opens = rules::to_ms(*sight.opens);
  return frame;
}

std::string_view name_of(Launcher launcher) {
  switch (launcher) {
    case Launcher::kAlways: return "always";
    case Launcher::kOpen: return "open";
    case Launcher::kNever: return "never";
  }
  return "always";
}

bool follows(const PageLoad& load) {
  return load.link != nullptr && load.link->chat.phase != LinkChat::Phase::kNot;
}

}  // namespace

std::string_view name_of(DeskState state) {
  switch (state) {
    case DeskState::kOpen: return "open";
    case DeskState::kBusy: return "busy";
    case DeskState::kAway: return "away";
    case DeskState::kClosed: return "closed";
  }
  return "away";
}

// --- What a connection is given when it begins to follow

void SiteChat::welcomed(Link& link, const protocol::Hello& hello) {
  link.chat = {};
  if (!hello.chat) return;
  ensure(*link.visitor);
  give_token(*link.visitor);
  const auto& row = link.visitor->chat->row;
  const auto has = static_cast<std::uint64_t>(*hello.chat);
  // More than there is: it was another conversation.
  const bool anew = has == 0 || !row || has > row->last_seq;
  follow(link, anew ? Fill{} : Fill{Which::kAfter, has, 0});
}

void SiteChat::show_anew(Visitor& visitor) {
  for (const auto& load : visitor.loads) {
    if (!follows(*load)) continue;
    ensure(visitor);
    follow(*load->link, {});
  }
}

void SiteChat::follow(Link& link, Fill from) {
  VisitorChat& chat = *link.visitor->chat;
  link.chat.phase = LinkChat::Phase::kFilling;
  link.chat.sent = from.after;
  chat.shown = chat_frame(&chat);
  shard_.send(link, shared(chat.shown));
  fill(link, from);
}

void SiteChat::fill(Link& link, Fill how) {
  VisitorChat& chat = *link.visitor->chat;
  link.chat.fill = ++fills_;
  if (!chat.row) {
    link.chat.phase = LinkChat::Phase::kOpen;
    return shard_.send(link, shared(MessagesFrame().text(More::kNo)));
  }
  store::MessageRange range;
  range.limit = protocol::kMaxMessagesPerFrame + 1;
  if (how.which == Which::kAfter) {
    range.order = store::MessageRange::From::kOldest;
    range.after = how.after;
  }
  shard_.store.read_messages(site_.id(), chat.row->id, range, shard_.post,
                             answered<std::vector<store::Message>>(
                                 chat, [number = link.chat.fill, how](SiteChat& self, VisitorChat* c, auto result) {
                                   if (c == nullptr) return;
                                   // The connection may be gone, or have asked again.
                                   for (const auto& load : c->visitor->loads) {
                                     if (load->link == nullptr || load->link->chat.fill != number) continue;
                                     return self.filled(*load->link, how, result);
                                   }
                                 }));
}

void SiteChat::filled(Link& link, Fill how, const base::Result<std::vector<store::Message>>& result) {
  if (!result) {
    ++shard_.counters.store_errors;
    return shard_.close(link, protocol::CloseCode::kStoreUnavailable, "the conversation cannot be read");
  }
  VisitorChat& chat = *link.visitor->chat;
  MessagesFrame frame;
  const bool newest = how.which == Which::kNewest;
  const std::size_t count =
      add_from(frame, *result, newest ? store::MessageRange::From::kNewest : store::MessageRange::From::kOldest);
  const bool left_out = count < result->size();
  if (count > 0) link.chat.sent = std::max(link.chat.sent, newest ? result->back().seq : (*result)[count - 1].seq);
  const bool behind = link.chat.sent < chat.tail || (!newest && left_out);
  const bool again = behind && count > 0 && how.round + 1 < kMaxFills;
  const bool more = newest ? left_out : left_out && !again;
  if (newest || count > 0) shard_.send(link, shared(frame.text(more ? More::kYes : More::kNo)));
  if (again) return fill(link, {Which::kAfter, link.chat.sent, how.round + 1});
  link.chat.sent = std::max(link.chat.sent, chat.tail);
  link.chat.phase = LinkChat::Phase::kOpen;
  catch_up(chat);
}

SharedFrame SiteChat::messages_frame(const std::vector<store::Message>& messages, store::MessageRange::From order) {
  MessagesFrame frame;
  const std::size_t count = add_from(frame, messages, order);
  return shared(frame.text(count < messages.size() ? More::kYes : More::kNo));
}

// --- What comes while it follows

void SiteChat::catch_up(VisitorChat& chat) {
  if (!chat.row || chat.row->last_seq <= chat.tail || chat.reading_tail) return;
  const auto& loads = chat.visitor->loads;
  const bool heard = std::any_of(loads.begin(), loads.end(), [](const auto& load) {
    return load->link != nullptr && load->link->chat.phase == LinkChat::Phase::kOpen;
  });
  if (!heard) {
    chat.tail = chat.row->last_seq;
    return;
  }
  chat.reading_tail = true;
  store::MessageRange range;
  range.after = chat.tail;
  range.order = store::MessageRange::From::kOldest;
  shard_.store.read_messages(site_.id(), chat.row->id, range, shard_.post,
                             answered<std::vector<store::Message>>(
                                 chat, [id = chat.row->id](SiteChat& self, VisitorChat* c, auto result) {
                                   if (c == nullptr) return;
                                   c->reading_tail = false;
                                   if (!c->row || c->row->id != id) return;
                                   if (!result || result->empty()) {
                                     if (!result) ++self.shard_.counters.store_errors;
                                     return self.heal_within(*c, kHealSoon);
                                   }
                                   self.deliver(*c, *result);
                                   c->tail = std::max(c->tail, result->back().seq);
                                   self.catch_up(*c);
                                 }));
}

void SiteChat::deliver(VisitorChat& chat, const std::vector<store::Message>& messages) {
  // Nearly always all of them to everybody: the frames are made once.
  std::map<std::size_t, std::vector<SharedFrame>> made;
  for (const auto& load : chat.visitor->loads) {
    if (load->link == nullptr || load->link->chat.phase != LinkChat::Phase::kOpen) continue;
    LinkChat& of_link = load->link->chat;
    std::size_t at = 0;
    while (at < messages.size() && messages[at].seq <= of_link.sent) ++at;
    std::vector<SharedFrame>& frames = made[at];
    std::span<const store::Message> rest = std::span(messages).subspan(at);
    if (frames.empty()) {
      while (!rest.empty()) {
        MessagesFrame frame;
        rest = rest.subspan(add_from(frame, rest, store::MessageRange::From::kOldest));
        frames.push_back(shared(frame.text(More::kNo)));
      }
    }
    for (const SharedFrame& frame : frames) shard_.send(*load->link, frame);
    of_link.sent = std::max(of_link.sent, messages.back().seq);
  }
}

// --- What the panel shows

DeskSight SiteChat::sight(const store::Conversation* conversation) const {
  if (availability_ != nullptr) return availability_->sight(conversation);
  DeskSight sight;
  if (!site_.settings->calendar || site_.settings->calendar->local(shard_.now).open) return sight;
  sight.state = DeskState::kClosed;
  const base::Instant opens = site_.settings->calendar->next_change(shard_.now);
  if (opens != base::kNever) sight.opens = opens;
  return sight;
}

std::string SiteChat::chat_frame(const VisitorChat* chat) const {
  const store::Conversation* const row = begun(chat);
  protocol::ChatFrame frame;
  frame.state = state_of(row);
  const DeskSight seen = sight(row);
  frame.desk = desk_frame(seen);
  std::optional<OperatorCard> card;
  if (row != nullptr) {
    frame.conversation = row->id.text();
    frame.last = static_cast<std::int64_t>(row->last_seq);
    frame.unread = row->visitor_unread;
    frame.read = static_cast<std::int64_t>(row->operator_read);
    if (!row->operator_id.empty() && availability_ != nullptr) card = availability_->card(row->operator_id);
    if (card) {
      frame.operator_name = card->name;
      frame.operator_picture = card->picture;
      frame.operator_away = card->away;
    }
  }
  std::string text;
  protocol::encode_chat(text, frame);
  return text;
}

// What a page must know that has not opened the chat.
std::string SiteChat::brief(const VisitorChat* chat) const {
  const store::Conversation* const row = begun(chat);
  std::string text(state_of(row));
  if (row != nullptr) text += ' ' + std::to_string(row->last_seq) + ' ' + std::to_string(row->visitor_unread);
  if (site_.settings->chat && site_.settings->chat->launcher == Launcher::kOpen) {
    text.append(" ").append(name_of(sight(row).state));
  }
  return text;
}

void SiteChat::push(VisitorChat& chat) {
  std::string text = chat_frame(&chat), short_one = brief(&chat);
  const bool changed = text != chat.shown, changed_for_all = short_one != chat.brief;
  chat.brief = std::move(short_one);
  if (!changed && !changed_for_all) return;
  chat.shown = text;
  const SharedFrame frame = shared(std::move(text));
  for (const auto& load : chat.visitor->loads) {
    if (load->link == nullptr) continue;
    if (follows(*load) ? changed : changed_for_all) shard_.send(*load->link, frame, WhileOpening::kDrop);
  }
}

protocol::ChatWelcome SiteChat::welcome(Visitor& visitor) {
  VisitorChat* const chat = visitor.chat.get();
  if (chat != nullptr) chat->brief = brief(chat);
  static constexpr std::string_view kName[] = {"name"}, kEmail[] = {"email"}, kBoth[] = {"name", "email"};
  const ChatSettings& settings = *site_.settings->chat;
  const auto asks = [&](FormField field) {
    return std::find(settings.form.begin(), settings.form.end(), field) != settings.form.end();
  };
  protocol::ChatWelcome frame;
  frame.launcher = name_of(settings.launcher);
  if (asks(FormField::kName) && asks(FormField::kEmail)) frame.form = kBoth;
  else if (asks(FormField::kName)) frame.form = kName;
  else if (asks(FormField::kEmail)) frame.form = kEmail;
  frame.uploads = settings.uploads;
  const store::Conversation* const row = begun(chat);
  frame.state = state_of(row);
  if (row != nullptr) {
    frame.unread = row->visitor_unread;
    frame.last = static_cast<std::int64_t>(row->last_seq);
  }
  frame.desk = desk_frame(sight(row));
  return frame;
}

void SiteChat::send_typing(VisitorChat& chat, protocol::TypingState state, std::string_view name) {
  std::string text;
  protocol::encode_typing(text, state, name);
  const SharedFrame frame = shared(std::move(text));
  for (const auto& load : chat.visitor->loads) {
    if (follows(*load)) shard_.send(*load->link, frame, WhileOpening::kDrop);
  }
}

// --- The desk

void SiteChat::set_availability(const Availability* availability) {
  availability_ = availability;
  desk_changed();
}

void SiteChat::desk_changed() {
  if (desk_alarm_.is_set()) return;
  const bool long_ago = desk_alarm_.shown == base::Instant::min() || desk_alarm_.shown + kDeskEvery <= shard_.now;
  shard_.timers.set(desk_alarm_, long_ago ? shard_.now : desk_alarm_.shown + kDeskEvery);
}

void SiteChat::DeskAlarm::ring(base::Instant due) {
  chat.shard_.now = std::max(chat.shard_.now, due);
  shown = chat.shard_.now;
  chat.show_desk();
}

void SiteChat::show_desk() {
  if (!site_.settings->chat) return;
  for (const auto& [serial, chat] : book_) push(*chat);
  if (site_.settings->chat->launcher != Launcher::kOpen) return;
  std::string text = chat_frame(nullptr);
  if (text == desk_shown_) return;
  desk_shown_ = text;
  const SharedFrame frame = shared(std::move(text));
  for (const auto& [id, visitor] : site_.visitors) {
    if (!visitor->chat) shard_.send_all(*visitor, frame, WhileOpening::kDrop);
  }
}

}  // namespace beckon::core
