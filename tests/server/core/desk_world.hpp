// Several shards around one store and one bus, with operators at their consoles. Visitors come as panels
// (chat_world.hpp), or are stood in for by what their shard would do: write to the store, and hint.
#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "chat_world.hpp"
#include "store/await.hpp"

namespace beckon::test {

struct Person {
  std::string login, name;
  std::vector<std::string> skills = {}, groups = {};
  std::vector<std::string> sites = {};
  int capacity = 4;
};

class DeskWorld;

// A tab with the console: a connection and what its script would remember.
class ConsoleTab {
 public:
  ConsoleTab(DeskWorld& world, const store::OperatorRecord& who);
  ConsoleTab(DeskWorld& world, const store::OperatorRecord& who, const base::TokenHash& session);
  ~ConsoleTab();
  ConsoleTab(const ConsoleTab&) = delete;
  ConsoleTab& operator=(const ConsoleTab&) = delete;

  void connect();
  void disconnect();
  // Says hello; the welcome, "" when none came.
  std::string hello();
  // Sends a frame with the next id; `rest` is its members behind it. The answer: the `ok` or `error` of that id, "" for
  // none.
  std::string ask(std::string_view type, std::string_view rest = "");
  // Without waiting for an answer.
  void send(std::string_view type, std::string_view rest = "");
  void raw(std::string_view text);
  // The latest frame of that type that has come since the last take; "" when there was none.
  std::string latest(std::string_view type);
  // How many of that type have come.
  [[nodiscard]] std::size_t count(std::string_view type);
  void forget() { connection->frames.clear(); }
  [[nodiscard]] int code() const { return connection->code(); }

  // On a conversation of the site "shop", by its id.
  std::string take(std::string_view conversation, std::uint64_t version);
  std::string say(std::string_view conversation, std::string_view text, std::string_view key = "");

  DeskWorld& world;
  const store::OperatorRecord who;
  const base::TokenHash session;
  std::unique_ptr<FakeConnection> connection;
  core::OperatorLink* link = nullptr;
  std::int64_t id = 0;

 private:
  core::Shard& shard();
};

class DeskWorld : public ChatWorld {
 public:
  explicit DeskWorld(std::uint32_t shards = 3, core::ChatSettings chat = {},
                     std::string_view rules = R"({"rules": []})");
  ~DeskWorld() override;

  // Runs what is due now, too, and answers the consoles' pings.
  void pump() override;
  // What was sent before is answered first.
  void pass(base::Duration by);
  void put_site(std::shared_ptr<const core::SiteSettings> settings);
  // A site like "shop".
  void add_site(std::string_view id);

  store::OperatorRecord add(const Person& person);
  void save(store::OperatorRecord record);
  base::TokenHash sign_in(const store::OperatorRecord& who);
  void end_session(const base::TokenHash& session);
  void hint_operators();

  // What a visitor's shard would do: something is said in the visitor's conversation, which it begins; its row.
  store::Conversation visitor_says(std::string_view visitor, std::string_view text, std::string_view skill = "");
  [[nodiscard]] store::Conversation row(const base::ConversationId& id);
  [[nodiscard]] std::vector<store::Message> messages(const base::ConversationId& id);
  // The bodies of system lines.
  [[nodiscard]] std::vector<std::string> lines(const base::ConversationId& id);
  void publish(std::string_view topic, std::string_view body);

  // What the rules of a shard were told last: the latest `operators` line of its journal.
  [[nodiscard]] std::string state(std::uint32_t shard, std::string_view site = "shop");
  [[nodiscard]] core::Shard& home_of(const base::OperatorId& id);

  std::vector<ConsoleTab*> consoles;

 private:
  std::uint64_t keys_ = 0;
};

}  // namespace beckon::test
