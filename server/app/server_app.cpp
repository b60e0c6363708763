#include "app/server_app.hpp"

#include <sys/resource.h>

#include <boost/asio/basic_waitable_timer.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/signal_set.hpp>
#include <csignal>
#include <ostream>
#include <thread>

#include "app/console_side.hpp"
#include "app/country.hpp"
#include "app/file_watch.hpp"
#include "app/status.hpp"
#include "base/limits.hpp"
#include "http/assets.hpp"
#include "http/metrics.hpp"
#include "http/router.hpp"
#include "net/server.hpp"
#include "store/await.hpp"
#include "store/bus.hpp"
#include "store/sqlite_store.hpp"

namespace beckon::app {
namespace {

namespace asio = boost::asio;
using SteadyTimer = asio::basic_waitable_timer<std::chrono::steady_clock, asio::wait_traits<std::chrono::steady_clock>,
                                               asio::io_context::executor_type>;
using ErrorCode = boost::system::error_code;

constexpr std::chrono::milliseconds kLookAtFilesEvery{1000};
constexpr std::chrono::hours kPurgeEvery{6};
constexpr std::chrono::minutes kFirstPurgeAfter{1};

std::uint32_t shards_of(const Config& config) {
  if (config.shards > 0) return config.shards;
  const auto cores = static_cast<std::uint32_t>(std::max(1U, std::thread::hardware_concurrency()));
  return std::min(cores, static_cast<std::uint32_t>(base::kMaxShards));
}

// Every visitor is a file descriptor; the usual soft limit of 1,024 is for programs that use select().
void raise_descriptor_limit() {
  rlimit limit{};
  if (::getrlimit(RLIMIT_NOFILE, &limit) != 0) return;
  limit.rlim_cur = limit.rlim_max;
  ::setrlimit(RLIMIT_NOFILE, &limit);
}

// What the meter of raw frames allows: pings, pongs and fragments come on top of the frames that the shard counts.
net::FrameLimits frame_limits_of(const core::ShardLimits& limits) {
  return {.frames_per_second = 2 * limits.frames_per_second, .frames_burst = 2 * limits.frames_burst};
}

class ServerApp {
 public:
  ServerApp(ServeOptions options, std::ostream& out, std::ostream& err)
      : options_(std::move(options)), out_(out), err_(err) {}

  int run() {
    if (!start()) return 1;
    say_what_the_build_lacks();
    say_what_to_open();
    wait_for_signals();
    loop_.run();
    return stop();
  }

 private:
  // --- Start

  bool fail(const std::string& line) {
    err_ << "beckon: " << line << '\n';
    return false;
  }

  bool start() {
    settings_ = load_settings(options_);
    err_ << settings_.findings;
    if (!settings_.problems.empty()) return fail("not started: " + settings_.problems.front().message);
    const Config& config = *settings_.config;
    log_ = std::make_unique<base::Log>(config.log_level, config.log_format);
    raise_descriptor_limit();
    return open_country_database() && open_store() && open_console() && open_server();
  }

  bool open_country_database() {
    if (settings_.config->country_database.empty()) return true;
    auto opened = CountryDatabase::open(settings_.config->country_database);
    if (!opened) return fail(opened.error().message);
    countries_ = *opened;
    return true;
  }

  bool open_store() {
    store::SqliteOptions options{.dir = settings_.config->data, .log = log_.get()};
    // Taken once the server runs: the visitor may be on one of its shards.
    options.erase_through = [this](const base::SiteId& site, const base::VisitorId& visitor,
                                   store::EraseWatch::Answer answer) {
      asio::post(loop_, [this, site, visitor, answer = std::move(answer)]() mutable {
        server_->erase_visitor(site, visitor, std::move(answer));
      });
    };
    auto opened = store::open_sqlite_store(options);
    if (!opened) return fail(opened.error().message);
    store_ = std::move(*opened);
    clock_ = std::make_unique<base::SystemClock>(store_->latest_instant());
    auto key = store::await<std::string>([this](const store::Poster& post, store::Callback<std::string> done) {
      store_->ensure_setting(base::SiteId(), "token_key", base::Secret::random().hex(), post, std::move(done));
    });
    if (!key) return fail("cannot write to the database: " + key.error().message);
    const auto secret = base::Secret::from_hex(*key);
    if (!secret) return fail("the database holds no usable token key");
    key_ = secret;
    return true;
  }

  bool open_console() {
    const store::Poster post = [this](store::Task task) { asio::post(loop_, std::move(task)); };
    console_ = std::make_unique<ConsoleSide>(ConsoleParts{*store_, *bus_, *clock_, *log_, *key_, post});
    auto secret = console_->make_setup_link();
    if (!secret) return fail("cannot use the database: " + secret.error().message);
    setup_secret_ = std::move(*secret);
    return true;
  }

