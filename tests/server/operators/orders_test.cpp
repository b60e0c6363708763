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
