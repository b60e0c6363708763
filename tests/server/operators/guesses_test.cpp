// Guessing, and the first link.
#include "accounts_fixture.hpp"
#include "operators/devices.hpp"
#include "operators/throttle.hpp"

using namespace beckon;
using namespace beckon::test;
using operators::Why;

TEST_CASE_METHOD(Office, "one address, however long it guesses, keeps nobody out but itself") {
  add("ada");
  for (int minute = 0; minute < 10; ++minute) {
    for (int i = 0; i < (minute == 0 ? 30 : 3); ++i) static_cast<void>(login("ada", "wrong horse!", "203.0.113.7"));
    clock.advance(std::chrono::seconds(60));
  }
  CHECK(why(login("ada", "wrong horse!", "203.0.113.7")) == Why::kBadLogin);
  CHECK(why(login("ada", kPassword, "203.0.113.7")) == Why::kThrottled);
  CHECK(login("ada", kPassword, "198.51.100.1"));
}

// A hundred for a login close it to strangers, also to the right password; where somebody has signed in before they go in.
TEST_CASE_METHOD(Office, "where somebody has signed in before, no stranger's guesses keep them out") {
  add("ada");
  add("eve");
  const std::string device = login("ada", kPassword)->device;
  for (int i = 0; i < 100; ++i) {
    CAPTURE(i);
    CHECK(why(login("ada", "wrong horse!", "203.0.113." + std::to_string(i))) == Why::kBadLogin);
  }
  const auto stranger = login("ada", kPassword, "198.51.100.2");
  CHECK(why(stranger) == Why::kThrottled);
  CHECK(stranger.refusal().retry_after == std::chrono::seconds(20));
  for (int i = 0; i < 20; ++i) static_cast<void>(login("made-up", "wrong horse!", "198.51.100.1"));
  const auto from_there = [&](const std::string& password, const std::string& cookie, const std::string& who = "ada") {
    return login(who, password, "198.51.100.1", "", cookie);
  };
  REQUIRE(why(from_there(kPassword, "")) == Why::kThrottled);
  const auto in = from_there(kPassword, device);
  REQUIRE(in);
  CHECK(in->device != device);

  // A cookie that is another's, or changed, makes a stranger.
  std::string changed = device;
  changed.back() = changed.back() == '0' ? '1' : '0';
  for (const std::string& bad : {changed, device.substr(1), std::string("x.1.2"), std::string("..")}) {
    CAPTURE(bad);
    CHECK(why(from_there(kPassword, bad)) == Why::kThrottled);
  }
  CHECK(why(from_there(kPassword, device, "eve")) == Why::kThrottled);

  // What is tried from a known browser is counted by itself, and what is tried in a session too.
  for (int i = 0; i < 20; ++i) CHECK(why(from_there("wrong horse!", device)) == Why::kBadLogin);
  CHECK(why(from_there(kPassword, device)) == Why::kThrottled);
  CHECK(from_there(kPassword, in->device));
  CHECK(ask<operators::SignedIn>([&](auto reply) {
    accounts.change_password({"198.51.100.1", in->token, kPassword, "battery staple"}, reply);
  }));
  clock.advance(std::chrono::seconds(60));
  CHECK(from_there("battery staple", device));
}

TEST_CASE("a browser is known for 180 days, by its cookie as it was given and for its login alone") {
  const base::Secret key = base::Secret::random();
  const base::Instant now = rules::at_ms(1'800'000'000'000);
  const std::string device = operators::new_device(key, "ada", now);
  const auto id = operators::known_device(key, "ada", device, now);
  REQUIRE(id);
  CHECK(operators::known_device(key, "ada", device, now + operators::kDeviceLives) == id);
  CHECK_FALSE(operators::known_device(key, "ada", device, now + operators::kDeviceLives + std::chrono::days(1)));
  CHECK_FALSE(operators::known_device(key, "eve", device, now));
  CHECK_FALSE(operators::known_device(base::Secret::random(), "ada", device, now));
  CHECK(operators::known_device(key, "ada", operators::new_device(key, "ada", now), now) != id);
  for (std::size_t i = 0; i < device.size(); ++i) {
    std::string changed = device;
    changed[i] = changed[i] == '1' ? '2' : '1';
    CAPTURE(changed);
    CHECK_FALSE(operators::known_device(key, "ada", changed, now));
    CHECK_FALSE(operators::known_device(key, "ada", device.substr(0, i), now));
  }
}

TEST_CASE_METHOD(Office, "twenty wrong passwords from an address close it for every login, and no other address") {
  add("ada");
  for (int i = 0; i < 20; ++i)
    CHECK(why(login("made-up-" + std::to_string(i), kPassword)) == Why::kBadLogin);
  CHECK(why(login("ada", kPassword)) == Why::kThrottled);
  CHECK(login("ada", kPassword, "198.51.100.1"));
}

TEST_CASE_METHOD(Office, "a login that does not exist is throttled as one that does") {
  for (int i = 0; i < 100; ++i)
    CHECK(why(login("nobody", kPassword, "203.0.113." + std::to_string(i))) == Why::kBadLogin);
  CHECK(why(login("nobody", kPassword, "198.51.100.1")) == Why::kThrottled);
}

TEST_CASE_METHOD(Office, "right passwords are held against nobody") {
  add("ada");
  for (int i = 0; i < 30; ++i) CHECK(login("ada", kPassword));
}

