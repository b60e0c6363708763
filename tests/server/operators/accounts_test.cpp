// Signing in, out, and what ends a session.
#include "operators/accounts.hpp"

#include "accounts_fixture.hpp"
#include "operators/sessions.hpp"

using namespace beckon;
using namespace beckon::test;
using operators::Why;

TEST_CASE_METHOD(Office, "who has login and password is signed in, whatever the case of the login") {
  const auto ada = add("ada");
  const auto in = login("ADA", kPassword);
  REQUIRE(in);
  CHECK(in->who.id == ada.id);
  const auto known = identify(in->token);
  REQUIRE(known);
  CHECK(known->who.id == ada.id);
}

TEST_CASE_METHOD(Office, "a wrong password, an unknown login and a disabled operator are told the same") {
  const auto ada = add("ada");
  add("eve", store::Role::kAdmin);
  const auto wrong = login("ada", "wrong horse!");
  const auto unknown = login("nobody", kPassword);
  operators::OperatorChange off;
  off.disabled = true;
  REQUIRE(ask<store::OperatorRecord>([&](auto reply) { accounts.change(ada.id, off, "", reply); }));
  const auto disabled = login("ada", kPassword);
  for (const auto* refused : {&wrong, &unknown, &disabled}) {
    CHECK(why(*refused) == Why::kBadLogin);
    CHECK(refused->refusal().message == wrong.refusal().message);
  }
}

TEST_CASE_METHOD(Office, "a session is known by its cookie alone, and the store knows only its hash") {
  add("ada");
  const auto in = login("ada", kPassword);
  REQUIRE(in);
  CHECK(in->token.size() == 43);
  std::string flipped = in->token;
  flipped[5] = flipped[5] == 'a' ? 'b' : 'a';
  for (const std::string& bad : {flipped, in->token.substr(1), in->token + "x", std::string("x"), std::string(43, '.')})
    CHECK(why(identify(bad)) == Why::kSignedOut);
  const auto hash = operators::session_hash(key, in->token);
  REQUIRE(hash);
  CHECK(identify(in->token)->session == *hash);
  CHECK_FALSE(operators::session_hash(base::Secret::random(), in->token) == hash);
}

TEST_CASE_METHOD(Office, "a login ends the session that came along: its cookie is a new one") {
  add("ada");
  const auto first = login("ada", kPassword);
  const auto second = login("ada", kPassword, "203.0.113.7", first->token);
  CHECK(second->token != first->token);
  CHECK(why(identify(first->token)) == Why::kSignedOut);
  CHECK(identify(second->token));
}

TEST_CASE_METHOD(Office, "a session ends twelve hours after its last use, and after a week however it is used") {
  add("ada");
  const auto in = login("ada", kPassword);
  clock.advance(std::chrono::hours(12) - std::chrono::milliseconds(1));
  REQUIRE(identify(in->token));
  clock.advance(std::chrono::hours(12) - std::chrono::milliseconds(1));
  REQUIRE(identify(in->token));
  clock.advance(std::chrono::hours(12));
  CHECK(why(identify(in->token)) == Why::kSignedOut);

  const auto used = login("ada", kPassword);
  for (int hour = 0; hour < 24 * 7; hour += 6) {
    REQUIRE(identify(used->token));
    clock.advance(std::chrono::hours(6));
  }
  CHECK(why(identify(used->token)) == Why::kSignedOut);
}

TEST_CASE_METHOD(Office, "a logout ends this session alone, and says so to everybody") {
  const auto ada = add("ada");
  const auto here = login("ada", kPassword), there = login("ada", kPassword);
  told.clear();
  REQUIRE(ask<operators::Done>([&](auto reply) { accounts.logout(here->token, reply); }));
  CHECK(why(identify(here->token)) == Why::kSignedOut);
  CHECK(identify(there->token));
  CHECK(told == std::vector<std::string>{"{\"id\":\"" + ada.id.text() + "\"}"});
  CHECK(ask<operators::Done>([&](auto reply) { accounts.logout(here->token, reply); }));
}

TEST_CASE_METHOD(Office, "a new password needs the old one, ends every other session, and replaces this one") {
  add("ada");
  const auto here = login("ada", kPassword), there = login("ada", kPassword);
  const auto change = [&](const std::string& old_password, const std::string& new_password) {
    return ask<operators::SignedIn>([&](auto reply) {
      accounts.change_password({"203.0.113.7", here->token, old_password, new_password}, reply);
    });
  };
  CHECK(why(change("wrong horse!", "battery staple")) == Why::kBadLogin);
  CHECK(why(change(kPassword, "too short")) == Why::kInvalid);
  CHECK(why(change(kPassword, std::string(257, 'x'))) == Why::kInvalid);
  REQUIRE(identify(there->token));
  told.clear();
  const auto changed = change(kPassword, "battery staple");
  REQUIRE(changed);
  CHECK_FALSE(told.empty());
  CHECK(why(identify(here->token)) == Why::kSignedOut);
  CHECK(why(identify(there->token)) == Why::kSignedOut);
  CHECK(identify(changed->token));
  CHECK(why(login("ada", kPassword)) == Why::kBadLogin);
  CHECK(login("ada", "battery staple"));
}

