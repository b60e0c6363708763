// Chat of one site's visitors on one shard: what they say goes to the store, what the store has goes to their
// connections. Operators are met in the store and on the bus alone, as if they were on another machine.
//
//   frames.cpp        what visitors send
//   conversation.cpp  the conversation: opened, changed, read again, lost, given to another visitor
//   delivery.cpp      messages and chat frames to connections
//   hints.cpp         the bus: what others tell
//   digest.cpp        the bus: what operators are told of visitors
//   tasks.cpp         messages and callbacks left for later
//
// The store is the truth. A hint that is lost is made up for by a slow timer, one that is doubled or late changes
// nothing: what a row says counts by its `change`, what was said by its seq.
//
// Thread safety: none; it belongs to its shard's thread.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <unordered_map>
#include <unordered_set>
#include <vector>

#include "beckon/json/reader.hpp"
#include "core/chat/availability.hpp"
#include "core/chat/visitor_chat.hpp"
#include "core/link.hpp"
#include "core/site.hpp"
#include "core/visitor.hpp"
#include "protocol/chat_messages.hpp"
#include "protocol/frames.hpp"
#include "store/bus.hpp"
#include "store/store.hpp"

namespace beckon::core {

struct ShardCore;
struct Site;

class SiteChat {
 public:
  SiteChat(ShardCore& shard, Site& site);
  ~SiteChat();
  SiteChat(const SiteChat&) = delete;
  SiteChat& operator=(const SiteChat&) = delete;

  // The site's settings have changed, chat itself switched on or off included.
  void settings_changed();

  // --- Frames. False: none of chat.
  bool take(Link& link, const protocol::ClientFrame& frame);
  // A callback from the queue, of no offer.
  void on_callback(Link& link, const protocol::Callback& frame);

  // --- The life of visitors.

  // The visitor's chat, made when there is none.
  VisitorChat& ensure(Visitor& visitor);
  // The store's conversation of a visitor that has come into memory.
  void adopt(Visitor& visitor, store::Conversation found);
  // Whether what the visitor has been given includes a token although nothing else is kept.
  [[nodiscard]] static bool has_token(const Visitor& visitor) { return visitor.chat && visitor.chat->has_token; }
  // What a welcome says.
  [[nodiscard]] protocol::ChatWelcome welcome(Visitor& visitor);
  // Behind the welcome of a connection: goes on with what its page load had.
  void welcomed(Link& link, const protocol::Hello& hello);
  // The rules know nothing any more of a visitor whose conversation goes on.
  void visitor_began_anew(VisitorChat& chat) { tell_rules(chat); }
  // Something about the visitor has changed that operators may want to see.
  void touched(Visitor& visitor);
  // The last connection has gone, or the first has come.
  void presence_changed(Visitor& visitor);
  // A rule wants this skill or group for the chat that follows.
  void route(Visitor& visitor, std::string_view to);
  void page_seen(Visitor& visitor, std::string_view url, std::string_view title);

  // --- Identities.

  // `fresh` goes on with the chat of `old`: the same person, who may be remembered now.
  void move(Visitor& old, Visitor& fresh);
  // Somebody who signed in may have been given a conversation that this shard has not heard of.
  void look_up(Visitor& visitor);
  // The connections that the visitor has taken over from another are shown its own chat.
  void show_anew(Visitor& visitor);
  // Gives the conversation to whom the person is known as, if that one has none; `done` is called in any case.
  void hand_over(Visitor& visitor, const base::VisitorId& to, std::function<void()> done);
  // The conversation goes with everything else about the visitor.
  [[nodiscard]] static bool must_erase(const Visitor& visitor);
  // The visitor goes: frames that wait for a conversation are answered.
  void abandon(Visitor& visitor);
  // Tells others that it is gone.
  void erased(const base::ConversationId& conversation, const base::VisitorId& visitor);

  // --- The desk.
  // nullptr: nobody is there. Must outlive this, or be taken away.
  void set_availability(const Availability* availability);
  // Called by whoever gives availability, whenever it may have changed.
  void desk_changed();

  // --- For VisitorChat.
  void heal(VisitorChat& chat);
  void publish_digest(VisitorChat& chat);
  std::uint64_t enter_book(VisitorChat& chat);
  void leave_book(VisitorChat& chat);

 private:
  enum class Which : std::uint8_t { kNewest, kAfter };
  struct Fill {
    Which which = Which::kNewest;
    std::uint64_t after = 0;
    int round = 0;
  };