TEST_CASE_METHOD(Office, "guesses made all at once are counted before the first is looked at") {
  add("ada");
  int answered = 0, throttled = 0;
  for (int i = 0; i < 30; ++i) {
    accounts.login({"203.0.113.7", "ada", "wrong horse!", ""}, [&](operators::Outcome<operators::SignedIn> who) {
      ++answered;
      throttled += why(who) == Why::kThrottled;
    });
  }
  tasks.run_until([&] { return answered == 30; });
  CHECK(throttled == 10);
}

TEST_CASE_METHOD(Office, "guessed cookies are throttled, good ones are not") {
  add("ada");
  const auto in = login("ada", kPassword);
  int throttled = 0;
  for (int i = 0; i < 100; ++i) throttled += why(identify(base::new_token())) == Why::kThrottled;
  CHECK(throttled == 40);
  CHECK(identify(in->token));
  CHECK(why(identify("")) == Why::kSignedOut);
}

TEST_CASE_METHOD(Office, "the first link makes one admin, once") {
  const std::string secret = make_link();
  CHECK(why(setup("not the secret")) == Why::kForbidden);
  CHECK(why(setup("")) == Why::kForbidden);
  CHECK(why(setup(secret, "short")) == Why::kInvalid);  // and can be tried again
  const auto first = setup(secret);
  REQUIRE(first);
  CHECK(first->who.role == store::Role::kAdmin);
  CHECK(identify(first->token));
  CHECK(why(setup(secret)) == Why::kForbidden);
}

TEST_CASE_METHOD(Office, "two who use the link at once: one wins") {
  const std::string secret = make_link();
  int made = 0, refused = 0;
  for (const char* name : {"one", "two"}) {
    accounts.setup({"203.0.113.7", secret, name, name, kPassword}, [&](operators::Outcome<operators::SignedIn> who) {
      ++(who ? made : refused);
    });
  }
  tasks.run_until([&] { return made + refused == 2; });
  CHECK(made == 1);
}

TEST_CASE_METHOD(Office, "the first link is good for a day") {
  const std::string secret = make_link();
  clock.advance(std::chrono::hours(24));
  CHECK(why(setup(secret)) == Why::kForbidden);
  const std::string fresh = make_link();
  clock.advance(std::chrono::hours(24) - std::chrono::milliseconds(1));
  CHECK(setup(fresh));
}

TEST_CASE_METHOD(Office, "the first link is worth nothing when there is an operator") {
  const std::string secret = make_link();
  add("ada");
  CHECK(why(setup(secret)) == Why::kForbidden);
}

TEST_CASE_METHOD(Office, "guessed links are throttled") {
  const std::string secret = make_link();
  for (int i = 0; i < 20; ++i) CHECK(why(setup(base::new_token())) == Why::kForbidden);
  CHECK(why(setup(secret)) == Why::kThrottled);
}

TEST_CASE("a throttle lets a burst pass, then one in every while") {
  operators::Throttle throttle(3, std::chrono::seconds(10));
  base::Instant now = rules::at_ms(0);
  for (int i = 0; i < 3; ++i) CHECK_FALSE(throttle.take("a", now));
  CHECK(throttle.take("a", now) == std::chrono::seconds(10));
  CHECK_FALSE(throttle.take("b", now));
  now += std::chrono::milliseconds(9'999);
  CHECK(throttle.take("a", now) == std::chrono::seconds(1));
  now += std::chrono::milliseconds(1);
  CHECK_FALSE(throttle.take("a", now));
  CHECK(throttle.take("a", now));
  throttle.give_back("a");
  CHECK_FALSE(throttle.take("a", now));
  CHECK_FALSE(throttle.take("", now, 1000));
}

TEST_CASE("a throttle forgets those with the least against them when it is full") {
  operators::Throttle throttle(3, std::chrono::hours(1));
  const base::Instant now = rules::at_ms(0);
  for (int i = 0; i < 3; ++i) CHECK_FALSE(throttle.take("guilty", now));
  for (std::size_t i = 0; i < 3 * operators::kMaxThrottled; ++i) {
    REQUIRE_FALSE(throttle.take("one " + std::to_string(i), now));
    REQUIRE(throttle.size() <= operators::kMaxThrottled);
  }
  CHECK(throttle.take("guilty", now));
}

TEST_CASE("passwords that wait are bounded, and the next is told to come again") {
  store::TaskQueue tasks;
  operators::PasswordThread passwords(2);
  int right = 0, overloaded = 0;
  for (int i = 0; i < 20; ++i) {
    passwords.verify(operators::Asker::kStranger, "", "whatever", tasks.poster(), [&](base::Result<bool> result) {
      if (!result) overloaded += result.error().code == base::ErrorCode::kOverloaded;
      else right += !*result;
    });
  }
  // Who is known has a queue of their own, and goes before the strangers that wait.
  int before_known = -1;
  passwords.verify(operators::Asker::kKnown, "", "whatever", tasks.poster(), [&](base::Result<bool> result) {
    CHECK(result);
    before_known = right;
  });
  tasks.run_until([&] { return right + overloaded == 20 && before_known >= 0; });
  CHECK(right >= 2);
  CHECK(overloaded >= 16);
  CHECK(before_known < right);
}

TEST_CASE("a password's hash is argon2id and its own each time") {
  const std::string one = operators::hash_password(kPassword), two = operators::hash_password(kPassword);
  CHECK(one.starts_with("$argon2id$v=19$m=65536,t=2,p=1$"));
  CHECK(one != two);
  CHECK(operators::verify_password(one, kPassword));
  CHECK_FALSE(operators::verify_password(one, "correct Horse"));
  CHECK_FALSE(operators::verify_password("", ""));
  CHECK_FALSE(operators::verify_password("$argon2id$nonsense", kPassword));
  CHECK_FALSE(operators::verify_password(std::string(1000, 'x'), kPassword));
}
