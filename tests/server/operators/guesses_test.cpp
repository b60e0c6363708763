// Guessing, and the first link.
#include "accounts_fixture.hpp"
#include "operators/throttle.hpp"

using namespace beckon;
using namespace beckon::test;
using operators::Why;

TEST_CASE_METHOD(Office, "twenty wrong passwords for a login are refused one by one, the next is not even looked at") {
  add("ada");
  for (int i = 0; i < 20; ++i) {
    CAPTURE(i);
    CHECK(why(login("ada", "wrong horse!", "203.0.113." + std::to_string(i))) == Why::kBadLogin);
  }
  const auto throttled = login("ada", kPassword, "198.51.100.1");
  CHECK(why(throttled) == Why::kThrottled);
  CHECK(throttled.refusal().retry_after == std::chrono::seconds(60));
  clock.advance(std::chrono::seconds(60));
  CHECK(login("ada", kPassword, "198.51.100.1"));
}

TEST_CASE_METHOD(Office, "twenty wrong passwords from an address close it for every login, and no other address") {
  add("ada");
  for (int i = 0; i < 20; ++i)
    CHECK(why(login("made-up-" + std::to_string(i), kPassword)) == Why::kBadLogin);
  CHECK(why(login("ada", kPassword)) == Why::kThrottled);
  CHECK(login("ada", kPassword, "198.51.100.1"));
}

TEST_CASE_METHOD(Office, "a login that does not exist is throttled as one that does") {
  for (int i = 0; i < 20; ++i)
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
    passwords.verify("", "whatever", tasks.poster(), [&](base::Result<bool> result) {
      if (!result) overloaded += result.error().code == base::ErrorCode::kOverloaded;
      else right += !*result;
    });
  }
  tasks.run_until([&] { return right + overloaded == 20; });
  CHECK(right >= 2);
  CHECK(overloaded >= 16);
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
