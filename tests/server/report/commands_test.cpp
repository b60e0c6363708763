// The commands that work on a server's data, as somebody at a terminal sees them.
#include <zlib.h>

#include <catch2/catch.hpp>
#include <fstream>
#include <iterator>
#include <sstream>

#include "beckon/json/reader.hpp"
#include "cli/backup.hpp"
#include "cli/doctor.hpp"
#include "cli/journal.hpp"
#include "cli/report.hpp"
#include "cli/visitors.hpp"
#include "store/await.hpp"
#include "store/sqlite_store.hpp"
#include "support/temp_dir.hpp"

namespace beckon::cli {
namespace {

using store::OfferGroup;
using store::OfferStage;

base::Instant at(std::int64_t seconds) { return rules::at_ms(1'800'000'000'000 + seconds * 1000); }

// A data directory with a store open on it, as while a server runs.
struct Data {
  Data() {
    store::SqliteOptions options;
    options.dir = dir.path() / "data";
    auto opened = store::open_sqlite_store(options);
    REQUIRE(opened);
    store = std::move(*opened);
  }

  void offers(const char* site, const char* rule, OfferStage stage, int count,
              OfferGroup group = OfferGroup::kTreated) {
    store::Batch batch;
    for (int i = 0; i < count; ++i) {
      batch.offers.push_back({base::OfferId("o_" + std::to_string(i)), stage, at(i), base::RuleId(rule), "", group,
                              base::VisitorId("v_anna"), base::TabId("t1"), "/cart"});
    }
    store->record(base::SiteId(site), batch);
  }

  void line(const char* site, std::int64_t t, const std::string& text, const char* visitor = "v_anna") {
    store::Batch batch;
    batch.journal.push_back({static_cast<std::uint64_t>(t), at(t), base::VisitorId(visitor), text});
    store->record(base::SiteId(site), batch);
  }

  void flush() {
    REQUIRE(store::await<void>(
        [&](const store::Poster& post, store::Callback<void> done) { store->flush(post, std::move(done)); }));
  }

  [[nodiscard]] DataSource source() const { return {(dir.path() / "data").string(), ""}; }

