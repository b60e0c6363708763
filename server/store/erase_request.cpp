#include "store/erase_request.hpp"

namespace beckon::store {
namespace {

std::filesystem::path folder_of(const std::filesystem::path& dir) { return dir / "erase"; }

}  // namespace

base::Status request_erase(const std::filesystem::path& dir, const base::SiteId& site, const base::VisitorId& visitor,
                           std::chrono::milliseconds wait) {
  const auto done = send_request(folder_of(dir), site.text() + "\n" + visitor.text() + "\n", wait);
  if (!done) return done.error();
  return {};
}

EraseWatch::EraseWatch(const std::filesystem::path& dir, Erase erase)
    : watch_(folder_of(dir), [erase = std::move(erase)](const std::string& text, const RequestWatch::Answer& answer) {
        const std::size_t first = text.find('\n');
        const std::size_t second = first == text.npos ? first : text.find('\n', first + 1);
        if (second == text.npos) {
          return answer(base::Error{base::ErrorCode::kInvalid, "the request could not be read"});
        }
        erase(base::SiteId(text.substr(0, first)), base::VisitorId(text.substr(first + 1, second - first - 1)),
              [answer](const base::Status& how) {
                if (how) answer(std::string());
                else answer(how.error());
              });
      }) {}

}  // namespace beckon::store
