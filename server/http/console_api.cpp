#include "http/console_api.hpp"

#include <array>

#include "base/limits.hpp"
#include "beckon/json/writer.hpp"
#include "http/console_request.hpp"
#include "http/json_answer.hpp"
#include "operators/fields.hpp"
#include "operators/operator_json.hpp"
#include "store/limits.hpp"

namespace beckon::http {
namespace {

constexpr std::string_view kPrefix = "/console/api/";
constexpr std::string_view kOneOperator = "operators/";
constexpr std::size_t kMaxSecretBytes = 256;

using operators::Done;
using operators::Known;
using operators::Outcome;
using operators::SignedIn;
using operators::text_into;

bool reads(std::string_view method) { return method == "GET" || method == "HEAD"; }

bool is_json(std::string_view content_type) {
  return content_type.substr(0, content_type.find(';')) == "application/json";
}

std::string own_json(const store::OperatorRecord& who) {
  std::string body;
  json::Writer out(body);
  out.begin_object().key("operator").begin_object().key("id").string(who.id.text()).key("login").string(who.login);
  out.key("name").string(who.name).key("role").string(name_of(who.role)).end_object().end_object();
  return body;
}

std::string operator_json(const store::OperatorRecord& record) {
  std::string body;
  json::Writer out(body);
  out.begin_object().key("operator");
  operators::write_operator(out, record);
  out.end_object();
  return body;
}

net::HttpResponse with_cookie(net::HttpResponse response, std::string_view token, CookieFor scheme) {
  response.headers.emplace_back("Set-Cookie", session_cookie(token, scheme));
  return response;
}

net::HttpResponse with_cookies(net::HttpResponse response, const SignedIn& who, CookieFor scheme) {
  response.headers.emplace_back("Set-Cookie", device_cookie(who.device, scheme));
  return with_cookie(std::move(response), who.token, scheme);
}

net::HttpResponse nothing_to_say() {
  net::HttpResponse response;
  response.status = 204;
  response.headers.emplace_back("Cache-Control", "no-store");
  return response;
}

net::HttpResponse invalid(std::string_view message) { return error_response(400, "invalid", message); }

}  // namespace

struct ConsoleApi::Call {
  std::string client, token, device, body;
  std::string id;  // of /operators/ID
  CookieFor scheme;
  net::HttpAnswer answer;
};

struct ConsoleApi::Route {
  std::string_view path;  // behind the prefix
  Step get, post;         // nullptr: 405
};

const ConsoleApi::Route* ConsoleApi::find_route(std::string_view path) {
  static constexpr std::array<Route, 7> kRoutes{{
      {"session", &ConsoleApi::session, nullptr},
      {"login", nullptr, &ConsoleApi::login},
      {"logout", nullptr, &ConsoleApi::logout},
      {"setup", nullptr, &ConsoleApi::setup},
      {"password", nullptr, &ConsoleApi::password},
      {"operators", &ConsoleApi::list_operators, &ConsoleApi::add_operator},
      {kOneOperator, nullptr, &ConsoleApi::change_operator},
  }};
  path.remove_prefix(kPrefix.size());
  if (path.starts_with(kOneOperator)) path = kOneOperator;
  for (const Route& route : kRoutes) {
    if (route.path == path) return &route;
  }
  return nullptr;
}

std::optional<net::HttpResponse> ConsoleApi::refusal(const net::HttpRequest& head) const {
  const Route* route = find_route(head.path);
  if (!route) return not_found_response();
  if (reads(head.method) && route->get) return std::nullopt;
  if (head.method != "POST" || !route->post)
    return method_response(!route->post ? "GET, HEAD" : route->get ? "GET, HEAD, POST" : "POST");
  if (auto foreign = refusal_of_origin(head, *access_.get())) return foreign;
  if (!is_json(head.header("Content-Type")))
    return error_response(415, "bad_type", "the Content-Type must be application/json");
  return std::nullopt;
}

net::BodyRule ConsoleApi::body_rule(const net::HttpRequest& head) const {
  net::BodyRule rule;
  rule.refusal = refusal(head);
  if (!reads(head.method)) rule.max_bytes = kMaxApiBytes;
  rule.within = kApiBodyWithin;
  return rule;
}

void ConsoleApi::handle(const net::HttpRequest& request, net::HttpAnswer answer) const {
  if (auto refused = refusal(request)) return answer(std::move(*refused));
  const Route* route = find_route(request.path);
  Call call{request.client, session_token(request), device_of(request), request.body, {},
            cookie_for(request, *access_.get()), std::move(answer)};
  if (route->path == kOneOperator) call.id = request.path.substr(kPrefix.size() + kOneOperator.size());
  (this->*(reads(request.method) ? route->get : route->post))(call);
}

// --- Sessions --------------------------------------------------------------------------------------------------------

void ConsoleApi::session(const Call& call) const {
  accounts_.identify(call.client, call.token, [answer = call.answer](Outcome<Known> known) {
    answer(known ? json_response(200, own_json(known->who)) : refusal_response(known.refusal()));
  });
}

void ConsoleApi::login(const Call& call) const {
  operators::Login login{call.client, {}, {}, call.token, call.device};
  const std::string wrong =
      operators::read_object(call.body, {{"login", text_into(login.login, store::kMaxLoginBytes)},
                                         {"password", text_into(login.password, operators::kMaxPasswordBytes)}});
  if (!wrong.empty()) return call.answer(invalid(wrong));
  accounts_.login(std::move(login), [answer = call.answer, scheme = call.scheme](Outcome<SignedIn> who) {
    if (!who) return answer(refusal_response(who.refusal()));
    answer(with_cookies(json_response(200, own_json(who->who)), *who, scheme));
  });
}

void ConsoleApi::logout(const Call& call) const {
  accounts_.logout(call.token, [answer = call.answer, scheme = call.scheme](Outcome<Done> done) {
    answer(done ? with_cookie(nothing_to_say(), "", scheme) : refusal_response(done.refusal()));
  });
}

void ConsoleApi::setup(const Call& call) const {
  operators::Setup setup;
  setup.client = call.client;
  const std::string wrong =
      operators::read_object(call.body, {{"secret", text_into(setup.secret, kMaxSecretBytes)},
                                         {"login", text_into(setup.login, store::kMaxLoginBytes)},
                                         {"name", text_into(setup.name, base::kMaxPersonNameBytes)},
                                         {"password", text_into(setup.password, operators::kMaxPasswordBytes)}});
  if (!wrong.empty()) return call.answer(invalid(wrong));
  accounts_.setup(std::move(setup), [answer = call.answer, scheme = call.scheme](Outcome<SignedIn> who) {
    if (!who) return answer(refusal_response(who.refusal()));
    answer(with_cookies(json_response(200, own_json(who->who)), *who, scheme));
  });
}

void ConsoleApi::password(const Call& call) const {
  operators::PasswordChange change;
  change.client = call.client;
  change.token = call.token;
  const std::string wrong =
      operators::read_object(call.body, {{"old", text_into(change.old_password, operators::kMaxPasswordBytes)},
                                         {"new", text_into(change.new_password, operators::kMaxPasswordBytes)}});
  if (!wrong.empty()) return call.answer(invalid(wrong));
  accounts_.change_password(std::move(change), [answer = call.answer, scheme = call.scheme](Outcome<SignedIn> who) {
    if (!who) return answer(refusal_response(who.refusal()));
    answer(with_cookies(nothing_to_say(), *who, scheme));
  });
}

// --- Operators -------------------------------------------------------------------------------------------------------

void ConsoleApi::as_admin(const Call& call, std::function<void()> go_on) const {
  accounts_.identify(call.client, call.token,
                     [answer = call.answer, go_on = std::move(go_on)](Outcome<Known> known) {
                       if (!known) return answer(refusal_response(known.refusal()));
                       if (known->who.role != store::Role::kAdmin)
                         return answer(error_response(403, "forbidden", "this is for admins"));
                       go_on();
                     });
}

void ConsoleApi::list_operators(const Call& call) const {
  as_admin(call, [this, answer = call.answer] {
    accounts_.list([answer](Outcome<std::vector<store::OperatorRecord>> all) {
      if (!all) return answer(refusal_response(all.refusal()));
      std::string body;
      json::Writer out(body);
      out.begin_object().key("operators").begin_array();
      for (const store::OperatorRecord& record : *all) operators::write_operator(out, record);
      out.end_array().end_object();
      answer(json_response(200, std::move(body)));
    });
  });
}

void ConsoleApi::add_operator(const Call& call) const {
  operators::NewOperator fresh;
  std::string wrong = operators::read_new_operator(call.body, fresh);
  as_admin(call, [this, answer = call.answer, fresh = std::move(fresh), wrong = std::move(wrong)] {
    if (!wrong.empty()) return answer(invalid(wrong));
    accounts_.add(fresh.record, fresh.secret, [answer](Outcome<store::OperatorRecord> added) {
      answer(added ? json_response(201, operator_json(*added)) : refusal_response(added.refusal()));
    });
  });
}

void ConsoleApi::change_operator(const Call& call) const {
  operators::ChangedOperator changed;
  std::string wrong = operators::read_change(call.body, changed);
  as_admin(call, [this, answer = call.answer, id = base::OperatorId(call.id), changed = std::move(changed),
                  wrong = std::move(wrong)] {
    if (!wrong.empty()) return answer(invalid(wrong));
    accounts_.change(id, changed.change, changed.secret, [answer](Outcome<store::OperatorRecord> saved) {
      answer(saved ? json_response(200, operator_json(*saved)) : refusal_response(saved.refusal()));
    });
  });
}

}  // namespace beckon::http
