#include "app/console_side.hpp"

#include "operators/orders.hpp"
#include "operators/setup_link.hpp"
#include "store/await.hpp"

namespace beckon::app {

ConsoleSide::ConsoleSide(ConsoleParts parts)
    : parts_(std::move(parts)),
      accounts_({parts_.store, parts_.bus, parts_.clock, parts_.log, passwords_, parts_.key, parts_.post, sites()}),
      roster_(parts_.store, parts_.bus, parts_.clock, parts_.post, sites()),
      api_(accounts_, access_),
      door_(accounts_, access_),
      files_({parts_.store, parts_.clock, accounts_, access_, parts_.key, parts_.post}) {}

operators::KnownSites ConsoleSide::sites() const {
  return [this] {
    const auto access = access_.get();
    std::vector<base::SiteId> ids;
    for (const auto& [id, site] : access->sites) ids.push_back(id);
    return ids;
  };
}

void ConsoleSide::configure(const Settings& settings) {
  auto access = std::make_shared<http::Access>();
  access->console_origins = settings.config->console.origins;
  if (settings.config->console.secure) access->secure = http::SecureConsole::kAlways;
  for (const Site& site : settings.sites) {
    const bool takes = site.settings->chat && site.settings->chat->uploads;
    access->sites[site.settings->id] = {*site.origins, takes ? http::Uploads::kTaken : http::Uploads::kRefused};
  }
  access_.set(std::move(access));
}

base::Result<std::string> ConsoleSide::make_setup_link() {
  const auto known = store::await<std::vector<store::OperatorRecord>>(
      [this](const store::Poster& post, auto done) { parts_.store.operators(post, std::move(done)); });
  if (!known) return known.error();
  if (!known->empty()) return std::string();
  const operators::SetupLink link = operators::new_setup_link(parts_.key, parts_.clock.now());
  const auto saved = store::await<void>([&](const store::Poster& post, store::Callback<void> done) {
    parts_.store.save_setting(base::SiteId(), operators::kSetupSetting, link.setting, post, std::move(done));
  });
  if (!saved) return saved.error();
  return link.secret;
}

void ConsoleSide::take_orders(const std::filesystem::path& data) {
  orders_ = std::make_unique<store::RequestWatch>(
      operators::orders_folder(data), [this](std::string order, store::RequestWatch::Answer answer) {
        parts_.post([this, order = std::move(order), answer = std::move(answer)] {
          operators::carry_out(roster_, order, answer);
        });
      });
}

std::string console_invitation(const ConsoleConfig& config, const std::string& own, const std::string& setup_secret) {
  const std::string console = (config.origins.empty() ? own : config.origins.front() + '/') + "console";
  if (setup_secret.empty()) return "The operators' console is at " + console + "\n";
  return "There is no operator yet. This link makes the first one; it is good for a day, and once:\n  " + console +
         "#setup=" + setup_secret + "\n";
}

}  // namespace beckon::app
