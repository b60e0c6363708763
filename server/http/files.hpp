// Files that visitors and operators send each other: taken in after a look at what they really are, and handed out by
// their unguessable id so that they can do nothing to whoever opens them.
//
// Thread safety: called from all shards' threads; what is taken in is looked at, and counted, on the thread that the
// Poster stands for.
#pragma once

#include <array>
#include <atomic>
#include <cstdint>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>

#include "base/clock.hpp"
#include "base/secret.hpp"
#include "base/tally.hpp"
#include "http/access.hpp"
#include "net/http_message.hpp"
#include "operators/accounts.hpp"
#include "operators/throttle.hpp"
#include "store/limits.hpp"
#include "store/store.hpp"

namespace beckon::http {

// Of a file: 413.
inline constexpr std::size_t kMaxUploadBytes = store::kMaxFileBytes;
inline constexpr std::chrono::milliseconds kUploadWithin{120'000};  // then the connection is closed
// Files of one visitor or operator, and of one address: so many at once, then one more every so often; 429.
inline constexpr double kUploadsOfOne = 10, kUploadsOfAddress = 40;
inline constexpr std::chrono::seconds kUploadOfOneEvery{15}, kUploadOfAddressEvery{5};
// Megabytes of one address, likewise.
inline constexpr double kUploadedMegabytes = 50;
inline constexpr std::chrono::seconds kUploadedMegabyteEvery{30};
// Files being looked at and written: 503.
inline constexpr std::size_t kMaxUploadsUnderWay = 16;

// All must outlive the files.
struct FileParts {
  store::Store& store;
  const base::Clock& clock;
  operators::Accounts& accounts;
  const AccessTable& access;
  base::Secret token_key;  // of visitors' tokens
  store::Poster post;
};

// What became of a file that somebody who may send one has sent.
enum class UploadResult : std::uint8_t { kKept, kRefused, kThrottled, kFailed };  // kFailed: it could not be written
// Their names.
inline constexpr std::array<std::string_view, 4> kUploadResults{"kept", "refused", "throttled", "failed"};
using UploadTally = base::Tally<UploadResult, kUploadResults.size()>;

struct UploadCounts {
  UploadTally::Counts files{};
  std::uint64_t kept_bytes = 0;
};

class Files {
 public:
  explicit Files(FileParts parts);

  // /files and /files/ID.
  [[nodiscard]] net::BodyRule body_rule(const net::HttpRequest& head) const;
  void handle(net::HttpRequest request, net::HttpAnswer answer);

  // /console/api/files.
  [[nodiscard]] net::BodyRule operator_body_rule(const net::HttpRequest& head) const;
  void handle_operator(net::HttpRequest request, net::HttpAnswer answer);

  // Since the start. Any thread.
  [[nodiscard]] UploadCounts counts() const { return {uploads_.counts(), kept_bytes_.load()}; }

 private:
  // A file on its way in, and whose it is.
  struct Upload {
    std::string client;
    base::SiteId site;
    base::VisitorId visitor;  // one of
    base::OperatorId of;      // the two
    std::string name, declared_type, content;
    net::HttpAnswer answer;
  };
  // Who sends it, or why they may not.
  [[nodiscard]] std::variant<base::VisitorId, net::HttpResponse> visitor_of(const net::HttpRequest& head) const;
  [[nodiscard]] std::optional<net::HttpResponse> operator_refusal(const net::HttpRequest& head) const;
  [[nodiscard]] net::HttpResponse preflight(const net::HttpRequest& request) const;
  void take(Upload upload);
  [[nodiscard]] std::optional<net::HttpResponse> refusal_of(const Upload& upload);
  void keep(Upload upload);
  void hand_out(const net::HttpRequest& request, net::HttpAnswer answer) const;

  FileParts parts_;
  operators::Throttle of_one_{kUploadsOfOne, kUploadOfOneEvery};
  operators::Throttle of_address_{kUploadsOfAddress, kUploadOfAddressEvery};
  operators::Throttle megabytes_{kUploadedMegabytes, kUploadedMegabyteEvery};
  std::size_t under_way_ = 0;
  UploadTally uploads_;
  std::atomic<std::uint64_t> kept_bytes_{0};
  mutable std::mutex guesses_mutex_;
  mutable operators::Throttle guesses_{operators::kWrongTokens, operators::kWrongTokenEvery};  // guarded by the mutex
};

}  // namespace beckon::http
