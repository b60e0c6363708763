#include "cli/doctor.hpp"

#include <CLI/CLI.hpp>
#include <arpa/inet.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <iostream>
#include <memory>
#include <optional>
#include <string>
#include <system_error>

#include "app/config.hpp"
#include "app/rule_source.hpp"
#include "base/clock.hpp"
#include "cli/commands.hpp"

namespace beckon::cli {
namespace {

constexpr std::uintmax_t kLowSpaceBytes = std::uintmax_t{1} << 30;
constexpr rlim_t kFewDescriptors = 10'000;

enum class Finding { kOk, kNote, kBad };

class Doctor {
 public:
  explicit Doctor(std::ostream& out) : out_(out) {}

  void say(Finding finding, const std::string& what, const std::string& words) {
    const char* const name = finding == Finding::kOk ? "ok  " : finding == Finding::kNote ? "note" : "bad ";
    out_ << name << "  " << what << ": " << words << '\n';
    if (finding == Finding::kBad) bad_ = true;
  }
  // A text of several lines under a finding.
  void show(const std::string& text) { out_ << text; }
  [[nodiscard]] bool bad() const { return bad_; }

 private:
  std::ostream& out_;
  bool bad_ = false;
};

// The configuration, or the defaults when there is no file; nullopt when it is bad.
std::optional<app::Config> look_at_config(const DoctorOptions& options, Doctor& doctor) {
  std::error_code ignored;
  const std::string file = options.source.config.empty() ? kDefaultConfigFile : options.source.config;
  if (options.source.config.empty() && !std::filesystem::exists(file, ignored)) {
    doctor.say(Finding::kNote, "configuration", "none; without one the server has no site but the demo's");
    return app::Config();
  }
  app::LoadedConfig loaded = app::load_config(file);
  doctor.say(loaded.config ? Finding::kOk : Finding::kBad, "configuration", file);
  doctor.show(loaded.report);
  return std::move(loaded.config);
}

void look_at_rules(const app::Config& config, Doctor& doctor) {
  for (const app::SiteConfig& site : config.sites) {
    const std::string what = "rules of " + site.id.text();
    if (site.rules.empty()) {
      doctor.say(Finding::kNote, what, "none");
      continue;
    }
    const app::CompiledRules compiled = app::load_rules(site.id, site.rules);
    doctor.say(compiled.rules ? Finding::kOk : Finding::kBad, what, site.rules.string());
    doctor.show(compiled.report.rendered);
  }
}

void look_at_operators(store::Reader& reader, Doctor& doctor) {
  const auto all = reader.operators();
  if (!all) {
    doctor.say(Finding::kBad, "operators", all.error().message);
    return;
  }
  const auto active = std::count_if(all->begin(), all->end(), [](const auto& each) { return !each.disabled; });
  const auto admins = std::count_if(all->begin(), all->end(), [](const auto& each) {
    return !each.disabled && each.role == store::Role::kAdmin;
  });
  if (all->empty()) {
    doctor.say(Finding::kNote, "operators",
               "none yet: use the link that the server prints when it starts, or beckon operators add LOGIN --role admin");
  } else if (admins == 0) {
    doctor.say(Finding::kBad, "operators", "no admin can sign in: beckon operators add LOGIN --role admin");
  } else {
    doctor.say(Finding::kOk, "operators", std::to_string(active) + " can sign in, " + std::to_string(admins) +
                                              (admins == 1 ? " of them is an admin" : " of them are admins"));
  }
}

void look_at_last_run(store::Reader& reader, Doctor& doctor) {
  const auto runs = reader.runs();
  if (!runs || runs->empty()) return;
  // The last one may be running now; the one before it has ended, well or not.
  for (std::size_t i = runs->size(); i-- > 0;) {
    const store::Run& run = (*runs)[i];
    if (run.stopped || i + 1 == runs->size()) continue;
    doctor.say(Finding::kNote, "runs",
               "the run that began at " + base::format_utc(run.started) + " did not end in order");
    return;
  }
}

void look_at_database(const std::filesystem::path& dir, Doctor& doctor) {
  auto reader = store::Reader::open(dir);
  if (!reader) {
    const bool none = reader.error().code == base::ErrorCode::kNotFound;
    doctor.say(none ? Finding::kNote : Finding::kBad, "database",
               none ? "none yet in " + dir.string() : reader.error().message);
    return;
  }
  const std::vector<std::string> problems = (*reader)->check_integrity();
  for (const std::string& problem : problems) doctor.say(Finding::kBad, "database", problem);
  if (problems.empty()) doctor.say(Finding::kOk, "database", store::database_file(dir).string() + " is sound");
  const auto latest = (*reader)->latest_instant();
  if (latest && *latest > base::SystemClock().now() + std::chrono::minutes(1)) {
    doctor.say(Finding::kNote, "clock", "the journal reaches to " + base::format_utc(*latest) +
                                            ", later than this machine's clock; the server goes on from there");
  }
  look_at_operators(**reader, doctor);
  look_at_last_run(**reader, doctor);
}

void look_at_disk(std::filesystem::path dir, Doctor& doctor) {
  std::error_code code;
  dir = std::filesystem::absolute(dir, code);
  while (!std::filesystem::exists(dir, code) && dir.has_relative_path()) dir = dir.parent_path();
  const std::filesystem::space_info space = std::filesystem::space(dir, code);
  if (code) {
    doctor.say(Finding::kBad, "disk", dir.string() + ": " + code.message());
    return;
  }
  const std::string words = std::to_string(space.available >> 20) + " MiB free at " + dir.string();
  doctor.say(space.available < kLowSpaceBytes ? Finding::kNote : Finding::kOk, "disk", words);
  if (access(dir.c_str(), W_OK) != 0) doctor.say(Finding::kBad, "disk", dir.string() + " cannot be written");
}

// 0, or why the address cannot be bound.
int try_to_bind(const app::ListenAddress& listen) {
  sockaddr_in v4{};
  sockaddr_in6 v6{};
  const bool is_v6 = inet_pton(AF_INET6, listen.address.c_str(), &v6.sin6_addr) == 1;
  if (!is_v6 && inet_pton(AF_INET, listen.address.c_str(), &v4.sin_addr) != 1) return EINVAL;
  v4.sin_family = AF_INET;
  v4.sin_port = htons(listen.port);
  v6.sin6_family = AF_INET6;
  v6.sin6_port = htons(listen.port);
  const int descriptor = socket(is_v6 ? AF_INET6 : AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  if (descriptor < 0) return errno;
  const int on = 1;
  setsockopt(descriptor, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
  const auto* address = is_v6 ? reinterpret_cast<const sockaddr*>(&v6) : reinterpret_cast<const sockaddr*>(&v4);
  const int bound = bind(descriptor, address, is_v6 ? sizeof v6 : sizeof v4);
  const int why = bound == 0 ? 0 : errno;
  close(descriptor);
  return why;
}

void look_at_address(const app::Config& config, Doctor& doctor) {
  const std::string address = app::to_text(config.listen);
  const int why = try_to_bind(config.listen);
  if (why == 0) doctor.say(Finding::kOk, "address", address + " is free");
  else if (why == EADDRINUSE) doctor.say(Finding::kNote, "address", address + " is in use: a server is running there");
  else doctor.say(Finding::kBad, "address", address + ": " + std::generic_category().message(why));
}

void look_at_limits(Doctor& doctor) {
  rlimit limit{};
  if (getrlimit(RLIMIT_NOFILE, &limit) != 0) return;
  const std::string words = std::to_string(limit.rlim_cur) + " open files; each visitor's connection takes one";
  doctor.say(limit.rlim_cur < kFewDescriptors ? Finding::kNote : Finding::kOk, "limits", words);
}

}  // namespace

int run_doctor(const DoctorOptions& options, std::ostream& out) {
  Doctor doctor(out);
  const std::optional<app::Config> config = look_at_config(options, doctor);
  if (config) {
    look_at_rules(*config, doctor);
    look_at_address(*config, doctor);
  }
  const std::filesystem::path dir = !options.source.data.empty() ? options.source.data
                                    : config                     ? config->data.string()
                                                                 : kDefaultDataDir;
  look_at_database(dir, doctor);
  look_at_disk(dir, doctor);
  look_at_limits(doctor);
  return doctor.bad() ? 1 : 0;
}

void add_doctor(CLI::App& app, int& exit_code) {
  auto options = std::make_shared<DoctorOptions>();
  CLI::App* command = app.add_subcommand("doctor", "Check configuration, rules, database, disk and address");
  add_data_options(*command, options->source);
  command->callback([options, &exit_code] { exit_code = run_doctor(*options, std::cout); });
}

}  // namespace beckon::cli
