// The desk of a site on one shard: who is there, which conversations are open, and so what the site's rules and
// visitors are told: operators online, free slots, the queue, a place in it and how long it may take.
//
// It knows by the store (what is open) and the bus (who is there), so the desks of all shards come to the same; the
// shard that the site's id hashes to also keeps the times of its conversations and assigns them.
//
// Thread safety: none; it belongs to its shard's thread.
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "beckon/rules/event.hpp"
#include "core/chat/availability.hpp"
#include "core/desk/follower.hpp"
#include "core/desk/pick_ups.hpp"
#include "core/desk/presence.hpp"
#include "core/timers.hpp"
#include "store/bus.hpp"
#include "store/chat_records.hpp"

namespace beckon::core {

class Desk;
struct ShardCore;
struct Site;

// A conversation that waits or is assigned, as the desk follows it.
struct OpenConversation final : Alarm {
  OpenConversation(Desk& d, store::Conversation r) : desk(d), row(std::move(r)) {}
  // Unanswered or quiet for too long.
  void ring(base::Instant due) override;

  Desk& desk;
  store::Conversation row;
  base::Instant turn_since = base::kNever;  // since when its operator is to answer; kNever: the visitor is to
  std::size_t place = 0;  // in the queue when it began to wait; 0: it does not, or nobody saw it begin
  bool changing = false;  // this desk has asked the store to change it

  // Of the visitor, where operators look: as last heard, JSON; empty: nothing yet.
  std::string digest;
  bool online = false;
  base::Instant heard = base::Instant::min(), asked = base::Instant::min();
};

// Who is wanted. Empty: anybody.
struct Wish {
  std::string_view skill;  // or a group: what a rule routes to may be either
  std::string_view group;
};
// Whether an operator of these is.
[[nodiscard]] bool fits(const std::vector<std::string>& skills, const std::vector<std::string>& groups,
                        const Wish& wish);

class Desk final : public Availability, public FollowerListener {
 public:
  Desk(Site& site, base::Instant first_read);
  ~Desk() override;
  Desk(const Desk&) = delete;
  Desk& operator=(const Desk&) = delete;

  // What no rule may count on before anything is known: nobody.
  [[nodiscard]] static rules::SiteState nobody();

  // --- For visitors.
  [[nodiscard]] DeskSight sight(const store::Conversation* conversation) const override;
  [[nodiscard]] std::optional<OperatorCard> card(const base::OperatorId& id) const override;

  // --- For the consoles of this shard.

  // Somebody of this shard's consoles came, went or changed: tells everybody.
  void own_presence_changed();
  // A row that the store answered a change with: as the follower would read it, only sooner.
  void take_in(const store::Conversation& row);
  void take_in(const store::TaskRow& row);
  // Tells the other shards that the conversation, or task, has changed.
  void publish(const store::Conversation& row);
  void publish(const store::TaskRow& row);
  // Asks for the visitor's digest.
  void ask_for_visitor(OpenConversation& open);
  // Everything that is open has been read, tasks included.
  [[nodiscard]] bool loaded() const { return follower_.knows_everything(); }
  // The site's chat is set otherwise: times are counted anew.
  void settings_changed();
  // Names that visitors and consoles are shown may be others.
  void operators_changed();
  // Reads what there is as soon as may be, tasks too: somebody waits for it.
  void hurry();
  [[nodiscard]] const PresenceBoard& board() const { return board_; }
  [[nodiscard]] const std::map<std::string, std::unique_ptr<OpenConversation>>& open() const { return open_; }
  [[nodiscard]] OpenConversation* find(const base::ConversationId& id) const;
  [[nodiscard]] const std::map<std::string, store::TaskRow>& tasks() const { return tasks_; }
  // Chats that the operator has here.
  [[nodiscard]] std::uint32_t assigned_to(const base::OperatorId& id) const;
  // Chats that the operator could still take. 0 for one who is away or not there.
  [[nodiscard]] std::uint32_t free_slots(const PresentOperator& each) const;
  // The free operator with the fewest chats who is what is wished for; nullptr: nobody.
  [[nodiscard]] const PresentOperator* least_loaded(const Wish& wish, const base::OperatorId& but) const;
  // A system line, as the conversation keeps it: {"event":…,"name":…,"by":…}.
  [[nodiscard]] store::NewMessage line(std::string_view event, std::string_view name, std::string_view by,
                                       const base::OperatorId& who) const;

  // --- FollowerListener.
  void conversation_read(const store::Conversation& row) override;
  void conversation_gone(const base::ConversationId& id) override;
  void task_read(const store::TaskRow& row) override;
  void task_gone(const base::TaskId& id) override;
  [[nodiscard]] Heal caught_up() override;

  // --- For its own parts.
  void conversation_due(OpenConversation& open);
  [[nodiscard]] Site& site() const { return site_; }

 private:
  // An alarm that calls a member.
  struct Call final : Alarm {
    Call(Desk& d, void (Desk::*m)()) : desk(d), member(m) {}
    void ring(base::Instant due) override;
    Desk& desk;
    void (Desk::*member)();
  };

  // desk.cpp
  void subscribe();
  void on_chat_hint(std::string_view body);
  void on_presence(std::string_view body);
  void publish_presence();
  void presence_due();
  void forget_due();
  void watch_board();
  void put(const store::Conversation& row);
  void drop(const base::ConversationId& id);
  void count(const store::Conversation& row, int by);
  // Something that rules or visitors are told of may have changed.
  void touch();
  void settle();
  [[nodiscard]] rules::SiteState state() const;
  [[nodiscard]] std::optional<base::Instant> opens() const;

  // visitors.cpp
  void on_visitor(std::string_view body);
  void on_typing(std::string_view body);
  void listen_to_visitors();
  void check_visitors();

  // assignment.cpp
  [[nodiscard]] bool keeps_times() const;
  void follow_turn(OpenConversation& open, const store::Conversation* before);
  void schedule(OpenConversation& open);
  void give_away(OpenConversation& open);
  void close_quiet(OpenConversation& open);
  void assign_waiting();
  void change(OpenConversation& open, store::ConversationChange change, store::NewMessage line);
  void changed(const base::ConversationId& id, const std::string& promised,
               const base::Result<store::Conversation>& row);

  Site& site_;
  ShardCore& shard_;
  PresenceBoard board_;
  Follower follower_;
  std::map<std::string, std::unique_ptr<OpenConversation>> open_;  // by id
  std::map<std::string, store::TaskRow> tasks_;                    // open ones, by id; while consoles are here
  std::map<std::string, std::uint32_t> assigned_;                  // by operator
  std::map<std::string, std::uint32_t> promised_;                  // likewise: on their way to the store
  std::set<std::pair<base::Instant, std::string>> waiting_;        // since when, id
  PickUps pick_ups_;
  bool loaded_ = false;
  bool told_of_nobody_ = true;  // the others know that nobody is here
  Call presence_alarm_{*this, &Desk::presence_due};
  Call forget_alarm_{*this, &Desk::forget_due};
  Call settle_alarm_{*this, &Desk::settle};
  Call visitors_alarm_{*this, &Desk::check_visitors};
  base::Instant settled_ = base::Instant::min();
  std::vector<store::Subscription> subscriptions_, visitor_subscriptions_;
  std::shared_ptr<int> alive_ = std::make_shared<int>();
};

}  // namespace beckon::core