  bool open_server() {
    const Config config = *settings_.config;
    router_ = std::make_unique<http::Router>(http::RouterParts{
        config.demo ? http::ShopPages::kServed : http::ShopPages::kNone,
        [this] { return status_.readiness(store_->health()); },
        [this](std::function<void(std::string)> done) { collect_metrics(std::move(done)); }, &console_->api(),
        &console_->files()});
    net::ServerOptions options{.address = config.listen.address,
                               .port = config.listen.port,
                               .shards = shards_of(config),
                               .key = *key_,
                               .limits = config.limits,
                               .frames = frame_limits_of(config.limits)};
    options.peers.trusted_proxies = config.trusted_proxies;
    if (countries_) {
      options.peers.country = [countries = countries_](std::string_view address) {
        return countries->country_of(address);
      };
    }
    const net::ServerParts parts{*clock_, *store_, *bus_, *log_, *router_, &console_->door()};
    server_ = std::make_unique<net::Server>(std::move(options), parts);
    if (auto opened = server_->open(); !opened) return fail(opened.error().message);
    if (config.listen.port == 0) take_bound_port();
    if (!begin_run()) return false;
    for (const Site& site : settings_.sites) server_->put_site(site.settings, site.origins);
    console_->configure(settings_);
    server_->start();
    console_->take_orders(settings_.config->data);
    watch_.set(settings_.files);
    return true;
  }

  // The demo's pages come from this very port, so its site must know it.
  void take_bound_port() {
    options_.listen = settings_.config->listen;
    options_.listen->port = server_->port();
    settings_ = load_settings(options_, &settings_);
  }

  bool begin_run() {
    auto run = store::await<store::Run>([this](const store::Poster& post, store::Callback<store::Run> done) {
      store_->begin_run(BECKON_VERSION, clock_->now(), post, std::move(done));
    });
    if (!run) return fail("cannot write to the database: " + run.error().message);
    run_ = run->number;
    return true;
  }

  void say_what_the_build_lacks() {
    if (!http::find_asset("widget/widget.js"))
      log_->error("the widget is not part of this build: /widget.js will be 404; build it with scripts/run");
    if (!http::find_asset("console/index.html"))
      log_->error("the console is not part of this build: /console will say so; build it with scripts/run");
  }

  void say_what_to_open() {
    const Config& config = *settings_.config;
    ListenAddress listen = config.listen;
    if (listen.address == "0.0.0.0") listen.address = "127.0.0.1";
    if (listen.address == "::") listen.address = "::1";
    const std::string url = "http://" + to_text(listen) + "/";
    if (config.demo) {
      out_ << "The demo shop is at " << url << '\n';
      out_ << "Its rules: "
           << (settings_.demo_rules.empty() ? "built in"
                                            : settings_.demo_rules.string() + " (save it, and they change)")
           << '\n';
    } else {
      out_ << "Beckon serves " << settings_.sites.size() << (settings_.sites.size() == 1 ? " site" : " sites") << " at "
           << url << '\n';
    }
    out_ << console_invitation(config.console, url, std::exchange(setup_secret_, {}));
    out_ << "What happens is kept in " << config.data.string() << ". Ctrl-C stops." << std::endl;
    log_->info("started", {{"version", BECKON_VERSION}, {"listen", to_text(listen)}, {"shards", shards_of(config)},
                           {"sites", settings_.sites.size()}});
  }

  void collect_metrics(std::function<void(std::string)> done) const {
    server_->collect([this, done = std::move(done)](std::vector<net::ShardCounts> shards) {
      const store::Health health = store_->health();
      done(http::exposition({std::move(shards), health, console_->logins(), console_->uploads(),
                             status_.readiness(health).problems.size(), BECKON_VERSION}));
    });
  }

  // --- While it runs

  void wait_for_signals() {
    signals_.async_wait([this](ErrorCode error, int number) {
      if (error) return;
      if (number != SIGHUP) return loop_.stop();
      reload();
      wait_for_signals();
    });
    if (!files_timer_armed_) look_at_files_later();
    if (!purge_armed_) purge_after(kFirstPurgeAfter);
  }

  void look_at_files_later() {
    files_timer_armed_ = true;
    files_timer_.expires_after(kLookAtFilesEvery);
    files_timer_.async_wait([this](ErrorCode error) {
      if (error) return;
      if (watch_.look()) reload();
      look_at_files_later();
    });
  }

