#include "cli/unpacked_file.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>
#include <zlib.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <string_view>
#include <vector>

namespace beckon::cli {

namespace {

constexpr std::size_t kChunk = 1 << 17;
constexpr std::string_view kMagic = "\x1f\x8b";
constexpr int kGzipAlone = 16 + MAX_WBITS;

}  // namespace

struct UnpackedFile::State {
  enum class Mode { kUnknown, kPlain, kInStream, kBehindStream, kEnd };

  int fd = -1;
  std::uint64_t size = 0;   // of the file; 0: not known
  std::uint64_t taken = 0;  // from it, what waits in `input` included
  std::vector<char> input = std::vector<char>(kChunk);
  std::size_t begin = 0, end = 0;
  Mode mode = Mode::kUnknown;
  bool at_end = false;      // of the file
  bool cut = false;
  z_stream stream{};
  bool unpacks = false;     // `stream` is set up
  std::string error;

  ~State() {
    if (unpacks) inflateEnd(&stream);
    if (fd >= 0) ::close(fd);
  }

  [[nodiscard]] std::string_view waiting() const { return {input.data() + begin, end - begin}; }
  [[nodiscard]] std::uint64_t offset() const { return taken - (end - begin); }

  // More input behind what waits; false at the end of the file, or when it cannot be read.
  bool fill() {
    if (at_end) return false;
    std::memmove(input.data(), input.data() + begin, end - begin);
    end -= begin;
    begin = 0;
    const ssize_t count = ::read(fd, input.data() + end, input.size() - end);
    if (count < 0) stop(std::string("cannot be read further: ") + std::strerror(errno));
    at_end = count <= 0;
    if (at_end) return false;
    end += static_cast<std::size_t>(count);
    taken += static_cast<std::uint64_t>(count);
    return true;
  }

  void stop(std::string why) {
    error = std::move(why);
    mode = Mode::kEnd;
  }

  bool has(std::size_t bytes) {
    while (end - begin < bytes) {
      if (!fill()) return false;
    }
    return true;
  }

  void look_at_start() {
    const bool gzip = has(kMagic.size()) && waiting().starts_with(kMagic);
    if (mode == Mode::kEnd) return;
    mode = gzip ? Mode::kInStream : Mode::kPlain;
    if (!gzip) return;
    unpacks = inflateInit2(&stream, kGzipAlone) == Z_OK;
    if (!unpacks) stop("there is no memory to unpack it");
  }

  void look_behind_stream() {
    while (has(1) && waiting().front() == '\0') ++begin;
    if (mode == Mode::kEnd) return;
    if (!has(1)) {
      mode = Mode::kEnd;
    } else if (has(kMagic.size()) && waiting().starts_with(kMagic)) {
      inflateReset(&stream);
      mode = Mode::kInStream;
    } else if (mode != Mode::kEnd) {
      stop("the gzip data ends before byte " + std::to_string(offset() + 1) +
           " of the file, and what follows is none; it was not read");
    }
  }

  std::size_t copy(char* to, std::size_t most) {
    if (!has(1)) {
      mode = Mode::kEnd;
      return 0;
    }
    const std::size_t count = std::min(most, end - begin);
    std::memcpy(to, input.data() + begin, count);
    begin += count;
    return count;
  }

  std::size_t unpack(char* to, std::size_t most) {
    if (!has(1)) {
      cut = true;
      if (error.empty()) stop("the gzip data ends in the middle; what is missing was not read");
      return 0;
    }
    stream.next_in = reinterpret_cast<Bytef*>(input.data() + begin);
    stream.avail_in = static_cast<uInt>(end - begin);
    stream.next_out = reinterpret_cast<Bytef*>(to);
    stream.avail_out = static_cast<uInt>(most);
    const int code = inflate(&stream, Z_NO_FLUSH);
    begin = end - stream.avail_in;
    if (code == Z_STREAM_END) {
      mode = Mode::kBehindStream;
    } else if (code != Z_OK && code != Z_BUF_ERROR) {
      cut = true;
      stop("the gzip data is damaged before byte " + std::to_string(offset() + 1) + " of the file" +
           (stream.msg ? std::string(" (") + stream.msg + ")" : "") + "; what follows was not read");
    }
    return most - stream.avail_out;
  }
};

UnpackedFile::UnpackedFile(std::unique_ptr<State> state) : state_(std::move(state)) {}
UnpackedFile::~UnpackedFile() = default;

base::Result<std::unique_ptr<UnpackedFile>> UnpackedFile::open(const std::string& file) {
  auto state = std::make_unique<State>();
  state->fd = file == "-" ? ::dup(STDIN_FILENO) : ::open(file.c_str(), O_RDONLY | O_CLOEXEC);
  if (state->fd < 0) {
    return base::Error{base::ErrorCode::kNotFound, "cannot read '" + file + "': " + std::strerror(errno)};
  }
  struct stat s {};
  if (::fstat(state->fd, &s) == 0) {
    if (S_ISDIR(s.st_mode)) return base::Error{base::ErrorCode::kInvalid, "'" + file + "' is a directory"};
    if (S_ISREG(s.st_mode)) state->size = static_cast<std::uint64_t>(s.st_size);
  }
  return std::unique_ptr<UnpackedFile>(new UnpackedFile(std::move(state)));
}

std::size_t UnpackedFile::read(char* to, std::size_t size) {
  using Mode = State::Mode;
  State& s = *state_;
  while (s.mode != Mode::kEnd) {
    std::size_t count = 0;
    switch (s.mode) {
      case Mode::kUnknown: s.look_at_start(); break;
      case Mode::kPlain: count = s.copy(to, size); break;
      case Mode::kInStream: count = s.unpack(to, size); break;
      case Mode::kBehindStream: s.look_behind_stream(); break;
      case Mode::kEnd: break;
    }
    if (count > 0) return count;
  }
  return 0;
}

const std::string& UnpackedFile::error() const { return state_->error; }
bool UnpackedFile::was_cut() const { return state_->cut; }

double UnpackedFile::share_read() const {
  return state_->size == 0 ? -1 : static_cast<double>(state_->offset()) / static_cast<double>(state_->size);
}

}  // namespace beckon::cli
