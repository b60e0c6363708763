#include "net/http_session.hpp"

#include <algorithm>
#include <boost/asio/dispatch.hpp>
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

HttpRequest request_of(const UpgradeRequest& raw) {
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
  return request;
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
  parser.body_limit(0);
  ErrorCode error;
  parser.put(asio::buffer(buffer_.data(), scanned.size), error);
  const auto& fields = parser.get();
  if (fields.count(http::field::transfer_encoding) > 0 && fields.count(http::field::content_length) > 0) {
    return refuse(400, "a request with both Transfer-Encoding and Content-Length means two things");
  }
  if (error == http::error::body_limit || (!error && !parser.is_done()))
    return refuse(413, "this request may not have a body");
  if (error) return refuse(400, "this is not a well-formed HTTP/1.1 request");
  std::copy(buffer_.data() + scanned.size, buffer_.data() + size_, buffer_.data());
  size_ -= scanned.size;
  scanned_ = 0;
  const Keep keep = parser.keep_alive() ? Keep::kAlive : Keep::kClose;
  on_request(parser.release(), keep);
}

void HttpSession::on_request(UpgradeRequest request, Keep keep) {
  if (request.version() == 11 && request.count(http::field::host) != 1) return refuse(400, "one Host header is needed");
  if (request.target().empty() || request.target().front() != '/')
    return refuse(400, "the target must begin with a slash");
  if (beast::websocket::is_upgrade(request)) return on_upgrade(request);

  answering_ = true;
  if (++requests_ >= kMaxRequestsPerConnection) keep = Keep::kClose;
  ++host_.counters().requests;
  without_body_ = request.method() == http::verb::head;
  host_.timers().set(*this, host_.clock().now() + kResponseWithin);
  host_.arm();
  // The answer may come later and from another thread.
  auto answer = [self = shared_from_this(), keep](HttpResponse response) {
    asio::dispatch(self->socket_.get_executor(), [self, keep, response = std::move(response)]() mutable {
      if (!self->gone_) self->respond(std::move(response), keep);
    });
  };
  host_.http_handler().handle(request_of(request), std::move(answer));
}

void HttpSession::on_upgrade(const UpgradeRequest& request) {
  ++requests_;
  const std::string_view target(request.target().data(), request.target().size());
  if (target.substr(0, target.find('?')) != "/ws") {
    return respond(plain_response(404, "there is no WebSocket at this address"), Keep::kClose);
  }
  if (size_ > 0) return refuse(400, "nothing may be sent before the upgrade is answered");
  auto plan = plan_upgrade(request, peer_, host_.origins(), host_.peer_policy());
  if (auto* response = std::get_if<HttpResponse>(&plan)) {
    ++host_.counters().refused_upgrades;
    return respond(std::move(*response), Keep::kClose);
  }
  leave();
  gone_ = true;
  host_.open_websocket(std::move(socket_), request, std::get<UpgradePlan>(std::move(plan)));
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
  host_.timers().set(*this, host_.clock().now() + kCloseWithin);
  host_.arm();
  drain();
}

// See WebSocketSession::drain: closing over unread bytes would reset the connection and lose the answer.
void HttpSession::drain() {
  socket_.async_read_some(asio::buffer(buffer_), [self = shared_from_this()](ErrorCode error, std::size_t count) {
    if (self->gone_) return;
    self->drained_bytes_ += count;
    if (error || self->drained_bytes_ > kMaxDrainBytes) return self->end();
    self->drain();
  });
}

void HttpSession::leave() {
  if (!is_linked()) return;
  unlink();
  host_.timers().cancel(*this);
  --host_.counters().http_connections;
  if (!counted_as_.empty()) host_.http_addresses().give_back(counted_as_);
}

void HttpSession::end() {
  if (gone_) return;
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
