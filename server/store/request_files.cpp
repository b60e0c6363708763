#include "store/request_files.hpp"

#include <poll.h>
#include <sys/eventfd.h>
#include <sys/inotify.h>
#include <unistd.h>

#include <array>
#include <fstream>
#include <iterator>
#include <system_error>
#include <vector>

#include "base/secret.hpp"

namespace beckon::store {
namespace {

constexpr std::chrono::milliseconds kLookEvery{20};
constexpr std::string_view kOk = "ok\n", kError = "error\n";

bool make_folder(const std::filesystem::path& folder) {
  std::error_code code;
  std::filesystem::create_directories(folder, code);
  if (!code) std::filesystem::permissions(folder, std::filesystem::perms::owner_all, code);
  return !code;
}

// The whole text under its final name at once: nobody reads half of it.
bool put_file(const std::filesystem::path& file, std::string_view text) {
  const std::filesystem::path part = file.string() + ".part";
  std::ofstream out(part, std::ios::binary);
  out << text;
  out.close();
  std::error_code code;
  if (out) std::filesystem::rename(part, file, code);
  return out && !code;
}

std::string read_file(const std::filesystem::path& file) {
  std::ifstream in(file, std::ios::binary);
  return {std::istreambuf_iterator<char>(in), std::istreambuf_iterator<char>()};
}

void take_away(const std::filesystem::path& file) {
  std::error_code ignored;
  std::filesystem::remove(file, ignored);
}

}  // namespace

base::Result<std::string> send_request(const std::filesystem::path& folder, std::string_view text,
                                       std::chrono::milliseconds wait) {
  const std::string name = base::random_text(12);
  const std::filesystem::path request = folder / (name + ".request"), done = folder / (name + ".done");
  if (!make_folder(folder) || !put_file(request, text))
    return base::Error{base::ErrorCode::kUnavailable, "cannot write to " + folder.string()};
  const auto until = std::chrono::steady_clock::now() + wait;
  std::error_code ignored;
  while (!std::filesystem::exists(done, ignored)) {
    if (std::chrono::steady_clock::now() >= until) {
      take_away(request);
      return base::Error{base::ErrorCode::kUnavailable, "the server did not answer"};
    }
    std::this_thread::sleep_for(kLookEvery);
  }
  const std::string answer = read_file(done);
  take_away(done);
  if (answer.starts_with(kOk)) return answer.substr(kOk.size());
  if (answer.starts_with(kError)) return base::Error{base::ErrorCode::kUnavailable, answer.substr(kError.size())};
  return base::Error{base::ErrorCode::kUnavailable, "the server's answer could not be read"};
}

RequestWatch::RequestWatch(std::filesystem::path folder, Handle handle)
    : folder_(std::move(folder)), handle_(std::move(handle)) {
  changes_ = inotify_init1(IN_CLOEXEC | IN_NONBLOCK);
  stop_ = eventfd(0, EFD_CLOEXEC);
  if (!make_folder(folder_) || changes_ < 0 || stop_ < 0) return;
  if (inotify_add_watch(changes_, folder_.c_str(), IN_MOVED_TO) < 0) return;
  thread_ = std::thread([this] { run(); });
}

RequestWatch::~RequestWatch() {
  const std::uint64_t one = 1;
  if (thread_.joinable() && write(stop_, &one, sizeof one) == sizeof one) thread_.join();
  if (changes_ >= 0) ::close(changes_);
  if (stop_ >= 0) ::close(stop_);
}

void RequestWatch::run() {
  std::array<pollfd, 2> waiting{pollfd{changes_, POLLIN, 0}, pollfd{stop_, POLLIN, 0}};
  for (;;) {
    take_all();
    if (poll(waiting.data(), waiting.size(), -1) < 0) continue;
    if (waiting[1].revents != 0) return;
    std::array<char, 4096> events;  // which file it was is seen in the folder
    while (read(changes_, events.data(), events.size()) > 0) {
    }
  }
}

void RequestWatch::take_all() {
  std::error_code code;
  std::vector<std::filesystem::path> requests;
  for (std::filesystem::directory_iterator entry(folder_, code), end; !code && entry != end; entry.increment(code)) {
    if (entry->path().extension() == ".request") requests.push_back(entry->path());
  }
  for (const auto& request : requests) take(request);
}

void RequestWatch::take(const std::filesystem::path& request) {
  std::string text = read_file(request);
  take_away(request);
  const std::filesystem::path done = std::filesystem::path(request).replace_extension(".done");
  handle_(std::move(text), [done](base::Result<std::string> how) {
    put_file(done, how ? std::string(kOk) + *how : std::string(kError) + how.error().message);
  });
}

}  // namespace beckon::store
