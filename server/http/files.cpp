#include "http/files.hpp"

#include <algorithm>

#include "beckon/json/writer.hpp"
#include "core/token.hpp"
#include "http/console_request.hpp"
#include "http/file_kind.hpp"
#include "http/json_answer.hpp"

namespace beckon::http {
namespace {

constexpr std::string_view kPrefix = "/files/";
constexpr double kMegabyte = 1024 * 1024;

const SiteAccess* site_of(const net::HttpRequest& request, const Access& access) {
  const auto found = access.sites.find(base::SiteId(net::query_value(request.query, "site")));
  return found == access.sites.end() ? nullptr : &found->second;
}

bool comes_from(const net::HttpRequest& request, const SiteAccess* site) {
  const auto is = [&](const std::string& origin) { return origin == request.header("Origin"); };
  return site && request.count("Origin") == 1 && std::any_of(site->origins.begin(), site->origins.end(), is);
}

// What the page may know of the answer: it is another origin's.
net::HttpResponse readable_by(net::HttpResponse response, const net::HttpRequest& request) {
  response.headers.emplace_back("Access-Control-Allow-Origin", request.header("Origin"));
  response.headers.emplace_back("Vary", "Origin");
  return response;
}

std::string bearer_of(const net::HttpRequest& request) {
  constexpr std::string_view kBearer = "Bearer ";
  const std::string_view value = request.header("Authorization");
  return value.starts_with(kBearer) ? std::string(value.substr(kBearer.size())) : std::string();
}

net::HttpResponse throttled(std::chrono::seconds wait, std::string_view message) {
  return refusal_response({operators::Why::kThrottled, std::string(message), wait});
}

// Whether what the sender says can be meant of what the content is. Nothing said is nothing wrong.
bool may_be_called(std::string_view declared, std::string_view type) {
  declared = declared.substr(0, declared.find(';'));
  while (declared.ends_with(' ')) declared.remove_suffix(1);
  if (declared.empty() || declared == "application/octet-stream" || declared == type) return true;
  if (type == "image/jpeg") return declared == "image/jpg" || declared == "image/pjpeg";
  if (type != "text/plain") return false;
  const bool page = declared == "text/html" || declared == "text/xml" || declared == "text/javascript";
  return declared == "application/json" || (declared.starts_with("text/") && !page);
}

std::string percent_encoded(std::string_view text) {
  constexpr std::string_view kDigits = "0123456789ABCDEF";
  std::string out;
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    const bool plain = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '.' ||
                       c == '-' || c == '_';
    if (plain) out += c;
    else out.append({'%', kDigits[byte >> 4], kDigits[byte & 15]});
  }
  return out;
}

std::string file_json(const store::FileRecord& file) {
  std::string body;
  json::Writer out(body);
  out.begin_object().key("file").string(file.id.text()).key("name").string(file.name).key("type").string(file.type);
  out.key("bytes").number(static_cast<std::int64_t>(file.bytes));
  if (file.width > 0) {
    out.key("width").number(std::int64_t{file.width}).key("height").number(std::int64_t{file.height});
  }
  out.end_object();
  return body;
}

net::HttpResponse file_response(store::StoredFile file) {
  const bool shown = is_shown(file.record.type);
  net::HttpResponse response;
  response.headers.emplace_back("Content-Type",
                                file.record.type == "text/plain" ? "text/plain; charset=utf-8" : file.record.type);
  response.headers.emplace_back("Content-Disposition", std::string(shown ? "inline" : "attachment") +
                                                           "; filename*=UTF-8''" + percent_encoded(file.record.name));
  response.headers.emplace_back("Cache-Control", "private, max-age=31536000, immutable");
  response.text = std::move(file.content);
  return response;
}

// Of everything under /files: what is opened there can run nothing and load nothing.
net::HttpResponse sandboxed(net::HttpResponse response) {
  response.headers.emplace_back("Content-Security-Policy", "sandbox; default-src 'none'");
  response.headers.emplace_back("Cross-Origin-Resource-Policy", "cross-origin");
  response.headers.emplace_back("Referrer-Policy", "no-referrer");
  return response;
}

bool reads(std::string_view method) { return method == "GET" || method == "HEAD"; }

}  // namespace

Files::Files(FileParts parts) : parts_(std::move(parts)) {}

