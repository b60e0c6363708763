// A world whose site has chat, and operators in the test's hand: they write to the store and hint on the bus, as other shards do.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/chat/limits.hpp"
#include "failing_store.hpp"
#include "protocol/chat_messages.hpp"
#include "support/faulty_bus.hpp"
#include "world.hpp"

namespace beckon::test {

[[nodiscard]] std::shared_ptr<core::SiteSettings> chat_site(std::string_view rules = R"({"rules": []})");

// Whether the operators' changes are hinted on the bus.
enum class Hint { kYes, kNo };

class ChatWorld : public World {
 public:
  explicit ChatWorld(std::string_view rules = R"({"rules": []})", core::ShardLimits l = {}, std::uint32_t shards = 1)
      : World(chat_site(rules), l, shards) {}
  explicit ChatWorld(std::shared_ptr<core::SiteSettings> settings, core::ShardLimits l = {}, std::uint32_t shards = 1)
      : World(std::move(settings), l, shards) {}

  [[nodiscard]] std::optional<store::Conversation> conversation(std::string_view visitor);
  // Every message, as "from: text" or "from: {event}".
  std::vector<std::string> said(std::string_view visitor);
  std::vector<store::TaskRow> tasks();

  // What an operator does.
  void take(std::string_view visitor, Hint hint = Hint::kYes);
  void answer(std::string_view visitor, std::string_view text, Hint hint = Hint::kYes);
  void close(std::string_view visitor, Hint hint = Hint::kYes);
  void read(std::string_view visitor, std::uint64_t seq, Hint hint = Hint::kYes);
  void hint(const store::Conversation& row);
  // From here on the bus is faulty; the shards begin anew.
  store::FaultyBus& make_bus_faulty(const store::BusFaults& faults);
  // From here on calls of the store can fail; the shards begin anew.
  FailingStore& make_store_fail();

 private:
  void change(std::string_view visitor, store::ConversationState state, std::string_view line, Hint hinted);
  int keys_ = 0;
  std::unique_ptr<store::Bus> behind_ = store::make_local_bus();
};

// A page with the chat opened, and what the panel behind it would have.
class Panel {
 public:
  Panel(ChatWorld& world, std::string t, std::string session) : tab(world, std::move(t), std::move(session)) {}

  void open(std::string_view more = "");
  // Says it under the next key, or under one that is given.
  std::string say(std::string_view text, std::string_view more = "");
  void say_as(std::string_view key, std::string_view text, std::string_view more = "");
  // Sends a frame of this type, and keeps it until it is acknowledged.
  void send(std::string_view rest);
  // Takes in what has come.
  void listen();
  // The connection breaks: what has come and was not taken in is lost.
  void cut();
  // Reconnects with what it has, and sends again what the server did not get.
  void resume();
  // Asks for what it sees missing, as docs/protocol.md has it.
  void mend();
  // The texts and events in the order of seq; "…" where one is missing.
  [[nodiscard]] std::vector<std::string> shown() const;

  Tab tab;
  std::map<std::int64_t, std::string> messages;  // by seq
  std::vector<std::string> errors;
  std::string chat;     // the latest chat frame
  int doubles = 0;      // messages that came again
  int more_said = 0;    // frames that said there is more
  std::int64_t acked = 0;
  int keys = 0;
  std::map<std::int64_t, std::string> unacknowledged;  // by frame id
};

}  // namespace beckon::test
