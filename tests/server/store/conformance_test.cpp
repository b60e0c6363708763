// What every store does, tried on each of them.
#include "fixture.hpp"

namespace beckon::store {
namespace {

TEST_CASE("store: a visitor that was never saved is not found") {
  EachStore s;
  CHECK_FALSE(s.call.load(kShop, kAnna));
}

TEST_CASE("store: a visitor comes back as saved, at once and after the commit") {
  EachStore s;
  VisitorRecord anna = record(kAnna, R"({"visits":3})", at(9));
  anna.token_hash = base::hash_token(base::Secret::random(), "token");
  anna.identity = "customer-7";
  s.store->save_visitor(kShop, anna);
  for (int round = 0; round < 2; ++round) {
    const auto found = s.call.load(kShop, kAnna);
    REQUIRE(found);
    CHECK(found->id == kAnna);
    CHECK(found->snapshot == R"({"visits":3})");
    CHECK(found->token_hash == anna.token_hash);
    CHECK(found->first_seen == at(0));
    CHECK(found->last_seen == at(9));
    CHECK(found->identity == "customer-7");
    REQUIRE(s.call.flush());
  }
}

TEST_CASE("store: the last of several saves counts") {
  EachStore s;
  for (int visits = 1; visits <= 50; ++visits) {
    s.store->save_visitor(kShop, record(kAnna, "{\"visits\":" + std::to_string(visits) + "}"));
    if (visits % 20 == 0) REQUIRE(s.call.flush());
  }
  CHECK(s.call.load(kShop, kAnna)->snapshot == R"({"visits":50})");
  REQUIRE(s.call.flush());
  CHECK(s.call.load(kShop, kAnna)->snapshot == R"({"visits":50})");
}

TEST_CASE("store: sites do not see each other's visitors") {
  EachStore s;
  s.store->save_visitor(kShop, record(kAnna, "{}"));
  REQUIRE(s.call.flush());
  CHECK_FALSE(s.call.load(kBlog, kAnna));
}

TEST_CASE("store: an identity leads to the visitor saved with it, and to none when that one loses it") {
  EachStore s;
  VisitorRecord anna = record(kAnna, "{}");
  anna.identity = "customer-7";
  s.store->save_visitor(kShop, anna);
  CHECK(s.call.find_identity(kShop, "customer-7") == kAnna);
  CHECK_FALSE(s.call.find_identity(kBlog, "customer-7"));
  CHECK_FALSE(s.call.find_identity(kShop, ""));
  anna.identity.clear();
  s.store->save_visitor(kShop, anna);
  CHECK_FALSE(s.call.find_identity(kShop, "customer-7"));
}

TEST_CASE("store: a snapshot over the limit is not saved, and counted") {
  EachStore s;
  s.store->save_visitor(kShop, record(kAnna, std::string(kMaxSnapshotBytes, ' ')));
  CHECK(s.call.load(kShop, kAnna));
  s.store->save_visitor(kShop, record(kBert, std::string(kMaxSnapshotBytes + 1, ' ')));
  CHECK_FALSE(s.call.load(kShop, kBert));
  CHECK(s.store->health().dropped_visitors == 1);
}

TEST_CASE("store: the journal is read in order of instant, shard and sequence, however it came in") {
  EachStore s;
  s.store->record(kShop, lines({line(7, at(2), kAnna, "2/1/7\n"), line(8, at(3), kAnna, "3/1/8")}, 1));
  s.store->record(
      kShop, lines({line(1, at(1), kBert, "1/0/1"), line(3, at(2), kBert, "2/0/3"), line(4, at(2), {}, "2/0/4")}, 0));
  s.store->record(kBlog, lines({line(1, at(2), kAnna, "blog")}));
  const std::vector<std::string> all{"1/0/1", "2/0/3", "2/0/4", "2/1/7", "3/1/8"};
  CHECK(s.call.journal(kShop) == all);
  CHECK(s.call.journal(kBlog) == std::vector<std::string>{"blog"});
  CHECK(s.call.journal(base::SiteId("nobody")).empty());
}

TEST_CASE("store: a span of the journal holds its beginning and not its end") {
  EachStore s;
  s.store->record(kShop, lines({line(1, at(1), kAnna, "a"), line(2, at(2), kAnna, "b"), line(3, at(3), kAnna, "c")}));
  CHECK(s.call.journal(kShop, {at(1), at(3)}) == std::vector<std::string>{"a", "b"});
  CHECK(s.call.journal(kShop, {at(2), at(4)}) == std::vector<std::string>{"b", "c"});
  CHECK(s.call.journal(kShop, {at(2), at(2)}).empty());
}

TEST_CASE("store: pages of the journal hold whole instants and miss nothing") {
  EachStore s;
  std::vector<JournalRow> rows;
  std::vector<std::string> all;
  for (std::uint64_t i = 0; i < 500; ++i) {
    all.push_back("line " + std::to_string(i));
    rows.push_back(line(i, at(static_cast<std::int64_t>(i / 7)), kAnna, all.back()));
  }
  s.store->record(kShop, lines(rows));
  const std::size_t page = GENERATE(1, 6, 7, 8, 499, 500, 10'000);
  CHECK(s.call.journal(kShop, {}, page) == all);
  const JournalPage first = s.call.journal_page(kShop, {}, std::nullopt, 10);
  CHECK(first.lines.size() == 14);
  CHECK(first.next);
}

TEST_CASE("store: results count the stages of each rule's offers, control apart") {
  EachStore s;
  Batch batch;
  for (const char* id : {"o_1", "o_2", "o_3"})
    batch.offers.push_back(offer(id, OfferStage::kEligible, at(1), "cart-help"));
  batch.offers.push_back(offer("o_4", OfferStage::kEligible, at(1), "cart-help", OfferGroup::kControl, kBert));
  batch.offers.push_back(offer("o_1", OfferStage::kShown, at(2), "cart-help"));
  batch.offers.push_back(offer("o_2", OfferStage::kShown, at(2), "cart-help"));
  batch.offers.push_back(offer("o_1", OfferStage::kAccepted, at(3), "cart-help"));
  batch.offers.push_back(offer("o_2", OfferStage::kDismissed, at(3), "cart-help"));
  batch.offers.push_back(offer("o_3", OfferStage::kWithdrawn, at(3), "cart-help"));
  batch.offers.push_back(offer("o_5", OfferStage::kEligible, at(9), "bye"));
  batch.offers.push_back(offer("o_5", OfferStage::kIgnored, at(9), "bye"));
  batch.offers.push_back(offer("o_6", OfferStage::kEligible, at(9), "new", OfferGroup::kShadow));
  s.store->record(kShop, batch);

  RuleResult bye{base::RuleId("bye")}, cart{base::RuleId("cart-help")}, fresh{base::RuleId("new")};
  bye.eligible = bye.ignored = 1;
  cart.eligible = 4;
  cart.control = cart.accepted = cart.dismissed = cart.withdrawn = 1;
  cart.shown = 2;
  fresh.shadow = 1;
  CHECK(s.call.results(kShop) == std::vector<RuleResult>{bye, cart, fresh});
  CHECK(s.call.results(kShop, {at(9), at(10)}) == std::vector<RuleResult>{bye, fresh});
  CHECK(s.call.results(kBlog).empty());
}

TEST_CASE("store: the same key adds a callback once, per site") {
  EachStore s;
  CHECK(*s.call.add(kShop, callback("session-1/4", at(1), "+33 1")) == Added::kNew);
  CHECK(*s.call.add(kShop, callback("session-1/4", at(1), "+33 1")) == Added::kDuplicate);
  CHECK(*s.call.add(kShop, callback("session-1/5", at(2), "+33 2")) == Added::kNew);
  CHECK(*s.call.add(kBlog, callback("session-1/4", at(1), "+33 1")) == Added::kNew);
  CHECK(*s.call.add(kShop, survey("session-1/4", at(1), 9)) == Added::kNew);
  CHECK(*s.call.add(kShop, survey("session-1/4", at(1), 9)) == Added::kDuplicate);
}

TEST_CASE("store: a row with no key, or one too long, is refused") {
  EachStore s;
  CHECK(s.call.add(kShop, callback("", at(1), "+33 1")).error().code == base::ErrorCode::kInvalid);
  CHECK(s.call.add(kShop, survey(std::string(kMaxKeyBytes + 1, 'k'), at(1), 9)).error().code ==
        base::ErrorCode::kInvalid);
  CHECK(s.call.add(kShop, survey(std::string(kMaxKeyBytes, 'k'), at(1), 9)).ok());
}

void fill(Store& store, Waiting& call, const base::VisitorId& who, const std::string& mark) {
  VisitorRecord visitor = record(who, "{\"mark\":\"" + mark + "\"}");
  visitor.identity = mark + "-identity";
  store.save_visitor(kShop, visitor);
  Batch batch = lines({line(1, at(1), who, "{\"t\":1,\"mark\":\"" + mark + "\"}")});
  batch.decisions.push_back(
      {at(1), who, base::TabId("t1"), base::RuleId("r"), rules::Verdict::kLimit, "", mark + "-why"});
  batch.offers.push_back(offer("o_" + mark, OfferStage::kEligible, at(1), "r", OfferGroup::kTreated, who));
  store.record(kShop, batch);
  TaskRow task = callback(mark, at(1), mark + "-phone", who);
  task.id = base::TaskId("t_" + mark);
  REQUIRE(call.add(kShop, task));
  REQUIRE(call.add(kShop, survey(mark, at(1), 3, who)));
}

TEST_CASE("store: an export holds everything of the visitor and nothing of another") {
  EachStore s;
  fill(*s.store, s.call, kAnna, "anna");
  fill(*s.store, s.call, kBert, "bert");
  const auto text = s.call.exported(kShop, kAnna);
  REQUIRE(text);
  CHECK(
      *text ==
      R"({"visitor":"v_anna","site":"shop",)"
      R"("record":{"first_seen":1800000000000,"last_seen":1800000000000,"identity":"anna-identity","snapshot":{"mark":"anna"}},)"
      R"("journal":[{"t":1,"mark":"anna"}],)"
      R"("decisions":[{"t":1800000001000,"tab":"t1","rule":"r","verdict":"limit","why":"anna-why"}],)"
      R"("offers":[{"t":1800000001000,"offer":"o_anna","stage":"eligible","rule":"r","group":"treated","tab":"t1","page":"/cart"}],)"
      R"("surveys":[{"t":1800000001000,"offer":"o_2","rule":"nps","score":3,"comment":"fine"}],)"
      R"("conversations":[],)"
      R"("tasks":[{"t":1800000001000,"id":"t_anna","kind":"callback","offer":"o_1","rule":"call-us","name":"Anna",)"
      R"("phone":"anna-phone","page":"/contact","done":false}],"files":[]})");
  CHECK(s.call.exported(kBlog, kAnna).error().code == base::ErrorCode::kNotFound);
}

TEST_CASE("store: an erased visitor is gone from everywhere, others stay") {
  EachStore s;
  fill(*s.store, s.call, kAnna, "anna");
  fill(*s.store, s.call, kBert, "bert");
  REQUIRE(s.call.erase(kShop, kAnna));
  CHECK_FALSE(s.call.load(kShop, kAnna));
  CHECK_FALSE(s.call.find_identity(kShop, "anna-identity"));
  CHECK(s.call.exported(kShop, kAnna).error().code == base::ErrorCode::kNotFound);
  CHECK(s.call.journal(kShop).size() == 1);
  CHECK(s.call.results(kShop).at(0).eligible == 1);
  CHECK(s.call.exported(kShop, kBert));
  // Erasing again, or somebody never seen, is no error.
  CHECK(s.call.erase(kShop, kAnna));
}

TEST_CASE("store: what is kept for a visitor after an erasure was asked for stays") {
  EachStore s;
  s.store->save_visitor(kShop, record(kAnna, R"({"visits":1})"));
  s.store->record(kShop, lines({line(1, at(1), kAnna, "before")}));
  std::promise<bool> erased;
  s.store->erase(kShop, kAnna, [](Task task) { task(); }, [&](base::Status how) { erased.set_value(how.ok()); });
  s.store->save_visitor(kShop, record(kAnna, R"({"visits":2})"));
  s.store->record(kShop, lines({line(2, at(1), kAnna, "after")}));
  CHECK(s.call.load(kShop, kAnna)->snapshot == R"({"visits":2})");
  REQUIRE(erased.get_future().get());
  REQUIRE(s.call.flush());
  CHECK(s.call.load(kShop, kAnna)->snapshot == R"({"visits":2})");
  CHECK(s.call.journal(kShop) == std::vector<std::string>{"after"});
}

TEST_CASE("store: a purge takes what is older than its keep, to the instant, and of its site alone") {
  EachStore s;
  const Retention keep{std::chrono::seconds(10), std::chrono::seconds(20), std::chrono::seconds(30),
                       std::chrono::seconds(20)};
  for (const auto& site : {kShop, kBlog}) {
    Batch batch = lines({line(1, at(89), kAnna, "old"), line(2, at(90), kAnna, "young")});
    batch.decisions.push_back({at(89), kAnna, base::TabId("t1"), base::RuleId("r"), rules::Verdict::kFire, "", ""});
    batch.offers = {offer("o_1", OfferStage::kEligible, at(79), "old"),
                    offer("o_2", OfferStage::kEligible, at(80), "young")};
    s.store->record(site, batch);
    s.store->save_visitor(site, record(kAnna, "{}", at(69)));
    s.store->save_visitor(site, record(kBert, "{}", at(70)));
    REQUIRE(s.call.add(site, callback("old", at(79), "1")));
    REQUIRE(s.call.add(site, survey("old", at(79), 1)));
  }
  CHECK(s.call.purge(kShop, keep, at(100)) == 6);
  CHECK(s.call.journal(kShop) == std::vector<std::string>{"young"});
  CHECK(s.call.results(kShop).size() == 1);
  CHECK_FALSE(s.call.load(kShop, kAnna));
  CHECK(s.call.load(kShop, kBert));
  CHECK(s.call.journal(kBlog).size() == 2);
  CHECK(s.call.load(kBlog, kAnna));
  CHECK(s.call.purge(kShop, keep, at(100)) == 0);
}

TEST_CASE("store: a setting is saved, replaced, and made once") {
  EachStore s;
  CHECK_FALSE(s.call.setting(kServer, "salt"));
  CHECK(*s.call.ensure_setting(kServer, "salt", "first") == "first");
  CHECK(*s.call.ensure_setting(kServer, "salt", "second") == "first");
  CHECK(s.call.setting(kServer, "salt") == "first");
  REQUIRE(s.call.save_setting(kServer, "salt", "third"));
  CHECK(s.call.setting(kServer, "salt") == "third");
  CHECK_FALSE(s.call.setting(kShop, "salt"));
  CHECK(s.call.save_setting(kServer, "big", std::string(kMaxSettingBytes + 1, 'x')).error().code ==
        base::ErrorCode::kInvalid);
}

TEST_CASE("store: runs are numbered, and one that is not known cannot end") {
  EachStore s;
  const Run first = s.call.begin_run("0.1.0", at(1));
  CHECK(s.call.end_run(first.number, at(2)));
  const Run second = s.call.begin_run("0.1.0", at(3));
  CHECK(second.number == first.number + 1);
  CHECK(s.call.end_run(99, at(4)).error().code == base::ErrorCode::kNotFound);
}

TEST_CASE("store: texts come back byte for byte") {
  EachStore s;
  const std::string text("a\0b \xe2\x80\xae \"'<>", 12);
  REQUIRE(s.call.save_setting(kShop, "text", text));
  CHECK(s.call.setting(kShop, "text") == text);
  s.store->record(kShop, lines({line(1, at(1), kAnna, text)}));
  CHECK(s.call.journal(kShop) == std::vector<std::string>{text});
}

}  // namespace
}  // namespace beckon::store
