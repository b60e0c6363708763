// beckon serve: the server, until a signal stops it.
#include <CLI/CLI.hpp>
#include <filesystem>
#include <iostream>
#include <memory>

#include "app/server_app.hpp"
#include "base/limits.hpp"
#include "cli/commands.hpp"

namespace beckon::cli {
namespace {

// As typed; turned into app::ServeOptions when the command runs.
struct Typed {
  std::string config, listen, data, log_format;
  std::uint32_t shards = 0;
  bool demo = false;
};

app::ServeOptions options_of(const Typed& typed) {
  app::ServeOptions options;
  options.config = typed.config;
  const bool has_default = !typed.demo && std::filesystem::exists(kDefaultConfigFile);
  if (typed.config.empty() && has_default) options.config = kDefaultConfigFile;
  options.demo = typed.demo ? app::Demo::kYes : app::Demo::kNo;
  if (!typed.listen.empty()) options.listen = app::parse_listen(typed.listen);
  if (!typed.data.empty()) options.data = typed.data;
  if (typed.shards > 0) options.shards = typed.shards;
  if (typed.log_format == "json") options.log_format = base::LogFormat::kJson;
  if (typed.log_format == "text") options.log_format = base::LogFormat::kText;
  return options;
}

}  // namespace

void add_serve(CLI::App& app, int& exit_code) {
  auto typed = std::make_shared<Typed>();
  CLI::App* serve = app.add_subcommand("serve", "Serve the visitors of your sites, until stopped");
  serve->add_option("--config", typed->config, "The configuration; default beckon.json, when it is there")
      ->type_name("FILE");
  serve->add_flag("--demo", typed->demo, "Serve the demo shop too; needs no file");
  serve->add_option("--listen", typed->listen, "Where to listen; default 127.0.0.1:8080")
      ->type_name("ADDR:PORT")
      ->check([](const std::string& text) {
        return app::parse_listen(text) ? std::string()
                                       : "expected an address and a port, such as 127.0.0.1:8080 or [::1]:8080";
      });
  serve->add_option("--data", typed->data, "Where to keep what happens; default beckon-data")->type_name("DIR");
  serve->add_option("--shards", typed->shards, "Threads that serve; default one for each core")
      ->check(CLI::Range(std::uint32_t{1}, static_cast<std::uint32_t>(base::kMaxShards)));
  serve->add_option("--log-format", typed->log_format, "text or json; default text")
      ->check(CLI::IsMember({"text", "json"}));
  serve->callback([typed, &exit_code] { exit_code = app::serve(options_of(*typed), std::cout, std::cerr); });
}

}  // namespace beckon::cli