  // frames.cpp
  void on_open(Link& link, const protocol::ChatOpen& frame);
  void on_say(Link& link, const protocol::Say& frame);
  void on_typing(Link& link, const protocol::Typing& frame);
  void on_seen(Link& link, const protocol::Seen& frame);
  void on_history(Link& link, const protocol::History& frame);
  void on_close(Link& link, const protocol::ChatClose& frame);
  void on_leave_message(Link& link, const protocol::LeaveMessage& frame);
  void add_task(Link& link, std::int64_t frame, store::TaskRow row);
  void accept(Link& link, std::string_view offer);
  [[nodiscard]] bool within_rate(VisitorChat& chat);
  void give_token(Visitor& visitor);

  // conversation.cpp
  void say(VisitorChat& chat, Saying saying);
  void open_conversation(VisitorChat& chat);
  void opened(VisitorChat& chat, base::Result<store::Conversation> result);
  void append(VisitorChat& chat, Saying saying);
  void append_invitation(VisitorChat& chat, const AcceptedOffer& accepted);
  void appended(VisitorChat* chat, Saying saying, base::Result<store::Appended> result);
  void read_own(VisitorChat& chat, std::uint64_t seq);
  void keep_news(VisitorChat& chat, const std::optional<AcceptedOffer>& accepted);
  [[nodiscard]] static store::ConversationChange same_state(const store::Conversation& row, base::Instant now);
  void close(VisitorChat& chat, std::weak_ptr<PageLoad> load, std::int64_t frame, int conflicts);
  void close_again(VisitorChat& chat, std::weak_ptr<PageLoad> load, std::int64_t frame, int conflicts);
  void update(VisitorChat& chat, store::Conversation row);
  void refresh(VisitorChat& chat);
  void lose(VisitorChat& chat);
  void tell_rules(VisitorChat& chat);
  void rehome(VisitorChat& chat);
  void schedule_heal(VisitorChat& chat);
  void heal_within(VisitorChat& chat, std::chrono::milliseconds wait);
  void finish(const std::weak_ptr<PageLoad>& load, std::int64_t frame, const base::Status& written,
              const store::NewMessage& message);

  // delivery.cpp
  void follow(Link& link, Fill fill);
  void fill(Link& link, Fill fill);
  void filled(Link& link, Fill fill, const base::Result<std::vector<store::Message>>& result);
  void catch_up(VisitorChat& chat);
  void deliver(VisitorChat& chat, const std::vector<store::Message>& messages);
  void push(VisitorChat& chat);
  // One frame, as an answer to a request for messages: one more than fit was asked for.
  [[nodiscard]] static SharedFrame messages_frame(const std::vector<store::Message>& messages,
                                                  store::MessageRange::From order);
  [[nodiscard]] std::string chat_frame(const VisitorChat* chat) const;
  [[nodiscard]] std::string brief(const VisitorChat* chat) const;
  [[nodiscard]] DeskSight sight(const store::Conversation* conversation) const;
  void send_typing(VisitorChat& chat, protocol::TypingState state, std::string_view name);
  void show_desk();

  // digest.cpp
  void keep_context(VisitorChat& chat);

  // hints.cpp
  void subscribe();
  void on_chat_hint(const json::Value& hint);
  void meet(const base::VisitorId& who);
  void on_typing_hint(const json::Value& hint);
  void on_who(const json::Value& hint);
  void publish_change(const store::Conversation& row);
  void publish_task(const base::TaskId& id);

  // A callback for the store, which finds this chat again when it is answered: `then(SiteChat&, VisitorChat*, result)`
  // on the shard's thread, at its instant. The chat is nullptr when it is gone; nothing is called when the site is.
  template <class T, class Then>
  [[nodiscard]] store::Callback<T> answered(const VisitorChat& chat, Then then);
  [[nodiscard]] VisitorChat* find(std::uint64_t serial) const;
  [[nodiscard]] VisitorChat* find(const base::ConversationId& id) const;

  ShardCore& shard_;
  Site& site_;
  const Availability* availability_ = nullptr;
  std::uint64_t serials_ = 0;
  std::uint32_t fills_ = 0;
  std::unordered_map<std::uint64_t, VisitorChat*> book_;            // by serial
  std::unordered_map<std::string, VisitorChat*> conversations_;     // by id
  std::string desk_shown_;                                          // to those who do not follow
  std::vector<store::Subscription> subscriptions_;
  struct DeskAlarm final : Alarm {
    explicit DeskAlarm(SiteChat& c) : chat(c) {}
    void ring(base::Instant due) override;
    SiteChat& chat;
    base::Instant shown = base::Instant::min();
  } desk_alarm_{*this};
};

}  // namespace beckon::core
