// The rules engine without the server: a rule file, a few events, and what is decided about them.
//
// The engine has no clock, no network, no threads. A program that embeds it does three things: it says what happened and when
// (apply), it comes back when the engine asks to be woken (next_deadline, pass), and it acts on the decisions. Here the events
// and their instants are made up, so that every run prints the same.
#include <chrono>
#include <fstream>
#include <iostream>
#include <iterator>
#include <string>

#include <beckon/rules/engine.hpp>

namespace rules = beckon::rules;
using namespace std::chrono_literals;

namespace {

// Noon of 2026-01-05. A program with real people in front of it takes system_clock::now(), in whole milliseconds.
constexpr rules::Instant kStart = rules::at_ms(1'767'614'400'000);

std::string since_start(rules::Instant t) { return t == rules::kNever ? "never" : rules::format_duration(t - kStart); }

// One kiosk with one person in front of it.
class Kiosk {
 public:
  explicit Kiosk(std::shared_ptr<const rules::RuleSet> set) : engine_(std::move(set)), visitor_(engine_.make_visitor("kiosk-7")) {}

  void show(rules::Duration at, const std::string& path) {
    // An address goes through the filter of the rules first: parameters that no rule mentions are not even looked at.
    rules::PageUrl url;
    rules::parse_page_url(path, engine_.rules().query_names(), url);
    rules::Event event;
    event.type = rules::EventType::kPage;
    event.url = &url;
    apply(at, event, "shows " + path);
  }

  void touch(rules::Duration at) {
    rules::Event event;
    event.type = rules::EventType::kActivity;
    apply(at, event, "is touched");
  }

  void dismiss(rules::Duration at, const std::string& rule) {
    rules::Event event;
    event.type = rules::EventType::kOutcome;
    event.name = rule;
    event.outcome = rules::OfferOutcome::kDismissed;
    apply(at, event, "dismisses " + rule);
  }

  // Sleeps, as it were, from deadline to deadline until `until`. A real program keeps one timer, or one TimerWheel for all.
  void wait(rules::Duration until) {
    while (visitor_.next_deadline() <= kStart + until) {
      const rules::Instant due = visitor_.next_deadline();
      out_.clear();
      engine_.pass(visitor_, due, out_);
      report();
    }
  }

 private:
  void apply(rules::Duration at, const rules::Event& event, const std::string& what) {
    wait(at);  // what is due at an instant comes before the events of that instant
    std::cout << since_start(kStart + at) << "  the kiosk " << what << '\n';
    out_.clear();
    engine_.apply(visitor_, kStart + at, event, out_);
    report();
    std::cout << "     next deadline: " << since_start(visitor_.next_deadline()) << '\n';
  }

  void report() {
    for (const rules::Decision& decision : out_.decisions) {
      const rules::Rule& rule = engine_.rules().rules()[decision.rule];
      std::cout << since_start(decision.t) << "  " << rule.id << ": " << name_of(decision.verdict);
      const std::string why = to_words(decision.why, engine_.rules());
      if (!why.empty()) std::cout << " (" << why << ')';
      std::cout << '\n';
      if (decision.verdict != rules::Verdict::kFire) continue;
      const rules::Actions& then = rule.variants[decision.variant].then;
      if (then.offer != rules::Actions::Offer::kNone) std::cout << "     on screen: " << then.offer_json << '\n';
    }
    for (const rules::EndedOffer& offer : out_.ended) {
      std::cout << since_start(offer.t) << "  " << offer.rule << " leaves the screen: " << name_of(offer.end) << '\n';
    }
  }

  rules::Engine engine_;
  rules::Visitor visitor_;
  rules::Output out_;  // reused: the engine appends to it
};

}  // namespace

int main(int count, char** words) {
  if (count != 2) {
    std::cerr << "usage: kiosk RULES\n";
    return 2;
  }
  const std::string file = words[1];
  std::ifstream in(file);
  if (!in) {
    std::cerr << "kiosk: cannot read " << file << '\n';
    return 1;
  }
  const std::string text{std::istreambuf_iterator<char>(in), {}};

  rules::CheckResult checked = rules::check(text);
  for (const rules::Diagnostic& finding : checked.diagnostics) std::cerr << rules::render(finding, file, text);
  if (!checked.file) return 1;

  Kiosk kiosk(rules::RuleSet::compile(std::move(*checked.file), {.site = "museum"}));
  kiosk.show(0s, "/");
  kiosk.show(3s, "/exhibit/amphora");
  kiosk.dismiss(15s, "audio-guide");
  kiosk.show(20s, "/exhibit/astrolabe");
  kiosk.touch(24s);
  kiosk.show(40s, "/exhibit/automaton");
  kiosk.wait(31min);
}
