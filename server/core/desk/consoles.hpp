// The consoles of a shard: the operators whose ids lead here, their connections, and what their frames do. A console
// never meets a visitor's connection: it writes to the store, tells by the bus, and shows what the desks of its sites
// follow.
//
//   consoles.cpp       connections: from hello to welcome, sessions checked again and again, the end
//   seats.cpp          operators: online, away, offline; what colleagues see
//   console_frames.cpp conversations.cpp   what consoles ask for
//   watching.cpp       what they are shown
//
// Thread safety: none; it belongs to its shard's thread.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "core/desk/desk.hpp"
#include "core/desk/operator_link.hpp"
#include "protocol/console_codec.hpp"
#include "store/bus.hpp"

namespace beckon::core {

// Somebody writes, as the bus says it.
struct TypingHeard {
  base::ConversationId conversation;
  std::string who, name;
  base::OperatorId operator_id;
  bool on = false;
};

class Consoles {
 public:
  explicit Consoles(ShardCore& shard);
  ~Consoles();

  // --- For the shard.
  OperatorLink& attach(Connection& connection, OperatorUpgrade upgrade);
  void receive(OperatorLink& link, std::string_view text);
  void pong(OperatorLink& link);
  void detach(OperatorLink& link);
  void stop();
  // Sites came, went, or say something else to consoles.
  void sites_changed();

  // --- For desks.
  // Operators of this shard who are at the site's desk.
  [[nodiscard]] std::vector<PresentOperator> present_at(const Site& site) const;
  // The operator as the store last said; nullptr: not known (yet).
  [[nodiscard]] const store::OperatorRecord* record(const base::OperatorId& id);
  void conversation_hinted(Desk& desk, std::string_view conversation);
  void conversation_changed(Desk& desk, const store::Conversation& row);
  void conversation_gone(Desk& desk, const base::ConversationId& id);
  void task_changed(Desk& desk, const store::TaskRow& row);
  void task_gone(Desk& desk, const base::TaskId& id);
  void visitor_heard(Desk& desk, const OpenConversation& open);
  void typing_heard(Desk& desk, const TypingHeard& typing);
  void desk_loaded();
  // Chats of a site's operators may be others: what other sites know of their slots, and what consoles show.
  void chats_changed(Desk& desk);
  // What a console shows of its colleagues may be another.
  void colleagues_changed();

  // --- For links and seats.
  void link_due(OperatorLink& link);
  void seat_due(Seat& seat);

 private:
  using Frame = protocol::console::ClientFrame;
  using Row = store::Conversation;

  // An answer of the store to a frame, or to a tab that watches.
  enum class Counts : std::uint8_t { kFrame, kNothing };
  template <class T>
  using Then = std::function<void(OperatorLink&, Desk&, base::Result<T>)>;
  // A callback for the store: `then` on the shard's thread, at its instant, if link and site are still there.
  template <class T>
  [[nodiscard]] store::Callback<T> answered(OperatorLink& link, const Desk& desk, Then<T> then,
                                            Counts counts = Counts::kFrame);
  // Behind a change, whether who asked for it is still there or not: the desk takes it in and tells the other shards.
  template <class T>
  [[nodiscard]] store::Callback<T> told(const Desk& desk, store::Callback<T> then);
  template <class T>
  [[nodiscard]] store::Callback<T> later(std::function<void(base::Result<T>)> then);

  // consoles.cpp
  void subscribe();
  // What a frame is that comes before the welcome.
  void on_early_frame(OperatorLink& link, const Frame& frame);
  void session_read(OperatorLink& link, const base::Result<std::optional<store::SessionRecord>>& session);
  void admit(OperatorLink& link);
  void welcome_all();
  void welcome(OperatorLink& link);
  [[nodiscard]] protocol::console::WelcomeView welcome_view(const Seat& seat, const std::vector<Desk*>& desks);
  void recheck();
  void check_session(OperatorLink& link);
  void read_operators();
  void operators_read(base::Result<std::vector<store::OperatorRecord>> operators);
  void follow_record(Seat& seat);
  void close(OperatorLink& link, protocol::CloseCode code, std::string_view reason);
  void unlink(OperatorLink& link);
  void send(OperatorLink& link, SharedFrame frame);
  [[nodiscard]] std::weak_ptr<OperatorLink> weak(OperatorLink& link) const;

  // seats.cpp
  Seat& seat_of(const store::OperatorRecord& record);
  void active(Seat& seat);
  void set_state(Seat& seat, PresenceState state, bool by_itself);
  void schedule(Seat& seat);
  void presence_changed(const Seat& seat);
  [[nodiscard]] std::vector<Desk*> desks_of(const Seat& seat) const;
  void show_colleagues();
  [[nodiscard]] std::map<std::string, protocol::console::OperatorView> colleagues_of(const Seat& seat) const;

