#include "cli/operators.hpp"

#include <CLI/CLI.hpp>
#include <algorithm>
#include <chrono>
#include <iostream>
#include <memory>
#include <optional>

#include "beckon/json/reader.hpp"
#include "beckon/json/writer.hpp"
#include "cli/commands.hpp"
#include "cli/password_prompt.hpp"
#include "operators/orders.hpp"
#include "operators/password.hpp"
#include "store/request_files.hpp"
#include "store/sqlite_store.hpp"
#include "store/task_queue.hpp"

namespace beckon::cli {
namespace {

using operators::Order;
using operators::Verb;

constexpr std::chrono::seconds kWaitForServer{20};

base::Result<std::string> carry_out_here(store::Store& store, const DataSource& source, const std::string& order) {
  const auto sites = configured_sites(source);
  if (!sites) return sites.error();
  operators::KnownSites known;
  if (*sites) known = [&sites] { return **sites; };
  store::TaskQueue tasks;
  const base::SystemClock clock(store.latest_instant());
  const auto bus = store::make_local_bus();  // nobody listens: no server runs
  operators::Roster roster(store, *bus, clock, tasks.poster(), known);
  std::optional<base::Result<std::string>> answer;
  operators::carry_out(roster, order, [&](base::Result<std::string> result) { answer = std::move(result); });
  tasks.run_until([&] { return answer.has_value(); });
  return std::move(*answer);
}

base::Result<std::string> carry_out(const OperatorOptions& options, const Order& order) {
  const auto dir = data_dir(options.source);
  if (!dir) return dir.error();
  store::SqliteOptions store_options;
  store_options.dir = *dir;
  auto store = store::open_sqlite_store(store_options);
  if (store) return carry_out_here(**store, options.source, format(order));
  if (store.error().code != base::ErrorCode::kConflict) return store.error();
  return store::send_request(operators::orders_folder(*dir), format(order), kWaitForServer);
}

int fail(std::ostream& err, const char* what, const base::Error& why) {
  err << "beckon operators " << what << ": " << why.message << '\n';
  return 1;
}

base::Result<std::string> read_hash(const OperatorOptions& options) {
  auto password = read_password(options.password_file);
  if (!password) return password.error();
  return operators::hash_password(*password);
}

void write_texts(json::Writer& out, std::string_view name, const std::vector<std::string>& texts) {
  out.key(name).begin_array();
  for (const std::string& text : texts) out.string(text);
  out.end_array();
}

Order addition(const OperatorOptions& options, const std::string& hash) {
  Order order{Verb::kAdd, {}, {}};
  json::Writer out(order.text);
  out.begin_object().key("login").string(options.login);
  out.key("name").string(options.name.empty() ? options.login : options.name);
  out.key("password").string(hash).key("role").string(options.role);
  out.key("capacity").number(std::int64_t{options.capacity});
  write_texts(out, "skills", options.skills);
  write_texts(out, "groups", options.groups);
  write_texts(out, "sites", options.sites);
  out.end_object();
  return order;
}

std::string text_of(const json::Value& object, std::string_view name) {
  const json::Value* value = object.find(name);
  return value && value->is(json::Type::kString) ? std::string(value->string()) : std::string();
}

std::string joined(const json::Value& object, std::string_view name) {
  std::string text;
  const json::Value* list = object.find(name);
  for (const json::Value* each = list ? list->first() : nullptr; each; each = each->next())
    text.append(text.empty() ? "" : ", ").append(each->string());
  return text;
}

// "ada        admin     Ada Lovelace   4 chats   skills: sales".
void print_operator(const json::Value& who, std::size_t login_width, std::ostream& out) {
  const auto padded = [](std::string text, std::size_t width) {
    text.resize(std::max(text.size() + 2, width + 2), ' ');
    return text;
  };
  const json::Value* disabled = who.find("disabled");
  const bool is_disabled = disabled && disabled->is(json::Type::kBool) && disabled->boolean();
  out << padded(text_of(who, "login"), login_width) << padded(is_disabled ? "disabled" : text_of(who, "role"), 8)
      << text_of(who, "name");
  if (const json::Value* capacity = who.find("capacity")) {
    out << ", " << capacity->digits() << (capacity->digits() == "1" ? " chat" : " chats");
  }
  for (const char* list : {"skills", "groups", "sites"}) {
    if (const std::string names = joined(who, list); !names.empty()) out << ", " << list << ": " << names;
  }
  out << '\n';
}

int change(const OperatorOptions& options, const char* what, const Order& order, const char* said, std::ostream& out,
           std::ostream& err) {
  if (const auto done = carry_out(options, order); !done) return fail(err, what, done.error());
  out << said << ' ' << options.login << '\n';
  return 0;
}

void add_login(CLI::App& command, OperatorOptions& options) {
  add_data_options(command, options.source);
  command.add_option("LOGIN", options.login, "What the operator signs in with")->required();
}

void add_password_file(CLI::App& command, OperatorOptions& options) {
  command
      .add_option("--password-file", options.password_file,
                  "A file that holds the password; without it, it is asked for on the terminal")
      ->type_name("FILE");
}

}  // namespace

int run_operators_list(const OperatorOptions& options, std::ostream& out, std::ostream& err) {
  const auto text = carry_out(options, {Verb::kList, {}, {}});
  if (!text) return fail(err, "list", text.error());
  const json::ParseResult parsed = json::parse(*text);
  const json::Value* all = parsed.document ? parsed.document->root().find("operators") : nullptr;
  if (!all) return fail(err, "list", {base::ErrorCode::kUnavailable, "the answer could not be read"});
  if (all->size() == 0) out << "There is no operator yet: beckon operators add LOGIN --role admin\n";
  std::size_t width = 0;
  for (const json::Value* who = all->first(); who; who = who->next()) width = std::max(width, text_of(*who, "login").size());
  for (const json::Value* who = all->first(); who; who = who->next()) print_operator(*who, width, out);
  return 0;
}

int run_operators_add(const OperatorOptions& options, std::ostream& out, std::ostream& err) {
  const auto hash = read_hash(options);
  if (!hash) return fail(err, "add", hash.error());
  return change(options, "add", addition(options, *hash), "Added", out, err);
}

int run_operators_password(const OperatorOptions& options, std::ostream& out, std::ostream& err) {
  const auto hash = read_hash(options);
  if (!hash) return fail(err, "password", hash.error());
  return change(options, "password", {Verb::kPassword, options.login, *hash}, "Changed the password of", out, err);
}

int run_operators_disable(const OperatorOptions& options, std::ostream& out, std::ostream& err) {
  return change(options, "disable", {Verb::kDisable, options.login, {}}, "Disabled", out, err);
}

int run_operators_enable(const OperatorOptions& options, std::ostream& out, std::ostream& err) {
  return change(options, "enable", {Verb::kEnable, options.login, {}}, "Enabled", out, err);
}

void add_operators(CLI::App& app, int& exit_code) {
  CLI::App* command = app.add_subcommand("operators", "Who may answer visitors: list, add, new password, disable, enable");
  command->require_subcommand(1);
  auto options = std::make_shared<OperatorOptions>();
  using Run = int (*)(const OperatorOptions&, std::ostream&, std::ostream&);
  const auto sub = [&](const char* name, const char* what, Run run) {
    CLI::App* one = command->add_subcommand(name, what);
    one->callback([options, run, &exit_code] { exit_code = run(*options, std::cout, std::cerr); });
    return one;
  };
  add_data_options(*sub("list", "All operators, by login", run_operators_list), options->source);
  CLI::App* add = sub("add", "A new operator", run_operators_add);
  add_login(*add, *options);
  add->add_option("--name", options->name, "The name that visitors see; default the login");
  add->add_option("--role", options->role, "operator or admin; default operator")->check(CLI::IsMember({"operator", "admin"}));
  add->add_option("--capacity", options->capacity, "Chats at a time, 1 to 50; default 4")->check(CLI::Range(1, 50));
  add->add_option("--skill", options->skills, "What the operator can help with; may be said several times");
  add->add_option("--group", options->groups, "A group that chats are passed to; may be said several times");
  add->add_option("--site", options->sites, "A site to answer for; may be said several times; default all");
  add_password_file(*add, *options);
  CLI::App* password = sub("password", "A new password; signs the operator out everywhere", run_operators_password);
  add_login(*password, *options);
  add_password_file(*password, *options);
  add_login(*sub("disable", "Sign an operator out everywhere, and keep them out", run_operators_disable), *options);
  add_login(*sub("enable", "Let an operator in again", run_operators_enable), *options);
}

}  // namespace beckon::cli
