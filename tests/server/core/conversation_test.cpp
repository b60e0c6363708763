// Visitors and operators together, over several shards and a bus that drops, doubles, delays and reorders: whatever was
// acknowledged is there once, and both sides see all of it in order.
#include <catch2/catch.hpp>
#include <map>
#include <random>
#include <set>

#include "desk_world.hpp"

using namespace beckon;
using namespace beckon::test;

namespace {

// A console and what its script keeps: messages by conversation, and what is said until it is acknowledged.
class Desktop {
 public:
  Desktop(DeskWorld& world, const Person& person) : tab_(world, world.add(person)) {}

  void connect() {
    if (tab_.hello().empty()) return;
    for (const auto& [id, messages] : messages_) tab_.send("watch", address(id));
    for (const auto& [key, said] : unacknowledged_) send(key, said);
    listen();
  }
  void cut() {
    tab_.disconnect();
    answers_.clear();
  }
  [[nodiscard]] bool connected() const { return tab_.link != nullptr && tab_.code() == 0; }

  void watch(const std::string& conversation) {
    messages_[conversation];
    if (connected()) tab_.send("watch", address(conversation));
  }
  void say(const std::string& conversation, const std::string& text) {
    const std::string key = tab_.who.login + "-message-key-" + std::to_string(++keys_);
    const Said said{conversation, text};
    unacknowledged_[key] = said;
    if (connected()) send(key, said);
  }
  void ask(std::string_view type, const store::Conversation& row, const std::string& more = "") {
    if (!connected()) return;
    tab_.send(type, address(row.id.text()) + ",\"version\":" + std::to_string(row.version) + more);
  }

  // Takes in what has come.
  void listen() {
    if (tab_.connection == nullptr) return;
    for (std::string frame = tab_.connection->take(); !frame.empty(); frame = tab_.connection->take()) {
      const std::string type = field(frame, "type");
      if (type == "messages") take_messages(field(frame, "conversation"), frame);
      if (type != "ok" && type != "error") continue;
      if (type == "ok" && field(frame, "messages") != "absent") take_messages(field(frame, "conversation.id"), frame);
      const auto answer = answers_.find(field(frame, "id"));
      if (answer == answers_.end()) continue;
      if (type == "ok") acknowledged.insert(answer->second);
      else refused.insert(field(frame, "code"));
      unacknowledged_.erase(answer->second);
      answers_.erase(answer);
    }
  }

  [[nodiscard]] const std::map<std::uint64_t, std::string>& messages(const std::string& id) { return messages_[id]; }
  [[nodiscard]] const store::OperatorRecord& who() const { return tab_.who; }

  std::set<std::string> acknowledged;  // keys
  std::set<std::string> refused;       // codes
  int out_of_order = 0;

 private:
  struct Said {
    std::string conversation, text;
  };
  static std::string address(const std::string& id) { return R"("site":"shop","conversation":")" + id + "\""; }

  void send(const std::string& key, const Said& said) {
    tab_.send("say", address(said.conversation) + R"(,"key":")" + key + R"(","text":")" + said.text + "\"");
    answers_[std::to_string(tab_.id)] = key;
  }
  void take_messages(const std::string& conversation, const std::string& frame) {
    auto& known = messages_[conversation];
    std::uint64_t before = 0;
    for (int i = 0;; ++i) {
      const std::string at = "messages." + std::to_string(i);
      const std::string seq = field(frame, at + ".seq");
      if (seq == "absent") return;
      const std::uint64_t now = std::stoull(seq);
      if (now <= before) ++out_of_order;
      before = now;
      const std::string text = field(frame, at + ".text");
      known[now] = text == "absent" ? "(" + field(frame, at + ".event") + ")" : text;
    }
  }

  ConsoleTab tab_;
  std::map<std::string, std::map<std::uint64_t, std::string>> messages_;
  std::map<std::string, Said> unacknowledged_;  // by key
  std::map<std::string, std::string> answers_;  // frame → key
  int keys_ = 0;
};

std::string shown(const store::Message& message) {
  return message.kind == store::MessageKind::kEvent ? "(" + field(message.body, "event") + ")" : message.body;
}

}  // namespace