  // console_frames.cpp
  void on_frame(OperatorLink& link, const Frame& frame);
  // The desk of the site, if this operator serves it; nullptr: else, and the frame has been answered.
  [[nodiscard]] Desk* desk_for(OperatorLink& link, const Frame& frame, std::string_view code);
  void on_site_frame(OperatorLink& link, Desk& desk, const Frame& frame);
  void on_presence(OperatorLink& link, const Frame& frame);
  void on_history(OperatorLink& link, Desk& desk, const Frame& frame);
  void on_list(OperatorLink& link, Desk& desk, const Frame& frame);
  void on_typing(OperatorLink& link, Desk& desk, const Frame& frame);
  void on_read(OperatorLink& link, Desk& desk, const Frame& frame);
  void mark_read(Desk& desk, const base::ConversationId& conversation, std::uint64_t seq);
  void on_task(OperatorLink& link, Desk& desk, const Frame& frame);
  void ok(OperatorLink& link, std::int64_t id, std::string_view members = {});
  void refuse(OperatorLink& link, std::int64_t id, std::string_view code, std::string_view message);
  void refuse_by(OperatorLink& link, std::int64_t id, const base::Error& error);

  // conversations.cpp
  // Reads the conversation, and answers the frame itself when there is none.
  void with_row(OperatorLink& link, Desk& desk, const Frame& frame,
                std::function<void(OperatorLink&, Desk&, const Row&)> then);
  void on_take(OperatorLink& link, Desk& desk, const Frame& frame);
  void on_say(OperatorLink& link, Desk& desk, const Frame& frame);
  enum class MayTake : std::uint8_t { kNo, kYes };
  void say(OperatorLink& link, Desk& desk, const Frame& frame, MayTake may_take);
  void said(OperatorLink& link, Desk& desk, const Frame& frame, const store::Appended& appended);
  void say_refused(OperatorLink& link, Desk& desk, const Frame& frame, MayTake may_take);
  void no_file_or_conversation(OperatorLink& link, Desk& desk, const Frame& frame);
  void on_close(OperatorLink& link, Desk& desk, const Frame& frame);
  void on_transfer(OperatorLink& link, Desk& desk, const Frame& frame);
  void transfer(OperatorLink& link, Desk& desk, const Frame& frame, const Row& row);
  // Compare-and-set, answered with the conversation or the conflict.
  void change(OperatorLink& link, Desk& desk, const Frame& frame, store::ConversationChange change,
              store::NewMessage line);
  void refuse_conflict(OperatorLink& link, Desk& desk, const Frame& frame);
  void conflict(OperatorLink& link, Desk& desk, std::int64_t id, const Row& row);
  [[nodiscard]] store::ConversationChange changed_to(const Row& row, store::ConversationState state,
                                                     base::OperatorId who) const;
  [[nodiscard]] static bool is_mine(const OperatorLink& link, const Row& row);
  [[nodiscard]] static bool is_others(const OperatorLink& link, const Row& row);
  // Whether any operator of the site, here or not, is what is wished for.
  [[nodiscard]] bool anybody_serves(const base::SiteId& site, const Wish& wish) const;

  // watching.cpp
  void on_watch(OperatorLink& link, Desk& desk, const Frame& frame);
  void first_page(OperatorLink& link, Desk& desk, std::int64_t id, const Row& row);
  void poke(OperatorLink& link, Desk& desk, const OperatorLink::Address& address);
  void messages_read(OperatorLink& link, Desk& desk, const OperatorLink::Address& address,
                     const base::Result<std::vector<store::Message>>& messages);
  void show_visitor(OperatorLink& link, Desk& desk, const Row& row);
  // To every console that serves the site.
  void tell(const Desk& desk, const SharedFrame& frame);
  template <class Do>
  void each_watching(const Desk& desk, const std::string& conversation, Do&& act);
  [[nodiscard]] protocol::console::ConversationView view(const Desk& desk, const Row& row);
  [[nodiscard]] protocol::console::TaskView view(const Desk& desk, const store::TaskRow& row);
  [[nodiscard]] std::string conversation_member(const Desk& desk, const Row& row);
  [[nodiscard]] std::string name_of(const base::OperatorId& id);

  struct Call final : Alarm {
    Call(Consoles& c, void (Consoles::*m)()) : consoles(c), member(m) {}
    void ring(base::Instant due) override;
    Consoles& consoles;
    void (Consoles::*member)();
  };

  ShardCore& shard_;
  std::unordered_map<OperatorLink*, std::shared_ptr<OperatorLink>> links_;
  std::map<std::string, std::unique_ptr<Seat>> seats_;      // by operator
  std::map<std::string, store::OperatorRecord> operators_;  // of the server, by id, as last read
  bool reading_operators_ = false, read_again_ = false, wanted_operators_ = false;
  base::Instant colleagues_shown_ = base::Instant::min();
  Call recheck_alarm_{*this, &Consoles::recheck};
  Call colleagues_alarm_{*this, &Consoles::show_colleagues};
  store::Subscription subscription_;
  std::shared_ptr<int> alive_ = std::make_shared<int>();
};

}  // namespace beckon::core