// --- From visitors ---------------------------------------------------------------------------------------------------

std::variant<base::VisitorId, net::HttpResponse> Files::visitor_of(const net::HttpRequest& head) const {
  const auto access = parts_.access.get();
  const SiteAccess* site = site_of(head, *access);
  // As for a WebSocket: nobody learns which sites there are.
  if (!comes_from(head, site)) return error_response(403, "bad_origin", "this origin may not send files to this site");
  if (site->uploads == Uploads::kRefused)
    return readable_by(error_response(403, "not_allowed", "this site takes no files"), head);
  const auto visitor = core::check_token(parts_.token_key, base::SiteId(net::query_value(head.query, "site")),
                                         bearer_of(head), parts_.clock.now());
  if (visitor) return *visitor;
  const std::lock_guard lock(guesses_mutex_);
  const auto wait = guesses_.take(head.client, parts_.clock.now());
  return readable_by(wait ? throttled(*wait, "too many wrong tokens; wait a little")
                          : error_response(401, "bad_token", "this token is not good"),
                     head);
}

net::BodyRule Files::body_rule(const net::HttpRequest& head) const {
  net::BodyRule rule;
  rule.within = kUploadWithin;
  if (head.path != "/files") return rule;
  if (head.method != "POST") {
    rule.refusal = method_response("POST");
    return rule;
  }
  auto who = visitor_of(head);
  if (auto* refusal = std::get_if<net::HttpResponse>(&who)) rule.refusal = std::move(*refusal);
  rule.max_bytes = kMaxUploadBytes;
  return rule;
}

net::HttpResponse Files::preflight(const net::HttpRequest& request) const {
  const auto access = parts_.access.get();
  if (!comes_from(request, site_of(request, *access)))
    return error_response(403, "bad_origin", "this origin may not send files to this site");
  net::HttpResponse response;
  response.status = 204;
  response.headers.emplace_back("Access-Control-Allow-Methods", "POST");
  response.headers.emplace_back("Access-Control-Allow-Headers", "Authorization, Content-Type");
  response.headers.emplace_back("Access-Control-Max-Age", "600");
  return readable_by(std::move(response), request);
}

void Files::handle(net::HttpRequest request, net::HttpAnswer answer) {
  if (request.path != "/files") return hand_out(request, std::move(answer));
  if (request.method == "OPTIONS") return answer(preflight(request));
  if (request.method != "POST") return answer(method_response("POST"));
  auto who = visitor_of(request);
  if (auto* refusal = std::get_if<net::HttpResponse>(&who)) return answer(std::move(*refusal));
  Upload upload;
  upload.client = request.client;
  upload.site = base::SiteId(net::query_value(request.query, "site"));
  upload.visitor = std::get<base::VisitorId>(who);
  upload.name = net::query_value(request.query, "name");
  upload.declared_type = request.header("Content-Type");
  upload.content = std::move(request.body);
  upload.answer = [origin = std::string(request.header("Origin")),
                   answer = std::move(answer)](net::HttpResponse response) {
    response.headers.emplace_back("Access-Control-Allow-Origin", origin);
    response.headers.emplace_back("Vary", "Origin");
    answer(std::move(response));
  };
  parts_.post([this, upload = std::move(upload)]() mutable { take(std::move(upload)); });
}

// --- From operators --------------------------------------------------------------------------------------------------

std::optional<net::HttpResponse> Files::operator_refusal(const net::HttpRequest& head) const {
  if (head.method != "POST") return method_response("POST");
  const auto access = parts_.access.get();
  if (auto foreign = refusal_of_origin(head, *access)) return foreign;
  // Whether it is good is asked when the file is there; without any the file need not come.
  if (session_token(head).empty()) return error_response(401, "signed_out", "sign in first");
  return std::nullopt;
}

net::BodyRule Files::operator_body_rule(const net::HttpRequest& head) const {
  net::BodyRule rule;
  rule.refusal = operator_refusal(head);
  rule.max_bytes = kMaxUploadBytes;
  rule.within = kUploadWithin;
  return rule;
}

