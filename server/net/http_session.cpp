#include "net/http_session.hpp"

#include <algorithm>
#include <boost/beast/http/rfc7230.hpp>
#include <boost/beast/http/status.hpp>
#include <boost/beast/websocket/rfc6455.hpp>
#include <ctime>

#include "net/shard_host.hpp"

namespace beckon::net {
namespace {

namespace http = beast::http;

// What a scan for the end of a request's header found.
enum class HeaderScan { kMore, kWhole, kBareLineFeed, kFolded };

struct Scanned {
  HeaderScan result;
  std::size_t size;  // of the whole header
};

// Beast waits for CR LF CR LF whatever comes before it, and joins lines that go on in the next: both are read otherwise
// by others, which is what request smuggling is made of.
Scanned scan_header(std::string_view text, std::size_t from) {
  for (std::size_t i = text.find('\n', from); i != text.npos; i = text.find('\n', i + 1)) {
    if (i == 0 || text[i - 1] != '\r') return {HeaderScan::kBareLineFeed, 0};
    if (i >= 3 && text[i - 2] == '\n') return {HeaderScan::kWhole, i + 1};
    if (i + 1 < text.size() && (text[i + 1] == ' ' || text[i + 1] == '\t')) return {HeaderScan::kFolded, 0};
  }
  return {HeaderScan::kMore, 0};
}

std::string http_date() {
  const std::time_t now = std::time(nullptr);
  std::tm utc{};
  gmtime_r(&now, &utc);
  char text[40];
  return {text, std::strftime(text, sizeof text, "%a, %d %b %Y %H:%M:%S GMT", &utc)};
}

std::string head_of(const HttpResponse& response, bool keep_alive) {
  std::string head = "HTTP/1.1 " + std::to_string(response.status) + ' ';
  const auto reason = http::obsolete_reason(http::int_to_status(response.status));
  head.append(reason.data(), reason.size());
  head.append("\r\nDate: ").append(http_date());
  for (const auto& [name, value] : response.headers) head.append("\r\n").append(name).append(": ").append(value);
  head.append("\r\nX-Content-Type-Options: nosniff");
  head.append("\r\nContent-Length: ").append(std::to_string(response.body().size()));
  if (!keep_alive) head.append("\r\nConnection: close");
  return head.append("\r\n\r\n");
}

// Whether the client waits for a word before it sends its body; an expectation of another kind cannot be met.
enum class Expectation { kNone, kContinue, kUnknown };
Expectation expectation_of(const UpgradeRequest& request) {
  if (request.count(http::field::expect) == 0 || request.version() < 11) return Expectation::kNone;
  return beast::iequals(request[http::field::expect], "100-continue") ? Expectation::kContinue : Expectation::kUnknown;
}

}  // namespace

HttpSession::HttpSession(ShardHost& host, Socket socket, std::string peer)
    : host_(host), socket_(std::move(socket)), peer_(std::move(peer)) {
  host_.sessions().push_back(*this);
  ++host_.counters().http_connections;
}

HttpSession::~HttpSession() { leave(); }

void HttpSession::start() {
  const std::string key = host_.peer_policy().trusts(peer_) ? std::string() : counting_key(peer_);
  if (!key.empty() && !host_.http_addresses().take(key)) {
    ++host_.counters().refused_per_address;
    return refuse(429, "too many connections from this address");
  }
  counted_as_ = key;
  host_.timers().set(*this, host_.clock().now() + kRequestWithin);
  read();
  host_.arm();
}

void HttpSession::read() {
  socket_.async_read_some(
      asio::buffer(buffer_.data() + size_, buffer_.size() - size_),
      [self = shared_from_this()](ErrorCode error, std::size_t count) { self->on_read(error, count); });
}

void HttpSession::on_read(ErrorCode error, std::size_t count) {
  if (gone_) return;
  if (error) return end();
  size_ += count;
  take_request();
}

void HttpSession::take_request() {
  const std::string_view text(buffer_.data(), size_);
  const Scanned scanned = scan_header(text, scanned_);
  scanned_ = size_ > 0 ? size_ - 1 : 0;
  if (scanned.result == HeaderScan::kBareLineFeed)
    return refuse(400, "a line of the request ends without a carriage return");
  if (scanned.result == HeaderScan::kFolded) return refuse(400, "a line of the request's header is folded");
  if (scanned.result == HeaderScan::kMore) {
    if (size_ == buffer_.size()) return refuse(431, "the request's header is longer than 8192 bytes");
    return read();
  }

  http::request_parser<http::empty_body> parser;
  parser.header_limit(kMaxHeaderBytes);
  parser.body_limit(boost::none);  // read here, not by Beast, within what the handler allows
  ErrorCode error;
  parser.put(asio::buffer(buffer_.data(), scanned.size), error);
  const auto& fields = parser.get();
  if (fields.count(http::field::transfer_encoding) > 0 && fields.count(http::field::content_length) > 0) {
    return refuse(400, "a request with both Transfer-Encoding and Content-Length means two things");
  }
  if (error || !parser.is_header_done()) return refuse(400, "this is not a well-formed HTTP/1.1 request");
  std::copy(buffer_.data() + scanned.size, buffer_.data() + size_, buffer_.data());
  size_ -= scanned.size;
  scanned_ = 0;
  Incoming incoming;
  incoming.keep = parser.keep_alive() ? Keep::kAlive : Keep::kClose;
  incoming.body_bytes = parser.content_length().value_or(0);
  incoming.request = parser.release();
  on_request(std::move(incoming));
}

void HttpSession::on_request(Incoming incoming) {
  const UpgradeRequest& request = incoming.request;
  if (request.version() == 11 && request.count(http::field::host) != 1) return refuse(400, "one Host header is needed");
  if (request.target().empty() || request.target().front() != '/')
    return refuse(400, "the target must begin with a slash");
  const bool has_body = incoming.body_bytes > 0 || request.count(http::field::transfer_encoding) > 0;
  const bool is_upgrade = beast::websocket::is_upgrade(request);
  if (is_upgrade && has_body) return refuse(413, "an upgrade may not have a body");
  if (is_upgrade) return on_upgrade(std::move(incoming.request));
  if (has_body) return take_body(std::move(incoming));
  serve(incoming);
}

// --- Bodies ----------------------------------------------------------------------------------------------------------

std::optional<HttpResponse> HttpSession::refusal_of_body(const Incoming& incoming, BodyRule rule) {
  if (rule.refusal) return std::move(rule.refusal);
  if (rule.max_bytes == 0) return plain_response(413, "this request may not have a body");
  if (incoming.request.count(http::field::transfer_encoding) > 0)
    return plain_response(411, "a body needs its Content-Length; transfer codings are not taken");
  if (incoming.body_bytes > rule.max_bytes)
    return plain_response(413, "this request's body may have " + std::to_string(rule.max_bytes) + " bytes");
  if (expectation_of(incoming.request) == Expectation::kUnknown)
    return plain_response(417, "of expectations only 100-continue is met");
  body_counted_as_ = counting_key(client_address(incoming.request, peer_, host_.peer_policy()));
  switch (host_.bodies().take(body_counted_as_, incoming.body_bytes)) {
    case BodyBudget::Answer::kFine: break;
    case BodyBudget::Answer::kClientHasTooMany: return plain_response(429, "too much is sent from this address at once");
    case BodyBudget::Answer::kAllHaveTooMany: return plain_response(503, "too much is sent at once; try again");
  }
  body_counted_ = incoming.body_bytes;
  return std::nullopt;
}

void HttpSession::take_body(Incoming incoming) {
  const BodyRule rule = host_.http_handler().body_rule(describe(incoming.request));
  const std::chrono::milliseconds within = rule.within;
  if (auto refusal = refusal_of_body(incoming, rule)) {
    ++host_.counters().bad_requests;
    size_ = 0;
    drain_bytes_ = kMaxRefusedBodyBytes;
    return respond(std::move(*refusal), Keep::kClose);
  }
  host_.timers().set(*this, host_.clock().now() + within);
  host_.arm();
  const std::size_t here = std::min<std::size_t>(size_, incoming.body_bytes);
  body_.assign(buffer_.data(), here);
  std::copy(buffer_.data() + here, buffer_.data() + size_, buffer_.data());
  size_ -= here;
  const bool waits = here == 0 && expectation_of(incoming.request) == Expectation::kContinue;
  incoming_ = std::make_unique<Incoming>(std::move(incoming));
  if (!waits) return read_body();
  constexpr std::string_view kContinue = "HTTP/1.1 100 Continue\r\n\r\n";
  asio::async_write(socket_, asio::buffer(kContinue), [self = shared_from_this()](ErrorCode error, std::size_t) {
    if (self->gone_) return;
    if (error) return self->end();
    self->read_body();
  });
}

void HttpSession::read_body() {
  const std::size_t have = body_.size();
  const std::size_t missing = incoming_->body_bytes - have;
  if (missing == 0) {
    const std::unique_ptr<Incoming> incoming = std::move(incoming_);
    return serve(*incoming);
  }
  const std::size_t part = std::min(missing, kBodyReadBytes);
  body_.resize(have + part);
  socket_.async_read_some(asio::buffer(body_.data() + have, part),
                          [self = shared_from_this(), have](ErrorCode error, std::size_t count) {
                            if (self->gone_) return;
                            if (error) return self->end();
                            self->body_.resize(have + count);
                            self->read_body();
                          });
}

void HttpSession::give_back_body() {
  if (body_counted_ > 0) host_.bodies().give_back(body_counted_as_, std::exchange(body_counted_, 0));
}

// --- Answers ---------------------------------------------------------------------------------------------------------

HttpRequest HttpSession::describe(const UpgradeRequest& raw) const {
  HttpRequest request;
  request.method = {raw.method_string().data(), raw.method_string().size()};
  const std::string_view target(raw.target().data(), raw.target().size());
  const std::size_t question = target.find('?');
  request.path = target.substr(0, question);
  if (question != target.npos) request.query = target.substr(question + 1);
  for (const auto& field : raw) {
    request.headers.push_back({{field.name_string().data(), field.name_string().size()},
                               {field.value().data(), field.value().size()}});
  }
  request.client = counting_key(client_address(raw, peer_, host_.peer_policy()));
  request.scheme = client_scheme(raw, peer_, host_.peer_policy());
  return request;
}

template <class Answer, class Take>
std::function<void(Answer)> HttpSession::answer_to(Take take) {
  awaiting_ = shared_from_this();
  return [weak = weak_from_this(), post = host_.poster(), take = std::move(take)](Answer answer) {
    post([weak, take, answer = std::move(answer)]() mutable {
      const auto self = weak.lock();
      if (!self || self->gone_) return;
      self->awaiting_.reset();
      take(std::move(answer));
    });
  };
}

void HttpSession::serve(const Incoming& incoming) {
  answering_ = true;
  Keep keep = incoming.keep;
  if (++requests_ >= kMaxRequestsPerConnection) keep = Keep::kClose;
  ++host_.counters().requests;
  without_body_ = incoming.request.method() == http::verb::head;
  host_.timers().set(*this, host_.clock().now() + kResponseWithin);
  host_.arm();
  auto answer = answer_to<HttpResponse>(
      [this, keep](HttpResponse response) { respond(std::move(response), keep); });
  HttpRequest request = describe(incoming.request);
  request.body = std::exchange(body_, {});
  give_back_body();
  host_.http_handler().handle(std::move(request), std::move(answer));
}

// --- Upgrades --------------------------------------------------------------------------------------------------------

void HttpSession::on_upgrade(UpgradeRequest request) {
  ++requests_;
  const std::string_view target(request.target().data(), request.target().size());
  const std::string_view path = target.substr(0, target.find('?'));
  const bool for_console = path == "/console/ws" && host_.console_door() != nullptr;
  if (path != "/ws" && !for_console) {
    return respond(plain_response(404, "there is no WebSocket at this address"), Keep::kClose);
  }
  if (size_ > 0) return refuse(400, "nothing may be sent before the upgrade is answered");
  if (for_console) return on_console_upgrade(std::move(request));
  auto plan = plan_upgrade(request, peer_, host_.origins(), host_.peer_policy());
  if (auto* response = std::get_if<HttpResponse>(&plan)) {
    ++host_.counters().refused_upgrades;
    return respond(std::move(*response), Keep::kClose);
  }
  auto& admitted = std::get<UpgradePlan>(plan);
  hand_over(request, std::move(admitted.upgrade), host_.shard_of_visitor(admitted.hint));
}

void HttpSession::on_console_upgrade(UpgradeRequest request) {
  answering_ = true;
  host_.timers().set(*this, host_.clock().now() + kHandshakeWithin);
  host_.arm();
  const auto kept = std::make_shared<const UpgradeRequest>(std::move(request));
  auto answer = answer_to<std::variant<core::OperatorUpgrade, HttpResponse>>([this, kept](auto who) {
    if (auto* response = std::get_if<HttpResponse>(&who)) {
      ++host_.counters().refused_upgrades;
      return respond(std::move(*response), Keep::kClose);
    }
    auto& admitted = std::get<core::OperatorUpgrade>(who);
    const std::uint32_t shard = host_.shard_of_operator(admitted.id);
    hand_over(*kept, std::move(admitted), shard);
  });
  host_.console_door()->admit(describe(*kept), std::move(answer));
}

void HttpSession::hand_over(const UpgradeRequest& request, Admitted admitted, std::uint32_t shard) {
  leave();
  gone_ = true;
  host_.open_websocket(std::move(socket_), request, std::move(admitted), shard);
}

void HttpSession::refuse(unsigned status, std::string_view line) {
  ++host_.counters().bad_requests;
  size_ = 0;
  without_body_ = false;
  respond(plain_response(status, line), Keep::kClose);
}

void HttpSession::respond(HttpResponse response, Keep keep) {
  response_ = std::move(response);
  answering_ = true;
  keep_ = host_.stopping() ? Keep::kClose : keep;
  head_ = head_of(response_, keep_ == Keep::kAlive);
  host_.timers().set(*this, host_.clock().now() + kResponseWithin);
  host_.arm();
  const std::string_view body = without_body_ ? std::string_view() : response_.body();
  const std::array<asio::const_buffer, 2> parts{asio::buffer(head_), asio::buffer(body.data(), body.size())};
  asio::async_write(socket_, parts,
                    [self = shared_from_this()](ErrorCode error, std::size_t) { self->on_written(error); });
}

void HttpSession::on_written(ErrorCode error) {
  if (gone_) return;
  if (error) return end();
  response_ = {};
  answering_ = false;
  if (keep_ == Keep::kAlive) {
    host_.timers().set(*this, host_.clock().now() + kNextRequestWithin);
    host_.arm();
    return take_request();  // the next one may have come with this one
  }
  ErrorCode ignored;
  socket_.shutdown(Socket::shutdown_send, ignored);
  const bool refused_body = drain_bytes_ > kMaxDrainBytes;
  host_.timers().set(*this, host_.clock().now() + (refused_body ? kRefusedBodyWithin : kCloseWithin));
  host_.arm();
  drain();
}

// See WebSocketSession::drain: closing over unread bytes would reset the connection and lose the answer.
void HttpSession::drain() {
  socket_.async_read_some(asio::buffer(buffer_), [self = shared_from_this()](ErrorCode error, std::size_t count) {
    if (self->gone_) return;
    if (error || count > self->drain_bytes_) return self->end();
    self->drain_bytes_ -= count;
    self->drain();
  });
}

void HttpSession::leave() {
  if (!is_linked()) return;
  unlink();
  give_back_body();
  host_.timers().cancel(*this);
  --host_.counters().http_connections;
  if (!counted_as_.empty()) host_.http_addresses().give_back(counted_as_);
}

void HttpSession::end() {
  if (gone_) return;
  const std::shared_ptr<HttpSession> until_the_end = std::move(awaiting_);
  gone_ = true;
  leave();
  ErrorCode ignored;
  socket_.close(ignored);
  host_.session_ended();
}

void HttpSession::stop() {
  if (!answering_) end();
}

void HttpSession::ring(base::Instant) {
  if (requests_ == 0) ++host_.counters().bad_requests;
  end();
}

}  // namespace beckon::net
