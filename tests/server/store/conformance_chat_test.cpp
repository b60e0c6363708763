// What every store does with conversations and messages, tried on each of them.
#include <atomic>
#include <set>
#include <thread>

#include "fixture.hpp"

namespace beckon::store {
namespace {

using base::ErrorCode;

// A store with Anna's conversation in the shop.
struct Chatting : EachStore {
  Chatting() : id(call.open(kShop, waiting())->id) {}
  base::Result<Appended> say(const std::string& key_text, std::string text, Instant t = at(1)) {
    return call.append(kShop, id, said(key_text, std::move(text), t));
  }
  base::Result<Appended> answer(const std::string& key_text, std::string text, Instant t = at(2)) {
    return call.append(kShop, id, answered(kAda, key_text, std::move(text), t));
  }
  Conversation now() { return *call.conversation(kShop, id); }
  Conversation take(const base::OperatorId& who = kAda) { return *call.change(kShop, id, now().version, assigned_to(who)); }
  Conversation close() { return *call.change(kShop, id, now().version, closed()); }
  const base::ConversationId id;
};

TEST_CASE("chat: a visitor has one conversation per site, and what it begins with is kept") {
  EachStore s;
  Conversation fresh = waiting();
  fresh.skill = "sales";
  fresh.group = "north";
  fresh.rule = base::RuleId("cart-help");
  fresh.offer = base::OfferId("o_1");
  fresh.name = "Anna";
  fresh.email = "anna@example.org";
  fresh.language = "fr";
  fresh.context = R"({"pages":[]})";
  fresh.last_seq = 7;  // what the store counts is the store's
  fresh.version = 9;
  const Conversation opened = *s.call.open(kShop, fresh);
  CHECK(opened.version == 1);
  CHECK(opened.last_seq == 0);
  CHECK(opened.change == 1);
  Conversation expected = opened;
  expected.context = fresh.context;
  CHECK(s.call.conversation(kShop, fresh.id) == expected);
  CHECK(s.call.conversation_of(kShop, kAnna) == expected);
  CHECK(expected.skill == "sales");
  CHECK(expected.group == "north");
  CHECK(expected.rule == fresh.rule);
  CHECK(expected.offer == fresh.offer);
  CHECK(expected.name == "Anna");
  CHECK(expected.email == "anna@example.org");
  CHECK(expected.language == "fr");
  CHECK(expected.created == at(0));
  CHECK(s.call.open(kShop, waiting())->id == fresh.id);
  CHECK(s.call.open(kBlog, waiting())->id != fresh.id);
  CHECK(s.call.open(kShop, waiting(kBert))->id != fresh.id);
  s.reopen();
  CHECK(s.call.conversation(kShop, fresh.id) == expected);
}

TEST_CASE("chat: sites do not see each other's conversations") {
  Chatting s;
  REQUIRE(s.say("1", "hello"));
  CHECK_FALSE(s.call.conversation(kBlog, s.id));
  CHECK_FALSE(s.call.conversation_of(kBlog, kAnna));
  CHECK(s.call.messages(kBlog, s.id).empty());
  CHECK(s.call.conversations(kBlog).rows.empty());
  CHECK(s.call.append(kBlog, s.id, said("2", "x")).error().code == ErrorCode::kNotFound);
  CHECK(s.call.change(kBlog, s.id, 1, closed()).error().code == ErrorCode::kNotFound);
  CHECK(s.call.rehome(kBlog, s.id, kBert).error().code == ErrorCode::kNotFound);
  s.store->mark(kBlog, s.id, {1, 1, 1});
  s.store->save_context(kBlog, s.id, "{}");
  CHECK(s.now().operator_read == 0);
  CHECK(s.now().context.empty());
  Conversation same_id = waiting(kBert);
  same_id.id = s.id;
  CHECK(s.call.open(kShop, same_id).error().code == ErrorCode::kConflict);
}

TEST_CASE("chat: sequences are dense from 1, and a message comes back as it was said") {
  Chatting s;
  s.take();
  const std::string odd("a\0b \xe2\x80\xae <b>", 12);
  CHECK(s.say("1", odd, at(5))->seq == 1);
  CHECK(s.answer("2", "Hello", at(6))->seq == 2);
  CHECK(s.say("3", "Thanks", at(4))->seq == 3);
  s.reopen();
  CHECK(s.say("4", "Bye", at(7))->seq == 4);
  const auto all = s.call.messages(kShop, s.id);
  REQUIRE(all.size() == 4);
  CHECK(all[0] == Message{1, at(5), Author::kVisitor, {}, "", MessageKind::kText, odd, key("1")});
  CHECK(all[1] == Message{2, at(6), Author::kOperator, kAda, "Ada", MessageKind::kText, "Hello", key("2")});
  CHECK(all[2].at == at(4));
}

TEST_CASE("chat: the same key gives the same sequence, and changes nothing") {
  Chatting s;
  s.take();
  const Appended first = *s.say("1", "hello", at(5));
  CHECK_FALSE(first.duplicate);
  REQUIRE(s.say("2", "there", at(6)));
  const Conversation before = s.now();
  for (int round = 0; round < 2; ++round) {
    const Appended again = *s.say("1", "something else", at(9));
    CHECK(again.duplicate);
    CHECK(again.seq == first.seq);
    CHECK(again.at == at(5));
    CHECK(again.conversation.last_seq == 2);
    CHECK(s.now() == before);
    CHECK(bodies(s.call.messages(kShop, s.id)) == std::vector<std::string>{"hello", "there"});
    s.reopen();
  }
  // A visitor who guesses an operator's key takes nothing from it.
  CHECK_FALSE(s.answer("1", "of the operator")->duplicate);
  // Another conversation has keys of its own.
  const auto other = s.call.open(kShop, waiting(kBert))->id;
  CHECK(s.call.append(kShop, other, said("1", "x"))->seq == 1);
}

TEST_CASE("chat: however many threads say things at once, with doubles, each is there once and the sequence dense") {
  Chatting s;
  std::atomic<int> fresh{0};
  std::vector<std::thread> threads;
  for (int t = 0; t < 4; ++t) {
    threads.emplace_back([&, t] {
      Waiting call(*s.store);
      for (int i = 0; i < 50; ++i) {
        // Two threads each say the same fifty.
        const std::string name = std::to_string(t / 2) + "-" + std::to_string(i);
        const auto appended = call.append(kShop, s.id, said(name, name));
        if (appended && !appended->duplicate) ++fresh;
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
  CHECK(fresh == 100);
  const auto all = s.call.messages(kShop, s.id, {.limit = 200});
  REQUIRE(all.size() == 100);
  std::set<std::string> texts;
  for (std::size_t i = 0; i < all.size(); ++i) {
    CHECK(all[i].seq == i + 1);
    texts.insert(all[i].body);
  }
  CHECK(texts.size() == 100);
  CHECK(s.now().last_seq == 100);
}

TEST_CASE("chat: messages are read in pages from either end") {
  Chatting s;
  for (int i = 1; i <= 230; ++i) REQUIRE(s.say(std::to_string(i), std::to_string(i)));
  const auto seqs = [&](MessageRange range) {
    std::vector<std::uint64_t> found;
    for (const Message& m : s.call.messages(kShop, s.id, range)) found.push_back(m.seq);
    return found;
  };
  using Seqs = std::vector<std::uint64_t>;
  CHECK(seqs({.limit = 3}) == Seqs{228, 229, 230});
  CHECK(seqs({.before = 228, .limit = 2}) == Seqs{226, 227});
  CHECK(seqs({.after = 227}) == Seqs{228, 229, 230});
  CHECK(seqs({.after = 3, .limit = 2, .order = MessageRange::From::kOldest}) == Seqs{4, 5});
  CHECK(seqs({.after = 3, .before = 6, .limit = 50, .order = MessageRange::From::kOldest}) == Seqs{4, 5});
  CHECK(seqs({.after = 230}).empty());
  CHECK(seqs({.limit = 1'000}).size() == kMaxMessagesPage);
  CHECK(seqs({.limit = 0}).empty());
}

TEST_CASE("chat: a conversation knows when who said what last, and how it begins") {
  Chatting s;
  s.take();
  REQUIRE(s.say("1", "hello", at(5)));
  const std::string umlauts(99, 'x');
  REQUIRE(s.answer("2", umlauts + umlauts + "\xc3\xa9\xc3\xa9", at(6)));
  const Conversation now = s.now();
  CHECK(now.last_seq == 2);
  CHECK(now.last_at == at(6));
  CHECK(now.last_visitor_at == at(5));
  CHECK(now.last_operator_at == at(6));
  CHECK(now.preview == umlauts + umlauts + "\xc3\xa9");
  CHECK(now.preview_author == Author::kOperator);
  NewMessage event;
  event.author = Author::kSystem;
  event.kind = MessageKind::kEvent;
  event.body = R"({"event":"joined","name":"Ada"})";
  event.at = at(7);
  REQUIRE(s.call.append(kShop, s.id, event));
  REQUIRE(s.call.append(kShop, s.id, event));
  CHECK(s.now().preview == now.preview);
  CHECK(s.now().last_at == at(7));
  CHECK(s.now().last_seq == 4);
}

TEST_CASE("chat: a character is never cut in a preview") {
  Chatting s;
  const std::string most(kMaxPreviewBytes - 1, 'x');
  REQUIRE(s.say("1", most + "\xc3\xa9"));
  CHECK(s.now().preview == most);
}

TEST_CASE("chat: what a message may not be is refused, at its bounds, and nothing is kept") {
  Chatting s;
  CHECK(s.say("1", std::string(kMaxMessageBytes, 'x')));
  CHECK(s.say("2", std::string(kMaxMessageBytes + 1, 'x')).error().code == ErrorCode::kInvalid);
  CHECK(s.say("3", "").error().code == ErrorCode::kInvalid);
  NewMessage message = said("", "text");
  for (const std::string& bad : {std::string(), std::string(15, 'k'), std::string(65, 'k'), std::string("a b c d e f g h i")}) {
    message.key = bad;
    CHECK(s.call.append(kShop, s.id, message).error().code == ErrorCode::kInvalid);
  }
  for (std::size_t size : {16, 64}) {
    message.key = std::string(size, 'k');
    CHECK(s.call.append(kShop, s.id, message).ok());
  }
  CHECK(s.call.append(kShop, base::ConversationId("c_none"), said("9", "x")).error().code == ErrorCode::kNotFound);
  CHECK(s.now().last_seq == 3);
  Conversation bad = waiting(kBert);
  bad.context = std::string(kMaxContextBytes + 1, ' ');
  CHECK(s.call.open(kShop, bad).error().code == ErrorCode::kInvalid);
  bad = waiting({});
  CHECK(s.call.open(kShop, bad).error().code == ErrorCode::kInvalid);
  bad = waiting(kBert);
  bad.name = std::string(kMaxChatTextBytes + 1, 'n');
  CHECK(s.call.open(kShop, bad).error().code == ErrorCode::kInvalid);
  bad = waiting(kBert);
  bad.state = ConversationState::kAssigned;
  CHECK(s.call.open(kShop, bad).error().code == ErrorCode::kInvalid);
}

TEST_CASE("chat: of those who take a conversation at once one wins") {
  Chatting s;
  const std::uint64_t version = s.now().version;
  std::atomic<int> won{0}, lost{0};
  std::vector<std::thread> threads;
  for (int t = 0; t < 6; ++t) {
    threads.emplace_back([&, t] {
      const base::OperatorId who("p_" + std::to_string(t));
      NewMessage line;
      line.author = Author::kSystem;
      line.kind = MessageKind::kEvent;
      line.body = R"({"event":"joined"})";
      const auto taken = Waiting(*s.store).change(kShop, s.id, version, assigned_to(who), line);
      if (taken && taken->operator_id == who) ++won;
      else if (!taken && taken.error().code == ErrorCode::kConflict) ++lost;
    });
  }
  for (std::thread& thread : threads) thread.join();
  CHECK(won == 1);
  CHECK(lost == 5);
  CHECK(s.call.messages(kShop, s.id).size() == 1);
  CHECK(s.now().version == version + 1);
  CHECK(s.now().state == ConversationState::kAssigned);
  s.reopen();
  CHECK(s.now().version == version + 1);
}

TEST_CASE("chat: a change sets state, operator, skill and group, and name and address when they are given") {
  Chatting s;
  ConversationChange change = assigned_to(kAda, at(5));
  change.rule = base::RuleId("cart-help");
  change.offer = base::OfferId("o_7");
  change.name = "Anna";
  change.email = "anna@example.org";
  const Conversation taken = *s.call.change(kShop, s.id, 1, change);
  CHECK(taken == s.now());
  CHECK(taken.operator_id == kAda);
  CHECK(taken.waiting_since == at(0));
  CHECK(taken.name == "Anna");
  CHECK(taken.rule.text() == "cart-help");
  CHECK(taken.offer.text() == "o_7");
  ConversationChange back;
  back.skill = "returns";
  back.group = "south";
  back.at = at(9);
  const Conversation waits = *s.call.change(kShop, s.id, 2, back);
  CHECK(waits.state == ConversationState::kWaiting);
  CHECK(waits.operator_id.empty());
  CHECK(waits.waiting_since == at(9));
  CHECK(waits.skill == "returns");
  CHECK(waits.group == "south");
  CHECK(waits.email == "anna@example.org");
  back.at = at(20);
  CHECK(s.call.change(kShop, s.id, 3, back)->waiting_since == at(9));
  CHECK(s.call.change(kShop, s.id, 3, back).error().code == ErrorCode::kConflict);
  CHECK(s.call.change(kShop, s.id, 4, assigned_to({})).error().code == ErrorCode::kInvalid);
  CHECK(s.now().version == 4);
}

TEST_CASE("chat: a change whose line cannot be is not made") {
  Chatting s;
  CHECK(s.call.change(kShop, s.id, 1, assigned_to(kAda), said("1", "")).error().code == ErrorCode::kInvalid);
  CHECK(s.call.change(kShop, s.id, 1, assigned_to(kAda), answered(kBob, "1", "mine")).error().code ==
        ErrorCode::kConflict);
  CHECK(s.now().version == 1);
  CHECK(s.now().last_seq == 0);
  // A line that is there already is not said twice.
  NewMessage line = said("2", R"({"event":"joined"})");
  line.author = Author::kSystem;
  line.kind = MessageKind::kEvent;
  REQUIRE(s.call.change(kShop, s.id, 1, assigned_to(kAda), line));
  REQUIRE(s.call.change(kShop, s.id, 2, assigned_to(kBob), line));
  CHECK(s.now().last_seq == 1);
  CHECK(s.now().operator_id == kBob);
}

TEST_CASE("chat: only the operator to whom it is assigned can say something") {
  Chatting s;
  CHECK(s.answer("1", "too early").error().code == ErrorCode::kConflict);
  s.take();
  CHECK(s.answer("2", "hello"));
  s.take(kBob);
  CHECK(s.answer("3", "late").error().code == ErrorCode::kConflict);
  CHECK(s.answer("2", "hello")->duplicate);  // what was kept is still acknowledged
  s.close();
  CHECK(s.call.append(kShop, s.id, answered(kBob, "4", "too late")).error().code == ErrorCode::kConflict);
  CHECK(s.now().last_seq == 1);
}

TEST_CASE("chat: a visitor's message opens a closed conversation again, with a line before it") {
  Chatting s;
  REQUIRE(s.say("1", "hello"));
  s.take();
  const Conversation closed = s.close();
  CHECK(closed.operator_id.empty());
  const Appended again = *s.say("2", "one more thing", at(50));
  CHECK(again.reopened);
  CHECK(again.seq == 3);
  CHECK(again.conversation.state == ConversationState::kWaiting);
  CHECK(again.conversation.operator_id.empty());
  CHECK(again.conversation.waiting_since == at(50));
  CHECK(again.conversation.version == closed.version + 1);
  CHECK(bodies(s.call.messages(kShop, s.id)) ==
        std::vector<std::string>{"hello", R"({"event":"reopened"})", "one more thing"});
  CHECK_FALSE(s.say("3", "and another")->reopened);
  // A key from before the end is no new message.
  s.close();
  CHECK(s.say("2", "one more thing")->duplicate);
  CHECK(s.now().state == ConversationState::kClosed);
}

TEST_CASE("chat: marks only grow, reach no further than what was said, and count what is unread") {
  Chatting s;
  s.take();
  for (int i = 1; i <= 3; ++i) REQUIRE(s.say("v" + std::to_string(i), "question"));
  for (int i = 1; i <= 2; ++i) REQUIRE(s.answer("o" + std::to_string(i), "answer"));
  NewMessage event;
  event.author = Author::kSystem;
  event.kind = MessageKind::kEvent;
  event.body = "{}";
  REQUIRE(s.call.append(kShop, s.id, event));
  CHECK(s.now().operator_unread == 3);
  CHECK(s.now().visitor_unread == 2);
  s.store->mark(kShop, s.id, {.visitor_read = 4, .visitor_delivered = 5, .operator_read = 2});
  Conversation now = s.now();
  CHECK(now.visitor_read == 4);
  CHECK(now.visitor_delivered == 5);
  CHECK(now.operator_read == 2);
  CHECK(now.operator_unread == 1);
  CHECK(now.visitor_unread == 1);
  const std::uint64_t change = now.change;
  s.store->mark(kShop, s.id, {.visitor_read = 1, .visitor_delivered = 2, .operator_read = 2});
  CHECK(s.now() == now);
  s.store->mark(kShop, s.id, {.operator_read = 1'000});
  now = s.now();
  CHECK(now.operator_read == 6);
  CHECK(now.operator_unread == 0);
  CHECK(now.visitor_read == 4);
  CHECK(now.change == change + 1);
  CHECK(now.version == 2);
  s.reopen();
  CHECK(s.now() == now);
  REQUIRE(s.say("v9", "more"));
  CHECK(s.now().operator_unread == 1);
}

TEST_CASE("chat: a context is replaced, bounded, and no change that others have to hear of") {
  Chatting s;
  const std::uint64_t change = s.now().change;
  s.store->save_context(kShop, s.id, R"({"pages":1})");
  s.store->save_context(kShop, s.id, R"({"pages":2})");
  CHECK(s.now().context == R"({"pages":2})");
  CHECK(s.now().change == change);
  s.store->save_context(kShop, s.id, std::string(kMaxContextBytes + 1, ' '));
  CHECK(s.now().context == R"({"pages":2})");
  CHECK(s.store->health().dropped_marks == 1);
  REQUIRE(s.say("1", "hello"));
  CHECK(s.now().context == R"({"pages":2})");
  CHECK(s.call.conversations(kShop).rows.at(0).context.empty());
}

TEST_CASE("chat: a conversation moves to another visitor with its files and tasks, unless that one has one") {
  Chatting s;
  TaskRow task = callback("k", at(1), "+33 1");
  task.conversation = s.id;
  REQUIRE(s.call.add(kShop, task));
  const FileRecord file = *s.call.add_file(kShop, picture(), "bytes");
  NewMessage message = said("1", "");
  message.kind = MessageKind::kFile;
  message.file = file.id;
  REQUIRE(s.call.append(kShop, s.id, message));
  const Conversation before = s.now();
  const Conversation moved = *s.call.rehome(kShop, s.id, kBert);
  CHECK(moved.visitor == kBert);
  CHECK(moved.version == before.version + 1);
  CHECK(moved.change > before.change);
  CHECK_FALSE(s.call.conversation_of(kShop, kAnna));
  CHECK(s.call.conversation_of(kShop, kBert)->id == s.id);
  CHECK(s.call.tasks(kShop).rows.at(0).visitor == kBert);
  CHECK(s.call.file(file.id)->visitor == kBert);
  const auto annas = s.call.open(kShop, waiting())->id;
  CHECK(annas != s.id);
  CHECK(s.call.rehome(kShop, annas, kBert).error().code == ErrorCode::kConflict);
  CHECK(s.call.rehome(kShop, base::ConversationId("c_none"), kBert).error().code == ErrorCode::kNotFound);
  CHECK(s.call.conversation_of(kShop, kAnna)->id == annas);
}

TEST_CASE("chat: whoever follows the counter hears of every change once, in order") {
  Chatting s;
  std::uint64_t seen = 0;
  const auto changed = [&] {
    std::vector<base::ConversationId> ids;
    const ConversationPage page = s.call.conversations(kShop, {.after = seen});
    for (const Conversation& c : page.rows) ids.push_back(c.id);
    seen = page.change;
    return ids;
  };
  using Ids = std::vector<base::ConversationId>;
  CHECK(changed() == Ids{s.id});
  CHECK(changed().empty());
  const auto berts = s.call.open(kShop, waiting(kBert))->id;
  REQUIRE(s.call.append(kShop, berts, said("1", "hello")));
  REQUIRE(s.say("1", "hello"));
  CHECK(changed() == Ids{berts, s.id});
  s.store->mark(kShop, berts, {.operator_read = 1});
  CHECK(changed() == Ids{berts});
  REQUIRE(s.call.add(kShop, callback("k", at(1), "1")));
  CHECK(changed().empty());
  s.take();
  s.reopen();
  CHECK(changed() == Ids{s.id});
  CHECK(s.call.conversations(kBlog).change == 0);
}

TEST_CASE("chat: open ones, changed ones and the past are read in pages") {
  EachStore s;
  std::vector<base::ConversationId> all;
  for (int i = 0; i < 9; ++i) {
    const Conversation c = *s.call.open(kShop, waiting(base::VisitorId("v_" + std::to_string(i))));
    all.push_back(c.id);
    if (i % 3 == 0) REQUIRE(s.call.change(kShop, c.id, 1, closed()));
  }
  const auto pages = [&](ConversationQuery query) {
    std::vector<base::ConversationId> found;
    for (;;) {
      const ConversationPage page = s.call.conversations(kShop, query);
      CHECK(page.rows.size() <= query.limit);
      for (const Conversation& c : page.rows) found.push_back(c.id);
      if (page.rows.size() < query.limit) return found;
      query.after = query.before = page.rows.back().change;
    }
  };
  const std::size_t limit = GENERATE(1, 2, 4, 9, 500);
  CHECK(pages({.which = ConversationQuery::Which::kChanged, .limit = limit}) == all);
  CHECK(pages({.which = ConversationQuery::Which::kLatest, .limit = limit}) ==
        std::vector<base::ConversationId>(all.rbegin(), all.rend()));
  std::vector<base::ConversationId> open_ones;
  for (std::size_t i = 0; i < 9; ++i) {
    if (i % 3 != 0) open_ones.push_back(all[i]);
  }
  CHECK(pages({.which = ConversationQuery::Which::kOpen, .limit = limit}) == open_ones);
}

TEST_CASE("chat: a read sees what the same thread said before it, without waiting for the answer") {
  Chatting s;
  const Poster here = [](Task task) { task(); };
  for (int i = 1; i <= 20; ++i) {
    s.store->append(kShop, s.id, said(std::to_string(i), "x"), here, [](base::Result<Appended>) {});
    s.store->mark(kShop, s.id, {.operator_read = static_cast<std::uint64_t>(i)});
    CHECK(s.call.messages(kShop, s.id).size() == static_cast<std::size_t>(i));
    CHECK(s.now().operator_read == static_cast<std::uint64_t>(i));
  }
}

}  // namespace
}  // namespace beckon::store