  TempDir dir;
  std::unique_ptr<store::Store> store;
};

std::string read_file(const std::filesystem::path& file) {
  std::ifstream in(file, std::ios::binary);
  return {std::istreambuf_iterator<char>(in), std::istreambuf_iterator<char>()};
}

// A command's exit code, output and errors in one text.
template <class Run, class Options>
std::string outcome(Run run, const Options& options) {
  std::ostringstream out, err;
  const int code = run(options, out, err);
  return std::to_string(code) + "\n" + out.str() + err.str();
}

TEST_CASE("report: the rules with their counts, and the share accepted of those shown") {
  Data data;
  data.offers("shop", "cart-help", OfferStage::kEligible, 12);
  data.offers("shop", "cart-help", OfferStage::kEligible, 3, OfferGroup::kControl);
  data.offers("shop", "cart-help", OfferStage::kShown, 10);
  data.offers("shop", "cart-help", OfferStage::kAccepted, 4);
  data.offers("shop", "cart-help", OfferStage::kDismissed, 5);
  data.offers("shop", "cart-help", OfferStage::kWithdrawn, 1);
  data.offers("shop", "cart-help", OfferStage::kIgnored, 2);
  data.offers("shop", "bye", OfferStage::kEligible, 2, OfferGroup::kShadow);
  data.flush();
  ReportOptions options{data.source()};
  CHECK(
      outcome(run_report, options) ==
      "0\n"
      "Site shop\n"
      "rule       eligible  control  shadow  shown  accepted  dismissed  withdrawn  ignored  accepted of shown, 95 %\n"
      "bye               0        0       2      0         0          0          0        0                        -\n"
      "cart-help        15        3       0     10         4          5          1        2    40.0 % (16.8 to "
      "68.7)\n");
  options.format = ReportFormat::kJson;
  const std::string text = outcome(run_report, options).substr(2);
  const json::ParseResult parsed = json::parse(text);
  REQUIRE(parsed.document);
  CHECK(text.starts_with(
      R"({"sites":[{"site":"shop","rules":[{"rule":"bye","eligible":0,"control":0,"shadow":2,"shown":0,"accepted":0,)"
      R"("dismissed":0,"withdrawn":0,"ignored":0,"acceptance":null},{"rule":"cart-help","eligible":15,"control":3,"shadow":0,)"
      R"("shown":10,"accepted":4,"dismissed":5,"withdrawn":1,"ignored":2,"acceptance":{"rate":0.4,"low":0.168)"));
}

TEST_CASE("report: one site, and a span of time") {
  Data data;
  data.offers("shop", "a", OfferStage::kEligible, 10);
  data.offers("blog", "b", OfferStage::kEligible, 10);
  data.flush();
  ReportOptions options{data.source()};
  CHECK(outcome(run_report, options).find("Site blog") < outcome(run_report, options).find("Site shop"));
  options.site = "blog";
  CHECK(outcome(run_report, options).find("Site shop") == std::string::npos);
  options.since = "2027-01-15T08:00:02Z";  // at(2)
  options.until = "2027-01-15T08:00:05Z";
  options.format = ReportFormat::kJson;
  CHECK(outcome(run_report, options).find(R"("rule":"b","eligible":3)") != std::string::npos);
  options.site = "nobody";
  CHECK(outcome(run_report, options) ==
        "1\nbeckon report: nothing is known of a site \"nobody\"; there is blog, shop\n");
  options.until = "tomorrow";
  CHECK(outcome(run_report, options) ==
        "1\nbeckon report: \"tomorrow\" is no instant: write 2026-11-21 or 2026-11-21T21:40:00Z (UTC)\n");
}

TEST_CASE("report: without a database it says where one was expected, and makes none") {
  TempDir dir;
  ReportOptions options{{dir.path().string(), ""}};
  CHECK(outcome(run_report, options) == "1\nbeckon report: no database in " + dir.path().string() + " (expected " +
                                            (dir.path() / "beckon.db").string() + ")\n");
  CHECK(std::filesystem::is_empty(dir.path()));
}

TEST_CASE("report: on a fresh server there is nothing yet") {
  Data data;
  CHECK(outcome(run_report, ReportOptions{data.source()}) == "0\nNo visitor came yet.\n");
}

TEST_CASE("report: the interval of a share is Wilson's") {
  const auto row = GENERATE(table<std::uint64_t, std::uint64_t, double, double>({
      {0, 10, 0.0, 0.2775},
      {10, 10, 0.7225, 1.0},
      {4, 10, 0.1682, 0.6873},
      {50, 100, 0.4038, 0.5962},
      {1, 1, 0.2065, 1.0},
  }));
  const Share share = wilson_share(std::get<0>(row), std::get<1>(row));
  CHECK(share.low == Approx(std::get<2>(row)).margin(0.0001));
  CHECK(share.high == Approx(std::get<3>(row)).margin(0.0001));
}

TEST_CASE("journal: the lines as they were recorded, in order, also as gzip") {
  Data data;
  std::string all;
  for (std::int64_t t = 0; t < 2'500; ++t) {
    const std::string text = "{\"t\":" + std::to_string(t) + ",\"type\":\"activity\"}";
    data.line("shop", t, text);
    all += text + "\n";
  }
  data.flush();
  JournalExportOptions options{data.source()};
  CHECK(outcome(run_journal_export, options) == "0\n" + all);

  options.output = (data.dir.path() / "journal.jsonl").string();
  CHECK(outcome(run_journal_export, options) == "0\n");
  CHECK(read_file(options.output) == all);

  options.output = (data.dir.path() / "journal.jsonl.gz").string();
  CHECK(outcome(run_journal_export, options) == "0\n");
  CHECK(std::filesystem::file_size(options.output) < all.size() / 4);
  gzFile in = gzopen(options.output.c_str(), "rb");
  std::string unpacked(all.size() + 1, '\0');
  unpacked.resize(static_cast<std::size_t>(gzread(in, unpacked.data(), static_cast<unsigned>(unpacked.size()))));
  gzclose(in);
  CHECK(unpacked == all);
}

TEST_CASE("journal: a span, and the site where there are several") {
  Data data;
  for (std::int64_t t = 0; t < 10; ++t) data.line("shop", t, std::to_string(t));
  data.line("blog", 3, "blog");
  data.flush();
  JournalExportOptions options{data.source()};
  CHECK(outcome(run_journal_export, options) == "1\nbeckon journal export: say which site with --site: blog, shop\n");
  options.site = "shop";
  options.since = "2027-01-15T08:00:02Z";
  options.until = "2027-01-15T08:00:04Z";
  CHECK(outcome(run_journal_export, options) == "0\n2\n3\n");
}

TEST_CASE("journal: a file that cannot be written is one line") {
  Data data;
  data.line("shop", 1, "x");
  data.flush();
  JournalExportOptions options{data.source()};
  options.output = "/nowhere/journal.jsonl";
  CHECK(outcome(run_journal_export, options) ==
        "1\nbeckon journal export: cannot write /nowhere/journal.jsonl: No such file or directory\n");
}

TEST_CASE("visitors: one is handed out and erased, while the server runs and when it does not") {
  Data data;
  const bool running = GENERATE(true, false);
  data.line("shop", 1, R"({"canary":"CANARY"})");
  data.line("shop", 2, R"({"other":1})", "v_bert");
  data.flush();
  const VisitorOptions options{data.source(), "", "v_anna"};
  CHECK(outcome(run_visitor_export, options) ==
        "0\n"
        R"({"visitor":"v_anna","site":"shop","record":null,"journal":[{"canary":"CANARY"}],"decisions":[],"offers":[],)"
        R"("surveys":[],"conversations":[],"tasks":[],"files":[]})" "\n");
  if (!running) data.store.reset();
  CHECK(outcome(run_visitor_erase, options) == "0\nErased v_anna\n");
  CHECK(outcome(run_visitor_export, options) == "1\nbeckon visitors export: nothing is known of this visitor\n");
  CHECK(outcome(run_visitor_erase, options) == "1\nbeckon visitors erase: nothing is known of this visitor\n");
  CHECK(outcome(run_journal_export, JournalExportOptions{data.source()}) == "0\n{\"other\":1}\n");
  for (const auto& file : std::filesystem::recursive_directory_iterator(data.dir.path())) {
    if (file.is_regular_file()) CHECK(read_file(file.path()).find("CANARY") == std::string::npos);
  }
}

TEST_CASE("backup: a copy that a report can be made of; an existing file stays as it is") {
  Data data;
  data.offers("shop", "a", OfferStage::kEligible, 3);
  data.flush();
  const auto copy = data.dir.path() / "copy" / "beckon.db";
  BackupOptions options{data.source(), copy.string()};
  CHECK(outcome(run_backup, options).starts_with("1\nbeckon backup: "));
  std::filesystem::create_directory(copy.parent_path());
  CHECK(outcome(run_backup, options).starts_with("0\nWrote " + copy.string()));
  CHECK(outcome(run_report, ReportOptions{{copy.parent_path().string(), ""}}).find("Site shop") != std::string::npos);
  CHECK(outcome(run_backup, options) == "1\nbeckon backup: " + copy.string() + " exists already\n");
  CHECK_FALSE(std::filesystem::exists(copy.string() + ".part"));
}

TEST_CASE("backup: the files that were sent are in it, and a server that gets the copy has them") {
  Data data;
  store::FileRecord file;
  file.id = base::new_file_id();
  file.visitor = base::VisitorId("v_anna");
  const auto added = store::await<store::FileRecord>(
      [&](auto& post, auto done) { data.store->add_file(base::SiteId("shop"), file, "CONTENT", post, done); });
  REQUIRE(added);
  const auto folder = data.dir.path() / "copy";
  std::filesystem::create_directory(folder);
  const BackupOptions options{data.source(), (folder / "beckon.db").string()};
  CHECK(outcome(run_backup, options).find("Wrote " + options.file + ".files, the files that were sent\n") !=
        std::string::npos);
  CHECK(outcome(run_backup, options) == "1\nbeckon backup: " + options.file + " exists already\n");
  std::filesystem::rename(options.file + ".files", folder / "files");
  store::SqliteOptions restored;
  restored.dir = folder;
  const auto store = store::open_sqlite_store(restored);
  REQUIRE(store);
  const auto loaded = store::await<std::optional<store::StoredFile>>(
      [&](auto& post, auto done) { (*store)->load_file(file.id, post, done); });
  REQUIRE(loaded);
  REQUIRE(*loaded);
  CHECK((*loaded)->content == "CONTENT");
}

TEST_CASE("data: without --data a command looks where the configuration says") {
  Data data;
  data.offers("shop", "a", OfferStage::kEligible, 3);
  data.flush();
  const auto config = data.dir.path() / "beckon.json";
  std::ofstream(config) << R"({"data": "data"})";
  CHECK(outcome(run_report, ReportOptions{{"", config.string()}}).find("Site shop") != std::string::npos);
  std::ofstream(config) << R"({"dota": "data"})";
  const std::string refused = outcome(run_report, ReportOptions{{"", config.string()}});
  CHECK(refused.starts_with("1\nbeckon report: " + config.string() +
                            ":1:2: error: the configuration has no key \"dota\""));
}

std::string diagnosis(const DoctorOptions& options) {
  std::ostringstream out;
  const int code = run_doctor(options, out);
  return std::to_string(code) + "\n" + out.str();
}

TEST_CASE("doctor: a sound installation") {
  Data data;
  const auto config = data.dir.path() / "beckon.json";
  std::ofstream(data.dir.path() / "rules.json") << R"({"rules": []})";
  std::ofstream(config) << R"({"listen": "127.0.0.1:0", "data": "data",
    "sites": [{"id": "shop", "origins": ["https://shop.example"], "rules": "rules.json"}]})";
  const std::string text = diagnosis({{"", config.string()}});
  CHECK(text.starts_with("0\nok    configuration: " + config.string() + "\nok    rules of shop: "));
  CHECK(text.find("ok    database: ") != std::string::npos);
  CHECK(text.find("ok    address: 127.0.0.1:0 is free") != std::string::npos);
  CHECK(text.find("bad ") == std::string::npos);
}

