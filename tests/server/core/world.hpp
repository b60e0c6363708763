// A shard with everything around it stood in for: a clock that stands, a store in memory, connections that remember.
#pragma once

#include <deque>
#include <memory>
#include <sstream>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/clock.hpp"
#include "base/log.hpp"
#include "core/recorder.hpp"
#include "core/shard.hpp"
#include "store/bus.hpp"
#include "store/memory_store.hpp"

namespace beckon::test {

using namespace std::chrono_literals;

// A connection that keeps what it was told, frame by frame.
class FakeConnection final : public core::Connection {
 public:
  void send(core::SharedFrame frame) override { frames.push_back(*frame); }
  void ping() override { ++pings; }
  void close(protocol::CloseCode code, std::string_view reason) override {
    closed = code;
    close_reason = reason;
  }
  // The oldest frame not taken yet; "" when there is none.
  std::string take();
  // Drops what has come, and the first frame of that type; "" when there was none.
  std::string take_type(std::string_view type);
  [[nodiscard]] int code() const { return closed ? static_cast<int>(*closed) : 0; }

  std::deque<std::string> frames;
  int pings = 0, pongs = 0;
  std::optional<protocol::CloseCode> closed;
  std::string close_reason;
};

[[nodiscard]] std::shared_ptr<const core::SiteRules> compile_rules(std::string_view text, std::string_view site = "shop");
[[nodiscard]] std::shared_ptr<core::SiteSettings> site_settings(std::string_view rules);

// A member of a frame as text: a string's bytes, anything else as it is written. "a.b" is b of a; "offers.0.rule" indexes.
[[nodiscard]] std::string field(std::string_view frame, std::string_view path);

// A tab of a browser: a connection and what the widget behind it would remember.
class World;
class Tab {
 public:
  Tab(World& world, std::string tab, std::string session);
  ~Tab();
  Tab(const Tab&) = delete;
  Tab& operator=(const Tab&) = delete;

  // Connects and says hello; the welcome is taken and returned, and visitor and token remembered.
  std::string hello(std::string_view url, std::string_view more = "");
  std::string resume(std::string_view url);
  void connect();
  void disconnect();
  // Sends a frame of this type with the next id, or events.
  void send(std::string_view rest);
  void events(std::string_view list);
  void raw(std::string_view text);
  // The oldest frame that is no ack; "" when there is none.
  std::string next();
  std::string next(std::string_view type) { return connection->take_type(type); }

  World& world;
  core::Upgrade upgrade;
  std::string tab, session, visitor, token;
  std::int64_t id = 1;
  std::unique_ptr<FakeConnection> connection;
  core::Link* link = nullptr;
  core::Shard* shard = nullptr;  // that the link is of
  bool answers_pings = true;
};

class World {
 public:
  explicit World(std::string_view rules = R"({"rules": []})", core::ShardLimits limits = {});
  explicit World(std::shared_ptr<core::SiteSettings> site, core::ShardLimits limits = {}, std::uint32_t shards = 1);
  virtual ~World();

  // Time passes, deadline by deadline, as a host's loop would have it.
  void pass(base::Duration by);
  // Runs what the store has answered, and answers pings.
  virtual void pump();
  // Runs one answer of store or bus.
  void step();
  void put_rules(std::string_view rules);
  // The process ends in order and another one starts on the same store, this much later.
  void restart(base::Duration down = 0ms);
  // The process dies; another one starts on the same store.
  void crash();
  // The first one, and the one that serves a connection with this hint.
  [[nodiscard]] core::Shard& shard() { return *shards_.front(); }
  [[nodiscard]] core::Shard& shard_of(std::string_view hint);
  [[nodiscard]] core::Shard& shard_at(std::uint32_t index) { return *shards_[index]; }
  [[nodiscard]] std::uint32_t count() const { return count_; }
  [[nodiscard]] const core::Counters& counters() const { return shards_.front()->counters(); }
  // The site's journal so far, one line an element; what is not handed over yet is handed over first.
  std::vector<std::string> journal();
  std::vector<store::RuleResult> results();
  std::string export_of(std::string_view visitor);

  std::shared_ptr<core::SiteSettings> site;
  core::ShardLimits limits;
  base::ManualClock clock;
  std::ostringstream log_text;
  base::Log log;
  std::unique_ptr<store::Store> store;
  std::unique_ptr<store::Bus> bus = store::make_local_bus();
  std::vector<Tab*> tabs;
  bool store_answers = true;  // false: answers of store and bus wait
  // What reads and what writes answer from threads of their own: true gives the latest answer first.
  bool answers_reversed = false;

 protected:
  void start();
  void stop_shards();

 private:
  [[nodiscard]] base::Instant next_deadline() const;
  std::uint32_t count_;
  base::Secret key_ = base::Secret::random();
  std::shared_ptr<std::deque<store::Task>> tasks_;
  std::vector<std::unique_ptr<core::Shard>> shards_;
};

}  // namespace beckon::test