  void purge_after(std::chrono::steady_clock::duration wait) {
    purge_armed_ = true;
    purge_timer_.expires_after(wait);
    purge_timer_.async_wait([this](ErrorCode error) {
      if (error) return;
      const store::Poster post = [this](store::Task task) { asio::post(loop_, std::move(task)); };
      for (const Site& site : settings_.sites) {
        store_->purge(site.settings->id, site.config.retention, clock_->now(), post,
                      [this, id = site.settings->id](auto removed) {
                        if (!removed)
                          log_->warn("purge failed", {{"site", id.text()}, {"why", removed.error().message}});
                        else if (*removed > 0)
                          log_->info("purged what is older than is kept", {{"site", id.text()}, {"rows", *removed}});
                      });
      }
      purge_after(kPurgeEvery);
    });
  }

  void reload() {
    Settings next = load_settings(options_, &settings_);
    report(next);
    if (next.config) {
      warn_of_what_needs_a_restart(*next.config);
      log_->set_level(next.config->log_level);
    }
    for (const Site& site : settings_.sites) {
      if (!find(next.sites, site.settings->id)) server_->remove_site(site.settings->id);
    }
    for (const Site& site : next.sites) server_->put_site(site.settings, site.origins);
    console_->configure(next);
    status_.set_problems(next.problems);
    settings_ = std::move(next);
    watch_.set(settings_.files);
  }

  void report(const Settings& next) {
    for (const http::Problem& problem : next.problems) {
      log_->error("refused, the one before stays in force",
                  {{"what", problem.what}, {"site", problem.site}, {"why", problem.message}});
    }
    if (log_->level() != base::LogLevel::kOff && settings_.config->log_format == base::LogFormat::kText)
      err_ << next.findings << std::flush;
    for (const Site& site : next.sites) {
      const Site* before = find(settings_.sites, site.settings->id);
      if (before && before->settings->rules->hash == site.settings->rules->hash) continue;
      log_->info("rules in force", {{"site", site.settings->id.text()},
                                    {"rules", site.settings->rules->compiled->rules().size()},
                                    {"hash", site.settings->rules->hash}});
    }
  }

  void warn_of_what_needs_a_restart(const Config& next) {
    const Config& now = *settings_.config;
    const bool same = next.listen == now.listen && next.data == now.data && next.shards == now.shards &&
                      next.log_format == now.log_format && next.country_database == now.country_database &&
                      next.trusted_proxies == now.trusted_proxies && next.demo == now.demo;
    if (!same) log_->warn("everything but log.level, console and sites changes at the next start");
  }

  static const Site* find(const std::vector<Site>& sites, const base::SiteId& id) {
    for (const Site& site : sites) {
      if (site.settings->id == id) return &site;
    }
    return nullptr;
  }

  // --- Stop

  int stop() {
    // A second signal does not wait.
    signals_.clear();
    std::signal(SIGINT, SIG_DFL);
    std::signal(SIGTERM, SIG_DFL);
    log_->info("stopping");
    status_.set_stopping();
    console_->stop_orders();
    server_->stop();
    const auto flushed = store::await<void>(
        [this](const store::Poster& post, store::Callback<void> done) { store_->flush(post, std::move(done)); });
    const auto ended = store::await<void>([this](const store::Poster& post, store::Callback<void> done) {
      store_->end_run(run_, clock_->now(), post, std::move(done));
    });
    server_.reset();
    console_.reset();
    store_.reset();
    if (!flushed || !ended) {
      log_->error("stopped, but not everything could be written",
                  {{"why", (flushed ? ended : flushed).error().message}});
      return 1;
    }
    log_->info("stopped");
    return 0;
  }

  ServeOptions options_;
  std::ostream& out_;
  std::ostream& err_;
  Settings settings_;
  Status status_;
  FileWatch watch_;
  std::unique_ptr<base::Log> log_;
  std::shared_ptr<const CountryDatabase> countries_;
  std::unique_ptr<store::Store> store_;
  std::unique_ptr<store::Bus> bus_ = store::make_local_bus();
  std::unique_ptr<base::SystemClock> clock_;
  std::optional<base::Secret> key_;
  std::int64_t run_ = 0;
  std::unique_ptr<ConsoleSide> console_;
  std::string setup_secret_;  // until it is printed; empty: there are operators
  std::unique_ptr<http::Router> router_;
  std::unique_ptr<net::Server> server_;
  asio::io_context loop_{1};
  asio::signal_set signals_{loop_, SIGTERM, SIGINT, SIGHUP};
  SteadyTimer files_timer_{loop_};
  SteadyTimer purge_timer_{loop_};
  bool files_timer_armed_ = false;
  bool purge_armed_ = false;
};

}  // namespace

int serve(const ServeOptions& options, std::ostream& out, std::ostream& err) {
  return ServerApp(options, out, err).run();
}

}  // namespace beckon::app
