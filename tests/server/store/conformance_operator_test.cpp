// What every store does with operators and their sessions, tried on each of them.
#include <atomic>
#include <thread>

#include "fixture.hpp"

namespace beckon::store {
namespace {

using base::ErrorCode;

base::TokenHash hash_of(const std::string& token) {
  static const base::Secret secret = base::Secret::random();
  return base::hash_token(secret, token);
}

SessionRecord session_of(const base::OperatorId& who, const std::string& token, Instant created = at(0)) {
  return {hash_of(token), who, created, created + std::chrono::hours(12)};
}

TEST_CASE("operators: kept as saved, listed by login") {
  EachStore s;
  OperatorRecord bob = person("bob"), ada = person("ada");
  ada.role = Role::kAdmin;
  ada.picture = "/ada.png";
  ada.capacity = 50;
  bob.disabled = true;
  bob.skills.clear();
  bob.sites.clear();
  bob = *s.call.save(bob, 0);
  ada = *s.call.save(ada, 0);
  CHECK(ada.version == 1);
  s.reopen();
  CHECK(s.call.operators() == std::vector<OperatorRecord>{ada, bob});
  ada.skills = {"returns"};
  ada.created = at(99);
  const OperatorRecord changed = *s.call.save(ada, 1);
  CHECK(changed.version == 2);
  CHECK(changed.created == at(1));
  CHECK(s.call.operators().at(0) == changed);
}

TEST_CASE("operators: of two who change the same one is told, and a login is one person's") {
  EachStore s;
  OperatorRecord ada = *s.call.save(person("ada"), 0);
  CHECK(s.call.save(ada, 1));
  CHECK(s.call.save(ada, 1).error().code == ErrorCode::kConflict);
  CHECK(s.call.save(ada, 0).error().code == ErrorCode::kConflict);
  CHECK(s.call.save(person("ada"), 0).error().code == ErrorCode::kConflict);
  CHECK(s.call.save(person("bob"), 1).error().code == ErrorCode::kNotFound);
  OperatorRecord bob = *s.call.save(person("bob"), 0);
  bob.login = "ada";
  CHECK(s.call.save(bob, 1).error().code == ErrorCode::kConflict);
  ada.login = "lovelace";
  CHECK(s.call.save(ada, 2));
  CHECK(s.call.save(bob, 1));
  CHECK(s.call.operators().size() == 2);
}

TEST_CASE("operators: of two admins who end each other's role at once one stays") {
  EachStore s;
  OperatorRecord ada = person("ada"), eve = person("eve");
  ada.role = eve.role = Role::kAdmin;
  ada = *s.call.save(ada, 0);
  eve = *s.call.save(eve, 0);
  ada.role = Role::kOperator;
  eve.disabled = true;
  CHECK(s.call.save(ada, 1, LastAdmin::kStays));
  CHECK(s.call.save(eve, 1, LastAdmin::kStays).error().code == ErrorCode::kConflict);
  eve.disabled = false;
  eve.name = "Eve";
  CHECK(s.call.save(eve, 1, LastAdmin::kStays));
  eve.role = Role::kOperator;
  CHECK(s.call.save(eve, 2, LastAdmin::kStays).error().code == ErrorCode::kConflict);
  CHECK(s.call.save(eve, 2, LastAdmin::kMayGo));
}

TEST_CASE("operators: of several new ones with the same login one is kept") {
  EachStore s;
  std::atomic<int> kept{0};
  std::vector<std::thread> threads;
  for (int t = 0; t < 4; ++t) {
    threads.emplace_back([&] {
      if (Waiting(*s.store).save(person("ada"), 0)) ++kept;
    });
  }
  for (std::thread& thread : threads) thread.join();
  CHECK(kept == 1);
  CHECK(s.call.operators().size() == 1);
}

TEST_CASE("operators: values out of their bounds are refused") {
  EachStore s;
  const auto refused = [&](auto spoil) {
    OperatorRecord record = person("ada");
    spoil(record);
    const auto saved = s.call.save(record, 0);
    return !saved && saved.error().code == ErrorCode::kInvalid;
  };
  CHECK(refused([](OperatorRecord& r) { r.login = ""; }));
  CHECK(refused([](OperatorRecord& r) { r.login = "Ada"; }));
  CHECK(refused([](OperatorRecord& r) { r.login = std::string(65, 'a'); }));
  CHECK(refused([](OperatorRecord& r) { r.capacity = 0; }));
  CHECK(refused([](OperatorRecord& r) { r.capacity = 51; }));
  CHECK(refused([](OperatorRecord& r) { r.id = {}; }));
  CHECK(refused([](OperatorRecord& r) { r.skills.assign(kMaxOperatorTags + 1, "s"); }));
  CHECK(refused([](OperatorRecord& r) { r.groups = {""}; }));
  CHECK(refused([](OperatorRecord& r) { r.name = std::string(513, 'n'); }));
  CHECK_FALSE(refused([](OperatorRecord& r) { r.login = std::string(64, 'a'); }));
}

TEST_CASE("operators: at most a thousand") {
  EachStore s;
  const Poster here = [](Task task) { task(); };
  for (std::size_t i = 1; i < kMaxOperators; ++i) {
    s.store->save_operator(person("p" + std::to_string(i)), 0, LastAdmin::kMayGo, here, [](base::Result<OperatorRecord>) {});
  }
  const OperatorRecord last = *s.call.save(person("last"), 0);
  CHECK(s.call.save(person("more"), 0).error().code == ErrorCode::kInvalid);
  CHECK(s.call.save(last, 1));
  CHECK(s.call.operators().size() == kMaxOperators);
}

TEST_CASE("sessions: found by their hash until they end") {
  EachStore s;
  const auto ada = s.call.save(person("ada"), 0)->id;
  const SessionRecord first = session_of(ada, "first");
  REQUIRE(s.call.add_session(first));
  s.reopen();
  CHECK(s.call.session(first.hash) == first);
  CHECK_FALSE(s.call.session(hash_of("other")));
  CHECK(s.call.add_session(session_of(kBob, "of nobody")).error().code == ErrorCode::kNotFound);
  REQUIRE(s.call.end_session(first.hash));
  REQUIRE(s.call.end_session(first.hash));
  CHECK_FALSE(s.call.session(first.hash));
}

TEST_CASE("sessions: all of an operator end, except the one that is kept") {
  EachStore s;
  const auto ada = s.call.save(person("ada"), 0)->id, bob = s.call.save(person("bob"), 0)->id;
  for (const char* token : {"1", "2", "3"}) REQUIRE(s.call.add_session(session_of(ada, token)));
  REQUIRE(s.call.add_session(session_of(bob, "bob")));
  REQUIRE(s.call.end_sessions(ada, hash_of("2")));
  CHECK_FALSE(s.call.session(hash_of("1")));
  CHECK(s.call.session(hash_of("2")));
  REQUIRE(s.call.end_sessions(ada));
  CHECK_FALSE(s.call.session(hash_of("2")));
  CHECK(s.call.session(hash_of("bob")));
}

TEST_CASE("sessions: prolonged to a later instant, never to an earlier one, and not after their end") {
  EachStore s;
  const auto ada = s.call.save(person("ada"), 0)->id;
  REQUIRE(s.call.add_session(session_of(ada, "1")));
  s.store->prolong_session(hash_of("1"), at(100'000));
  CHECK(s.call.session(hash_of("1"))->expires == at(100'000));
  s.store->prolong_session(hash_of("1"), at(5));
  CHECK(s.call.session(hash_of("1"))->expires == at(100'000));
  REQUIRE(s.call.end_session(hash_of("1")));
  s.store->prolong_session(hash_of("1"), at(200'000));
  CHECK_FALSE(s.call.session(hash_of("1")));
}

TEST_CASE("sessions: expired ones go when one is added, and the oldest beyond the bound") {
  EachStore s;
  const auto ada = s.call.save(person("ada"), 0)->id, bob = s.call.save(person("bob"), 0)->id;
  REQUIRE(s.call.add_session(session_of(bob, "old", at(-100'000))));
  for (std::size_t i = 0; i <= kMaxSessionsPerOperator; ++i) {
    REQUIRE(s.call.add_session(session_of(ada, std::to_string(i), at(static_cast<std::int64_t>(i)))));
  }
  CHECK_FALSE(s.call.session(hash_of("old")));
  CHECK_FALSE(s.call.session(hash_of("0")));
  CHECK(s.call.session(hash_of("1")));
  CHECK(s.call.session(hash_of(std::to_string(kMaxSessionsPerOperator))));
}

}  // namespace
}  // namespace beckon::store