TEST_CASE_METHOD(Office, "an operator who is disabled, or given a password, is signed out everywhere") {
  const auto ada = add("ada");
  add("eve", store::Role::kAdmin);
  const auto change = [&](operators::OperatorChange what, const std::string& password) {
    REQUIRE(ask<store::OperatorRecord>([&](auto reply) { accounts.change(ada.id, what, password, reply); }));
  };
  auto in = login("ada", kPassword);
  operators::OperatorChange off, on;
  off.disabled = true;
  on.disabled = false;
  change(off, "");
  CHECK(why(identify(in->token)) == Why::kSignedOut);
  change(on, "");
  CHECK(why(identify(in->token)) == Why::kSignedOut);
  in = login("ada", kPassword);
  change({}, "another password");
  CHECK(why(identify(in->token)) == Why::kSignedOut);
  in = login("ada", "another password");
  operators::OperatorChange renamed;
  renamed.name = "Ada";
  change(renamed, "");
  CHECK(identify(in->token)->who.name == "Ada");
}

TEST_CASE_METHOD(Office, "the last admin who can sign in stays one") {
  const auto eve = add("eve", store::Role::kAdmin);
  operators::OperatorChange off, less;
  off.disabled = true;
  less.role = store::Role::kOperator;
  const auto change = [&](const operators::OperatorChange& what) {
    return ask<store::OperatorRecord>([&](auto reply) { accounts.change(eve.id, what, "", reply); });
  };
  CHECK(why(change(off)) == Why::kConflict);
  CHECK(why(change(less)) == Why::kConflict);
  add("mia", store::Role::kAdmin);
  CHECK(change(less));
}

TEST_CASE_METHOD(Office, "a login is taken once, and values have bounds") {
  add("ada");
  const auto add_one = [&](const auto& edit) {
    store::OperatorRecord record;
    record.login = "bob";
    record.name = "Bob";
    edit(record);
    return ask<store::OperatorRecord>([&](auto reply) { accounts.add(record, kPassword, reply); });
  };
  CHECK(why(add_one([](auto& r) { r.login = "Ada"; })) == Why::kConflict);
  CHECK(why(add_one([](auto& r) { r.login = ""; })) == Why::kInvalid);
  CHECK(why(add_one([](auto& r) { r.login = "a b"; })) == Why::kInvalid);
  CHECK(why(add_one([](auto& r) { r.login = std::string(65, 'a'); })) == Why::kInvalid);
  CHECK(why(add_one([](auto& r) { r.name = ""; })) == Why::kInvalid);
  CHECK(why(add_one([](auto& r) { r.name = "a\nb"; })) == Why::kInvalid);
  CHECK(why(add_one([](auto& r) { r.capacity = 0; })) == Why::kInvalid);
  CHECK(why(add_one([](auto& r) { r.capacity = 51; })) == Why::kInvalid);
  CHECK(why(add_one([](auto& r) { r.picture = "javascript:alert(1)"; })) == Why::kInvalid);
  CHECK(why(add_one([](auto& r) { r.picture = "//evil.example/x.png"; })) == Why::kInvalid);
  CHECK(why(add_one([](auto& r) { r.skills = {""}; })) == Why::kInvalid);
  CHECK(why(add_one([](auto& r) { r.groups = std::vector<std::string>(51, "g"); })) == Why::kInvalid);
  CHECK(why(add_one([](auto& r) { r.sites = {base::SiteId("no site")}; })) == Why::kInvalid);
  CHECK(add_one([](auto& r) {
    r.login = std::string(64, 'a');
    r.capacity = 50;
    r.picture = "https://shop.example/bob.png";
    r.skills = {"returns"};
  }));
}

TEST_CASE("what the store says of its files is for who runs the server alone") {
  const auto refusal = operators::refusal_of({base::ErrorCode::kUnavailable, "no space left for /var/lib/beckon"});
  CHECK(refusal.why == Why::kUnavailable);
  CHECK(refusal.message == "the database cannot be read or written now");
  CHECK(refusal.detail == "no space left for /var/lib/beckon");
  CHECK(refusal.retry_after.count() > 0);
}
