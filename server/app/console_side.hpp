// Everything behind the operators' console that is not a shard's: accounts, their API, files, the door of its
// WebSockets, and orders from the command line.
//
// Thread safety: the members that it gives out say themselves; the rest is the thread's that makes it.
#pragma once

#include <filesystem>
#include <memory>
#include <string>

#include "app/settings.hpp"
#include "base/clock.hpp"
#include "base/log.hpp"
#include "base/result.hpp"
#include "base/secret.hpp"
#include "http/console_api.hpp"
#include "http/console_door.hpp"
#include "http/files.hpp"
#include "operators/accounts.hpp"
#include "store/bus.hpp"
#include "store/request_files.hpp"
#include "store/store.hpp"

namespace beckon::app {

// All must outlive the console.
struct ConsoleParts {
  store::Store& store;
  store::Bus& bus;
  const base::Clock& clock;
  base::Log& log;
  base::Secret key;    // the server's
  store::Poster post;  // to the thread where accounts live
};

class ConsoleSide {
 public:
  explicit ConsoleSide(ConsoleParts parts);

  // Who may use it, from the configuration; again at each reload.
  void configure(const Settings& settings);
  // Where there is no operator: a new link for the first one, in place of any before. Its secret, or empty. Blocks.
  [[nodiscard]] base::Result<std::string> make_setup_link();
  // Carries out what `beckon operators` orders from now on, until stop_orders().
  void take_orders(const std::filesystem::path& data);
  void stop_orders() { orders_.reset(); }

  [[nodiscard]] const http::ConsoleApi& api() const { return api_; }
  [[nodiscard]] http::Files& files() { return files_; }
  [[nodiscard]] operators::LoginTally::Counts logins() const { return accounts_.logins(); }
  [[nodiscard]] http::UploadCounts uploads() const { return files_.counts(); }
  [[nodiscard]] const net::ConsoleDoor& door() const { return door_; }

 private:
  // Those that the configuration has at that moment.
  [[nodiscard]] operators::KnownSites sites() const;

  ConsoleParts parts_;
  http::AccessTable access_;
  operators::PasswordThread passwords_;
  operators::Accounts accounts_;
  operators::Roster roster_;  // of orders
  http::ConsoleApi api_;
  http::ConsoleDoor door_;
  http::Files files_;
  std::unique_ptr<store::RequestWatch> orders_;
};

// What to print: where the console is and, with a secret, the link for the first operator. `own`: this server's address
// as it sees itself, with a slash at its end.
[[nodiscard]] std::string console_invitation(const ConsoleConfig& config, const std::string& own,
                                             const std::string& setup_secret);

}  // namespace beckon::app