TEST_CASE("whatever is acknowledged is seen once and in order by both, over a faulty bus, cuts and transfers") {
  for (unsigned seed = 1; seed <= 12; ++seed) {
    INFO("seed " << seed);
    DeskWorld world(3);
    store::FaultyBus& bus = world.make_bus_faulty({.seed = seed, .drop = 0.1 * (seed % 4), .twice = 0.2, .late = 0.3});
    std::mt19937 random(seed);
    const auto roll = [&](unsigned sides) { return static_cast<unsigned>(random() % sides); };
    Desktop ada(world, {"ada", "Ada"}), bob(world, {"bob", "Bob"});
    ada.connect();
    bob.connect();
    Panel one(world, "t1", "session-one-1"), two(world, "t2", "session-two-2");
    Panel* const panels[] = {&one, &two};
    Desktop* const desktops[] = {&ada, &bob};
    for (Panel* const panel : panels) {
      panel->tab.hello("/a");
      panel->open();
      panel->say("begin");
      world.pass(50ms);
      panel->listen();
    }

    for (int step = 0; step < 150; ++step) {
      Panel& panel = *panels[roll(2)];
      Desktop& desktop = *desktops[roll(2)];
      const auto row = world.conversation(panel.tab.visitor);
      REQUIRE(row);
      switch (roll(10)) {
        case 0:
        case 1:
        case 2:
          if (panel.tab.link != nullptr) panel.say("v" + std::to_string(step));
          break;
        case 3:
        case 4:
        case 5: desktop.say(row->id.text(), "o" + std::to_string(step)); break;
        case 6: desktop.ask("take", *row); break;
        case 7:
          if (panel.tab.link != nullptr) panel.cut();
          else panel.resume();
          break;
        case 8:
          if (desktop.connected()) desktop.cut();
          else desktop.connect();
          break;
        case 9:
          desktop.ask("transfer", *row, R"(,"to":{"operator":")" + desktops[roll(2)]->who().id.text() + "\"}");
          break;
      }
      desktop.watch(row->id.text());
      world.pass(base::Duration(roll(200)));
      // What has come may be lost with a cut: it is taken in now and then only.
      if (roll(2) == 0 && panel.tab.link != nullptr) panel.listen();
      if (roll(2) == 0) desktop.listen();
    }

    bus.set_faults({});
    bus.settle();
    for (Desktop* const desktop : desktops) desktop->connect();
    for (Panel* const panel : panels) panel->resume();
    world.pass(10s);
    for (Panel* const panel : panels) panel->listen(), panel->mend(), panel->listen();
    for (Desktop* const desktop : desktops) desktop->listen();

    std::map<std::string, int> keys;
    for (Panel* const panel : panels) {
      const auto row = world.conversation(panel->tab.visitor);
      std::vector<std::string> texts;
      std::map<std::uint64_t, std::string> by_seq;
      for (const store::Message& each : world.messages(row->id)) {
        CHECK(each.seq == texts.size() + 1);
        texts.push_back(shown(each));
        by_seq[each.seq] = texts.back();
        if (each.author == store::Author::kOperator) ++keys[each.key];
      }
      CHECK(texts.size() > 10);
      CHECK(panel->shown() == texts);
      CHECK(panel->unacknowledged.empty());
      for (Desktop* const desktop : desktops) {
        // A page has the latest 50: what was before a tab looked is asked for, not sent.
        for (const auto& [seq, text] : desktop->messages(row->id.text())) CHECK(by_seq[seq] == text);
        const auto& seen = desktop->messages(row->id.text());
        CHECK(seen.rbegin()->first == texts.size());
        CHECK(seen.size() == texts.size() - seen.begin()->first + 1);
      }
    }
    std::size_t acknowledged = 0;
    for (Desktop* const desktop : desktops) {
      CHECK(desktop->out_of_order == 0);
      for (const std::string& key : desktop->acknowledged) CHECK(keys[key] == 1);
      acknowledged += desktop->acknowledged.size();
      for (const std::string& code : desktop->refused) {
        CHECK((code == "not_yours" || code == "closed" || code == "too_many"));
      }
    }
    CHECK(acknowledged > 10);
  }
}
