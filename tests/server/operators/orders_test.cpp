// What the command line orders, as text, and by the files of a running server.
#include "operators/orders.hpp"

#include "accounts_fixture.hpp"
#include "store/request_files.hpp"
#include "support/temp_dir.hpp"

using namespace beckon;
using namespace beckon::test;
using operators::Order;
using operators::Verb;

namespace {

struct Clerk : Office {
  operators::Roster roster{*store, *bus, clock, tasks.poster()};

  base::Result<std::string> order(const Order& order) { return carry_out(format(order)); }
  base::Result<std::string> carry_out(const std::string& text) {
    std::optional<base::Result<std::string>> answer;
    operators::carry_out(roster, text, [&](base::Result<std::string> result) { answer = std::move(result); });
    tasks.run_until([&] { return answer.has_value(); });
    return *answer;
  }
  std::string hash = operators::hash_password(kPassword);
  std::string json = R"({"login":"Ada","name":"Ada","password":")" + hash + R"(","role":"admin","skills":["returns"]})";
};

}  // namespace

TEST_CASE_METHOD(Clerk, "operators are added, listed, disabled, enabled and given passwords by order") {
  CHECK(*order({Verb::kList, {}, {}}) == R"({"operators":[]})");
  const auto added = order({Verb::kAdd, {}, json});
  REQUIRE(added);
  CHECK(added->find(R"("login":"ada")") != std::string::npos);
  CHECK(added->find("argon2id") == std::string::npos);
  CHECK(order({Verb::kList, {}, {}})->find(R"("skills":["returns"])") != std::string::npos);
  const auto in = login("ada", kPassword);
  REQUIRE(in);
  REQUIRE(order({Verb::kDisable, "ADA", {}}));  // although no admin is left: whoever orders sits at the machine
  CHECK_FALSE(identify(in->token));
  CHECK_FALSE(login("ada", kPassword));
  REQUIRE(order({Verb::kEnable, "ada", {}}));
  CHECK(login("ada", kPassword));
  REQUIRE(order({Verb::kPassword, "ada", operators::hash_password("battery staple")}));
  CHECK_FALSE(login("ada", kPassword));
  CHECK(login("ada", "battery staple"));
}

TEST_CASE_METHOD(Clerk, "an order that cannot be carried out says why") {
  CHECK(order({Verb::kDisable, "nobody", {}}).error().message == "there is no operator \"nobody\"");
  CHECK(order({Verb::kPassword, "nobody", "plain text"}).error().message == "the password is no hash");
  CHECK(order({Verb::kAdd, {}, R"({"login":"a","name":"A","password":"plain text"})"}).error().message ==
        "the password is no hash");
  CHECK(order({Verb::kAdd, {}, R"({"login":"a"})"}).error().message == "name is missing");
  REQUIRE(order({Verb::kAdd, {}, json}));
  CHECK(order({Verb::kAdd, {}, json}).error().code == base::ErrorCode::kInvalid);
  for (const char* nonsense : {"", "\n", "obey\n\n", "add", "add\n\nnot json"}) CHECK_FALSE(carry_out(nonsense));
}

TEST_CASE_METHOD(Clerk, "an operator is given only sites that there are, and keeps one that is gone") {
  std::vector<base::SiteId> sites{base::SiteId("blog"), base::SiteId("shop")};
  operators::Roster knowing(*store, *bus, clock, tasks.poster(), [&] { return sites; });
  const auto carry = [&](const Order& order) {
    std::optional<base::Result<std::string>> answer;
    operators::carry_out(knowing, format(order), [&](base::Result<std::string> result) { answer = std::move(result); });
    tasks.run_until([&] { return answer.has_value(); });
    return *answer;
  };
  const auto of = [&](const std::string& site) {
    return Order{Verb::kAdd, {}, R"({"login":"bob","name":"Bob","password":")" + hash + R"(","sites":[")" + site + "\"]}"};
  };
  CHECK(carry(of("shpo")).error().message == "there is no site \"shpo\"; there is blog, shop");
  CHECK(*carry({Verb::kList, {}, {}}) == R"({"operators":[]})");
  REQUIRE(carry(of("shop")));
  sites.pop_back();
  CHECK(carry({Verb::kDisable, "bob", {}}));  // "shop" is gone, which is no reason to keep him in
  sites.clear();
  CHECK(carry(of("blog")).error().message == "there is no site \"blog\"; the configuration has none");
  for (int i = 0; i < 23; ++i) sites.emplace_back("s" + std::to_string(i));
  CHECK(carry(of("blog")).error().message.ends_with("s18, s19 and 3 more"));
  // Where nobody knows, any site will do.
  CHECK(order({Verb::kAdd, {}, R"({"login":"eve","name":"Eve","password":")" + hash + R"(","sites":["any"]})"}));
}

TEST_CASE("a request by files is answered, with the answer or the reason, and leaves nothing behind") {
  const TempDir dir;
  const store::RequestWatch watch(dir.path() / "orders", [](const std::string& text, const auto& answer) {
    if (text == "bad") answer(base::Error{base::ErrorCode::kInvalid, "no"});
    else answer("did " + text + "\nof two lines");
  });
  CHECK(*store::send_request(dir.path() / "orders", "this", std::chrono::seconds(10)) == "did this\nof two lines");
  CHECK(store::send_request(dir.path() / "orders", "bad", std::chrono::seconds(10)).error().message == "no");
  CHECK(std::filesystem::is_empty(dir.path() / "orders"));
}

TEST_CASE("a request that nobody answers is taken back") {
  const TempDir dir;
  const auto answer = store::send_request(dir.path() / "orders", "hello", std::chrono::milliseconds(50));
  CHECK(answer.error().message == "the server did not answer");
  CHECK(std::filesystem::is_empty(dir.path() / "orders"));
}