TEST_CASE("doctor: bad rules, a bad database and a bad address are each named") {
  TempDir dir;
  const auto config = dir.path() / "beckon.json";
  std::ofstream(dir.path() / "rules.json") << R"({"rules": [{"id": "A B"}]})";
  std::ofstream(dir.path() / "beckon.db") << std::string(8192, 'x');
  std::ofstream(config) << R"({"listen": "203.0.113.1:80", "data": ".",
    "sites": [{"id": "shop", "origins": ["https://shop.example"], "rules": "rules.json"}]})";
  const std::string text = diagnosis({{"", config.string()}});
  CHECK(text.starts_with("1\n"));
  CHECK(text.find("bad   rules of shop: ") != std::string::npos);
  CHECK(text.find("bad   address: 203.0.113.1:80: ") != std::string::npos);
  CHECK(text.find("bad   database: ") != std::string::npos);
  CHECK(text.find("is not a database") != std::string::npos);
}

TEST_CASE("doctor: a run that died is mentioned once another has begun") {
  Data data;
  for (int run = 0; run < 2; ++run) {
    REQUIRE(store::await<store::Run>([&](const store::Poster& post, store::Callback<store::Run> done) {
      data.store->begin_run("0.1.0", at(run), post, std::move(done));
    }));
  }
  CHECK(diagnosis({data.source()}).find("the run that began at 2027-01-15T08:00:00.000Z did not end in order") !=
        std::string::npos);
}

}  // namespace
}  // namespace beckon::cli