void Files::handle_operator(net::HttpRequest request, net::HttpAnswer answer) {
  if (auto refused = operator_refusal(request)) return answer(std::move(*refused));
  auto upload = std::make_shared<Upload>();
  upload->client = request.client;
  upload->site = base::SiteId(net::query_value(request.query, "site"));
  upload->name = net::query_value(request.query, "name");
  upload->declared_type = request.header("Content-Type");
  upload->content = std::move(request.body);
  upload->answer = std::move(answer);
  parts_.accounts.identify(request.client, session_token(request), [this, upload](operators::Outcome<operators::Known> known) {
    if (!known) return upload->answer(refusal_response(known.refusal()));
    const auto& sites = known->who.sites;
    const bool theirs = sites.empty() || std::find(sites.begin(), sites.end(), upload->site) != sites.end();
    if (!theirs || !parts_.access.get()->sites.contains(upload->site))
      return upload->answer(error_response(404, "no_site", "there is no such site, or it is not yours"));
    upload->of = known->who.id;
    take(std::move(*upload));
  });
}

// --- In --------------------------------------------------------------------------------------------------------------

std::optional<net::HttpResponse> Files::refusal_of(const Upload& upload) {
  constexpr std::string_view kTooMany = "too many files; wait a little";
  const base::Instant now = parts_.clock.now();
  if (upload.content.empty()) return error_response(400, "invalid", "this file is empty");
  if (under_way_ >= kMaxUploadsUnderWay)
    return refusal_response({operators::Why::kUnavailable, "too many files at once; try again", std::chrono::seconds(1)});
  const std::string who = upload.of.empty() ? upload.visitor.text() : upload.of.text();
  if (const auto wait = of_one_.take(who, now)) return throttled(*wait, kTooMany);
  if (const auto wait = of_address_.take(upload.client, now)) return throttled(*wait, kTooMany);
  const double size = static_cast<double>(upload.content.size()) / kMegabyte;
  if (const auto wait = megabytes_.take(upload.client, now, size)) return throttled(*wait, kTooMany);
  return std::nullopt;
}

void Files::take(Upload upload) {
  if (auto refused = refusal_of(upload)) {
    uploads_.count(refused->status == 400 ? UploadResult::kRefused : UploadResult::kThrottled);
    return upload.answer(std::move(*refused));
  }
  keep(std::move(upload));
}

void Files::keep(Upload upload) {
  const auto refuse = [&](std::string_view why) {
    uploads_.count(UploadResult::kRefused);
    upload.answer(error_response(415, "bad_file", why));
  };
  const auto looked = kind_of(upload.content);
  if (const auto* wrong = std::get_if<std::string>(&looked)) return refuse(*wrong);
  const FileKind& kind = std::get<FileKind>(looked);
  if (!may_be_called(upload.declared_type, kind.type)) return refuse("this file is not what it is said to be");
  upload.content.resize(kind.bytes);
  store::FileRecord record;
  record.id = base::new_file_id();
  record.visitor = upload.visitor;
  record.operator_id = upload.of;
  record.name = file_name(upload.name, kind);
  record.type = kind.type;
  record.width = kind.width;
  record.height = kind.height;
  record.at = parts_.clock.now();
  ++under_way_;
  parts_.store.add_file(upload.site, std::move(record), std::move(upload.content), parts_.post,
                        [this, answer = std::move(upload.answer)](base::Result<store::FileRecord> kept) {
                          --under_way_;
                          uploads_.count(kept ? UploadResult::kKept : UploadResult::kFailed);
                          if (kept) kept_bytes_ += kept->bytes;
                          if (!kept) return answer(refusal_response(operators::refusal_of(kept.error())));
                          answer(json_response(200, file_json(*kept)));
                        });
}

// --- Out -------------------------------------------------------------------------------------------------------------

void Files::hand_out(const net::HttpRequest& request, net::HttpAnswer answer) const {
  if (!reads(request.method)) return answer(method_response("GET, HEAD"));
  const std::string id(request.path.substr(std::min(request.path.size(), kPrefix.size())));
  if (!base::is_file_id(id)) return answer(sandboxed(not_found_response()));
  parts_.store.load_file(base::FileId(id), parts_.post,
                         [answer = std::move(answer)](base::Result<std::optional<store::StoredFile>> found) {
                           if (!found) return answer(refusal_response(operators::refusal_of(found.error())));
                           if (!*found) return answer(sandboxed(not_found_response()));
                           answer(sandboxed(file_response(std::move(**found))));
                         });
}

}  // namespace beckon::http
