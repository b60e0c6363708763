#include "http/json_answer.hpp"

#include "beckon/json/writer.hpp"

namespace beckon::http {
namespace {

struct Row {
  unsigned status;
  std::string_view code;
};

Row row_of(operators::Why why) {
  using operators::Why;
  switch (why) {
    case Why::kBadLogin: return {401, "bad_login"};
    case Why::kThrottled: return {429, "throttled"};
    case Why::kSignedOut: return {401, "signed_out"};
    case Why::kForbidden: return {403, "forbidden"};
    case Why::kInvalid: return {400, "invalid"};
    case Why::kNotFound: return {404, "not_found"};
    case Why::kConflict: return {409, "conflict"};
    case Why::kUnavailable: break;
  }
  return {503, "unavailable"};
}

}  // namespace

net::HttpResponse json_response(unsigned status, std::string body) {
  net::HttpResponse response;
  response.status = status;
  response.headers.emplace_back("Content-Type", "application/json");
  response.headers.emplace_back("Cache-Control", "no-store");
  response.text = std::move(body);
  return response;
}

net::HttpResponse error_response(unsigned status, std::string_view code, std::string_view message) {
  std::string body;
  json::Writer out(body);
  out.begin_object().key("error").begin_object().key("code").string(code).key("message").string(message);
  out.end_object().end_object();
  return json_response(status, std::move(body));
}

net::HttpResponse refusal_response(const operators::Refusal& refusal) {
  const Row row = row_of(refusal.why);
  net::HttpResponse response = error_response(row.status, row.code, refusal.message);
  if (refusal.retry_after.count() > 0)
    response.headers.emplace_back("Retry-After", std::to_string(refusal.retry_after.count()));
  return response;
}

net::HttpResponse method_response(std::string allowed) {
  net::HttpResponse response = error_response(405, "bad_method", "only " + allowed + " is allowed here");
  response.headers.emplace_back("Allow", std::move(allowed));
  return response;
}

net::HttpResponse not_found_response() { return error_response(404, "not_found", "there is nothing at this address"); }

}  // namespace beckon::http
