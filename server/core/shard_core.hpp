// The inside of a Shard. One structure, whose functions are spread over files by what they are about:
//
//   shard.cpp       the public face: entering at an instant, connections, the stop
//   sites.cpp       sites, rules and hours that change, the journal's announcements
//   hello.cpp       from hello to welcome
//   frames.cpp      what clients send once they are welcome
//   identity_frames.cpp  consent, identities, starting over: who a visitor is changes
//   evaluation.cpp  events into the engine, decisions out of it
//   life.cpp        deadlines, leaves, saving, forgetting
//   chat/           conversations of visitors: SiteChat
//
// Thread safety: none; everything belongs to the shard's thread.
#pragma once

#include <deque>
#include <functional>
#include <memory>
#include <string>
#include <unordered_map>
#include <vector>

#include "core/addresses.hpp"
#include "core/chat/site_chat.hpp"
#include "core/desk/consoles.hpp"
#include "core/link.hpp"
#include "core/repeated_error.hpp"
#include "core/shard.hpp"
#include "core/site_on_shard.hpp"
#include "core/visitor_record.hpp"
#include "protocol/codec.hpp"
#include "store/bus.hpp"

namespace beckon::core {

// A connection's acknowledgement is held back for this long, so that a burst of its frames gets one.
inline constexpr std::chrono::milliseconds kAckWithin{20};
// When one is due, those that would be within this go along: one wake-up for all of them.
inline constexpr std::chrono::milliseconds kAcksGoAlong{4};
// So many are sent at once. What has come from the network meanwhile goes before the next ones: those of thousands would keep
// everybody waiting who has an offer coming.
inline constexpr std::size_t kAcksAtOnce = 4;
// A loss of journal lines is noticed within this.
inline constexpr std::chrono::milliseconds kWatchEvery{1'000};

enum class WhileOpening : std::uint8_t {
  kDrop,  // the welcome says it
  kWait,  // comes behind the welcome
};

// Why a frame is refused, as the wire says it.
struct FrameError {
  std::string_view code, message;
};

// Whether the chat goes along when a visitor becomes another one.
enum class TakeChat : std::uint8_t { kNo, kYes };

// What the store knows of a visitor who comes back.
struct KnownVisitor {
  std::optional<store::VisitorRecord> record;
  std::optional<store::Conversation> conversation;
};

enum class PageStart : std::uint8_t { kResumed, kAnew };

// Whether a page event carries the browser's facts: once a connection is enough.
enum class PageFacts : std::uint8_t { kNone, kBrowser };

struct ShardCore : BatchListener {
  ShardCore(ShardOptions options, const base::Clock& clock, store::Store& store, store::Bus& bus, base::Log& log,
            store::Poster post);
  ~ShardCore() override;

  // --- shard.cpp
  // Reads the clock and runs what has become due: the first thing that every call from outside does.
  void enter();
  Link& attach(Connection& connection, Upgrade upgrade);
  void receive(Link& link, std::string_view text);
  void pong(Link& link);
  void detach(Link& link);
  void link_due(Link& link);
  void stop(std::function<void()> done);
  // A frame to one connection, whatever it is doing.
  void send(Link& link, SharedFrame frame, WhileOpening opening = WhileOpening::kWait);
  void close(Link& link, protocol::CloseCode code, std::string_view reason);
  // Takes a connection off its visitor and whatever it waits for.
  void unlink(Link& link);
  void queue_ack(Link& link);
  void send_acks();

  // --- sites.cpp
  void put_site(std::shared_ptr<const SiteSettings> settings);
  void remove_site(const base::SiteId& id);
  void set_site_state(const base::SiteId& id, rules::SiteState state);
  [[nodiscard]] Site* find_site(const base::SiteId& id);
  void change_rules(Site& site);
  void rebuild_engine(Site& site);
  // Brings the engine's view of the site up to what the host and the calendar say.
  void update_site_state(Site& site);
  void watch_calendar(Site& site);
  // Chat and a desk where the site has chat, no desk where it has not.
  void furnish(Site& site);
  // Gap, rules, operators, hours, and everybody who is here: a journal that starts, or goes on after a loss.
  void announce(Site& site);
  void batch_recorded() override;
  void check_losses();

  // --- hello.cpp
  void on_hello(Link& link, const protocol::Hello& hello, std::string_view text);
  void load(Link& link, Site& site, const base::VisitorId& id, std::string_view text);
  void loaded(const base::SiteId& site, const base::VisitorId& id, base::Result<KnownVisitor> known);
  void open_pending(Link& link, const base::VisitorId& id, const KnownVisitor& known);
  // Lets somebody who is in memory go on, or another visitor in their place when what may be kept has changed.
  void readmit(Link& link, Visitor& known, const protocol::Hello& hello);
  void open_unknown(Link& link, Site& site, const protocol::Hello& hello);
  [[nodiscard]] Visitor* bring_in(Site& site, const base::VisitorId& id, Keep keep, const KnownVisitor& known);
  // Gives the connection to the visitor: replaces the tab's older one, starts or resumes its page, welcomes it.
  void admit(Link& link, Visitor& visitor, const protocol::Hello& hello);
  PageLoad& take_load(Link& link, Visitor& visitor, const protocol::Hello& hello);
  void welcome(Link& link, PageStart start);

  // --- frames.cpp
  void on_frame(Link& link, std::string_view text);
  void on_events(Link& link, const protocol::Events& frame);
  void on_outcome(Link& link, const protocol::OfferOutcome& frame);
  // What the visitor did with the offer on screen.
  void take_outcome(Link& link, rules::OfferOutcome outcome);
  void on_callback(Link& link, const protocol::Callback& frame);
  void on_survey(Link& link, const protocol::Survey& frame);
  void on_panel(Link& link, const protocol::Panel& frame);
  void refuse(Link& link, std::int64_t id, std::string_view code, std::string_view message);
  // A frame whose answer waits for the store: neither it nor any behind it is acknowledged until then.
  std::weak_ptr<PageLoad> begin_frame(const Link& link, std::int64_t id);
  // `error` empty: done. The page load may be gone.
  void finish_frame(const std::weak_ptr<PageLoad>& load, std::int64_t id, const base::Status& written);
  // As finish_frame with an error of its own.
  void answer_frame(const std::weak_ptr<PageLoad>& load, std::int64_t id, const FrameError& error);
  [[nodiscard]] const PastOffer* known_offer(Link& link, std::string_view id);

  // --- identity_frames.cpp
  void on_consent(Link& link, const protocol::Consent& frame);
  void on_identify(Link& link, const protocol::Identify& frame);
  void identify(Visitor& visitor, const std::string& identity, const std::optional<base::VisitorId>& known_as);
  void start_over(Visitor& visitor);
  void grant(Visitor& visitor);
  void forget(Link& link, std::int64_t frame);
  void erase_visitor(const base::SiteId& site, const base::VisitorId& id, std::function<void(base::Status)> done);
  void set_identified(Visitor& visitor, const std::string& identity);
  void become(Visitor& visitor, const base::VisitorId& other);
  // A new visitor takes over the old one's connections and their pages, and is welcomed on each. `old` keeps nothing but what was.
  Visitor& replace(Visitor& old, Keep keep, TakeChat take);
  void become_now(Visitor& visitor, const base::VisitorId& other);

  // --- evaluation.cpp
  void apply(Visitor& visitor, const rules::Event& event);
  void apply_page(Visitor& visitor, PageLoad& load, const protocol::Page& page, PageFacts facts);
  void apply_client_event(Visitor& visitor, PageLoad& load, const protocol::Events& frame,
                          const protocol::ClientEvent& event);
  // Makes what the engine has put into `output` known: records, frames, the offer on screen.
  void settle(Visitor& visitor);
  void decided(Visitor& visitor, const rules::Decision& decision);
  void fired(Visitor& visitor, const rules::Decision& decision, const rules::Rule& rule);
  void record_offer(Visitor& visitor, const rules::Decision& decision, const rules::Rule& rule, store::OfferGroup group);
  void ended(Visitor& visitor, const rules::EndedOffer& end);
  void offer_reached(Visitor& visitor, store::OfferStage stage, base::Instant t);
  void send_all(Visitor& visitor, const SharedFrame& frame, WhileOpening opening, const Link* but = nullptr);

  // --- life.cpp
  Visitor& create(Site& site, Keep keep, base::VisitorId id);
  // A visitor as its record says, at `now`; nullptr when the record is damaged.
  Visitor* import(Site& site, const store::VisitorRecord& record);
  void restore_offer(Visitor& visitor, const std::optional<KeptOffer>& kept);
  void leave_lost_pages(Visitor& visitor);
  // What the rules know of a visitor of whom nothing is kept goes with the page.
  void forget_pages(Visitor& visitor);
  void schedule(Visitor& visitor);
  void visitor_due(Visitor& visitor, base::Instant due);
  void leave(Visitor& visitor, PageLoad& load);
  void save(Visitor& visitor);
  // Saves what must be saved, and takes the visitor out of memory.
  void drop(Visitor& visitor);
  void erase_from_memory(Visitor& visitor);
  [[nodiscard]] base::VisitorId new_id() const;

  // What came from outside.
  const ShardOptions options;
  const base::Clock& clock;
  store::Store& store;
  store::Bus& bus;
  base::Log& log;
  const store::Poster post;

  // The instant that is being worked at; never runs back.
  base::Instant now;
  Timers timers;
  RepeatedError unread_record{log, timers, "a visitor's record cannot be read"};
  RepeatedError unwritten_frame{log, timers, "a visitor's frame could not be written"};
  RepeatedError unwritten_invitation{log, timers, "an invitation's line could not be written"};
  RepeatedError unserved_console{log, timers, "a console's frame could not be served"};
  Counters counters;
  bool stopping = false;
  std::uint64_t journal_seq = 0;
  std::uint64_t dropped_lines_seen = 0;

  // Reused, so that an event costs no allocation.
  protocol::Decoder decoder;
  rules::Output output;
  rules::PageUrl page_url;
  std::vector<rules::EventDatum> data;
  const Link* outcome_from = nullptr;  // the connection whose outcome is being applied: it knows already

  std::unique_ptr<Consoles> consoles;  // never nullptr
  base::Instant desk_started = base::Instant::min();  // the first read of the desk made last
  std::unordered_map<std::string, std::unique_ptr<Site>> sites;
  std::unordered_map<Link*, std::unique_ptr<Link>> links;
  Addresses addresses{options.limits};
  struct DueAck {
    Link* link;
    base::Instant at;
  };
  std::deque<DueAck> ack_queue;  // by when they are due
  bool acks_posted = false;      // send_acks() goes on behind what has come meanwhile

  // An alarm that calls one function.
  struct Call final : Alarm {
    explicit Call(std::function<void()> f) : call(std::move(f)) {}
    void ring(base::Instant) override { call(); }
    std::function<void()> call;
  };
  Call ack_alarm, watch_alarm;
};

}  // namespace beckon::core
